//! What each act does to a case.
//!
//! Owns the effects: state, clocks, ladder, undertakings. Must not judge: `judge::place` has said the act fits.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Case, Entry, Ladder, Question, Reference, Rung, State, Undertaking, opening};
use crate::act::{Act, ActKind, Deed};
use crate::calendar::Calendar;
use crate::clock::{Clock, ClockKind};
use crate::deadline::{self, Span};
use crate::instrument::Instrument;
use crate::procedure::{self, Side, To, Wait};

/// The clocks that wait while the matter waits for the other side.
const PAUSABLE: [ClockKind; 2] = [ClockKind::Decision, ClockKind::Completion];

/// Opens a case with its first act. `None` when the act opens none.
pub(super) fn open(instrument: &Instrument, entry: &Entry) -> Option<Case> {
    let act = &entry.act;
    let request = opening(&act.deed)?.clone();
    let mut case = Case {
        id: act.case.clone(),
        instrument: instrument.hash(),
        type_code: request.type_code.clone(),
        requesting: act.by.clone(),
        requested: request.to.party(),
        requesting_office: act.office.clone(),
        requested_office: request.to.clone(),
        urgency: request.urgency,
        request,
        state: State::Preconsulted,
        reference: None,
        clocks: BTreeMap::new(),
        ladder: Ladder::default(),
        rungs: Vec::new(),
        returned: false,
        reconsidered: false,
        undertakings: Vec::new(),
        preserved: Vec::new(),
        steps: Vec::new(),
        questions: Vec::new(),
        gates: Vec::new(),
        heads: BTreeMap::new(),
        record: Vec::new(),
        opened_at: act.at,
        delivered_at: None,
        updated_at: act.at,
    };
    enact(&mut case, instrument, entry);
    case.heads.insert(act.by.clone(), act.seq);
    case.record.push(super::Recorded {
        by: act.by.clone(),
        seq: act.seq,
        kind: act.deed.kind(),
        stage: case.stage(),
        moot: None,
        delivered: entry.received_at.is_some(),
    });
    Some(case)
}

/// Carries out an act that fits.
pub(super) fn enact(case: &mut Case, instrument: &Instrument, entry: &Entry) {
    let act = &entry.act;
    let (before, urgency) = (procedure::wait(stage_before(case, act)), case.urgency);
    let side = case.side(&act.by).unwrap_or(Side::Requesting);
    case.gates.extend(act.gates.iter().map(|answer| (act.by.clone(), answer.clone())));
    effects(case, instrument, act, side);
    if let Some(state) = next_state(case, act) {
        case.state = state;
    }
    run_clocks(case, instrument, entry, side, before);
    if matches!(act.deed, Deed::Submit { .. })
        && let Some(received_at) = entry.received_at
    {
        deliver(case, instrument, received_at);
    }
    let another_silence = procedure::wait(case.stage()) != before || case.urgency != urgency;
    stand_on_ladder(case, another_silence || matches!(act.deed, Deed::Submit { .. }));
}

/// The receipt for the request is in: the requested side's clocks begin.
fn deliver(case: &mut Case, instrument: &Instrument, received_at: Timestamp) {
    case.state = State::Delivered;
    case.delivered_at = Some(received_at);
    for kind in [ClockKind::Ack, ClockKind::Decision, ClockKind::Completion] {
        start(case, instrument, kind, Side::Requested, received_at);
    }
}

/// What an act changes besides the state.
fn effects(case: &mut Case, instrument: &Instrument, act: &Act, side: Side) {
    match &act.deed {
        Deed::Submit { request } => {
            case.urgency = request.urgency;
            case.request = (**request).clone();
        }
        Deed::Acknowledge { reference, officer, contact } => {
            case.reference =
                Some(Reference { number: reference.clone(), officer: officer.clone(), contact: contact.clone() });
        }
        Deed::Transfer { to, .. } => case.requested_office = to.clone(),
        Deed::ReturnIncomplete { .. } => case.returned = true,
        Deed::Supplement { fields, attachments, .. } => {
            case.request.fields.extend(fields.clone());
            case.request.attachments.extend(attachments.iter().cloned());
        }
        Deed::AcceptConditions { undertaking } => {
            if let State::ConditionsOffered { conditions } = &case.state {
                let given = Undertaking {
                    conditions: conditions.clone(),
                    words: undertaking.clone(),
                    by: act.office.clone(),
                    at: act.at,
                };
                case.undertakings.push(given);
            }
        }
        Deed::Reconsider { .. } => case.reconsidered = true,
        Deed::Record { step, note } => case.steps.push((step.clone(), note.clone(), act.at)),
        Deed::Preserve { what, until } => case.preserved.push((what.clone(), *until)),
        Deed::Ask { question } => {
            case.questions.push(Question { by: side, question: question.clone(), reply: None });
        }
        Deed::Reply { question, answer } => {
            let place = usize::try_from(*question).unwrap_or(usize::MAX);
            if let Some(asked) = place.checked_sub(1).and_then(|place| case.questions.get_mut(place)) {
                asked.reply = Some(answer.clone());
            }
        }
        Deed::Regrade { urgency, .. } => regrade(case, instrument, *urgency),
        Deed::Escalate { level, reason } => climb(case, instrument, *level, reason.clone(), act.at),
        Deed::AnswerEscalation { level, answer } => {
            let open = |rung: &&mut Rung| rung.level == *level && rung.side == side && rung.answer.is_none();
            let open = case.rungs.iter_mut().rev().find(open);
            if let Some(rung) = open {
                rung.answer = Some((answer.clone(), act.at));
            }
        }
        _ => {}
    }
}

/// The state an act leads to, by the table; `None` when it stays.
fn next_state(case: &Case, act: &Act) -> Option<State> {
    let row = procedure::rows(stage_before(case, act), act.deed.kind()).next()?;
    if row.to == To::Stay {
        return None;
    }
    let ground = match &case.state {
        State::Refused { ground } | State::Reconsidering { ground } | State::Upheld { ground } => Some(*ground),
        _ => None,
    };
    let extent = match &case.state {
        State::Responded { extent } | State::OutcomeDue { extent } => Some(*extent),
        _ => None,
    };
    Some(match &act.deed {
        Deed::Preconsult { .. } => State::Preconsulted,
        Deed::Advise { .. } => State::Advised,
        Deed::Submit { .. } => State::Submitted,
        Deed::Acknowledge { .. } => State::Acknowledged,
        Deed::BeginReview {} | Deed::Resume {} | Deed::Reopen { .. } => State::UnderReview,
        Deed::Transfer { .. } => State::Transferred,
        Deed::ReturnIncomplete { items } => State::ReturnedIncomplete { items: items.clone() },
        Deed::Supplement { .. } => State::Supplemented,
        Deed::OfferConditions { conditions } => State::ConditionsOffered { conditions: conditions.clone() },
        Deed::AcceptConditions { .. } => State::ConditionsAccepted,
        Deed::Postpone { review_on, reason } => State::Postponed { review_on: *review_on, reason: reason.clone() },
        Deed::Accept { .. } => State::Accepted,
        Deed::AcceptPart { scope } => State::PartlyAccepted { scope: scope.clone() },
        Deed::Refuse { ground, .. } => State::Refused { ground: *ground },
        Deed::Reconsider { .. } => State::Reconsidering { ground: ground? },
        Deed::Uphold { .. } => State::Upheld { ground: ground? },
        Deed::BeginExecution {} => State::InExecution,
        Deed::Respond { extent, .. } => State::Responded { extent: *extent },
        Deed::RemindOutcome {} => State::OutcomeDue { extent: extent? },
        Deed::ReportOutcome { usefulness, .. } => State::OutcomeReported { usefulness: *usefulness },
        Deed::Close { .. } | Deed::ConfirmRelease { .. } => State::Closed { from: case.stage() },
        Deed::Withdraw { .. } => State::Withdrawn,
        Deed::Lapse {} => State::Lapsed,
        Deed::Record { .. }
        | Deed::Preserve { .. }
        | Deed::Interim { .. }
        | Deed::Ask { .. }
        | Deed::Reply { .. }
        | Deed::Regrade { .. }
        | Deed::Escalate { .. }
        | Deed::AnswerEscalation { .. } => return None,
    })
}

/// A case being opened stands where the draft stood.
fn stage_before(case: &Case, act: &Act) -> procedure::Stage {
    if case.record.is_empty() && opening(&act.deed).is_some() { procedure::Stage::Draft } else { case.stage() }
}

/// Starts, pauses and resumes clocks on the way from one wait to the next.
fn run_clocks(case: &mut Case, instrument: &Instrument, entry: &Entry, by: Side, before: Wait) {
    let after = procedure::wait(case.stage());
    let effective = |side: Side| if side == by { Some(entry.act.at) } else { entry.received_at };
    if matches!(entry.act.deed, Deed::Reopen { .. }) {
        case.clocks.remove(&ClockKind::Decision);
        case.clocks.remove(&ClockKind::Completion);
    }
    let Wait::For(side, kind) = after else {
        return;
    };
    let calendar = calendar_of(case, instrument, Side::Requested);
    for pausable in PAUSABLE {
        let Some(calendar) = calendar else { break };
        let Some(clock) = case.clocks.get_mut(&pausable) else { continue };
        // Only the act that ends a pause lets a clock run on, from its own receipt. Were that not known yet and a later
        // act's time taken instead, the two sides would count from different days.
        if pauses(after) {
            clock.pause(entry.act.at, calendar);
        } else if pauses(before)
            && let Some(at) = effective(Side::Requested)
        {
            clock.resume(at, calendar);
        }
    }
    if let Deed::Postpone { review_on, .. } = &entry.act.deed {
        review_clock(case, instrument, *review_on, entry.act.at);
        return;
    }
    let kept = PAUSABLE.contains(&kind) && case.clocks.contains_key(&kind);
    if after == before || kept {
        return;
    }
    // A decision clock normally began with the request's receipt. Should that receipt still be on its way when the
    // answer is here, the answer's own time stands in until it comes.
    if let Some(at) = effective(side) {
        start(case, instrument, kind, side, at);
        if PAUSABLE.contains(&kind) && kind == ClockKind::Decision {
            start(case, instrument, ClockKind::Completion, side, at);
        }
    } else {
        case.clocks.remove(&kind);
    }
}

/// Whether the requested side's clocks stand still: it waits for the other side, or for the date it put the matter off to.
fn pauses(wait: Wait) -> bool {
    matches!(wait, Wait::For(_, ClockKind::Supplement | ClockKind::Conditions | ClockKind::Review))
}

/// Starts the clock of a kind by the length the instrument gives it at the urgency in force.
fn start(case: &mut Case, instrument: &Instrument, kind: ClockKind, side: Side, at: Timestamp) {
    let span = case.rule(instrument).and_then(|rule| rule.clock(case.urgency, kind));
    if let (Some(span), Some(calendar)) = (span, calendar_of(case, instrument, side)) {
        let clock = Clock::start(kind, side, span, at, case.request.needed_by, calendar);
        case.clocks.insert(kind, clock);
    }
}

/// The review of a postponed matter is due at the end of the day named.
fn review_clock(case: &mut Case, instrument: &Instrument, review_on: jiff::civil::Date, at: Timestamp) {
    let Some(calendar) = calendar_of(case, instrument, Side::Requested) else { return };
    let clock = Clock::start(ClockKind::Review, Side::Requested, Span::NeededBy, at, Some(review_on), calendar);
    case.clocks.insert(ClockKind::Review, clock);
}

/// Another urgency gives the running clocks another length, counted from where they began.
fn regrade(case: &mut Case, instrument: &Instrument, urgency: crate::act::Urgency) {
    case.urgency = urgency;
    for kind in [ClockKind::Ack, ClockKind::Decision, ClockKind::Completion] {
        if let Some(clock) = case.clocks.get(&kind) {
            let (side, at) = (clock.side, clock.started_at);
            start(case, instrument, kind, side, at);
        }
    }
}

/// Reaches a rung: the level's own duty to answer begins.
fn climb(case: &mut Case, instrument: &Instrument, level: u8, reason: Option<crate::text::Prose>, at: Timestamp) {
    let Some((side, _)) = case.turn() else { return };
    let rung = instrument.rung(level);
    if let (Some(rung), Some(calendar)) = (rung, calendar_of(case, instrument, side)) {
        let span = if case.is_urgent() { rung.answer_urgent } else { rung.answer };
        let answer_due = deadline::after(span, at, None, calendar);
        case.rungs.push(Rung { level, at, side, reason, answer_due, answer: None });
    }
    case.ladder.level = level;
}

/// A silence that has ended leaves the ladder; the next one begins at its foot. Reconsideration begins at the central
/// authorities (domain reference §2.2). That a deadline becomes known is no new silence: which receipts have come in
/// differs between the sides, and what an act says of the ladder must mean the same to both.
fn stand_on_ladder(case: &mut Case, another_silence: bool) {
    if another_silence {
        let level = if matches!(case.state, State::Reconsidering { .. }) { RECONSIDERATION_LEVEL } else { 0 };
        case.ladder = Ladder { level, for_due_at: None };
    }
    case.ladder.for_due_at = case.deadline().map(|due| due.due_at);
}

/// The level at which refusals are reconsidered.
pub const RECONSIDERATION_LEVEL: u8 = 2;

fn calendar_of<'i>(case: &Case, instrument: &'i Instrument, side: Side) -> Option<&'i Calendar> {
    instrument.party(case.party(side)).map(|party| &party.calendar)
}

impl Case {
    /// Whether the urgent lengths of the ladder apply.
    #[must_use]
    pub fn is_urgent(&self) -> bool {
        matches!(self.urgency, crate::act::Urgency::U0 | crate::act::Urgency::U1)
    }

    /// Whether an act of this kind was ever recorded with effect.
    #[must_use]
    pub fn has(&self, kind: ActKind) -> bool {
        self.record.iter().any(|entry| entry.kind == kind && entry.moot.is_none())
    }
}
