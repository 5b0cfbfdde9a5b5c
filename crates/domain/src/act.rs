//! The signed vocabulary: everything a Party can say to the other in a case.
//!
//! Owns `Act`, its `Deed`s and the closed menus an act draws from. A released act's bytes never change: golden
//! files keep them. Must not know what an act does to a case (`case`), nor whether it may be done (`decide`, `admit`).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{CaseId, Hash32, OfficeId, OfficerId, PartyId};
use crate::menu::Menu;
use crate::safeguard::GateAnswer;

mod deed;
mod ground;
mod kind;
mod matching;
mod said;

pub use deed::{
    About, ActRef, Condition, ConditionKind, ConsentKind, Deed, Extent, ItemRef, MissingItem, RecipientReport,
};
pub use ground::Ground;
pub use kind::ActKind;
pub use matching::{AuditFinding, Audited, MatchStep, MatchStepKind, commitment};

/// The version of this vocabulary, written in every act. A node refuses versions it does not know.
pub const VOCABULARY: u16 = 1;

/// One thing one Party said or did in one case, as signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// [`VOCABULARY`] of the author.
    pub version: u16,
    /// The instrument it stands under, by hash.
    pub instrument: Hash32,
    /// The case, named by the requesting Party.
    pub case: CaseId,
    /// The Party whose act it is.
    pub by: PartyId,
    /// 1 for the Party's first act in the case, then one more each time.
    pub seq: u64,
    /// How many of each other Party's acts in the case the author had before it: the act's place in causal order.
    pub seen: BTreeMap<PartyId, u64>,
    /// When the author's node received each of those acts it had not yet confirmed in an act of this case. The signed
    /// node receipt says the same sooner; this makes the case whole without it, so that both sides fold alike.
    pub receipts: Vec<Receipted>,
    /// When the author signed, by its own clock.
    pub at: Timestamp,
    /// The office that acts.
    pub office: OfficeId,
    /// Who acts for it.
    pub author: Author,
    /// The safeguard questions answered with it.
    pub gates: Vec<GateAnswer>,
    /// What is said or done.
    pub deed: Deed,
}

/// When an act of the other Party was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipted {
    /// The Party whose act it was.
    pub by: PartyId,
    /// Its number.
    pub seq: u64,
    /// When the confirming side's node received it.
    pub at: Timestamp,
}

/// Who entered an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Author {
    /// A named officer, in a role.
    Officer(Person),
    /// A named officer who signed what a colleague had written ([`ActKind::is_prepared`]).
    Signatory {
        /// Who signed.
        by: Person,
        /// Who wrote it.
        drafter: Person,
    },
    /// The Party's node by itself, because a clock ran out. A machine never decides about a person.
    Machine,
}

/// A named officer in a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The officer's id within the Party.
    pub id: OfficerId,
    /// The officer's name as they write it.
    pub name: String,
    /// The role they act in.
    pub role: Role,
}

/// What an officer may be in an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Writes requests and answers.
    Drafter,
    /// Signs what another drafted.
    Approver,
    /// Receives requests, gives them a reference and a named officer.
    Intake,
    /// Answers the legal safeguards.
    LegalReviewer,
    /// Accepts, refuses, offers conditions.
    DecisionMaker,
    /// Carries an accepted request out.
    Executing,
    /// Follows its own office's cases and talks to the counterpart.
    Liaison,
    /// Reads everything, changes nothing.
    Auditor,
}

/// How urgent a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Urgency {
    /// Imminent danger to life, or a live attack on an essential service.
    U0,
    /// Evidence or assets vanishing, a suspect about to leave.
    U1,
    /// A court, custody or limitation date.
    U2,
    /// Everything else.
    U3,
}

impl Author {
    /// The officer, when a person acted: the one who signed, where another wrote it.
    #[must_use]
    pub fn officer(&self) -> Option<&Person> {
        match self {
            Self::Officer(person) | Self::Signatory { by: person, .. } => Some(person),
            Self::Machine => None,
        }
    }

    /// Who wrote it, where that is another than who signed.
    #[must_use]
    pub fn drafter(&self) -> Option<&Person> {
        match self {
            Self::Signatory { drafter, .. } => Some(drafter),
            Self::Officer(_) | Self::Machine => None,
        }
    }
}

impl Menu for Role {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Drafter, "drafter"),
        (Self::Approver, "approver"),
        (Self::Intake, "intake"),
        (Self::LegalReviewer, "legal-reviewer"),
        (Self::DecisionMaker, "decision-maker"),
        (Self::Executing, "executing"),
        (Self::Liaison, "liaison"),
        (Self::Auditor, "auditor"),
    ];
}

impl Menu for Urgency {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::U0, "U0"), (Self::U1, "U1"), (Self::U2, "U2"), (Self::U3, "U3")];
}
