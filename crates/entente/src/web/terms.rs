//! Advice on the agreed terms beside what is written in several languages.
//!
//! Owns its words. Must not find a departure itself: `domain::glossary` does. Advice never keeps anybody from signing.

use domain::glossary::{self, Departure};
use domain::text::Prose;

use super::Page;

impl Page {
    /// Where the languages of a text depart from the agreed terms, a sentence each; of the instrument's own texts, nothing.
    #[must_use]
    pub fn term_advice(&self, text: &Prose) -> Vec<String> {
        if self.instrument().types().values().any(|rule| glossary::is_agreed(&rule.legal_bases, text)) {
            return Vec::new();
        }
        glossary::departures(self.instrument().glossary(), text).iter().map(|one| self.departure(one)).collect()
    }

    fn departure(&self, one: &Departure) -> String {
        let agreed = one.agreed.join(&self.t("list-or"));
        let (used, lacking) = (self.language(one.used_in.as_str()), self.language(one.lacking_in.as_str()));
        self.tongue
            .with("terms-departs", &[("term", &one.term), ("used", &used), ("lacking", &lacking), ("agreed", &agreed)])
    }
}
