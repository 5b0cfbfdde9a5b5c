//! Why a step of a type's own procedure may not be recorded.
//!
//! Owns the reasons, their codes and the arguments of their words. Must not know when each holds (`judge::order`,
//! `case::steps`).

use crate::menu::Menu;
use crate::procedure::Stage;

/// What stands in the way of recording a step.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the arguments of the message with the variant's code")]
pub enum StepBar {
    /// The instrument names no such step for the type.
    Unknown,
    /// It follows another that does not stand yet.
    NotYet { after: String },
    /// It can no longer follow what was recorded.
    Barred { by: String },
    /// It was recorded before and is done once.
    Twice,
    /// It is of the other side, or of another office.
    NotYours,
    /// It is not open in this stage.
    NotNow { stage: Stage },
    /// It needs something said with it, or must not have it: its `item`, its `until`.
    Without { what: &'static str },
}

impl StepBar {
    /// The stable code of the refusal.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown-step",
            Self::NotYet { .. } => "step-not-yet",
            Self::Barred { .. } => "step-barred",
            Self::Twice => "step-twice",
            Self::NotYours => "step-not-yours",
            Self::NotNow { .. } => "step-not-now",
            Self::Without { .. } => "step-without",
        }
    }

    /// The arguments of its words, about the step of this code.
    #[must_use]
    pub fn args(&self, step: &str) -> Vec<(&'static str, String)> {
        let more = match self {
            Self::NotYet { after } => Some(("after", after.clone())),
            Self::Barred { by } => Some(("by", by.clone())),
            Self::NotNow { stage } => Some(("stage", stage.code().into())),
            Self::Without { what } => Some(("what", (*what).into())),
            Self::Unknown | Self::Twice | Self::NotYours => None,
        };
        std::iter::once(("step", step.to_owned())).chain(more).collect()
    }
}
