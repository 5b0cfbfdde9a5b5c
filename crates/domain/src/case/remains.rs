//! What stays of a case when the time to keep its contents is over: who did what when, and nothing of what was said.
//!
//! Owns which words of an act are content. Must not know when that time is (`due`) nor where contents lie. What stays folds
//! to the same stages, clocks, ladder and duties as the whole did, so that a case goes on after it was erased.

use std::collections::BTreeMap;

use super::{Case, Entry};
use crate::act::{Act, Condition, Deed};
use crate::content::{FieldValue, Request};
use crate::instrument::Instrument;
use crate::text::Prose;

/// Whether an act is kept whole beyond its time: it binds a Party still, or it proves an erasure.
///
/// A promise that is not discharged and a text that both signed are no content handed over but what the Parties owe each
/// other; without their words nobody could say what was promised (domain reference §3, SG-3, SG-7, SG-11).
#[must_use]
pub fn binds(case: &Case, act: &Act) -> bool {
    match &act.deed {
        Deed::CertifyDeletion { .. } => true,
        Deed::AcceptConditions { undertaking } => case.care.in_force().any(|(_, one)| one.words == *undertaking),
        Deed::OfferConditions { conditions } => case.care.in_force().any(|(_, one)| one.conditions == *conditions),
        Deed::Undertake { what, .. } => case.care.owed_tasks().any(|(_, one, _)| one.words == *what),
        Deed::ProposeText { text, .. } => case.talk.agreed().is_some_and(|(_, version)| version.text == *text),
        _ => false,
    }
}

/// Every entry with the content taken out of each act that does not bind. Names that acts share (an item of a list, a
/// property) become numbers, the same ones throughout, so that what refers to them still does.
#[must_use]
pub fn remains(instrument: &Instrument, case: &Case, entries: &[Entry]) -> Vec<Entry> {
    let rule = case.rule(instrument);
    let meets = rule.and_then(|rule| rule.meeting.as_ref()).map(|meeting| meeting.dates.clone());
    let reports = rule.and_then(|rule| rule.reports.clone());
    let days = rule.and_then(|rule| rule.expires.clone()).into_iter().chain(meets).chain(reports).collect();
    let mut ordered: Vec<usize> = (0..entries.len()).collect();
    ordered.sort_by_key(|place| {
        let act = &entries[*place].act;
        case.record.iter().position(|done| done.by == act.by && done.seq == act.seq)
    });
    let mut emptier = Emptier { days, numbers: BTreeMap::new() };
    let mut left = entries.to_vec();
    for place in ordered {
        let act = &mut left[place].act;
        if !binds(case, act) {
            act.gates.iter_mut().for_each(|answer| emptier.words(&mut answer.reason));
            emptier.deed(&mut act.deed);
        }
    }
    left
}

/// Takes everything that was said out of one act, its answers to safeguards too. Unlike at the end of its time no field is
/// left for the sake of later safeguards: they are answered where the case is whole.
pub(super) fn empty(act: &mut Act) {
    let mut emptier = Emptier { days: Vec::new(), numbers: BTreeMap::new() };
    act.gates.iter_mut().for_each(|answer| emptier.words(&mut answer.reason));
    emptier.deed(&mut act.deed);
    if let Deed::Supplement { fields, .. } = &mut act.deed {
        fields.clear();
    }
}

/// Takes the words out.
struct Emptier {
    /// The fields whose days stay: the fold turns on the end of a notice, an agenda on when a meeting was to be, and the
    /// account on which days a report was about.
    days: Vec<String>,
    numbers: BTreeMap<String, String>,
}

impl Emptier {
    fn words(&self, prose: &mut Prose) {
        prose.texts.clear();
    }

    fn maybe(&self, prose: &mut Option<Prose>) {
        prose.iter_mut().for_each(|prose| self.words(prose));
    }

    /// The number that stands for a name from now on.
    fn number(&mut self, name: &mut String) {
        // In the order of the record: what was erased before keeps the number it was given then.
        let next = (self.numbers.len() + 1).to_string();
        *name = self.numbers.entry(std::mem::take(name)).or_insert(next).clone();
    }

    fn request(&mut self, request: &mut Request) {
        for prose in [&mut request.title, &mut request.legal_basis, &mut request.purpose] {
            self.words(prose);
        }
        self.maybe(&mut request.urgency_reason);
        self.maybe(&mut request.confidentiality);
        request.contact.clear();
        request.attachments.clear();
        self.fields(&mut request.fields);
    }

    fn fields(&mut self, fields: &mut BTreeMap<String, FieldValue>) {
        fields.retain(|id, value| match value {
            FieldValue::Items(items) => {
                items.iter_mut().for_each(|item| self.number(item));
                true
            }
            // A safeguard of later acts turns on it.
            FieldValue::Penalty(_) => true,
            FieldValue::Date(_) | FieldValue::Interval { .. } | FieldValue::Line(_) => self.days.contains(id),
            _ => false,
        });
    }

    fn deed(&mut self, deed: &mut Deed) {
        match deed {
            Deed::Preconsult { request } | Deed::Submit { request } => self.request(request),
            Deed::Supplement { fields, attachments, unable, note } => {
                self.fields(fields);
                attachments.clear();
                unable.values_mut().for_each(|words| self.words(words));
                self.words(note);
            }
            Deed::Interim { answer, attachments } | Deed::Respond { answer, attachments, .. } => {
                attachments.clear();
                self.words(answer);
            }
            Deed::Acknowledge { reference, contact, .. } => {
                reference.clear();
                contact.clear();
            }
            Deed::ReturnIncomplete { items } => items.iter_mut().for_each(|item| self.words(&mut item.want)),
            Deed::OfferConditions { conditions } => {
                conditions.iter_mut().for_each(|Condition { words, .. }| self.words(words));
            }
            Deed::Refuse { reason, considered, .. } => {
                self.maybe(reason);
                self.words(considered);
            }
            Deed::Record { note, item, .. } => {
                item.iter_mut().for_each(|item| self.number(item));
                self.words(note);
            }
            Deed::BookAsset { asset, note, .. } => {
                self.number(asset);
                self.words(note);
            }
            Deed::ProposeText { text, note } => {
                self.words(text);
                self.maybe(note);
            }
            Deed::LogContact { means, words, .. } => {
                means.clear();
                self.words(words);
            }
            Deed::Match { step } => {
                let (files, words) = step.content();
                files.into_iter().for_each(Vec::clear);
                words.into_iter().for_each(|words| self.words(words));
            }
            other => self.plain(other),
        }
    }

    /// Deeds whose only content is one text.
    fn plain(&self, deed: &mut Deed) {
        match deed {
            Deed::Accept { note: words } | Deed::Close { lesson: words } | Deed::Escalate { reason: words, .. } => {
                self.maybe(words)
            }
            Deed::Advise { advice: words }
            | Deed::Transfer { reason: words, .. }
            | Deed::AcceptConditions { undertaking: words }
            | Deed::DeclineConditions { reason: words }
            | Deed::Postpone { reason: words, .. }
            | Deed::AcceptPart { scope: words }
            | Deed::Reconsider { argument: words }
            | Deed::Uphold { reason: words }
            | Deed::Reopen { reason: words }
            | Deed::Preserve { what: words, .. }
            | Deed::Ask { question: words }
            | Deed::Reply { answer: words, .. }
            | Deed::ReportOutcome { used_for: words, .. }
            | Deed::Withdraw { reason: words }
            | Deed::ConfirmRelease { note: words }
            | Deed::Regrade { reason: words, .. }
            | Deed::AnswerEscalation { answer: words, .. }
            | Deed::StatePosition { position: words }
            | Deed::Reserve { reservation: words }
            | Deed::Authorise { note: words }
            | Deed::Extend { reason: words, .. }
            | Deed::Adopt { reason: words, .. }
            | Deed::Abort { reason: words }
            | Deed::Conclude { reason: words }
            // Who was to receive something stays: a recall must still reach them.
            | Deed::SeekConsent { what: words, .. }
            | Deed::GiveConsent { words, .. }
            | Deed::Forward { reason: words, .. }
            | Deed::Recall { reason: words, .. }
            | Deed::Correct { correction: words, .. }
            | Deed::ReportCompliance { words, .. }
            | Deed::CheckUndertaking { note: words, .. }
            | Deed::DischargeUndertaking { reason: words, .. }
            | Deed::TableItem { topic: words, .. }
            | Deed::SettleItem { outcome: words, .. }
            | Deed::Undertake { what: words, .. }
            | Deed::CiteNorm { words, .. } => self.words(words),
            // The texts of others were taken above, and these have none.
            _ => {}
        }
    }
}
