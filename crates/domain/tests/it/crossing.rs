//! What simulated and random cases once found, each told as the shortest story: receipts that are still on their way must
//! not change what an act means to either side.

use domain::act::{Act, ActKind, Author, Deed, Role};
use domain::content::FieldValue;
use domain::decide::{Command, decide};
use domain::ids::TypeCode;
use domain::procedure::{Side, Stage};
use domain::rehearsal;
use jiff::SignedDuration;

use crate::matter::{Choices, Matter, shipped};

/// The desk that asks and the one that is asked.
const A: usize = 0;
const B: usize = 1;

impl Matter {
    /// A case that was submitted, or shown as a draft; nothing of it delivered.
    fn opened(first: ActKind) -> Self {
        let opens = |start: &u32| {
            let rule = TypeCode::new("MLA-BANK").unwrap();
            let matter = Self::open_with(shipped(), &rule, B, Choices::seeded(*start));
            (matter.entries[A][0].act.deed.kind() == first).then_some(matter)
        };
        (0..100).find_map(|start| opens(&start)).unwrap()
    }

    /// An officer of a desk pushes a button, with everything it asks for.
    fn push(&mut self, desk: usize, role: Role, kind: ActKind) -> &mut Self {
        let side = if desk == A { Side::Requesting } else { Side::Requested };
        let case = self.case(desk).unwrap();
        let command = self.command(&case, side, role, kind).unwrap();
        self.enter(desk, command).unwrap();
        self
    }

    fn pass(&mut self, hours: i64) -> &mut Self {
        self.now = self.now.saturating_add(SignedDuration::from_hours(hours)).unwrap();
        self
    }

    /// Everything arrives, and both sides agree.
    fn agree(&mut self) {
        self.settle();
        self.check_settled();
    }
}

#[test]
fn a_first_act_that_needs_the_request_delivered_stands_before_its_receipt_is_back() {
    let mut matter = Matter::opened(ActKind::Submit);
    matter.receive(B);
    matter.push(B, Role::Intake, ActKind::Regrade).receive(A);
    matter.agree();
}

#[test]
fn the_ladder_climbed_without_receipts_is_the_ladder_climbed_with_them() {
    let mut matter = Matter::opened(ActKind::Preconsult);
    matter.push(A, Role::Liaison, ActKind::Escalate).push(A, Role::Approver, ActKind::Submit);
    matter.push(A, Role::Approver, ActKind::Withdraw).push(A, Role::Liaison, ActKind::Escalate);
    matter.agree();
}

#[test]
fn a_paused_clock_runs_on_from_what_was_awaited_and_not_from_what_crossed_it() {
    let mut matter = Matter::opened(ActKind::Submit);
    matter.receive(B);
    matter.push(B, Role::Intake, ActKind::Acknowledge).push(B, Role::Intake, ActKind::ReturnIncomplete);
    matter.settle();
    matter.pass(24).push(B, Role::Intake, ActKind::Ask);
    matter.pass(24).push(A, Role::Approver, ActKind::Supplement);
    matter.receive(A);
    let waits = matter.case(A).unwrap();
    assert_eq!(waits.stage(), Stage::Supplemented);
    assert!(waits.deadline().is_none(), "A cannot know yet when B received the supplement");
    matter.pass(24).agree();
}

#[test]
fn a_draft_shown_has_a_clock_and_the_request_submitted_its_own_urgency() {
    let mut matter = Matter::opened(ActKind::Preconsult);
    matter.settle();
    assert!(matter.case(B).unwrap().deadline().is_some());
    matter.push(A, Role::Approver, ActKind::Submit).agree();
    let case = matter.case(A).unwrap();
    assert_eq!(case.urgency, case.request.urgency);
}

#[test]
fn a_clock_set_back_is_refused_at_home_and_not_by_the_other_side() {
    let mut matter = Matter::opened(ActKind::Submit);
    matter.receive(B);
    matter.pass(-1);
    let case = matter.case(B).unwrap();
    let office = case.office(Side::Requested).clone();
    let author = Author::Officer(rehearsal::officer(&office, Role::Intake));
    let command = matter.command(&case, Side::Requested, Role::Intake, ActKind::Acknowledge).unwrap();
    let refused = matter.enter(B, Command { author, ..command });
    assert_eq!(refused.unwrap_err().code(), "impossible-time");
}

/// It would lapse the moment it came, and nobody would have read it.
#[test]
fn a_notice_that_is_over_is_not_sent() {
    let rule = TypeCode::new("ALERT").unwrap();
    let matter = Matter::open_with(shipped(), &rule, B, Choices::seeded(1));
    let Act { case, office, author, gates, deed, .. } = matter.entries[A][0].act.clone();
    let Deed::Submit { request } = deed else { panic!("a notice is submitted at once") };
    for (day, sent) in [("2026-03-01", false), ("2026-03-02", true), ("2026-03-03", true)] {
        let mut request = request.clone();
        request.fields.insert("expires".to_owned(), FieldValue::Date(day.parse().unwrap()));
        let (case, office, author, gates) = (case.clone(), office.clone(), author.clone(), gates.clone());
        let command = Command { case, office, author, gates, deed: Deed::Submit { request } };
        let decided = decide(matter.instrument, &matter.parties[A], &[], command, matter.now);
        assert_eq!(decided.map_err(|why| why.code()).err(), (!sent).then_some("date-not-ahead"), "{day}");
    }
}

#[test]
fn an_act_dated_ahead_does_not_let_a_clock_run_out() {
    let mut matter = Matter::opened(ActKind::Submit);
    matter.settle();
    let case = matter.case(A).unwrap();
    let honest = matter.now;
    matter.pass(24 * 800);
    let office = case.office(Side::Requesting).clone();
    let deed = Deed::Escalate { level: 1, reason: None };
    let command = Command { case: case.id, office, author: Author::Machine, gates: Vec::new(), deed };
    matter.enter(A, command).unwrap();
    let forged = matter.entries[A].last().unwrap().act.clone();
    let admitted = domain::admit::admit(matter.instrument, &matter.parties[B], &matter.entries[B], &forged, honest);
    assert_eq!(admitted.unwrap_err().code(), "impossible-time");
}

/// A mark that crosses a new version in the post was made of the old one: it says nothing of the new, on neither side.
#[test]
fn a_comparison_that_crosses_a_new_version_counts_for_nothing() {
    let mut matter = Matter::open_with(shipped(), &TypeCode::new("CNS").unwrap(), A, Choices::seeded(1));
    matter.settle();
    let officer = rehearsal::officer(matter.case(B).unwrap().office(Side::Requested), Role::Intake);
    let text = || crate::newtype::words();
    let proposes = || Deed::ProposeText { text: text(), note: None };
    let compares = || Deed::Record { step: "AUTHENTICATED".to_owned(), note: text(), item: None, until: None };
    matter.say(B, Role::Intake, Deed::Acknowledge { reference: "B-1".to_owned(), officer, contact: "desk".to_owned() });
    matter.say(A, Role::Approver, proposes());
    for (desk, role, deed) in [(B, Role::DecisionMaker, compares()), (A, Role::Approver, proposes())] {
        let command = matter.worded(desk, role, deed);
        matter.enter(desk, command).unwrap();
    }
    matter.settle();
    matter.check_settled();
    let stands = |matter: &Matter| [A, B].map(|desk| matter.case(desk).unwrap().steps.has("AUTHENTICATED"));
    assert_eq!(stands(&matter), [false, false]);
    matter.say(B, Role::DecisionMaker, compares());
    assert_eq!(stands(&matter), [true, true]);
}
