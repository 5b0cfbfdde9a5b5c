//! The directory of authorities: every office of both sides with its counterparts, by the level it answers at.
//!
//! Owns the grouping. Must not know persons: offices have role desks, never names.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::contact::{DeskCheck, DeskStanding, desks};
use domain::ids::{CaseId, OfficeId};
use domain::instrument::{Office, RequestType, TypeStatus};
use domain::text::Text;

use super::{Page, Signed, Stop, html};
use crate::app::App;

/// The offices of one level of the ladder.
struct Group {
    level: u8,
    name: Text,
    offices: Vec<Office>,
    other_side: String,
}

#[derive(Template)]
#[template(path = "directory.html")]
struct DirectoryPage {
    page: Page,
    groups: Vec<Group>,
    checks: Vec<DeskCheck>,
}

/// The page: our own offices level by level, each beside its counterparts.
pub async fn show(Signed { page, .. }: Signed, State(app): State<App>) -> Result<Response, Stop> {
    let checks = checks(&app, &page).await?;
    let instrument = page.instrument();
    let other_side = page.them().map(|them| page.side(&them.id)).unwrap_or_default();
    let group = |rung: &domain::instrument::Rung| Group {
        level: rung.level,
        name: rung.name.clone(),
        offices: instrument.offices_of(page.us()).filter(|office| office.level == rung.level).cloned().collect(),
        other_side: other_side.clone(),
    };
    let mut groups: Vec<Group> = instrument.ladder().iter().map(group).collect();
    groups.retain(|group| !group.offices.is_empty());
    Ok(html(&DirectoryPage { groups, checks, page }))
}

/// What the last contact checks say of every desk.
pub(super) async fn checks(app: &App, page: &Page) -> Result<Vec<DeskCheck>, Stop> {
    let (exercise, now) = (page.demo, page.now);
    Ok(app.account(move |instrument, book| desks(instrument, book.iter(), exercise, now)).await?)
}

impl Page {
    /// The checks between two offices, whoever made them.
    #[must_use]
    pub fn checks_between<'c>(&self, checks: &'c [DeskCheck], one: &OfficeId, other: &OfficeId) -> Vec<&'c DeskCheck> {
        let pair = |check: &&DeskCheck| {
            (check.by == *one && check.desk == *other) || (check.by == *other && check.desk == *one)
        };
        checks.iter().filter(pair).collect()
    }

    /// What is known of a desk, in a line.
    #[must_use]
    pub fn desk_standing(&self, check: &DeskCheck) -> String {
        let key = format!("desk-check-{}", check.standing.code());
        let when = match &check.standing {
            DeskStanding::Answered { at, .. } | DeskStanding::Vacant { since: at, .. } => Some(at),
            DeskStanding::Asked { until, .. } => until.as_ref(),
            DeskStanding::Due { last } => last.as_ref(),
        };
        let when = when.map(|at| self.moment_words(at, self.us()));
        self.tongue.with(
            &key,
            &[
                ("office", &self.office(&check.desk)),
                ("by", &self.office(&check.by)),
                ("when", &when.unwrap_or_else(|| self.t("desk-check-never"))),
            ],
        )
    }

    /// The case of a check, while it is in hand.
    #[must_use]
    pub fn check_case<'c>(&self, check: &'c DeskCheck) -> Option<&'c CaseId> {
        match &check.standing {
            DeskStanding::Answered { case, .. }
            | DeskStanding::Asked { case, .. }
            | DeskStanding::Vacant { case, .. } => Some(case),
            DeskStanding::Due { .. } => None,
        }
    }

    /// Whether a check says that a desk is vacant.
    #[must_use]
    pub fn is_vacant(&self, check: &DeskCheck) -> bool {
        matches!(check.standing, DeskStanding::Vacant { .. })
    }

    /// Whether a check is due that the reader's office makes.
    #[must_use]
    pub fn may_check(&self, check: &DeskCheck) -> bool {
        self.is_check_due(check) && self.officer.as_ref().is_some_and(|officer| officer.office == check.by)
    }

    /// Whether a check is due.
    #[must_use]
    pub fn is_check_due(&self, check: &DeskCheck) -> bool {
        matches!(check.standing, DeskStanding::Due { .. })
    }

    /// The types in force an office begins, and those it receives, each list under the key of its name.
    #[must_use]
    pub fn office_types(&self, office: &Office) -> Vec<(&'static str, Vec<&RequestType>)> {
        let on = |of: fn(&RequestType) -> &Vec<OfficeId>| {
            let types = self.instrument().types().values();
            types.filter(|rule| rule.status == TypeStatus::On && of(rule).contains(&office.id)).collect::<Vec<_>>()
        };
        let lists =
            [("directory-types", on(|rule| &rule.may_send)), ("directory-types-in", on(|rule| &rule.may_receive))];
        lists.into_iter().filter(|(_, types)| !types.is_empty()).collect()
    }

    /// The other Parties' offices an office works with directly.
    #[must_use]
    pub fn counterparts(&self, office: &Office) -> Vec<&Office> {
        office.counterparts.iter().filter_map(|id| self.instrument().office(id)).collect()
    }
}
