//! The status report is the same on both nodes, and says what stands, what stood still and what is missing; the ladder's
//! duties reach the desks of the offices they fall to; a refusal is reconsidered by another hand than made it.

use domain::act::{Author, Deed, Extent, Ground, MissingItem, Role};
use domain::clock::ClockKind;
use domain::decide::Command;
use domain::ids::{CaseId, OfficeId};
use domain::procedure::Stage;
use domain::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use node::view::{Ending, Owed, RungDuty, Status, Viewer};
use node::{Env, Failure};
use store::Store as _;

use crate::house::{House, answer, carry_all, does, enter, monday, person, submit, two_houses, words};

/// One step on the way: which house, in which role, what.
type Step = (usize, Role, fn(&House) -> Deed);

const ACKNOWLEDGE: Step = (1, Role::Intake, |_| Deed::Acknowledge {
    reference: "B-17".into(),
    officer: person("b.officer", Role::Intake),
    contact: "desk".into(),
});
const REVIEW: Step = (1, Role::DecisionMaker, |_| Deed::BeginReview {});
const RETURN: Step = (1, Role::Intake, |house| Deed::ReturnIncomplete {
    items: vec![MissingItem { field: "person".into(), want: words(&house.node, "a birth date") }],
});
const SUPPLEMENT: Step = (0, Role::Approver, |house| Deed::Supplement {
    fields: Default::default(),
    attachments: Vec::new(),
    unable: [("person".to_owned(), words(&house.node, "there is none on record"))].into(),
    note: words(&house.node, "there is none"),
});
const ASK: Step = (1, Role::DecisionMaker, |house| Deed::Ask { question: words(&house.node, "which street?") });
const CALL: Step = (0, Role::Approver, |house| Deed::LogContact {
    level: 1,
    means: "telephone".into(),
    words: words(&house.node, "an answer by Friday"),
});
const REFUSE: Step = (1, Role::DecisionMaker, |house| Deed::Refuse {
    ground: Ground::NotExecutable,
    reason: Some(words(&house.node, "not found")),
    considered: words(&house.node, "neither part nor conditions serve"),
    withheld: false,
});
const RECONSIDER: Step =
    (0, Role::Approver, |house| Deed::Reconsider { argument: words(&house.node, "look again, please") });

/// Two houses and a case that has gone so far, a day to each step.
struct Road {
    houses: [House; 2],
    case: CaseId,
    now: Timestamp,
}

impl Road {
    fn of(code: &str, steps: &[Step]) -> Self {
        let mut houses = two_houses();
        let case = submit(&mut houses[0], code, monday());
        let mut road = Self { houses, case, now: monday() };
        road.carried();
        for step in steps {
            road.go(step);
        }
        road
    }

    fn go(&mut self, (house, role, deed): &Step) {
        self.now = self.now.saturating_add(SignedDuration::from_hours(24)).unwrap();
        let deed = deed(&self.houses[*house]);
        does(&mut self.houses[*house], &self.case, self.now, person("o.fficer", *role), deed);
        self.carried();
    }

    /// Waits hour by hour, each node entering what its clocks demand.
    fn wait(&mut self, hours: u32) {
        for _ in 0..hours {
            self.now = self.now.saturating_add(SignedDuration::from_hours(1)).unwrap();
            for house in &mut self.houses {
                let mut env = Env { now: self.now, rng: &mut house.rng };
                house.node.tick(&mut house.store, &mut env).unwrap();
            }
            self.carried();
        }
    }

    fn carried(&mut self) {
        let [a, b] = &mut self.houses;
        carry_all(a, b, self.now);
        carry_all(b, a, self.now);
        carry_all(a, b, self.now);
    }

    fn status(&self, house: usize) -> Status {
        let house = &self.houses[house];
        let viewer = viewer("GB-HO", "w.atcher", &[Role::Liaison]);
        house.node.status(&*house.store.reader().unwrap(), &viewer, &self.case).unwrap().unwrap()
    }

    /// The second house's central authority, in a person's hand.
    fn decides(&mut self, by: &str, deed: Deed) -> Result<(), Failure> {
        let house = &mut self.houses[1];
        let office = OfficeId::new("CN-MOJ").unwrap();
        let dossier = house.node.load(&*house.store.reader().unwrap(), &self.case).unwrap().unwrap();
        let rule = dossier.case.rule(house.node.instrument()).unwrap();
        let bound = rule.gates_for(&deed, dossier.case.request.sensitivity());
        let gates = bound.map(|gate| answer(&house.node, gate, &office, self.now)).collect();
        let author = Author::Officer(person(by, Role::DecisionMaker));
        let command = Command { case: self.case.clone(), office, author, gates, deed };
        enter(house, self.now, command).map(drop)
    }
}

fn viewer(office: &str, id: &str, roles: &[Role]) -> Viewer {
    let id = person(id, Role::Liaison).id;
    Viewer { id, office: OfficeId::new(office).unwrap(), roles: roles.to_vec(), second_track: false }
}

#[test]
fn both_sides_have_the_same_report() {
    fn check(code: &str, steps: &[Step], stage: Stage) {
        let road = Road::of(code, steps);
        let [ours, theirs] = [road.status(0), road.status(1)];
        assert_eq!(ours.shared, theirs.shared, "{code} {stage:?}");
        assert_eq!(ours.hash, theirs.hash, "{code} {stage:?}");
        assert_eq!(ours.shared.stage, stage, "{code}");
        assert_ne!(ours.here, theirs.here, "{code}: each house has its own part");
    }
    check("FUG", &[], Stage::Delivered);
    check("FUG", &[ACKNOWLEDGE, RETURN], Stage::ReturnedIncomplete);
    check("FUG", &[ACKNOWLEDGE, RETURN, SUPPLEMENT], Stage::Supplemented);
    check("FUG", &[ACKNOWLEDGE, REVIEW, ASK, CALL], Stage::UnderReview);
    check("FUG", &[ACKNOWLEDGE, REVIEW, REFUSE], Stage::Refused);
    check("FUG", &[ACKNOWLEDGE, REVIEW, REFUSE, RECONSIDER], Stage::Reconsidering);
    check("LEG", &[ACKNOWLEDGE], Stage::Acknowledged);
}

/// While an act is under way the two reports differ, and say why: they rest on other acts.
#[test]
fn a_report_says_what_it_rests_on() {
    let mut road = Road::of("FUG", &[ACKNOWLEDGE]);
    let deed = Deed::BeginReview {};
    does(&mut road.houses[1], &road.case.clone(), road.now, person("o.fficer", Role::DecisionMaker), deed);
    let [ours, theirs] = [road.status(0), road.status(1)];
    assert_ne!(ours.hash, theirs.hash);
    assert_ne!(ours.shared.acts, theirs.shared.acts);
    road.carried();
    assert_eq!(road.status(0).hash, road.status(1).hash);
}

#[test]
fn it_says_what_is_missing_and_what_stood_still() {
    let road = Road::of("FUG", &[ACKNOWLEDGE, RETURN]);
    let shared = road.status(0).shared;
    let owed: Vec<_> = shared.missing.iter().map(|one| (one.party.as_str(), &one.what)).collect();
    assert!(matches!(&owed[..], [("GB", Owed::Item(item))] if item.field == "person"), "{owed:?}");
    assert!(shared.missing[0].due.is_some(), "a clock runs for it");
    assert_eq!(shared.turn.as_ref().map(|turn| turn.party.as_str()), Some("GB"));
    assert_eq!(shared.reference.as_deref(), Some("B-17"));

    let road = Road::of("FUG", &[ACKNOWLEDGE, RETURN, SUPPLEMENT, REVIEW, ASK]);
    let shared = road.status(1).shared;
    let clock = |kind: ClockKind| shared.clocks.iter().find(|clock| clock.kind == kind).unwrap();
    assert!(clock(ClockKind::Ack).ended_at.is_some_and(|at| at <= clock(ClockKind::Ack).due.due_at));
    assert!(clock(ClockKind::Supplement).ended_at.is_some());
    let decision = clock(ClockKind::Decision);
    assert!(decision.ended_at.is_none() && decision.pauses.len() == 1, "{decision:?}");
    assert!(decision.pauses[0].until.is_some_and(|until| until > decision.pauses[0].from));
    assert_eq!(shared.missing.iter().map(|one| &one.what).collect::<Vec<_>>(), [&Owed::Reply(1)]);
    assert_eq!(shared.missing[0].party.as_str(), "GB");
}

/// The report says what was answered, which steps were recorded and how it ended; a case that has ended shows no ladder.
#[test]
fn it_says_how_far_the_answer_goes_and_how_it_ended() {
    fn check(steps: &[Step], answers: &[Option<Extent>], ending: Option<Ending>) {
        let road = Road::of("CY-INC", steps);
        let [ours, theirs] = [road.status(0), road.status(1)];
        assert_eq!((ours.hash, &ours.shared), (theirs.hash, &theirs.shared));
        let shared = ours.shared;
        assert_eq!(shared.answers.iter().map(|one| one.extent).collect::<Vec<_>>(), answers);
        assert_eq!(shared.ending, ending);
        assert!(shared.steps.is_empty());
        let house = &road.houses[0];
        let viewer = viewer("GB-NCA", "w.atcher", &[Role::Approver]);
        let file = house.node.case_file(&*house.store.reader().unwrap(), road.now, &viewer, &road.case);
        let file = file.unwrap().unwrap();
        assert_eq!(file.ending, ending);
        assert_eq!((file.ladder.is_empty(), file.clock.is_none()), (ending.is_some(), ending.is_some()));
    }
    const ACCEPT: Step = (1, Role::DecisionMaker, |_| Deed::Accept { note: None });
    const EXECUTE: Step = (1, Role::Executing, |_| Deed::BeginExecution {});
    const INTERIM: Step = (1, Role::DecisionMaker, |house| Deed::Interim {
        answer: words(&house.node, "so far"),
        attachments: Vec::new(),
    });
    const PART: Step = (1, Role::DecisionMaker, |house| Deed::Respond {
        extent: Extent::Part,
        answer: words(&house.node, "what there is"),
        attachments: Vec::new(),
    });
    const OUTCOME: Step =
        (0, Role::Approver, |house| Deed::ReportOutcome { usefulness: 4, used_for: words(&house.node, "remedy") });
    const CLOSE: Step = (0, Role::Approver, |_| Deed::Close { lesson: None });
    let ended = |after, extent, ground| Some(Ending { after, extent, ground });
    let way = [ACKNOWLEDGE, REVIEW, ACCEPT, EXECUTE, INTERIM];
    check(&way, &[None], None);
    let way = [&way[..], &[PART, OUTCOME, CLOSE]].concat();
    check(&way, &[None, Some(Extent::Part)], ended(Stage::OutcomeReported, Some(Extent::Part), None));
    let refused = ended(Stage::Refused, None, Some(Ground::NotExecutable));
    check(&[ACKNOWLEDGE, REVIEW, REFUSE, CLOSE], &[], refused);
}

/// A silence climbs; each level's own office finds its duty on its desk with the level's own clock, and loses it once the
/// level has answered.
#[test]
fn each_level_has_its_duty_on_its_desk_until_it_answers() {
    let mut road = Road::of("FUG", &[]);
    // Past the ladder's third level: nobody acknowledges.
    road.wait(24 * 25);
    let level = road.status(1).shared.level;
    assert!(level >= 3, "the silence has climbed: {level}");
    assert_eq!(road.status(0).shared, road.status(1).shared);
    let duties = |road: &Road, office: &str| -> Vec<u8> {
        let house = &road.houses[1];
        let viewer = viewer(office, "d.ecider", &[Role::DecisionMaker, Role::Liaison]);
        let desk = house.node.desk(&*house.store.reader().unwrap(), road.now, &viewer).unwrap();
        let level = |duty: &RungDuty| match duty {
            RungDuty::Answer { level, .. } => *level,
            RungDuty::Reconsider => 0,
        };
        assert!(desk.raised.iter().all(|task| task.due_at.is_some()), "each with a clock of its own");
        desk.raised.iter().map(|task| level(&task.duty)).collect()
    };
    assert_eq!(duties(&road, "CN-MOJ"), [2], "the central authority");
    assert_eq!(duties(&road, "CN-MFA"), [3], "the ministry");
    assert_eq!(duties(&road, "CN-CAC"), Vec::<u8>::new(), "no level of the ladder");
    let deed = Deed::AnswerEscalation { level: 2, answer: words(&road.houses[1].node, "by Friday") };
    road.decides("d.ecider", deed).unwrap();
    road.carried();
    assert_eq!(duties(&road, "CN-MOJ"), Vec::<u8>::new(), "answered");
    assert_eq!(duties(&road, "CN-MFA"), [3], "the ministry still owes its own");
    let shared = road.status(0).shared;
    assert_eq!(shared, road.status(1).shared);
    let answered = |level: u8| shared.ladder.iter().find(|rung| rung.level == level).unwrap().answered_at.is_some();
    assert!(answered(2) && !answered(3));
    // The silence itself ends: nothing is owed on the ladder any more.
    road.go(&ACKNOWLEDGE);
    assert_eq!(duties(&road, "CN-MFA"), Vec::<u8>::new());
    assert_eq!(road.status(0).shared, road.status(1).shared);
}

/// Over the real exchange: refused on a ground, reconsideration asked, decided at the central authority by somebody else
/// than refused; both nodes come to the same.
#[test]
fn a_refusal_is_reconsidered_at_the_central_authority_by_another_hand() {
    fn check(deed: fn(&House) -> Deed, stage: Stage) {
        let mut road = Road::of("MLA-BANK", &[ACKNOWLEDGE, REVIEW, REFUSE, RECONSIDER]);
        let shared = road.status(0).shared;
        assert_eq!((shared.stage, shared.level), (Stage::Reconsidering, 2));
        let offices = shared.turn.unwrap().offices;
        assert_eq!(offices.iter().map(OfficeId::as_str).collect::<Vec<_>>(), ["CN-MOJ", "CN-MPS"]);

        let desk = |road: &Road, office: &str, id: &str| {
            let house = &road.houses[1];
            let viewer = viewer(office, id, &[Role::DecisionMaker]);
            let desk = house.node.desk(&*house.store.reader().unwrap(), road.now, &viewer).unwrap();
            desk.raised.iter().map(|task| (task.duty, task.yours)).collect::<Vec<_>>()
        };
        for office in ["CN-MPS", "CN-MOJ"] {
            assert_eq!(desk(&road, office, "a.nother"), [(RungDuty::Reconsider, true)], "{office}");
            assert_eq!(desk(&road, office, "o.fficer"), [(RungDuty::Reconsider, false)], "not the one who refused");
        }
        assert_eq!(desk(&road, "CN-SPP", "a.nother"), [], "no central authority");

        let words = deed(&road.houses[1]);
        let own = road.decides("o.fficer", words.clone());
        assert!(matches!(own, Err(Failure::Refused(Refusal::OwnRefusal))), "{own:?}");
        road.decides("a.nother", words).unwrap();
        road.carried();
        let [ours, theirs] = [road.status(0), road.status(1)];
        assert_eq!(ours.shared.stage, stage);
        assert_eq!((ours.hash, ours.shared), (theirs.hash, theirs.shared));
        assert!(desk(&road, "CN-MOJ", "a.nother").is_empty());
        let fingerprint = |house: &House| {
            house.node.load(&*house.store.reader().unwrap(), &road.case).unwrap().unwrap().case.fingerprint()
        };
        assert_eq!(fingerprint(&road.houses[0]), fingerprint(&road.houses[1]));
    }
    check(|house| Deed::Uphold { reason: words(&house.node, "it stands") }, Stage::Upheld);
    check(|house| Deed::Reopen { reason: words(&house.node, "new facts") }, Stage::UnderReview);
}

/// The verdict comes before any answer but that nothing could be done; and it starts the time for papers, which both
/// sides count alike until they are issued.
#[test]
fn an_identity_has_its_verdict_before_an_answer_and_its_papers_in_time() {
    const INTERVIEW: Step = (1, Role::Executing, |house| record(house, "INTERVIEW"));
    const VERIFIED: Step = (1, Role::DecisionMaker, |house| record(house, "VERIFIED"));
    let answered = |road: &mut Road, extent: Extent| {
        let house = &mut road.houses[1];
        let deed = Deed::Respond { extent, answer: words(&house.node, "so far"), attachments: Vec::new() };
        let dossier = house.node.load(&*house.store.reader().unwrap(), &road.case).unwrap().unwrap();
        let office = dossier.case.requested_office.clone();
        let rule = dossier.case.rule(house.node.instrument()).unwrap();
        let bound = rule.gates_for(&deed, dossier.case.request.sensitivity());
        let gates = bound.map(|gate| answer(&house.node, gate, &office, road.now)).collect();
        let author = Author::Officer(person("d.ecider", Role::DecisionMaker));
        let command = Command { case: road.case.clone(), office, author, gates, deed };
        enter(house, road.now, command).map(drop)
    };
    for extent in [Extent::Full, Extent::Part] {
        let mut road = Road::of("IDV", &[ACKNOWLEDGE, REVIEW]);
        let early = answered(&mut road, extent);
        assert!(matches!(early, Err(Failure::Refused(Refusal::StepsOutstanding { .. }))), "{extent:?}: {early:?}");
        assert!(road.status(0).shared.missing.is_empty(), "no verdict, no time for papers");
    }
    let mut road = Road::of("IDV", &[ACKNOWLEDGE, REVIEW, INTERVIEW, VERIFIED]);
    answered(&mut road, Extent::Part).unwrap();
    road.carried();
    let shared = road.status(0).shared;
    assert_eq!(shared, road.status(1).shared);
    let [papers] = &shared.missing[..] else { panic!("{:?}", shared.missing) };
    assert_eq!((papers.party.as_str(), &papers.what), ("CN", &Owed::Step("DOCUMENT_ISSUED".into())));
    // Verified on Friday 27 November 2026; twenty working days of Beijing after it.
    assert_eq!(papers.due.as_ref().unwrap().due_at.to_string(), "2026-12-25T15:59:59Z");
    let desk = |road: &Road| {
        let house = &road.houses[1];
        let viewer = viewer("CN-NIA", "w.atcher", &[Role::Liaison]);
        house.node.desk(&*house.store.reader().unwrap(), road.now, &viewer).unwrap().duties.len()
    };
    // Who asked is told that the outcome has to wait for the papers.
    let awaited = |road: &Road| {
        let house = &road.houses[0];
        let viewer = viewer("GB-IE", "w.atcher", &[Role::Approver]);
        let reader = house.store.reader().unwrap();
        let line = house.node.desk(&*reader, road.now, &viewer).unwrap().lines.remove(0);
        let file = house.node.case_file(&*reader, road.now, &viewer, &road.case).unwrap().unwrap();
        assert_eq!(line.awaited, file.line.awaited);
        line.awaited
    };
    assert_eq!(desk(&road), 1);
    assert_eq!(awaited(&road).as_deref(), Some("DOCUMENT_ISSUED"));
    let issued = Deed::Record {
        step: "DOCUMENT_ISSUED".into(),
        note: words(&road.houses[1].node, "issued"),
        item: None,
        until: Some(jiff::civil::date(2027, 6, 1)),
    };
    let (case, now) = (road.case.clone(), road.now);
    does(&mut road.houses[1], &case, now, person("o.fficer", Role::Executing), issued);
    road.carried();
    assert_eq!(desk(&road), 0);
    assert_eq!(awaited(&road), None);
    assert!(road.status(1).shared.missing.is_empty());
}

/// A measure that runs out says what may be done about it, to who may do it.
#[test]
fn a_measure_that_runs_out_has_its_next_steps_on_the_desk() {
    const ACCEPT: Step = (1, Role::DecisionMaker, |_| Deed::Accept { note: None });
    const EXECUTE: Step = (1, Role::Executing, |_| Deed::BeginExecution {});
    const RESTRAIN: Step = (1, Role::Executing, |house| Deed::Record {
        step: "RESTRAINED".into(),
        note: words(&house.node, "frozen"),
        item: None,
        until: Some(jiff::civil::date(2026, 12, 10)),
    });
    let road = Road::of("MLA-RSTR", &[ACKNOWLEDGE, REVIEW, ACCEPT, EXECUTE, RESTRAIN]);
    let check = |house: usize, role: Role, want: &[&str], yours: bool| {
        let house = &road.houses[house];
        let reader = house.store.reader().unwrap();
        let case = house.node.load(&*reader, &road.case).unwrap().unwrap().case;
        let office = case.office(case.side(house.node.me()).unwrap());
        let viewer = viewer(office.as_str(), "w.atcher", &[role]);
        let [task] = &house.node.desk(&*reader, road.now, &viewer).unwrap().measures[..] else { panic!("one measure") };
        assert_eq!(
            (task.next.as_slice(), task.yours),
            (&want.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>()[..], yours),
            "{role:?}"
        );
    };
    let ends = ["EXTENDED", "RELEASED", "EXPIRED"];
    check(1, Role::Executing, &ends, true);
    check(1, Role::Intake, &ends, false);
    check(0, Role::Approver, &["RENEWAL_ASKED"], true);
}

fn record(house: &House, step: &str) -> Deed {
    Deed::Record { step: step.into(), note: words(&house.node, "done"), item: None, until: None }
}
