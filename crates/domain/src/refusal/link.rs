//! Why a case may not continue another.

use crate::ids::TypeCode;

/// What stands against the link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkBar {
    /// There is no such case, or this office has no tie to it.
    Unknown,
    /// The instrument does not take a case of that type further as one of this.
    NotContinuedAs {
        /// The earlier case's type.
        earlier: TypeCode,
        /// The type asked for.
        type_code: TypeCode,
    },
    /// An exercise and a live matter do not continue each other.
    ExerciseMixed,
}

impl LinkBar {
    /// The stable code.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown-earlier",
            Self::NotContinuedAs { .. } => "not-continued-as",
            Self::ExerciseMixed => "exercise-mixed",
        }
    }

    /// What the words are filled with.
    pub(super) fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NotContinuedAs { earlier, type_code } => {
                vec![("earlier", earlier.to_string()), ("type", type_code.to_string())]
            }
            Self::Unknown | Self::ExerciseMixed => Vec::new(),
        }
    }
}
