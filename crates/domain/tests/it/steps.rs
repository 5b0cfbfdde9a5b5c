//! No step of any type is dead: whichever Party is asked, there is a legal order of acts in which each is recorded.
//!
//! The search walks stages and steps by the tables and the rules of order alone; who signs what is tried elsewhere.

use std::collections::{BTreeSet, VecDeque};

use domain::act::ActKind;
use domain::case::{StepTaken, Steps, applies, objects};
use domain::content::{FieldValue, Request};
use domain::ids::{OfficeId, PartyId};
use domain::instrument::{RequestType, Step};
use domain::procedure::{self, Side, Stage, To};
use domain::rehearsal::Rehearsal;
use jiff::Timestamp;

use crate::matter::shipped;

/// A step and the item it was recorded for.
type Taken = (String, Option<String>);

/// One type asked of one Party, with a request that has every field.
struct Walk<'r> {
    rule: &'r RequestType,
    asked: PartyId,
    office: OfficeId,
    request: Request,
}

#[test]
fn every_step_can_be_reached_whichever_party_is_asked() {
    let parties: Vec<PartyId> = shipped().parties().keys().cloned().collect();
    for rule in shipped().types().values() {
        for (asked, asks) in [(&parties[0], &parties[1]), (&parties[1], &parties[0])] {
            let walk = Walk::new(rule, asks, asked);
            let wanted: BTreeSet<Taken> =
                rule.steps.iter().filter(|step| applies(step, asked)).flat_map(|step| walk.ways(step)).collect();
            let missed: Vec<_> = wanted.difference(&walk.reached(&wanted)).cloned().collect();
            assert!(missed.is_empty(), "{} asked of {asked}: {missed:?}", rule.code);
        }
    }
}

/// A step that belongs to one Party's law is no step of a case asked of the other.
#[test]
fn the_stages_of_one_law_do_not_show_in_a_case_under_the_other() {
    fn check(asked: &str, present: &[&str], absent: &[&str]) {
        let rule = shipped().types().values().find(|rule| rule.code.as_str() == "EXT").unwrap();
        let asked = PartyId::new(asked).unwrap();
        let here: Vec<&str> =
            rule.steps.iter().filter(|step| applies(step, &asked)).map(|step| step.code.as_str()).collect();
        assert!(present.iter().all(|code| here.contains(code)), "{here:?}");
        assert!(!absent.iter().any(|code| here.contains(code)), "{here:?}");
    }
    check("CN", &["EXAMINED", "HIGH_COURT", "JUDICIAL", "EXECUTIVE"], &["CERTIFIED"]);
    check("GB", &["CERTIFIED", "JUDICIAL", "EXECUTIVE"], &["EXAMINED", "HIGH_COURT"]);
}

/// Nobody is surrendered, transferred or paid before what must come first; and what ends a matter bars the rest.
#[test]
fn steps_keep_the_order_that_protects_people() {
    fn check(code: &str, asked: &str, taken: &[&str], next: &str, allowed: bool) {
        let rule = shipped().types().values().find(|rule| rule.code.as_str() == code).unwrap();
        let parties: Vec<&PartyId> = shipped().parties().keys().collect();
        let asked = parties.iter().find(|party| party.as_str() == asked).unwrap();
        let asks = parties.iter().find(|party| *party != asked).unwrap();
        let walk = Walk::new(rule, asks, asked);
        let taken: BTreeSet<Taken> = taken.iter().map(|code| ((*code).to_owned(), None)).collect();
        let judged = walk.steps(&taken).judge(rule, &walk.asked, &walk.request, (next, None));
        assert_eq!(judged.is_ok(), allowed, "{code} asked of {asked}: {next} after {taken:?}: {judged:?}");
    }
    let court = ["EXPLORATORY", "ARRANGEMENT_SIGNED", "CERTIFIED", "JUDICIAL"];
    check("EXT", "GB", &court[..3], "EXECUTIVE", false);
    check("EXT", "GB", &court, "EXECUTIVE", true);
    check("EXT", "GB", &court, "SCHEDULED", false);
    check("EXT", "GB", &["SCHEDULED", "JUDICIAL"], "SURRENDERED", false);
    check("EXT", "GB", &["SCHEDULED", "EXECUTIVE"], "SURRENDERED", false);
    check("EXT", "GB", &["SCHEDULED", "EXECUTIVE", "JUDICIAL"], "SURRENDERED", true);
    check("EXT", "GB", &["SCHEDULED", "EXECUTIVE", "JUDICIAL", "DISCHARGED"], "SURRENDERED", false);
    check("EXT", "CN", &["EXAMINED"], "JUDICIAL", false);
    check("EXT", "CN", &["EXAMINED", "HIGH_COURT"], "JUDICIAL", true);
    check("EXT", "CN", &["EXAMINED"], "CERTIFIED", false);
    check("MLA-PERS", "GB", &["CONSENT_AUTHORITY"], "AGREEMENT_SIGNED", false);
    check("MLA-PERS", "GB", &["CONSENT_AUTHORITY", "CONSENT_PERSON"], "AGREEMENT_SIGNED", true);
    let agreed = ["CONSENT_AUTHORITY", "CONSENT_PERSON", "AGREEMENT_SIGNED", "CONSENT_WITHDRAWN"];
    check("MLA-PERS", "GB", &agreed[..3], "TRANSFERRED", true);
    check("MLA-PERS", "GB", &agreed, "TRANSFERRED", false);
    check("MLA-PERS", "GB", &["CONSENT_PERSON", "TRANSFERRED"], "CONSENT_WITHDRAWN", false);
    check("MLA-EVD", "CN", &[], "HELD", false);
    check("MLA-EVD", "CN", &["NO_WITNESS"], "HELD", true);
    check("MLA-EVD", "CN", &["WITNESS_CONSENT"], "HELD", true);
    check("MLA-RSTR", "CN", &["RESTRAINED", "RELEASED"], "EXTENDED", false);
    check("MLA-RSTR", "CN", &["RESTRAINED", "RELEASED"], "EXPIRED", false);
    check("MLA-RTN", "CN", &[], "RECEIVED", false);
    check("IDV", "CN", &["MATCH_CANDIDATE"], "VERIFIED", false);
    check("IDV", "CN", &["INTERVIEW"], "VERIFIED", true);
    check("IDV", "CN", &["INTERVIEW", "NOT_NATIONAL"], "VERIFIED", false);
    check("IDV", "CN", &["INTERVIEW", "NOT_NATIONAL"], "DOCUMENT_ISSUED", false);
    check("IDV", "CN", &["RETURNED"], "TAKE_BACK", false);
    check("DES", "GB", &["IDENTITY_QUERIED", "MISTAKEN_IDENTITY"], "FROZEN", false);
    check("DES", "GB", &[], "MISTAKEN_IDENTITY", false);
    check("ICR", "GB", &[], "REFERRED", false);
    check("JIT", "GB", &[], "ACT_ON_SOIL", false);
}

/// A full answer says of each item what became of it, and of what was asked that it was done; steps nobody asked for hold
/// nothing up.
#[test]
fn a_full_answer_lacks_what_was_asked_and_not_recorded() {
    fn check(code: &str, ask: &str, taken: &[(&str, Option<&str>)], lacks: &[&str]) {
        let rule = shipped().types().values().find(|rule| rule.code.as_str() == code).unwrap();
        let parties: Vec<&PartyId> = shipped().parties().keys().collect();
        let mut walk = Walk::new(rule, parties[0], parties[1]);
        walk.request.fields.insert("ask".to_owned(), FieldValue::Choice(ask.to_owned()));
        if code == "ICR" {
            let items = ["here", "there"].map(str::to_owned).to_vec();
            walk.request.fields.insert("locations".to_owned(), FieldValue::Items(items));
            walk.request.fields.insert("hashes".to_owned(), FieldValue::Items(Vec::new()));
        }
        let taken = taken.iter().map(|(code, item)| ((*code).to_owned(), item.map(str::to_owned))).collect();
        let lacking = walk.steps(&taken).lacking(rule, &walk.asked, &walk.request, ActKind::Respond);
        assert_eq!(lacking, lacks, "{code} {ask} after {taken:?}");
    }
    check("CY-INC", "information", &[], &[]);
    check("CY-INC", "block", &[], &["BLOCKED"]);
    check("CY-INC", "block", &[("PRESERVED", None)], &["BLOCKED"]);
    check("CY-INC", "block", &[("BLOCKED", None)], &[]);
    check("CY-INC", "preserve", &[], &["PRESERVED"]);
    check("CY-INC", "notify-victim", &[], &["VICTIM_WARNED"]);
    check("CY-INC", "trace", &[], &["TRACED"]);
    check("ICR", "remove", &[("REFERRED", None)], &["REMOVED"]);
    check("ICR", "remove", &[("REFERRED", None), ("REMOVED", Some("here"))], &["REMOVED"]);
    check("ICR", "remove", &[("REFERRED", None), ("REMOVED", Some("here")), ("LAWFUL_HERE", Some("there"))], &[]);
}

impl<'r> Walk<'r> {
    fn new(rule: &'r RequestType, asks: &PartyId, asked: &PartyId) -> Self {
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        // The first choice each time fills every field.
        let mut first = |_: usize| 0;
        let mut rehearsal = Rehearsal::new(shipped(), &mut first);
        let (from, to) = rehearsal.offices(rule, asks, asked).unwrap();
        let request = rehearsal.request(rule, &from, &to, now);
        Self { rule, asked: asked.clone(), office: to, request }
    }

    fn ways(&self, step: &Step) -> Vec<Taken> {
        let code = || step.code.clone();
        objects(&self.request, step).into_iter().map(|item| (code(), item)).collect()
    }

    fn steps(&self, taken: &BTreeSet<Taken>) -> Steps {
        let one = |(code, item): &Taken| StepTaken {
            code: code.clone(),
            note: self.request.title.clone(),
            item: item.clone(),
            until: None,
            by: Side::Requested,
            office: self.office.clone(),
            at: Timestamp::UNIX_EPOCH,
            void: false,
        };
        Steps(taken.iter().map(one).collect())
    }

    /// Every step recorded in some legal order, until all that are wanted were.
    fn reached(&self, wanted: &BTreeSet<Taken>) -> BTreeSet<Taken> {
        let mut reached = BTreeSet::new();
        let mut known = BTreeSet::new();
        let mut open = VecDeque::from([(Stage::Draft, BTreeSet::new())]);
        while let Some((stage, taken)) = open.pop_front().filter(|_| !reached.is_superset(wanted)) {
            if !known.insert((stage, taken.clone())) {
                continue;
            }
            let steps = self.steps(&taken);
            for step in self.rule.steps.iter().filter(|step| step.at.contains(&stage)) {
                for (code, item) in self.ways(step) {
                    if steps.judge(self.rule, &self.asked, &self.request, (&code, item.as_ref())).is_err() {
                        continue;
                    }
                    reached.insert((code.clone(), item.clone()));
                    if self.counts(step) {
                        let mut taken = taken.clone();
                        taken.insert((code, item));
                        open.push_back((stage, taken));
                    }
                }
            }
            let onward = procedure::table(self.rule.procedure).filter(|row| row.from.contains(&stage));
            for row in onward.filter(|row| self.may(&steps, stage, row.act)) {
                if let To::Stage(to) | To::WhenBoth(to) = row.to {
                    open.push_back((to, taken.clone()));
                }
            }
        }
        reached
    }

    /// Whether anything turns on a step: one that nothing turns on need not be remembered.
    fn counts(&self, step: &Step) -> bool {
        let names = |other: &Step| other.after.contains(&step.code) || other.barred_by.contains(&step.code);
        step.choice.is_some() || !step.before.is_empty() || self.rule.steps.iter().any(names)
    }

    /// Whether an act waits for nothing. An answer in part never does.
    fn may(&self, steps: &Steps, stage: Stage, act: ActKind) -> bool {
        let text = self.rule.text_field().is_some_and(|field| field.required);
        let unsigned = act == ActKind::Authorise && text && stage != Stage::Signed;
        act == ActKind::Respond || !unsigned && steps.lacking(self.rule, &self.asked, &self.request, act).is_empty()
    }
}
