//! Reading the Parties, their markings and signature algorithms, and their offices.
//!
//! Owns the form of `[parties]`, `[crypto]` and `[offices]`. Must not know what must hold between them (`check`).

use std::collections::BTreeMap;

use super::cursor::Node;
use super::load::Sections;
use super::party::{Marking, Office, Party};
use super::read::{LEVEL_MAX, Reader};
use crate::calendar::Calendar;
use crate::ids::{OfficeId, PartyId};
use crate::text::Lang;

/// The signature algorithms a Party may choose from; `ledger` implements exactly these.
const ALGORITHMS: &[&str] = &["Ed25519", "ECDSA-P256", "SM2-SM3", "ML-DSA-65"];

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
                reader.report.unknown(
                    item.spot(),
                    "unknown-algorithm",
                    "signature algorithm",
                    &name,
                    ALGORITHMS.iter().copied(),
                );
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
            reader.report.unknown(
                node.spot(),
                "unknown-party",
                "party",
                party.as_str(),
                known.iter().map(String::as_str),
            );
        }
    }
    let name = reader.text(&mut table, "name");
    let short = reader.text(&mut table, "short");
    let role = reader.text(&mut table, "role");
    let level =
        table.required(reader.report, "level").and_then(|node| node.number(reader.report, 0, u32::from(LEVEL_MAX)));
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
