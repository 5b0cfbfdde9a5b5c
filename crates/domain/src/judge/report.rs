//! What a progress report must keep to be proposed and signed.
//!
//! Owns the rules that follow from the report's line alone. Must not know the report itself: each node computes its own.

use std::collections::BTreeSet;

use crate::act::Act;
use crate::case::Case;
use crate::content::{self, Request};
use crate::ids::PartyId;
use crate::instrument::RequestType;
use crate::refusal::Refusal;
use crate::report::ReportBar;
use crate::text::Prose;

/// The text both sign carries the line of the report in every language, so that the signatures cover it and what was
/// signed can be computed again from the text alone.
pub(super) fn carries(view: Option<&Case>, rule: &RequestType, text: &Prose) -> Result<(), Refusal> {
    let Some(line) = view.and_then(|case| content::report(&case.request, rule)) else { return Ok(()) };
    let line = line.to_string();
    let named = text.texts.values().all(|words| words.contains(&line));
    if named { Ok(()) } else { Err(Refusal::Report(ReportBar::TextWithoutLine)) }
}

/// A report is of the two Parties' logs, and of days that are over.
pub(super) fn proposable(rule: &RequestType, request: &Request, act: &Act) -> Result<(), Refusal> {
    let Some(line) = content::report(request, rule) else { return Ok(()) };
    let between: BTreeSet<PartyId> = [act.by.clone(), request.to.party()].into();
    if !line.logs.keys().eq(&between) {
        return Err(Refusal::Report(ReportBar::OtherLogs));
    }
    let over = line.period(request.exercise).is_some_and(|period| period.until <= act.at);
    if over { Ok(()) } else { Err(Refusal::Report(ReportBar::PeriodRuns)) }
}
