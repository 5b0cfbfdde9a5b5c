//! The closed catalogue of safeguards, and the judgement of their answers.
//!
//! Owns `Gate`, `GateAnswer` and the rule each shared gate enforces. A gate ends in a named person's signed answer,
//! never in a computed verdict: this module only refuses where that answer is absent or contradicts the record.
//! Must not know local law (policy packs) nor screens.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::act::{Act, ConditionKind, Deed, Person, Role};
use crate::case::Case;
use crate::content::{FieldValue, Penalty, Request};
use crate::ids::OfficeId;
use crate::instrument::{FieldKind, RequestType};
use crate::menu::Menu;
use crate::refusal::Refusal;
use crate::text::{Lang, Prose};

/// A safeguard (domain reference §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is named by its code and word; the instrument carries its text")]
pub enum Gate {
    #[serde(rename = "SG-1")]
    Competence,
    #[serde(rename = "SG-2")]
    DualCriminality,
    #[serde(rename = "SG-3")]
    DeathPenalty,
    #[serde(rename = "SG-4")]
    PoliticalOrMilitary,
    #[serde(rename = "SG-5")]
    Discrimination,
    #[serde(rename = "SG-6")]
    NeBisInIdem,
    #[serde(rename = "SG-7")]
    UseLimitation,
    #[serde(rename = "SG-8")]
    Rights,
    #[serde(rename = "SG-9")]
    AsylumShield,
    #[serde(rename = "SG-10")]
    ProtectionOfPersonalRecords,
    #[serde(rename = "SG-11")]
    Retention,
    #[serde(rename = "SG-12")]
    OnwardTransfer,
    #[serde(rename = "SG-13")]
    Confidentiality,
    #[serde(rename = "SG-14")]
    Territory,
    #[serde(rename = "SG-15")]
    Vulnerable,
    #[serde(rename = "SG-16")]
    HumanDecision,
    #[serde(rename = "SG-17")]
    NoFishing,
}

/// What the named person found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// The condition of the gate is met.
    Satisfied,
    /// The gate has no bearing here, for the reason given.
    NotEngaged,
    /// The condition is not met.
    NotSatisfied,
}

/// A named person's answer to one safeguard question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateAnswer {
    /// The question.
    pub gate: Gate,
    /// What was found.
    pub finding: Finding,
    /// Why: the necessity test, the comparison of conduct, the approval's reference; in every language of the instrument.
    pub reason: Prose,
    /// Who answers for it.
    pub by: Person,
    /// In which office.
    pub office: OfficeId,
    /// When.
    pub at: Timestamp,
}

/// The gates no instrument may bind: they belong to each Party's own law, and nothing of them may show (SG-9).
pub const LOCAL_ONLY: &[Gate] = &[Gate::AsylumShield];

/// Fewest characters of a finding on human rights: one that fits any person and place is none (SG-8).
pub const RIGHTS_REASON_CHARS_MIN: usize = 8;

/// Fewest characters of the reasons for an answer to a gate, in one language of them.
#[must_use]
pub fn reason_chars_min(gate: Gate) -> usize {
    if gate == Gate::Rights { RIGHTS_REASON_CHARS_MIN } else { 1 }
}

/// The roles whose answer to a gate counts.
#[must_use]
pub fn answerers(gate: Gate) -> &'static [Role] {
    match gate {
        Gate::DualCriminality | Gate::ProtectionOfPersonalRecords => &[Role::LegalReviewer],
        Gate::DeathPenalty
        | Gate::PoliticalOrMilitary
        | Gate::Discrimination
        | Gate::NeBisInIdem
        | Gate::Rights
        | Gate::Vulnerable => &[Role::LegalReviewer, Role::DecisionMaker],
        Gate::Confidentiality => &[Role::Intake, Role::LegalReviewer, Role::DecisionMaker],
        Gate::HumanDecision => &[Role::DecisionMaker],
        Gate::Competence
        | Gate::UseLimitation
        | Gate::AsylumShield
        | Gate::Retention
        | Gate::OnwardTransfer
        | Gate::Territory
        | Gate::NoFishing => &[Role::Approver, Role::DecisionMaker, Role::LegalReviewer],
    }
}

/// Judges every safeguard the type binds to this act: each must be answered, by one who may, with reasons, and not
/// against the record; and no answer is told that belongs to a side's own law. The same on the sender's node (`decide`) and the receiver's (`admit`).
///
/// # Errors
/// The first gate that does not open, as a [`Refusal`].
pub fn judge(
    case: Option<&Case>,
    request: &Request,
    rule: &RequestType,
    langs: &[Lang],
    act: &Act,
) -> Result<(), Refusal> {
    if let Some(told) = act.gates.iter().find(|answer| LOCAL_ONLY.contains(&answer.gate)) {
        return Err(Refusal::GateLocal { gate: told.gate });
    }
    for gate in rule.gates_for(&act.deed, request.sensitivity()) {
        let answer = act.gates.iter().find(|answer| answer.gate == gate);
        let answer = answer.ok_or(Refusal::GateUnanswered { gate })?;
        judge_answer(gate, answer, case, langs, act)?;
        judge_record(gate, answer, case, request, rule)?;
    }
    Ok(())
}

/// Whether an answer has reasons in every language of the instrument: both sides' auditors read it, and neither text is a
/// translation made afterwards by somebody who did not answer for it.
///
/// # Errors
/// [`Refusal::GateWithoutReason`] with the first language that has none; [`Refusal::GateReasonShort`].
pub fn reasoned(answer: &GateAnswer, langs: &[Lang]) -> Result<(), Refusal> {
    let (gate, min) = (answer.gate, reason_chars_min(answer.gate));
    let blank = |lang: &&Lang| answer.reason.texts.get(*lang).is_none_or(|words| words.trim().is_empty());
    match std::iter::once(&answer.reason.original).chain(langs).find(blank) {
        Some(lang) => Err(Refusal::GateWithoutReason { gate, lang: lang.clone() }),
        None if answer.reason.chars() < min => Err(Refusal::GateReasonShort { gate, min }),
        None => Ok(()),
    }
}

/// What any answer must have: a person who may answer, of an office that may, before the act, with reasons.
fn judge_answer(
    gate: Gate,
    answer: &GateAnswer,
    case: Option<&Case>,
    langs: &[Lang],
    act: &Act,
) -> Result<(), Refusal> {
    if answer.office.party() != act.by {
        return Err(Refusal::UnknownOffice { office: answer.office.clone() });
    }
    // The office that acts answers for its act; where another has the case and a court or a central authority acts in
    // it, the office that has it may too. A lawyer of any other house has not read the matter.
    let holder = case.and_then(|case| Some(case.office(case.side(&act.by)?)));
    if answer.office != act.office && holder != Some(&answer.office) {
        return Err(Refusal::GateOffice { gate, office: answer.office.clone() });
    }
    if !answerers(gate).contains(&answer.by.role) {
        return Err(Refusal::GateRole { gate, role: answer.by.role });
    }
    if answer.at > act.at {
        return Err(Refusal::ImpossibleTime);
    }
    reasoned(answer, langs)?;
    if answers_for_oneself(gate, answer, act) {
        return Err(Refusal::FourEyes);
    }
    match answer.finding {
        Finding::Satisfied | Finding::NotEngaged => Ok(()),
        Finding::NotSatisfied => Err(Refusal::GateClosed { gate }),
    }
}

/// Whether somebody judges their own words: a request's drafter, or the signatory of what a colleague wrote. That a
/// person decided, and no machine, only that person can say (SG-16).
fn answers_for_oneself(gate: Gate, answer: &GateAnswer, act: &Act) -> bool {
    let own = match &act.deed {
        Deed::Submit { request } => Some(&request.drafter.id),
        deed if deed.kind().is_prepared() && gate != Gate::HumanDecision => {
            act.author.officer().map(|signatory| &signatory.id)
        }
        _ => None,
    };
    own == Some(&answer.by.id)
}

/// What the record says against an answer. A gate may be called not engaged only where the record bears that out.
fn judge_record(
    gate: Gate,
    answer: &GateAnswer,
    case: Option<&Case>,
    request: &Request,
    rule: &RequestType,
) -> Result<(), Refusal> {
    let bare = || gate == Gate::DeathPenalty && death_possible(request, rule) && !assured(case);
    match answer.finding {
        Finding::NotEngaged if !may_be_idle(gate, request, rule) => Err(Refusal::GateContradicted { gate }),
        Finding::Satisfied if bare() => Err(Refusal::AssuranceLacking { gate }),
        Finding::NotEngaged | Finding::Satisfied | Finding::NotSatisfied => Ok(()),
    }
}

/// Whether the record lets a gate be called not engaged. Where the question is what a person found, somebody must find.
#[must_use]
pub fn may_be_idle(gate: Gate, request: &Request, rule: &RequestType) -> bool {
    if rule.engages(gate, request) {
        return false;
    }
    match gate {
        Gate::DeathPenalty => !death_possible(request, rule),
        Gate::ProtectionOfPersonalRecords => !request.personal_data,
        Gate::Confidentiality => request.confidentiality.is_none(),
        Gate::OnwardTransfer | Gate::Territory | Gate::Vulnerable | Gate::Retention => true,
        Gate::Competence
        | Gate::DualCriminality
        | Gate::PoliticalOrMilitary
        | Gate::Discrimination
        | Gate::NeBisInIdem
        | Gate::UseLimitation
        | Gate::Rights
        | Gate::AsylumShield
        | Gate::HumanDecision
        | Gate::NoFishing => false,
    }
}

/// Whether the heaviest penalty includes death, or is not known (SG-3 treats them alike). One the type asks for and the
/// request leaves out is not known.
#[must_use]
pub fn death_possible(request: &Request, rule: &RequestType) -> bool {
    let asked = rule.fields.iter().filter(|field| field.kind == FieldKind::Penalty);
    asked.into_iter().any(|field| match request.fields.get(&field.id) {
        Some(FieldValue::Penalty(Penalty::NoPrison | Penalty::YearsMax(_) | Penalty::Life)) => false,
        Some(_) | None => true,
    })
}

/// Whether an assurance against the death penalty was given in writing in this case and still stands.
#[must_use]
pub fn assured(case: Option<&Case>) -> bool {
    case.is_some_and(|case| {
        case.care.in_force().filter(|(_, undertaking)| undertaking.is_relied_on()).any(|(_, undertaking)| {
            undertaking.conditions.iter().any(|condition| condition.kind == ConditionKind::DeathPenaltyAssurance)
        })
    })
}

impl Menu for Gate {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Competence, "SG-1"),
        (Self::DualCriminality, "SG-2"),
        (Self::DeathPenalty, "SG-3"),
        (Self::PoliticalOrMilitary, "SG-4"),
        (Self::Discrimination, "SG-5"),
        (Self::NeBisInIdem, "SG-6"),
        (Self::UseLimitation, "SG-7"),
        (Self::Rights, "SG-8"),
        (Self::AsylumShield, "SG-9"),
        (Self::ProtectionOfPersonalRecords, "SG-10"),
        (Self::Retention, "SG-11"),
        (Self::OnwardTransfer, "SG-12"),
        (Self::Confidentiality, "SG-13"),
        (Self::Territory, "SG-14"),
        (Self::Vulnerable, "SG-15"),
        (Self::HumanDecision, "SG-16"),
        (Self::NoFishing, "SG-17"),
    ];
}

impl Menu for Finding {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Satisfied, "satisfied"), (Self::NotEngaged, "not-engaged"), (Self::NotSatisfied, "not-satisfied")];
}
