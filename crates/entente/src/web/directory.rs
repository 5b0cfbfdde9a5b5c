//! The directory of authorities: every office of both sides with its counterparts, by the level it answers at.
//!
//! Owns the grouping. Must not know persons: offices have role desks, never names.

use askama::Template;
use axum::response::Response;
use domain::ids::OfficeId;
use domain::instrument::{Office, RequestType, TypeStatus};
use domain::text::Text;

use super::{Page, Signed, html};

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
}

/// The page: our own offices level by level, each beside its counterparts.
pub async fn show(Signed { page, .. }: Signed) -> Response {
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
    html(&DirectoryPage { groups, page })
}

impl Page {
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
