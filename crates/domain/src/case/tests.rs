//! A case from both sides: its stages, its clocks day by day, its ladder, and acts that cross in the post.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::*;
use crate::act::{Author, Role};
use crate::content::{FieldValue, Penalty};
use crate::decide::{Command, decide};
use crate::due;
use crate::handling::{Classification, Tlp};
use crate::ids::OfficerId;
use crate::instrument::{FieldKind, tests::shipped};
use crate::rehearsal;
use crate::safeguard::{Finding, Gate};
use crate::text::Lang;

mod offers;

/// Both sides of one case, with the mail arriving as soon as it is sent unless a test holds it back.
struct World {
    instrument: Instrument,
    entries: Vec<Entry>,
}

/// A (GB-UKCA) asks B (CN-MOJ).
const A: &str = "GB-UKCA";
const B: &str = "CN-MOJ";

impl World {
    fn new() -> Self {
        Self { instrument: shipped(), entries: Vec::new() }
    }

    /// Submits a request of a type at an instant; it is received two seconds later.
    fn submitted(code: &str, at: &str) -> Self {
        let mut world = Self::new();
        let request = Box::new(request(&world.instrument, code));
        let deed = Deed::Submit { request };
        world.says(A, Role::Approver, at, deed).expect("the request is complete");
        world
    }

    /// An officer's act, decided on what the office's side has, and received at once.
    fn says(&mut self, office: &str, role: Role, at: &str, deed: Deed) -> Result<(), Refusal> {
        self.says_by("o.fficer", office, role, at, deed)
    }

    fn says_by(&mut self, who: &str, office: &str, role: Role, at: &str, deed: Deed) -> Result<(), Refusal> {
        let at = instant(at);
        let author = rehearsal::author(deed.kind(), person(who, role), &OfficeId::new(office).unwrap());
        let act = self.decided(office, author, at, deed)?;
        self.entries
            .push(Entry { act, received_at: Some(at.saturating_add(jiff::SignedDuration::from_secs(2)).unwrap()) });
        Ok(())
    }

    fn decided(&self, office: &str, author: Author, at: Timestamp, deed: Deed) -> Result<Act, Refusal> {
        let office = OfficeId::new(office).unwrap();
        let case = CaseId::new("GB-ML-2026-0001").unwrap();
        let held = fold(&self.instrument, &self.entries);
        let request = opening(&deed).or(held.as_ref().map(|case| &case.request)).unwrap();
        let rule = self.instrument.request_type(&request.type_code).unwrap();
        let gates = rule
            .gates_for(&deed, request.sensitivity())
            .map(|gate| GateAnswer {
                gate,
                finding: if gate == Gate::DeathPenalty { Finding::NotEngaged } else { Finding::Satisfied },
                reason: words("considered"),
                by: person("l.awyer", Role::LegalReviewer),
                office: office.clone(),
                at,
            })
            .collect();
        let command = Command { case, office: office.clone(), author, gates, deed };
        decide(&self.instrument, &office.party(), &self.entries, command, at)
    }

    /// Enters what the node of a Party finds due at an instant; answers the kinds.
    fn ticks(&mut self, party: &str, at: &str) -> Vec<&'static str> {
        let (party, at) = (PartyId::new(party).unwrap(), instant(at));
        let mut entered = Vec::new();
        while let Some(deed) = due::due(&self.case(), &self.instrument, &party, at).into_iter().next() {
            let case = self.case();
            let office = case.office(case.side(&party).unwrap()).to_string();
            entered.push(deed.kind().code());
            let act = self.decided(&office, Author::Machine, at, deed).expect("what is due may be entered");
            self.entries.push(Entry { act, received_at: Some(at) });
        }
        entered
    }

    fn case(&self) -> Case {
        fold(&self.instrument, &self.entries).expect("there is a case")
    }

    /// Stage, who must act, and until when at that side's clock.
    fn stands(&self) -> String {
        let case = self.case();
        let turn = match case.turn() {
            None => return case.stage().code().to_owned(),
            Some((side, _)) => case.party(side).clone(),
        };
        let due = case.deadline().map_or("no clock".to_owned(), |due| {
            let zone = TimeZone::get(&due.zone).unwrap();
            due.due_at.to_zoned(zone).strftime("%m-%d %H:%M").to_string()
        });
        format!("{} {turn} {due}", case.stage().code())
    }
}

fn instant(text: &str) -> Timestamp {
    format!("2026-{text}:00Z").parse().unwrap_or_else(|why| panic!("{text}: {why}"))
}

fn person(id: &str, role: Role) -> Person {
    Person { id: OfficerId::new(id).unwrap(), name: id.to_owned(), role }
}

fn words(text: &str) -> Prose {
    Prose::new(Lang::new("en").unwrap(), text).with(Lang::new("zh").unwrap(), format!("{text}（中文）"))
}

fn request(instrument: &Instrument, code: &str) -> Request {
    let rule = instrument.request_type(&TypeCode::new(code).unwrap()).unwrap();
    let value = |kind: &FieldKind| match kind {
        FieldKind::Prose => FieldValue::Prose(words("invented")),
        FieldKind::Choice { options } => FieldValue::Choice(options[0].0.clone()),
        FieldKind::Date => FieldValue::Date(jiff::civil::date(2026, 2, 2)),
        FieldKind::Interval => FieldValue::Interval { from: instant("01-01T00:00"), to: instant("01-02T00:00") },
        FieldKind::YesNo => FieldValue::YesNo(false),
        FieldKind::Penalty => FieldValue::Penalty(Penalty::YearsMax(5)),
        FieldKind::Indicators => FieldValue::Indicators("{}".to_owned()),
        _ => FieldValue::Line("invented".to_owned()),
    };
    Request {
        type_code: rule.code.clone(),
        to: OfficeId::new(B).unwrap(),
        title: words("a matter"),
        legal_basis: words("a basis"),
        urgency: Urgency::U3,
        urgency_reason: None,
        needed_by: None,
        purpose: words("a purpose"),
        evidential_use: false,
        mark: Tlp::AmberStrict,
        classification: Classification::Official,
        confidentiality: None,
        personal_data: true,
        exercise: true,
        contact: "desk@example.invalid".to_owned(),
        fields: rule.fields.iter().map(|field| (field.id.clone(), value(&field.kind))).collect(),
        attachments: Vec::new(),
        linked: Vec::new(),
        continues: None,
        drafter: person("d.rafter", Role::Drafter),
    }
}

fn acknowledge() -> Deed {
    Deed::Acknowledge {
        reference: "B-1".to_owned(),
        officer: person("b.officer", Role::Intake),
        contact: "24 h".to_owned(),
    }
}

fn missing() -> Deed {
    Deed::ReturnIncomplete { items: vec![MissingItem { field: "facts".to_owned(), want: words("more") }] }
}

fn supplement() -> Deed {
    let fields = BTreeMap::from([("facts".to_owned(), FieldValue::Prose(words("more")))]);
    Deed::Supplement { fields, attachments: Vec::new(), unable: BTreeMap::new(), note: words("here it is") }
}

/// Times are UTC; what stands is local to the side that must act. Working days over the Spring Festival with two
/// make-up Saturdays, checked by hand against the published calendars.
#[test]
fn clocks_run_pause_and_run_on() {
    fn check(steps: &[(&str, &str, Role, Deed, &str)], opened: &str, first: &str) {
        let mut world = World::submitted("MLA-EVD", opened);
        assert_eq!(world.stands(), first);
        for (at, office, role, deed, want) in steps {
            world.says(office, *role, at, deed.clone()).unwrap_or_else(|why| panic!("{at}: {why}"));
            assert_eq!(world.stands(), *want, "after {} at {at}", deed.kind().code());
        }
    }
    let take_up = || Deed::BeginReview {};
    check(
        &[
            ("02-26T01:00", B, Role::Intake, acknowledge(), "acknowledged CN 03-18 23:59"),
            ("02-27T01:00", B, Role::LegalReviewer, take_up(), "under-review CN 03-18 23:59"),
            ("03-04T02:00", B, Role::LegalReviewer, missing(), "returned-incomplete GB 05-05 23:59"),
            ("03-20T02:00", A, Role::Approver, supplement(), "supplemented CN 04-03 23:59"),
            ("03-23T02:00", B, Role::DecisionMaker, take_up(), "under-review CN 04-03 23:59"),
        ],
        "02-12T02:00",
        "delivered CN 02-26 23:59",
    );
    // After the cut-off in the capital that must act, the request counts as made on its next working day.
    check(&[], "02-12T09:30", "delivered CN 02-27 23:59");
}

#[test]
fn an_emergency_runs_in_hours_and_a_regrade_recounts_from_the_start() {
    let mut world = World::submitted("MLA-EVD", "03-02T02:00");
    world.says(B, Role::Intake, "03-02T03:00", acknowledge()).unwrap();
    let regrade = |urgency| Deed::Regrade { urgency, reason: words("life in danger") };
    world.says(B, Role::DecisionMaker, "03-02T03:10", regrade(Urgency::U0)).unwrap();
    assert_eq!(world.stands(), "acknowledged CN 03-02 14:00", "four hours from 10:00 local");
    let case = world.case();
    assert_eq!((case.request.urgency, case.urgency), (Urgency::U3, Urgency::U0), "both values are kept");
}

#[test]
fn silence_climbs_to_the_co_chairs_and_no_further() {
    let mut world = World::submitted("MLA-EVD", "02-12T02:00");
    assert_eq!(world.ticks("GB", "02-26T15:59"), Vec::<&str>::new(), "not before midnight in the other capital");
    for (at, level) in [("02-26T16:01", 1), ("03-04T16:01", 2), ("03-11T16:01", 3), ("03-25T16:01", 4)] {
        assert_eq!(world.ticks("CN", at), Vec::<&str>::new(), "the side that is late does not raise itself");
        assert_eq!(world.ticks("GB", at), ["escalate"], "{at}");
        assert_eq!(world.case().ladder.level, level);
        assert_eq!(world.stands(), "delivered CN 02-26 23:59", "the ladder never changes the stage");
    }
    assert_eq!(world.ticks("GB", "06-01T00:00"), Vec::<&str>::new());
    let answer = |level| Deed::AnswerEscalation { level, answer: words("we see to it") };
    let minister = world.instrument.rung(4).unwrap().offices[&PartyId::new("CN").unwrap()][0].to_string();
    world.says(&minister, Role::DecisionMaker, "06-01T01:00", answer(4)).unwrap();
    assert!(world.case().rungs[3].answer.is_some());
    assert!(world.says(A, Role::Approver, "06-01T01:05", answer(3)).is_err(), "only the late side answers");
    world.says(B, Role::Intake, "06-02T01:00", acknowledge()).unwrap();
    assert_eq!(world.case().ladder.level, 0, "an ended silence leaves the ladder");
    assert_eq!(world.case().rungs.len(), 4, "but the record keeps it");
}

#[test]
fn what_is_never_supplied_lapses_and_what_is_postponed_returns() {
    let mut world = World::submitted("MLA-EVD", "03-02T02:00");
    world.says(B, Role::Intake, "03-03T02:00", acknowledge()).unwrap();
    world.says(B, Role::Intake, "03-03T03:00", missing()).unwrap();
    assert_eq!(world.stands(), "returned-incomplete GB 05-05 23:59", "a Saturday and a bank holiday move it");
    assert_eq!(world.ticks("GB", "05-06T00:00"), Vec::<&str>::new());
    assert_eq!(world.ticks("CN", "05-06T00:00"), ["lapse"]);
    assert_eq!(world.stands(), "lapsed");

    let mut world = World::submitted("MLA-EVD", "03-02T02:00");
    world.says(B, Role::Intake, "03-03T02:00", acknowledge()).unwrap();
    world.says(B, Role::DecisionMaker, "03-04T02:00", Deed::BeginReview {}).unwrap();
    let until = |year| Deed::Postpone { reason: words("own trial"), review_on: jiff::civil::date(year, 4, 20) };
    let never = world.says(B, Role::DecisionMaker, "03-05T02:00", until(9999));
    assert_eq!(never, Err(Refusal::ReviewTooFar { days_max: 366 }), "a clock that never rings is none");
    let postpone = until(2026);
    world.says(B, Role::DecisionMaker, "03-05T02:00", postpone).unwrap();
    assert_eq!(world.stands(), "postponed CN 04-20 23:59");
    assert_eq!(world.ticks("CN", "04-20T17:00"), ["resume"]);
    assert_eq!(world.case().stage(), Stage::UnderReview);
}

#[test]
fn a_withdrawal_that_crosses_an_acceptance_wins_on_both_sides() {
    let mut world = World::submitted("MLA-EVD", "03-02T02:00");
    world.says(B, Role::Intake, "03-03T02:00", acknowledge()).unwrap();
    world.says(B, Role::DecisionMaker, "03-04T02:00", Deed::BeginReview {}).unwrap();
    let officer = |role| Author::Officer(person("o.fficer", role));
    let at = instant("03-05T02:00");
    let withdraw = Deed::Withdraw { reason: words("settled") };
    let withdrawal = world.decided(A, officer(Role::Approver), at, withdraw).unwrap();
    let acceptance = world.decided(B, officer(Role::DecisionMaker), at, Deed::Accept { note: None }).unwrap();
    let mut folds = Vec::new();
    for crossing in [[&withdrawal, &acceptance], [&acceptance, &withdrawal]] {
        let mut entries = world.entries.clone();
        entries.extend(crossing.map(|act| Entry { act: act.clone(), received_at: Some(at) }));
        let case = fold(&world.instrument, &entries).unwrap();
        assert_eq!(case.stage(), Stage::Withdrawn);
        folds.push(case.fingerprint());
    }
    assert_eq!(folds[0], folds[1], "both nodes fold alike whatever came first");
}

#[test]
fn one_return_one_reconsideration_and_no_acceptance_of_silence() {
    let mut world = World::submitted("MLA-EVD", "03-02T02:00");
    world.says(B, Role::Intake, "03-03T02:00", acknowledge()).unwrap();
    world.says(B, Role::Intake, "03-03T03:00", missing()).unwrap();
    world.says(A, Role::Approver, "03-04T10:00", supplement()).unwrap();
    world.says(B, Role::DecisionMaker, "03-05T02:00", Deed::BeginReview {}).unwrap();
    assert_eq!(world.says(B, Role::Intake, "03-05T03:00", missing()), Err(Refusal::AlreadyReturned));
    let refuse = Deed::Refuse {
        ground: Ground::EssentialInterests,
        reason: None,
        considered: words("neither part nor conditions serve"),
        withheld: true,
    };
    world.says(B, Role::DecisionMaker, "03-05T04:00", refuse).unwrap();
    let again = || Deed::Reconsider { argument: words("please look again") };
    world.says(A, Role::Approver, "03-06T10:00", again()).unwrap();
    assert_eq!(world.case().ladder.level, 2, "a reconsideration stands with the central authorities");
    let reopen = || Deed::Reopen { reason: words("new facts") };
    assert_eq!(world.says(B, Role::DecisionMaker, "03-09T02:00", reopen()), Err(Refusal::OwnRefusal));
    world.says_by("a.nother", B, Role::DecisionMaker, "03-09T02:00", reopen()).unwrap();
    assert!(world.stands().starts_with("under-review CN"), "the clock to decide begins anew: {}", world.stands());
}

/// Nothing is incomplete after notice (RF-12) before notice was given: for our own act and for the other Party's.
#[test]
fn incomplete_is_a_ground_only_after_the_one_return() {
    fn check(returned: bool, want: Result<(), Refusal>) {
        let mut world = World::submitted("MLA-EVD", "03-02T02:00");
        world.says(B, Role::Intake, "03-03T02:00", acknowledge()).unwrap();
        if returned {
            world.says(B, Role::Intake, "03-03T03:00", missing()).unwrap();
            world.says(A, Role::Approver, "03-04T10:00", supplement()).unwrap();
        }
        world.says(B, Role::DecisionMaker, "03-05T02:00", Deed::BeginReview {}).unwrap();
        let refuse = |ground| Deed::Refuse {
            ground,
            reason: Some(words("still without a name")),
            considered: words("neither part nor conditions serve"),
            withheld: false,
        };
        let at = instant("03-05T04:00");
        let decides = person("o.fficer", Role::DecisionMaker);
        let officer = rehearsal::author(ActKind::Refuse, decides, &OfficeId::new(B).unwrap());
        // A node that does not keep the rule sends it all the same.
        let mut sent = world.decided(B, officer, at, refuse(Ground::NotExecutable)).unwrap();
        sent.deed = refuse(Ground::Incomplete);
        let gb = PartyId::new("GB").unwrap();
        let admitted = crate::admit::admit(&world.instrument, &gb, &world.entries, &sent, at).map(drop);
        assert_eq!(admitted, want, "admitted, returned before: {returned}");
        assert_eq!(world.says(B, Role::DecisionMaker, "03-05T04:00", refuse(Ground::Incomplete)), want);
    }
    check(false, Err(Refusal::NotReturnedBefore));
    check(true, Ok(()));
}

/// Full reply only after the steps the instrument names; the answer's gates are demanded again.
#[test]
fn steps_come_before_a_full_answer() {
    let mut world = World::submitted("MLA-EVD", "03-02T02:00");
    world.says(B, Role::Intake, "03-03T02:00", acknowledge()).unwrap();
    world.says(B, Role::DecisionMaker, "03-04T02:00", Deed::BeginReview {}).unwrap();
    world.says(B, Role::DecisionMaker, "03-05T02:00", Deed::Accept { note: None }).unwrap();
    world.says(B, Role::DecisionMaker, "03-06T02:00", Deed::BeginExecution {}).unwrap();
    let respond = |extent| Deed::Respond { extent, answer: words("heard"), attachments: Vec::new() };
    let refused = world.says(B, Role::DecisionMaker, "03-09T02:00", respond(Extent::Full));
    assert!(matches!(refused, Err(Refusal::StepsOutstanding { .. })), "{refused:?}");
    for step in ["WITNESS_CONSENT", "HELD"] {
        let record = Deed::Record { step: step.to_owned(), note: words("done"), item: None, until: None };
        world.says(B, Role::DecisionMaker, "03-09T02:30", record).unwrap();
    }
    world.says(B, Role::DecisionMaker, "03-09T03:00", respond(Extent::Full)).unwrap();
    assert!(world.stands().starts_with("responded GB"), "{}", world.stands());
}

#[test]
fn a_recall_reaches_every_onward_recipient() {
    let mut world = World::submitted("MLA-BANK", "03-02T09:00");
    world.ticks("CN", "03-02T09:01");
    let seek = Deed::SeekConsent {
        kind: crate::act::ConsentKind::OnwardTransfer,
        recipient: "Customs".to_owned(),
        what: words("the request"),
    };
    world.says(B, Role::DecisionMaker, "03-02T10:00", seek).unwrap();
    let recall = || Deed::Recall { seq: 1, reason: words("another's account") };
    world.says(A, Role::Approver, "03-02T11:00", recall()).unwrap();
    let report = |number, complied, told: &[(&str, bool)]| Deed::ReportCompliance {
        number,
        complied,
        words: words("done"),
        recipients: told
            .iter()
            .map(|(name, complied)| crate::act::RecipientReport { recipient: (*name).to_owned(), complied: *complied })
            .collect(),
    };
    // Nobody was granted anything yet: there is nobody to name.
    world.says(B, Role::DecisionMaker, "03-02T11:30", report(1, true, &[])).unwrap();
    let give = Deed::GiveConsent { number: 1, granted: true, words: words("yes") };
    world.says(A, Role::Approver, "03-02T12:00", give).unwrap();
    world.says(A, Role::Approver, "03-02T12:30", recall()).unwrap();
    for told in [&[][..], &[("Customs", false)], &[("Police", true)], &[("Customs", true), ("Police", false)]] {
        let refused = world.says(B, Role::DecisionMaker, "03-02T13:00", report(2, true, told));
        assert!(matches!(refused, Err(Refusal::RecipientNotReached { .. })), "{told:?}: {refused:?}");
    }
    assert_eq!(world.case().care.retractions[1].report, None);
    world.says(B, Role::DecisionMaker, "03-02T13:00", report(2, true, &[("Customs", true)])).unwrap();
    let case = world.case();
    assert_eq!(case.care.recipients(Side::Requested), ["Customs"]);
    assert_eq!(case.care.recipients(Side::Requesting), [""; 0]);
    assert!(case.care.retractions[1].report.as_ref().is_some_and(|report| report.complied));
    let correct = Deed::Correct { seq: 1, correction: words("4712") };
    world.says(A, Role::Approver, "03-02T14:00", correct).unwrap();
    let kind = world.case().care.retracted(Side::Requesting, 1).map(|one| one.kind);
    assert_eq!(kind, Some(RetractionKind::Recall), "a correction does not undo a recall");
}
