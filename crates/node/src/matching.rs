//! Private matching in a case, step by step: what is announced, asked and received, and what a holder then finds.
//!
//! Owns the way from an officer's step to the act, its file and what is kept at home. The order of the steps is judged by
//! the domain, the mathematics is the crate `matching`; this joins the two with chance, files and the store. Must not
//! decide anything about a person: what was found is shown to a named officer of the holder and enters no act.

use domain::act::{Author, Deed, MatchStep, Person};
use domain::case::Case;
use domain::content::Attachment;
use domain::decide::Command;
use domain::ids::{CaseId, Hash32, OfficeId};
use domain::instrument::{Learns, Matching};
use domain::judge::MATCH_FILE_BYTES_MAX;
use domain::procedure::Side;
use domain::refusal::{MatchBar, Refusal};
use matching::private::crossed::{self, Evaluating, Masking, Place, Tagged};
use matching::private::epoch::Epoch;
use matching::private::label::Label;
use matching::private::list::{Entry, PART_MAX, Standing};
use matching::private::question::{Drawn, Matter};
use matching::private::tag::Tag;
use matching::private::wire::{Evaluated, LIST_SENT_MAX, Named, SentList};
use matching::private::{self, Kind, MatchKey, Refused};
use store::{Chunks, Reader, Store, Write};

use crate::Env;
use crate::command::{Also, Done, alone};
use crate::dossier::Dossier;
use crate::fault::{Failure, Fault};
use crate::local::Local;
use crate::party::Node;

mod audit;
pub(crate) mod kept;
mod known;
mod take;

pub use audit::{Verdict, judge_bundle};
pub use kept::Found;
pub use known::{Known, likeness};
pub use take::Taken;

use kept::{EntryKept, LIST, ListKept, SEED, Seed};

/// Records of a list, at most, before keys are made of them.
const RECORDS_MAX: usize = 4_096;
/// What a sealed file of a step is.
const MEDIA_TYPE: &str = "application/octet-stream";
/// The one epoch of a case: its key is used nowhere else.
const EPOCH: u32 = 1;

/// Who takes a step, and where.
#[derive(Debug, Clone)]
pub struct Stepping {
    /// The case.
    pub case: CaseId,
    /// The office.
    pub office: OfficeId,
    /// The officer.
    pub by: Person,
}

/// A case, its rules of matching, and the scope of its run.
struct Running {
    dossier: Dossier,
    rule: Matching,
    named: Named,
}

impl Running {
    fn case(&self) -> &Case {
        &self.dossier.case
    }

    fn scope(&self) -> Result<private::Scope, Failure> {
        self.named.scope().map_err(refused)
    }
}

impl Node {
    /// The asking side opens an epoch for the case: a key of the function, used in no other.
    ///
    /// # Errors
    /// [`Failure::Refused`] with the rule it would break; [`Failure::Fault`].
    pub fn match_epoch(&self, store: &mut dyn Store, env: &mut Env<'_>, who: &Stepping) -> Result<Done, Failure> {
        let running = self.running(&*store.reader()?, &who.case)?;
        let (seed, epoch) = self.fresh_epoch(env, &running)?;
        let step = MatchStep::Epoch { key: Hash32(*epoch.key().public().bytes()) };
        let seed = self.keeping(env, kept::kind_of(&who.case), SEED.to_owned(), &seed)?;
        self.step(store, env, who, step, writes(vec![seed]))
    }

    /// The holder announces its list: masked, padded, the protected left out.
    ///
    /// # Errors
    /// As [`Node::match_epoch`]; [`MatchBar::FewRecords`], [`MatchBar::TooMany`].
    pub fn match_list(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        who: &Stepping,
        records: Vec<Known>,
    ) -> Result<Done, Failure> {
        let reader = store.reader()?;
        let running = self.running(&*reader, &who.case)?;
        let few = MatchBar::FewRecords { found: count(records.len()), least: running.rule.records_min };
        if records.len() < usize::try_from(running.rule.records_min).unwrap_or(usize::MAX) {
            return Err(bar(few));
        }
        if records.len() > RECORDS_MAX || !records.iter().all(Known::fits) {
            return Err(bar(MatchBar::TooMany { found: count(records.len()), most: count(RECORDS_MAX) }));
        }
        let list = self.entries(&*reader, &running, records)?;
        drop(reader);
        let key = running.case().run.key.ok_or_else(|| bar(MatchBar::TooEarly))?;
        let key = matching::oprf::PublicKey::read(&key.0).map_err(|_| bar(MatchBar::Unsound))?;
        let (seed, epoch) = self.fresh_epoch(env, &running)?;
        let sent = masked(&epoch, key, &list)?;
        let (list_hash, places) = (Hash32(sent.announced.digest()), sent.announced.size);
        let file = self.put_file(store, env, chunks, "list.bin", &sent.encode())?;
        let places = u32::try_from(places).map_err(|_| bar(MatchBar::Size { found: u32::MAX }))?;
        let step = MatchStep::List { list: list_hash, places, files: vec![file] };
        let kind = kept::kind_of(&who.case);
        let kept = vec![
            self.keeping(env, kind.clone(), SEED.to_owned(), &seed)?,
            self.keeping(env, kind, LIST.to_owned(), &list)?,
        ];
        self.step(store, env, who, step, writes(kept))
    }

    /// The asking side evaluates the holder's list. It sees blinded elements, uniform whatever they cover.
    ///
    /// # Errors
    /// As [`Node::match_epoch`]; [`MatchBar::Unsound`] when the list is not what was announced.
    pub fn match_evaluate(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        who: &Stepping,
    ) -> Result<Done, Failure> {
        let reader = store.reader()?;
        let running = self.running(&*reader, &who.case)?;
        let epoch = self.epoch(&*reader, &running)?;
        let sent = self.sent_list(&running, chunks)?;
        drop(reader);
        let mut run = Evaluating::begin(&epoch, sent.announced).map_err(stopped)?;
        let mut parts = Vec::new();
        for part in sent.masked.chunks(PART_MAX) {
            parts.push(run.next(&epoch, part, env.rng).map_err(unsound)?);
        }
        let steps = Hash32(run.finish().map_err(unsound)?);
        let file = self.put_file(store, env, chunks, "evaluated.bin", &Evaluated(parts).encode())?;
        let list = Hash32(sent.announced.digest());
        self.step(store, env, who, MatchStep::Evaluate { list, steps, files: vec![file] }, Also::none())
    }

    /// The asking side asks for one person: a padded batch, a commitment to each place, the office's allowance spent.
    ///
    /// # Errors
    /// As [`Node::match_epoch`]; [`MatchBar::NameOnly`], [`MatchBar::NoKey`], [`MatchBar::Spent`].
    pub fn match_ask(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        who: &Stepping,
        asked: &Known,
    ) -> Result<Done, Failure> {
        let reader = store.reader()?;
        let running = self.running(&*reader, &who.case)?;
        let case = running.case();
        if !asked.fits() {
            return Err(bar(MatchBar::NoKey));
        }
        let keys = known::asked(asked, &running.rule.kinds).map_err(bar)?;
        let epoch = self.epoch(&*reader, &running)?;
        let list = case.run.list.as_ref().ok_or_else(|| bar(MatchBar::TooEarly))?.list;
        let matter = matter(case)?;
        let drawn = Drawn::draw(&running.scope()?, list.0, matter, &keys, env.rng).map_err(refused)?;
        let tagged = crossed::tagged(&epoch, &drawn).map_err(stopped)?;
        let transcript = tagged.transcript(&self.sent_list(&running, chunks)?.announced);
        let spent = self.spend(&*reader, env, &running, &tagged)?;
        let place = case.run.batches.len() + 1;
        drop(reader);
        let step = MatchStep::Ask {
            announcement: Hash32(tagged.announcement.digest()),
            places: count(tagged.tags.len()),
            transcript: Hash32(transcript.digest()),
            files: vec![self.put_file(store, env, chunks, "questions.bin", &tagged.encode())?],
        };
        let kind = kept::kind_of(&who.case);
        let rows = [
            self.keeping(env, kind.clone(), format!("asked/{place}"), asked)?,
            self.keeping_bytes(env, kind, format!("drawn/{place}"), &drawn.keep(&running.named))?,
        ];
        let also = Also { writes: spent.writes.into_iter().chain(rows).collect(), expect: spent.expect };
        self.step(store, env, who, step, also)
    }

    /// The holder receives the batch: checks it, spends the asking office's allowance, signs the transcript. It is given
    /// no list, so nothing of what it will find can be seen in it. Then [`Node::match_look`].
    ///
    /// # Errors
    /// As [`Node::match_epoch`]; [`MatchBar::Unsound`] when the batch is not what its act says; [`MatchBar::Spent`].
    pub fn match_receive(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        who: &Stepping,
    ) -> Result<Done, Failure> {
        let reader = store.reader()?;
        let running = self.running(&*reader, &who.case)?;
        let case = running.case();
        let batch = case.run.batches.last().ok_or_else(|| bar(MatchBar::TooEarly))?;
        let tagged = Tagged::decode(&self.file(&batch.files, chunks)?).map_err(unsound)?;
        let announced = self.sent_list(&running, chunks)?.announced;
        if tagged.announcement.matter != matter(case)? || tagged.announcement.digest() != batch.announcement.0 {
            return Err(bar(MatchBar::Unsound));
        }
        let mut allowance = self.allowance(&*reader, &running.rule, &case.requesting_office, &case.type_code)?;
        let transcript =
            crossed::receive(&running.scope()?, &announced, &mut allowance, day(env), &tagged).map_err(stopped)?;
        if transcript.digest() != batch.transcript.0 {
            return Err(bar(MatchBar::Unsound));
        }
        let spent = self.spending(&*reader, env, case, &allowance)?;
        drop(reader);
        self.step(store, env, who, MatchStep::Receive { transcript: batch.transcript }, spent)
    }

    /// The holder looks its list up for the last batch received, and keeps what it finds for its own officers. It enters no
    /// act. Answers how many records were met.
    ///
    /// # Errors
    /// [`MatchBar::TooEarly`] before the receipt; [`MatchBar::Unsound`] when the evaluation's proof fails.
    pub fn match_look(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        case: &CaseId,
    ) -> Result<usize, Failure> {
        let reader = store.reader()?;
        let running = self.running(&*reader, case)?;
        let run = &running.case().run;
        let batch = run.batches.iter().rfind(|batch| batch.received_at.is_some());
        let (Some(batch), Some((_, files))) = (batch, &run.evaluated) else { return Err(bar(MatchBar::TooEarly)) };
        let number = run.batches.iter().take_while(|one| *one != batch).count() + 1;
        let list: ListKept = self.secret(&*reader, case, LIST)?;
        let epoch = self.epoch(&*reader, &running)?;
        let sent = self.sent_list(&running, chunks)?;
        let evaluated = Evaluated::decode(&self.file(files, chunks)?).map_err(unsound)?;
        let tagged = Tagged::decode(&self.file(&batch.files, chunks)?).map_err(unsound)?;
        drop(reader);
        let rows = unmasked(&epoch, &sent, &list, &evaluated)?;
        let matches = crossed::look_up(&tagged, rows.into_iter());
        let found = found(&list, &matches);
        let row = self.keeping(env, kept::found_of(case), number.to_string(), &found)?;
        let batch = store::Batch { expect: Vec::new(), writes: vec![row] };
        store.commit(&batch).map_err(crate::gates::commit_failure)?;
        Ok(found.len())
    }

    /// Whether a batch waits for our receipt.
    fn match_waits(&self, reader: &dyn Reader, case: &CaseId) -> Result<bool, Failure> {
        let running = self.running(reader, case)?;
        Ok(running.case().run.batches.last().is_some_and(|batch| batch.received_at.is_none()))
    }

    /// Enters a step of ours with what is kept beside it, in one transaction.
    fn step(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        who: &Stepping,
        step: MatchStep,
        also: Also,
    ) -> Result<Done, Failure> {
        let command = Command {
            case: who.case.clone(),
            office: who.office.clone(),
            author: Author::Officer(who.by.clone()),
            gates: Vec::new(),
            deed: Deed::Match { step },
        };
        let local = Local::Judged { subject: who.case.to_string() };
        self.command_with(store, env, command, &local, &[also], &alone)
    }

    fn running(&self, reader: &dyn Reader, case: &CaseId) -> Result<Running, Failure> {
        let dossier = self.load(reader, case)?.ok_or(Refusal::UnknownCase)?;
        let rule = dossier.case.rule(self.instrument_of(&dossier.case)).and_then(|rule| rule.matching.clone());
        let rule = rule.ok_or_else(|| bar(MatchBar::NotOffered))?;
        let named = named(&dossier.case, rule.learns);
        Ok(Running { dossier, rule, named })
    }

    /// A seed and its secrets.
    fn fresh_epoch(&self, env: &mut Env<'_>, running: &Running) -> Result<(Seed, Epoch), Failure> {
        let mut seed = [0; 32];
        env.rng.fill_bytes(&mut seed);
        let epoch = Epoch::derive(running.scope()?, &seed).map_err(unsound)?;
        Ok((Seed(seed.to_vec()), epoch))
    }

    /// The secrets of our epoch, from the seed that was kept.
    fn epoch(&self, reader: &dyn Reader, running: &Running) -> Result<Epoch, Failure> {
        let Seed(seed) = self.secret(reader, &running.case().id, SEED)?;
        let seed: [u8; 32] = seed.try_into().map_err(|_| Fault::record("match seed", "not 32 bytes"))?;
        Epoch::derive(running.scope()?, &seed).map_err(unsound)
    }

    /// A secret of a case; refused once it is destroyed.
    fn secret<T: serde::de::DeserializeOwned>(
        &self,
        reader: &dyn Reader,
        case: &CaseId,
        key: &str,
    ) -> Result<T, Failure> {
        self.match_row(reader, &kept::kind_of(case), key)?.ok_or_else(|| bar(MatchBar::NoSecret))
    }

    /// Makes the entries of a list; who is in our own register of protected persons is not to be found.
    fn entries(&self, reader: &dyn Reader, running: &Running, mut records: Vec<Known>) -> Result<ListKept, Failure> {
        let register = self.register(reader)?;
        let mut entries = Vec::new();
        for (at, record) in records.iter_mut().enumerate() {
            record.protected |= register.iter().any(|(_, entry)| record.is_of(entry));
            for key in known::listed(record, &running.rule.kinds) {
                entries.push(EntryKept {
                    record: count(at),
                    kind: key.kind() as u8,
                    content: String::from_utf8_lossy(key.content()).into_owned(),
                    protected: record.protected,
                });
            }
        }
        if entries.len() as u64 > LIST_SENT_MAX {
            let most = u32::try_from(LIST_SENT_MAX).unwrap_or(u32::MAX);
            return Err(bar(MatchBar::TooMany { found: count(entries.len()), most }));
        }
        Ok(ListKept { records, entries })
    }

    fn spend(
        &self,
        reader: &dyn Reader,
        env: &mut Env<'_>,
        running: &Running,
        tagged: &Tagged,
    ) -> Result<Also, Failure> {
        let case = running.case();
        let mut allowance = self.allowance(reader, &running.rule, &case.requesting_office, &case.type_code)?;
        let asked = tagged.tags.len() as u64;
        allowance.spend(day(env), tagged.announcement.batch, asked).map_err(refused)?;
        Ok(self.spending(reader, env, case, &allowance)?)
    }

    fn sent_list(&self, running: &Running, chunks: &dyn Chunks) -> Result<SentList, Failure> {
        let list = running.case().run.list.as_ref().ok_or_else(|| bar(MatchBar::TooEarly))?;
        let sent = SentList::decode(&self.file(&list.files, chunks)?).map_err(unsound)?;
        let same = sent.announced.digest() == list.list.0 && sent.announced.size == u64::from(list.places);
        let ours = running.case().run.key == Some(Hash32(*sent.announced.key.bytes()));
        if same && ours { Ok(sent) } else { Err(bar(MatchBar::Unsound)) }
    }

    /// The bytes of the file of a step.
    fn file(&self, files: &[Attachment], chunks: &dyn Chunks) -> Result<Vec<u8>, Failure> {
        let [file] = files else { return Err(bar(MatchBar::Files)) };
        if file.bytes > MATCH_FILE_BYTES_MAX {
            return Err(bar(MatchBar::Files));
        }
        let mut bytes = Vec::new();
        match self.open_attachment(file, chunks, &mut bytes) {
            Ok(_) => Ok(bytes),
            Err(Failure::Misbehaved(_)) => Err(bar(MatchBar::Unsound)),
            Err(other) => Err(other),
        }
    }

    fn put_file(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        name: &str,
        bytes: &[u8],
    ) -> Result<Attachment, Failure> {
        let mut stager = self.stage_upload(store, env)?;
        stager.push(bytes, chunks)?;
        let (attachment, row) = stager.finish(chunks, env, name, MEDIA_TYPE)?;
        self.keep_staged(store, row)?;
        Ok(attachment)
    }
}

/// The words of a case's scope. They stay when the case goes on under a later version.
pub(crate) fn named(case: &Case, learns: Learns) -> Named {
    let instrument = case.adoption.before.first().map_or(case.instrument, |(hash, _)| *hash);
    Named {
        instrument: instrument.0,
        asking: case.party(Side::Requesting).to_string(),
        holding: case.party(Side::Requested).to_string(),
        purpose: format!("{}/{}", case.type_code, case.id),
        epoch: EPOCH,
        learns: match learns {
            Learns::Holder => private::Learns::Holder,
        },
    }
}

/// Why it is asked: the case, the office, and the legal basis of the request by its hash.
fn matter(case: &Case) -> Result<Matter, Failure> {
    let basis = case.request.legal_basis.digest().to_string();
    Matter::new(case.id.as_str(), case.requesting_office.as_str(), &basis).map_err(refused)
}

/// The places of a list: an entry each, then padding.
fn places<'l>(keys: &'l [(MatchKey, bool)], label: &'l Label, size: u64) -> Vec<Place<'l>> {
    let entry = |(number, (key, protected)): (u64, &'l (MatchKey, bool))| {
        let standing = if *protected { Standing::Protected } else { Standing::Open };
        Place::Entry(Entry { number, key, label, standing })
    };
    let mut places: Vec<Place<'l>> = (0..).zip(keys).map(entry).collect();
    places.resize(usize::try_from(size).unwrap_or(0).max(places.len()), Place::Padding);
    places
}

/// The keys of a list with whether each may be found.
fn keys(list: &ListKept) -> Result<Vec<(MatchKey, bool)>, Failure> {
    let broken = || Fault::record("match list", "a key that is none");
    let key = |entry: &EntryKept| {
        let kind = Kind::of_number(entry.kind).ok_or_else(broken)?;
        let key = MatchKey::new(kind, entry.content.clone().into_bytes()).map_err(|_| broken())?;
        Ok((key, entry.protected))
    };
    list.entries.iter().map(key).collect()
}

/// The one label of a crossed run, where none is ever sealed.
fn label() -> Result<Label, Failure> {
    Label::new("-").map_err(refused)
}

fn masked(epoch: &Epoch, key: matching::oprf::PublicKey, list: &ListKept) -> Result<SentList, Failure> {
    let (keys, label) = (keys(list)?, label()?);
    let mut masking = Masking::begin(epoch.scope(), key, 1, keys.len() as u64).map_err(refused)?;
    let mut masked = Vec::new();
    let mut first = 0;
    for part in places(&keys, &label, masking.size()).chunks(PART_MAX) {
        let elements = crossed::mask(epoch, first, part).map_err(refused)?;
        masking.push(&elements);
        masked.extend(elements);
        first += part.len() as u64;
    }
    Ok(SentList { announced: masking.finish().map_err(refused)?, masked })
}

/// The tags of our list once its evaluation is proved to be of the announced key.
fn unmasked(
    epoch: &Epoch,
    sent: &SentList,
    list: &ListKept,
    evaluated: &Evaluated,
) -> Result<Vec<(Tag, u64)>, Failure> {
    let (keys, label) = (keys(list)?, label()?);
    let places = places(&keys, &label, sent.announced.size);
    let parts = places.chunks(PART_MAX).zip(sent.masked.chunks(PART_MAX));
    if places.len().div_ceil(PART_MAX) != evaluated.0.len() {
        return Err(bar(MatchBar::Unsound));
    }
    let mut rows = Vec::new();
    let mut first = 0;
    for ((part, masked), answers) in parts.zip(&evaluated.0) {
        let more = crossed::unmask(epoch, sent.announced.key, first, part, masked, answers);
        rows.extend(more.map_err(unsound)?);
        first += part.len() as u64;
    }
    Ok(rows)
}

/// The records met, each with the kinds of keys it was met under.
fn found(list: &ListKept, matches: &[crossed::Match]) -> Vec<Found> {
    let mut found: Vec<(u32, Found)> = Vec::new();
    for one in matches {
        let entry = usize::try_from(one.number).ok().and_then(|at| list.entries.get(at));
        let Some(entry) = entry else { continue };
        let Some(record) = usize::try_from(entry.record).ok().and_then(|at| list.records.get(at)) else { continue };
        let kind = Kind::of_number(entry.kind).and_then(known::word_of);
        let word = kind.map_or("", domain::menu::Menu::code).to_owned();
        match found.iter_mut().find(|(at, _)| *at == entry.record) {
            Some((_, known)) if known.kinds.contains(&word) => {}
            Some((_, known)) => known.kinds.push(word),
            None => found.push((entry.record, Found { record: record.clone(), kinds: vec![word] })),
        }
    }
    found.into_iter().map(|(_, found)| found).collect()
}

/// The day an allowance is counted by: days since 1970 in UTC, the same on both sides.
pub(crate) fn day(env: &Env<'_>) -> u32 {
    u32::try_from(env.now.as_second() / 86_400).unwrap_or(0)
}

fn writes(writes: Vec<Write>) -> Also {
    Also { expect: Vec::new(), writes }
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}

fn bar(bar: MatchBar) -> Failure {
    Refusal::Matching(bar).into()
}

fn refused(why: Refused) -> Failure {
    bar(match why {
        Refused::NameOnly => MatchBar::NameOnly,
        Refused::Lacking(_) | Refused::NotOfKind(_) | Refused::CheckDigit | Refused::Empty => MatchBar::NoKey,
        Refused::TooMany { found, most } => {
            let few = |many: u64| u32::try_from(many).unwrap_or(u32::MAX);
            MatchBar::TooMany { found: few(found), most: few(most) }
        }
        Refused::Spent { left, asked } => {
            let few = |many: u64| u32::try_from(many).unwrap_or(u32::MAX);
            MatchBar::Spent { asked: few(asked), left: few(left) }
        }
        Refused::OtherList => MatchBar::OtherList,
        Refused::Replayed => MatchBar::Done,
        Refused::TooFew { .. } | Refused::Word(_) | Refused::WhoLearns | Refused::Unlaid => MatchBar::Unsound,
    })
}

fn unsound(_: private::Misbehaved) -> Failure {
    bar(MatchBar::Unsound)
}

fn stopped(why: private::answer::Stopped) -> Failure {
    match why {
        private::answer::Stopped::Refused(why) => refused(why),
        private::answer::Stopped::Misbehaved(why) => unsound(why),
    }
}
