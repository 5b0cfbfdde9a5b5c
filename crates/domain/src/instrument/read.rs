//! Reading every section but types and calendars.
//!
//! Owns `Reader` and the form of those sections. Must not know what must hold between rows (`check`).

use std::collections::BTreeMap;

use super::commitment::{Area, Clause, GateText, GroundText, Norm, Rung, Term, UrgencyText};
use super::cursor::{Node, Report, Spot, Table};
use super::load::{Known, Sections};
use super::party::{Marking, Office, Party};
use crate::act::{Ground, Role, Urgency};
use crate::calendar::Calendar;
use crate::ids::{BadName, OfficeId, PartyId};
use crate::menu::Menu;
use crate::safeguard::Gate;
use crate::text::{Lang, Text};

/// The signature algorithms a Party may choose from; `ledger` implements exactly these.
const ALGORITHMS: &[&str] = &["Ed25519", "ECDSA-P256", "SM2-SM3", "ML-DSA-65"];
/// Highest rung of the ladder: the co-chairs.
pub(super) const LEVEL_MAX: u8 = 4;

/// The report and the known names, carried through the reading.
pub(super) struct Reader<'r, 'f> {
    /// Where faults go.
    pub(super) report: &'r mut Report<'f>,
    /// What may be referred to.
    pub(super) known: &'r Known,
    /// Where each row stands, by its dotted key, for the checks of the whole.
    pub(super) places: BTreeMap<String, Spot>,
}

impl<'r, 'f> Reader<'r, 'f> {
    pub(super) fn new(report: &'r mut Report<'f>, known: &'r Known) -> Self {
        Self { report, known, places: BTreeMap::new() }
    }

    /// A text that must stand.
    pub(super) fn text(&mut self, table: &mut Table<'_>, name: &'static str) -> Option<Text> {
        table.required(self.report, name)?.text(self.report, &self.known.langs)
    }

    /// A line that must stand.
    pub(super) fn line(&mut self, table: &mut Table<'_>, name: &'static str) -> Option<String> {
        table.required(self.report, name)?.line(self.report)
    }

    /// Yes or no; no when absent.
    pub(super) fn flag(&mut self, table: &mut Table<'_>, name: &'static str) -> bool {
        table.optional(name).and_then(|node| node.yes(self.report)).unwrap_or(false)
    }

    /// A choice of a menu that must stand.
    pub(super) fn choice<M: Menu>(&mut self, table: &mut Table<'_>, name: &'static str, kind: &str) -> Option<M> {
        table.required(self.report, name)?.choice(self.report, kind)
    }

    /// A list of choices of a menu, each once.
    pub(super) fn choices<M: Menu>(&mut self, node: &Node<'_>, kind: &str) -> Vec<M> {
        let mut choices = Vec::new();
        for item in node.list(self.report).unwrap_or_default() {
            let Some(choice) = item.choice::<M>(self.report, kind) else { continue };
            if choices.contains(&choice) {
                self.twice(&item, choice.code());
            } else {
                choices.push(choice);
            }
        }
        choices
    }

    /// A list of names of another section, each once.
    pub(super) fn names(&mut self, node: &Node<'_>, section: &str, code: &'static str, kind: &str) -> Vec<String> {
        let mut names = Vec::new();
        for item in node.list(self.report).unwrap_or_default() {
            let Some(name) = item.one_of(self.report, code, kind, self.known.of(section)) else { continue };
            if names.contains(&name) {
                self.twice(&item, &name);
            } else {
                names.push(name);
            }
        }
        names
    }

    /// A list of offices that must stand.
    pub(super) fn offices(&mut self, table: &mut Table<'_>, name: &'static str) -> Vec<OfficeId> {
        let Some(node) = table.required(self.report, name) else { return Vec::new() };
        self.office_list(&node)
    }

    /// A list of offices.
    pub(super) fn office_list(&mut self, node: &Node<'_>) -> Vec<OfficeId> {
        let names = self.names(node, "offices", "unknown-office", "office");
        names.iter().filter_map(|name| OfficeId::new(name).ok()).collect()
    }

    /// A name of the kind `make` reads.
    pub(super) fn named<T>(&mut self, node: &Node<'_>, name: &str, make: fn(&str) -> Result<T, BadName>) -> Option<T> {
        match make(name) {
            Ok(made) => Some(made),
            Err(bad) => {
                let args = [("kind", bad.kind), ("got", bad.got.as_str())];
                let message = format!("`{}` cannot name a {}", bad.got, bad.kind);
                self.report.error(node.spot(), "bad-name", &args, message, format!("write {}", bad.remedy));
                None
            }
        }
    }

    /// Remembers where a row stands.
    pub(super) fn mark(&mut self, key: String, node: &Node<'_>) {
        self.places.insert(key, node.spot().clone());
    }

    /// Where a row stands.
    pub(super) fn place(&self, key: &str) -> Spot {
        self.places.get(key).cloned().unwrap_or_else(|| Spot::nowhere(key))
    }

    pub(super) fn twice(&mut self, node: &Node<'_>, name: &str) {
        self.report.error(node.spot(), "duplicate", &[("name", name)], format!("`{name}` stands here twice"), "keep one of them");
    }

    /// Rows of a section whose keys are the codes of a menu.
    fn words<M: Menu + Ord, T>(
        &mut self,
        sections: &Sections<'_>,
        section: &str,
        kind: &str,
        row: impl Fn(&mut Self, &Node<'_>) -> Option<T>,
    ) -> BTreeMap<M, T> {
        let mut rows = BTreeMap::new();
        for (key, node) in sections.entries(self.report, section) {
            let Some(choice) = M::from_code(&key) else {
                let known = M::ALL.iter().map(|(_, code)| *code);
                self.report.unknown(node.spot(), "unknown-code", kind, &key, known);
                continue;
            };
            if let Some(row) = row(self, &node) {
                rows.insert(choice, row);
            }
        }
        rows
    }
}

/// The languages, in order. Read before all else, because every text is judged by them.
pub(super) fn langs(sections: &Sections<'_>, report: &mut Report<'_>) -> Vec<Lang> {
    let mut langs = Vec::new();
    for section in sections.get("instrument") {
        let node = section.table(report).and_then(|mut table| table.required(report, "langs"));
        for item in node.and_then(|node| node.list(report)).unwrap_or_default() {
            let Some(code) = item.line(report) else { continue };
            match Lang::new(&code) {
                Ok(lang) if !langs.contains(&lang) => langs.push(lang),
                Ok(_) => report.error(item.spot(), "duplicate", &[("name", &code)], format!("`{code}` stands here twice"), "keep one"),
                Err(bad) => {
                    let args = [("kind", bad.kind), ("got", bad.got.as_str())];
                    report.error(item.spot(), "bad-name", &args, format!("`{}` is no language", bad.got), format!("write {}", bad.remedy));
                }
            }
        }
    }
    if sections.get("instrument").is_empty() {
        // A lone calendar has no instrument to name its languages: those of its own name are taken.
        let name = sections.get("calendar").first().and_then(|node| node.table(report)?.optional("name"));
        let words = name.and_then(|node| node.table(report)).map(|table| table.entries()).unwrap_or_default();
        langs.extend(words.iter().filter_map(|(code, _)| Lang::new(code).ok()));
    }
    langs
}

/// Id, version, title and standing of the texts.
pub(super) fn head(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> Option<(String, String, Text, Text)> {
    let (first, more) = sections.get("instrument").split_first()?;
    for node in more {
        reader.twice(node, "instrument");
    }
    let mut table = first.table(reader.report)?;
    let _langs = table.optional("langs");
    let id = reader.line(&mut table, "id");
    let version = reader.line(&mut table, "version");
    let title = reader.text(&mut table, "title");
    let status = reader.text(&mut table, "text_status");
    table.finish(reader.report);
    Some((id?, version?, title?, status?))
}

/// The Parties, each with its calendar and its signature algorithms.
pub(super) fn parties(
    sections: &Sections<'_>,
    reader: &mut Reader<'_, '_>,
    calendars: &BTreeMap<String, Calendar>,
) -> BTreeMap<PartyId, Party> {
    let mut suites = suites(sections, reader);
    let mut parties = BTreeMap::new();
    for (key, node) in sections.entries(reader.report, "parties") {
        reader.mark(format!("parties.{key}"), &node);
        let Some(mut table) = node.table(reader.report) else { continue };
        let id = reader.named(&node, &key, PartyId::new);
        let name = reader.text(&mut table, "name");
        let short = reader.text(&mut table, "short");
        let adjective = reader.text(&mut table, "adjective");
        let capital = reader.text(&mut table, "capital");
        let calendar = table.required(reader.report, "calendar").and_then(|node| {
            let known = reader.known.of("calendar");
            let name = node.one_of(reader.report, "unknown-calendar", "calendar", known)?;
            calendars.get(&name).cloned()
        });
        let lang = table.required(reader.report, "lang").and_then(|node| {
            let code = node.line(reader.report)?;
            let lang = reader.known.langs.iter().find(|lang| lang.as_str() == code).cloned();
            if lang.is_none() {
                let known = reader.known.langs.iter().map(Lang::as_str);
                reader.report.unknown(node.spot(), "unknown-language", "language", &code, known);
            }
            lang
        });
        let order = table.required(reader.report, "order").and_then(|node| node.number(reader.report, 1, 99));
        let markings = table.required(reader.report, "markings").map(|node| markings(&node, reader));
        table.finish(reader.report);
        if suites.get(&key).is_none_or(Vec::is_empty) {
            let message = format!("no signature algorithm is named for `{key}`");
            let remedy = format!("add [crypto.{key}] with sign = [\"Ed25519\"]");
            reader.report.error(node.spot(), "missing-crypto", &[("party", &key)], message, remedy);
        }
        let party = (|| {
            Some(Party {
                id: id?,
                name: name?,
                short: short?,
                adjective: adjective?,
                capital: capital?,
                calendar: calendar?,
                lang: lang?,
                order: u8::try_from(order?).ok()?,
                markings: markings?,
                sign: suites.remove(&key).unwrap_or_default(),
            })
        })();
        if let Some(party) = party {
            parties.insert(party.id.clone(), party);
        }
    }
    parties
}

fn markings(node: &Node<'_>, reader: &mut Reader<'_, '_>) -> Vec<Marking> {
    let mut markings: Vec<Marking> = Vec::new();
    for item in node.list(reader.report).unwrap_or_default() {
        let Some(mut table) = item.table(reader.report) else { continue };
        let code = reader.line(&mut table, "code");
        let label = reader.text(&mut table, "label");
        let classification = reader.choice(&mut table, "classification", "classification");
        table.finish(reader.report);
        let (Some(code), Some(label), Some(classification)) = (code, label, classification) else { continue };
        if markings.iter().any(|known| known.code == code) {
            reader.twice(&item, &code);
        } else {
            markings.push(Marking { code, label, classification });
        }
    }
    markings
}

fn suites(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> BTreeMap<String, Vec<String>> {
    let mut suites = BTreeMap::new();
    for (party, node) in sections.entries(reader.report, "crypto") {
        if let Some(known) = reader.known.of("parties").filter(|known| !known.contains(&party)) {
            reader.report.unknown(node.spot(), "unknown-party", "party", &party, known.iter().map(String::as_str));
        }
        let Some(mut table) = node.table(reader.report) else { continue };
        let mut sign: Vec<String> = Vec::new();
        let items = table.required(reader.report, "sign").and_then(|node| node.list(reader.report)).unwrap_or_default();
        for item in items {
            let Some(name) = item.line(reader.report) else { continue };
            if !ALGORITHMS.contains(&name.as_str()) {
                reader.report.unknown(item.spot(), "unknown-algorithm", "signature algorithm", &name, ALGORITHMS.iter().copied());
            } else if sign.contains(&name) {
                reader.twice(&item, &name);
            } else {
                sign.push(name);
            }
        }
        table.finish(reader.report);
        suites.insert(party, sign);
    }
    suites
}

/// The offices of every Party.
pub(super) fn offices(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> BTreeMap<OfficeId, Office> {
    let mut offices = BTreeMap::new();
    for (key, node) in sections.entries(reader.report, "offices") {
        reader.mark(format!("offices.{key}"), &node);
        if let Some(office) = office(&key, &node, reader) {
            offices.insert(office.id.clone(), office);
        }
    }
    offices
}

fn office(key: &str, node: &Node<'_>, reader: &mut Reader<'_, '_>) -> Option<Office> {
    let mut table = node.table(reader.report)?;
    let id = reader.named(node, key, OfficeId::new);
    if let (Some(id), Some(known)) = (&id, reader.known.of("parties")) {
        let party = id.party();
        if !known.contains(party.as_str()) {
            reader.report.unknown(node.spot(), "unknown-party", "party", party.as_str(), known.iter().map(String::as_str));
        }
    }
    let name = reader.text(&mut table, "name");
    let short = reader.text(&mut table, "short");
    let role = reader.text(&mut table, "role");
    let level = table.required(reader.report, "level").and_then(|node| node.number(reader.report, 0, u32::from(LEVEL_MAX)));
    let central = reader.flag(&mut table, "central");
    let duty_24x7 = reader.flag(&mut table, "duty_24x7");
    let counterparts = reader.offices(&mut table, "counterparts");
    let contact = reader.line(&mut table, "contact");
    table.finish(reader.report);
    let id = id?;
    Some(Office {
        party: id.party(),
        id,
        name: name?,
        short: short?,
        role: role?,
        level: u8::try_from(level?).ok()?,
        central,
        duty_24x7,
        counterparts,
        contact: contact?,
    })
}

/// The areas of cooperation.
pub(super) fn areas(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> Vec<Area> {
    let mut areas = Vec::new();
    for (id, node) in sections.entries(reader.report, "areas") {
        let Some(mut table) = node.table(reader.report) else { continue };
        let name = reader.text(&mut table, "name");
        table.finish(reader.report);
        areas.extend(name.map(|name| Area { id, name }));
    }
    areas
}

/// The clauses.
pub(super) fn clauses(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> Vec<Clause> {
    let mut clauses = Vec::new();
    for (id, node) in sections.entries(reader.report, "clauses") {
        reader.mark(format!("clauses.{id}"), &node);
        clauses.extend(clause(id, &node, reader));
    }
    clauses
}

fn clause(id: String, node: &Node<'_>, reader: &mut Reader<'_, '_>) -> Option<Clause> {
    let mut table = node.table(reader.report)?;
    let area = table
        .required(reader.report, "area")
        .and_then(|node| node.one_of(reader.report, "unknown-area", "area", reader.known.of("areas")));
    let text = reader.text(&mut table, "text");
    let capability = reader.text(&mut table, "capability");
    let indicator = match table.optional("indicator") {
        Some(indicator) => indicator.text(reader.report, &reader.known.langs),
        None => {
            let message = format!("nothing is counted to show that `{id}` is kept");
            reader.report.warning(node.spot(), "clause-without-indicator", &[("clause", &id)], message, "add `indicator`");
            Some(Text::default())
        }
    };
    let divergence = table.optional("divergence").and_then(|node| node.text(reader.report, &reader.known.langs));
    let our_translation = reader.flag(&mut table, "our_translation");
    let offices = reader.offices(&mut table, "offices");
    table.finish(reader.report);
    Some(Clause { id, area: area?, text: text?, capability: capability?, indicator: indicator?, divergence, our_translation, offices })
}

/// The words of the urgencies.
pub(super) fn urgencies(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> BTreeMap<Urgency, UrgencyText> {
    reader.words(sections, "urgencies", "urgency", |reader, node| {
        let mut table = node.table(reader.report)?;
        let (name, test) = (reader.text(&mut table, "name"), reader.text(&mut table, "test"));
        table.finish(reader.report);
        Some(UrgencyText { name: name?, test: test? })
    })
}

/// The names of the roles.
pub(super) fn roles(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> BTreeMap<Role, Text> {
    reader.words(sections, "roles", "role", |reader, node| {
        let mut table = node.table(reader.report)?;
        let name = reader.text(&mut table, "name");
        table.finish(reader.report);
        name
    })
}

/// The words of the grounds of refusal.
pub(super) fn grounds(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> BTreeMap<Ground, GroundText> {
    reader.words(sections, "grounds", "ground", |reader, node| {
        let mut table = node.table(reader.report)?;
        let (name, help) = (reader.text(&mut table, "name"), reader.text(&mut table, "help"));
        table.finish(reader.report);
        Some(GroundText { name: name?, help: help? })
    })
}

/// The words of the safeguards.
pub(super) fn gates(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> BTreeMap<Gate, GateText> {
    reader.words(sections, "gates", "gate", |reader, node| {
        let mut table = node.table(reader.report)?;
        let (title, ask) = (reader.text(&mut table, "title"), reader.text(&mut table, "ask"));
        let (answer, help) = (reader.text(&mut table, "answer"), reader.text(&mut table, "help"));
        table.finish(reader.report);
        Some(GateText { title: title?, ask: ask?, answer: answer?, help: help? })
    })
}

/// The ladder, lowest rung first.
pub(super) fn ladder(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> Vec<Rung> {
    let mut ladder: Vec<Rung> = Vec::new();
    for node in sections.items(reader.report, "ladder") {
        let Some(rung) = rung(&node, reader) else { continue };
        if ladder.iter().any(|known| known.level == rung.level) {
            reader.twice(&node, &rung.level.to_string());
            continue;
        }
        reader.mark(format!("ladder.{}", rung.level), &node);
        ladder.push(rung);
    }
    ladder.sort_by_key(|rung| rung.level);
    ladder
}

fn rung(node: &Node<'_>, reader: &mut Reader<'_, '_>) -> Option<Rung> {
    let mut table = node.table(reader.report)?;
    let level = table.required(reader.report, "level").and_then(|node| node.number(reader.report, 0, u32::from(LEVEL_MAX)));
    let name = reader.text(&mut table, "name");
    let mut span = |key, zero| table.required(reader.report, key).and_then(|node| node.span(reader.report, zero));
    let (raise, raise_urgent) = (span("raise", true), span("raise_urgent", true));
    let (answer, answer_urgent) = (span("answer", false), span("answer_urgent", false));
    let mut offices = BTreeMap::new();
    let rows = table.optional("offices").and_then(|node| node.table(reader.report));
    for (party, node) in rows.map(|table| table.entries()).unwrap_or_default() {
        if let Some(known) = reader.known.of("parties").filter(|known| !known.contains(&party)) {
            reader.report.unknown(node.spot(), "unknown-party", "party", &party, known.iter().map(String::as_str));
        }
        let list = reader.office_list(&node);
        if let Some(stray) = list.iter().find(|office| office.party().as_str() != party) {
            let args = [("office", stray.as_str()), ("party", party.as_str())];
            let message = format!("`{stray}` is not an office of `{party}`");
            reader.report.error(node.spot(), "office-of-other-party", &args, message, "list each office under its own Party");
        }
        if let Ok(party) = PartyId::new(&party) {
            offices.insert(party, list);
        }
    }
    table.finish(reader.report);
    Some(Rung {
        level: u8::try_from(level?).ok()?,
        name: name?,
        raise: raise?,
        raise_urgent: raise_urgent?,
        answer: answer?,
        answer_urgent: answer_urgent?,
        offices,
    })
}

/// The glossary. A term is a table of its words, with `attested` beside them.
pub(super) fn terms(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> Vec<Term> {
    let mut terms = Vec::new();
    for node in sections.items(reader.report, "terms") {
        let Some(mut table) = node.table(reader.report) else { continue };
        let words = reader.text(&mut table, "words");
        let attested = reader.flag(&mut table, "attested");
        table.finish(reader.report);
        terms.extend(words.map(|words| Term { words, attested }));
    }
    terms
}

/// The norms.
pub(super) fn norms(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> Vec<Norm> {
    let mut norms = Vec::new();
    for (id, node) in sections.entries(reader.report, "norms") {
        let Some(mut table) = node.table(reader.report) else { continue };
        let text = reader.text(&mut table, "text");
        table.finish(reader.report);
        norms.extend(text.map(|text| Norm { id, text }));
    }
    norms
}
