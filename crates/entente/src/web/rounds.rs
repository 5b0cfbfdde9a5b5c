//! Meetings of the dialogue: the next ones with their agenda, those held with their outcomes, the board of commitments.
//!
//! Owns the words of an agenda and of a commitment's state, and the marking of what stands in brackets. Must not compute an
//! agenda: the domain does.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::act::Role;
use domain::case::{Case, TaskState, Undertaking};
use domain::menu::Menu;
use domain::text::brackets;
use node::view::{Commitment, Round, RoundItem, Viewer};

use super::forms::deed::about_code;
use super::{Page, Said, Signed, Stop, html};
use crate::app::App;
use crate::{communique, feed};

#[derive(Template)]
#[template(path = "rounds.html")]
struct RoundsPage {
    page: Page,
    next: Vec<Round>,
    unrecorded: Vec<Round>,
    past: Vec<Round>,
    board: Vec<Commitment>,
    proposes: bool,
}

/// Every meeting and commitment.
pub async fn show(Signed { page, officer }: Signed, State(app): State<App>) -> Result<Response, Stop> {
    let found = app.rounds(Viewer::of(&officer)).await?;
    let over = |round: &Round| round.agenda.held_at.is_some() || round.agenda.is_off;
    let (past, ahead): (Vec<Round>, Vec<Round>) = found.rounds.into_iter().partition(over);
    // Its days are over and nobody has recorded that it was held: no meeting to come, and none that was.
    let gone = |round: &Round| round.agenda.dates.is_some_and(|(_, to)| to < page.now);
    let (unrecorded, next) = ahead.into_iter().partition(gone);
    let mut types = page.instrument().types().values().filter(|rule| rule.meeting.is_some());
    let writes = officer.roles.iter().any(|role| matches!(role, Role::Drafter | Role::Approver));
    let proposes = writes && types.any(|rule| rule.may_send.contains(&officer.office));
    Ok(html(&RoundsPage { next, unrecorded, past, board: found.board, proposes, page }))
}

/// The calendar of the officer's office, saved once: an address that a calendar program could ask by itself would be a
/// secret in a place where secrets leak. Programs ask the interface with their token.
pub async fn calendar(Signed { page, officer }: Signed, State(app): State<App>) -> Result<Response, Stop> {
    let bytes = feed::of(&app, &officer, page.tongue, None).await?;
    let headers = [
        (header::CONTENT_TYPE, feed::MEDIA_TYPE),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"entente.ics\""),
    ];
    Ok((headers, bytes).into_response())
}

impl Page {
    /// Whether a case is a meeting.
    #[must_use]
    pub fn is_meeting(&self, case: &Case) -> bool {
        case.rule(self.instrument()).is_some_and(|rule| rule.meeting.is_some())
    }

    /// Why an item is on an agenda: each reason in words.
    #[must_use]
    pub fn why_there(&self, item: &RoundItem) -> Vec<String> {
        let mut why = Vec::new();
        why.extend(item.level.map(|level| self.t1("rounds-level", "level", self.level_name(level))));
        why.extend(item.carried_from.as_ref().map(|round| self.t1("rounds-carried", "round", round)));
        why.push(match &item.tabled {
            Some((number, party)) => self.t2("rounds-tabled-as", "party", self.party(party), "n", number),
            None => self.t("rounds-untabled"),
        });
        why
    }

    /// How many commitments stand how.
    #[must_use]
    pub fn board_counts(&self, board: &[Commitment]) -> String {
        let count = |state: TaskState| board.iter().filter(|one| one.state == state).count();
        self.tongue.with(
            "rounds-counts",
            &[
                ("kept", &count(TaskState::Kept)),
                ("open", &count(TaskState::Open)),
                ("late", &count(TaskState::Late)),
                ("discharged", &count(TaskState::Discharged)),
            ],
        )
    }

    /// How a commitment stands, in a word.
    #[must_use]
    pub fn task_state(&self, state: &TaskState) -> String {
        self.t(&format!("task-{}", state.code()))
    }

    /// The class of that word.
    #[must_use]
    pub fn task_class(&self, state: &TaskState) -> &'static str {
        match state {
            TaskState::Open | TaskState::Discharged => "soft",
            TaskState::Kept => "ok",
            TaskState::Late => "late",
        }
    }

    /// How an undertaking stands where it is a thing to do.
    #[must_use]
    pub fn task_of(&self, given: &Undertaking) -> Option<TaskState> {
        given.state(self.now)
    }

    /// How far the text of a meeting has come.
    #[must_use]
    pub fn round_text(&self, case: &Case) -> String {
        match (case.talk.agreed(), case.talk.on_table()) {
            (Some((version, _)), _) => self.t1("rounds-text-signed", "version", version),
            (None, Some((version, _))) => self.t1("rounds-text-table", "version", version),
            (None, None) => self.t("rounds-text-none"),
        }
    }

    /// The first draft of a meeting's text, in every language side by side, until both have signed one.
    #[must_use]
    pub fn assembled(&self, case: &Case) -> Option<Said> {
        let draft = communique::assembled(self.instrument(), case).filter(|_| case.talk.agreed().is_none())?;
        Some(self.text_columns(&draft, None))
    }

    /// The line that says how much of a text stands in brackets; none where nothing does.
    #[must_use]
    pub fn in_brackets(&self, case: &Case) -> Option<String> {
        let (_, version) = case.talk.on_table()?;
        let open = version.text.bracketed();
        (open > 0).then(|| self.t1("text-brackets", "n", open))
    }

    /// What an item of an agenda takes up, in a line.
    #[must_use]
    pub fn about(&self, about: &domain::act::About) -> String {
        about_code(about)
    }

    /// A link to the whole agenda of a meeting, in a sentence of its own.
    #[must_use]
    pub fn agenda_link(&self, case: &Case) -> String {
        format!("/rounds#r-{}", case.id)
    }
}

/// Writes a piece of a text that begins at `at` of the whole, with what stands in brackets marked.
pub(super) fn marked(said: &mut Said, whole: &str, at: usize, piece: &str) {
    let end = at + piece.len();
    if whole.get(at..end) != Some(piece) {
        said.text(piece);
        return;
    }
    let mut from = 0;
    for part in brackets(whole) {
        let (begins, ends) = (from, from + part.words.len());
        from = ends;
        let (begins, ends) = (begins.max(at), ends.min(end));
        if begins >= ends {
            continue;
        }
        let words = &piece[begins - at..ends - at];
        if part.open {
            said.open("mark", &[]).text(words).close("mark");
        } else {
            said.text(words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_marked_wherever_a_piece_begins() {
        fn check(whole: &str, at: usize, piece: &str, want: &str) {
            let mut said = Said::default();
            marked(&mut said, whole, at, piece);
            assert_eq!(said.to_string(), want, "{whole}");
        }
        check("They [will] meet.", 0, "They [will] meet.", "They <mark>[will]</mark> meet.");
        check("They [will] meet.", 7, "ill] meet.", "<mark>ill]</mark> meet.");
        check("双方【将】会晤。", 0, "双方【将】会晤。", "双方<mark>【将】</mark>会晤。");
        check("a [<b>] c", 0, "a [<b>] c", "a <mark>[&lt;b&gt;]</mark> c");
        check("", 0, "", "");
    }
}
