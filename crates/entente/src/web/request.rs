//! A request and an act in rows for the reader: what each part is called and what stands in it, in every language.
//!
//! Owns how values look. Must not know how they are typed (`forms`).

use std::collections::BTreeMap;

use domain::act::{Act, Condition, Deed};
use domain::content::{FieldValue, Penalty, Request};
use domain::instrument::{FieldKind, RequestType};
use domain::text::{Lang, Prose, Text};

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

/// One object of a bundle.
pub struct IndicatorRow {
    /// Its STIX type.
    pub kind: String,
    /// Its name or pattern.
    pub words: String,
}

/// A line of an act in its lane: what it is called, and the words.
pub struct DeedRow {
    /// What the words are; empty when that is plain.
    pub label: String,
    /// The words.
    pub words: Said,
    /// Whether they are an officer's own words rather than ours.
    pub own: bool,
}

/// Most objects of a bundle listed on a page; the whole travels as a file.
const OBJECTS_SHOWN_MAX: usize = 60;

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
        FieldValue::Prose(words) => FieldShown::Prose(words.clone()),
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
        FieldValue::Indicators(json) => FieldShown::Indicators(indicators(json)),
    }
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

/// The objects of a bundle as far as a reader needs them: kind, and name or pattern.
fn indicators(json: &str) -> Vec<IndicatorRow> {
    let bundle: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let objects = bundle.get("objects").and_then(serde_json::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let word = |object: &serde_json::Value, key: &str| object.get(key).and_then(|value| value.as_str()).map(str::to_owned);
    objects
        .iter()
        .take(OBJECTS_SHOWN_MAX)
        .map(|object| IndicatorRow {
            kind: word(object, "type").unwrap_or_default(),
            words: ["pattern", "name", "value", "description", "id"]
                .iter()
                .find_map(|key| word(object, key))
                .unwrap_or_default(),
        })
        .collect()
}

impl Page {
    /// The lines an act shows in its lane.
    #[must_use]
    pub fn deed_rows(&self, act: &Act) -> Vec<DeedRow> {
        let own = |key: &str, words: &Prose| DeedRow { label: self.label_of(key), words: self.said(words), own: true };
        let ours = |key: &str, words: String| {
            let mut said = Said::default();
            said.text(&words);
            DeedRow { label: self.label_of(key), words: said, own: false }
        };
        let reason = |words: &Option<Prose>| words.iter().map(|words| own("deed-reason", words)).collect::<Vec<_>>();
        match &act.deed {
            Deed::Preconsult { request } | Deed::Submit { request } => vec![own("", &request.title)],
            Deed::Advise { advice } => vec![own("", advice)],
            Deed::Acknowledge { reference, officer, contact } => vec![
                ours("deed-reference", reference.clone()),
                ours("deed-officer", officer.name.clone()),
                ours("part-contact", contact.clone()),
            ],
            Deed::Transfer { to, reason } => vec![ours("deed-to", self.office_name(to)), own("deed-reason", reason)],
            Deed::ReturnIncomplete { items } => items.iter().map(|item| own("deed-item", &item.want)).collect(),
            Deed::Supplement { note, .. } => vec![own("", note)],
            Deed::OfferConditions { conditions } => conditions.iter().map(|one| self.condition_row(one)).collect(),
            Deed::AcceptConditions { undertaking } => vec![own("deed-undertaking", undertaking)],
            Deed::Postpone { reason, review_on } => {
                vec![own("deed-reason", reason), ours("deed-review", self.date(review_on))]
            }
            Deed::Accept { note } => note.iter().map(|words| own("", words)).collect(),
            Deed::AcceptPart { scope } => vec![own("deed-scope", scope)],
            Deed::Refuse { ground, reason: why, considered, withheld } => {
                let mut rows = vec![ours("ground", self.ground(ground))];
                rows.extend(reason(why));
                if *withheld {
                    rows.push(ours("deed-reason", self.t("deed-withheld")));
                }
                rows.push(own("deed-considered", considered));
                rows
            }
            Deed::Reconsider { argument } => vec![own("deed-argument", argument)],
            Deed::Uphold { reason } | Deed::Reopen { reason } | Deed::Withdraw { reason } => {
                vec![own("deed-reason", reason)]
            }
            Deed::Record { step, note } => vec![ours("deed-step", self.step_name(act, step)), own("", note)],
            Deed::Preserve { what, until } => {
                vec![own("deed-what", what), ours("deed-until", self.moment_words(until, &act.by))]
            }
            Deed::Interim { answer, attachments } => {
                let mut rows = vec![own("", answer)];
                rows.extend((!attachments.is_empty()).then(|| ours("deed-files", attachments.len().to_string())));
                rows
            }
            Deed::Respond { extent, answer, attachments } => {
                let mut rows = vec![ours("deed-extent", self.extent(extent)), own("", answer)];
                rows.extend((!attachments.is_empty()).then(|| ours("deed-files", attachments.len().to_string())));
                rows
            }
            Deed::Ask { question } => vec![own("", question)],
            Deed::Reply { question, answer } => vec![ours("deed-question", question.to_string()), own("", answer)],
            Deed::ReportOutcome { usefulness, used_for } => {
                vec![ours("deed-usefulness", format!("{usefulness}/5")), own("deed-used-for", used_for)]
            }
            Deed::Close { lesson } => lesson.iter().map(|words| own("deed-lesson", words)).collect(),
            Deed::ConfirmRelease { note } => vec![own("", note)],
            Deed::Regrade { urgency, reason } => {
                vec![ours("deed-urgency", self.urgency(urgency)), own("deed-reason", reason)]
            }
            Deed::Escalate { level, reason: why } => {
                let mut rows = vec![ours("level", self.level_name(*level))];
                rows.extend(reason(why));
                rows
            }
            Deed::AnswerEscalation { level, answer } => vec![ours("level", self.level_name(*level)), own("", answer)],
            Deed::BeginReview {} | Deed::Resume {} | Deed::BeginExecution {} | Deed::RemindOutcome {} | Deed::Lapse {} => {
                Vec::new()
            }
        }
    }

    /// A level of the ladder: `L2 Central authorities`.
    #[must_use]
    pub fn level_name(&self, level: u8) -> String {
        let name = self.instrument().rung(level).map(|rung| self.text(&rung.name)).unwrap_or_default();
        format!("L{level} {name}")
    }

    /// A part's name and a text beside each other, one cell a language.
    #[must_use]
    pub fn cells(&self, label: &Text, worded: &dyn Worded) -> Said {
        let mut said = Said::default();
        for lang in self.instrument().langs() {
            said.open("div", &[("lang", Tongue::tag_of(lang))]);
            said.open("h3", &[]).text(label.get(lang)).close("h3");
            match worded.words(lang) {
                Some(words) => said.open("p", &[]).text(words).close("p"),
                None => {
                    said.open("p", &[("class", "soft"), ("lang", self.tongue.tag())]).text(&self.t("untranslated")).close("p")
                }
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

    fn label_of(&self, key: &str) -> String {
        if key.is_empty() { String::new() } else { self.t(key) }
    }

    fn condition_row(&self, condition: &Condition) -> DeedRow {
        DeedRow { label: self.condition(&condition.kind), words: self.said(&condition.words), own: true }
    }

    fn step_name(&self, act: &Act, code: &str) -> String {
        let types = self.instrument().types().values();
        let series = act.case.as_str().split('-').nth(1).unwrap_or("");
        let step = types.filter(|rule| rule.series == series).find_map(|rule| rule.step(code));
        step.map_or_else(|| code.to_owned(), |step| self.text(&step.name))
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
