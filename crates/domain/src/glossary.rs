//! Where a translation departs from the agreed terms: words that stand in one language version of a text while their
//! agreed rendering is missing from another.
//!
//! Owns the finding of terms in running words. It advises and never refuses: a translator may have reason to depart.
//! Must not know which text it reads, nor a language by name: a letter is of a script that sets words apart, or it is not.

use std::collections::{BTreeMap, BTreeSet};

use crate::content::{FieldValue, Request};
use crate::instrument::Term;
use crate::text::{Lang, Prose};

/// Most departures told of one text: advice longer than this is not read.
pub const DEPARTURES_MAX: usize = 12;

/// Most bytes of one language version that are looked through: advice is given while people type, and a text this long
/// has shown its habits by then.
pub const LOOKED_THROUGH_BYTES_MAX: usize = 64 * 1024;

/// A term that one version uses and another renders otherwise, if at all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Departure {
    /// The version that uses the term.
    pub used_in: Lang,
    /// The term as the glossary writes it, without what it says in brackets.
    pub term: String,
    /// The version that lacks its rendering.
    pub lacking_in: Lang,
    /// The agreed renderings, any of which would do.
    pub agreed: Vec<String>,
}

/// The departures of one text, in the order of its languages and then of its words; at most [`DEPARTURES_MAX`].
///
/// A term is looked for strictly: the longest first, so that a letter of request is no request; as whole words, save for
/// an ending in the plural. A rendering is looked for generously: also as part of a longer word, so that `requested`
/// renders what `request` does.
#[must_use]
pub fn departures(terms: &[Term], text: &Prose) -> Vec<Departure> {
    // What is not translated yet departs from nothing.
    let said = text.texts.iter().filter(|(_, words)| !words.trim().is_empty());
    let versions: Vec<(&Lang, String)> = said.map(|(lang, words)| (lang, start_of(words).to_lowercase())).collect();
    let mut found = Vec::new();
    for (used_in, words) in &versions {
        for (lacking_in, other) in versions.iter().filter(|(lang, _)| lang != used_in) {
            let agreed = renderings(terms, words, used_in, lacking_in);
            for term in used(words, agreed.keys()) {
                let wanted = &agreed[&term];
                if !wanted.iter().any(|rendering| renders(other, rendering)) {
                    let (used_in, lacking_in) = ((*used_in).clone(), (*lacking_in).clone());
                    found.push(Departure { used_in, term, lacking_in, agreed: wanted.iter().cloned().collect() });
                }
            }
        }
    }
    found.truncate(DEPARTURES_MAX);
    found
}

/// The departures of a request, part by part as they stand in it.
#[must_use]
pub fn departures_in(terms: &[Term], request: &Request) -> Vec<(String, Departure)> {
    let mut parts: Vec<(&str, &Prose)> =
        vec![("title", &request.title), ("legal_basis", &request.legal_basis), ("purpose", &request.purpose)];
    parts.extend(request.urgency_reason.iter().map(|words| ("urgency_reason", words)));
    parts.extend(request.confidentiality.iter().map(|words| ("confidentiality", words)));
    parts.extend(request.fields.iter().filter_map(|(id, value)| match value {
        FieldValue::Prose(words) | FieldValue::Parallel(words) => Some((id.as_str(), words)),
        _ => None,
    }));
    let told = |(part, words): (&str, &Prose)| {
        departures(terms, words).into_iter().map(|one| (part.to_owned(), one)).collect::<Vec<_>>()
    };
    parts.into_iter().flat_map(told).collect()
}

/// Each term of one language whose letters stand in `words`, with what it may be called in another. Where several terms
/// have one word (a seal is put on paper and on a house), any of their renderings will do.
fn renderings(terms: &[Term], words: &str, from: &Lang, to: &Lang) -> BTreeMap<String, BTreeSet<String>> {
    let mut agreed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for term in terms {
        let ours = alternatives(term.words.get(from));
        // Advice is given at every save: most terms are in no text, and are dropped before anything is made of them.
        let stands = |word: &String| words.contains(word.strip_suffix('y').unwrap_or(word));
        if !ours.iter().any(stands) {
            continue;
        }
        let theirs = alternatives(term.words.get(to));
        for (place, word) in ours.iter().enumerate() {
            // As many on both sides stand in the same order: listing / delisting.
            let wanted = if ours.len() == theirs.len() { &theirs[place..=place] } else { &theirs[..] };
            agreed.entry(word.clone()).or_default().extend(wanted.iter().cloned());
        }
    }
    agreed
}

/// The words of one entry, in small letters: split where the glossary lists several, without what stands in brackets.
fn alternatives(entry: &str) -> Vec<String> {
    let mut plain = String::new();
    let mut depth = 0_u32;
    for letter in entry.chars() {
        match letter {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.extend(letter.to_lowercase()),
            _ => {}
        }
    }
    let parts = plain.split(['/', '／', ',', '，', '、']).map(|part| part.trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

/// The terms a text uses, in the order of its words, each once. What a longer term covers is no use of a shorter one.
fn used<'t>(words: &str, terms: impl Iterator<Item = &'t String>) -> Vec<String> {
    let mut terms: Vec<&String> = terms.collect();
    terms.sort_by_key(|term| std::cmp::Reverse(term.chars().count()));
    let mut covered: Vec<(usize, usize)> = Vec::new();
    let mut found = Vec::new();
    for term in terms {
        let mut first = None;
        for form in forms(term) {
            for (at, hit) in words.match_indices(&form) {
                let span = (at, at + hit.len());
                let free = covered.iter().all(|(from, to)| span.1 <= *from || *to <= span.0);
                if free && parted_before(words, span.0) && parted_after(words, span.1) {
                    covered.push(span);
                    first = Some(first.unwrap_or(at).min(at));
                }
            }
        }
        found.extend(first.map(|at| (at, term.clone())));
    }
    found.sort();
    found.into_iter().map(|(_, term)| term).collect()
}

/// A term as it stands and, where its script has them, in the plural.
fn forms(term: &str) -> Vec<String> {
    let mut forms = vec![term.to_owned()];
    if term.chars().next_back().is_some_and(|last| last.is_ascii_alphabetic()) {
        forms.push(format!("{term}s"));
        forms.push(format!("{term}es"));
        forms.extend(term.strip_suffix('y').map(|stem| format!("{stem}ies")));
    }
    forms
}

/// Whether a text holds a rendering, as a word or at the beginning of one. The last letter may give way to an ending:
/// authorities, freezing, seized.
fn renders(words: &str, rendering: &str) -> bool {
    let stem = match rendering.strip_suffix(['e', 'y']) {
        Some(stem) if stem.is_ascii() && stem.len() > 2 => stem,
        _ => rendering,
    };
    words.match_indices(stem).any(|(at, _)| parted_before(words, at))
}

/// Whether a word may begin here: what stands before is no letter or digit of a script that sets words apart.
fn parted_before(words: &str, at: usize) -> bool {
    let (before, after) = (words[..at].chars().next_back(), words[at..].chars().next());
    !(before.is_some_and(runs_on) && after.is_some_and(runs_on))
}

/// Whether a word may end here.
fn parted_after(words: &str, at: usize) -> bool {
    parted_before(words, at)
}

/// Whether a letter belongs to a script in which a word ends at a space. Han characters stand side by side, and a term
/// may be followed by any of them.
fn runs_on(letter: char) -> bool {
    letter.is_alphanumeric() && !('\u{2e80}'..='\u{9fff}').contains(&letter)
}

/// As much of a text as is looked through.
fn start_of(words: &str) -> &str {
    &words[..words.floor_char_boundary(LOOKED_THROUGH_BYTES_MAX)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instrument::tests::shipped;

    fn prose(en: &str, zh: &str) -> Prose {
        let lang = |code: &str| Lang::new(code).unwrap();
        Prose::new(lang("en"), en).with(lang("zh"), zh)
    }

    fn told(text: &Prose) -> Vec<String> {
        let line = |one: &Departure| format!("{} {} -> {}", one.used_in, one.term, one.agreed.join("|"));
        departures(shipped().glossary(), text).iter().map(line).collect()
    }

    #[test]
    fn a_translation_that_departs_is_told_and_one_that_keeps_to_the_terms_is_not() {
        fn check(en: &str, zh: &str, want: &[&str]) {
            assert_eq!(told(&prose(en, zh)), want, "{en} · {zh}");
        }
        // The agreed term on both sides.
        check("The central authority agrees.", "中央机关同意。", &[]);
        check("Both central authorities agree.", "两国中央机关同意。", &[]);
        check("Death penalty", "死刑", &[]);
        // Another word for it.
        check("The central authority agrees.", "总机关同意。", &["en central authority -> 中央机关"]);
        check("Extradition is sought.", "请求移送该人。", &["en extradition -> 引渡", "zh 请求 -> request"]);
        check("He will be handed over.", "将引渡该人。", &["zh 引渡 -> extradition"]);
        // The longest term first: a letter of request is no request, a requested party no requesting one.
        check("See the letter of request.", "见请求书。", &[]);
        check("See the letter.", "见请求书。", &["zh 请求书 -> letter of request"]);
        check("The requested party decides.", "被请求方决定。", &[]);
        // Whole words where a script has them: a warrant is no ant, an unwitnessed paper has no witness.
        check("Torturers were unwitnessed.", "无。", &[]);
        check("EXTRADITION", "引渡", &[]);
        // An ending in the other text does not hide the rendering.
        check("The accounts were frozen and the goods seized.", "扣押。", &[]);
        // Pairs in one entry stand in the same order; words of one sense share their renderings.
        check("Delisting was asked for.", "列名。", &["en delisting -> 除名", "zh 列名 -> listing"]);
        check("An assurance was given.", "已作保证。", &[]);
        check("An undertaking was given.", "已作承诺。", &["en undertaking -> 保证", "zh 承诺 -> commitment"]);
        check("The seal is on it.", "已盖章。", &[]);
        // What stands in brackets in the glossary is no part of the term.
        check("A receipt came.", "已收悉。", &["en receipt -> 回执"]);
    }

    #[test]
    fn one_language_alone_departs_from_nothing() {
        let one = Prose::new(Lang::new("en").unwrap(), "The central authority requests extradition.");
        assert_eq!(departures(shipped().glossary(), &one), Vec::new());
        assert_eq!(told(&prose("The central authority requests extradition.", " ")), Vec::<String>::new());
    }

    #[test]
    fn every_term_of_the_shipped_glossary_renders_itself() {
        let instrument = shipped();
        for term in instrument.glossary() {
            let plain = |code: &str| alternatives(term.words.get(&Lang::new(code).unwrap())).join("; ");
            let text = prose(&plain("en"), &plain("zh"));
            assert_eq!(departures(instrument.glossary(), &text), Vec::new(), "{term:?}");
        }
    }

    /// What a form holds before anybody wrote a word is advised on by nobody.
    #[test]
    fn no_prefilled_basis_departs() {
        let instrument = shipped();
        let mut departing = Vec::new();
        for basis in instrument.types().values().flat_map(|rule| &rule.legal_bases) {
            let text = prose(basis.get(&Lang::new("en").unwrap()), basis.get(&Lang::new("zh").unwrap()));
            departing.extend(told(&text).into_iter().map(|departure| format!("{departure}: {:?}", text.texts)));
        }
        assert!(departing.is_empty(), "{departing:#?}");
    }

    #[test]
    fn advice_ends_and_its_reading_too() {
        let instrument = shipped();
        let every: Vec<&str> =
            instrument.glossary().iter().map(|term| term.words.get(&Lang::new("en").unwrap())).collect();
        assert_eq!(told(&prose(&every.join(". "), "无。")).len(), DEPARTURES_MAX);
        let far = format!("{}extradition", "线".repeat(LOOKED_THROUGH_BYTES_MAX / 2));
        assert_eq!(told(&prose(&far, "无。")), Vec::<String>::new());
    }
}
