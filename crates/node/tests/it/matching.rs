//! Private matching between two houses: a run end to end, what it gives away, its limits, its audit and its end.

use domain::act::{AuditFinding, Audited, Deed, MatchStep, Role, commitment};
use domain::case::Case;
use domain::content::Attachment;
use domain::ids::{CaseId, Hash32};
use domain::instrument::Instrument;
use domain::procedure::Side;
use domain::refusal::{MatchBar, Refusal};
use matching::private::audit::{Breach, open_tagged};
use matching::private::crossed::{self, Evaluating, Tagged};
use matching::private::epoch::Epoch;
use matching::private::list::PART_MAX;
use matching::private::question::{Drawn, Matter};
use matching::private::sample::{self, Share};
use matching::private::wire::{Bundle, Evaluated, Judged, Named, Opened, SentList};
use matching::private::{Kind, Learns, MatchKey};
use node::matching::{Known, Stepping, judge_bundle};
use node::{Env, Failure, Keys, Node};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use std::sync::Arc;
use store::Store as _;

use crate::house::{
    House, answer, carry_all, does, instrument, instrument_with, monday, person, submit, tries, two_houses_under, words,
};

/// Two houses with an identity to be verified between them, up to the review.
struct World {
    a: House,
    b: House,
    case: CaseId,
}

fn world(instrument: &Arc<Instrument>) -> World {
    let [mut a, mut b] = two_houses_under(instrument);
    let case = submit(&mut a, "IDV", monday());
    carry_all(&mut a, &mut b, monday());
    let officer = person("b.intake", Role::Intake);
    let acknowledge = Deed::Acknowledge { reference: "REF".into(), officer, contact: "desk".into() };
    does(&mut b, &case, monday(), person("b.intake", Role::Intake), acknowledge);
    carry_all(&mut b, &mut a, monday());
    World { a, b, case }
}

fn known(id: &str, name: &str, born: &str, sex: &str, document: &str) -> Known {
    let text = str::to_owned;
    Known {
        id: text(id),
        name: text(name),
        born: text(born),
        sex: text(sex),
        issuer: text("CHN"),
        document: text(document),
        ..Known::default()
    }
}

/// A surname, a date and a number that can be read but for one character.
fn partial(surname: &str, born: &str, document: &str) -> Known {
    Known { surname: surname.to_owned(), ..known("", "", born, "m", document) }
}

/// A list of some hundreds with one person in it who is looked for.
fn records(protected: bool) -> Vec<Known> {
    const SURNAMES: [&str; 8] = ["王", "李", "黃", "張", "劉", "林", "吳", "何"];
    const GIVEN: [&str; 10] = ["志明", "美玲", "國強", "淑芬", "俊傑", "家豪", "嘉欣", "偉文", "秀英", "建華"];
    let mut all: Vec<Known> = (0..239)
        .map(|at| {
            let name = format!("{}{}", SURNAMES[at % 8], GIVEN[at / 8 % 10]);
            let born = format!("{}-{:02}-{:02}", 1950 + at % 50, 1 + at % 12, 1 + at % 28);
            known(&format!("R{at}"), &name, &born, if at % 2 == 0 { "m" } else { "f" }, &format!("E4{at:07}"))
        })
        .collect();
    all.insert(117, Known { protected, ..known("R-CHAN", "陳大文", "1987-03-05", "m", "E12345678") });
    all
}

fn who(house: &House, case: &CaseId) -> Stepping {
    let dossier = house.node.load(&*house.store.reader().unwrap(), case).unwrap().unwrap();
    let side = dossier.case.side(house.node.me()).unwrap();
    Stepping {
        case: case.clone(),
        office: dossier.case.office(side).clone(),
        by: person("d.ecider", Role::DecisionMaker),
    }
}

fn folded(house: &House, case: &CaseId) -> Case {
    house.node.load(&*house.store.reader().unwrap(), case).unwrap().unwrap().case
}

/// A step that needs neither file nor words.
type Step = fn(&Node, &mut dyn store::Store, &mut Env<'_>, &Stepping) -> Result<node::Done, Failure>;

fn step(house: &mut House, case: &CaseId, step: Step) -> Result<node::Done, Failure> {
    let stepping = who(house, case);
    let mut env = Env { now: monday(), rng: &mut house.rng };
    step(&house.node, &mut house.store, &mut env, &stepping)
}

/// Carries what a house has to send, files first; answers the lengths of all that crossed.
fn bring(from: &mut House, to: &mut House, case: &CaseId) -> Vec<usize> {
    let run = folded(from, case).run;
    let files = run.list.iter().flat_map(|list| &list.files);
    let files = files.chain(run.evaluated.iter().flat_map(|(_, files)| files));
    let files: Vec<Attachment> = files.chain(run.batches.iter().flat_map(|batch| &batch.files)).cloned().collect();
    let mut lengths = Vec::new();
    for file in files {
        let reference =
            ledger::blob::AttachmentRef { root: file.root.0, size: file.sealed_bytes, chunk_bytes: file.chunk_bytes };
        let hashes = from.node.blob_list(&*from.store.reader().unwrap(), &file.root).unwrap();
        let me = from.node.me().clone();
        let mut env = Env { now: monday(), rng: &mut to.rng };
        to.node.blob_wanted(&mut to.store, &mut env, &to.chunks, &me, &reference, &hashes).unwrap();
        for index in 0..hashes.len() as u64 {
            let chunk = store::Chunks::get(&from.chunks, &file.root, index).unwrap().unwrap();
            lengths.push(chunk.len());
            to.node.blob_chunk(&*to.store.reader().unwrap(), &to.chunks, &file.root, index, &chunk).unwrap();
        }
    }
    let peer = to.node.me().clone();
    let parcels = from.node.parcels(&*from.store.reader().unwrap(), &peer, monday()).unwrap();
    lengths.extend(parcels.iter().map(|parcel| parcel.bytes.len()));
    carry_all(from, to, monday());
    lengths
}

/// Up to the evaluated list.
fn prepared(world: &mut World, records: Vec<Known>) {
    let World { a, b, case } = world;
    step(a, case, Node::match_epoch).unwrap();
    bring(a, b, case);
    let stepping = who(b, case);
    let mut env = Env { now: monday(), rng: &mut b.rng };
    b.node.match_list(&mut b.store, &mut env, &b.chunks, &stepping, records).unwrap();
    bring(b, a, case);
    let stepping = who(a, case);
    let mut env = Env { now: monday(), rng: &mut a.rng };
    a.node.match_evaluate(&mut a.store, &mut env, &a.chunks, &stepping).unwrap();
    bring(a, b, case);
}

/// Answers the safeguard and asks.
fn ask(world: &mut World, question: &Known) -> Result<(), Failure> {
    let World { a, case, .. } = world;
    let stepping = who(a, case);
    let gate = answer(&a.node, domain::safeguard::Gate::NoFishing, &stepping.office, monday());
    let mut env = Env { now: monday(), rng: &mut a.rng };
    a.node.answer_gate(&mut a.store, &mut env, case, domain::act::ActKind::Match, &gate).unwrap();
    a.node.match_ask(&mut a.store, &mut env, &a.chunks, &stepping, question).map(|_| ())
}

/// Receives and looks; answers the ids met.
fn receive(world: &mut World) -> Result<Vec<String>, Failure> {
    let World { b, case, .. } = world;
    let stepping = who(b, case);
    let mut env = Env { now: monday(), rng: &mut b.rng };
    b.node.match_receive(&mut b.store, &mut env, &b.chunks, &stepping)?;
    b.node.match_look(&mut b.store, &mut env, &b.chunks, case)?;
    let viewer = node::view::Viewer {
        id: domain::ids::OfficerId::new("d.ecider").unwrap(),
        office: stepping.office,
        roles: vec![Role::DecisionMaker],
        second_track: false,
    };
    let file = b.node.match_file(&*b.store.reader().unwrap(), monday(), case, &viewer).unwrap().unwrap();
    let hits = file.found.last().cloned().flatten().unwrap();
    Ok(hits.into_iter().map(|hit| hit.found.record.id).collect())
}

fn barred<T: std::fmt::Debug>(result: Result<T, Failure>) -> Refusal {
    match result {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// One world from the question to what was found; with the lengths of all that B sent.
fn asked(question: &Known, protected: bool) -> (World, Vec<String>, Vec<usize>) {
    let mut world = world(&instrument());
    prepared(&mut world, records(protected));
    ask(&mut world, question).unwrap();
    bring(&mut world.a, &mut world.b, &world.case.clone());
    let found = receive(&mut world).unwrap();
    let sent = bring(&mut world.b, &mut world.a, &world.case.clone());
    (world, found, sent)
}

#[test]
fn an_undocumented_person_is_found_by_a_human_on_the_other_side() {
    // A surname as it is spelt in Hong Kong, day and month exchanged, a number with a smudge.
    let question = partial("CHAN", "1987-05-03", "E1234567?");
    let (World { a, b, case }, found, _) = asked(&question, false);
    assert_eq!(found, ["R-CHAN"]);
    let [ours, theirs] = [&a, &b].map(|house| folded(house, &case));
    assert_eq!(ours.run, theirs.run, "both fold the same");
    assert_eq!(ours.fingerprint(), theirs.fingerprint());
    let batch = &ours.run.batches[0];
    assert!(batch.received_at.is_some());
    // Each side has signed the same transcript in an act of its own.
    let acts = a.node.load(&*a.store.reader().unwrap(), &case).unwrap().unwrap().entries;
    let signed = acts.iter().filter_map(|entry| match &entry.act.deed {
        Deed::Match { step: MatchStep::Ask { transcript, .. } | MatchStep::Receive { transcript } } => {
            Some((entry.act.by.clone(), *transcript))
        }
        _ => None,
    });
    let [asked, received] = signed.collect::<Vec<_>>().try_into().unwrap();
    assert_ne!(asked.0, received.0);
    assert_eq!((asked.1, received.1), (batch.transcript, batch.transcript));
    // Nothing was decided: the case stands where it stood.
    assert_eq!(ours.stage(), domain::procedure::Stage::Acknowledged);
}

#[test]
fn a_hit_a_miss_and_a_protected_person_are_the_same_to_the_asker() {
    let there = partial("CHAN", "1987-05-03", "E1234567?");
    let not_there = partial("WONG", "1961-02-11", "E7654321?");
    let (_, hit, hit_sent) = asked(&there, false);
    let (_, miss, miss_sent) = asked(&not_there, false);
    let (_, hidden, hidden_sent) = asked(&there, true);
    assert_eq!((hit.len(), miss.len(), hidden.len()), (1, 0, 0));
    assert_eq!(hit_sent, miss_sent);
    assert_eq!(hit_sent, hidden_sent);
}

#[test]
fn what_may_not_be_asked_is_refused_by_name() {
    let mut world = world(&instrument());
    let few: Vec<Known> = records(false).into_iter().take(99).collect();
    {
        let World { a, b, case } = &mut world;
        assert_eq!(barred(step(b, case, Node::match_epoch)), Refusal::NotYourSide { act: domain::act::ActKind::Match });
        step(a, case, Node::match_epoch).unwrap();
        assert_eq!(barred(step(a, case, Node::match_epoch)), Refusal::Matching(MatchBar::Done));
        bring(a, b, case);
        let stepping = who(b, case);
        let mut env = Env { now: monday(), rng: &mut b.rng };
        let list = b.node.match_list(&mut b.store, &mut env, &b.chunks, &stepping, few);
        assert_eq!(barred(list), Refusal::Matching(MatchBar::FewRecords { found: 99, least: 100 }));
    }
    let mut world = self::world(&instrument());
    prepared(&mut world, records(false));
    let check = |world: &mut World, question: Known, bar: MatchBar| {
        assert_eq!(barred(ask(world, &question)), Refusal::Matching(bar));
    };
    check(&mut world, known("", "CHAN Tai-man", "", "m", ""), MatchBar::NameOnly);
    check(&mut world, known("", "", "1987-03-05", "m", "E1?3456?8"), MatchBar::NoKey);
    // Without the safeguard (SG-17) nothing is asked, and nothing is spent.
    let World { a, case, .. } = &mut world;
    let dossier = a.node.load(&*a.store.reader().unwrap(), case).unwrap().unwrap();
    let rule = dossier.case.rule(a.node.instrument()).unwrap().clone();
    let step = MatchStep::Ask {
        announcement: Hash32([1; 32]),
        places: 32,
        transcript: Hash32([2; 32]),
        files: dossier.case.run.list.unwrap().files,
    };
    assert_eq!(
        rule.gates_for(&Deed::Match { step: step.clone() }, domain::content::Sensitivity::FULL).collect::<Vec<_>>(),
        [domain::safeguard::Gate::NoFishing]
    );
    let sized = |places| match &step {
        MatchStep::Ask { announcement, transcript, files, .. } => {
            MatchStep::Ask { announcement: *announcement, places, transcript: *transcript, files: files.clone() }
        }
        _ => unreachable!("it asks"),
    };
    let by = || person("d.ecider", Role::DecisionMaker);
    for (places, bar) in [(1, MatchBar::Size { found: 1 }), (128, MatchBar::Spent { asked: 128, left: 96 })] {
        let deed = Deed::Match { step: sized(places) };
        assert_eq!(barred(tries(a, case, monday(), by(), deed)), Refusal::Matching(bar));
    }
}

#[test]
fn what_is_spent_is_spent_over_cases_and_restarts() {
    let tight = instrument_with(|file| {
        file.text = file.text.replace("day_places_max = 640", "day_places_max = 32");
    });
    let question = partial("CHAN", "1987-05-03", "E1234567?");
    let mut world = world(&tight);
    prepared(&mut world, records(false));
    ask(&mut world, &question).unwrap();
    let case = world.case.clone();
    bring(&mut world.a, &mut world.b, &case);
    receive(&mut world).unwrap();
    bring(&mut world.b, &mut world.a, &case);
    let again = |house: &House| {
        let keys = Keys::from_seed(&house.seed, &tight, house.node.me());
        let peers = house.node.peers().values().cloned().collect();
        Node::new(house.node.me().clone(), tight.clone(), keys, peers).unwrap()
    };
    (world.a.node, world.b.node) = (again(&world.a), again(&world.b));
    let spent = Refusal::Matching(MatchBar::Spent { asked: 32, left: 0 });
    assert_eq!(barred(ask(&mut world, &question)), spent, "our own count");
    // An asker that does not count is refused by the holder.
    let rows = world.a.store.reader().unwrap().local_list("match-spent").unwrap();
    let forget = rows.into_iter().map(|row| store::Write::RemoveLocal { kind: row.kind, key: row.key }).collect();
    world.a.store.commit(&store::Batch { expect: Vec::new(), writes: forget }).unwrap();
    ask(&mut world, &question).unwrap();
    bring(&mut world.a, &mut world.b, &case);
    assert_eq!(barred(receive(&mut world)), spent, "the holder's");
}

#[test]
fn an_audit_draws_places_nobody_chose_and_opens_them() {
    let (mut world, _, _) = asked(&partial("CHAN", "1987-05-03", "E1234567?"), true);
    for (at, (of, batch)) in [(Audited::Questions, 1), (Audited::List, 0)].into_iter().enumerate() {
        let audit = u32::try_from(at + 1).unwrap();
        let World { a, b, case } = &mut world;
        // The side that is not audited demands it, and the other cannot end its secrets meanwhile.
        let (one, other) = if of == Audited::Questions { (b, a) } else { (a, b) };
        let (by, to) = (who(one, case), who(other, case));
        let mut env = Env { now: monday(), rng: &mut one.rng };
        one.node.match_draw(&mut one.store, &mut env, &by, of, batch).unwrap();
        bring(one, other, case);
        let mut env = Env { now: monday(), rng: &mut other.rng };
        let gone = other.node.match_destroy(&mut other.store, &mut env, &to);
        assert_eq!(barred(gone), Refusal::Matching(MatchBar::AuditOpen));
        other.node.match_share(&mut other.store, &mut env, &to, audit).unwrap();
        bring(other, one, case);
        let deed = Deed::Match { step: MatchStep::Reveal { audit, share: Hash32([0; 32]) } };
        let early = tries(one, case, monday(), by.by.clone(), deed);
        assert_eq!(barred(early), Refusal::Matching(MatchBar::OtherShare), "another share than was bound");
        let mut env = Env { now: monday(), rng: &mut one.rng };
        one.node.match_reveal(&mut one.store, &mut env, &by, audit).unwrap();
        bring(one, other, case);
        let mut env = Env { now: monday(), rng: &mut other.rng };
        other.node.match_open(&mut other.store, &mut env, &other.chunks, &to, audit).unwrap();
        bring(other, one, case);
        // The file goes to the oversight body, which has the acts both sides signed.
        let file = other.node.match_opening(&*other.store.reader().unwrap(), case, audit).unwrap().unwrap();
        let verdict = judge_bundle(&file).unwrap();
        let run = folded(one, case).run;
        let signed = run.audit(audit).unwrap();
        let subject = if batch == 0 { run.list.as_ref().unwrap().list } else { run.batches[0].transcript };
        assert_eq!((verdict.subject, Some(verdict.opened)), (subject, signed.opened));
        assert_eq!(verdict.commitments, signed.shares().unwrap().map(|share| commitment(&share)));
        assert!(matches!(verdict.judged, Judged::Sound { .. }), "{:?}", verdict.judged);
        for cut in [0, 1, 2, 50, file.len() - 1] {
            assert!(judge_bundle(&file[..cut]).is_err());
        }
        let mut env = Env { now: monday(), rng: &mut one.rng };
        let finding = (AuditFinding::Sound, words(&one.node, "Opened and sound"));
        one.node.match_find(&mut one.store, &mut env, &by, audit, finding).unwrap();
        bring(one, other, case);
        assert!(folded(other, case).run.audit(audit).unwrap().finding.is_some());
    }
}

#[test]
fn the_secrets_of_an_epoch_go_and_that_is_recorded() {
    let question = partial("CHAN", "1987-05-03", "E1234567?");
    let (mut world, _, _) = asked(&question, false);
    let case = world.case.clone();
    let kept = |house: &House| house.store.reader().unwrap().local_list(&format!("match:{case}")).unwrap().len();
    assert!(kept(&world.a) > 0 && kept(&world.b) > 0);
    step(&mut world.a, &case, Node::match_destroy).unwrap();
    bring(&mut world.a, &mut world.b, &case);
    step(&mut world.b, &case, Node::match_destroy).unwrap();
    bring(&mut world.b, &mut world.a, &case);
    assert_eq!((kept(&world.a), kept(&world.b)), (0, 0));
    let run = folded(&world.a, &case).run;
    assert!(run.destroyed.contains(&Side::Requesting) && run.destroyed.contains(&Side::Requested));
    assert_eq!(barred(ask(&mut world, &question)), Refusal::Matching(MatchBar::NoSecret));
    // What was found stays with the officer who is to decide.
    let viewer = node::view::Viewer {
        id: domain::ids::OfficerId::new("d.ecider").unwrap(),
        office: who(&world.b, &case).office,
        roles: vec![Role::DecisionMaker],
        second_track: false,
    };
    let reader = world.b.store.reader().unwrap();
    let file = world.b.node.match_file(&*reader, monday(), &case, &viewer).unwrap().unwrap();
    assert_eq!(file.found[0].as_ref().unwrap().len(), 1);
}

/// A house that commits to one question and asks another: both sides have signed it, and the audit proves it.
#[test]
fn an_asker_that_asks_otherwise_than_it_committed_is_proved_to() {
    let mut world = world(&instrument());
    let case = world.case.clone();
    let mut rng = ChaCha20Rng::from_seed([77; 32]);
    let by = || person("d.ecider", Role::DecisionMaker);
    let named = Named {
        instrument: folded(&world.a, &case).instrument.0,
        asking: world.a.node.me().to_string(),
        holding: world.b.node.me().to_string(),
        purpose: format!("IDV/{case}"),
        epoch: 1,
        learns: Learns::Holder,
    };
    let epoch = Epoch::derive(named.scope().unwrap(), &[5; 32]).unwrap();
    let key = Hash32(*epoch.key().public().bytes());
    does(&mut world.a, &case, monday(), by(), Deed::Match { step: MatchStep::Epoch { key } });
    let World { a, b, .. } = &mut world;
    bring(a, b, &case);
    let stepping = who(b, &case);
    let mut env = Env { now: monday(), rng: &mut b.rng };
    b.node.match_list(&mut b.store, &mut env, &b.chunks, &stepping, records(false)).unwrap();
    bring(b, a, &case);
    let listed = folded(a, &case).run.list.unwrap();
    let mut bytes = Vec::new();
    a.node.open_attachment(&listed.files[0], &a.chunks, &mut bytes).unwrap();
    let sent = SentList::decode(&bytes).unwrap();
    let mut run = Evaluating::begin(&epoch, sent.announced).unwrap();
    let parts = sent.masked.chunks(PART_MAX).map(|part| run.next(&epoch, part, &mut rng).unwrap()).collect();
    let steps = Hash32(run.finish().unwrap());
    let files = vec![staged(a, &Evaluated(parts).encode())];
    does(a, &case, monday(), by(), Deed::Match { step: MatchStep::Evaluate { list: listed.list, steps, files } });
    // It commits to one person thirty-two times over and tags another.
    let request = folded(a, &case);
    let matter = || {
        let basis = request.request.legal_basis.digest().to_string();
        Matter::new(case.as_str(), request.requesting_office.as_str(), &basis).unwrap()
    };
    let keys = |year: u32| -> Vec<MatchKey> {
        (1..=28)
            .map(|day| MatchKey::new(Kind::SurnameBorn, format!("{year}03{day:02}m/chan").into_bytes()).unwrap())
            .collect()
    };
    let draw = |year, rng: &mut ChaCha20Rng| {
        Drawn::draw(&named.scope().unwrap(), listed.list.0, matter(), &keys(year), rng).unwrap()
    };
    let (committed, other) = (draw(1987, &mut rng), draw(1960, &mut rng));
    let tags = crossed::tagged(&epoch, &other).unwrap().tags;
    let tagged = Tagged { announcement: committed.announcement().clone(), tags };
    let transcript = Hash32(tagged.transcript(&sent.announced).digest());
    let files = vec![staged(a, &tagged.encode())];
    let announcement = Hash32(tagged.announcement.digest());
    let step = MatchStep::Ask { announcement, places: 32, transcript, files };
    does(a, &case, monday(), by(), Deed::Match { step });
    bring(a, b, &case);
    receive(&mut world).unwrap();
    let World { a, b, .. } = &mut world;
    bring(b, a, &case);
    // The holder demands an audit; the asker can only open what it committed to.
    let stepping = who(b, &case);
    let mut env = Env { now: monday(), rng: &mut b.rng };
    b.node.match_draw(&mut b.store, &mut env, &stepping, Audited::Questions, 1).unwrap();
    bring(b, a, &case);
    let share = Hash32([9; 32]);
    does(a, &case, monday(), by(), Deed::Match { step: MatchStep::Share { audit: 1, share } });
    bring(a, b, &case);
    let mut env = Env { now: monday(), rng: &mut b.rng };
    b.node.match_reveal(&mut b.store, &mut env, &stepping, 1).unwrap();
    bring(b, a, &case);
    let shares = folded(a, &case).run.audits[0].shares().unwrap().map(|share| Share(share.0));
    let commitments = shares.map(|share| share.commitment());
    let sample = sample::draw(&transcript.0, 32, &shares, &commitments).unwrap();
    let opened = open_tagged(&epoch, &committed, &sample, &mut rng).unwrap();
    let announced = sent.announced;
    let allowed = vec![Kind::FoldedBorn, Kind::SurnameBorn, Kind::Document, Kind::DocumentSmudged];
    let bundle =
        Bundle { named, allowed, announced, shares, opened: Opened::Questions { tagged: Box::new(tagged), opened } };
    let step = MatchStep::Open { audit: 1, opened: Hash32(bundle.opening()) };
    does(a, &case, monday(), by(), Deed::Match { step });
    bring(a, b, &case);
    let verdict = judge_bundle(&bundle.encode()).unwrap();
    assert_eq!((verdict.subject, verdict.finding()), (transcript, AuditFinding::Breached));
    assert!(matches!(verdict.judged, Judged::Breached { breach: Breach::Tagging, .. }), "{:?}", verdict.judged);
    assert_eq!(Some(verdict.opened), folded(b, &case).run.audits[0].opened);
    let mut env = Env { now: monday(), rng: &mut b.rng };
    let finding = (verdict.finding(), words(&b.node, "Another was asked for than was committed to"));
    b.node.match_find(&mut b.store, &mut env, &stepping, 1, finding).unwrap();
    bring(b, a, &case);
    assert_eq!(folded(a, &case).run.audits[0].finding.as_ref().unwrap().0, AuditFinding::Breached);
}

#[test]
fn a_share_is_bound_alike_in_both_crates() {
    for seed in 0..4 {
        assert_eq!(commitment(&Hash32([seed; 32])).0, Share([seed; 32]).commitment());
    }
}

fn staged(house: &mut House, bytes: &[u8]) -> Attachment {
    let mut env = Env { now: monday(), rng: &mut house.rng };
    let mut stager = house.node.stage(&mut env);
    stager.push(bytes, &house.chunks).unwrap();
    let (file, row) = stager.finish(&house.chunks, &env, "a.bin", "application/octet-stream").unwrap();
    house.node.keep_staged(&mut house.store, row).unwrap();
    file
}
