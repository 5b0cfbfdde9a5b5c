//! One field of a request as an input, and the input as its value.
//!
//! Owns both directions for every kind of field. Must not know which type the field belongs to.

use domain::asset::Money;
use domain::content::{FieldValue, Penalty};
use domain::ids::OfficeId;
use domain::instrument::{Field, FieldKind};
use domain::text::Lang;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::input::{Input, Maker};
use super::writing::{MOMENT, civil, read_date};
use super::{Typed, Wrong, identity};

/// The input of one field of a type.
#[must_use]
pub fn field_of(maker: &Maker<'_>, field: &Field, name: &str) -> Input {
    let page = maker.page;
    let label = page.text(&field.label);
    let input = match &field.kind {
        FieldKind::Prose => maker.words(name, &label, 4),
        FieldKind::Choice { options } => {
            maker.menu(name, &label, options.iter().map(|(code, words)| (code.clone(), page.text(words))))
        }
        FieldKind::Date => maker.date(name, &label),
        FieldKind::Interval => maker.span(name, &label),
        FieldKind::YesNo => maker.menu(name, &label, ["yes", "no"].map(|code| (code.to_owned(), page.t(code)))),
        FieldKind::Penalty => maker.penalty(name, &label),
        FieldKind::Indicators => maker.code(name, &label),
        FieldKind::Line => maker.line(name, &label),
        FieldKind::Person => identity::person(maker, name, &label),
        FieldKind::Place => identity::place(maker, name, &label),
        FieldKind::Office => {
            let offices = page.instrument().offices().keys();
            maker.menu(name, &label, offices.map(|id| (id.to_string(), page.office_name(id))))
        }
        FieldKind::Money => money(maker, name, &label),
        FieldKind::Items => maker.code(name, &label),
        FieldKind::Parallel => maker.words(name, &label, 8),
    };
    let input = input.hint(&page.text(&field.help));
    if field.required { input } else { input.optional() }
}

/// The value typed into a field's input; `None` when nothing was.
pub fn read_value(
    typed: &Typed,
    name: &str,
    kind: &FieldKind,
    langs: &[Lang],
    wrong: &mut Vec<Wrong>,
) -> Option<FieldValue> {
    match kind {
        FieldKind::Prose => typed.prose(name, langs).map(FieldValue::Prose),
        FieldKind::Line => typed.some(name).map(|line| FieldValue::Line(line.to_owned())),
        FieldKind::Choice { .. } => typed.some(name).map(|code| FieldValue::Choice(code.to_owned())),
        FieldKind::Date => read_date(typed, name, wrong).map(FieldValue::Date),
        FieldKind::Interval => read_span(typed, name, wrong),
        FieldKind::YesNo => match typed.get(name) {
            "yes" => Some(FieldValue::YesNo(true)),
            "no" => Some(FieldValue::YesNo(false)),
            _ => None,
        },
        FieldKind::Penalty => read_penalty(typed, name, wrong).map(FieldValue::Penalty),
        FieldKind::Indicators => typed.some(name).map(|json| FieldValue::Indicators(json.to_owned())),
        FieldKind::Person => identity::read_person(typed, name, wrong),
        FieldKind::Place => identity::read_place(typed, name, wrong),
        FieldKind::Office => typed.some(name).and_then(|id| OfficeId::new(id).ok()).map(FieldValue::Office),
        FieldKind::Money => read_money(typed, name, wrong).map(FieldValue::Money),
        FieldKind::Items => Some(lines(typed.get(name))).filter(|items| !items.is_empty()).map(FieldValue::Items),
        FieldKind::Parallel => typed.prose(name, langs).map(FieldValue::Parallel),
    }
}

/// A field's value put back into its input.
pub fn put_value(typed: &mut Typed, name: &str, value: &FieldValue) {
    match value {
        FieldValue::Prose(words) | FieldValue::Parallel(words) => typed.put_prose(name, words),
        FieldValue::Line(text) | FieldValue::Choice(text) | FieldValue::Indicators(text) => typed.put(name, text),
        FieldValue::Date(date) => typed.put(name, &date.to_string()),
        FieldValue::Interval { from, to } => {
            typed.put(format!("{name}.from"), &utc(*from));
            typed.put(format!("{name}.to"), &utc(*to));
        }
        FieldValue::YesNo(yes) => typed.put(name, if *yes { "yes" } else { "no" }),
        FieldValue::Penalty(penalty) => {
            typed.put(name, penalty_code(*penalty));
            if let Penalty::YearsMax(years) = penalty {
                typed.put(format!("{name}.years"), &years.to_string());
            }
        }
        FieldValue::Person(person) => identity::put_person(typed, name, person),
        FieldValue::Place(place) => identity::put_place(typed, name, place),
        FieldValue::Office(office) => typed.put(name, office.as_str()),
        FieldValue::Money(money) => put_money(typed, name, money),
        FieldValue::Items(items) => typed.put(name, &items.join("\n")),
    }
}

/// An amount and its currency.
#[must_use]
pub fn money(maker: &Maker<'_>, name: &str, label: &str) -> Input {
    let page = maker.page;
    let parts = vec![
        maker.line(&format!("{name}.amount"), &page.t("form-money-amount")).hint(&page.t("form-hint-amount")),
        maker.line(&format!("{name}.currency"), &page.t("form-money-currency")).hint(&page.t("form-hint-currency")),
    ];
    maker.group(name, label, parts)
}

/// An amount typed in two parts; `None` when nothing, or nothing exact, was.
pub fn read_money(typed: &Typed, name: &str, wrong: &mut Vec<Wrong>) -> Option<Money> {
    let (amount, currency) = (typed.get(&format!("{name}.amount")), typed.get(&format!("{name}.currency")));
    if amount.is_empty() && currency.is_empty() {
        return None;
    }
    let money = Money::new(amount, &currency.to_uppercase()).ok();
    if money.is_none() {
        wrong.push(Wrong::at(name, "form-wrong-money"));
    }
    money
}

fn put_money(typed: &mut Typed, name: &str, money: &Money) {
    typed.put(format!("{name}.amount"), &money.amount());
    typed.put(format!("{name}.currency"), money.currency());
}

/// The lines of a box, without the empty ones.
#[must_use]
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn read_span(typed: &Typed, name: &str, wrong: &mut Vec<Wrong>) -> Option<FieldValue> {
    let end = |end: &str| {
        let text = typed.some(&format!("{name}.{end}"))?;
        Some(civil(text).and_then(|at| at.to_zoned(TimeZone::UTC).ok()).map(|at| at.timestamp()))
    };
    match (end("from"), end("to")) {
        (Some(Some(from)), Some(Some(to))) => Some(FieldValue::Interval { from, to }),
        (None, None) => None,
        _ => {
            wrong.push(Wrong::at(name, "form-wrong-span"));
            None
        }
    }
}

fn read_penalty(typed: &Typed, name: &str, wrong: &mut Vec<Wrong>) -> Option<Penalty> {
    match typed.some(name)? {
        "no-prison" => Some(Penalty::NoPrison),
        "life" => Some(Penalty::Life),
        "death" => Some(Penalty::Death),
        "unknown" => Some(Penalty::Unknown),
        "years-max" => {
            let years = typed.get(&format!("{name}.years")).parse().ok().filter(|years| *years > 0);
            if years.is_none() {
                wrong.push(Wrong::at(name, "form-wrong-years"));
            }
            years.map(Penalty::YearsMax)
        }
        _ => None,
    }
}

/// The code of a penalty, as its input sends it.
fn penalty_code(penalty: Penalty) -> &'static str {
    match penalty {
        Penalty::NoPrison => "no-prison",
        Penalty::YearsMax(_) => "years-max",
        Penalty::Life => "life",
        Penalty::Death => "death",
        Penalty::Unknown => "unknown",
    }
}

/// An instant as a `datetime-local` input shows it, in UTC.
fn utc(at: Timestamp) -> String {
    at.strftime(MOMENT).to_string()
}
