//! Reading what was promised and the words of the menus: head, areas, clauses, ladder, terms, norms, texts.
//!
//! Owns `Reader`, which every reader uses, and the form of those sections. Must not know what must hold between rows (`check`).

use std::collections::BTreeMap;

use super::commitment::{Area, Clause, GateText, GroundText, Norm, Rung, Term, UrgencyText};
use super::cursor::{Node, Report, Spot, Table};
use super::load::{Known, Sections};
use super::read_measure;
use crate::act::{Ground, Role, Urgency};
use crate::ids::{BadName, Hash32, OfficeId, PartyId, TypeCode};
use crate::menu::Menu;
use crate::safeguard::Gate;
use crate::text::{Lang, Text};

/// Highest rung of the ladder: the co-chairs.
pub(super) const LEVEL_MAX: u8 = 4;

/// What the section `[instrument]` says, its languages apart.
#[derive(Default)]
pub(super) struct Head {
    pub(super) id: String,
    pub(super) version: String,
    pub(super) amends: Option<Hash32>,
    pub(super) title: Text,
    pub(super) text_status: Text,
}

/// The report and the known names, carried through the reading.
pub(super) struct Reader<'r, 'f> {
    /// Where faults go.
    pub(super) report: &'r mut Report<'f>,
    /// What may be referred to.
    pub(super) known: &'r Known,
    /// Where each row stands, by its dotted key, for the checks of the whole.
    pub(super) places: BTreeMap<String, Spot>,
    /// Bases in law that rows cite by name.
    pub(super) bases: BTreeMap<String, Text>,
    /// The norms by id, for the fields that choose among them.
    pub(super) norms: Vec<(String, Text)>,
}

impl<'r, 'f> Reader<'r, 'f> {
    pub(super) fn new(report: &'r mut Report<'f>, known: &'r Known) -> Self {
        Self { report, known, places: BTreeMap::new(), bases: BTreeMap::new(), norms: Vec::new() }
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

    /// A list of offices that may be left out.
    pub(super) fn some_offices(&mut self, table: &mut Table<'_>, name: &'static str) -> Vec<OfficeId> {
        table.optional(name).map(|node| self.office_list(&node)).unwrap_or_default()
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
        self.report.error(
            node.spot(),
            "duplicate",
            &[("name", name)],
            format!("`{name}` stands here twice"),
            "keep one of them",
        );
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
                Ok(_) => report.error(
                    item.spot(),
                    "duplicate",
                    &[("name", &code)],
                    format!("`{code}` stands here twice"),
                    "keep one",
                ),
                Err(bad) => {
                    let args = [("kind", bad.kind), ("got", bad.got.as_str())];
                    report.error(
                        item.spot(),
                        "bad-name",
                        &args,
                        format!("`{}` is no language", bad.got),
                        format!("write {}", bad.remedy),
                    );
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
pub(super) fn head(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> Option<Head> {
    let (first, more) = sections.get("instrument").split_first()?;
    for node in more {
        reader.twice(node, "instrument");
    }
    let mut table = first.table(reader.report)?;
    let _langs = table.optional("langs");
    let id = reader.line(&mut table, "id");
    let version = reader.line(&mut table, "version");
    let amends = amends(&mut table, reader);
    let title = reader.text(&mut table, "title");
    let status = reader.text(&mut table, "text_status");
    table.finish(reader.report);
    Some(Head { id: id?, version: version?, amends, title: title?, text_status: status? })
}

/// The version it amends.
fn amends(table: &mut Table<'_>, reader: &mut Reader<'_, '_>) -> Option<Hash32> {
    let node = table.optional("amends")?;
    let line = node.line(reader.report)?;
    let hash = Hash32::from_hex(&line).ok();
    if hash.is_none() {
        let message = format!("`{line}` is not the hash of an instrument");
        let remedy = "write the 64 hexadecimal digits `entente check` shows of the version amended";
        reader.report.error(node.spot(), "bad-hash", &[("got", &line)], message, remedy);
    }
    hash
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
    let mut clauses: Vec<Clause> = Vec::new();
    for node in sections.items(reader.report, "clause") {
        let Some(clause) = clause(&node, reader) else { continue };
        if clauses.iter().any(|known| known.id == clause.id) {
            reader.twice(&node, &clause.id);
            continue;
        }
        reader.mark(format!("clause.{}", clause.id), &node);
        clauses.push(clause);
    }
    clauses
}

fn clause(node: &Node<'_>, reader: &mut Reader<'_, '_>) -> Option<Clause> {
    let mut table = node.table(reader.report)?;
    let id = reader.line(&mut table, "id");
    let area = table
        .required(reader.report, "area")
        .and_then(|node| node.one_of(reader.report, "unknown-area", "area", reader.known.of("areas")));
    let text = reader.text(&mut table, "text");
    let capability = reader.text(&mut table, "capability");
    let indicator = match table.optional("indicator") {
        Some(indicator) => indicator.text(reader.report, &reader.known.langs),
        None => {
            let id = id.as_deref().unwrap_or("this clause");
            let message = format!("nothing is counted to show that `{id}` is kept");
            reader.report.warning(
                node.spot(),
                "clause-without-indicator",
                &[("clause", id)],
                message,
                "add `indicator`",
            );
            Some(Text::default())
        }
    };
    let measures = read_measure::measures(&mut table, reader);
    let divergence = table.optional("divergence").and_then(|node| node.text(reader.report, &reader.known.langs));
    let our_translation = reader.flag(&mut table, "own_translation");
    let offices = table.required(reader.report, "offices").map(|node| party_offices(&node, reader)).unwrap_or_default();
    let types =
        table.required(reader.report, "types").map(|node| reader.names(&node, "types", "unknown-type", "request type"));
    table.finish(reader.report);
    Some(Clause {
        id: id?,
        area: area?,
        text: text?,
        capability: capability?,
        indicator: indicator?,
        measures,
        divergence,
        our_translation,
        offices,
        types: types?.iter().filter_map(|code| TypeCode::new(code).ok()).collect(),
    })
}

/// Offices by Party, each under its own.
fn party_offices(node: &Node<'_>, reader: &mut Reader<'_, '_>) -> BTreeMap<PartyId, Vec<OfficeId>> {
    let mut offices = BTreeMap::new();
    for (party, node) in node.table(reader.report).map(|table| table.entries()).unwrap_or_default() {
        if let Some(known) = reader.known.of("parties").filter(|known| !known.contains(&party)) {
            reader.report.unknown(node.spot(), "unknown-party", "party", &party, known.iter().map(String::as_str));
        }
        let list = reader.office_list(&node);
        if let Some(stray) = list.iter().find(|office| office.party().as_str() != party) {
            let args = [("office", stray.as_str()), ("party", party.as_str())];
            let message = format!("`{stray}` is not an office of `{party}`");
            reader.report.error(
                node.spot(),
                "office-of-other-party",
                &args,
                message,
                "list each office under its own Party",
            );
        }
        if let Ok(party) = PartyId::new(&party) {
            offices.insert(party, list);
        }
    }
    offices
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
    let level =
        table.required(reader.report, "level").and_then(|node| node.number(reader.report, 0, u32::from(LEVEL_MAX)));
    let name = reader.text(&mut table, "name");
    let mut span = |key, zero| table.required(reader.report, key).and_then(|node| node.span(reader.report, zero));
    let (raise, raise_urgent) = (span("raise", true), span("raise_urgent", true));
    let (answer, answer_urgent) = (span("answer", false), span("answer_urgent", false));
    let offices = table.optional("offices").map(|node| party_offices(&node, reader)).unwrap_or_default();
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

/// The glossary: each term in every language, and whether it was `seen` in an official source.
pub(super) fn terms(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> Vec<Term> {
    let mut terms = Vec::new();
    for node in sections.items(reader.report, "term") {
        let Some(mut table) = node.table(reader.report) else { continue };
        let attested = reader.flag(&mut table, "seen");
        let words = node.text_beside(reader.report, &reader.known.langs, &["seen"]);
        terms.extend(words.map(|words| Term { words, attested }));
    }
    terms
}

/// The norms.
pub(super) fn norms(sections: &Sections<'_>, reader: &mut Reader<'_, '_>) -> Vec<Norm> {
    let mut norms: Vec<Norm> = Vec::new();
    for node in sections.items(reader.report, "norm") {
        let Some(mut table) = node.table(reader.report) else { continue };
        let (id, text) = (reader.line(&mut table, "id"), reader.text(&mut table, "text"));
        table.finish(reader.report);
        let (Some(id), Some(text)) = (id, text) else { continue };
        if norms.iter().any(|known| known.id == id) {
            reader.twice(&node, &id);
        } else {
            norms.push(Norm { id, text });
        }
    }
    norms
}
