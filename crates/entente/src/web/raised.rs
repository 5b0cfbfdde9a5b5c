//! What the ladder wants of an office: the duties of its levels, on the desk and page by page.
//!
//! Owns the pages of them and the words of a duty. Must not know when a level is reached: `node::view` reads it.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::act::{ActKind, Role};
use domain::judge::CENTRAL_LEVEL;
use domain::menu::Menu;
use domain::procedure;
use jiff::Timestamp;
use node::view::{Duty, RungDuty, RungTask, Viewer};
use serde::Deserialize;

use super::desk::line_class;
use super::{Page, Signed, Stop, html};
use crate::app::App;

/// Most lines of a page: what the list of cases shows at once.
const PAGE_LINES: usize = 50;

/// Where the page begins.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    from: usize,
}

#[derive(Template)]
#[template(path = "raised.html")]
struct RaisedPage {
    page: Page,
    tasks: Vec<RungTask>,
    count: usize,
    next: Option<usize>,
}

/// Every duty of the viewer's office on the ladder, a page at a time.
pub async fn show(
    Signed { page, officer }: Signed,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, Stop> {
    let viewer = Viewer::of(&officer);
    let tasks = app.read(move |node, reader, now| node.raised(reader, now, &viewer)).await?;
    let (count, from) = (tasks.len(), asked.from.min(tasks.len()));
    let tasks: Vec<RungTask> = tasks.into_iter().skip(from).take(PAGE_LINES).collect();
    let next = Some(from + tasks.len()).filter(|next| *next < count);
    Ok(html(&RaisedPage { page, tasks, count, next }))
}

impl Page {
    /// What is owed beside what a case waits for.
    #[must_use]
    pub fn duty(&self, duty: &Duty) -> String {
        match duty {
            Duty::Care(kind) => self.clock_kind(kind),
            Duty::Step(type_code, step) => self.step_of_type(type_code, step),
            Duty::Task(what) => self.t1("duty-task", "what", what.get(self.lang())),
        }
    }

    /// What a level must do.
    #[must_use]
    pub fn rung_duty(&self, task: &RungTask) -> String {
        match task.duty {
            RungDuty::Answer { .. } => self.to_do_in(&task.line.type_code, &ActKind::AnswerEscalation),
            RungDuty::Reconsider => self.t("rung-reconsider"),
        }
    }

    /// Where it is done: the form of the answer for who may give it, else the case.
    #[must_use]
    pub fn rung_href(&self, task: &RungTask) -> String {
        let case = &task.line.case;
        match task.duty {
            RungDuty::Answer { .. } if task.yours => format!("/cases/{case}/do/{}", ActKind::AnswerEscalation.code()),
            RungDuty::Answer { .. } | RungDuty::Reconsider => format!("/cases/{case}"),
        }
    }

    /// Whose it is, below it: the viewer's, or those roles' that may do it.
    #[must_use]
    pub fn rung_hand(&self, task: &RungTask) -> String {
        if task.yours {
            return self.t("next-yours");
        }
        let (act, words) = match task.duty {
            RungDuty::Answer { .. } => (ActKind::AnswerEscalation, "next-role"),
            RungDuty::Reconsider => (ActKind::Uphold, "next-other-role"),
        };
        let rows = procedure::rows(self.procedure_of(&task.line.type_code), task.line.stage, act);
        let roles: Vec<Role> = rows.flat_map(|row| row.roles).copied().collect();
        self.t1(words, "role", self.roles(&roles))
    }

    /// The level, with its name.
    #[must_use]
    pub fn rung_level(&self, task: &RungTask) -> String {
        match task.duty {
            RungDuty::Answer { level, .. } => self.level_name(level),
            RungDuty::Reconsider => self.level_name(CENTRAL_LEVEL),
        }
    }

    /// When the case climbed to the level, where it climbed.
    #[must_use]
    pub fn rung_since(&self, task: &RungTask) -> Option<Timestamp> {
        match task.duty {
            RungDuty::Answer { since, .. } => Some(since),
            RungDuty::Reconsider => None,
        }
    }

    /// The class of its line: late, and whose hand.
    #[must_use]
    pub fn rung_class(&self, task: &RungTask) -> &'static str {
        line_class(task.lateness, task.yours)
    }

    /// The id of its line on a page.
    #[must_use]
    pub fn rung_id(&self, task: &RungTask) -> String {
        match task.duty {
            RungDuty::Answer { level, .. } => format!("duty-{}-{level}", task.line.case),
            RungDuty::Reconsider => format!("duty-{}-r", task.line.case),
        }
    }
}
