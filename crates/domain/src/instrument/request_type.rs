//! Request types: what may be asked, by whom, with which contents, clocks, safeguards and grounds of refusal.
//!
//! Owns the rows only. Must not know how a procedure runs (`procedure`) nor whether contents are complete (`content`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::limit::{Form, Limit, When};
use super::meeting::Meeting;
use super::step::Step;
use crate::act::{ActKind, Deed, Ground, Urgency};
use crate::clock::ClockKind;
use crate::content::{FieldValue, Request, Sensitivity};
use crate::deadline::Span;
use crate::handling::Tlp;
use crate::ids::{OfficeId, TypeCode};
use crate::menu::Menu;
use crate::procedure::ProcedureKind;
use crate::safeguard::Gate;
use crate::text::Text;

/// One kind of request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestType {
    /// Its code, for example `CY-INC`.
    pub code: TypeCode,
    /// The series its cases are numbered in, one to four capitals.
    pub series: String,
    /// Its name.
    pub name: Text,
    /// What it is for, in a sentence or two.
    pub summary: Text,
    /// Whether it is in force or merely declared.
    pub status: TypeStatus,
    /// Which of the closed procedures it follows.
    pub procedure: ProcedureKind,
    /// The clauses it carries out, by id.
    pub clauses: Vec<String>,
    /// The area of cooperation it belongs to, by id.
    pub area: String,
    /// The legal bases a request may stand on, the usual one first.
    pub legal_bases: Vec<Text>,
    /// The offices competent to send it.
    pub may_send: Vec<OfficeId>,
    /// The offices competent to receive it.
    pub may_receive: Vec<OfficeId>,
    /// Further offices of the receiving side it may be passed on to, to decide or carry it out.
    pub may_execute: Vec<OfficeId>,
    /// The date field on which it ends by itself, if it has one; a notice lapses then.
    pub expires: Option<String>,
    /// The choice field that names the text its signatures settle, if it has one.
    pub settles: Option<String>,
    /// When and how its cases meet, where they are meetings.
    pub meeting: Option<Meeting>,
    /// Where its matters name the new version of the instrument their signatures bring in, if they do.
    pub amends: Option<Amends>,
    /// The line field in which its matters name the progress report their signatures settle, if they do.
    pub reports: Option<String>,
    /// Whether its matters check the desk of a counterpart, and in how many days each does so once.
    pub checks: Option<u16>,
    /// Texts both sides must have signed before it can be used, by id.
    pub needs_texts: Vec<String>,
    /// The types its cases may be continued as, once they have shown what is needed.
    pub continues_as: Vec<TypeCode>,
    /// Its own contents, in the order of the form; included groups first.
    pub fields: Vec<Field>,
    /// What its matters may not carry.
    pub limits: Vec<Limit>,
    /// Steps of execution worth recording, in their usual order.
    pub steps: Vec<Step>,
    /// How long each wait may last, per urgency; the instrument's common clocks are merged in.
    pub clocks: BTreeMap<Urgency, BTreeMap<ClockKind, Span>>,
    /// The urgency the form proposes.
    pub usual_urgency: Urgency,
    /// The grounds it may be refused on.
    pub grounds: Vec<AdmittedGround>,
    /// The safeguards and the acts they bind.
    pub gates: Vec<GateBinding>,
    /// The sharing mark the form proposes.
    pub default_mark: Tlp,
    /// The least restrictive mark allowed.
    pub mark_min: Tlp,
    /// Acts beyond the procedure's common ones.
    pub extras: Vec<ActKind>,
    /// Months contents are kept after closure.
    pub retention_months: u16,
    /// What is expected after the answer.
    pub followup: Text,
    /// What it calls an act (`act-submit` done, `do-submit` to be done), a stage (`stage-signed`, and what comes next in it,
    /// `next-signed`) or a clock (`clock-turn`), where its procedure's word would be another matter's.
    pub words: BTreeMap<String, Text>,
}

/// Whether a type can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TypeStatus {
    /// In force: cases of it can be opened.
    On,
    /// Agreed in outline; not yet in force.
    Declared,
}

/// One field of a type's contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its id within the type, for example `maximum_penalty`.
    pub id: String,
    /// Its label.
    pub label: Text,
    /// What to write, in a sentence.
    pub help: Text,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether a request without it is incomplete.
    pub required: bool,
    /// Whether it holds personal data (SG-10).
    pub personal: bool,
    /// Whether the time it names must lie ahead when it is sent: a plan's, not a record's.
    pub ahead: bool,
    /// Most characters it may hold.
    pub chars_max: u32,
    /// What its lines must look like.
    pub form: Form,
    /// The least restrictive mark under which it may be filled, where that is not the type's.
    pub mark_min: Option<Tlp>,
}

/// What a field holds; each kind has its `content::FieldValue`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Free text, translated.
    Prose,
    /// A line that needs no translation.
    Line,
    /// One of a list, by code.
    Choice {
        /// The codes with their labels, in the order they are shown.
        options: Vec<(String, Text)>,
    },
    /// A day.
    Date,
    /// From and to, in UTC.
    Interval,
    /// Yes or no.
    YesNo,
    /// The heaviest penalty of the offence.
    Penalty,
    /// A STIX 2.1 bundle.
    Indicators,
    /// A natural person: names across scripts, birth, nationality, documents.
    Person,
    /// An office of the instrument.
    Office,
    /// A place: address or coordinates.
    Place,
    /// An amount and its currency.
    Money,
    /// A list of short lines.
    Items,
    /// Parallel texts in every language of the instrument.
    Parallel,
}

/// A ground of refusal this type admits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmittedGround {
    /// The ground.
    pub ground: Ground,
    /// Where it is grounded in law or agreement.
    pub basis: Text,
}

/// The fields in which a matter names a new version of the instrument; the version itself is its one attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amends {
    /// The line that holds the new version's hash.
    pub hash: String,
    /// The date before which it does not take force.
    pub from: String,
}

/// A safeguard and the acts that cannot be done without its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateBinding {
    /// The safeguard.
    pub gate: Gate,
    /// The acts it binds.
    pub at: Vec<ActKind>,
    /// For the act of recording: the steps it binds, or all when none is named.
    pub steps: Vec<String>,
    /// Whether it binds only a case that holds personal data.
    pub only_personal: bool,
    /// Whether it binds only a case whose request is to be kept secret itself.
    pub only_secret: bool,
    /// Where it may not be called without bearing: the request itself asks for what it guards.
    pub engaged: Option<When>,
}

impl RequestType {
    /// One field by its id.
    #[must_use]
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// One step by its code.
    #[must_use]
    pub fn step(&self, code: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.code == code)
    }

    /// The field of a text both sides sign, if the type has one.
    #[must_use]
    pub fn text_field(&self) -> Option<&Field> {
        self.fields.iter().find(|field| field.kind == FieldKind::Parallel)
    }

    /// How long this wait may last at this urgency.
    #[must_use]
    pub fn clock(&self, urgency: Urgency, kind: ClockKind) -> Option<Span> {
        self.clocks.get(&urgency).and_then(|clocks| clocks.get(&kind)).copied()
    }

    /// Whether it may be refused on this ground.
    #[must_use]
    pub fn admits(&self, ground: Ground) -> bool {
        self.grounds.iter().any(|admitted| admitted.ground == ground)
    }

    /// The safeguards that bind a deed in a case of this sensitivity.
    pub fn gates_for<'r>(&'r self, deed: &'r Deed, case: Sensitivity) -> impl Iterator<Item = Gate> + 'r {
        let step = match deed {
            Deed::Record { step, .. } => Some(step.as_str()),
            _ => None,
        };
        // To say no to passing something on lets nothing out, so no safeguard may stand in its way.
        let denied = matches!(deed, Deed::GiveConsent { granted: false, .. });
        self.gates_of(deed.kind(), step, case).filter(move |_| !denied)
    }

    /// The safeguards that bind an act of this kind, and where it records, this step.
    pub fn gates_of<'r>(
        &'r self,
        act: ActKind,
        step: Option<&'r str>,
        case: Sensitivity,
    ) -> impl Iterator<Item = Gate> + 'r {
        let names = move |binding: &GateBinding| {
            binding.steps.is_empty() || step.is_some_and(|step| binding.steps.iter().any(|known| known == step))
        };
        let binds = move |binding: &&GateBinding| {
            binding.at.contains(&act)
                && (case.personal || !binding.only_personal)
                && (case.secret || !binding.only_secret)
                && (act != ActKind::Record || names(binding))
        };
        self.gates.iter().filter(binds).map(|binding| binding.gate)
    }

    /// Whether the request itself asks for what a safeguard guards, so that nobody can call it without bearing.
    #[must_use]
    pub fn engages(&self, gate: Gate, request: &Request) -> bool {
        let engaged = |binding: &GateBinding| binding.engaged.as_ref().is_some_and(|when| when.holds(request));
        self.gates.iter().any(|binding| binding.gate == gate && engaged(binding))
    }

    /// The safeguards that may bind an act of this kind, whatever the case holds and whichever step is recorded.
    pub fn gates_at(&self, act: ActKind) -> impl Iterator<Item = Gate> + '_ {
        self.gates.iter().filter(move |binding| binding.at.contains(&act)).map(|binding| binding.gate)
    }
}

impl FieldKind {
    /// The codes of the kinds, in the order of the enum; `choice` carries its options beside it.
    pub const CODES: &'static [&'static str] = &[
        "prose",
        "line",
        "choice",
        "date",
        "interval",
        "yes-no",
        "penalty",
        "indicators",
        "person",
        "office",
        "place",
        "money",
        "items",
        "parallel",
    ];

    /// Whether a value is of this kind.
    #[must_use]
    pub fn holds(&self, value: &FieldValue) -> bool {
        matches!(
            (self, value),
            (Self::Prose, FieldValue::Prose(_))
                | (Self::Line, FieldValue::Line(_))
                | (Self::Choice { .. }, FieldValue::Choice(_))
                | (Self::Date, FieldValue::Date(_))
                | (Self::Interval, FieldValue::Interval { .. })
                | (Self::YesNo, FieldValue::YesNo(_))
                | (Self::Penalty, FieldValue::Penalty(_))
                | (Self::Indicators, FieldValue::Indicators(_))
                | (Self::Person, FieldValue::Person(_))
                | (Self::Office, FieldValue::Office(_))
                | (Self::Place, FieldValue::Place(_))
                | (Self::Money, FieldValue::Money(_))
                | (Self::Items, FieldValue::Items(_))
                | (Self::Parallel, FieldValue::Parallel(_))
        )
    }

    /// The stable code of this kind.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Prose => "prose",
            Self::Line => "line",
            Self::Choice { .. } => "choice",
            Self::Date => "date",
            Self::Interval => "interval",
            Self::YesNo => "yes-no",
            Self::Penalty => "penalty",
            Self::Indicators => "indicators",
            Self::Person => "person",
            Self::Office => "office",
            Self::Place => "place",
            Self::Money => "money",
            Self::Items => "items",
            Self::Parallel => "parallel",
        }
    }
}

impl Menu for TypeStatus {
    const ALL: &'static [(Self, &'static str)] = &[(Self::On, "on"), (Self::Declared, "declared")];
}
