//! The status report of a case, in every language side by side: the sheet both sides lay on the table.
//!
//! Owns the page and the words of what can be missing. Must not compute anything of the report: `node::view` does.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::deadline::Deadline;
use domain::ids::{CaseId, OfficeId, PartyId, TypeCode};
use jiff::Timestamp;
use node::view::{AnswerLine, ClockLine, Ending, Lacking, Owed, Shared, SideLine, Status, StepDone, Viewer};

use super::said::Said;
use super::{Page, Signed, Stop, html};
use crate::app::App;
use crate::i18n::Tongue;

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage {
    page: Page,
    status: Status,
    columns: Vec<Column>,
}

/// The report in one language.
#[derive(Template)]
#[template(path = "parts/status-column.html")]
struct Column {
    page: Page,
    shared: Shared,
}

/// The page.
pub async fn show(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Stop> {
    let (id, viewer) = (CaseId::new(&id).map_err(|_| Stop::NotFound)?, Viewer::of(&officer));
    let status = app.read(move |node, reader, _| node.status(reader, &viewer, &id)).await?.ok_or(Stop::NotFound)?;
    let page = page.under(&status.shared.instrument);
    // The reader's own language stands first.
    let tongues = std::iter::once(page.tongue).chain(page.tongue.others());
    let column = |tongue: Tongue| Column { page: page.in_language(tongue), shared: status.shared.clone() };
    let columns = tongues.map(column).collect();
    Ok(html(&StatusPage { columns, status, page }))
}

impl Page {
    /// Something missing, in words.
    #[must_use]
    pub fn owed(&self, shared: &Shared, lacking: &Lacking) -> Said {
        let mut said = Said::default();
        match &lacking.what {
            Owed::Item(item) => {
                said.text(&self.part(&shared.type_code, &item.field)).text(&self.t("colon"));
                if let Some(words) = item.want.texts.get(self.lang()) {
                    said.text(words);
                } else {
                    said.spoken("span", &item.want.original, item.want.get(&item.want.original));
                }
            }
            Owed::Reply(number) => _ = said.text(&self.t1("standing-owed-reply", "n", number)),
            Owed::Step(code) => _ = said.text(&self.step_of_type(&shared.type_code, code)),
            Owed::RungAnswer(level) => {
                said.text(&self.t1("standing-owed-rung", "level", self.level_name(*level)));
            }
            Owed::Consent(number) => _ = said.text(&self.t1("standing-owed-consent", "n", number)),
            Owed::Compliance(number) => _ = said.text(&self.t1("standing-owed-compliance", "n", number)),
            Owed::Task(number) => _ = said.text(&self.t1("standing-owed-task", "n", number)),
        }
        said
    }

    /// How a case ended.
    #[must_use]
    pub fn ending(&self, code: &TypeCode, ending: &Ending) -> String {
        let after = self.t1("standing-after", "stage", self.stage_in(code, &ending.after));
        let extent = ending.extent.map(|extent| self.extent(&extent));
        let ground = ending.ground.map(|ground| self.ground(&ground));
        std::iter::once(after).chain(extent).chain(ground).collect::<Vec<_>>().join(" · ")
    }

    /// How far an answer went.
    #[must_use]
    pub fn answer_extent(&self, answer: &AnswerLine) -> String {
        answer.extent.map_or_else(|| self.t("standing-interim"), |extent| self.extent(&extent))
    }

    /// A step as recorded.
    #[must_use]
    pub fn step_done(&self, shared: &Shared, done: &StepDone) -> String {
        let until = done.until.map(|day| self.t1("measure-until", "day", self.date(&day)));
        let name = self.step_of_type(&shared.type_code, &done.step);
        std::iter::once(name).chain(done.item.clone()).chain(until).collect::<Vec<_>>().join(" · ")
    }

    /// How a clock stands or ended.
    #[must_use]
    pub fn clock_end(&self, clock: &ClockLine) -> String {
        let paused = clock.pauses.last().filter(|pause| pause.until.is_none());
        match (clock.ended_at, paused) {
            (Some(at), _) if at > clock.due.due_at => {
                self.t1("standing-late", "at", self.moment_words(&at, &clock.party))
            }
            (Some(at), _) => self.t1("standing-kept", "at", self.moment_words(&at, &clock.party)),
            (None, Some(pause)) => self.t1("clock-paused", "n", pause.left_wd),
            (None, None) => self.t("standing-runs"),
        }
    }

    /// A deadline on the clock of the Party that must act, with the calendar it was counted on.
    #[must_use]
    pub fn due_words(&self, due: &Deadline, party: &PartyId) -> String {
        self.t2("standing-due", "at", self.moment_words(&due.due_at, party), "calendar", &due.calendar)
    }

    /// From when until when a clock stood still.
    #[must_use]
    pub fn pause_words(&self, clock: &ClockLine, from: &Timestamp, until: &Option<Timestamp>) -> String {
        let from = self.moment_words(from, &clock.party);
        match until {
            Some(until) => self.t2("standing-paused", "from", from, "until", self.moment_words(until, &clock.party)),
            None => self.t1("standing-pauses", "from", from),
        }
    }

    /// The acts by which a side may lead on, in words.
    #[must_use]
    pub fn next_steps(&self, shared: &Shared, side: &SideLine) -> String {
        let words: Vec<String> = side.next.iter().map(|act| self.to_do_in(&shared.type_code, act)).collect();
        match (words.is_empty(), shared.over_since) {
            (false, _) => words.join(" · "),
            (true, Some(_)) => self.t("standing-over"),
            (true, None) => self.t("standing-waits"),
        }
    }

    /// Offices by name, one of which acts.
    #[must_use]
    pub fn office_names(&self, offices: &[OfficeId]) -> String {
        offices.iter().map(|office| self.office_name(office)).collect::<Vec<_>>().join(&self.t("list-or"))
    }

    /// How many acts of each Party a report rests on.
    #[must_use]
    pub fn acts_counted(&self, shared: &Shared) -> String {
        let one = |(party, count): (&PartyId, &u64)| format!("{} {count}", self.party(party));
        shared.acts.iter().map(one).collect::<Vec<_>>().join(" · ")
    }
}
