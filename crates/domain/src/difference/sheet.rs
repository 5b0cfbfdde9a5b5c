//! An instrument as one flat sheet, a line for everything that can differ.
//!
//! Owns what has a line. Must not compare. Every record is taken apart whole: one that gains a member does not compile here
//! until the member has its line, or is put down as told elsewhere.

use std::collections::BTreeMap;

use super::{Part, Shown};
use crate::account::{Among, Measure};
use crate::act::Urgency;
use crate::calendar::{Calendar, CalendarRules, Year, YearStatus};
use crate::clock::ClockKind;
use crate::deadline::Span;
use crate::ids::{OfficeId, PartyId};
use crate::instrument::{
    AdmittedGround, Amends, Area, Clause, Field, FieldKind, GateBinding, GateText, GroundText, Instrument, Limit,
    Marking, Matching, Meeting, Norm, Office, Party, RequestType, Rung, Step, Term, UrgencyText, When,
};
use crate::menu::Menu;
use crate::text::Text;

/// Part, id, aspect.
pub(super) type Key = (Part, String, String);

/// An instrument as one flat sheet.
#[derive(Default)]
pub(super) struct Sheet(pub(super) BTreeMap<Key, Shown>);

impl Sheet {
    pub(super) fn of(instrument: &Instrument) -> Self {
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
        // Which version it follows is no change: its maker may not choose (`amendment::fits`).
        self.codes(Part::Head, id, "langs", instrument.langs());
        self.words(Part::Head, id, "text-status", instrument.text_status());
    }

    /// Parties, calendars, offices.
    fn people(&mut self, instrument: &Instrument) {
        for party in instrument.parties().values() {
            let Party { id, name, short, adjective, capital, calendar, lang, order, markings, sign } = party;
            let id = id.as_str();
            self.words(Part::Party, id, "", name);
            self.words(Part::Party, id, "short", short);
            self.words(Part::Party, id, "adjective", adjective);
            self.words(Part::Party, id, "capital", capital);
            self.code(Part::Party, id, "lang", lang);
            self.code(Part::Party, id, "order", order);
            self.codes(Part::Party, id, "sign", sign);
            self.code(Part::Party, id, "calendar", calendar.id());
            for Marking { code, label, classification } in markings {
                self.words(Part::Party, id, &format!("marking {code}"), label);
                self.code(Part::Party, id, &format!("marking {code} class"), classification.code());
            }
            self.calendar(calendar);
        }
        for office in instrument.offices().values() {
            // Its Party is the beginning of its id.
            let Office { id, party: _, name, short, role, level, central, duty_24x7, counterparts, contact } = office;
            let id = id.as_str();
            self.words(Part::Office, id, "", name);
            self.words(Part::Office, id, "short", short);
            self.words(Part::Office, id, "role", role);
            self.code(Part::Office, id, "level", level);
            self.code(Part::Office, id, "central", central);
            self.code(Part::Office, id, "duty", duty_24x7);
            self.codes(Part::Office, id, "counterparts", counterparts);
            self.code(Part::Office, id, "contact", contact);
        }
        for Area { id, name } in instrument.areas() {
            self.words(Part::Area, id, "", name);
        }
    }

    fn calendar(&mut self, calendar: &Calendar) {
        let CalendarRules { id, version, name, zone, open, close, cutoff, weekend, years } = calendar.rules();
        self.words(Part::Calendar, id, "", name);
        self.code(Part::Calendar, id, "version", version);
        self.code(Part::Calendar, id, "zone", zone);
        self.codes(Part::Calendar, id, "hours", [open, close, cutoff]);
        self.codes(Part::Calendar, id, "weekend", weekend.iter().map(|day| format!("{day:?}").to_lowercase()));
        for (number, Year { status, off, makeup }) in years {
            let status = match status {
                YearStatus::Published => "published",
                YearStatus::Provisional => "provisional",
            };
            self.code(Part::Calendar, id, &format!("year {number}"), status);
            for (day, name) in off {
                self.words(Part::Day, &format!("{id}/{day}"), "", name);
            }
            for day in makeup {
                self.code(Part::Day, &format!("{id}/{day}"), "", "worked");
            }
        }
    }

    fn clause(&mut self, clause: &Clause) {
        let Clause { id, area, text, capability, indicator, measures, divergence, our_translation, offices, types } =
            clause;
        self.words(Part::Clause, id, "", text);
        self.code(Part::Clause, id, "area", area);
        self.words(Part::Clause, id, "capability", capability);
        self.words(Part::Clause, id, "indicator", indicator);
        self.codes(Part::Clause, id, "measures", measures.iter().map(measure));
        if let Some(divergence) = divergence {
            self.words(Part::Clause, id, "divergence", divergence);
        }
        self.code(Part::Clause, id, "our-translation", our_translation);
        self.offices(Part::Clause, id, offices);
        self.codes(Part::Clause, id, "types", types);
    }

    fn request_type(&mut self, rule: &RequestType) {
        let RequestType {
            code,
            series,
            name,
            summary,
            status,
            procedure,
            clauses,
            area,
            legal_bases,
            may_send,
            may_receive,
            may_execute,
            expires,
            settles,
            checks,
            reports,
            meeting,
            matching,
            amends,
            needs_texts,
            continues_as,
            fields,
            limits,
            steps,
            clocks,
            usual_urgency,
            grounds,
            gates,
            default_mark,
            mark_min,
            extras,
            retention_months,
            followup,
            words,
        } = rule;
        let id = code.as_str();
        self.words(Part::Type, id, "", name);
        self.words(Part::Type, id, "summary", summary);
        self.words(Part::Type, id, "followup", followup);
        self.code(Part::Type, id, "series", series);
        self.code(Part::Type, id, "status", status.code());
        self.code(Part::Type, id, "procedure", procedure.code());
        self.code(Part::Type, id, "area", area);
        self.codes(Part::Type, id, "clauses", clauses);
        self.codes(Part::Type, id, "may-send", may_send);
        self.codes(Part::Type, id, "may-receive", may_receive);
        self.codes(Part::Type, id, "may-execute", may_execute);
        self.codes(Part::Type, id, "needs-texts", needs_texts);
        self.codes(Part::Type, id, "settles", settles);
        self.codes(Part::Type, id, "checks", checks);
        self.codes(Part::Type, id, "reports", reports);
        self.codes(Part::Type, id, "expires", expires);
        self.codes(Part::Type, id, "continues-as", continues_as);
        self.codes(Part::Type, id, "meeting", meeting.iter().flat_map(meets));
        self.codes(Part::Type, id, "matching", matching.iter().flat_map(matches));
        self.codes(Part::Type, id, "amends", amends.iter().flat_map(|Amends { hash, from }| [hash, from]));
        self.codes(Part::Type, id, "limits", limits.iter().map(limit));
        self.codes(Part::Type, id, "marks", [default_mark.code(), mark_min.code()]);
        self.code(Part::Type, id, "usual-urgency", usual_urgency.code());
        self.codes(Part::Type, id, "extras", extras.iter().map(|act| act.code()));
        self.code(Part::Type, id, "retention-months", retention_months);
        self.said(id, legal_bases, words);
        self.clocks(id, clocks);
        fields.iter().for_each(|field| self.field(id, field));
        steps.iter().for_each(|step| self.step(id, step));
        self.bars(id, grounds, gates);
    }

    /// What it rests on, and its own words for acts and stages.
    fn said(&mut self, code: &str, bases: &[Text], words: &BTreeMap<String, Text>) {
        for (place, basis) in bases.iter().enumerate() {
            self.words(Part::Type, code, &format!("basis {}", place + 1), basis);
        }
        for (key, own) in words {
            self.words(Part::Type, code, &format!("word {key}"), own);
        }
    }

    fn clocks(&mut self, code: &str, clocks: &BTreeMap<Urgency, BTreeMap<ClockKind, Span>>) {
        for (urgency, clocks) in clocks {
            for (kind, span) in clocks {
                self.code(Part::Type, code, &format!("clock {} {}", urgency.code(), kind.code()), span);
            }
        }
    }

    /// On what a type may be refused, and what must be answered first.
    fn bars(&mut self, code: &str, grounds: &[AdmittedGround], gates: &[GateBinding]) {
        for AdmittedGround { ground, basis } in grounds {
            self.words(Part::Ground, &format!("{code}/{}", ground.code()), "", basis);
        }
        for GateBinding { gate, at, steps, only_personal, only_secret, engaged } in gates {
            let at = at.iter().map(|act| act.code()).chain(steps.iter().map(String::as_str));
            let only = only_personal.then_some("only-personal");
            let secret = only_secret.then_some("only-secret");
            let id = format!("{code}/{}", gate.code());
            self.codes(Part::Gate, &id, "", at.chain(only).chain(secret));
            self.codes(Part::Gate, &id, "engaged", engaged.iter().map(condition));
        }
    }

    fn field(&mut self, code: &str, field: &Field) {
        let Field { id, label, help, kind, required, personal, ahead, chars_max, form, mark_min } = field;
        let id = format!("{code}/{id}");
        self.words(Part::Field, &id, "", label);
        self.words(Part::Field, &id, "help", help);
        self.code(Part::Field, &id, "kind", kind.code());
        self.code(Part::Field, &id, "required", required);
        self.code(Part::Field, &id, "personal", personal);
        self.code(Part::Field, &id, "ahead", ahead);
        self.code(Part::Field, &id, "chars-max", chars_max);
        self.code(Part::Field, &id, "form", form.code());
        self.codes(Part::Field, &id, "mark", mark_min.iter().map(|mark| mark.code()));
        if let FieldKind::Choice { options } = kind {
            for (option, label) in options {
                self.words(Part::Field, &id, &format!("option {option}"), label);
            }
        }
    }

    fn step(&mut self, code: &str, step: &Step) {
        let Step {
            code: own,
            name,
            required,
            when,
            by,
            at,
            after,
            barred_by,
            within,
            before,
            choice,
            dated,
            ends,
            per,
            repeats,
            party,
            offices,
        } = step;
        let id = format!("{code}/{own}");
        self.words(Part::Step, &id, "", name);
        self.code(Part::Step, &id, "required", required);
        self.codes(Part::Step, &id, "when", when.iter().map(condition));
        self.code(Part::Step, &id, "by", by.code());
        self.codes(Part::Step, &id, "at", at.iter().map(|stage| stage.code()));
        self.codes(Part::Step, &id, "after", after);
        self.codes(Part::Step, &id, "before", before.iter().map(|act| act.code()));
        self.codes(Part::Step, &id, "barred-by", barred_by);
        self.codes(Part::Step, &id, "within", within.iter().map(|(of, span)| format!("{of} {span}")));
        self.codes(Part::Step, &id, "offices", offices);
        self.code(Part::Step, &id, "repeats", repeats);
        self.code(Part::Step, &id, "dated", dated);
        self.codes(Part::Step, &id, "choice", choice);
        self.codes(Part::Step, &id, "ends", ends);
        self.codes(Part::Step, &id, "per", per);
        self.codes(Part::Step, &id, "party", party);
    }

    /// Ladder, words of the menus, terms and norms.
    fn menus(&mut self, instrument: &Instrument) {
        for Rung { level, name, raise, raise_urgent, answer, answer_urgent, offices } in instrument.ladder() {
            let id = level.to_string();
            self.words(Part::Rung, &id, "", name);
            self.codes(Part::Rung, &id, "raise", [raise, raise_urgent]);
            self.codes(Part::Rung, &id, "answer", [answer, answer_urgent]);
            self.offices(Part::Rung, &id, offices);
        }
        for (urgency, UrgencyText { name, test }) in instrument.urgencies() {
            self.words(Part::Words, urgency.code(), "", name);
            self.words(Part::Words, urgency.code(), "test", test);
        }
        for (role, name) in instrument.roles() {
            self.words(Part::Words, role.code(), "", name);
        }
        for (ground, GroundText { name, help }) in instrument.grounds() {
            self.words(Part::Words, ground.code(), "", name);
            self.words(Part::Words, ground.code(), "help", help);
        }
        for (gate, GateText { title, ask, answer, help }) in instrument.gates() {
            self.words(Part::Words, gate.code(), "", title);
            self.words(Part::Words, gate.code(), "ask", ask);
            self.words(Part::Words, gate.code(), "answer", answer);
            self.words(Part::Words, gate.code(), "help", help);
        }
        for Term { words, attested } in instrument.glossary() {
            let id = words.iter().map(|(_, words)| words).next().unwrap_or_default();
            self.words(Part::Term, id, "", words);
            self.code(Part::Term, id, "attested", attested);
        }
        for Norm { id, text } in instrument.norms() {
            self.words(Part::Norm, id, "", text);
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
    let Limit { when, carries, personal, empty, needs } = limit;
    let when = when.as_ref().map_or_else(String::new, |when| format!("{}: ", condition(when)));
    let personal = if *personal { "personal" } else { "no-personal" };
    let lists = [("empty", empty), ("needs", needs)];
    let lists = lists.iter().filter(|(_, ids)| !ids.is_empty()).map(|(name, ids)| format!(" {name} {}", ids.join("/")));
    format!("{when}{} {personal}{}", carries.code(), lists.collect::<String>())
}

/// When a meeting is and who places what on its agenda.
fn meets(Meeting { dates, held, level, areas }: &Meeting) -> Vec<String> {
    let level = level.map(|level| format!("L{level}"));
    [dates.clone(), held.clone()].into_iter().chain(level).chain(areas.clone()).collect()
}

/// Who learns what by which keys, and how many places there are.
fn matches(
    Matching { learns, kinds, records_min, case_places_max, day_places_max, ever_places_max }: &Matching,
) -> Vec<String> {
    let kinds = kinds.iter().map(|kind| kind.code().to_owned());
    let places = [records_min, case_places_max, day_places_max, ever_places_max];
    [learns.code().to_owned()].into_iter().chain(kinds).chain(places.map(ToString::to_string)).collect()
}

/// On what a rule turns, in a line of codes.
fn condition(When { field, is }: &When) -> String {
    format!("{field} {}", is.join("/"))
}
