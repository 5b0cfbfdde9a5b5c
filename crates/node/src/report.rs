//! The progress report this node computes from both logs, and whether one that is proposed is the same.
//!
//! Owns the reading of the logs. An act counts when its envelope stands in its author's log as sent and in the other's as
//! received, each among the entries the report reads; when it was received is what the receiver's log says. Logs only
//! grow, so both nodes read the same for ever. Must not count (`domain::report` does) nor show.

use std::collections::BTreeMap;

use domain::account::{CaseFacts, Period};
use domain::act::{Act, Deed};
use domain::case::{Case, Entry};
use domain::content::{self, Request};
use domain::ids::{CaseId, Hash32, PartyId};
use domain::instrument::Instrument;
use domain::report::{Report, ReportBar, ReportLine, counted, days};
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::canon;
use ledger::hash::sha256;
use ledger::leaf::{Leaf, LeafKind};
use store::{CaseFilter, Reader};

use crate::book::{instant, log_name, mirror_name};
use crate::dossier::Dossier;
use crate::fault::Fault;
use crate::party::Node;

/// Entries of a log read at a time.
const PAGE: usize = 512;

/// A report as this node computes it, with the line that names it.
#[derive(Debug, Clone)]
pub struct Computed {
    /// Its line.
    pub line: ReportLine,
    /// What it says.
    pub report: Report,
    /// Acts of its period that this node holds and that do not stand in both logs yet: no report counts them.
    pub left_out: u64,
}

/// Reports computed before: what a page shows again and again is computed once.
#[derive(Debug, Default)]
pub struct ReportBook {
    kept: Vec<(Source, Report, u64)>,
}

/// Most reports kept: those of the cases somebody looks at, and of the days they try. The oldest goes first.
const KEPT_MAX: usize = 24;

/// All that a report follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Source {
    under: Hash32,
    peer: PartyId,
    period: Period,
    logs: BTreeMap<PartyId, u64>,
}

/// What became of the report a case proposes when this node computed it.
#[derive(Debug, Clone)]
pub enum Found {
    /// The case proposes none.
    None,
    /// The same.
    Same(Box<Computed>),
    /// Another.
    Differs(Box<Computed>),
    /// It cannot be computed yet.
    Awaited(ReportBar),
}

/// Where an envelope stands among the entries read.
#[derive(Default, Clone, Copy)]
struct Stands {
    sent: bool,
    received_at: Option<Timestamp>,
}

impl Node {
    /// The report of whole days in UTC, from both logs as far as they are here now.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read, or the days lie beyond the calendar.
    pub fn report_now(
        &self,
        reader: &dyn Reader,
        book: &mut ReportBook,
        peer: &PartyId,
        (first, last): (Date, Date),
        exercise: bool,
    ) -> Result<Computed, Fault> {
        let period = days(first, last, exercise).ok_or_else(|| Fault::record("report", "days beyond the calendar"))?;
        let ours = reader.log_size(&log_name(peer))?;
        let logs = BTreeMap::from([(self.me().clone(), ours), (peer.clone(), self.mirrored(reader, peer)?)]);
        let source = Source { under: self.instrument().hash(), peer: peer.clone(), period, logs: logs.clone() };
        let (report, left_out) = self.computed(reader, book, self.instrument(), source)?;
        let line = ReportLine { first, last, logs, sha256: report_hash(&report)? };
        Ok(Computed { line, report, left_out })
    }

    /// The report a line names as this node computes it, under a version of the instrument: the same for ever.
    ///
    /// # Errors
    /// [`ReportBar`] inside when the logs are not here as far as the line reads them; [`Fault`].
    pub fn report_again(
        &self,
        reader: &dyn Reader,
        book: &mut ReportBook,
        under: &Instrument,
        line: &ReportLine,
        exercise: bool,
    ) -> Result<Result<Computed, ReportBar>, Fault> {
        let mut others = line.logs.keys().filter(|party| *party != self.me());
        let (Some(peer), None) = (others.next(), others.next()) else { return Ok(Err(ReportBar::OtherLogs)) };
        if !line.logs.contains_key(self.me()) || self.peer(peer).is_err() {
            return Ok(Err(ReportBar::OtherLogs));
        }
        for (party, entries) in &line.logs {
            let log = if party == self.me() { log_name(peer) } else { mirror_name(peer) };
            if reader.log_size(&log)? < *entries {
                return Ok(Err(ReportBar::LogAwaited { party: party.clone(), entries: *entries }));
            }
        }
        let Some(period) = line.period(exercise) else { return Ok(Err(ReportBar::PeriodRuns)) };
        let source = Source { under: under.hash(), peer: peer.clone(), period, logs: line.logs.clone() };
        let (report, left_out) = self.computed(reader, book, under, source)?;
        let line = ReportLine { sha256: report_hash(&report)?, ..line.clone() };
        Ok(Ok(Computed { line, report, left_out }))
    }

    /// Computes the report a case proposes and compares.
    ///
    /// # Errors
    /// As [`Node::report_again`], without the bar.
    pub fn report_found(&self, reader: &dyn Reader, book: &mut ReportBook, case: &Case) -> Result<Found, Fault> {
        let under = self.instrument_of(case);
        let line = case.rule(under).and_then(|rule| content::report(&case.request, rule));
        let Some(line) = line else { return Ok(Found::None) };
        Ok(match self.report_again(reader, book, under, &line, case.request.exercise)? {
            Ok(computed) if computed.line == line => Found::Same(Box::new(computed)),
            Ok(computed) => Found::Differs(Box::new(computed)),
            Err(bar) => Found::Awaited(bar),
        })
    }

    /// Why we may not propose or sign a report: this node computes another, or cannot yet. The other Party's proposal stands
    /// all the same, there to be compared; that it does not sign before we have found the same is a rule both nodes judge
    /// ([`ReportBar::AskedFirst`]).
    pub(crate) fn misreports(
        &self,
        reader: &dyn Reader,
        dossier: Option<&Dossier>,
        act: &Act,
    ) -> Result<Option<ReportBar>, Fault> {
        let (request, under): (&Request, &Instrument) = match (&act.deed, dossier) {
            (Deed::Submit { request }, _) => (request, self.instrument()),
            (Deed::SignText { .. }, Some(dossier)) => (&dossier.case.request, self.instrument_of(&dossier.case)),
            _ => return Ok(None),
        };
        let line = under.request_type(&request.type_code).and_then(|rule| content::report(request, rule));
        let Some(line) = line else { return Ok(None) };
        Ok(match self.report_again(reader, &mut ReportBook::default(), under, &line, request.exercise)? {
            Ok(computed) if computed.line == line => None,
            Ok(computed) => Some(ReportBar::Differs { ours: computed.line.sha256 }),
            Err(bar) => Some(bar),
        })
    }

    fn computed(
        &self,
        reader: &dyn Reader,
        book: &mut ReportBook,
        under: &Instrument,
        source: Source,
    ) -> Result<(Report, u64), Fault> {
        if let Some((_, report, left_out)) = book.kept.iter().find(|(kept, ..)| *kept == source) {
            return Ok((report.clone(), *left_out));
        }
        let Source { peer, period, logs, .. } = &source;
        let entries = |party: &PartyId| logs.get(party).copied().unwrap_or(0);
        let ours = read_log(reader, &log_name(peer), entries(self.me()))?;
        let theirs = read_log(reader, &mirror_name(peer), entries(peer))?;
        let (mut facts, mut left_out) = (Vec::new(), 0);
        let mut filter = CaseFilter::default();
        loop {
            let (rows, next) = reader.cases(&filter)?;
            for row in rows {
                let (of_case, without) = self.facts_in(reader, &row.case, (&ours, &theirs), peer, *period)?;
                facts.extend(of_case);
                left_out += without;
            }
            if next.is_none() {
                break;
            }
            filter.after = next;
        }
        let report = Report::of(under, &facts, *period);
        if book.kept.len() >= KEPT_MAX {
            book.kept.remove(0);
        }
        book.kept.push((source, report.clone(), left_out));
        Ok((report, left_out))
    }

    /// What happened in a case by the acts that count; and how many of the period do not.
    fn facts_in(
        &self,
        reader: &dyn Reader,
        case: &CaseId,
        (ours, theirs): (&BTreeMap<Hash32, Stands>, &BTreeMap<Hash32, Stands>),
        peer: &PartyId,
        period: Period,
    ) -> Result<(Option<CaseFacts>, u64), Fault> {
        let Some(dossier) = self.load(reader, case)? else { return Ok((None, 0)) };
        if dossier.case.side(peer).is_none() {
            return Ok((None, 0));
        }
        let (mut entries, mut dated) = (Vec::new(), 0_usize);
        for (row, entry) in dossier.rows.iter().zip(dossier.entries) {
            if entry.act.at > period.until {
                continue;
            }
            dated += usize::from(dossier.case.request.exercise == period.exercise);
            let (own, other) = if entry.act.by == *self.me() { (ours, theirs) } else { (theirs, ours) };
            let sent = own.get(&row.core_hash).is_some_and(|stands| stands.sent);
            let received_at = other.get(&row.core_hash).and_then(|stands| stands.received_at);
            if sent && received_at.is_some() {
                entries.push(Entry { act: entry.act, received_at });
            }
        }
        let entries = counted(entries, period.until);
        let left_out = u64::try_from(dated.saturating_sub(entries.len())).unwrap_or(u64::MAX);
        Ok((CaseFacts::of(self.instruments(), &entries), left_out))
    }
}

/// The hash of a report, by which two nodes compare theirs: SHA-256 of its canonical bytes.
///
/// # Errors
/// [`Fault::Record`] when it cannot be written down, which it always can.
pub fn report_hash(report: &Report) -> Result<Hash32, Fault> {
    let bytes = canon::to_vec(report).map_err(|why| Fault::record("report", why))?;
    Ok(Hash32(sha256(&[&bytes])))
}

/// Which envelopes the first entries of a log record as sent or received.
fn read_log(reader: &dyn Reader, log: &str, entries: u64) -> Result<BTreeMap<Hash32, Stands>, Fault> {
    let mut found: BTreeMap<Hash32, Stands> = BTreeMap::new();
    let mut from = 0;
    while from < entries {
        let left = usize::try_from(entries - from).unwrap_or(PAGE);
        let page = reader.leaves(log, from, PAGE.min(left))?;
        if page.is_empty() {
            return Err(Fault::record(log, "entries are missing"));
        }
        from += page.len() as u64;
        for row in page {
            let leaf = Leaf::decode(&row.bytes).map_err(|why| Fault::record(log, why.code()))?;
            match leaf.kind {
                LeafKind::Sent => found.entry(Hash32(leaf.core_hash)).or_default().sent = true,
                LeafKind::Received => {
                    let stands = found.entry(Hash32(leaf.core_hash)).or_default();
                    stands.received_at = stands.received_at.or(instant(leaf.logged_at_us));
                }
                LeafKind::Receipt
                | LeafKind::Parked
                | LeafKind::Rejected
                | LeafKind::KeySet
                | LeafKind::Instrument
                | LeafKind::PeerCheckpoint
                | LeafKind::Sm3Root
                | LeafKind::Withdrawal
                | LeafKind::Recovery => {}
            }
        }
    }
    Ok(found)
}
