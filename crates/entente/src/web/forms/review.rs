//! What will be sent, or was answered, as lines to read before signing.
//!
//! Owns the choice and order of the lines. Must not know forms, nor sign anything.

use askama::Template;
use domain::act::{Deed, Extent};
use domain::case::Case;
use domain::content::{Attachment, FieldValue, Request};
use domain::instrument::{FieldKind, RequestType};
use domain::menu::Menu;
use domain::text::Prose;
use jiff::Timestamp;

use super::writing::penalty_words;
use crate::web::{Page, Said};

/// One line of what will be sent.
pub struct Line {
    /// What it is.
    pub label: String,
    /// What it says.
    pub shown: Shown,
}

/// What a line says.
pub enum Shown {
    /// Words, in every language.
    Words(Prose),
    /// The same in every language.
    Plain(String),
    /// A moment.
    Moment(Said),
}

/// Lines on a page.
#[derive(Template)]
#[template(path = "forms/lines.html")]
pub struct Lines<'a> {
    /// The page.
    pub page: &'a Page,
    /// The lines.
    pub lines: Vec<Line>,
}

/// Every part of a request.
#[must_use]
pub fn of_request<'a>(page: &'a Page, rule: &RequestType, request: &Request) -> Lines<'a> {
    let part = |name: &str| page.t(&format!("part-{name}"));
    let yes = |on: bool| page.t(if on { "form-yes" } else { "form-no" });
    let mut lines = vec![
        plain(page.t("form-part-to"), page.office_name(&request.to)),
        words(part("title"), &request.title),
        words(part("legal_basis"), &request.legal_basis),
        plain(page.t("form-part-urgency"), page.urgency(&request.urgency)),
    ];
    lines.extend(request.urgency_reason.as_ref().map(|reason| words(part("urgency_reason"), reason)));
    lines.extend(request.needed_by.as_ref().map(|date| plain(part("needed_by"), page.date(date))));
    lines.push(words(part("purpose"), &request.purpose));
    for field in &rule.fields {
        if let Some(value) = request.fields.get(&field.id) {
            lines.push(Line { label: page.text(&field.label), shown: value_shown(page, &field.kind, value) });
        }
    }
    lines.push(plain(page.t("form-part-mark"), request.mark.code()));
    lines.push(plain(page.t("form-part-classification"), page.classification(&request.classification)));
    lines.push(plain(page.t("form-part-personal-data"), yes(request.personal_data)));
    lines.push(plain(page.t("form-part-evidential-use"), yes(request.evidential_use)));
    lines.extend(request.confidentiality.as_ref().map(|reason| words(part("confidentiality"), reason)));
    lines.push(plain(part("contact"), request.contact.clone()));
    if !request.linked.is_empty() {
        let linked: Vec<&str> = request.linked.iter().map(domain::ids::CaseId::as_str).collect();
        lines.push(plain(part("linked"), linked.join(", ")));
    }
    lines.extend(files(page, &request.attachments));
    if request.exercise {
        lines.push(plain(page.t("form-part-exercise"), yes(true)));
    }
    Lines { page, lines }
}

/// Every part of what an act says.
#[must_use]
pub fn of_deed<'a>(page: &'a Page, case: &Case, rule: &RequestType, deed: &Deed) -> Lines<'a> {
    let label = |name: &str| page.t(&format!("form-deed-{name}"));
    let said = |prose: &Prose| words(page.t(&format!("form-words-{}", deed.kind().code())), prose);
    let lines = match deed {
        Deed::Advise { advice: text }
        | Deed::AcceptConditions { undertaking: text }
        | Deed::AcceptPart { scope: text }
        | Deed::Reconsider { argument: text }
        | Deed::Uphold { reason: text }
        | Deed::Reopen { reason: text }
        | Deed::Ask { question: text }
        | Deed::Withdraw { reason: text }
        | Deed::ConfirmRelease { note: text } => vec![said(text)],
        Deed::Accept { note: text } | Deed::Close { lesson: text } => text.iter().map(said).collect(),
        Deed::Preconsult { request } | Deed::Submit { request } => return of_request(page, rule, request),
        Deed::BeginReview {}
        | Deed::Resume {}
        | Deed::BeginExecution {}
        | Deed::RemindOutcome {}
        | Deed::Lapse {} => Vec::new(),
        Deed::Acknowledge { reference, officer, contact } => vec![
            plain(label("reference"), reference.clone()),
            plain(label("officer"), officer.name.clone()),
            plain(label("contact"), contact.clone()),
        ],
        Deed::Transfer { to, reason } => vec![plain(label("to"), page.office_name(to)), said(reason)],
        Deed::ReturnIncomplete { items } => {
            items.iter().map(|item| words(part_name(page, case, &item.field), &item.want)).collect()
        }
        Deed::Supplement { fields, attachments, note } => supplement(page, rule, fields, attachments, said(note)),
        Deed::OfferConditions { conditions } => {
            conditions.iter().map(|condition| words(page.condition(&condition.kind), &condition.words)).collect()
        }
        Deed::Postpone { reason, review_on } => vec![said(reason), plain(label("review-on"), page.date(review_on))],
        Deed::Refuse { ground, reason, considered, withheld } => {
            let mut lines = vec![plain(label("ground"), page.ground(ground))];
            lines.extend(reason.as_ref().map(said));
            lines.extend(withheld.then(|| plain(label("withheld"), page.t("form-yes"))));
            lines.push(words(label("considered"), considered));
            lines
        }
        Deed::Record { step, note } => {
            let name = rule.step(step).map_or_else(|| step.clone(), |step| page.text(&step.name));
            vec![plain(label("step"), name), said(note)]
        }
        Deed::Preserve { what, until } => vec![said(what), moment(page, label("until"), until)],
        Deed::Interim { answer, attachments } => with_files(page, vec![said(answer)], attachments),
        Deed::Reply { question, answer } => vec![plain(label("question"), question.to_string()), said(answer)],
        Deed::Respond { extent, answer, attachments } => {
            with_files(page, vec![plain(label("extent"), extent_words(page, extent)), said(answer)], attachments)
        }
        Deed::ReportOutcome { usefulness, used_for } => {
            vec![plain(label("usefulness"), page.t(&format!("form-usefulness-{usefulness}"))), said(used_for)]
        }
        Deed::Regrade { urgency, reason } => vec![plain(label("urgency"), page.urgency(urgency)), said(reason)],
        Deed::Escalate { level, reason } => {
            let mut lines = vec![plain(label("level"), level_words(page, *level))];
            lines.extend(reason.as_ref().map(said));
            lines
        }
        Deed::AnswerEscalation { level, answer } => {
            vec![plain(label("level"), level_words(page, *level)), said(answer)]
        }
    };
    Lines { page, lines }
}

/// A level of the ladder with who answers there.
#[must_use]
pub fn level_words(page: &Page, level: u8) -> String {
    let name = page.instrument().rung(level).map(|rung| page.text(&rung.name)).unwrap_or_default();
    format!("L{level} {name}")
}

/// The name of a part of a request; anything else is `other`.
#[must_use]
pub fn part_name(page: &Page, case: &Case, part: &str) -> String {
    if part == "other" { page.t("form-deed-other") } else { page.part(&case.type_code, part) }
}

/// A file's length in words.
#[must_use]
pub fn size(page: &Page, bytes: u64) -> String {
    match bytes {
        0..1_000 => page.t1("form-size-bytes", "n", bytes),
        1_000..1_000_000 => page.t1("form-size-kb", "n", bytes.div_ceil(1_000)),
        _ => page.t1("form-size-mb", "n", bytes.div_ceil(1_000_000)),
    }
}

fn supplement(
    page: &Page,
    rule: &RequestType,
    fields: &std::collections::BTreeMap<String, FieldValue>,
    attachments: &[Attachment],
    note: Line,
) -> Vec<Line> {
    let known = rule.fields.iter().filter_map(|field| Some((field, fields.get(&field.id)?)));
    let mut lines: Vec<Line> = known
        .map(|(field, value)| Line { label: page.text(&field.label), shown: value_shown(page, &field.kind, value) })
        .collect();
    lines.push(note);
    with_files(page, lines, attachments)
}

fn value_shown(page: &Page, kind: &FieldKind, value: &FieldValue) -> Shown {
    match value {
        FieldValue::Prose(words) => Shown::Words(words.clone()),
        FieldValue::Line(text) | FieldValue::Indicators(text) => Shown::Plain(text.clone()),
        FieldValue::Choice(code) => {
            let options = if let FieldKind::Choice { options } = kind { options.as_slice() } else { &[] };
            let label = options.iter().find(|(known, _)| known == code).map(|(_, text)| page.text(text));
            Shown::Plain(label.unwrap_or_else(|| code.clone()))
        }
        FieldValue::Date(date) => Shown::Plain(page.date(date)),
        FieldValue::Interval { from, to } => {
            let utc = |at: &Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
            Shown::Plain(format!("{} – {}", utc(from), utc(to)))
        }
        FieldValue::YesNo(yes) => Shown::Plain(page.t(if *yes { "form-yes" } else { "form-no" })),
        FieldValue::Penalty(penalty) => Shown::Plain(penalty_words(page, *penalty)),
    }
}

fn extent_words(page: &Page, extent: &Extent) -> String {
    page.extent(extent)
}

fn with_files(page: &Page, mut lines: Vec<Line>, attachments: &[Attachment]) -> Vec<Line> {
    lines.extend(files(page, attachments));
    lines
}

fn files(page: &Page, attachments: &[Attachment]) -> Option<Line> {
    let names: Vec<String> =
        attachments.iter().map(|file| format!("{} ({})", file.name, size(page, file.bytes))).collect();
    (!names.is_empty()).then(|| plain(page.t("part-attachments"), names.join("\n")))
}

fn words(label: String, words: &Prose) -> Line {
    Line { label, shown: Shown::Words(words.clone()) }
}

fn plain(label: String, text: impl Into<String>) -> Line {
    Line { label, shown: Shown::Plain(text.into()) }
}

fn moment(page: &Page, label: String, at: &Timestamp) -> Line {
    Line { label, shown: Shown::Moment(page.when_here(at)) }
}
