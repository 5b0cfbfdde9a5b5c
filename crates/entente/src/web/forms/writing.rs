//! A request as a form: its parts as inputs, and the inputs as a request.
//!
//! Owns both directions and nothing between them: whether the request is complete is the domain's to say. Must not know
//! drafts, the store or pages.

use domain::act::Urgency;
use domain::content::{LINE_CHARS_MAX, LINKED_MAX, Lack, Missing, Request};
use domain::handling::{Classification, Tlp};
use domain::ids::{CaseId, OfficeId};
use domain::instrument::RequestType;
use domain::menu::Menu;
use domain::text::Lang;
use jiff::civil::{Date, DateTime};

use super::input::{Input, Maker};
use super::value::{field_of, put_value, read_value};
use super::{Typed, Why, Wrong};

/// A group of inputs under one heading.
pub struct Section {
    /// Its id on the page.
    pub id: &'static str,
    /// Its heading.
    pub title: String,
    /// Its inputs.
    pub inputs: Vec<Input>,
}

/// How a moment is typed: what `datetime-local` sends.
pub(super) const MOMENT: &str = "%Y-%m-%dT%H:%M";

/// What the names of the type's own fields begin with.
const FIELDS: &str = "x.";

/// The name of a field's input: the type's own fields stand apart from the parts every request has.
#[must_use]
pub fn field_input(id: &str) -> String {
    format!("{FIELDS}{id}")
}

/// The input that a missing part names.
#[must_use]
pub fn input_of(rule: &RequestType, part: &str) -> String {
    match part {
        "attachments" => "file".to_owned(),
        part if rule.field(part).is_some() => field_input(part),
        part => part.to_owned(),
    }
}

/// The part of a request, or the field of its type, that an input or one of its boxes belongs to.
#[must_use]
pub fn part_of(input: &str) -> &str {
    let own = input.strip_prefix(FIELDS).unwrap_or(input);
    own.split('.').next().unwrap_or(own)
}

/// What is missing from a request, as what is wrong with its inputs.
#[must_use]
pub fn wrongs(rule: &RequestType, missing: &[Missing]) -> Vec<Wrong> {
    let wrong = |lack: &Missing| {
        let why = match &lack.what {
            Lack::Empty => Why::Key("form-wrong-empty"),
            Lack::Translation(lang) => Why::Untranslated(lang.clone()),
            Lack::WrongKind | Lack::Unknown => Why::Key("form-wrong-choice"),
            Lack::Backwards => Why::Key("form-wrong-backwards"),
            Lack::Passed => Why::Key("form-wrong-passed"),
            Lack::Blank => Why::Key("form-wrong-blank"),
            Lack::Asked => Why::Key("form-wrong-asked"),
            Lack::TooLong(max) => Why::TooLong(*max),
            Lack::Barred(bar) => Why::Barred(*bar),
        };
        Wrong { input: input_of(rule, &lack.field), why }
    };
    missing.iter().map(wrong).collect()
}

/// What a request looks like when typed.
#[must_use]
pub fn typed_of(request: &Request) -> Typed {
    let mut typed = Typed::default();
    typed.put("to", request.to.as_str());
    typed.put_prose("title", &request.title);
    typed.put_prose("legal_basis", &request.legal_basis);
    typed.put("urgency", request.urgency.code());
    typed.put_prose("purpose", &request.purpose);
    typed.put("mark", request.mark.code());
    typed.put("classification", request.classification.code());
    typed.put("contact", &request.contact);
    if let Some(reason) = &request.urgency_reason {
        typed.put_prose("urgency_reason", reason);
    }
    if let Some(reason) = &request.confidentiality {
        typed.put_prose("confidentiality", reason);
    }
    if let Some(date) = request.needed_by {
        typed.put("needed_by", &date.to_string());
    }
    let linked: Vec<&str> = request.linked.iter().map(CaseId::as_str).collect();
    typed.put("linked", &linked.join(", "));
    for (name, on) in [
        ("evidential_use", request.evidential_use),
        ("personal_data", request.personal_data),
        ("exercise", request.exercise),
    ] {
        if on {
            typed.put(name, "yes");
        }
    }
    for (id, value) in &request.fields {
        put_value(&mut typed, &field_input(id), value);
    }
    typed
}

/// The request that was typed over `was`, which keeps what no input holds: type, drafter and attachments. What cannot
/// be read is left out and named.
#[must_use]
pub fn read(typed: &Typed, was: &Request, rule: &RequestType, langs: &[Lang]) -> (Request, Vec<Wrong>) {
    let mut wrong = Vec::new();
    let fields = rule.fields.iter().filter_map(|field| {
        let value = read_value(typed, &field_input(&field.id), &field.kind, langs, &mut wrong)?;
        Some((field.id.clone(), value))
    });
    let fields = fields.collect();
    let request = Request {
        type_code: was.type_code.clone(),
        to: OfficeId::new(typed.get("to")).unwrap_or_else(|_| was.to.clone()),
        title: typed.prose_or_blank("title", langs),
        legal_basis: typed.prose_or_blank("legal_basis", langs),
        urgency: Urgency::from_code(typed.get("urgency")).unwrap_or(was.urgency),
        urgency_reason: typed.prose("urgency_reason", langs),
        needed_by: read_date(typed, "needed_by", &mut wrong),
        purpose: typed.prose_or_blank("purpose", langs),
        evidential_use: typed.ticked("evidential_use"),
        mark: Tlp::from_code(typed.get("mark")).unwrap_or(was.mark),
        classification: Classification::from_code(typed.get("classification")).unwrap_or(was.classification),
        confidentiality: typed.prose("confidentiality", langs),
        personal_data: typed.ticked("personal_data"),
        exercise: typed.ticked("exercise"),
        contact: typed.get("contact").to_owned(),
        fields,
        attachments: was.attachments.clone(),
        linked: read_linked(typed, &mut wrong),
        continues: was.continues.clone(),
        drafter: was.drafter.clone(),
    };
    (request, wrong)
}

/// The whole form, section by section.
#[must_use]
pub fn sections(maker: &Maker<'_>, rule: &RequestType) -> Vec<Section> {
    let page = maker.page;
    let fields = rule.fields.iter();
    vec![
        Section { id: "matter", title: page.t("form-section-matter"), inputs: matter(maker, rule) },
        Section {
            id: "contents",
            title: page.text(&rule.name),
            inputs: fields.map(|field| field_of(maker, field, &field_input(&field.id))).collect(),
        },
        Section { id: "handling", title: page.t("form-section-handling"), inputs: handling(maker, rule) },
    ]
}

/// A civil time typed into a `datetime-local` input.
#[must_use]
pub fn civil(text: &str) -> Option<DateTime> {
    text.get(..16).and_then(|text| DateTime::strptime(MOMENT, text).ok())
}

fn matter(maker: &Maker<'_>, rule: &RequestType) -> Vec<Input> {
    let page = maker.page;
    let label = |part: &str| page.t(&format!("part-{part}"));
    let theirs = rule.may_receive.iter().filter(|office| office.party() != *page.us());
    let urgencies = rule.clocks.keys().map(|urgency| {
        let test = page.instrument().urgencies().get(urgency).map(|words| page.text(&words.test)).unwrap_or_default();
        (urgency.code().to_owned(), page.urgency(urgency), test)
    });
    // The domain asks for a reason of everything but routine, and for a date of what names one (`content::missing`).
    let urgent: Vec<&str> =
        rule.clocks.keys().filter(|urgency| **urgency != Urgency::U3).map(|urgency| urgency.code()).collect();
    let dated: Vec<&str> = urgent.iter().copied().filter(|code| *code == Urgency::U2.code()).collect();
    let needed = |input: Input, codes: &[&str]| match codes {
        [] => input.optional(),
        codes => input.needed(page.t1("form-needed-for", "urgencies", codes.join(&page.t("list-and")))),
    };
    let bases: Vec<String> = rule.legal_bases.iter().map(|basis| page.text(basis)).collect();
    vec![
        maker.menu("to", &page.t("form-part-to"), theirs.map(|id| (id.to_string(), page.office_name(id)))),
        maker.words("title", &label("title"), 2).hint(&page.t("form-hint-title")),
        maker.words("legal_basis", &label("legal_basis"), 2).hint(&page.t1(
            "form-hint-legal-basis",
            "bases",
            bases.join(" · "),
        )),
        maker.radio("urgency", &page.t("form-part-urgency"), urgencies),
        needed(
            maker.words("urgency_reason", &label("urgency_reason"), 2).hint(&page.t("form-hint-urgency-reason")),
            &urgent,
        ),
        needed(maker.date("needed_by", &label("needed_by")).hint(&page.t("form-hint-needed-by")), &dated),
        maker.words("purpose", &label("purpose"), 4).hint(&page.t("form-hint-purpose")),
    ]
}

fn handling(maker: &Maker<'_>, rule: &RequestType) -> Vec<Input> {
    let page = maker.page;
    let label = |part: &str| page.t(&format!("part-{part}"));
    let marks = Tlp::ALL.iter().filter(|(mark, _)| *mark >= rule.mark_min);
    let markings = Classification::ALL.iter().map(|(level, code)| {
        let ours = page.our_party().markings.iter().filter(|marking| marking.classification == *level);
        let names: Vec<String> = ours.map(|marking| page.text(&marking.label)).collect();
        ((*code).to_owned(), page.classification(level), names.join(" · "))
    });
    vec![
        maker
            .menu("mark", &page.t("form-part-mark"), marks.map(|(_, code)| ((*code).to_owned(), (*code).to_owned())))
            .hint(&page.t("form-hint-mark")),
        maker
            .radio("classification", &page.t("form-part-classification"), markings)
            .hint(&page.t("form-hint-classification")),
        maker.tick("personal_data", &page.t("form-part-personal-data")),
        maker.tick("evidential_use", &page.t("part-evidential_use")),
        maker
            .words("confidentiality", &label("confidentiality"), 2)
            .hint(&page.t("form-hint-confidentiality"))
            .optional(),
        maker.line("contact", &label("contact")).hint(&page.t("form-hint-contact")),
        maker.line("linked", &label("linked")).hint(&page.t("form-hint-linked")).optional(),
        maker.tick("exercise", &page.t("form-part-exercise")),
    ]
}

/// A day typed into a `date` input; `None` when nothing, or nothing readable, was.
pub fn read_date(typed: &Typed, name: &str, wrong: &mut Vec<Wrong>) -> Option<Date> {
    let text = typed.some(name)?;
    let date = text.parse().ok();
    if date.is_none() {
        wrong.push(Wrong::at(name, "form-wrong-date"));
    }
    date
}

/// Other cases by their references, parted by commas or white space.
fn read_linked(typed: &Typed, wrong: &mut Vec<Wrong>) -> Vec<CaseId> {
    let text = typed.get("linked");
    let parts = text.split(|c: char| c == ',' || c == '，' || c == '、' || c.is_whitespace());
    let read: Result<Vec<CaseId>, _> =
        parts.filter(|part| !part.is_empty()).take(LINKED_MAX + 1).map(CaseId::new).collect();
    if read.is_err() || text.len() > LINE_CHARS_MAX * LINKED_MAX {
        wrong.push(Wrong::at("linked", "form-wrong-linked"));
    }
    read.unwrap_or_default()
}
