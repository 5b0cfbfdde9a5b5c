//! Every clause of the statement has its working part: a type that carries it, something counted, an office on each side.
//!
//! The list of clauses is a file of its own, so that a clause lost from the instrument is missed. That each has its page is
//! tested where pages are (`entente`).

use domain::account::{Count, Period, account};
use domain::ids::PartyId;
use domain::instrument::{Clause, Instrument, TypeStatus};

use crate::matter::shipped;

/// One clause as the list has it.
struct Listed<'t> {
    id: &'t str,
    offices: [&'t str; 2],
}

const LIST: &str = include_str!("../../../../testdata/clauses/clauses.tsv");

fn listed() -> Vec<Listed<'static>> {
    let rows = LIST.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), 6, "{line}");
        Listed { id: cells[0], offices: [cells[3], cells[4]] }
    })
    .collect()
}

/// What a clause lacks, in words; empty when it has its working part.
fn lacking(instrument: &Instrument, clause: &Clause, listed: &Listed<'_>) -> Vec<String> {
    let mut lacks = Vec::new();
    if clause.types.is_empty() {
        lacks.push("no type carries it".to_owned());
    }
    for code in &clause.types {
        match instrument.request_type(code) {
            Some(rule) if rule.status == TypeStatus::On || !rule.needs_texts.is_empty() => {}
            Some(_) => lacks.push(format!("`{code}` is only declared")),
            None => lacks.push(format!("`{code}` is no type")),
        }
    }
    if !clause.measures.iter().any(|measure| measure.of != Count::Live) && clause.measures.is_empty() {
        lacks.push("nothing is counted".to_owned());
    }
    for (party, wanted) in instrument.parties().keys().rev().zip(listed.offices) {
        let offices = clause.offices.get(party).cloned().unwrap_or_default();
        if offices.is_empty() {
            lacks.push(format!("no office of {party} answers for it"));
        }
        let all = wanted == "all";
        let named = wanted.split(' ').filter(|_| !all);
        for office in named.filter(|office| !offices.iter().any(|known| known.as_str() == *office)) {
            lacks.push(format!("`{office}` should answer for it"));
        }
        if all && offices.len() < instrument.offices_of(party).count() {
            lacks.push(format!("it is for every office of {party}"));
        }
    }
    for lang in instrument.langs() {
        let texts = [&clause.text, &clause.capability, &clause.indicator];
        if texts.iter().any(|text| text.get(lang).trim().is_empty()) {
            lacks.push(format!("it is not worded in `{lang}`"));
        }
    }
    lacks
}

fn wanting(instrument: &Instrument) -> Vec<String> {
    let mut found = Vec::new();
    for listed in listed() {
        match instrument.clause(listed.id) {
            None => found.push(format!("{}: not in the instrument", listed.id)),
            Some(clause) => {
                found.extend(lacking(instrument, clause, &listed).iter().map(|lack| format!("{}: {lack}", listed.id)));
            }
        }
    }
    found
}

#[test]
fn every_clause_has_its_working_part() {
    let instrument = shipped();
    let list: Vec<&str> = listed().iter().map(|row| row.id).collect();
    assert_eq!(list.len(), 45);
    let known: Vec<&str> = instrument.clauses().iter().map(|clause| clause.id.as_str()).collect();
    assert_eq!(known, list, "the same clauses in the same order");
    assert_eq!(wanting(instrument), Vec::<String>::new());
}

/// An account of nothing has a cell for each figure of each clause and direction: what is measured is computed.
#[test]
fn every_clause_is_accounted_for() {
    let instrument = shipped();
    let instant = |text: &str| text.parse().unwrap();
    let (from, until) = (instant("2026-01-01T00:00:00Z"), instant("2027-01-01T00:00:00Z"));
    let account = account(instrument, [], Period { from, until, exercise: false });
    for clause in listed() {
        let figures = &account.clause(clause.id).unwrap().figures;
        assert!(!figures.is_empty(), "{}", clause.id);
        for party in instrument.parties().keys() {
            assert!(figures.iter().all(|figure| figure.by_direction.contains_key(party)), "{} {party}", clause.id);
        }
    }
    assert!(instrument.parties().contains_key(&PartyId::new("GB").unwrap()));
}

/// The test can fail: an instrument with a clause taken apart is found wanting by each of its parts.
#[test]
fn a_clause_without_a_part_is_named() {
    let check = |changes: &[(&str, &str, &str, &str)], want: &[&str]| {
        let mut files = crate::matter::shipped_files();
        for (name, after, from, to) in changes {
            let file = files.iter_mut().find(|file| file.name == *name).unwrap();
            let (head, tail) = file.text.split_at(file.text.find(after).unwrap());
            assert!(tail.contains(from), "`{from}`");
            file.text = format!("{head}{}", tail.replacen(from, to, 1));
        }
        let loaded = Instrument::load(&files);
        let instrument = loaded.instrument.unwrap_or_else(|| panic!("{:#?}", loaded.findings));
        assert_eq!(wanting(&instrument), want);
    };
    let clause = |from, to| ("clauses.toml", "id = \"CY-7b\"", from, to);
    let counted = "measures = [{ of = \"cosigned\", days = 60 }, { of = \"settled\" }]";
    check(&[clause(counted, "")], &["CY-7b: nothing is counted"]);
    check(&[clause("CN = [\"CN-CCPLA\"]", "CN = [\"CN-MFA\"]")], &["CY-7b: `CN-CCPLA` should answer for it"]);
    let declared = ("types/dialogue.toml", "[types.RPT]", "status = \"on\"", "status = \"declared\"");
    let lost = ["GEN-7", "CY-7a", "CY-7b"].map(|clause| format!("{clause}: `RPT` is only declared"));
    check(&[declared], &lost.each_ref().map(String::as_str));
}
