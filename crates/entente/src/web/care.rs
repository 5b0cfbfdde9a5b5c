//! What a case page says of the care for what was handed over: what was erased, taken back or put right.
//!
//! Owns those words and marks. Must not know when contents must go (`domain::due`) nor who owes what (`domain::case`).

use domain::act::{ActRef, RecipientReport, Role};
use domain::case::{Case, Mask, RetractionKind};
use domain::ids::{OfficeId, TypeCode};
use domain::instrument::RequestType;
use domain::text::Prose;
use jiff::Timestamp;
use node::view::{ActLine, CaseFile};
use node::{CUSTODIANS, Reveal};

use super::Page;
use super::deed::DeedRow;
use super::said::Said;

impl Page {
    /// A matter's title; of a case whose contents were erased, that they were.
    #[must_use]
    pub fn matter(&self, title: &Prose) -> Said {
        if !title.is_erased() {
            return self.said(title);
        }
        let mut said = Said::default();
        said.open("span", &[("class", "soft")]).text(&self.t("matter-not-shown")).close("span");
        said
    }

    /// The lines of an act; of an act whose content was erased here, when.
    #[must_use]
    pub fn act_rows(&self, line: &ActLine) -> Vec<DeedRow> {
        match &line.erased_at {
            Some(at) => {
                let mut words = Said::default();
                words.text(&self.erased_words(at));
                vec![DeedRow { label: String::new(), words, own: false }]
            }
            None => self.deed_rows(&line.act),
        }
    }

    /// That contents were erased, and when.
    #[must_use]
    pub fn erased_words(&self, at: &Timestamp) -> String {
        self.t1("care-erased-on", "day", self.date(&self.day_here(at)))
    }

    /// Until when the contents of a case that has ended are kept here, once that is known and has not passed.
    #[must_use]
    pub fn kept_words(&self, file: &CaseFile) -> Option<String> {
        let until = file.kept_until.filter(|until| *until > self.now && file.erased_at.is_none())?;
        Some(self.t1("care-kept-until", "day", self.date(&self.day_here(&until))))
    }

    /// Whoever is to have a copy: one of our offices or theirs by its name, anybody else as written.
    #[must_use]
    pub fn recipient(&self, named: &str) -> String {
        OfficeId::new(named).map_or_else(|_| named.to_owned(), |office| self.office_name(&office))
    }

    /// An onward recipient and whether its copies were reached.
    #[must_use]
    pub fn reached_words(&self, one: &RecipientReport) -> String {
        let answer = self.yes_no(one.complied);
        self.tongue.with("label-value", &[("label", &self.recipient(&one.recipient)), ("value", &answer)])
    }

    /// What a mask leaves out: fields by their labels, files and acts; `None` when nothing.
    #[must_use]
    pub fn mask_words(
        &self,
        rule: Option<&RequestType>,
        fields: &[String],
        files: usize,
        acts: &[ActRef],
    ) -> Option<String> {
        let mut parts: Vec<String> = fields.iter().map(|id| self.part_of(rule, id)).collect();
        parts.extend((files > 0).then(|| self.t1("mask-files", "n", files)));
        let acts: Vec<String> = acts.iter().map(|one| format!("{} {}", one.by, one.seq)).collect();
        parts.extend((!acts.is_empty()).then(|| self.t1("mask-acts", "acts", acts.join(&self.t("list-and")))));
        (!parts.is_empty()).then(|| parts.join(&self.t("list-and")))
    }

    /// The same of a mask as a case keeps it.
    #[must_use]
    pub fn masked_words(&self, case: &Case, mask: &Mask) -> Option<String> {
        let (fields, acts): (Vec<_>, Vec<_>) =
            (mask.fields.iter().cloned().collect(), mask.acts.iter().cloned().collect());
        self.mask_words(case.rule(self.instrument()), &fields, mask.files.len(), &acts)
    }

    /// An act that may be masked, as it is called.
    #[must_use]
    pub fn masked_act(&self, case: &Case, one: &ActRef) -> String {
        let done = case.record.iter().find(|done| done.by == one.by && done.seq == one.seq);
        let kind = done.map(|done| self.act_in(&case.type_code, &done.kind)).unwrap_or_default();
        format!("{kind} ({} {})", one.by, one.seq)
    }

    /// Whether the reader may begin a request.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.officer.as_ref().is_some_and(|officer| super::new::writer(officer).is_some())
    }

    /// Whether the reader's office may ask to see behind its mask: it was handed a copy, and has no open question.
    #[must_use]
    pub fn may_ask_reveal(&self, file: &CaseFile) -> bool {
        let Some(officer) = &self.officer else { return false };
        let got = file.dossier.case.care.forwards.iter().any(|one| one.to == officer.office);
        let open = file.reveals.iter().any(|(_, one, answer)| one.office == officer.office && answer.is_none());
        file.mask.is_some() && got && !open && officer.roles.iter().any(|role| *role != Role::Auditor)
    }

    /// Whether the reader may answer such a question as a custodian: never their own.
    #[must_use]
    pub fn may_reveal(&self, file: &CaseFile, reveal: &Reveal) -> bool {
        let Some(officer) = &self.officer else { return false };
        *file.dossier.case.office(file.us) == officer.office
            && officer.id != reveal.by.id
            && officer.roles.iter().any(|role| CUSTODIANS.contains(role))
    }

    /// The roles whose holders may answer such a question.
    #[must_use]
    pub fn custodians(&self) -> String {
        self.roles(CUSTODIANS)
    }

    /// The offices of the other side a request that continues a case may be put to.
    #[must_use]
    pub fn asked_in(&self, code: &TypeCode) -> Vec<OfficeId> {
        let lists = self.rule(code).map(|rule| rule.may_receive.as_slice()).unwrap_or_default();
        lists.iter().filter(|office| office.party() != *self.us()).cloned().collect()
    }

    /// That what stands here was taken back or put right, where it was.
    #[must_use]
    pub fn retracted(&self, kind: &Option<RetractionKind>) -> Option<String> {
        kind.map(|kind| match kind {
            RetractionKind::Recall => self.t("care-recalled"),
            RetractionKind::Correction => self.t("care-corrected"),
        })
    }

    /// The same of the request with its supplements, for the place where they are shown together.
    #[must_use]
    pub fn request_retracted(&self, file: &CaseFile) -> Option<String> {
        use domain::act::ActKind::{Preconsult, Submit, Supplement};
        let parts = file.acts.iter().filter(|line| matches!(line.recorded.kind, Preconsult | Submit | Supplement));
        let kinds: Vec<_> = parts.filter_map(|line| line.retracted).collect();
        let worst = kinds.iter().find(|kind| **kind == RetractionKind::Recall).or(kinds.first());
        self.retracted(&worst.copied())
    }
}
