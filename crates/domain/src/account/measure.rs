//! What an instrument may ask to be counted: the closed menu of measures.
//!
//! Owns the menu. It must not know how anything is counted (`account`) or worded.

use serde::{Deserialize, Serialize};

use crate::act::ActKind;
use crate::clock::ClockKind;
use crate::ids::TypeCode;
use crate::menu::Menu;

/// One line of a clause's `measures`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// What is counted.
    pub of: Count,
    /// Among which request types.
    pub among: Among,
}

/// Among which request types something is counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Among {
    /// Those that carry the clause out; the file says nothing.
    Clause,
    /// Every type: `types = []`.
    All,
    /// These: `types = [...]`.
    Types(Vec<TypeCode>),
}

/// What is counted. A share always comes with its denominator; which one, each says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Count {
    /// Cases opened in the period.
    Raised,
    /// The same by area of cooperation.
    ByArea,
    /// Waits of the asked side that ended in time, of those that ended or ran out; one kind of wait, or all.
    OnTime {
        /// Which wait.
        wait: Option<ClockKind>,
    },
    /// How long a wait took, from its beginning to the act that ended it, pauses included.
    Time {
        /// Which wait.
        wait: ClockKind,
    },
    /// From first signature to the end of the case.
    TimeToClose,
    /// How cases ended.
    Outcomes,
    /// On which grounds cases were refused.
    Grounds,
    /// Rungs of the ladder reached, by level.
    Levels,
    /// Rungs that answered in their own time, of those that answered or whose time ran out.
    LevelsAnswered,
    /// Cases never returned as incomplete, of those received.
    CompleteAtFirst,
    /// Cases with an act of a kind, of those opened.
    WithAct {
        /// Which kind.
        act: ActKind,
    },
    /// Cases with a step of their type, of those opened.
    WithStep {
        /// Which step, by code.
        step: String,
    },
    /// Scores of usefulness given, 1 to 5.
    Usefulness,
    /// Cases that left a lesson, of those closed.
    Lessons,
    /// Matters that ended with a text both signed, of those ended.
    Settled,
    /// Progress reports both had signed in time, of those due.
    Cosigned {
        /// So many days after their last day.
        days: u16,
    },
    /// Cases open at the end of the period, of all ever opened.
    Active,
    /// Sums of property by movement and currency.
    Assets,
    /// Pairs of counterpart offices with an act between them at the end of the period, of all pairs.
    Pairs {
        /// In the last so many days.
        days: u16,
    },
    /// Whole days since the last case ended.
    SinceLast,
    /// Whole days since a step was last recorded: since a meeting was held.
    SinceStep {
        /// Which step, by code.
        step: String,
    },
    /// Items of an agenda with an outcome, of those tabled.
    Items,
    /// Cases on the agenda of a meeting, of those whose time ran out.
    Tabled,
    /// Things undertaken that were done in time, of those due: by the Party that undertook them.
    Tasks,
    /// Clauses with an office that answers for them, of all.
    Owned,
    /// Clauses of which something could be counted, of all.
    Live,
}

impl Measure {
    /// Whether a matter of this type is counted, for a clause that `of_clause` carry out.
    #[must_use]
    pub fn counts(&self, code: &TypeCode, of_clause: &[TypeCode]) -> bool {
        match &self.among {
            Among::Clause => of_clause.contains(code),
            Among::All => true,
            Among::Types(types) => types.contains(code),
        }
    }
}

impl Count {
    /// The stable code an instrument writes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::ByArea => "by-area",
            Self::OnTime { .. } => "on-time",
            Self::Time { .. } => "time",
            Self::TimeToClose => "time-to-close",
            Self::Outcomes => "outcomes",
            Self::Grounds => "grounds",
            Self::Levels => "levels",
            Self::LevelsAnswered => "levels-answered",
            Self::CompleteAtFirst => "complete-at-first",
            Self::WithAct { .. } => "with-act",
            Self::WithStep { .. } => "with-step",
            Self::Usefulness => "usefulness",
            Self::Lessons => "lessons",
            Self::Settled => "settled",
            Self::Cosigned { .. } => "cosigned",
            Self::Active => "active",
            Self::Assets => "assets",
            Self::Pairs { .. } => "pairs",
            Self::SinceLast => "since-last",
            Self::SinceStep { .. } => "since-step",
            Self::Items => "items",
            Self::Tabled => "tabled",
            Self::Tasks => "tasks",
            Self::Owned => "owned",
            Self::Live => "live",
        }
    }

    /// What it counts among, where its code alone does not say: a clock, an act, a step, days.
    #[must_use]
    pub fn parameter(&self) -> String {
        match self {
            Self::OnTime { wait } => wait.map_or_else(String::new, |wait| wait.code().to_owned()),
            Self::Time { wait } => wait.code().to_owned(),
            Self::WithAct { act } => act.code().to_owned(),
            Self::WithStep { step } | Self::SinceStep { step } => step.clone(),
            Self::Pairs { days } | Self::Cosigned { days } => days.to_string(),
            Self::Raised
            | Self::ByArea
            | Self::TimeToClose
            | Self::Outcomes
            | Self::Grounds
            | Self::Levels
            | Self::LevelsAnswered
            | Self::CompleteAtFirst
            | Self::Usefulness
            | Self::Lessons
            | Self::Settled
            | Self::Active
            | Self::Assets
            | Self::SinceLast
            | Self::Items
            | Self::Tabled
            | Self::Tasks
            | Self::Owned
            | Self::Live => String::new(),
        }
    }
}
