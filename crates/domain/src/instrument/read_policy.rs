//! Reading a Party's policy pack: its own law, from a file that never leaves its node.
//!
//! Owns the form of that file. It names, numbers and lists from closed menus, like the instrument it stands beside, and
//! is no part of it: it enters no hash and is sent to nobody. Must not know what the questions do (`local`).

use std::collections::BTreeSet;

use super::cursor::{Node, Report, Spot, Table};
use super::finding::{Finding, Severity, SourceFile};
use super::{Instrument, RequestType, load};
use crate::act::{ActKind, Role};
use crate::deadline::Span;
use crate::ids::{PartyId, TypeCode};
use crate::local::{FixedReply, Policy, Question, Shield};
use crate::menu::Menu;
use crate::procedure;
use crate::safeguard::Gate;

/// Most questions of one policy: an officer answers each by hand.
const QUESTIONS_MAX: usize = 64;

/// The sections of a policy file.
const SECTIONS: &[&str] = &["policy", "question", "shield"];

/// What came of reading a policy.
#[derive(Debug, Clone)]
pub struct LoadedPolicy {
    /// The policy, when nothing was wrong.
    pub policy: Option<Policy>,
    /// Everything found, in the order of lines.
    pub findings: Vec<Finding>,
}

impl LoadedPolicy {
    /// How many findings are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
    }
}

/// Whether a file is a policy and no part of an instrument: it has `[policy]`.
#[must_use]
pub fn is_policy(file: &SourceFile) -> bool {
    file.text.len() <= load::FILE_BYTES_MAX
        && file.text.lines().any(|line| line.trim_end() == "[policy]" || line.starts_with("[policy] "))
}

impl Policy {
    /// Reads a policy against the instrument it stands beside. Every finding is reported, not only the first.
    #[must_use]
    pub fn load(file: &SourceFile, instrument: &Instrument) -> LoadedPolicy {
        let files = std::slice::from_ref(file);
        let mut report = Report::new(files);
        let parsed = load::parse(files, &mut report);
        let policy = parsed.first().and_then(|(place, table)| {
            let mut root = Table::root(*place, table.get_ref());
            Walk { report: &mut report, instrument }.policy(&mut root)
        });
        let sound = report.errors() == 0;
        LoadedPolicy { policy: policy.filter(|_| sound), findings: report.into_findings() }
    }
}

struct Walk<'w, 'f> {
    report: &'w mut Report<'f>,
    instrument: &'w Instrument,
}

impl Walk<'_, '_> {
    fn policy(&mut self, root: &mut Table<'_>) -> Option<Policy> {
        for (name, node) in root.entries() {
            if !SECTIONS.contains(&name.as_str()) {
                self.report.unknown(node.spot(), "unknown-section", "section", &name, SECTIONS.iter().copied());
            }
        }
        let mut head = root.required(self.report, "policy")?.table(self.report)?;
        let parties: BTreeSet<String> = self.instrument.parties().keys().map(ToString::to_string).collect();
        let party = head
            .required(self.report, "party")
            .and_then(|node| node.one_of(self.report, "unknown-party", "party", Some(&parties)))
            .and_then(|name| PartyId::new(&name).ok());
        let title = head.required(self.report, "title");
        let title = title.and_then(|node| node.text(self.report, self.instrument.langs()));
        head.finish(self.report);
        let mut questions: Vec<Question> = Vec::new();
        let rows = root.optional("question").and_then(|node| node.list(self.report)).unwrap_or_default();
        for (place, row) in rows.iter().enumerate() {
            if place == QUESTIONS_MAX {
                let remedy = format!("keep the {QUESTIONS_MAX} that matter");
                self.report.error(row.spot(), "too-many", &[], "there are too many questions".to_owned(), remedy);
                break;
            }
            let Some(question) = self.question(row) else { continue };
            if questions.iter().any(|known| known.id == question.id) {
                self.twice(row.spot(), &question.id);
            } else {
                questions.push(question);
            }
        }
        let shield_at = root.optional("shield");
        let shield = shield_at.as_ref().and_then(|node| self.shield(node));
        if let (Some(shield), Some(node)) = (&shield, &shield_at) {
            self.asked(node.spot(), shield, &questions);
        }
        Some(Policy { party: party?, title: title?, questions, shield })
    }

    fn question(&mut self, row: &Node<'_>) -> Option<Question> {
        let mut table = row.table(self.report)?;
        let langs = self.instrument.langs();
        let id = table.required(self.report, "id").and_then(|node| node.line(self.report));
        if let Some(id) = id.as_ref().filter(|id| !is_name(id)) {
            let remedy = "write small letters, digits and hyphens";
            self.report.error(row.spot(), "bad-name", &[("got", id)], format!("`{id}` is not a name"), remedy);
        }
        let gate = table.required(self.report, "gate").and_then(|node| node.choice::<Gate>(self.report, "safeguard"));
        let ask = table.required(self.report, "ask").and_then(|node| node.text(self.report, langs));
        let basis = table.required(self.report, "basis").and_then(|node| node.text(self.report, langs));
        let at = table.required(self.report, "at");
        let at = at.map(|node| self.choices::<ActKind>(&node, "act")).unwrap_or_default();
        let types = table.optional("types").map(|node| self.types(&node)).unwrap_or_default();
        let roles = table.required(self.report, "roles");
        let roles = roles.map(|node| self.choices::<Role>(&node, "role")).unwrap_or_default();
        let only_personal = self.flag(&mut table, "only_personal");
        let only_person = self.flag(&mut table, "only_person");
        table.finish(self.report);
        Some(Question {
            id: id.filter(|id| is_name(id))?,
            gate: gate?,
            ask: ask?,
            basis: basis?,
            at,
            types,
            roles,
            only_personal,
            only_person,
        })
    }

    fn shield(&mut self, node: &Node<'_>) -> Option<Shield> {
        let mut table = node.table(self.report)?;
        let after_at = table.required(self.report, "after");
        let after = after_at.as_ref().and_then(|node| node.span(self.report, false));
        if let (Some(Span::Hours(_) | Span::NeededBy), Some(node)) = (after, &after_at) {
            let message = "a release counts in days".to_owned();
            self.report.error(
                node.spot(),
                "bad-span",
                &[],
                message,
                "write working days as `5 wd`, calendar days as `7 cd`",
            );
        }
        let release = table.required(self.report, "release").and_then(|node| node.time(self.report));
        let rows = table.required(self.report, "reply").and_then(|node| node.list(self.report)).unwrap_or_default();
        let mut replies: Vec<FixedReply> = Vec::new();
        for row in &rows {
            let Some(reply) = self.reply(row) else { continue };
            match reply.types.iter().find(|code| replies.iter().any(|known| known.types.contains(code))) {
                Some(code) => self.twice(row.spot(), code.as_str()),
                None => replies.push(reply),
            }
        }
        table.finish(self.report);
        Some(Shield { after: after?, release: release?, replies })
    }

    fn reply(&mut self, row: &Node<'_>) -> Option<FixedReply> {
        let mut table = row.table(self.report)?;
        let langs = self.instrument.langs();
        let types = table.required(self.report, "types").map(|node| self.types(&node)).unwrap_or_default();
        let instrument = self.instrument;
        let rules: Vec<&RequestType> = types.iter().filter_map(|code| instrument.request_type(code)).collect();
        let steps: BTreeSet<String> =
            rules.iter().flat_map(|rule| rule.steps.iter().map(|step| step.code.clone())).collect();
        let step = table.optional("step");
        let step = step.and_then(|node| node.one_of(self.report, "unknown-step", "step", Some(&steps)));
        let mut never = Vec::new();
        for item in table.optional("never").and_then(|node| node.list(self.report)).unwrap_or_default() {
            never.extend(item.one_of(self.report, "unknown-step", "step", Some(&steps)));
        }
        let ground_at = table.optional("ground");
        let ground = ground_at.as_ref().and_then(|node| node.choice(self.report, "ground"));
        let words = table.required(self.report, "words").and_then(|node| node.text(self.report, langs));
        let reasons = table.required(self.report, "reasons").and_then(|node| node.text(self.report, langs));
        table.finish(self.report);
        for rule in rules {
            let act = if ground.is_some() { ActKind::Refuse } else { ActKind::Respond };
            let admitted = ground.is_none_or(|ground| rule.admits(ground));
            if !procedure::has(rule.procedure, act) || !admitted {
                let code = rule.code.to_string();
                let message = format!("`{code}` cannot be answered in this form");
                let remedy = "name a ground the type admits, or leave `ground` out where the type has an answer";
                self.report.error(row.spot(), "reply-not-open", &[("type", &code)], message, remedy);
            }
        }
        Some(FixedReply { types, step, never, ground, words: words?, reasons: reasons? })
    }

    /// Whoever answers in the fixed form must first be asked whether the person is protected.
    fn asked(&mut self, spot: &Spot, shield: &Shield, questions: &[Question]) {
        for code in shield.replies.iter().flat_map(|reply| &reply.types) {
            let of = |one: &Question| one.types.is_empty() || one.types.contains(code);
            if !questions.iter().any(|one| one.gate == Gate::AsylumShield && of(one)) {
                let message = format!("no question of {} covers `{code}`", Gate::AsylumShield.code());
                let remedy = "add a [[question]] of that safeguard for it";
                self.report.error(spot, "shield-unasked", &[("type", code.as_str())], message, remedy);
            }
        }
    }

    fn types(&mut self, node: &Node<'_>) -> Vec<TypeCode> {
        let known: BTreeSet<String> = self.instrument.types().keys().map(ToString::to_string).collect();
        let mut types = Vec::new();
        for item in node.list(self.report).unwrap_or_default() {
            let name = item.one_of(self.report, "unknown-type", "request type", Some(&known));
            types.extend(name.and_then(|name| TypeCode::new(&name).ok()));
        }
        if types.is_empty() {
            self.report.error(
                node.spot(),
                "empty-list",
                &[],
                "no type is named".to_owned(),
                "name one, or leave the key out",
            );
        }
        types
    }

    fn choices<M: Menu>(&mut self, node: &Node<'_>, kind: &str) -> Vec<M> {
        let items = node.list(self.report).unwrap_or_default();
        let found: Vec<M> = items.iter().filter_map(|item| item.choice::<M>(self.report, kind)).collect();
        if items.is_empty() {
            self.report.error(
                node.spot(),
                "empty-list",
                &[],
                format!("no {kind} is named"),
                format!("name the {kind}s"),
            );
        }
        found
    }

    fn flag(&mut self, table: &mut Table<'_>, name: &'static str) -> bool {
        table.optional(name).and_then(|node| node.yes(self.report)).unwrap_or(false)
    }

    fn twice(&mut self, spot: &Spot, name: &str) {
        let message = format!("`{name}` stands here twice");
        self.report.error(spot, "duplicate", &[("name", name)], message, "keep one of them");
    }
}

/// A name that can stand in an address and a key.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 48
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
