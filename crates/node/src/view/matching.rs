//! What the page of a matching shows: what each side will learn, what is left to ask, which step is next, what was found.
//!
//! Owns the read model. Must not take a step. What our list was found to hold is shown to the office that has the case
//! alone.

use domain::act::{Audited, MatchStepKind};
use domain::case::Run;
use domain::content::FieldValue;
use domain::ids::{CaseId, OfficeId};
use domain::instrument::Matching;
use domain::procedure::{Side, Stage};
use jiff::Timestamp;
use matching::private::sample::{self, Share};
use matching::score::Score;
use store::Reader;

use super::Viewer;
use crate::fault::Fault;
use crate::matching::{Found, Known, kept, likeness};
use crate::party::Node;

/// The matching of a case, for one viewer.
#[derive(Debug, Clone)]
pub struct MatchFile {
    /// The case.
    pub case: CaseId,
    /// The type's rules.
    pub rule: Matching,
    /// The run so far.
    pub run: Run,
    /// Which side we are.
    pub us: Side,
    /// The office of ours that has the case.
    pub office: OfficeId,
    /// Whether the viewer is of it.
    pub ours: bool,
    /// Where the case stands.
    pub stage: Stage,
    /// Places that may still be asked in this case.
    pub left_case: u32,
    /// Places the asking office may still ask today, over all its cases of the type.
    pub left_day: u64,
    /// What our side may do now, besides audits.
    pub next: Vec<MatchStepKind>,
    /// The audits, each with what our side may do in it now.
    pub audits: Vec<AuditLine>,
    /// Persons of the request, to begin the form of a question with.
    pub proposed: Known,
    /// What we asked, batch by batch; empty once it is destroyed.
    pub asked: Vec<Option<Known>>,
    /// What our list was found to hold, batch by batch; none where nobody has looked.
    pub found: Vec<Option<Vec<Hit>>>,
    /// Records in our list, and how many of them may not be found; none where it is not kept.
    pub records: Option<(usize, usize)>,
}

/// An audit as it is shown.
#[derive(Debug, Clone)]
pub struct AuditLine {
    /// Its number.
    pub number: u32,
    /// How many places it is drawn from.
    pub of: u64,
    /// The places drawn, once both shares are shown.
    pub places: Vec<u64>,
    /// What our side may do in it now.
    pub next: Option<MatchStepKind>,
    /// Whether a file of openings of ours is here.
    pub file: bool,
}

/// A record that was met.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The record and the kinds of keys.
    pub found: Found,
    /// How well it fits the person of the request.
    pub score: Score,
    /// Whether it is no more than a reason to look: met under a smudged number alone.
    pub review_only: bool,
}

impl Node {
    /// The matching of a case; none where the case is not the viewer's to see or its type does not match.
    ///
    /// # Errors
    /// [`Fault`] when a record cannot be read.
    pub fn match_file(
        &self,
        reader: &dyn Reader,
        now: Timestamp,
        case: &CaseId,
        viewer: &Viewer,
    ) -> Result<Option<MatchFile>, Fault> {
        let Some(file) = self.case_file(reader, now, viewer, case)? else { return Ok(None) };
        // Whoever sees a masked copy sees no run: its files are of the whole.
        if file.mask.is_some() {
            return Ok(None);
        }
        let folded = &file.dossier.case;
        let rule = folded.rule(self.instrument_of(folded)).and_then(|rule| rule.matching.clone());
        let (Some(rule), Some(us)) = (rule, folded.side(self.me())) else { return Ok(None) };
        let office = folded.office(us).clone();
        let ours = viewer.office == office;
        let run = folded.run.clone();
        let allowance = self.allowance(reader, &rule, &folded.requesting_office, &folded.type_code)?;
        let today = u32::try_from(now.as_second() / 86_400).unwrap_or(0);
        let kind = kept::kind_of(case);
        let mut asked = Vec::new();
        let mut found = Vec::new();
        for number in 1..=run.batches.len() {
            let known: Option<Known> = self.match_row(reader, &kind, &format!("asked/{number}"))?;
            asked.push(known.filter(|_| ours));
            let hits: Option<Vec<Found>> = self.match_row(reader, &kept::found_of(case), &number.to_string())?;
            let among = run.list.as_ref().map_or(1, |list| u64::from(list.places));
            found
                .push(hits.filter(|_| ours).map(|hits| hits.into_iter().map(|hit| shown(hit, &file, among)).collect()));
        }
        let list: Option<kept::ListKept> = self.match_row(reader, &kind, kept::LIST)?;
        let records = list
            .filter(|_| ours)
            .map(|list| (list.records.len(), list.records.iter().filter(|record| record.protected).count()));
        let mut audits = Vec::new();
        for number in 1..=u32::try_from(run.audits.len()).unwrap_or(u32::MAX) {
            let file = self.match_opening(reader, case, number)?.is_some() && ours;
            audits.extend(line(&run, us, number, file));
        }
        let looked = found.last().is_none_or(Option::is_some);
        Ok(Some(MatchFile {
            case: case.clone(),
            next: next(&run, us, folded.stage(), looked),
            left_case: rule.case_places_max.saturating_sub(run.places()),
            left_day: allowance.left(today),
            proposed: proposed(&file),
            stage: folded.stage(),
            rule,
            run,
            us,
            office,
            ours,
            audits,
            asked,
            found,
            records,
        }))
    }
}

/// What a side may do in a run now, in the order of the steps. Looking is no act: it is named by the receipt.
fn next(run: &Run, us: Side, stage: Stage, looked: bool) -> Vec<MatchStepKind> {
    use MatchStepKind as K;
    let asking = [Stage::Acknowledged, Stage::UnderReview, Stage::Supplemented].contains(&stage);
    let waits = run.batches.last().is_some_and(|batch| batch.received_at.is_none());
    let mut next = Vec::new();
    if run.destroyed.is_empty() {
        match us {
            Side::Requesting if asking && run.key.is_none() => next.push(K::Epoch),
            Side::Requesting if asking && run.list.is_some() && run.evaluated.is_none() => next.push(K::Evaluate),
            Side::Requesting if asking && run.evaluated.is_some() && !waits => next.push(K::Ask),
            Side::Requested if asking && run.key.is_some() && run.list.is_none() => next.push(K::List),
            Side::Requested if waits || !looked && !run.batches.is_empty() => next.push(K::Receive),
            Side::Requesting | Side::Requested => {}
        }
    }
    if run.key.is_some() && !run.destroyed.contains(&us) && !run.owes(us) {
        next.push(K::Destroy);
    }
    next
}

fn line(run: &Run, us: Side, number: u32, file: bool) -> Option<AuditLine> {
    let audit = run.audit(number)?;
    let (subject, of) = match audit.of {
        Audited::Questions => run.batch(audit.batch).map(|batch| (batch.transcript, u64::from(batch.places)))?,
        Audited::List => run.list.as_ref().map(|list| (list.list, u64::from(list.places)))?,
    };
    let shares = audit.shares().map(|shares| shares.map(|share| Share(share.0)));
    let drawn = shares.map(|shares| sample::draw(&subject.0, of, &shares, &shares.map(|share| share.commitment())));
    let places = drawn.and_then(Result::ok).unwrap_or_default();
    let next = if audit.finding.is_some() {
        None
    } else if audit.share.is_none() {
        (audit.by != us).then_some(MatchStepKind::Share)
    } else if audit.revealed.is_none() {
        (audit.by == us).then_some(MatchStepKind::Reveal)
    } else if audit.opened.is_none() && audit.audited() == us {
        Some(MatchStepKind::Open)
    } else {
        (audit.audited() != us).then_some(MatchStepKind::Find)
    };
    Some(AuditLine { number, of, places, next, file })
}

fn shown(found: Found, file: &super::CaseFile, among: u64) -> Hit {
    let person = file.dossier.case.request.fields.values().find_map(|value| match value {
        FieldValue::Person(person) => Some(person),
        _ => None,
    });
    let score =
        person.map_or(Score { points: 0, reasons: Vec::new() }, |person| likeness(&found.record, person, among));
    let review_only = found.kinds.iter().all(|kind| kind == "document-smudged");
    Hit { found, score, review_only }
}

fn proposed(file: &super::CaseFile) -> Known {
    let person = file.dossier.case.request.fields.values().find_map(|value| match value {
        FieldValue::Person(person) => Some(person),
        _ => None,
    });
    person.map_or_else(Known::default, |person| Known::of_person(person))
}
