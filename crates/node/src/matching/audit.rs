//! The mutual audit of a matching, and the end of its secrets.
//!
//! Owns shares of chance, the draw, what is opened and the file of it for the oversight body. Must not judge in anybody's
//! place: it computes what an opening comes to, and a named officer records the finding. An opening is made for the
//! oversight body and never crosses; its hash does.

use domain::act::{AuditFinding, Audited, MatchStep, commitment};
use domain::ids::{CaseId, Hash32};
use domain::refusal::MatchBar;
use domain::text::Prose;
use matching::private::audit::{open_masked, open_tagged};
use matching::private::crossed::{Masked, Tagged};
use matching::private::question::Drawn;
use matching::private::sample::{self, Share};
use matching::private::wire::{Bundle, Judged, Opened};
use matching::private::{Kind, MatchKey};
use store::{Chunks, Reader, Store};

use super::kept::{LIST, ListKept, kind_of};
use super::{Running, Stepping, bar, keys, known, unsound, writes};
use crate::Env;
use crate::command::{Also, Done};
use crate::fault::{Failure, Fault};
use crate::party::Node;

/// What a file of openings comes to, with the hashes to be compared with the signed acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// What was audited: the transcript both signed, or the list announced.
    pub subject: Hash32,
    /// What the opener signed.
    pub opened: Hash32,
    /// What binds the shares of chance, the asking side's first.
    pub commitments: [Hash32; 2],
    /// What it comes to.
    pub judged: Judged,
}

impl Verdict {
    /// The finding it calls for.
    #[must_use]
    pub const fn finding(&self) -> AuditFinding {
        match self.judged {
            Judged::Sound { .. } => AuditFinding::Sound,
            Judged::Breached { .. } => AuditFinding::Breached,
            Judged::Withheld(_) => AuditFinding::Withheld,
        }
    }
}

/// Judges the file of an opening, by computing everything in it again.
///
/// # Errors
/// [`MatchBar::Unsound`] when it is no such file, or its parts do not belong together.
pub fn judge_bundle(bytes: &[u8]) -> Result<Verdict, Failure> {
    let bundle = Bundle::decode(bytes).map_err(unsound)?;
    let judged = bundle.judge().map_err(unsound)?;
    let bound = |share: Share| commitment(&Hash32(share.0));
    Ok(Verdict {
        subject: Hash32(bundle.subject()),
        opened: Hash32(bundle.opening()),
        commitments: bundle.shares.map(bound),
        judged,
    })
}

impl Node {
    /// Demands an audit, and binds our share of the chance.
    ///
    /// # Errors
    /// [`Failure::Refused`] with the rule it would break; [`Failure::Fault`].
    pub fn match_draw(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        who: &Stepping,
        of: Audited,
        batch: u32,
    ) -> Result<Done, Failure> {
        let running = self.running(&*store.reader()?, &who.case)?;
        let share = chance(env);
        let key = share_key(running.case().run.audits.len() + 1);
        let kept = self.keeping(env, kind_of(&who.case), key, &share)?;
        let step = MatchStep::Draw { of, batch, commitment: commitment(&share) };
        self.step(store, env, who, step, writes(vec![kept]))
    }

    /// Gives our share to an audit the other side demanded. The places are still unknown to both.
    ///
    /// # Errors
    /// As [`Node::match_draw`].
    pub fn match_share(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        who: &Stepping,
        audit: u32,
    ) -> Result<Done, Failure> {
        let share = chance(env);
        self.step(store, env, who, MatchStep::Share { audit, share }, Also::none())
    }

    /// Shows the share we bound: the places are drawn now.
    ///
    /// # Errors
    /// As [`Node::match_draw`].
    pub fn match_reveal(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        who: &Stepping,
        audit: u32,
    ) -> Result<Done, Failure> {
        let key = share_key(usize::try_from(audit).unwrap_or(0));
        let share: Hash32 = self.secret(&*store.reader()?, &who.case, &key)?;
        self.step(store, env, who, MatchStep::Reveal { audit, share }, Also::none())
    }

    /// Opens the places drawn of our questions or our list: the file is kept for the oversight body
    /// ([`Node::match_opening`]), its hash is signed.
    ///
    /// # Errors
    /// As [`Node::match_draw`].
    pub fn match_open(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        who: &Stepping,
        audit: u32,
    ) -> Result<Done, Failure> {
        let reader = store.reader()?;
        let running = self.running(&*reader, &who.case)?;
        let bundle = self.opening(&*reader, env, chunks, &running, audit)?;
        drop(reader);
        let file = self.keeping_bytes(env, kind_of(&who.case), opening_key(audit), &bundle.encode())?;
        let step = MatchStep::Open { audit, opened: Hash32(bundle.opening()) };
        self.step(store, env, who, step, writes(vec![file]))
    }

    /// Records what the oversight body found.
    ///
    /// # Errors
    /// As [`Node::match_draw`].
    pub fn match_find(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        who: &Stepping,
        audit: u32,
        (finding, words): (AuditFinding, Prose),
    ) -> Result<Done, Failure> {
        self.step(store, env, who, MatchStep::Find { audit, finding, words }, Also::none())
    }

    /// Destroys our secrets of the case's epoch: seed, questions, list, shares and openings go in the transaction that
    /// records it.
    ///
    /// # Errors
    /// As [`Node::match_draw`]; [`MatchBar::AuditOpen`] while an audit needs them.
    pub fn match_destroy(&self, store: &mut dyn Store, env: &mut Env<'_>, who: &Stepping) -> Result<Done, Failure> {
        let reader = store.reader()?;
        let running = self.running(&*reader, &who.case)?;
        let key = running.case().run.key.ok_or_else(|| bar(MatchBar::TooEarly))?;
        let gone = self.forgetting(&*reader, &who.case)?;
        drop(reader);
        self.step(store, env, who, MatchStep::Destroy { key }, writes(gone))
    }

    /// The file of an opening of ours, for the oversight body.
    ///
    /// # Errors
    /// [`Fault`] when it cannot be read.
    pub fn match_opening(&self, reader: &dyn Reader, case: &CaseId, audit: u32) -> Result<Option<Vec<u8>>, Fault> {
        self.match_bytes(reader, &kind_of(case), &opening_key(audit))
    }

    fn opening(
        &self,
        reader: &dyn Reader,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        running: &Running,
        number: u32,
    ) -> Result<Bundle, Failure> {
        let (case, run) = (running.case(), &running.case().run);
        let early = || bar(MatchBar::TooEarly);
        let audit = run.audit(number).ok_or_else(early)?;
        let shares = audit.shares().ok_or_else(early)?.map(|share| Share(share.0));
        let epoch = self.epoch(reader, running)?;
        let sent = self.sent_list(running, chunks)?;
        let announced = sent.announced;
        let commitments = shares.map(|share| share.commitment());
        let drawn_of = |subject, of| sample::draw(subject, of, &shares, &commitments).map_err(unsound);
        let opened = match audit.of {
            Audited::Questions => {
                let batch = run.batch(audit.batch).ok_or_else(early)?;
                let kept = self.match_bytes(reader, &kind_of(&case.id), &format!("drawn/{}", audit.batch))?;
                let drawn = Drawn::read(&kept.ok_or_else(|| bar(MatchBar::NoSecret))?)
                    .map_err(|_| Fault::record("match questions", "unreadable"))?;
                let tagged = Tagged::decode(&self.file(&batch.files, chunks)?).map_err(unsound)?;
                let sample = drawn_of(&batch.transcript.0, u64::from(batch.places))?;
                let opened = open_tagged(&epoch, &drawn, &sample, env.rng).map_err(|_| bar(MatchBar::Unsound))?;
                Opened::Questions { tagged: Box::new(tagged), opened }
            }
            Audited::List => {
                let list: ListKept = self.secret(reader, &case.id, LIST)?;
                let keys: Vec<(MatchKey, bool)> = keys(&list)?;
                let sample = drawn_of(&announced.digest(), announced.size)?;
                let at = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
                let mut masked = |number: u64| -> Masked { sent.masked.get(at(number)).copied().unwrap_or([0; 32]) };
                let mut behind =
                    |number: u64| keys.get(at(number)).filter(|(_, protected)| !protected).map(|(key, _)| key);
                Opened::List { openings: open_masked(&epoch, announced.size, &sample, &mut masked, &mut behind) }
            }
        };
        let allowed: Vec<Kind> = running.rule.kinds.iter().map(|kind| known::kind_of(*kind)).collect();
        Ok(Bundle { named: running.named.clone(), allowed, announced, shares, opened })
    }
}

fn chance(env: &mut Env<'_>) -> Hash32 {
    let mut share = [0; 32];
    env.rng.fill_bytes(&mut share);
    Hash32(share)
}

fn share_key(audit: usize) -> String {
    format!("share/{audit}")
}

fn opening_key(audit: u32) -> String {
    format!("opening/{audit}")
}
