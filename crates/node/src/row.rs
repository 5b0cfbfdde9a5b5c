//! The desk's view of a case: one row, its timer and its search terms, written with every change.
//!
//! Owns the projection from a folded case. Must not be a second source of truth: it can always be made anew.

use std::collections::BTreeSet;

use domain::case::{Case, Mask};
use domain::due;
use domain::ids::Hash32;
use domain::menu::Menu;
use domain::procedure::Side;
use domain::text::Prose;
use jiff::Timestamp;
use ledger::canon;
use ledger::hash::sha256;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use store::{CaseRow, Direction, Moment, Reader, TimerRow, Write};

use crate::dossier::Dossier;
use crate::fault::Fault;
use crate::party::Node;

/// The kind of the one timer a case has: when its node must look at it again.
pub(crate) const WAKE: &str = "wake";

/// Most search terms kept of one case: title and names, not every word of every attachment.
const TERMS_KEPT_MAX: usize = 400;

/// The part of a case's row that is content, sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The matter in one line.
    pub title: Prose,
    /// The other side's reference, once given.
    pub reference: Option<String>,
    /// The calendar and version the deadline was counted by.
    pub calendar: Option<String>,
    /// Whether some office of ours sees the case through a mask: then this row is not for everybody.
    #[serde(default)]
    pub masked: bool,
    /// The version of the instrument it runs under.
    #[serde(default)]
    pub instrument: Option<Hash32>,
}

impl Node {
    /// The writes that bring a case's row, timer and terms up to date. Terms are many rows and hang on the case's words,
    /// which an act rarely changes: they are written only where they differ from `before`.
    pub(crate) fn project(
        &self,
        rng: &mut dyn CryptoRng,
        case: &Case,
        before: Option<&Case>,
        version: u64,
        undelivered: u64,
    ) -> Result<Vec<Write>, Fault> {
        let summary = summary_of(case, case.side(self.me()).unwrap_or(Side::Requesting));
        let sealed = canon::to_vec(&summary).map_err(|why| Fault::record("summary", why))?;
        let summary = self.wrap(rng, &summary_label(case.id.as_str()), &sealed)?;
        let row = CaseRow { summary, ..self.row_of(case, version, undelivered) };
        let wake = match due::next_wake(case, self.instrument_of(case), self.me()) {
            Some(at) => Write::PutTimer(TimerRow { case: case.id.clone(), kind: WAKE.into(), due_at: after(at) }),
            None => Write::RemoveTimer { case: case.id.clone(), kind: WAKE.into() },
        };
        let worded_alike =
            |before: &Case| before.request.title == case.request.title && before.reference == case.reference;
        let terms = (!before.is_some_and(worded_alike))
            .then(|| Write::ReplaceTerms { case: case.id.clone(), terms: self.terms_of(case) });
        let notes = self.note_settled(rng, case)?.into_iter().chain(self.note_continued(rng, case)?);
        let notes = notes.chain(self.note_amendment(case));
        Ok([Write::PutCase(row), wake, self.retention(case)].into_iter().chain(terms).chain(notes).collect())
    }

    /// The row as the case alone makes it, without its sealed part.
    fn row_of(&self, case: &Case, version: u64, undelivered: u64) -> CaseRow {
        let ours = case.side(self.me()).unwrap_or(Side::Requesting);
        CaseRow {
            case: case.id.clone(),
            version,
            type_code: case.type_code.clone(),
            series: case.rule(self.instrument_of(case)).map(|rule| rule.series.clone()).unwrap_or_default(),
            peer: case.party(ours.other()).clone(),
            direction: if ours == Side::Requesting { Direction::Outgoing } else { Direction::Incoming },
            stage: case.stage().code().to_owned(),
            turn: case.turn().map(|(side, _)| case.party(side).clone()),
            level: u64::from(case.ladder.level),
            urgency: case.urgency.code().to_owned(),
            mark: case.request.mark.code().to_owned(),
            our_office: case.office(ours).clone(),
            their_office: case.office(ours.other()).clone(),
            due_at: case.deadline().map(|deadline| Moment::from(deadline.due_at)),
            opened_at: case.opened_at.into(),
            updated_at: case.updated_at.into(),
            undelivered,
            exercise: case.request.exercise,
            summary: Vec::new(),
        }
    }

    /// The parts of a case's row that are not what its acts make of it, by their names in the store: none, unless somebody
    /// wrote into the database.
    ///
    /// # Errors
    /// [`Fault::Record`] when the sealed part cannot be opened.
    pub fn astray(&self, row: &CaseRow, dossier: &Dossier) -> Result<Vec<&'static str>, Fault> {
        let case = &dossier.case;
        let ours = case.side(self.me()).unwrap_or(Side::Requesting);
        let made = self.row_of(case, row.version, self.undelivered_in(&dossier.entries));
        let parts = [
            ("case_id", row.case == made.case),
            ("type_code", row.type_code == made.type_code),
            ("series", row.series == made.series),
            ("peer", row.peer == made.peer),
            ("direction", row.direction == made.direction),
            ("stage", row.stage == made.stage),
            ("turn", row.turn == made.turn),
            ("level", row.level == made.level),
            ("urgency", row.urgency == made.urgency),
            ("mark", row.mark == made.mark),
            ("our_office", row.our_office == made.our_office),
            ("their_office", row.their_office == made.their_office),
            ("due_at", row.due_at == made.due_at),
            ("opened_at", row.opened_at == made.opened_at),
            ("updated_at", row.updated_at == made.updated_at),
            ("undelivered", row.undelivered == made.undelivered),
            ("exercise", row.exercise == made.exercise),
            ("summary", self.summary(row)? == summary_of(case, ours)),
        ];
        Ok(parts.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect())
    }

    /// Whether a clock runs in a case and no timer will ring for it: somebody took it away.
    ///
    /// # Errors
    /// [`Fault`] when the store fails.
    pub fn unwatched(&self, reader: &dyn Reader, dossier: &Dossier) -> Result<bool, Fault> {
        let case = &dossier.case;
        if due::next_wake(case, self.instrument_of(case), self.me()).is_none() {
            return Ok(false);
        }
        Ok(!reader.timers(&case.id)?.iter().any(|timer| timer.kind == WAKE))
    }

    /// Opens the content of a case's row.
    ///
    /// # Errors
    /// [`Fault::Record`] when it was changed.
    pub fn summary(&self, row: &CaseRow) -> Result<Summary, Fault> {
        let label = summary_label(row.case.as_str());
        let bytes = self.unwrap(&label, &row.summary)?;
        canon::from_slice(&bytes).map_err(|why| Fault::record(label, why.code()))
    }

    /// Search terms of a text as the store keeps them: keyed hashes, so that the disk does not hold the words.
    #[must_use]
    pub fn terms(&self, text: &str) -> Vec<String> {
        let blind = |term: &String| {
            let hash = sha256(&[&self.keys().index, term.as_bytes()]);
            hash[..12].iter().map(|byte| format!("{byte:02x}")).collect()
        };
        words(text).iter().map(blind).collect()
    }

    /// The terms a case is found by.
    pub(crate) fn terms_of(&self, case: &Case) -> Vec<String> {
        let mut text = format!("{} {} ", case.id, case.type_code);
        for words in case.request.title.texts.values() {
            text.push_str(words);
            text.push(' ');
        }
        if let Some(reference) = &case.reference {
            text.push_str(&reference.number);
        }
        let mut terms = self.terms(&text);
        terms.truncate(TERMS_KEPT_MAX);
        terms
    }
}

/// What a list shows of a case that one of our offices sees like this.
pub(crate) fn summary_of(case: &Case, ours: Side) -> Summary {
    Summary {
        title: case.request.title.clone(),
        reference: case.reference.as_ref().map(|reference| reference.number.clone()),
        calendar: case.deadline().map(|deadline| deadline.calendar.clone()),
        masked: case.care.forwards.iter().any(|one| one.by == ours && one.mask != Mask::default()),
        instrument: Some(case.instrument),
    }
}

/// Latin words in lower case; every pair of neighbouring ideographs, and each alone.
fn words(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut word = String::new();
    let mut before: Option<char> = None;
    for letter in text.chars().chain([' ']) {
        let ideograph = letter as u32 >= 0x2E80 && letter.is_alphanumeric();
        if letter.is_alphanumeric() && !ideograph {
            word.extend(letter.to_lowercase());
        } else if !word.is_empty() {
            found.insert(std::mem::take(&mut word));
        }
        if ideograph {
            found.insert(letter.to_string());
            found.extend(before.map(|first| format!("{first}{letter}")));
        }
        before = ideograph.then_some(letter);
    }
    found
}

/// The first microsecond after an instant: what is due at the end of a day is overdue only after it.
pub(crate) fn after(at: Timestamp) -> Moment {
    let us = at.as_microsecond().saturating_add(1);
    Moment::from_us(us).unwrap_or(Moment::MAX)
}

fn summary_label(case: &str) -> String {
    format!("summary/{case}")
}
