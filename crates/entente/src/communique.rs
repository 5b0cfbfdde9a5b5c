//! The first draft of a meeting's text, put together from what its acts say was settled and committed to.
//!
//! Owns the order and the joints. A person edits it and proposes it; nothing here is ever signed by itself. What was said in
//! one language only stands in brackets in the others, over which nobody can sign. Must not know pages.

use domain::case::Case;
use domain::content::FieldValue;
use domain::instrument::Instrument;
use domain::menu::Menu;
use domain::text::{Lang, Prose};

use crate::i18n::Tongue;

/// The draft, in every language of the instrument the face speaks; none while nothing was settled nor committed to.
#[must_use]
pub fn assembled(instrument: &Instrument, case: &Case) -> Option<Prose> {
    let rule = case.rule(instrument).filter(|rule| rule.meeting.is_some())?;
    let settled = case.talk.items.iter().any(|item| item.outcome.is_some());
    let promised = case.care.in_force().any(|(_, one)| one.task.is_some());
    if !settled && !promised {
        return None;
    }
    let said = |lang: &Lang| {
        let tongue = Tongue::from_code(lang.as_str())?;
        let name = rule.name.get(lang).to_owned();
        let place = case.request.fields.values().find_map(|value| match value {
            FieldValue::Place(place) => Some(place.words.clone()),
            _ => None,
        });
        let mut lines = vec![match place {
            Some(place) => tongue.with("communique-opening", &[("type", &name), ("place", &place)]),
            None => tongue.with("communique-opening-bare", &[("type", &name)]),
        }];
        let mut number = 0;
        if settled {
            lines.push(tongue.t("communique-outcomes"));
            for (_, words, _) in case.talk.items.iter().filter_map(|item| item.outcome.as_ref()) {
                number += 1;
                lines.push(format!("{number}. {}", in_brackets(words, lang)));
            }
        }
        if promised {
            lines.push(tongue.t("communique-tasks"));
            for (_, one) in case.care.in_force() {
                let Some(task) = &one.task else { continue };
                number += 1;
                let party = instrument.party(case.party(task.side)).map(|party| party.short.get(lang).to_owned());
                let office = instrument.office(&task.owner).map(|office| office.name.get(lang).to_owned());
                let words = in_brackets(&one.words, lang);
                let month = tongue.t(&format!("month-{}", task.due_on.month()));
                let (day_of, year) = (task.due_on.day().to_string(), task.due_on.year().to_string());
                let day = tongue.with("communique-day", &[("day", &day_of), ("month", &month), ("year", &year)]);
                let (party, office) = (party.unwrap_or_default(), office.unwrap_or_default());
                let line = tongue.with(
                    "communique-task",
                    &[("party", &party), ("office", &office), ("day", &day), ("what", &words)],
                );
                lines.push(format!("{number}. {line}"));
            }
        }
        Some((lang.clone(), lines.join("\n")))
    };
    let texts = instrument.langs().iter().filter_map(said).collect();
    Some(Prose { original: instrument.langs().first()?.clone(), texts })
}

/// Words in a language; those of the original in brackets where nobody has translated them.
fn in_brackets(words: &Prose, lang: &Lang) -> String {
    match words.texts.get(lang).filter(|text| !text.trim().is_empty()) {
        Some(text) => text.clone(),
        None => format!("[{}]", words.get(lang)),
    }
}
