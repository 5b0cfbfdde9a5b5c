//! What differs between two versions of an instrument: what was added, taken out, and changed from what to what.
//!
//! Owns the comparison, as typed rows with the instrument's own words. Must not judge whether the one may follow the other
//! (`amendment`), nor make words of its own: parts and aspects are codes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::account::{Among, Measure};
use crate::calendar::{Calendar, YearStatus};
use crate::ids::{OfficeId, PartyId};
use crate::instrument::{Clause, Field, FieldKind, Instrument, Limit, RequestType, Step};
use crate::menu::Menu;
use crate::text::Text;

/// What of an instrument a row speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Its head: version, title, standing of the texts.
    Head,
    /// A Party.
    Party,
    /// A Party's calendar.
    Calendar,
    /// A day of a calendar: off, or worked in exchange.
    Day,
    /// An office.
    Office,
    /// An area of cooperation.
    Area,
    /// A clause.
    Clause,
    /// A request type.
    Type,
    /// A field of a type.
    Field,
    /// A step of a type.
    Step,
    /// A ground of refusal a type admits.
    Ground,
    /// A safeguard a type binds.
    Gate,
    /// A rung of the ladder.
    Rung,
    /// The words of a menu: an urgency, a role, a ground, a safeguard.
    Words,
    /// A term of the glossary.
    Term,
    /// A norm.
    Norm,
}

/// What stands in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Shown {
    /// The instrument's own words, in every language.
    Words(Text),
    /// A code, number, date or list of those.
    Code(String),
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What of the instrument.
    pub part: Part,
    /// Which one, by its id; a part of a type is `TYPE/id`.
    pub id: String,
    /// What of it, as a code; empty for the whole of it, added or taken out.
    pub aspect: String,
    /// What stood there; none when it was added.
    pub from: Option<Shown>,
    /// What stands there now; none when it was taken out.
    pub to: Option<Shown>,
}

/// Every difference, by part and id.
#[must_use]
pub fn difference(before: &Instrument, after: &Instrument) -> Vec<Change> {
    let (before, after) = (Sheet::of(before), Sheet::of(after));
    let keys: BTreeSet<&Key> = before.0.keys().chain(after.0.keys()).collect();
    let whole = |sheet: &Sheet, key: &Key| sheet.0.contains_key(&(key.0, key.1.clone(), String::new()));
    let change = |key: &&Key| {
        let (from, to) = (before.0.get(*key), after.0.get(*key));
        // Of what is new or gone, the whole is told once, and not each of its aspects.
        let told = key.2.is_empty() || whole(&before, key) && whole(&after, key);
        (from != to && told).then(|| Change {
            part: key.0,
            id: key.1.clone(),
            aspect: key.2.clone(),
            from: from.cloned(),
            to: to.cloned(),
        })
    };
    keys.iter().filter_map(change).collect()
}

/// Part, id, aspect.
type Key = (Part, String, String);

/// An instrument as one flat sheet.
#[derive(Default)]
struct Sheet(BTreeMap<Key, Shown>);

impl Sheet {
    fn of(instrument: &Instrument) -> Self {
        let mut sheet = Self::default();
        sheet.head(instrument);
        sheet.people(instrument);
        instrument.clauses().iter().for_each(|clause| sheet.clause(clause));
        instrument.types().values().for_each(|rule| sheet.request_type(rule));
        sheet.menus(instrument);
        sheet
    }

    fn put(&mut self, part: Part, id: &str, aspect: &str, shown: Shown) {
        self.0.insert((part, id.to_owned(), aspect.to_owned()), shown);
    }

    fn words(&mut self, part: Part, id: &str, aspect: &str, words: &Text) {
        self.put(part, id, aspect, Shown::Words(words.clone()));
    }

    fn code(&mut self, part: Part, id: &str, aspect: &str, code: impl ToString) {
        self.put(part, id, aspect, Shown::Code(code.to_string()));
    }

    fn codes<T: ToString>(&mut self, part: Part, id: &str, aspect: &str, codes: impl IntoIterator<Item = T>) {
        let codes: Vec<String> = codes.into_iter().map(|code| code.to_string()).collect();
        self.code(part, id, aspect, codes.join(", "));
    }

    fn offices(&mut self, part: Part, id: &str, offices: &BTreeMap<PartyId, Vec<OfficeId>>) {
        self.codes(part, id, "offices", offices.values().flatten());
    }

    fn head(&mut self, instrument: &Instrument) {
        let id = instrument.id();
        self.words(Part::Head, id, "", instrument.title());
        self.code(Part::Head, id, "version", instrument.version());
        self.words(Part::Head, id, "text-status", instrument.text_status());
    }

    /// Parties, calendars, offices.
    fn people(&mut self, instrument: &Instrument) {
        for party in instrument.parties().values() {
            let id = party.id.as_str();
            self.words(Part::Party, id, "", &party.name);
            self.words(Part::Party, id, "short", &party.short);
            self.words(Part::Party, id, "adjective", &party.adjective);
            self.words(Part::Party, id, "capital", &party.capital);
            let marking = |one: &crate::instrument::Marking| format!("{} = {}", one.code, one.classification.code());
            self.codes(Part::Party, id, "markings", party.markings.iter().map(marking));
            self.calendar(&party.calendar);
        }
        for office in instrument.offices().values() {
            let id = office.id.as_str();
            self.words(Part::Office, id, "", &office.name);
            self.words(Part::Office, id, "short", &office.short);
            self.words(Part::Office, id, "role", &office.role);
            self.code(Part::Office, id, "level", office.level);
            self.code(Part::Office, id, "central", office.central);
            self.code(Part::Office, id, "duty", office.duty_24x7);
            self.codes(Part::Office, id, "counterparts", &office.counterparts);
            self.code(Part::Office, id, "contact", &office.contact);
        }
        for area in instrument.areas() {
            self.words(Part::Area, &area.id, "", &area.name);
        }
    }

    fn calendar(&mut self, calendar: &Calendar) {
        let id = calendar.id();
        self.words(Part::Calendar, id, "", calendar.name());
        self.code(Part::Calendar, id, "version", calendar.version());
        self.code(Part::Calendar, id, "zone", calendar.zone());
        let (open, close, cutoff) = calendar.hours();
        self.codes(Part::Calendar, id, "hours", [open, close, cutoff]);
        for (number, year) in calendar.years() {
            let status = match year.status {
                YearStatus::Published => "published",
                YearStatus::Provisional => "provisional",
            };
            self.code(Part::Calendar, id, &format!("year {number}"), status);
            for (day, name) in &year.off {
                self.words(Part::Day, &format!("{id}/{day}"), "", name);
            }
            for day in &year.makeup {
                self.code(Part::Day, &format!("{id}/{day}"), "", "worked");
            }
        }
    }

    fn clause(&mut self, clause: &Clause) {
        let id = clause.id.as_str();
        self.words(Part::Clause, id, "", &clause.text);
        self.code(Part::Clause, id, "area", &clause.area);
        self.words(Part::Clause, id, "capability", &clause.capability);
        self.words(Part::Clause, id, "indicator", &clause.indicator);
        self.codes(Part::Clause, id, "measures", clause.measures.iter().map(measure));
        if let Some(divergence) = &clause.divergence {
            self.words(Part::Clause, id, "divergence", divergence);
        }
        self.code(Part::Clause, id, "our-translation", clause.our_translation);
        self.offices(Part::Clause, id, &clause.offices);
        self.codes(Part::Clause, id, "types", &clause.types);
    }

    fn request_type(&mut self, rule: &RequestType) {
        let id = rule.code.as_str();
        self.words(Part::Type, id, "", &rule.name);
        self.words(Part::Type, id, "summary", &rule.summary);
        self.code(Part::Type, id, "status", rule.status.code());
        self.code(Part::Type, id, "area", &rule.area);
        self.codes(Part::Type, id, "clauses", &rule.clauses);
        self.codes(Part::Type, id, "may-send", &rule.may_send);
        self.codes(Part::Type, id, "may-receive", &rule.may_receive);
        self.codes(Part::Type, id, "may-execute", &rule.may_execute);
        self.codes(Part::Type, id, "needs-texts", &rule.needs_texts);
        self.codes(Part::Type, id, "settles", &rule.settles);
        self.codes(Part::Type, id, "expires", &rule.expires);
        if let Some(meeting) = &rule.meeting {
            let level = meeting.level.map(|level| format!("L{level}"));
            let said = [meeting.dates.clone(), meeting.held.clone()].into_iter().chain(level);
            self.codes(Part::Type, id, "meeting", said.chain(meeting.areas.clone()));
        }
        self.codes(Part::Type, id, "limits", rule.limits.iter().map(limit));
        self.codes(Part::Type, id, "marks", [rule.default_mark.code(), rule.mark_min.code()]);
        self.code(Part::Type, id, "usual-urgency", rule.usual_urgency.code());
        self.codes(Part::Type, id, "extras", rule.extras.iter().map(|act| act.code()));
        if let Some(matching) = &rule.matching {
            let kinds = matching.kinds.iter().map(|kind| kind.code());
            self.codes(Part::Type, id, "matching", [matching.learns.code()].into_iter().chain(kinds));
            let least = [matching.records_min, matching.case_places_max];
            let most = [matching.day_places_max, matching.ever_places_max];
            self.codes(Part::Type, id, "matching-places", least.into_iter().chain(most));
        }
        self.code(Part::Type, id, "retention-months", rule.retention_months);
        self.words(Part::Type, id, "followup", &rule.followup);
        for (place, basis) in rule.legal_bases.iter().enumerate() {
            self.words(Part::Type, id, &format!("basis {}", place + 1), basis);
        }
        for (urgency, clocks) in &rule.clocks {
            for (kind, span) in clocks {
                self.code(Part::Type, id, &format!("clock {} {}", urgency.code(), kind.code()), span);
            }
        }
        rule.fields.iter().for_each(|field| self.field(id, field));
        rule.steps.iter().for_each(|step| self.step(id, step));
        for admitted in &rule.grounds {
            self.words(Part::Ground, &format!("{id}/{}", admitted.ground.code()), "", &admitted.basis);
        }
        for bound in &rule.gates {
            let at = bound.at.iter().map(|act| act.code()).chain(bound.steps.iter().map(String::as_str));
            let only = bound.only_personal.then_some("only-personal");
            self.codes(Part::Gate, &format!("{id}/{}", bound.gate.code()), "", at.chain(only));
        }
    }

    fn field(&mut self, code: &str, field: &Field) {
        let id = format!("{code}/{}", field.id);
        self.words(Part::Field, &id, "", &field.label);
        self.words(Part::Field, &id, "help", &field.help);
        self.code(Part::Field, &id, "kind", field.kind.code());
        self.code(Part::Field, &id, "required", field.required);
        self.code(Part::Field, &id, "personal", field.personal);
        self.code(Part::Field, &id, "chars-max", field.chars_max);
        self.codes(Part::Field, &id, "mark", field.mark_min.iter().map(|mark| mark.code()));
        if let FieldKind::Choice { options } = &field.kind {
            for (option, label) in options {
                self.words(Part::Field, &id, &format!("option {option}"), label);
            }
        }
    }

    fn step(&mut self, code: &str, step: &Step) {
        let id = format!("{code}/{}", step.code);
        self.words(Part::Step, &id, "", &step.name);
        self.code(Part::Step, &id, "required", step.required);
        self.code(Part::Step, &id, "by", step.by.code());
        self.codes(Part::Step, &id, "at", step.at.iter().map(|stage| stage.code()));
        self.codes(Part::Step, &id, "after", &step.after);
        self.codes(Part::Step, &id, "before", step.before.iter().map(|act| act.code()));
        self.codes(Part::Step, &id, "barred-by", &step.barred_by);
        self.codes(Part::Step, &id, "offices", &step.offices);
        self.code(Part::Step, &id, "repeats", step.repeats);
        self.code(Part::Step, &id, "dated", step.dated);
        self.codes(Part::Step, &id, "choice", &step.choice);
        self.codes(Part::Step, &id, "ends", &step.ends);
        self.codes(Part::Step, &id, "per", &step.per);
        self.codes(Part::Step, &id, "party", &step.party);
    }

    /// Ladder, words of the menus, terms and norms.
    fn menus(&mut self, instrument: &Instrument) {
        for rung in instrument.ladder() {
            let id = rung.level.to_string();
            self.words(Part::Rung, &id, "", &rung.name);
            self.codes(Part::Rung, &id, "raise", [rung.raise, rung.raise_urgent]);
            self.codes(Part::Rung, &id, "answer", [rung.answer, rung.answer_urgent]);
            self.offices(Part::Rung, &id, &rung.offices);
        }
        for (urgency, words) in instrument.urgencies() {
            self.words(Part::Words, urgency.code(), "", &words.name);
            self.words(Part::Words, urgency.code(), "test", &words.test);
        }
        for (role, name) in instrument.roles() {
            self.words(Part::Words, role.code(), "", name);
        }
        for (ground, words) in instrument.grounds() {
            self.words(Part::Words, ground.code(), "", &words.name);
            self.words(Part::Words, ground.code(), "help", &words.help);
        }
        for (gate, words) in instrument.gates() {
            self.words(Part::Words, gate.code(), "", &words.title);
            self.words(Part::Words, gate.code(), "ask", &words.ask);
            self.words(Part::Words, gate.code(), "answer", &words.answer);
            self.words(Part::Words, gate.code(), "help", &words.help);
        }
        for term in instrument.glossary() {
            let id = term.words.iter().map(|(_, words)| words).next().unwrap_or_default();
            self.words(Part::Term, id, "", &term.words);
            self.code(Part::Term, id, "attested", term.attested);
        }
        for norm in instrument.norms() {
            self.words(Part::Norm, &norm.id, "", &norm.text);
        }
    }
}

/// What is counted of a clause, in a line of codes.
fn measure(measure: &Measure) -> String {
    let among = match &measure.among {
        Among::Clause => String::new(),
        Among::All => "types *".to_owned(),
        Among::Types(types) => format!("types {}", types.iter().map(ToString::to_string).collect::<Vec<_>>().join("/")),
    };
    format!("{} {} {among}", measure.of.code(), measure.of.parameter()).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A limit on what a type's matters carry, in a line of codes.
fn limit(limit: &Limit) -> String {
    let when = limit.when.as_ref().map_or_else(String::new, |when| format!("{} {}: ", when.field, when.is.join("/")));
    let personal = if limit.personal { "personal" } else { "no-personal" };
    let lists = [("empty", &limit.empty), ("needs", &limit.needs)];
    let lists = lists.iter().filter(|(_, ids)| !ids.is_empty()).map(|(name, ids)| format!(" {name} {}", ids.join("/")));
    format!("{when}{} {personal}{}", limit.carries.code(), lists.collect::<String>())
}

impl Menu for Part {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Head, "head"),
        (Self::Party, "party"),
        (Self::Calendar, "calendar"),
        (Self::Day, "day"),
        (Self::Office, "office"),
        (Self::Area, "area"),
        (Self::Clause, "clause"),
        (Self::Type, "type"),
        (Self::Field, "field"),
        (Self::Step, "step"),
        (Self::Ground, "ground"),
        (Self::Gate, "gate"),
        (Self::Rung, "rung"),
        (Self::Words, "words"),
        (Self::Term, "term"),
        (Self::Norm, "norm"),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instrument::tests::{shipped, shipped_files};

    /// The differences that come of exchanging one text, as `part id aspect: from -> to`.
    fn check(file: &str, from: &str, to: &str, wanted: &[&str]) {
        let mut files = shipped_files();
        let hit = files.iter_mut().find(|one| one.name == file).expect("such a file");
        assert!(hit.text.contains(from), "`{from}` is not in {file}");
        hit.text = hit.text.replacen(from, to, 1);
        let loaded = Instrument::load(&files);
        let after = loaded.instrument.unwrap_or_else(|| panic!("{:?}", loaded.findings));
        let side = |shown: &Option<Shown>| match shown {
            None => "nothing".to_owned(),
            Some(Shown::Code(code)) => code.clone(),
            Some(Shown::Words(text)) => text.iter().map(|(_, words)| words).collect::<Vec<_>>().join("|"),
        };
        let line = |change: &Change| {
            let (from, to) = (side(&change.from), side(&change.to));
            format!("{} {} {}: {from} -> {to}", change.part.code(), change.id, change.aspect)
        };
        let told: Vec<String> = difference(&shipped(), &after).iter().map(line).collect();
        assert_eq!(told, wanted);
    }

    #[test]
    fn each_change_is_told_once_with_both_languages() {
        assert_eq!(difference(&shipped(), &shipped()), Vec::new());
        let joint = "types/joint-and-exchange.toml";
        check(
            joint,
            "[types.LEG.clocks.U3]\nack = \"5 wd\"",
            "[types.LEG.clocks.U3]\nack = \"2 wd\"",
            &["type LEG clock U3 ack: 5 wd -> 2 wd"],
        );
        check(
            joint,
            "name = { en = \"Consultation\", zh = \"协商\" }",
            "name = { en = \"Consultations\", zh = \"磋商\" }",
            &["type CNS : Consultation|协商 -> Consultations|磋商"],
        );
        check(
            "calendars/cn.toml",
            "status = \"provisional\"",
            "status = \"published\"",
            &["calendar cn year 2027: provisional -> published"],
        );
        check("calendars/cn.toml", "makeup = [2026-01-04, ", "makeup = [", &["day cn/2026-01-04 : worked -> nothing"]);
        check(
            joint,
            "  { code = \"other\", label = { en = \"Other forum\", zh = \"其他多边场合\" } },\n",
            "",
            &["field CNS/forum option other: Other forum|其他多边场合 -> nothing"],
        );
    }
}
