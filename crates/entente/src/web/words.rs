//! Names and words of the house's nouns in the page's language: offices, roles, stages, acts, refusals.
//!
//! Owns the keys: a closed menu's word is `menu-code`, where the menu is named as below. What the instrument words
//! (roles, urgencies, grounds, safeguards, steps) comes from the instrument. Must not know any one page.

use domain::act::{ActKind, ConditionKind, Extent, Ground, Role, Urgency};
use domain::clock::ClockKind;
use domain::content::{Lack, Missing};
use domain::deadline::Span;
use domain::handling::{Classification, Tlp};
use domain::ids::{OfficeId, PartyId, TypeCode};
use domain::instrument::{Clause, GateText, Office, Party, ProcedureKind, RequestType};
use domain::menu::Menu;
use domain::procedure::Stage;
use domain::refusal::Refusal;
use domain::safeguard::{Finding, Gate};
use node::Failure;

use super::page::Page;

/// Parts of a request that every type has, by the name the completeness check gives them.
pub const HEADER_PARTS: &[&str] = &[
    "title",
    "legal_basis",
    "purpose",
    "urgency_reason",
    "needed_by",
    "confidentiality",
    "contact",
    "attachments",
    "linked",
    "fields",
];

/// What a refusal may call empty or too long.
pub const WHATS: &[&str] = &[
    "text",
    "items",
    "item",
    "conditions",
    "condition",
    "considered",
    "reason",
    "reference",
    "contact",
    "officer",
    "gate",
    "gates",
    "receipts",
    "attachments",
    "attachment",
    "name",
    "note",
    "drafts",
    "fields",
    "until",
    "assets",
];

impl Page {
    /// A stage.
    #[must_use]
    pub fn stage(&self, stage: &Stage) -> String {
        self.t(&format!("stage-{}", stage.code()))
    }

    /// An act, as something that was done: `Acknowledged`.
    #[must_use]
    pub fn act(&self, act: &ActKind) -> String {
        self.t(&format!("act-{}", act.code()))
    }

    /// An act, as something to do: `Acknowledge receipt`.
    #[must_use]
    pub fn to_do(&self, act: &ActKind) -> String {
        self.t(&format!("do-{}", act.code()))
    }

    /// What a clock waits for.
    #[must_use]
    pub fn clock_kind(&self, kind: &ClockKind) -> String {
        self.t(&format!("clock-{}", kind.code()))
    }

    /// What somebody found at a safeguard.
    #[must_use]
    pub fn finding(&self, finding: &Finding) -> String {
        self.t(&format!("finding-{}", finding.code()))
    }

    /// How far an answer goes.
    #[must_use]
    pub fn extent(&self, extent: &Extent) -> String {
        self.t(&format!("extent-{}", extent.code()))
    }

    /// A kind of condition.
    #[must_use]
    pub fn condition(&self, kind: &ConditionKind) -> String {
        self.t(&format!("condition-{}", kind.code()))
    }

    /// A procedure.
    #[must_use]
    pub fn procedure(&self, kind: &ProcedureKind) -> String {
        self.t(&format!("procedure-{}", kind.code()))
    }

    /// What a marking amounts to.
    #[must_use]
    pub fn classification(&self, level: &Classification) -> String {
        self.t(&format!("classification-{}", level.code()))
    }

    /// A sharing mark: the same letters in every language.
    #[must_use]
    pub fn tlp(&self, mark: &Tlp) -> &'static str {
        mark.code()
    }

    /// A role, in the instrument's words.
    #[must_use]
    pub fn role(&self, role: &Role) -> String {
        self.instrument().roles().get(role).map_or_else(|| role.code().to_owned(), |text| self.text(text))
    }

    /// Several roles, any of which will do.
    #[must_use]
    pub fn roles(&self, roles: &[Role]) -> String {
        roles.iter().map(|role| self.role(role)).collect::<Vec<_>>().join(&self.t("list-or"))
    }

    /// The names of the roles one person has.
    #[must_use]
    pub fn posts(&self, roles: &[Role]) -> String {
        roles.iter().map(|role| self.role(role)).collect::<Vec<_>>().join(" · ")
    }

    /// An urgency with its code.
    #[must_use]
    pub fn urgency(&self, urgency: &Urgency) -> String {
        let name = self.instrument().urgencies().get(urgency).map(|words| self.text(&words.name)).unwrap_or_default();
        format!("{} {name}", urgency.code())
    }

    /// An urgency by its code.
    #[must_use]
    pub fn urgency_code(&self, code: &str) -> String {
        Urgency::from_code(code).map_or_else(|| code.to_owned(), |urgency| self.urgency(&urgency))
    }

    /// A ground of refusal with its code.
    #[must_use]
    pub fn ground(&self, ground: &Ground) -> String {
        let name = self.instrument().grounds().get(ground).map(|words| self.text(&words.name)).unwrap_or_default();
        format!("{} {name}", ground.code())
    }

    /// A safeguard's title with its code.
    #[must_use]
    pub fn gate(&self, gate: &Gate) -> String {
        let title = self.gate_text(gate).map(|words| self.text(&words.title)).unwrap_or_default();
        format!("{} {title}", gate.code())
    }

    /// A safeguard's words.
    #[must_use]
    pub fn gate_text(&self, gate: &Gate) -> Option<&GateText> {
        self.instrument().gates().get(gate)
    }

    /// A Party's row: in the page's instrument, else in any other of the node that names it.
    fn party_row(&self, id: &PartyId) -> Option<&Party> {
        let others = || self.node().instruments().iter().rev().find_map(|version| version.instrument.party(id));
        self.instrument().party(id).or_else(others)
    }

    /// An office's row, found the same way.
    fn office_row(&self, id: &OfficeId) -> Option<&Office> {
        let others = || self.node().instruments().iter().rev().find_map(|version| version.instrument.office(id));
        self.instrument().office(id).or_else(others)
    }

    /// A Party's short name.
    #[must_use]
    pub fn party(&self, id: &PartyId) -> String {
        self.party_row(id).map_or_else(|| id.to_string(), |party| self.text(&party.short))
    }

    /// A Party's full name.
    #[must_use]
    pub fn party_name(&self, id: &PartyId) -> String {
        self.party_row(id).map_or_else(|| id.to_string(), |party| self.text(&party.name))
    }

    /// A Party's capital.
    #[must_use]
    pub fn capital(&self, id: &PartyId) -> String {
        self.party_row(id).map_or_else(|| id.to_string(), |party| self.text(&party.capital))
    }

    /// The class of a Party's colour.
    #[must_use]
    pub fn side(&self, id: &PartyId) -> String {
        self.party_row(id).map_or_else(String::new, |party| format!("side-{}", party.order))
    }

    /// An office's short name.
    #[must_use]
    pub fn office(&self, id: &OfficeId) -> String {
        self.office_row(id).map_or_else(|| id.to_string(), |office| self.text(&office.short))
    }

    /// An office's full name.
    #[must_use]
    pub fn office_name(&self, id: &OfficeId) -> String {
        self.office_row(id).map_or_else(|| id.to_string(), |office| self.text(&office.name))
    }

    /// A request type.
    #[must_use]
    pub fn rule(&self, code: &TypeCode) -> Option<&RequestType> {
        self.instrument().request_type(code).or_else(|| self.node().type_known(code))
    }

    /// A request type's name.
    #[must_use]
    pub fn type_name(&self, code: &TypeCode) -> String {
        self.rule(code).map_or_else(|| code.to_string(), |rule| self.text(&rule.name))
    }

    /// The clauses a type carries out.
    #[must_use]
    pub fn clauses_of(&self, code: &TypeCode) -> Vec<&Clause> {
        let ids = self.rule(code).map(|rule| rule.clauses.as_slice()).unwrap_or_default();
        ids.iter().filter_map(|id| self.instrument().clause(id)).collect()
    }

    /// A span of time: `10 working days`.
    #[must_use]
    pub fn span(&self, span: &Span) -> String {
        match span {
            Span::WorkingDays(0) | Span::CalendarDays(0) | Span::Hours(0) => self.t("span-zero"),
            Span::WorkingDays(days) => self.t1("span-wd", "n", days),
            Span::CalendarDays(days) => self.t1("span-cd", "n", days),
            Span::Hours(hours) => self.t1("span-h", "n", hours),
            Span::NeededBy => self.t("span-needed-by"),
        }
    }

    /// Why an act was not done, with the remedy. Codes among the arguments are said in words.
    #[must_use]
    pub fn refusal(&self, refusal: &Refusal) -> String {
        self.refusal_of(None, refusal)
    }

    /// The same for a matter of a known type, whose parts and steps are called by their own labels.
    #[must_use]
    pub fn refusal_of(&self, rule: Option<&RequestType>, refusal: &Refusal) -> String {
        let args: Vec<(&'static str, String)> = match refusal {
            Refusal::Incomplete { missing } => {
                let mut parts: Vec<String> = missing.iter().map(|lack| self.part_of(rule, &lack.field)).collect();
                parts.dedup();
                vec![("fields", parts.join(&self.t("list-and")))]
            }
            Refusal::StepsOutstanding { steps } => {
                let steps: Vec<String> = steps.iter().map(|step| self.step_of(rule, step)).collect();
                vec![("steps", steps.join(&self.t("list-and")))]
            }
            other => other.args().into_iter().map(|(name, value)| (name, self.argument(rule, name, &value))).collect(),
        };
        let borrowed: Vec<(&'static str, &dyn std::fmt::Display)> =
            args.iter().map(|(name, value)| (*name, value as &dyn std::fmt::Display)).collect();
        self.tongue.with(&format!("refusal-{}", refusal.code()), &borrowed)
    }

    /// Why something in a matter of a known type was not done.
    #[must_use]
    pub fn failure_of(&self, rule: Option<&RequestType>, failure: &Failure) -> String {
        match failure {
            Failure::Refused(refusal) => self.refusal_of(rule, refusal),
            Failure::Held(_) | Failure::Misbehaved(_) | Failure::Fault(_) => self.failure(failure),
        }
    }

    /// Why something was not done, by blame. A fault of our own is told to the operator and said in general words here.
    #[must_use]
    pub fn failure(&self, failure: &Failure) -> String {
        match failure {
            Failure::Refused(refusal) => self.refusal(refusal),
            Failure::Held(held) => self.held(held),
            Failure::Misbehaved(lie) => self.t(&format!("misbehaved-{}", lie.code())),
            Failure::Fault(fault) => {
                tracing::error!(%fault, "an act could not be entered");
                self.t("failure-fault")
            }
        }
    }

    /// What is missing from a request, with the name of the part.
    #[must_use]
    pub fn lack(&self, code: &TypeCode, missing: &Missing) -> String {
        let part = self.part(code, &missing.field);
        match &missing.what {
            Lack::TooLong(max) => self.t2("lack-too-long", "part", part, "max", max),
            Lack::Translation(lang) => self.t2("lack-translation", "part", part, "lang", self.language(lang.as_str())),
            Lack::Barred(bar) => {
                let (part, bar, mark): (&dyn std::fmt::Display, _, _) = (&part, bar.code(), bar.mark());
                self.tongue.with("lack-barred", &[("part", part), ("bar", &bar), ("mark", &mark)])
            }
            Lack::Empty
            | Lack::WrongKind
            | Lack::Backwards
            | Lack::Passed
            | Lack::Blank
            | Lack::Asked
            | Lack::Unknown => self.t1(&format!("lack-{}", missing.what.code()), "part", part),
        }
    }

    /// The name of a part of a request: a field's label, or the words of a part every type has.
    #[must_use]
    pub fn part(&self, code: &TypeCode, field: &str) -> String {
        self.part_of(self.rule(code), field)
    }

    /// The same; where the type is not known, as the first type that has such a field calls it.
    pub(super) fn part_of(&self, rule: Option<&RequestType>, field: &str) -> String {
        let others = || self.instrument().types().values().find_map(|rule| rule.field(field));
        match rule.and_then(|rule| rule.field(field)) {
            Some(known) => self.text(&known.label),
            None if HEADER_PARTS.contains(&field) => self.t(&format!("part-{field}")),
            None => others().map_or_else(|| field.to_owned(), |known| self.text(&known.label)),
        }
    }

    /// A step's name, found the same way.
    fn step_of(&self, rule: Option<&RequestType>, code: &str) -> String {
        let others = || self.instrument().types().values().find_map(|rule| rule.step(code));
        let step = rule.and_then(|rule| rule.step(code)).or_else(others);
        step.map_or_else(|| code.to_owned(), |step| self.text(&step.name))
    }

    /// What a language of the instrument is called on this page.
    #[must_use]
    pub fn language(&self, code: &str) -> String {
        let tongue = crate::i18n::Tongue::from_code(code);
        tongue.map_or_else(|| code.to_owned(), |tongue| self.t(&format!("language-{}", tongue.code())))
    }

    /// An argument of a refusal, in words where it is a code of ours.
    fn argument(&self, rule: Option<&RequestType>, name: &str, value: &str) -> String {
        let said = match name {
            "act" => ActKind::from_code(value).map(|act| match rule {
                Some(rule) => self.to_do_in(&rule.code, &act),
                None => self.to_do(&act),
            }),
            "stage" => Stage::from_code(value).map(|stage| match rule {
                Some(rule) => self.stage_in(&rule.code, &stage),
                None => self.stage(&stage),
            }),
            "step" | "after" | "by" => Some(self.step_of(rule, value)),
            "role" => Role::from_code(value).map(|role| self.role(&role)),
            "roles" => Some(self.roles(&value.split(", ").filter_map(Role::from_code).collect::<Vec<_>>())),
            "gate" => Gate::from_code(value).map(|gate| self.gate(&gate)),
            "ground" => Ground::from_code(value).map(|ground| self.ground(&ground)),
            "urgency" => Urgency::from_code(value).map(|urgency| self.urgency(&urgency)),
            "office" => OfficeId::new(value).ok().map(|office| self.office_name(&office)),
            "party" => PartyId::new(value).ok().map(|party| self.party(&party)),
            "type" => TypeCode::new(value).ok().map(|code| self.type_name(&code)),
            "lang" => Some(self.language(value)),
            "why" => Some(self.t(&format!("unfit-{value}"))),
            "what" if WHATS.contains(&value) => Some(self.t(&format!("what-{value}"))),
            _ => None,
        };
        said.unwrap_or_else(|| value.to_owned())
    }
}
