//! What will be sent, as lines to read before signing.
//!
//! Owns the choice and order of the lines. Must not know forms, nor sign anything.

use std::collections::BTreeMap;

use askama::Template;
use domain::act::Deed;
use domain::content::{Attachment, FieldValue, Request};
use domain::ids::{CaseId, TypeCode};
use domain::instrument::RequestType;
use domain::menu::Menu;
use domain::text::{Lang, Prose, Text};
use jiff::Timestamp;

use super::deed::about_code;
use crate::i18n::Tongue;
use crate::web::Page;
use crate::web::request::{FieldRow, FieldShown, field_rows, shown};
use crate::web::said::Worded;

/// Lines on a page, every language beside the others.
#[derive(Template)]
#[template(path = "forms/lines.html")]
pub struct Lines<'a> {
    /// The page.
    pub page: &'a Page,
    /// The lines.
    pub rows: Vec<FieldRow>,
}

impl Lines<'_> {
    /// Whether an officer's words lack a language of the instrument.
    #[must_use]
    pub fn is_half_translated(&self) -> bool {
        let langs = self.page.instrument().langs();
        let lacks = |words: &Prose| langs.iter().any(|lang| words.words(lang).is_none());
        self.rows.iter().any(|row| matches!(&row.value, FieldShown::Prose(words) if lacks(words)))
    }
}

/// Every part of a request.
#[must_use]
pub fn of_request<'a>(page: &'a Page, request: &Request) -> Lines<'a> {
    let line = |key: &str, say: &dyn Fn(&Page) -> String| plain(page, key, say);
    let mut rows = vec![
        words(page, "part-title", &request.title),
        line("form-part-to", &|page| page.office_name(&request.to)),
        line("form-part-urgency", &|page| page.urgency(&request.urgency)),
    ];
    rows.extend(field_rows(page, request));
    rows.push(line("form-part-mark", &|_| request.mark.code().to_owned()));
    rows.push(line("form-part-classification", &|page| page.classification(&request.classification)));
    rows.push(line("form-part-personal-data", &|page| page.t(if request.personal_data { "yes" } else { "no" })));
    if !request.linked.is_empty() {
        let linked: Vec<&str> = request.linked.iter().map(CaseId::as_str).collect();
        rows.push(line("part-linked", &|_| linked.join(", ")));
    }
    if let Some(earlier) = &request.continues {
        rows.push(line("part-continues", &|_| earlier.to_string()));
    }
    rows.extend(files(page, &request.attachments));
    if request.exercise {
        rows.push(line("form-part-exercise", &|page| page.t("yes")));
    }
    Lines { page, rows }
}

/// To whom a copy goes, what is masked in it, and why.
fn forwarded(page: &Page, rule: &RequestType, deed: &Deed, said: FieldRow) -> Vec<FieldRow> {
    let Deed::Forward { to, fields, files, acts, .. } = deed else { return Vec::new() };
    let mask = page.mask_words(Some(rule), fields, files.len(), acts);
    let mut rows = vec![plain(page, "form-deed-to", &|page| page.office_name(to))];
    rows.extend(mask.map(|mask| plain(page, "mask", &|_| mask.clone())));
    rows.push(said);
    rows
}

/// What a supplement brings, what it says cannot be supplied, and its note.
fn supplement(page: &Page, rule: &RequestType, deed: &Deed, note: FieldRow) -> Vec<FieldRow> {
    let Deed::Supplement { fields, attachments, unable, .. } = deed else { return Vec::new() };
    let label = |id: &str| each(page, &|page| page.t1("form-deed-unable", "part", part_name(page, &rule.code, id)));
    let mut rows = supplied(page, rule, fields);
    rows.extend(unable.iter().map(|(id, why)| labelled(label(id), why)));
    rows.push(note);
    rows.extend(files(page, attachments));
    rows
}

/// Every part of what an act in a case of this type says.
#[must_use]
pub fn of_deed<'a>(page: &'a Page, rule: &RequestType, deed: &Deed) -> Lines<'a> {
    let said = |prose: &Prose| words(page, &format!("form-words-{}", deed.kind().code()), prose);
    let line = |key: &str, say: &dyn Fn(&Page) -> String| plain(page, &format!("form-deed-{key}"), say);
    let rows = match deed {
        Deed::Advise { advice: text }
        | Deed::AcceptConditions { undertaking: text }
        | Deed::DeclineConditions { reason: text }
        | Deed::AcceptPart { scope: text }
        | Deed::Reconsider { argument: text }
        | Deed::Uphold { reason: text }
        | Deed::Reopen { reason: text }
        | Deed::Ask { question: text }
        | Deed::Withdraw { reason: text }
        | Deed::ConfirmRelease { note: text } => vec![said(text)],
        Deed::Forward { reason, .. } => forwarded(page, rule, deed, said(reason)),
        Deed::Accept { note: text } | Deed::Close { lesson: text } => text.iter().map(said).collect(),
        Deed::Preconsult { request } | Deed::Submit { request } => return of_request(page, request),
        Deed::BeginReview {} | Deed::Resume {} | Deed::BeginExecution {} | Deed::RemindOutcome {} | Deed::Lapse {} => {
            Vec::new()
        }
        Deed::Acknowledge { reference, officer, contact } => vec![
            line("reference", &|_| reference.clone()),
            line("officer", &|_| officer.name.clone()),
            line("contact", &|_| contact.clone()),
        ],
        Deed::Transfer { to, reason } => vec![line("to", &|page| page.office_name(to)), said(reason)],
        Deed::ReturnIncomplete { items } => {
            let row = |part: &str| each(page, &|page| part_name(page, &rule.code, part));
            items.iter().map(|item| labelled(row(&item.field), &item.want)).collect()
        }
        Deed::Supplement { note, .. } => supplement(page, rule, deed, said(note)),
        Deed::OfferConditions { conditions } => conditions
            .iter()
            .map(|condition| labelled(each(page, &|page| page.condition(&condition.kind)), &condition.words))
            .collect(),
        Deed::Postpone { reason, review_on } => vec![said(reason), line("review-on", &|page| page.date(review_on))],
        Deed::Refuse { ground, reason, considered, withheld } => {
            let mut rows = vec![line("ground", &|page| page.ground(ground))];
            rows.extend(reason.as_ref().map(said));
            rows.extend(withheld.then(|| line("withheld", &|page| page.t("yes"))));
            rows.push(words(page, "form-deed-considered", considered));
            rows
        }
        Deed::Record { step, note, item, until } => {
            let mut rows = vec![line("step", &|page| step_name(page, rule, step))];
            rows.extend(item.as_ref().map(|item| line("item", &|_| item.clone())));
            rows.extend(until.as_ref().map(|day| line("until-day", &|page| page.date(day))));
            rows.push(said(note));
            rows
        }
        Deed::Preserve { what, until } => vec![said(what), line("until", &|page| moment(page, until))],
        Deed::Interim { answer, attachments } => {
            std::iter::once(said(answer)).chain(files(page, attachments)).collect()
        }
        Deed::Reply { question, answer } => vec![line("question", &|_| question.to_string()), said(answer)],
        Deed::Respond { extent, answer, attachments } => {
            let first = [line("extent", &|page| page.extent(extent)), said(answer)];
            first.into_iter().chain(files(page, attachments)).collect()
        }
        Deed::ReportOutcome { usefulness, used_for } => {
            vec![line("usefulness", &|page| page.t(&format!("form-usefulness-{usefulness}"))), said(used_for)]
        }
        other => return Lines { page, rows: together(page, other) },
    };
    Lines { page, rows }
}

/// The same for urgency, the ladder, texts, plans, property and the care for what was handed over.
fn together(page: &Page, deed: &Deed) -> Vec<FieldRow> {
    let said = |prose: &Prose| words(page, &format!("form-words-{}", deed.kind().code()), prose);
    let line = |key: &str, say: &dyn Fn(&Page) -> String| plain(page, &format!("form-deed-{key}"), say);
    match deed {
        Deed::Regrade { urgency, reason } => vec![line("urgency", &|page| page.urgency(urgency)), said(reason)],
        Deed::Escalate { level, reason } => {
            std::iter::once(line("level", &|page| page.level_name(*level))).chain(reason.iter().map(said)).collect()
        }
        Deed::AnswerEscalation { level, answer } => vec![line("level", &|page| page.level_name(*level)), said(answer)],
        Deed::StatePosition { position: text }
        | Deed::Reserve { reservation: text }
        | Deed::Authorise { note: text }
        | Deed::Abort { reason: text }
        | Deed::Conclude { reason: text } => vec![said(text)],
        Deed::ProposeText { text, note } => {
            std::iter::once(words(page, "form-deed-text", text)).chain(note.iter().map(said)).collect()
        }
        Deed::SignText { version, sha256 } => {
            vec![line("version", &|_| version.to_string()), line("sha256", &|_| sha256.to_string())]
        }
        Deed::Extend { until, reason } => vec![line("until-day", &|page| page.date(until)), said(reason)],
        Deed::Adopt { instrument, reason } => {
            vec![line("adopt-version", &|page| page.version_name(instrument)), said(reason)]
        }
        Deed::BookAsset { asset, movement, amount, note } => vec![
            line("asset", &|_| asset.clone()),
            line("movement", &|page| page.t(&format!("movement-{}", movement.code()))),
            line("amount", &|_| amount.to_string()),
            said(note),
        ],
        Deed::SeekConsent { kind, recipient, what } => vec![
            line("consent-kind", &|page| page.t(&format!("consent-{}", kind.code()))),
            line("recipient", &|page| page.recipient(recipient)),
            said(what),
        ],
        Deed::GiveConsent { number, granted, words } => {
            vec![line("consent", &|_| number.to_string()), line("granted", &|page| page.yes_no(*granted)), said(words)]
        }
        Deed::Recall { seq, reason: text } | Deed::Correct { seq, correction: text } => {
            vec![line("own-act", &|_| seq.to_string()), said(text)]
        }
        Deed::ReportCompliance { number, complied, words, recipients } => {
            let mut lines =
                vec![line("retraction", &|_| number.to_string()), line("complied", &|page| page.yes_no(*complied))];
            lines.extend(recipients.iter().map(|one| line("recipient", &|page| page.reached_words(one))));
            lines.push(said(words));
            lines
        }
        Deed::CertifyDeletion { erased } => vec![line("erased", &|_| erased.len().to_string())],
        Deed::CheckUndertaking { number, kept, note } => {
            vec![line("undertaking", &|_| number.to_string()), line("kept", &|page| page.yes_no(*kept)), said(note)]
        }
        Deed::DischargeUndertaking { number, reason } => {
            vec![line("undertaking", &|_| number.to_string()), said(reason)]
        }
        Deed::CiteNorm { norm, words } => vec![line("norm", &|_| norm.clone()), said(words)],
        Deed::LogContact { level, means, words } => {
            vec![line("level", &|page| page.level_name(*level)), line("means", &|_| means.clone()), said(words)]
        }
        _ => of_meetings(page, deed),
    }
}

/// The same for what is done at a meeting.
fn of_meetings(page: &Page, deed: &Deed) -> Vec<FieldRow> {
    let said = |prose: &Prose| words(page, &format!("form-words-{}", deed.kind().code()), prose);
    let line = |key: &str, say: &dyn Fn(&Page) -> String| plain(page, &format!("form-deed-{key}"), say);
    match deed {
        Deed::TableItem { topic, about } => {
            let mut rows = vec![said(topic)];
            rows.extend(about.iter().map(|about| line("about", &|_| about_code(about))));
            rows
        }
        Deed::SettleItem { number, outcome } => {
            vec![line("agenda-item", &|_| number.to_string()), said(outcome)]
        }
        Deed::Undertake { what, owner, due_on, item } => {
            let mut rows = vec![said(what), line("owner", &|page| page.office_name(owner))];
            rows.push(line("due-on", &|page| page.date(due_on)));
            rows.extend(item.map(|number| line("agenda-item", &|_| number.to_string())));
            rows
        }
        _ => Vec::new(),
    }
}

/// The name of a part of a request; anything that is none is `other`.
#[must_use]
pub fn part_name(page: &Page, code: &TypeCode, part: &str) -> String {
    if part == "other" { page.t("form-deed-other") } else { page.part(code, part) }
}

/// A step's name.
#[must_use]
pub fn step_name(page: &Page, rule: &RequestType, code: &str) -> String {
    rule.step(code).map_or_else(|| code.to_owned(), |step| page.text(&step.name))
}

fn moment(page: &Page, at: &Timestamp) -> String {
    page.moment_words(at, page.us())
}

fn supplied(page: &Page, rule: &RequestType, fields: &BTreeMap<String, FieldValue>) -> Vec<FieldRow> {
    let known = rule.fields.iter().filter_map(|field| Some((field, fields.get(&field.id)?)));
    known
        .map(|(field, value)| FieldRow { label: field.label.clone(), value: shown(page, &field.kind, value) })
        .collect()
}

fn files(page: &Page, attachments: &[Attachment]) -> Option<FieldRow> {
    let names = |page: &Page| {
        let one = |file: &Attachment| format!("{} ({})", file.name, page.bytes(&file.bytes));
        attachments.iter().map(one).collect::<Vec<_>>().join("\n")
    };
    (!attachments.is_empty()).then(|| plain(page, "part-attachments", &names))
}

fn words(page: &Page, key: &str, prose: &Prose) -> FieldRow {
    labelled(each(page, &|page| page.t(key)), prose)
}

fn labelled(label: Text, prose: &Prose) -> FieldRow {
    FieldRow { label, value: FieldShown::Prose(prose.clone()) }
}

fn plain(page: &Page, key: &str, say: &dyn Fn(&Page) -> String) -> FieldRow {
    FieldRow { label: each(page, &|page| page.t(key)), value: FieldShown::Plain(each(page, say)) }
}

/// The same said in every language of the instrument.
fn each(page: &Page, say: &dyn Fn(&Page) -> String) -> Text {
    let in_lang = |lang: &Lang| {
        let tongue = Tongue::from_code(lang.as_str()).unwrap_or(page.tongue);
        (lang.clone(), say(&page.in_language(tongue)))
    };
    Text::new(page.instrument().langs().iter().map(in_lang).collect())
}
