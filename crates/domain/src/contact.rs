//! Whether the desks of counterpart offices answer: who was checked when, whose desk is vacant, which check is due.
//!
//! Owns what follows from the contact checks of two offices. Must not know what a check says, nor who sits at a desk. Both
//! nodes hold the same acts and come to the same.

use jiff::{SignedDuration, Timestamp};

use crate::account::CaseFacts;
use crate::act::ActKind;
use crate::clock::ClockKind;
use crate::ids::{CaseId, OfficeId, TypeCode};
use crate::instrument::{Instrument, RequestType, TypeStatus};

/// One office and the counterpart it checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskCheck {
    /// Who checks.
    pub by: OfficeId,
    /// Whose desk.
    pub desk: OfficeId,
    /// The type a check is a matter of.
    pub type_code: TypeCode,
    /// What the last check says of it.
    pub standing: DeskStanding,
}

/// What is known of a desk from the last check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskStanding {
    /// It answered, and the next check is not due yet.
    Answered {
        /// The check.
        case: CaseId,
        /// When.
        at: Timestamp,
    },
    /// It is asked, and still has time.
    Asked {
        /// The check.
        case: CaseId,
        /// Until when; none before the check has arrived.
        until: Option<Timestamp>,
    },
    /// It did not answer in time: nobody sits there, as far as anybody knows.
    Vacant {
        /// The check.
        case: CaseId,
        /// Since when.
        since: Timestamp,
    },
    /// A check is due: there was none, or the last is too long ago.
    Due {
        /// When it last answered.
        last: Option<Timestamp>,
    },
}

impl DeskStanding {
    /// The stable code of its words.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Answered { .. } => "answered",
            Self::Asked { .. } => "asked",
            Self::Vacant { .. } => "vacant",
            Self::Due { .. } => "due",
        }
    }
}

/// Every office that checks a counterpart, in the order of the instrument; exercises and live matters apart.
#[must_use]
pub fn desks<'f>(
    instrument: &Instrument,
    facts: impl IntoIterator<Item = &'f CaseFacts>,
    exercise: bool,
    now: Timestamp,
) -> Vec<DeskCheck> {
    let on = |rule: &&RequestType| rule.status == TypeStatus::On;
    let rules = instrument.types().values().filter(on).filter_map(|rule| Some((rule, rule.checks?)));
    let Some((rule, days)) = rules.into_iter().next() else { return Vec::new() };
    let counted = |facts: &&CaseFacts| facts.exercise == exercise && facts.type_code == rule.code;
    let checks: Vec<&CaseFacts> = facts.into_iter().filter(counted).collect();
    let mut found = Vec::new();
    for office in instrument.offices().values().filter(|office| rule.may_send.contains(&office.id)) {
        for desk in office.counterparts.iter().filter(|desk| rule.may_receive.contains(desk)) {
            let between = |one: &&&CaseFacts| one.requesting_office == office.id && one.requested_office == *desk;
            let last = checks.iter().filter(between).max_by_key(|one| one.opened_at);
            let standing = last.map_or(DeskStanding::Due { last: None }, |last| standing(last, days, now));
            found.push(DeskCheck { by: office.id.clone(), desk: desk.clone(), type_code: rule.code.clone(), standing });
        }
    }
    found
}

fn standing(check: &CaseFacts, days: u16, now: Timestamp) -> DeskStanding {
    let case = check.case.clone();
    let answered = check.made.iter().find(|made| made.kind == ActKind::Acknowledge).map(|made| made.at);
    let withdrawn = check.made.iter().any(|made| made.kind == ActKind::Withdraw);
    let again = check.opened_at.saturating_add(SignedDuration::from_hours(i64::from(days) * 24)).unwrap_or(now);
    let due_at = check.open.as_ref().filter(|open| open.kind == ClockKind::Ack).and_then(|open| open.due_at);
    match answered {
        Some(at) if again > now => DeskStanding::Answered { case, at },
        Some(at) => DeskStanding::Due { last: Some(at) },
        None if withdrawn => DeskStanding::Due { last: None },
        None => match check.over.map(|(_, at)| at).or(due_at.filter(|due_at| *due_at < now)) {
            Some(since) => DeskStanding::Vacant { case, since },
            None => DeskStanding::Asked { case, until: due_at },
        },
    }
}
