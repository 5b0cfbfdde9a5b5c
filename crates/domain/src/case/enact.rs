//! What each act does to a case.
//!
//! Owns the effects: state, clocks, ladder, undertakings. Must not judge: `judge::place` has said the act fits.

use std::collections::{BTreeMap, BTreeSet};

use super::clocks::{self, climb, regrade};
use super::{
    Adoption, Booking, Care, Case, Check, Compliance, Consent, Contact, Deletion, Forwarded, Item, Ladder, Mask,
    Period, Position, Question, Reference, Retraction, RetractionKind, Run, Rung, Seen, State, StepTaken, Steps, Talk,
    Task, Undertaking, Version, opening,
};
use crate::act::{Act, ActKind, ConsentKind, Deed};
use crate::asset::AssetLedger;
use crate::clock::ClockKind;
use crate::instrument::Instrument;
use crate::procedure::{self, ProcedureKind, Side, Stage, To};

/// Opens a case with its first act. `None` when the act opens none.
pub(super) fn open(instrument: &Instrument, entry: Seen<'_>) -> Option<Case> {
    let act = entry.act;
    let request = opening(&act.deed)?.clone();
    let mut case = Case {
        id: act.case.clone(),
        instrument: instrument.hash(),
        adoption: Adoption::default(),
        type_code: request.type_code.clone(),
        procedure: instrument.request_type(&request.type_code)?.procedure,
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
        refused_by: None,
        care: Care::default(),
        talk: Talk::default(),
        both: BTreeMap::new(),
        period: Period::default(),
        assets: AssetLedger::default(),
        bookings: Vec::new(),
        norms: Vec::new(),
        contacts: Vec::new(),
        preserved: Vec::new(),
        steps: Steps::default(),
        run: Run::default(),
        questions: Vec::new(),
        gates: Vec::new(),
        heads: BTreeMap::new(),
        record: Vec::new(),
        opened_at: act.at,
        delivered_at: None,
        over_since: None,
        updated_at: act.at,
    };
    enact(&mut case, instrument, entry);
    case.over_since = case.is_over().then_some(act.at);
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
pub(super) fn enact(case: &mut Case, instrument: &Instrument, entry: Seen<'_>) {
    let act = entry.act;
    let opens = case.record.is_empty() || matches!(act.deed, Deed::Submit { .. });
    let (before, silence, urgency) = (if opens { None } else { case.waits() }, case.silence(), case.urgency);
    let side = case.side(&act.by).unwrap_or(Side::Requesting);
    case.gates.extend(act.gates.iter().map(|answer| (act.by.clone(), answer.clone())));
    effects(case, instrument, act, side);
    accounts(case, act, side);
    talk(case, act, side);
    agenda(case, act, side);
    care(case, instrument, entry, side);
    if let Some(state) = next_state(case, act, side) {
        if state.stage() != case.stage() {
            case.both.clear();
        }
        case.state = state;
    }
    clocks::run(case, instrument, entry, side, before);
    if let Some(received_at) = entry.received_at.filter(|_| matches!(act.deed, Deed::Submit { .. })) {
        clocks::deliver(case, instrument, received_at);
    }
    let another_silence = case.silence() != silence || case.urgency != urgency;
    clocks::stand_on_ladder(case, another_silence || opens);
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
        Deed::Refuse { .. } => case.refused_by = act.author.officer().map(|person| person.id.clone()),
        Deed::Reconsider { .. } => case.reconsidered = true,
        Deed::Record { step, note, item, until } => case.steps.0.push(StepTaken {
            code: step.clone(),
            note: note.clone(),
            item: item.clone(),
            until: *until,
            by: side,
            office: act.office.clone(),
            at: act.at,
            void: false,
        }),
        Deed::ProposeText { .. } => {
            if let Some(rule) = case.rule(instrument) {
                case.steps.renew_text(rule);
            }
        }
        Deed::Preserve { what, until } => case.preserved.push((what.clone(), *until)),
        Deed::Match { step } => case.run.take(step, side, act.at),
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

/// What an act does to property, to the time agreed, and to what is cited and noted.
fn accounts(case: &mut Case, act: &Act, side: Side) {
    match &act.deed {
        Deed::BookAsset { asset, movement, amount, note } => {
            case.assets.book(side, asset, *movement, amount);
            case.bookings.push(Booking {
                by: side,
                asset: asset.clone(),
                movement: *movement,
                amount: amount.clone(),
                note: note.clone(),
                at: act.at,
            });
        }
        Deed::Extend { until, .. } => {
            case.period.named.insert(side, *until);
            if case.period.named.get(&side.other()) == Some(until) {
                case.period = Period { until: Some(*until), named: BTreeMap::new() };
            }
        }
        Deed::Adopt { instrument, .. } if *instrument == case.instrument => {
            case.adoption.named.remove(&side.other());
        }
        Deed::Adopt { instrument, .. } => drop(case.adoption.named.insert(side, *instrument)),
        Deed::CiteNorm { norm, words } => case.norms.push((side, norm.clone(), words.clone())),
        Deed::LogContact { level, means, words } => case.contacts.push(Contact {
            by: side,
            level: *level,
            means: means.clone(),
            words: words.clone(),
            at: act.at,
        }),
        _ => {}
    }
}

/// What an act says about a text.
fn talk(case: &mut Case, act: &Act, side: Side) {
    let talk = &mut case.talk;
    match &act.deed {
        Deed::StatePosition { position } => {
            talk.positions.push(Position { by: side, words: position.clone(), at: act.at });
        }
        Deed::ProposeText { text, note } => talk.versions.push(Version {
            by: side,
            seq: act.seq,
            text: text.clone(),
            note: note.clone(),
            at: act.at,
            signed: BTreeSet::new(),
        }),
        Deed::Reserve { reservation } => {
            talk.reservations.push(Position { by: side, words: reservation.clone(), at: act.at });
        }
        Deed::SignText { .. } => {
            if let Some(version) = talk.versions.last_mut() {
                version.signed.insert(side);
            }
        }
        _ => return,
    }
    talk.spoke_last = Some(side);
}

/// What an act does to the agenda of a meeting. It is no word on the text, so it takes nobody's turn.
fn agenda(case: &mut Case, act: &Act, side: Side) {
    match &act.deed {
        Deed::TableItem { topic, about } => case.talk.items.push(Item {
            by: side,
            topic: topic.clone(),
            about: about.clone(),
            at: act.at,
            outcome: None,
        }),
        Deed::SettleItem { number, outcome } => {
            if let Some(item) = numbered(&mut case.talk.items, *number) {
                item.outcome = Some((side, outcome.clone(), act.at));
            }
        }
        _ => {}
    }
}

/// What an act does for the care of what was handed over.
fn care(case: &mut Case, instrument: &Instrument, entry: Seen<'_>, side: Side) {
    let act = entry.act;
    let duty = |case: &Case, kind| clocks::duty(case, instrument, kind, side.other(), entry.received_at);
    match &act.deed {
        Deed::SeekConsent { kind, recipient, what } => {
            let clock = duty(case, ClockKind::Consent);
            let (kind, recipient, what): (ConsentKind, _, _) = (*kind, recipient.clone(), what.clone());
            case.care.consents.push(Consent { by: side, kind, recipient, what, clock, answer: None });
        }
        Deed::GiveConsent { number, granted, words } => {
            if let Some(one) = numbered(&mut case.care.consents, *number) {
                one.answer = Some((*granted, words.clone(), act.at));
            }
        }
        Deed::Forward { to, fields, files, acts, reason } => case.care.forwards.push(Forwarded {
            by: side,
            seq: act.seq,
            from: act.office.clone(),
            to: to.clone(),
            mask: Mask {
                fields: fields.iter().cloned().collect(),
                files: files.iter().copied().collect(),
                acts: acts.iter().cloned().collect(),
            },
            words: reason.clone(),
            at: act.at,
        }),
        Deed::Recall { seq, reason: words } | Deed::Correct { seq, correction: words } => {
            let recall = matches!(act.deed, Deed::Recall { .. });
            let kind = if recall { RetractionKind::Recall } else { RetractionKind::Correction };
            let clock = duty(case, ClockKind::Compliance);
            let words = words.clone();
            case.care.retractions.push(Retraction { by: side, seq: *seq, kind, words, clock, report: None });
        }
        Deed::ReportCompliance { number, complied, words, recipients } => {
            if let Some(one) = numbered(&mut case.care.retractions, *number) {
                let (words, recipients) = (words.clone(), recipients.clone());
                one.report = Some(Compliance { complied: *complied, words, recipients, at: act.at });
            }
        }
        Deed::CertifyDeletion { erased } => {
            case.care.deletions.push(Deletion { by: act.by.clone(), erased: erased.clone(), at: act.at });
        }
        _ => promises(case, instrument, act, side),
    }
}

/// What an act does for what is promised: by conditions accepted or at a meeting, until it is discharged.
fn promises(case: &mut Case, instrument: &Instrument, act: &Act, side: Side) {
    match &act.deed {
        Deed::AcceptConditions { undertaking } => {
            if let State::ConditionsOffered { conditions } = &case.state {
                case.care.undertakings.push(Undertaking {
                    conditions: conditions.clone(),
                    words: undertaking.clone(),
                    by: act.office.clone(),
                    at: act.at,
                    checks: Vec::new(),
                    discharged: None,
                    task: None,
                });
            }
        }
        Deed::Undertake { what, owner, due_on, item } => {
            let clock = clocks::by_day(case, instrument, side, *due_on, act.at);
            case.care.undertakings.push(Undertaking {
                conditions: Vec::new(),
                words: what.clone(),
                by: act.office.clone(),
                at: act.at,
                checks: Vec::new(),
                discharged: None,
                task: Some(Task { owner: owner.clone(), side, due_on: *due_on, item: *item, clock }),
            });
        }
        Deed::CheckUndertaking { number, kept, note } => {
            let check = Check { by: side, kept: *kept, note: note.clone(), at: act.at };
            if let Some(one) = numbered(&mut case.care.undertakings, *number) {
                one.checks.push(check);
            }
        }
        Deed::DischargeUndertaking { number, reason } => {
            if let Some(one) = numbered(&mut case.care.undertakings, *number) {
                one.discharged = Some((reason.clone(), act.at));
            }
        }
        _ => {}
    }
}

/// The object of this number, counted from 1.
fn numbered<T>(list: &mut [T], number: u32) -> Option<&mut T> {
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    list.get_mut(place)
}

/// The state an act leads to, by the table; `None` when it stays.
fn next_state(case: &mut Case, act: &Act, side: Side) -> Option<State> {
    let row = procedure::rows(case.procedure, stage_before(case, act), act.deed.kind()).next()?;
    match row.to {
        To::Stay => None,
        To::Stage(_) => state_after(case, act, side),
        To::WhenBoth(_) => {
            let done = case.both.entry(act.deed.kind()).or_default();
            done.insert(side);
            // A text counts the signatures under the version on the table, which a new version starts anew.
            let both =
                if matches!(act.deed, Deed::SignText { .. }) { case.talk.agreed().is_some() } else { done.len() == 2 };
            if both { state_after(case, act, side) } else { None }
        }
    }
}

/// The state an act that leads on brings about, with what it holds.
fn state_after(case: &Case, act: &Act, side: Side) -> Option<State> {
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
        // A plan is weighed anew where it was: it has no review of its own.
        Deed::DeclineConditions { .. } if case.procedure == ProcedureKind::Joint => State::Acknowledged,
        Deed::BeginReview {} | Deed::Resume {} | Deed::Reopen { .. } | Deed::DeclineConditions { .. } => {
            State::UnderReview
        }
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
        Deed::Close { .. } | Deed::ConfirmRelease { .. } | Deed::Conclude { .. } => {
            State::Closed { from: case.stage() }
        }
        Deed::StatePosition { .. } | Deed::ProposeText { .. } => State::Negotiating,
        Deed::SignText { version, .. } => State::Signed { version: *version },
        Deed::Authorise { .. } => State::Live,
        Deed::Abort { .. } => State::Aborted { by: side },
        Deed::Withdraw { .. } => State::Withdrawn,
        Deed::Lapse {} => State::Lapsed,
        // The tables let no other act lead anywhere.
        _ => return None,
    })
}

/// A case being opened stands where the draft stood.
fn stage_before(case: &Case, act: &Act) -> Stage {
    if case.record.is_empty() && opening(&act.deed).is_some() { Stage::Draft } else { case.stage() }
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
