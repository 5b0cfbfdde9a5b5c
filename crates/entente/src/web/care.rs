//! What a case page says of the care for what was handed over: what was erased, taken back or put right.
//!
//! Owns those words and marks. Must not know when contents must go (`domain::due`) nor who owes what (`domain::case`).

use domain::act::RecipientReport;
use domain::case::RetractionKind;
use domain::text::Prose;
use jiff::Timestamp;
use node::view::{ActLine, CaseFile};

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
        said.open("span", &[("class", "soft")]).text(&self.t("care-content-erased")).close("span");
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

    /// An onward recipient and whether its copies were reached.
    #[must_use]
    pub fn reached_words(&self, one: &RecipientReport) -> String {
        let answer = self.yes_no(one.complied);
        self.tongue.with("label-value", &[("label", &one.recipient), ("value", &answer)])
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
