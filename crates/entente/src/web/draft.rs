//! A request being written: its form, its check while it is typed, its files, and its handing over.
//!
//! Owns the writing half of a draft's life. What the approver and the legal reviewer see stands in `draft/sign`. Must not
//! know when a request is complete: the domain says so, the same while typing as at the signature.

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::content::{Attachment, Missing};
use domain::ids::Hash32;
use domain::instrument::RequestType;
use domain::judge;
use domain::refusal::Refusal;
use domain::text::Lang;
use node::people::Officer;
use node::{Draft, Failure, Unread};

use super::attachments::Sent;
use super::forms::input::Maker;
use super::forms::staged::{self, StagedFile};
use super::forms::writing::{self, Section};
use super::forms::{self, Line, Typed, Wrong, langs_of};
use super::{Page, Posted, Signed, Stop, amendment, download, html, new};
use crate::app::App;

pub(super) mod sign;

#[derive(Template)]
#[template(path = "forms/draft.html")]
struct DraftPage {
    page: Page,
    draft: Draft,
    rule: RequestType,
    sections: Vec<Section>,
    lacks: Vec<Line>,
    wrong: Vec<Line>,
    file_wrong: Vec<String>,
    /// Files that came with a form that could not be saved: it carries them on.
    staged: Vec<StagedFile>,
    saved: bool,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "forms/lacks.html")]
struct LacksPart {
    page: Page,
    lacks: Vec<Line>,
}

/// What the page says of the last saving.
enum Told {
    Nothing,
    Saved,
    Problem(String),
}

/// What a button of the form asks for, beside saving.
enum Wish {
    Save,
    HandOver,
    Preconsult,
    /// Makes the new version of the instrument of the files attached.
    Gather,
    Remove(Hash32),
}

/// The addresses of a draft.
pub fn routes() -> Router<App> {
    Router::new()
        // Files stream through here; `Sent` bounds what is typed.
        .route("/drafts/{id}", get(show).post(save).layer(DefaultBodyLimit::disable()))
        .route("/drafts/{id}/check", post(check))
        .route("/drafts/{id}/discard", post(discard))
        .route("/drafts/{id}/files/{root}", get(file))
        .merge(sign::routes())
}

async fn show(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Stop> {
    let draft = open(&app, &officer, id).await?;
    if draft.handed_over || new::writer(&officer).is_none() {
        return sign::opened(&app, page, &officer, draft).await;
    }
    let mut typed = writing::typed_of(&draft.request);
    for unread in &draft.unread {
        typed.put(&unread.input, &unread.text);
    }
    // What could not be read is still wrong, and says so.
    let (_, wrong) = writing::read(&typed, &draft.request, rule_of(&page, &draft)?, &langs(&page));
    written(page, draft, &typed, &wrong, Vec::new(), Told::Nothing)
}

/// Saves what was typed, whatever else the button asks for.
async fn save(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Stop> {
    let was = open(&app, &officer, id).await?;
    let drafter = new::writer(&officer).ok_or(Stop::NotYours)?;
    if was.handed_over {
        let problem = page.refusal(&Refusal::Changed);
        return sign::show(page, &officer, was, Some(problem));
    }
    let (rule, langs) = (rule_of(&page, &was)?.clone(), langs(&page));
    let wish = wish(&sent.typed);
    let mut staged = staged::carried(&app, &officer.id, &was.id.to_string(), &sent.typed, sent.files)?;
    let files: Vec<Attachment> = staged.iter().map(|staged| staged.file.clone()).collect();
    let (mut draft, mut wrong) = over(&was, &sent.typed, &files, &rule, &langs);
    wrong.extend(sent.wrong);
    if let Wish::Remove(root) = wish {
        draft.request.attachments.retain(|file| file.root != root);
    }
    // Whoever changed what is to be sent wrote of it, and may not sign it; what was answered stood for something else.
    if draft.request != was.request {
        draft.request.drafter = drafter;
        draft.set_aside(|_| true);
    }
    let lacks = judge::ceiling(&rule, &draft.request).err();
    let mut missing = domain::content::missing(&draft.request, &rule, page.instrument().langs());
    missing.extend(domain::judge::passed(page.instrument(), &rule, &draft.request, page.us(), page.now));
    let ready = wrong.is_empty() && missing.is_empty() && lacks.is_none();
    draft.handed_over = ready && matches!(wish, Wish::HandOver);
    let (kept, handed_over) = (draft.clone(), draft.handed_over);
    let problem = match app.write(move |node, store, env| node.save_draft(store, env, &draft)).await {
        Ok(saved) if handed_over => return Ok(Redirect::to(&format!("/drafts/{}", saved.id)).into_response()),
        Ok(saved) if matches!(wish, Wish::Preconsult) && wrong.is_empty() => {
            return sign::preconsult(&app, page, &officer, saved).await;
        }
        Ok(saved) if matches!(wish, Wish::Gather) => return amendment::gather(&app, page, saved).await,
        Ok(saved) => {
            if let Some(refusal) = lacks {
                let input = if refusal == Refusal::AboveCeiling { "classification" } else { "mark" };
                wrong.push(Wrong::said(input, page.refusal(&refusal)));
            }
            // While it is being written, what is missing is listed beside it; whoever hands it over is led to it.
            if matches!(wish, Wish::HandOver) {
                let known: Vec<String> = wrong.iter().map(|wrong| wrong.input.clone()).collect();
                let missing = writing::wrongs(&rule, &missing).into_iter();
                wrong.extend(missing.filter(|wrong| !known.contains(&wrong.input)));
            }
            let typed = again(&sent.typed, &saved);
            return written(page, saved, &typed, &wrong, Vec::new(), Told::Saved);
        }
        Err(Failure::Fault(fault)) => return Err(fault.into()),
        Err(failure) => page.failure_of(Some(&rule), &failure),
    };
    // Not saved: somebody else was first, or it may not be stored. Everything typed stays on the page, and so do the files.
    let typed = again(&sent.typed, &kept);
    staged.retain(|staged| kept.request.attachments.contains(&staged.file));
    written(page, Draft { handed_over: false, ..kept }, &typed, &wrong, staged, Told::Problem(problem))
}

/// What is missing from what stands in the form now; nothing is saved.
async fn check(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Stop> {
    let was = open(&app, &officer, id).await?;
    let rule = rule_of(&page, &was)?.clone();
    let pairs = posted.fields().map(|(name, value)| (name.to_owned(), value.to_owned()));
    let typed = Typed::from_pairs(pairs);
    let (request, wrong) = writing::read(&typed, &was.request, &rule, &langs(&page));
    let mut missing = domain::content::missing(&request, &rule, page.instrument().langs());
    missing.extend(domain::judge::passed(page.instrument(), &rule, &request, page.us(), page.now));
    let langs = langs(&page);
    let sections = writing::sections(&Maker { page: &page, typed: &typed, wrong: &wrong, langs: &langs }, &rule);
    let lacks = lack_lines(&page, &rule, &missing, &wrong, &labels(&page, &sections));
    Ok(html(&LacksPart { page, lacks }))
}

async fn discard(
    Signed { officer, .. }: Signed,
    State(app): State<App>,
    Path(id): Path<String>,
    _posted: Posted,
) -> Result<Response, Stop> {
    let draft = open(&app, &officer, id).await?;
    if new::writer(&officer).is_none() {
        return Err(Stop::NotYours);
    }
    match app.write(move |node, store, _| node.discard_draft(store, &draft.id)).await {
        Ok(()) => Ok(Redirect::to("/desk").into_response()),
        Err(Failure::Fault(fault)) => Err(fault.into()),
        Err(_) => Err(Stop::NotFound),
    }
}

/// A file of the draft, for whoever reads the draft: nobody signs what they could not open.
async fn file(
    Signed { officer, .. }: Signed,
    State(app): State<App>,
    Path((id, root)): Path<(String, String)>,
) -> Result<Response, Stop> {
    let root = Hash32::from_hex(&root).map_err(|_| Stop::NotFound)?;
    let draft = open(&app, &officer, id).await?;
    let found = draft.request.attachments.into_iter().find(|file| file.root == root);
    Ok(download::give(&app, found.ok_or(Stop::NotFound)?))
}

/// A draft, for an officer of the office that writes it or an auditor of the Party.
pub(super) async fn open(app: &App, officer: &Officer, id: String) -> Result<Draft, Stop> {
    let draft = app.read(move |node, reader, _| node.draft(reader, &id)).await?;
    let reads = |draft: &Draft| draft.office == officer.office || officer.roles.contains(&domain::act::Role::Auditor);
    draft.filter(reads).ok_or(Stop::NotFound)
}

/// The rules of a draft's type.
pub(super) fn rule_of<'p>(page: &'p Page, draft: &Draft) -> Result<&'p RequestType, Stop> {
    page.rule(&draft.request.type_code).ok_or(Stop::NotFound)
}

/// The languages of the boxes, our own first.
pub(super) fn langs(page: &Page) -> Vec<Lang> {
    langs_of(page.instrument(), &page.our_party().lang)
}

/// What is missing, and what cannot be read, as lines that lead to their inputs.
pub(super) fn lack_lines(
    page: &Page,
    rule: &RequestType,
    missing: &[Missing],
    wrong: &[Wrong],
    labels: &BTreeMap<String, String>,
) -> Vec<Line> {
    let unread = forms::wrong_lines(page, wrong, labels).into_iter();
    let unread_inputs: Vec<&str> = wrong.iter().map(|wrong| wrong.input.as_str()).collect();
    let lacking = missing
        .iter()
        .zip(writing::wrongs(rule, missing))
        .filter(|(_, wrong)| !unread_inputs.contains(&wrong.input.as_str()))
        .map(|(lack, wrong)| Line { anchor: wrong.anchor(), words: page.lack(&rule.code, lack) });
    unread.chain(lacking).collect()
}

/// What the parts of the form are called.
fn labels(page: &Page, sections: &[Section]) -> BTreeMap<String, String> {
    let mut labels = forms::labels(sections.iter().flat_map(|section| &section.inputs));
    labels.insert(super::attachments::FILE_INPUT.to_owned(), page.t("part-attachments"));
    labels
}

fn written(
    page: Page,
    draft: Draft,
    typed: &Typed,
    wrong: &[Wrong],
    staged: Vec<StagedFile>,
    told: Told,
) -> Result<Response, Stop> {
    let (saved, problem) = match told {
        Told::Nothing => (false, None),
        Told::Saved => (true, None),
        Told::Problem(problem) => (false, Some(problem)),
    };
    let rule = rule_of(&page, &draft)?.clone();
    let langs = langs(&page);
    let missing = domain::content::missing(&draft.request, &rule, page.instrument().langs());
    let sections = writing::sections(&Maker { page: &page, typed, wrong, langs: &langs }, &rule);
    let labels = labels(&page, &sections);
    // What is missing but not yet marked stands in the list beside the form only.
    let lacks = lack_lines(&page, &rule, &missing, &[], &labels);
    let lines = forms::wrong_lines(&page, wrong, &labels);
    let file_wrong = wrong.iter().filter(|wrong| wrong.input == super::attachments::FILE_INPUT);
    let file_wrong = file_wrong.map(|wrong| page.wrong(wrong)).collect();
    Ok(html(&DraftPage { page, draft, rule, sections, lacks, wrong: lines, file_wrong, staged, saved, problem }))
}

/// The draft with what was typed over it. It carries the version the form was made from, so that nobody's work is lost.
fn over(was: &Draft, typed: &Typed, files: &[Attachment], rule: &RequestType, langs: &[Lang]) -> (Draft, Vec<Wrong>) {
    let (mut request, wrong) = writing::read(typed, &was.request, rule, langs);
    let known: Vec<Hash32> = request.attachments.iter().map(|file| file.root).collect();
    request.attachments.extend(files.iter().filter(|file| !known.contains(&file.root)).cloned());
    let version = typed.get("version").parse().unwrap_or(was.version);
    let unread = unread(typed, &wrong);
    (Draft { request, unread, version, ..was.clone() }, wrong)
}

/// What was typed into inputs that cannot be read, kept with the draft so that a reload shows it again.
fn unread(typed: &Typed, wrong: &[Wrong]) -> Vec<Unread> {
    let of = |input: &str, wrong: &Wrong| {
        input == wrong.input || input.strip_prefix(&wrong.input).is_some_and(|part| part.starts_with('.'))
    };
    let mut kept: Vec<Unread> = Vec::new();
    for (input, text) in typed.iter().filter(|(_, text)| !text.trim().is_empty()) {
        if wrong.iter().any(|wrong| of(input, wrong)) {
            kept.push(Unread {
                part: writing::part_of(input).to_owned(),
                input: input.to_owned(),
                text: text.to_owned(),
            });
        }
    }
    kept
}

/// What was typed, to be shown again: as sent, so that even what could not be read stays.
fn again(typed: &Typed, draft: &Draft) -> Typed {
    let mut typed = typed.clone();
    typed.put("version", &draft.version.to_string());
    typed
}

fn wish(typed: &Typed) -> Wish {
    match typed.get("do") {
        "hand-over" => Wish::HandOver,
        "preconsult" => Wish::Preconsult,
        "gather" => Wish::Gather,
        other => {
            other.strip_prefix("remove:").and_then(|root| Hash32::from_hex(root).ok()).map_or(Wish::Save, Wish::Remove)
        }
    }
}
