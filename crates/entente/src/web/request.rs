//! A request in rows for the reader: what each part is called and what stands in it, in every language.
//!
//! Owns how values look. Must not know how they are typed (`forms`).

use std::collections::BTreeMap;

use domain::content::{FieldValue, NaturalPerson, Penalty, Request, Sex};
use domain::instrument::{FieldKind, RequestType};
use domain::text::{Lang, Prose, Text};

use super::forms::identity::{birth_line, document_line, position_line};
use super::indicators::IndicatorRow;
use super::page::Page;
use super::said::{Said, Worded};
use crate::i18n::Tongue;
use domain::menu::Menu;

/// One part of a request.
pub struct FieldRow {
    /// What it is called, in every language.
    pub label: Text,
    /// What stands in it.
    pub value: FieldShown,
}

/// What stands in a part.
pub enum FieldShown {
    /// Words, side by side.
    Prose(Prose),
    /// A value the same in every language, or one rendering of it per language.
    Plain(Text),
    /// A STIX bundle.
    Indicators(Vec<IndicatorRow>),
}

/// The parts of a request in the order of the form.
#[must_use]
pub fn field_rows(page: &Page, request: &Request) -> Vec<FieldRow> {
    let mut rows = Vec::new();
    let mut prose = |key: &str, words: Option<&Prose>| {
        if let Some(words) = words.filter(|words| !words.is_blank()) {
            rows.push(FieldRow { label: label(page, key), value: FieldShown::Prose(words.clone()) });
        }
    };
    prose("part-legal_basis", Some(&request.legal_basis));
    prose("part-purpose", Some(&request.purpose));
    prose("part-urgency_reason", request.urgency_reason.as_ref());
    prose("part-confidentiality", request.confidentiality.as_ref());
    let rule = page.rule(&request.type_code);
    for field in rule.map(|rule| rule.fields.as_slice()).unwrap_or_default() {
        if let Some(value) = request.fields.get(&field.id) {
            rows.push(FieldRow { label: field.label.clone(), value: shown(page, &field.kind, value) });
        }
    }
    let known = |id: &&String| rule.and_then(|rule: &RequestType| rule.field(id)).is_none();
    for id in request.fields.keys().filter(known) {
        let same = langs(page, |_| id.clone());
        rows.push(FieldRow { label: same, value: shown(page, &FieldKind::Line, &request.fields[id]) });
    }
    if let Some(date) = request.needed_by {
        let value = FieldShown::Plain(langs(page, |tongue| said_in(page, tongue).date(&date)));
        rows.push(FieldRow { label: label(page, "part-needed_by"), value });
    }
    let evidence = if request.evidential_use { "yes" } else { "no" };
    let value = FieldShown::Plain(langs(page, |tongue| tongue.t(evidence)));
    rows.push(FieldRow { label: label(page, "part-evidential_use"), value });
    let value = FieldShown::Plain(langs(page, |_| request.contact.clone()));
    rows.push(FieldRow { label: label(page, "part-contact"), value });
    rows
}

/// What stands in a field of this kind.
#[must_use]
pub fn shown(page: &Page, kind: &FieldKind, value: &FieldValue) -> FieldShown {
    let each = |say: &dyn Fn(Tongue) -> String| FieldShown::Plain(langs(page, say));
    match value {
        FieldValue::Prose(words) | FieldValue::Parallel(words) => FieldShown::Prose(words.clone()),
        FieldValue::Line(line) => each(&|_| line.clone()),
        FieldValue::Choice(code) => {
            let options = if let FieldKind::Choice { options } = kind { options.as_slice() } else { &[] };
            match options.iter().find(|(known, _)| known == code) {
                Some((_, words)) => FieldShown::Plain(words.clone()),
                None => each(&|_| code.clone()),
            }
        }
        FieldValue::Date(date) => each(&|tongue| said_in(page, tongue).date(date)),
        FieldValue::Interval { from, to } => {
            let utc = |at: &jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
            each(&|_| format!("{} – {}", utc(from), utc(to)))
        }
        FieldValue::YesNo(yes) => each(&|tongue| tongue.t(if *yes { "yes" } else { "no" })),
        FieldValue::Penalty(penalty) => each(&|tongue| penalty_words(tongue, *penalty)),
        FieldValue::Indicators(json) => FieldShown::Indicators(page.indicators(json)),
        FieldValue::Person(person) => each(&|tongue| person_words(tongue, person)),
        FieldValue::Place(place) => each(&|_| {
            let at = place.position.map(|at| format!("\n{}", position_line(at))).unwrap_or_default();
            format!("{}{at}", place.words)
        }),
        FieldValue::Office(office) => each(&|tongue| said_in(page, tongue).office_name(office)),
        FieldValue::Money(money) => each(&|_| money.to_string()),
        FieldValue::Items(items) => each(&|_| items.join("\n")),
    }
}

/// A person part by part, a line each; parts that are not known are left out.
fn person_words(tongue: Tongue, person: &NaturalPerson) -> String {
    let documents: Vec<String> = person.documents.iter().map(document_line).collect();
    let sex = if person.sex == Sex::Unstated { String::new() } else { tongue.t(&format!("sex-{}", person.sex.code())) };
    let parts = [
        ("names", person.names.join(" · ")),
        ("born", birth_line(person.born)),
        ("birthplace", person.birthplace.clone()),
        ("sex", sex),
        ("nationalities", person.nationalities.join(", ")),
        ("documents", documents.join(" · ")),
    ];
    let known = parts.iter().filter(|(_, words)| !words.is_empty());
    let lines = known.map(|(part, words)| {
        tongue.with("label-value", &[("label", &tongue.t(&format!("form-person-{part}"))), ("value", words)])
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn penalty_words(tongue: Tongue, penalty: Penalty) -> String {
    match penalty {
        Penalty::NoPrison => tongue.t("penalty-no-prison"),
        Penalty::YearsMax(years) => tongue.with("penalty-years", &[("n", &years)]),
        Penalty::Life => tongue.t("penalty-life"),
        Penalty::Death => tongue.t("penalty-death"),
        Penalty::Unknown => tongue.t("penalty-unknown"),
    }
}

impl Page {
    /// A part's name and a text beside each other, one cell a language.
    #[must_use]
    pub fn cells(&self, label: &Text, worded: &dyn Worded) -> Said {
        let mut said = Said::default();
        for lang in self.instrument().langs() {
            said.open("div", &[("lang", Tongue::tag_of(lang))]);
            said.open("h3", &[]).text(label.get(lang)).close("h3");
            match worded.words(lang) {
                Some(words) => said.open("p", &[]).text(words).close("p"),
                None => said
                    .open("p", &[("class", "soft"), ("lang", self.tongue.tag())])
                    .text(&self.t("untranslated"))
                    .close("p"),
            };
            said.close("div");
        }
        said
    }

    /// Our own words, made anew in every language of the instrument.
    #[must_use]
    pub fn in_langs(&self, say: impl Fn(Tongue) -> String) -> Text {
        langs(self, say)
    }
}

/// Our own words for a key, in every language of the instrument.
fn label(page: &Page, key: &str) -> Text {
    langs(page, |tongue| tongue.t(key))
}

fn langs(page: &Page, say: impl Fn(Tongue) -> String) -> Text {
    let tongue = |lang: &Lang| Tongue::from_code(lang.as_str()).unwrap_or(page.tongue);
    let each: BTreeMap<Lang, String> =
        page.instrument().langs().iter().map(|lang| (lang.clone(), say(tongue(lang)))).collect();
    Text::new(each)
}

fn said_in(page: &Page, tongue: Tongue) -> Page {
    page.in_language(tongue)
}
