//! What things are called in each type and procedure: a notice is given, a concern raised, a return proposed.
//!
//! Owns the choice between a word every procedure shares (`act-submit`), one a procedure has of its own
//! (`act-submit-notice`), and one the instrument gives a type. Must not know the procedures' tables.

use domain::act::ActKind;
use domain::clock::ClockKind;
use domain::ids::TypeCode;
use domain::instrument::ProcedureKind;
use domain::menu::Menu;
use domain::procedure::Stage;

use super::page::Page;

/// The things an officer can do, in the order they are offered: what each is called, and the procedures it begins.
pub const DOINGS: &[(&str, &[ProcedureKind])] = &[
    ("request", &[ProcedureKind::Assistance]),
    ("notify", &[ProcedureKind::Notice]),
    ("agree", &[ProcedureKind::Joint, ProcedureKind::Negotiation]),
    ("match", &[ProcedureKind::Matching]),
    ("concern", &[ProcedureKind::Undertaking]),
];

impl Page {
    /// A message of a page in the words of a type's procedure, where it has its own.
    #[must_use]
    pub fn t_in(&self, code: &TypeCode, key: &str) -> String {
        self.own_or(&format!("in-{}-{key}", self.procedure_of(code).code()), key)
    }

    /// A closed menu's word as a type calls it, where the instrument says so; else as its procedure does.
    #[must_use]
    pub fn word_in(&self, code: &TypeCode, key: &str) -> String {
        match self.rule(code).and_then(|rule| rule.words.get(key)) {
            Some(own) => self.text(own),
            None => self.own_or(&format!("{key}-{}", self.procedure_of(code).code()), key),
        }
    }

    fn own_or(&self, own: &str, shared: &str) -> String {
        if self.tongue.has(own) { self.t(own) } else { self.t(shared) }
    }

    /// One of the things an officer can do.
    #[must_use]
    pub fn doing(&self, doing: &str) -> String {
        self.t(&format!("doing-{doing}"))
    }

    /// The same in a sentence.
    #[must_use]
    pub fn doing_lead(&self, doing: &str) -> String {
        self.t(&format!("doing-{doing}-lead"))
    }

    /// A stage, as the type calls it.
    #[must_use]
    pub fn stage_in(&self, code: &TypeCode, stage: &Stage) -> String {
        self.word_in(code, &format!("stage-{}", stage.code()))
    }

    /// An act as something that was done, as the type calls it.
    #[must_use]
    pub fn act_in(&self, code: &TypeCode, act: &ActKind) -> String {
        self.word_in(code, &format!("act-{}", act.code()))
    }

    /// An act as something to do, as the type calls it.
    #[must_use]
    pub fn to_do_in(&self, code: &TypeCode, act: &ActKind) -> String {
        self.word_in(code, &format!("do-{}", act.code()))
    }

    /// What a clock waits for, as the type calls it.
    #[must_use]
    pub fn clock_kind_in(&self, code: &TypeCode, kind: &ClockKind) -> String {
        self.word_in(code, &format!("clock-{}", kind.code()))
    }

    /// The procedure of a type; that of a request where the type is not known.
    #[must_use]
    pub fn procedure_of(&self, code: &TypeCode) -> ProcedureKind {
        self.rule(code).map_or(ProcedureKind::Assistance, |rule| rule.procedure)
    }
}
