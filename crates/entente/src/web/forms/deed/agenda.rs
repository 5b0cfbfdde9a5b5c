//! The forms of a meeting: an item for its agenda, the outcome of one, what a side commits itself to.
//!
//! Owns their inputs and their reading, and how a case or an earlier item is written in a line. Must not know whether the
//! act may be done: the domain judges it.

use domain::act::{About as Subject, ActKind, Deed, ItemRef};
use domain::ids::{CaseId, OfficeId};

use super::super::Wrong;
use super::super::input::{Input, Maker};
use super::About;
use super::reading::Reader;
use super::together::numbered;

/// What parts the case of a meeting from the number of an item: no reference of a case holds it.
const NUMBER: char = '#';

/// The inputs of these acts.
pub(super) fn inputs(about: &About<'_>, maker: &Maker<'_>, act: ActKind, said: Input) -> Vec<Input> {
    let page = about.page;
    let label = |name: &str| page.t(&format!("form-deed-{name}"));
    let items = |open: bool| {
        let items = about.case.talk.items.iter().enumerate();
        let items = items.filter(move |(_, item)| !open || item.outcome.is_none());
        items.map(|(place, item)| (place, String::new(), item.topic.get(page.lang()).to_owned()))
    };
    match act {
        ActKind::TableItem => {
            let subjects = about.subjects.iter().map(about_code).collect();
            let hint = page.t1("form-hint-about", "example", &about.case.id);
            vec![said, maker.line("about", &label("about")).knowing(subjects).hint(&hint).optional()]
        }
        ActKind::SettleItem => vec![numbered(maker, &label("agenda-item"), items(true)), said],
        _ => {
            let owners = page.instrument().offices_of(page.us());
            let owners = owners.map(|office| (office.id.to_string(), page.text(&office.name)));
            let mut inputs = vec![
                said,
                maker.menu("owner", &label("owner"), owners).hint(&page.t("form-hint-owner")),
                maker.date("due_on", &label("due-on")),
            ];
            if !about.case.talk.items.is_empty() {
                let named = items(false).map(|(place, _, topic)| ((place + 1).to_string(), topic));
                inputs.push(maker.menu("item", &label("agenda-item"), named).optional());
            }
            inputs
        }
    }
}

/// The deed typed into one of these forms.
pub(super) fn read(reader: &mut Reader<'_>, act: ActKind) -> Option<Deed> {
    let number = |text: &str| text.parse().ok();
    Some(match act {
        ActKind::TableItem => {
            let (topic, typed) = (reader.said(), reader.typed.some("about").map(str::to_owned));
            let about = typed.as_deref().and_then(subject);
            if typed.is_some() && about.is_none() {
                reader.wrong.push(Wrong::at("about", "form-wrong-about"));
            }
            Deed::TableItem { topic, about }
        }
        ActKind::SettleItem => {
            let (which, outcome) = (reader.choice("number", number), reader.said());
            Deed::SettleItem { number: which?, outcome }
        }
        _ => {
            let (what, owner) = (reader.said(), reader.choice("owner", |id| OfficeId::new(id).ok()));
            let due_on = reader.day("due_on");
            let item = reader.typed.some("item").and_then(number);
            Deed::Undertake { what, owner: owner?, due_on: due_on?, item }
        }
    })
}

/// A case or an item of a meeting in one line.
#[must_use]
pub fn about_code(about: &Subject) -> String {
    match about {
        Subject::Case(case) => case.to_string(),
        Subject::Item(item) => format!("{}{NUMBER}{}", item.round, item.number),
    }
}

/// The same read back.
fn subject(typed: &str) -> Option<Subject> {
    Some(match typed.trim().split_once(NUMBER) {
        Some((round, number)) => {
            Subject::Item(ItemRef { round: CaseId::new(round.trim()).ok()?, number: number.trim().parse().ok()? })
        }
        None => Subject::Case(CaseId::new(typed.trim()).ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_item_takes_up_is_written_and_read() {
        for typed in ["GB-CY-2026-0007", "CN-PLN-2026-0001#12"] {
            assert_eq!(subject(typed).map(|about| about_code(&about)).as_deref(), Some(typed));
        }
        for typed in ["", "nothing", "GB-CY-2026-0007#", "GB-CY-2026-0007#-1", "#3"] {
            assert_eq!(subject(typed), None, "{typed}");
        }
    }
}
