//! The deed an officer typed, read from the form of its act.
//!
//! Owns the reading and the naming of what cannot be read. Must not know how the inputs look.

use std::collections::BTreeMap;

use domain::act::{ActKind, Condition, ConditionKind, Deed, Extent, Ground, MissingItem, Person, Role, Urgency};
use domain::content::{Attachment, FieldValue};
use domain::ids::{OfficeId, OfficerId};
use domain::menu::Menu;
use domain::text::Prose;
use jiff::Timestamp;
use jiff::civil::Date;

use super::super::value::read_value;
use super::super::writing::{self, civil, field_input};
use super::super::{Typed, Wrong};
use super::{About, asked_for, rows, together, unable_input};

/// The deed typed into an act's form with the files that came with it.
///
/// # Errors
/// Every input that cannot be read; it may be none when the act has no form.
pub fn read(about: &About<'_>, typed: &Typed, act: ActKind, files: Vec<Attachment>) -> Result<Deed, Vec<Wrong>> {
    let (deed, wrong) = read_part(about, typed, act, files);
    deed.filter(|_| wrong.is_empty()).ok_or(wrong)
}

/// The deed as far as it can be read, and every input that cannot: what is saved may still lack words.
#[must_use]
pub fn read_part(about: &About<'_>, typed: &Typed, act: ActKind, files: Vec<Attachment>) -> (Option<Deed>, Vec<Wrong>) {
    let mut reader = Reader { about, typed, wrong: Vec::new() };
    let deed = reader.deed(act, files);
    (deed, reader.wrong)
}

/// Reads the parts of a deed and names what is wrong with them.
pub(super) struct Reader<'a> {
    pub(super) about: &'a About<'a>,
    pub(super) typed: &'a Typed,
    pub(super) wrong: Vec<Wrong>,
}

impl Reader<'_> {
    fn deed(&mut self, act: ActKind, files: Vec<Attachment>) -> Option<Deed> {
        Some(match act {
            ActKind::Advise => Deed::Advise { advice: self.said() },
            ActKind::AcceptConditions => Deed::AcceptConditions { undertaking: self.said() },
            ActKind::DeclineConditions => Deed::DeclineConditions { reason: self.said() },
            ActKind::AcceptPart => Deed::AcceptPart { scope: self.said() },
            ActKind::Reconsider => Deed::Reconsider { argument: self.said() },
            ActKind::Uphold => Deed::Uphold { reason: self.said() },
            ActKind::Reopen => Deed::Reopen { reason: self.said() },
            ActKind::Ask => Deed::Ask { question: self.said() },
            ActKind::Withdraw => Deed::Withdraw { reason: self.said() },
            ActKind::ConfirmRelease => Deed::ConfirmRelease { note: self.said() },
            ActKind::Accept => Deed::Accept { note: self.typed.prose("words", self.about.langs) },
            ActKind::Close => Deed::Close { lesson: self.typed.prose("words", self.about.langs) },
            ActKind::BeginReview => Deed::BeginReview {},
            ActKind::Resume => Deed::Resume {},
            ActKind::BeginExecution => Deed::BeginExecution {},
            // Every input is read before one that cannot be is given up for: all that is wrong is named at once.
            ActKind::Acknowledge => {
                let (reference, officer, contact) = (self.line("reference"), self.colleague(), self.line("contact"));
                Deed::Acknowledge { reference, officer: officer?, contact }
            }
            ActKind::Transfer => {
                let (to, reason) = (self.choice("to", |id| OfficeId::new(id).ok()), self.said());
                Deed::Transfer { to: to?, reason }
            }
            ActKind::ReturnIncomplete => Deed::ReturnIncomplete {
                items: self.list("want", |field, want| Some(MissingItem { field: field.to_owned(), want }))?,
            },
            ActKind::OfferConditions => Deed::OfferConditions {
                conditions: self
                    .list("want", |kind, words| Some(Condition { kind: ConditionKind::from_code(kind)?, words }))?,
            },
            ActKind::Supplement => {
                let (fields, unable) = (self.fields(), self.unable());
                Deed::Supplement { fields, attachments: files, unable, note: self.said() }
            }
            ActKind::Postpone => Deed::Postpone { reason: self.said(), review_on: self.day("review_on")? },
            ActKind::Refuse => self.refusal()?,
            ActKind::Preserve => Deed::Preserve { what: self.said(), until: self.until()? },
            ActKind::Interim => Deed::Interim { answer: self.said(), attachments: files },
            ActKind::Reply => {
                let (question, answer) = (self.choice("question", |number| number.parse().ok()), self.said());
                Deed::Reply { question: question?, answer }
            }
            ActKind::Respond => {
                let (extent, answer) = (self.choice("extent", Extent::from_code), self.said());
                Deed::Respond { extent: extent?, answer, attachments: files }
            }
            ActKind::ReportOutcome => {
                let (score, used_for) = (self.choice("usefulness", |score| score.parse().ok()), self.said());
                Deed::ReportOutcome { usefulness: score?, used_for }
            }
            ActKind::Regrade => {
                let (urgency, reason) = (self.choice("urgency", Urgency::from_code), self.said());
                Deed::Regrade { urgency: urgency?, reason }
            }
            ActKind::Escalate => {
                Deed::Escalate { level: self.about.case.ladder.level.saturating_add(1), reason: Some(self.said()) }
            }
            ActKind::AnswerEscalation => {
                let (level, answer) = (self.choice("level", |level| level.parse().ok()), self.said());
                Deed::AnswerEscalation { level: level?, answer }
            }
            _ => return together::read(self, act),
        })
    }

    /// The act's own words.
    pub(super) fn said(&mut self) -> Prose {
        self.words("words")
    }

    pub(super) fn words(&mut self, name: &str) -> Prose {
        let words = self.typed.prose_or_blank(name, self.about.langs);
        if words.is_blank() {
            self.wrong.push(Wrong::at(name, "form-wrong-empty"));
        }
        words
    }

    pub(super) fn line(&mut self, name: &str) -> String {
        let line = self.typed.get(name).to_owned();
        if line.is_empty() {
            self.wrong.push(Wrong::at(name, "form-wrong-empty"));
        }
        line
    }

    pub(super) fn day(&mut self, name: &str) -> Option<Date> {
        let day = writing::read_date(self.typed, name, &mut self.wrong);
        self.wanted(name, day)
    }

    pub(super) fn choice<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let chosen = self.typed.some(name).and_then(read);
        self.wanted(name, chosen)
    }

    pub(super) fn wanted<T>(&mut self, name: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && self.wrong.iter().all(|wrong| wrong.input != name) {
            self.wrong.push(Wrong::at(name, "form-wrong-choice"));
        }
        value
    }

    /// The officer named in an acknowledgement, in a role that works on cases.
    fn colleague(&mut self) -> Option<Person> {
        let id = self.typed.some("officer").and_then(|id| OfficerId::new(id).ok());
        let named = self.about.colleagues.iter().find(|officer| Some(&officer.id) == id.as_ref());
        let person = named.and_then(|officer| officer.roles.first().and_then(|role: &Role| officer.person(*role)));
        self.wanted("officer", person)
    }

    /// The rows of a list that have words; a row with words needs its kind.
    fn list<T>(&mut self, words: &str, make: impl Fn(&str, Prose) -> Option<T>) -> Option<Vec<T>> {
        let mut list = Vec::new();
        for row in 0..rows(self.typed) {
            let (kind, words) = (format!("row.{row}.kind"), format!("row.{row}.{words}"));
            match (self.typed.some(&kind), self.typed.prose(&words, self.about.langs)) {
                (Some(code), Some(text)) => {
                    let made = make(code, text);
                    list.extend(self.wanted(&kind, made));
                }
                (Some(_), None) => self.wrong.push(Wrong::at(words, "form-wrong-empty")),
                (None, Some(_)) => self.wrong.push(Wrong::at(kind, "form-wrong-choice")),
                (None, None) => {}
            }
        }
        if list.is_empty() && self.wrong.is_empty() {
            self.wrong.push(Wrong::at("row.0.kind", "form-wrong-choice"));
        }
        (!list.is_empty()).then_some(list)
    }

    /// The fields that were added or changed.
    fn fields(&mut self) -> BTreeMap<String, FieldValue> {
        let mut changed = BTreeMap::new();
        for field in self.about.rule.fields.iter() {
            let name = field_input(&field.id);
            let value = read_value(self.typed, &name, &field.kind, self.about.langs, &mut self.wrong);
            let was = self.about.case.request.fields.get(&field.id);
            if let Some(value) = value.filter(|value| Some(value) != was) {
                changed.insert(field.id.clone(), value);
            }
        }
        changed
    }

    /// What was asked for and cannot be supplied, and why.
    fn unable(&self) -> BTreeMap<String, Prose> {
        let about = self.about;
        let said = |id: &str| self.typed.prose(&unable_input(id), about.langs);
        asked_for(about).into_iter().filter_map(|id| Some((id.to_owned(), said(id)?))).collect()
    }

    fn refusal(&mut self) -> Option<Deed> {
        let ground = self.choice("ground", Ground::from_code);
        let considered = self.words("considered");
        let withheld = self.typed.ticked("withheld");
        let reason = if withheld { None } else { Some(self.said()) };
        Some(Deed::Refuse { ground: ground?, reason, considered, withheld })
    }

    /// A moment typed on the clock of our capital.
    fn until(&mut self) -> Option<Timestamp> {
        let typed = civil(self.typed.get("until"));
        let at = typed.map(|at| self.about.page.our_party().calendar.instant(at.date(), at.time()));
        self.wanted("until", at)
    }
}
