//! What a case page says of the care for what was handed over: what was erased, taken back or put right.
//!
//! Owns those words and marks. Must not know when contents must go (`domain::due`) nor who owes what (`domain::case`).

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
        said.open("span", &[("class", "soft")]).text(&self.t("care-erased")).close("span");
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
}
