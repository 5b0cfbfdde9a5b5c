//! What a script's people do under their own law: answers to local questions, acts held back, fixed replies.
//!
//! Owns those cues and what a transcript may tell of them. Nothing of it is an act, and none of it reaches the other node.
//! Must not judge: the clerk does.

use domain::act::{ActKind, Person, Role};
use domain::case::Case;
use domain::ids::{CaseId, OfficeId};
use domain::local::{FixedReply, Held, LocalAnswer, Question};
use domain::menu::Menu as _;
use domain::safeguard::{self, Finding, Gate};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use store::Store;

use super::cue::{Cue, Played, own_lang, wrong};
use super::script::Script;
use crate::Env;
use crate::draft::Draft;
use crate::fault::{Failure, Fault};
use crate::party::Node;
use crate::reply::{ReplyGiven, ReplyOf, ReplyShown};

/// Under which name a script keeps its usual reasons to questions of own law: `[reasons."own-law asylum"]`.
const REASONS: &str = "own-law";

/// A question of our own law and its answer, as a script writes them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnLaw {
    /// Before which act.
    pub act: String,
    /// The question, by its name in the policy.
    pub question: String,
    /// What is found.
    pub finding: Finding,
    /// Why, in every language of the script; the house keeps its own.
    pub reason: Value,
}

/// What happened under our own law, for a transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AtHome {
    /// A question was answered.
    Answered {
        /// The question.
        question: Box<Question>,
        /// What was found and why.
        answer: LocalAnswer,
    },
    /// An act was tried and held back.
    Held {
        /// Which act.
        act: ActKind,
        /// Why.
        why: Held,
    },
    /// The fixed reply was given and waits for its instant.
    Waits {
        /// When it leaves.
        until: Timestamp,
    },
}

impl Cue {
    /// Answers one question of our own law as the script says.
    pub(super) fn answers_own_law(
        &self,
        script: &Script,
        node: &Node,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        case: Option<&CaseId>,
        asked: &OwnLaw,
    ) -> Result<Played, Failure> {
        let case = case.ok_or_else(|| wrong("the matter has no case yet"))?;
        let act = ActKind::from_code(&asked.act).ok_or_else(|| wrong(&format!("`{}` is no act", asked.act)))?;
        let question = node.policy().and_then(|policy| policy.question(&asked.question));
        let question = question.ok_or_else(|| wrong(&format!("no question `{}` here", asked.question)))?.clone();
        let performer = script.performer(&self.by)?;
        let role = question.roles.iter().find(|role| performer.roles.contains(role));
        let role = *role.ok_or_else(|| wrong(&format!("`{}` may not answer `{}`", self.by, question.id)))?;
        let by = Person { id: performer.id.clone(), name: performer.name.clone(), role };
        let reason = in_own_words(node, &asked.reason)?;
        let (finding, office) = (asked.finding, performer.office.clone());
        let answer = LocalAnswer { question: question.id.clone(), finding, reason, by, office, at: env.now };
        node.answer_local(store, env, case.as_str(), act, &answer)?;
        Ok(Played {
            case: Some(case.clone()),
            at_home: Some(AtHome::Answered { question: Box::new(question), answer }),
        })
    }

    /// Gives the fixed reply of a shielded case.
    pub(super) fn replies_fixed(
        &self,
        script: &Script,
        node: &Node,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        case: Option<&CaseId>,
    ) -> Result<Played, Failure> {
        let case = case.ok_or_else(|| wrong("the matter has no case yet"))?;
        let dossier = node.load(&*store.reader()?, case)?.ok_or_else(|| wrong("no such case"))?;
        self.own_law_of_case(script, node, store, env, &dossier.case, ActKind::Respond)?;
        let performer = script.performer(&self.by)?;
        let called = |role| Person { id: performer.id.clone(), name: performer.name.clone(), role };
        let office = performer.office.clone();
        let shown = |store: &dyn Store| -> Result<ReplyShown, Failure> {
            let shown = node.reply_shown(&*store.reader()?, env.now, case, &office)?;
            Ok(shown.ok_or(Held::NotShielded)?)
        };
        let first = shown(store)?;
        let colleague = script.someone(&office, &[Role::LegalReviewer], &[&performer.id]);
        let (who, role) = colleague.ok_or_else(|| wrong("nobody else here puts the fixed reply forward"))?;
        let lawyer = Person { id: who.id.clone(), name: who.name.clone(), role };
        let (theirs, own): (Vec<_>, Vec<_>) =
            first.open().partition(|(_, gate)| safeguard::answerers(*gate).contains(&role));
        let given = |by: &dyn Fn(Gate) -> Person, open: Vec<(ActKind, Gate)>| {
            let one = |(act, gate)| ReplyGiven { act, gate, by: by(gate), no: None };
            open.into_iter().map(one).collect::<Vec<_>>()
        };
        let of = ReplyOf { case: case.clone(), office: office.clone(), read: first.content };
        let theirs = given(&|_| lawyer.clone(), theirs);
        node.answer_reply(store, env, &of, Some(lawyer.clone()), theirs)?;
        let of = ReplyOf { read: shown(store)?.read, ..of };
        let own = given(&|_| called(Role::DecisionMaker), own);
        let until = node.confirm_reply(store, env, &of, called(Role::DecisionMaker), own)?;
        Ok(Played { case: Some(case.clone()), at_home: Some(AtHome::Waits { until }) })
    }

    /// Passes on what came of an act, or that our own law held it back where the script says that it must.
    pub(super) fn unless_held(
        &self,
        case: &CaseId,
        act: ActKind,
        played: Result<Played, Failure>,
    ) -> Result<Played, Failure> {
        match (&self.held, played) {
            (Some(code), Err(Failure::Held(why))) if why.code() == code => {
                Ok(Played { case: Some(case.clone()), at_home: Some(AtHome::Held { act, why }) })
            }
            (Some(code), Ok(_)) => {
                Err(wrong(&format!("the act went, and our own law should hold it: `{code}`")).into())
            }
            (_, played) => played,
        }
    }

    /// Answers, in the usual words, what our own law still asks before an act in a case.
    pub(super) fn own_law_of_case(
        &self,
        script: &Script,
        node: &Node,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        case: &Case,
        act: ActKind,
    ) -> Result<(), Failure> {
        let asked = node.local_questions(&*store.reader()?, case, act)?;
        let at_once = FixedReply::leaves_at_once(act);
        let open = asked.into_iter().filter(|one| one.answer.is_none()).map(|one| one.question);
        let office = case.side(node.me()).map(|side| case.office(side).clone());
        let office = office.ok_or_else(|| wrong("not our case"))?;
        for question in open.filter(|question| !(at_once && question.gate == Gate::AsylumShield)) {
            let answer = self.usual(script, node, env, &question, &office, &[])?;
            node.answer_local(store, env, case.id.as_str(), act, &answer)?;
        }
        Ok(())
    }

    /// The same before a draft is submitted: whoever wrote it answers nothing.
    pub(super) fn own_law_of_draft(
        &self,
        script: &Script,
        node: &Node,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        draft: &Draft,
    ) -> Result<(), Failure> {
        let asked = node.local_draft_questions(&*store.reader()?, &draft.id, &draft.request)?;
        for question in asked.into_iter().filter(|one| one.answer.is_none()).map(|one| one.question) {
            let answer = self.usual(script, node, env, &question, &draft.office, &[&draft.request.drafter.id])?;
            node.answer_local(store, env, &draft.id, ActKind::Submit, &answer)?;
        }
        Ok(())
    }

    /// A colleague's answer in the usual words: what is asked for is there.
    fn usual(
        &self,
        script: &Script,
        node: &Node,
        env: &Env<'_>,
        question: &Question,
        office: &OfficeId,
        but: &[&domain::ids::OfficerId],
    ) -> Result<LocalAnswer, Fault> {
        let found = script.someone(office, &question.roles, but);
        let (who, role) = found.ok_or_else(|| wrong(&format!("nobody of {office} may answer `{}`", question.id)))?;
        let own = self.reasons.get(&format!("{REASONS} {}", question.id)).cloned();
        let reason = in_own_words(node, &own.unwrap_or_else(|| script.reason(REASONS, &question.id)))?;
        let by = Person { id: who.id.clone(), name: who.name.clone(), role };
        let (finding, office) = (Finding::Satisfied, who.office.clone());
        Ok(LocalAnswer { question: question.id.clone(), finding, reason, by, office, at: env.now })
    }
}

/// A script's words in the language of the house: only its own officers read them.
fn in_own_words(node: &Node, words: &Value) -> Result<String, Fault> {
    let found = words.get(own_lang(node).as_str()).and_then(Value::as_str);
    Ok(found.ok_or_else(|| wrong("a reason under own law has no words in the language of the house"))?.to_owned())
}
