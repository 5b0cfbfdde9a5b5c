//! Every act an officer can do, as a form: its inputs, and the deed read from them.
//!
//! Owns both directions. Must not know whether the act may be done: the procedure offers it and the domain judges it.

use std::collections::BTreeMap;

use domain::act::{ActKind, Condition, ConditionKind, Deed, Extent, Ground, MissingItem, Person, Role, Urgency};
use domain::case::{Case, State};
use domain::content::{Attachment, FieldValue};
use domain::ids::{OfficeId, OfficerId};
use domain::instrument::{Field, RequestType};
use domain::judge::LIST_MAX;
use domain::menu::Menu;
use domain::procedure::Side;
use domain::text::{Lang, Prose};
use jiff::Timestamp;
use node::people::Officer;

use super::input::{Input, Maker};
use super::review::part_name;
use super::writing::{self, civil, field_input, field_of};
use super::{Typed, Wrong};
use crate::web::Page;
use crate::web::words::HEADER_PARTS;

/// Rows a list shows at first.
const ROWS_MIN: usize = 3;

/// What a form is about: the case, its rules, and who is doing it.
pub struct About<'a> {
    /// The page.
    pub page: &'a Page,
    /// The case.
    pub case: &'a Case,
    /// Its type.
    pub rule: &'a RequestType,
    /// The side we are on.
    pub us: Side,
    /// Who does it.
    pub officer: &'a Officer,
    /// Colleagues who may be named.
    pub colleagues: &'a [Officer],
    /// The languages, own first.
    pub langs: &'a [Lang],
}

/// The inputs of an act.
#[derive(Default)]
pub struct DeedForm {
    /// What everybody fills in.
    pub inputs: Vec<Input>,
    /// What few need; folded away.
    pub more: Vec<Input>,
    /// Rows of its list; 0 when it has none.
    pub rows: usize,
    /// Whether files may come with it.
    pub files: bool,
}

/// Whether an officer can do this by a form of its own. Submitting has its draft; machines do the rest.
#[must_use]
pub fn has_form(act: ActKind) -> bool {
    !matches!(
        act,
        ActKind::Preconsult | ActKind::Submit | ActKind::Deliver | ActKind::RemindOutcome | ActKind::Lapse
    )
}

/// What the form of an act holds before anything was typed.
#[must_use]
pub fn proposed(about: &About<'_>, act: ActKind) -> Typed {
    let mut typed = Typed::default();
    match act {
        ActKind::Acknowledge => {
            typed.put("officer", about.officer.id.as_str());
            let contact = about.page.instrument().office(&about.officer.office).map(|office| office.contact.as_str());
            typed.put("contact", contact.unwrap_or_default());
        }
        ActKind::Supplement => {
            for (id, value) in &about.case.request.fields {
                writing::put_value(&mut typed, &field_input(id), value);
            }
        }
        ActKind::Regrade => typed.put("urgency", about.case.urgency.code()),
        _ => {}
    }
    typed
}

/// The inputs of an act's form.
#[must_use]
pub fn form(about: &About<'_>, maker: &Maker<'_>, act: ActKind) -> DeedForm {
    let page = about.page;
    let label = |name: &str| page.t(&format!("form-deed-{name}"));
    let said = |rows: u8| maker.words("words", &page.t(&format!("form-words-{}", act.code())), rows);
    let plain = |inputs: Vec<Input>| DeedForm { inputs, ..DeedForm::default() };
    match act {
        ActKind::Advise
        | ActKind::AcceptConditions
        | ActKind::AcceptPart
        | ActKind::Reconsider
        | ActKind::Uphold
        | ActKind::Reopen
        | ActKind::Ask
        | ActKind::Withdraw
        | ActKind::ConfirmRelease
        | ActKind::Escalate => plain(vec![said(5)]),
        ActKind::Accept | ActKind::Close => plain(vec![said(4).optional()]),
        ActKind::BeginReview
        | ActKind::Resume
        | ActKind::BeginExecution
        | ActKind::Preconsult
        | ActKind::Submit
        | ActKind::Deliver
        | ActKind::RemindOutcome
        | ActKind::Lapse => DeedForm::default(),
        ActKind::Acknowledge => plain(acknowledge(about, maker)),
        ActKind::Transfer => {
            let offices = about.rule.may_receive.iter().filter(|to| to.party() == *page.us() && **to != about.officer.office);
            let offices = offices.map(|to| (to.to_string(), page.office_name(to)));
            plain(vec![maker.menu("to", &label("to"), offices), said(4)])
        }
        ActKind::ReturnIncomplete | ActKind::OfferConditions => list(about, maker, act),
        ActKind::Supplement => supplement(about, maker, said(4)),
        ActKind::Postpone => {
            plain(vec![said(4), maker.date("review_on", &label("review-on")).hint(&page.t("form-hint-review-on"))])
        }
        ActKind::Refuse => plain(refuse(about, maker, said(5))),
        ActKind::Record => {
            let steps = about.rule.steps.iter().map(|step| (step.code.clone(), page.text(&step.name)));
            plain(vec![maker.menu("step", &label("step"), steps), said(4)])
        }
        ActKind::Preserve => {
            let until = maker.moment("until", &label("until"));
            plain(vec![said(4), until.hint(&page.t1("form-hint-until", "place", page.capital(page.us())))])
        }
        ActKind::Interim => DeedForm { files: true, ..plain(vec![said(6)]) },
        ActKind::Reply => {
            let open = open_questions(about).into_iter();
            let open = open.map(|(number, words)| (number.to_string(), format!("{number}."), words.to_owned()));
            plain(vec![maker.radio("question", &label("question"), open), said(5)])
        }
        ActKind::Respond => {
            let extents = Extent::ALL.iter().map(|(extent, code)| ((*code).to_owned(), page.extent(extent), String::new()));
            let hint = page.t1("form-hint-extent", "steps", outstanding(about));
            let extent = maker.radio("extent", &label("extent"), extents);
            let extent = if outstanding(about).is_empty() { extent } else { extent.hint(&hint) };
            DeedForm { files: true, ..plain(vec![extent, said(6)]) }
        }
        ActKind::ReportOutcome => {
            let scores = (1..=5u8).map(|score| (score.to_string(), page.t(&format!("form-usefulness-{score}")), String::new()));
            plain(vec![maker.radio("usefulness", &label("usefulness"), scores), said(4)])
        }
        ActKind::Regrade => {
            let offered = about.rule.clocks.keys().map(|urgency| (urgency.code().to_owned(), page.urgency(urgency)));
            plain(vec![maker.menu("urgency", &label("urgency"), offered), said(4)])
        }
        ActKind::AnswerEscalation => {
            let levels = open_levels(about).into_iter().map(|level| (level.to_string(), page.level_name(level)));
            plain(vec![maker.menu("level", &label("level"), levels), said(4)])
        }
    }
}

/// The deed typed into an act's form with the files that came with it; `None` when something is wrong, which is named.
#[must_use]
pub fn read(about: &About<'_>, typed: &Typed, act: ActKind, files: Vec<Attachment>, wrong: &mut Vec<Wrong>) -> Option<Deed> {
    let mut reader = Reader { about, typed, wrong };
    let deed = match act {
        ActKind::Advise => Deed::Advise { advice: reader.said() },
        ActKind::AcceptConditions => Deed::AcceptConditions { undertaking: reader.said() },
        ActKind::AcceptPart => Deed::AcceptPart { scope: reader.said() },
        ActKind::Reconsider => Deed::Reconsider { argument: reader.said() },
        ActKind::Uphold => Deed::Uphold { reason: reader.said() },
        ActKind::Reopen => Deed::Reopen { reason: reader.said() },
        ActKind::Ask => Deed::Ask { question: reader.said() },
        ActKind::Withdraw => Deed::Withdraw { reason: reader.said() },
        ActKind::ConfirmRelease => Deed::ConfirmRelease { note: reader.said() },
        ActKind::Accept => Deed::Accept { note: typed.prose("words", about.langs) },
        ActKind::Close => Deed::Close { lesson: typed.prose("words", about.langs) },
        ActKind::BeginReview => Deed::BeginReview {},
        ActKind::Resume => Deed::Resume {},
        ActKind::BeginExecution => Deed::BeginExecution {},
        ActKind::Acknowledge => Deed::Acknowledge {
            reference: reader.line("reference"),
            officer: reader.colleague()?,
            contact: reader.line("contact"),
        },
        ActKind::Transfer => Deed::Transfer { to: reader.choice("to", |id| OfficeId::new(id).ok())?, reason: reader.said() },
        ActKind::ReturnIncomplete => Deed::ReturnIncomplete {
            items: reader.list("want", |field, want| Some(MissingItem { field: field.to_owned(), want }))?,
        },
        ActKind::OfferConditions => Deed::OfferConditions {
            conditions: reader.list("want", |kind, words| Some(Condition { kind: ConditionKind::from_code(kind)?, words }))?,
        },
        ActKind::Supplement => {
            Deed::Supplement { fields: reader.fields(), attachments: files, note: reader.said() }
        }
        ActKind::Postpone => {
            let review_on = writing::read_date(typed, "review_on", reader.wrong);
            Deed::Postpone { reason: reader.said(), review_on: reader.wanted("review_on", review_on)? }
        }
        ActKind::Refuse => reader.refusal()?,
        ActKind::Record => Deed::Record { step: reader.line("step"), note: reader.said() },
        ActKind::Preserve => Deed::Preserve { what: reader.said(), until: reader.until()? },
        ActKind::Interim => Deed::Interim { answer: reader.said(), attachments: files },
        ActKind::Reply => {
            Deed::Reply { question: reader.choice("question", |number| number.parse().ok())?, answer: reader.said() }
        }
        ActKind::Respond => Deed::Respond {
            extent: reader.choice("extent", Extent::from_code)?,
            answer: reader.said(),
            attachments: files,
        },
        ActKind::ReportOutcome => Deed::ReportOutcome {
            usefulness: reader.choice("usefulness", |score| score.parse().ok())?,
            used_for: reader.said(),
        },
        ActKind::Regrade => {
            Deed::Regrade { urgency: reader.choice("urgency", Urgency::from_code)?, reason: reader.said() }
        }
        ActKind::Escalate => {
            Deed::Escalate { level: about.case.ladder.level.saturating_add(1), reason: Some(reader.said()) }
        }
        ActKind::AnswerEscalation => Deed::AnswerEscalation {
            level: reader.choice("level", |level| level.parse().ok())?,
            answer: reader.said(),
        },
        ActKind::Preconsult | ActKind::Submit | ActKind::Deliver | ActKind::RemindOutcome | ActKind::Lapse => return None,
    };
    wrong.is_empty().then_some(deed)
}

/// The questions put to our side that have no reply, with their numbers.
fn open_questions<'a>(about: &About<'a>) -> Vec<(usize, &'a str)> {
    let numbered = about.case.questions.iter().enumerate();
    let open = numbered.filter(|(_, asked)| asked.by != about.us && asked.reply.is_none());
    open.map(|(place, asked)| (place + 1, asked.question.get(about.page.lang()))).collect()
}

/// The levels of the ladder at which our side owes an answer.
fn open_levels(about: &About<'_>) -> Vec<u8> {
    let owed = about.case.rungs.iter().filter(|rung| rung.side == about.us && rung.answer.is_none());
    let mut levels: Vec<u8> = owed.map(|rung| rung.level).collect();
    levels.sort_unstable();
    levels.dedup();
    levels
}

/// The steps a full answer still needs, in words.
fn outstanding(about: &About<'_>) -> String {
    let done = |code: &str| about.case.steps.iter().any(|(step, ..)| step == code);
    let left = about.rule.steps.iter().filter(|step| !done(&step.code));
    left.map(|step| about.page.text(&step.name)).collect::<Vec<_>>().join(" · ")
}

fn acknowledge(about: &About<'_>, maker: &Maker<'_>) -> Vec<Input> {
    let page = about.page;
    let people = about.colleagues.iter().map(|officer| (officer.id.to_string(), officer.name.clone()));
    vec![
        maker.line("reference", &page.t("form-deed-reference")).hint(&page.t("form-hint-reference")),
        maker.menu("officer", &page.t("form-deed-officer"), people).hint(&page.t("form-hint-officer")),
        maker.line("contact", &page.t("form-deed-contact")).hint(&page.t("form-hint-desk")),
    ]
}

fn refuse(about: &About<'_>, maker: &Maker<'_>, reason: Input) -> Vec<Input> {
    let page = about.page;
    // RF-16 is never chosen: it is said by withholding the reason.
    let grounds = about.rule.grounds.iter().filter(|admitted| admitted.ground != Ground::Withheld).map(|admitted| {
        let help = page.instrument().grounds().get(&admitted.ground).map(|words| page.text(&words.help));
        let hint = format!("{} ({})", help.unwrap_or_default(), page.text(&admitted.basis));
        (admitted.ground.code().to_owned(), page.ground(&admitted.ground), hint)
    });
    vec![
        maker.radio("ground", &page.t("form-deed-ground"), grounds),
        maker.words("considered", &page.t("form-deed-considered"), 4).hint(&page.t("form-hint-considered")),
        reason.hint(&page.t("form-hint-refusal")),
        maker.tick("withheld", &page.t("form-deed-withheld")).hint(&page.t("form-hint-withheld")),
    ]
}

/// The fields the other side asked for stand open, the rest folded away.
fn supplement(about: &About<'_>, maker: &Maker<'_>, note: Input) -> DeedForm {
    let named: Vec<&str> = match &about.case.state {
        State::ReturnedIncomplete { items } => items.iter().map(|item| item.field.as_str()).collect(),
        _ => Vec::new(),
    };
    let shown = about.rule.fields.iter().filter(|field| field.kind.in_force());
    let (asked, rest): (Vec<&Field>, Vec<&Field>) = shown.partition(|field| named.contains(&field.id.as_str()));
    let input = |field: &&Field| field_of(maker, field, &field_input(&field.id));
    let mut inputs: Vec<Input> = asked.iter().map(input).collect();
    inputs.push(note);
    DeedForm { inputs, more: rest.iter().map(|field| input(field).optional()).collect(), rows: 0, files: true }
}

/// A list of rows: what each is about, and its words.
fn list(about: &About<'_>, maker: &Maker<'_>, act: ActKind) -> DeedForm {
    let page = about.page;
    let choices: Vec<(String, String)> = if act == ActKind::OfferConditions {
        ConditionKind::ALL.iter().map(|(kind, code)| ((*code).to_owned(), page.condition(kind))).collect()
    } else {
        let fields = about.rule.fields.iter().map(|field| field.id.as_str());
        let parts = fields.chain(HEADER_PARTS.iter().copied()).chain(["other"]);
        parts.map(|part| (part.to_owned(), part_name(page, &about.rule.code, part))).collect()
    };
    let rows = rows(maker.typed);
    let mut inputs = Vec::new();
    for row in 0..rows {
        let numbered = |key: &str| page.t1(key, "n", row + 1);
        let kind = maker.menu(&format!("row.{row}.kind"), &numbered(&format!("form-row-{}", act.code())), choices.clone());
        let want = maker.words(&format!("row.{row}.want"), &numbered(&format!("form-words-{}", act.code())), 2);
        inputs.extend(if row == 0 { [kind, want] } else { [kind.optional(), want.optional()] });
    }
    DeedForm { inputs, rows, ..DeedForm::default() }
}

/// How many rows a list shows.
fn rows(typed: &Typed) -> usize {
    typed.get("rows").parse().unwrap_or(ROWS_MIN).clamp(ROWS_MIN, LIST_MAX)
}

/// Reads the parts of a deed and names what is wrong with them.
struct Reader<'a, 'w> {
    about: &'a About<'a>,
    typed: &'a Typed,
    wrong: &'w mut Vec<Wrong>,
}

impl Reader<'_, '_> {
    /// The act's own words.
    fn said(&mut self) -> Prose {
        self.words("words")
    }

    fn words(&mut self, name: &str) -> Prose {
        let words = self.typed.prose_or_blank(name, self.about.langs);
        if words.is_blank() {
            self.wrong.push(Wrong::at(name, "form-wrong-empty"));
        }
        words
    }

    fn line(&mut self, name: &str) -> String {
        let line = self.typed.get(name).to_owned();
        if line.is_empty() {
            self.wrong.push(Wrong::at(name, "form-wrong-empty"));
        }
        line
    }

    fn choice<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let chosen = self.typed.some(name).and_then(read);
        self.wanted(name, chosen)
    }

    fn wanted<T>(&mut self, name: &str, value: Option<T>) -> Option<T> {
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
        for field in self.about.rule.fields.iter().filter(|field| field.kind.in_force()) {
            let name = field_input(&field.id);
            let value = writing::read_value(self.typed, &name, &field.kind, self.about.langs, self.wrong);
            let was = self.about.case.request.fields.get(&field.id);
            if let Some(value) = value.filter(|value| Some(value) != was) {
                changed.insert(field.id.clone(), value);
            }
        }
        changed
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
