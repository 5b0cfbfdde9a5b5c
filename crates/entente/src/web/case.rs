//! The case page: both lanes, the request in both languages, clocks, ladder, safeguards, files, notes and proof.
//!
//! Owns the page. Must not know how an act's form looks (`forms`) nor its rules.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::act::{ActKind, Deed, Person, Role};
use domain::case::Case;
use domain::ids::{CaseId, Hash32, PartyId};
use domain::menu::Menu;
use domain::procedure::{Side, Stage};
use domain::text::Text;
use node::local::OwnLawRecord;
use node::people::Officer;
use node::view::{ActLine, AttachmentLine, CaseFile, CaseLine, GateLine, LogHead, LogSide, TrackState, Turn, Viewer};
use store::BlobState;

use super::amendment::{self, Proposal};
use super::indicators::IndicatorRow;
use super::report::{self, Reported};
use super::request::{FieldRow, field_rows};
use super::{Page, Posted, Signed, Stop, download, html};
use crate::app::App;

/// The heads of both logs, beside the case.
struct Proof {
    own: Option<LogHead>,
    mirror: Option<LogHead>,
    command: String,
}

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    page: Page,
    file: CaseFile,
    fields: Vec<FieldRow>,
    proof: Proof,
    own_law: OwnLawRecord,
    proposal: Proposal,
    report: Reported,
}

/// The page. Open in a browser with script it asks for itself again when something has changed, and takes over its live
/// part: so there is one making of it, and nothing beside the acts can stay behind them.
pub async fn show(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Stop> {
    let id = CaseId::new(&id).map_err(|_| Stop::NotFound)?;
    let file = read(&app, &officer, &id).await?;
    let peer = file.line.peer.clone();
    let command = app.verify_command();
    let proof = app
        .read(move |node, reader, _| -> Result<_, node::Fault> {
            let own = node.log_head(reader, &peer, LogSide::Own)?;
            let mirror = node.log_head(reader, &peer, LogSide::Mirror)?;
            Ok(Proof { own, mirror, command })
        })
        .await?;
    let (office, kept) = (officer.office.clone(), file.line.case.clone());
    let second_track = officer.second_track;
    let own_law = app
        .read(move |node, reader, _| match second_track {
            true => Ok(OwnLawRecord::default()),
            false => node.own_law_record(reader, &kept, &office),
        })
        .await?;
    let page = page.under(&file.dossier.case.instrument);
    let fields = field_rows(&page, &file.dossier.case.request);
    let proposal = amendment::proposal(&app, &page, &file).await?;
    let report = report::reported(&app, &page, &file.dossier.case).await?;
    Ok(html(&CasePage { page, fields, proof, proposal, report, file, own_law }))
}

/// Adds a note of our own; it never leaves the house.
pub async fn note(
    Signed { officer, .. }: Signed,
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Stop> {
    let id = CaseId::new(&id).map_err(|_| Stop::NotFound)?;
    let Some(person) = officer.roles.first().and_then(|role| officer.person(*role)) else { return Err(Stop::NotYours) };
    if person.role == Role::Auditor {
        return Err(Stop::NotYours);
    }
    let back = format!("/cases/{id}#notes");
    if let Some(words) = posted.some("words").map(str::to_owned) {
        let by = (officer.office, person);
        let added = app.write(move |node, store, env| node.add_note(store, env, &id, (&by.0, by.1), &words)).await;
        match added {
            Ok(()) => {}
            Err(node::Failure::Refused(domain::refusal::Refusal::UnknownCase)) => return Err(Stop::NotFound),
            Err(node::Failure::Fault(fault)) => return Err(fault.into()),
            Err(_) => return Err(Stop::Malformed),
        }
    }
    Ok(Redirect::to(&back).into_response())
}

/// A file of the case.
pub async fn file(
    Signed { officer, .. }: Signed,
    State(app): State<App>,
    Path((id, root)): Path<(String, String)>,
) -> Result<Response, Stop> {
    let (id, root) = match (CaseId::new(&id), Hash32::from_hex(&root)) {
        (Ok(id), Ok(root)) => (id, root),
        _ => return Err(Stop::NotFound),
    };
    let file = read(&app, &officer, &id).await?;
    let found = file.attachments.into_iter().find(|line| line.attachment.root == root);
    Ok(download::give(&app, found.filter(held).ok_or(Stop::NotFound)?.attachment))
}

pub(super) async fn read(app: &App, officer: &Officer, id: &CaseId) -> Result<CaseFile, Stop> {
    let (viewer, id) = (Viewer::of(officer), id.clone());
    app.read(move |node, reader, now| node.case_file(reader, now, &viewer, &id)).await?.ok_or(Stop::NotFound)
}

/// Whether every chunk is here. What we staged ourselves is whole though the store has not been told so.
fn held(line: &AttachmentLine) -> bool {
    !line.barred && matches!(line.state, Some(BlobState::Whole | BlobState::Staged))
}

impl Page {
    /// Whether a file can be downloaded.
    #[must_use]
    pub fn is_held(&self, line: &AttachmentLine) -> bool {
        held(line)
    }

    /// How much of a file is here.
    #[must_use]
    pub fn custody(&self, line: &AttachmentLine) -> String {
        match line.state {
            Some(state) => self.t(&format!("blob-{}", state.as_str())),
            None => self.t("blob-unknown"),
        }
    }

    /// A length in bytes as people read it.
    #[must_use]
    pub fn bytes(&self, bytes: &u64) -> String {
        match *bytes {
            0..10_000 => self.t1("bytes", "n", bytes),
            10_000..10_000_000 => self.t1("bytes-k", "n", bytes / 1000),
            _ => self.t1("bytes-m", "n", bytes / 1_000_000),
        }
    }

    /// The day of an act on our clock when it differs from the act before it.
    #[must_use]
    pub fn new_day(&self, acts: &[ActLine], at: usize) -> Option<String> {
        let day = |at: usize| acts.get(at).map(|line| self.day_here(&line.act.at));
        let today = day(at)?;
        (at == 0 || day(at - 1) != Some(today)).then(|| self.date(&today))
    }

    /// Whether a safeguard still to be answered is the first of its act.
    #[must_use]
    pub fn new_act(&self, gates: &[GateLine], at: usize) -> bool {
        let act = |at: usize| gates.get(at).map(|line| line.act);
        at == 0 || act(at - 1) != act(at)
    }

    /// Whether an act leads the case on, so that its button stands out.
    #[must_use]
    pub fn is_main(&self, line: &CaseLine, act: &ActKind) -> bool {
        matches!(&line.turn, Turn::Ours { acts, .. } if acts.contains(act))
    }

    /// Whether any act open to the reader moves the case on.
    #[must_use]
    pub fn has_main(&self, file: &CaseFile) -> bool {
        file.open.iter().any(|act| self.is_main(&file.line, act))
    }

    /// Whether any act open to the reader leaves the turn where it is.
    #[must_use]
    pub fn has_others(&self, file: &CaseFile) -> bool {
        file.open.iter().any(|act| !self.is_main(&file.line, act))
    }

    /// Whether an act looks after what was handed over or notes something beside the procedure: it stands folded away. What
    /// the other side waits for never does.
    #[must_use]
    pub fn is_care(&self, act: &ActKind) -> bool {
        matches!(
            act,
            ActKind::SeekConsent
                | ActKind::Forward
                | ActKind::Recall
                | ActKind::Correct
                | ActKind::CheckUndertaking
                | ActKind::DischargeUndertaking
                | ActKind::CiteNorm
                | ActKind::Adopt
                | ActKind::LogContact
        )
    }

    /// Whether any act open to the reader stands folded away.
    #[must_use]
    pub fn has_care_acts(&self, file: &CaseFile) -> bool {
        file.open.iter().any(|act| self.is_care(act) && !self.is_main(&file.line, act))
    }

    /// Whether an act says no, so that its button never stands out among others.
    #[must_use]
    pub fn is_grave(&self, act: &ActKind) -> bool {
        matches!(
            act,
            ActKind::Refuse
                | ActKind::Uphold
                | ActKind::ReturnIncomplete
                | ActKind::Postpone
                | ActKind::DeclineConditions
        )
    }

    /// Whether an act ends the matter for the side that asks, so that its button stands apart, after the others.
    #[must_use]
    pub fn is_last(&self, act: &ActKind) -> bool {
        matches!(act, ActKind::Withdraw | ActKind::Abort | ActKind::Conclude)
    }

    /// The class of a step of the procedure's line.
    #[must_use]
    pub fn track_class(&self, state: &TrackState) -> &'static str {
        match state {
            TrackState::Done => "done",
            TrackState::Now => "now",
            TrackState::Ahead => "",
        }
    }

    /// Who answers at a level of the ladder.
    #[must_use]
    pub fn rung_name(&self, level: &u8) -> String {
        self.instrument().rung(*level).map(|rung| self.text(&rung.name)).unwrap_or_default()
    }

    /// How long overdue a matter is when it climbs to a level.
    #[must_use]
    pub fn rung_raise(&self, level: &u8, urgent: bool) -> String {
        let span = self.instrument().rung(*level).map(|rung| if urgent { rung.raise_urgent } else { rung.raise });
        match span {
            Some(span) if *level > 0 && span.is_zero() => self.span(&span),
            Some(span) if *level > 0 => format!("+ {}", self.span(&span)),
            _ => String::new(),
        }
    }

    /// An act's code, for addresses.
    #[must_use]
    pub fn act_code(&self, act: &ActKind) -> &'static str {
        act.code()
    }

    /// The code of a stage, by which programs know it on a page.
    #[must_use]
    pub fn stage_code(&self, stage: &Stage) -> &'static str {
        stage.code()
    }

    /// How many objects a bundle holds, in every language.
    #[must_use]
    pub fn counted(&self, objects: &[IndicatorRow]) -> Text {
        self.in_langs(|tongue| tongue.with("indicator-count", &[("n", &objects.len())]))
    }

    /// Whether the officer may leave notes: everybody but an auditor.
    #[must_use]
    pub fn may_note(&self) -> bool {
        self.officer.as_ref().is_some_and(|officer| officer.roles.iter().any(|role| *role != Role::Auditor))
    }

    /// The other Party of a case.
    #[must_use]
    pub fn across_from(&self, case: &Case, party: &PartyId) -> PartyId {
        let side = case.side(party).map_or(Side::Requested, Side::other);
        case.party(side).clone()
    }

    /// Who wrote what another signed: of a request its drafter, of any other act the one its author names.
    #[must_use]
    pub fn written_by<'l>(&self, line: &'l ActLine) -> Option<&'l Person> {
        let request = match &line.act.deed {
            Deed::Submit { request } | Deed::Preconsult { request } => Some(&request.drafter),
            _ => None,
        };
        let signed = line.act.author.officer().map(|person| &person.id);
        request.filter(|drafter| Some(&drafter.id) != signed).or(line.act.author.drafter())
    }

    /// Why an act had no effect.
    #[must_use]
    pub fn moot(&self, case: &Case, line: &ActLine) -> Option<String> {
        let rule = case.rule(self.instrument());
        line.recorded.moot.as_ref().map(|why| self.refusal_of(rule, why))
    }
}
