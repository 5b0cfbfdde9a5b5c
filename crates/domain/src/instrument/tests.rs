//! The shipped instrument loads; broken ones are told exactly what is wrong, where; nothing makes the loader panic.

use std::sync::Arc;

use super::*;
use crate::act::{ActKind, Deed};
use crate::clock::ClockKind;
use crate::content::Sensitivity;
use crate::deadline::Span;
use crate::ids::PartyId;
use crate::menu::Menu;
use crate::procedure::{self, ProcedureKind};
use crate::safeguard::Gate;
use crate::text::Prose;

mod faults;

/// Every file of the shipped instrument with the calendars it needs.
const FILES: &[(&str, &str)] = &[
    ("calendars/cn.toml", include_str!("../../../../calendars/cn.toml")),
    ("calendars/gb-eng.toml", include_str!("../../../../calendars/gb-eng.toml")),
    ("clauses.toml", include_str!("../../../../instruments/china-uk-2016/clauses.toml")),
    ("glossary.toml", include_str!("../../../../instruments/china-uk-2016/glossary.toml")),
    ("instrument.toml", include_str!("../../../../instruments/china-uk-2016/instrument.toml")),
    ("norms.toml", include_str!("../../../../instruments/china-uk-2016/norms.toml")),
    ("offices.toml", include_str!("../../../../instruments/china-uk-2016/offices.toml")),
    ("safeguards.toml", include_str!("../../../../instruments/china-uk-2016/safeguards.toml")),
    ("types/cyber.toml", include_str!("../../../../instruments/china-uk-2016/types/cyber.toml")),
    ("types/finance.toml", include_str!("../../../../instruments/china-uk-2016/types/finance.toml")),
    ("types/dialogue.toml", include_str!("../../../../instruments/china-uk-2016/types/dialogue.toml")),
    (
        "types/joint-and-exchange.toml",
        include_str!("../../../../instruments/china-uk-2016/types/joint-and-exchange.toml"),
    ),
    (
        "types/mutual-legal-assistance.toml",
        include_str!("../../../../instruments/china-uk-2016/types/mutual-legal-assistance.toml"),
    ),
    ("types/persons.toml", include_str!("../../../../instruments/china-uk-2016/types/persons.toml")),
];

/// The shipped files, ready to load or to break.
pub(crate) fn shipped_files() -> Vec<SourceFile> {
    FILES.iter().map(|(name, text)| SourceFile { name: (*name).to_owned(), text: (*text).to_owned() }).collect()
}

impl Instrument {
    /// Whether it says the same, however its files are written.
    pub(crate) fn says_as(&self, other: &Self) -> bool {
        Self { hash: other.hash, sources: Arc::clone(&other.sources), ..self.clone() } == *other
    }
}

/// The shipped instrument, for tests across the crate.
pub(crate) fn shipped() -> Instrument {
    let loaded = Instrument::load(&shipped_files());
    let faults: Vec<String> = loaded.findings.iter().map(ToString::to_string).collect();
    loaded.instrument.unwrap_or_else(|| panic!("{}", faults.join("\n")))
}

/// The shipped files with one text replaced, which must stand there.
fn broken(file: &str, from: &str, to: &str) -> Vec<SourceFile> {
    let mut files = shipped_files();
    let hit = files.iter_mut().find(|one| one.name == file).expect("such a file");
    assert!(hit.text.contains(from), "`{from}` is not in {file}");
    hit.text = hit.text.replacen(from, to, 1);
    files
}

#[test]
fn the_shipped_instrument_is_sound() {
    let loaded = Instrument::load(&shipped_files());
    let told: Vec<String> = loaded.findings.iter().map(ToString::to_string).collect();
    assert_eq!(loaded.errors(), 0, "{}", told.join("\n"));
    let codes: Vec<&str> = loaded.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["provisional-year"], "{}", told.join("\n"));
    let counts = loaded.counts;
    assert_eq!(
        (
            counts.parties,
            counts.clauses,
            counts.types,
            counts.types_on,
            counts.gates,
            counts.grounds,
            counts.rungs,
            counts.norms,
            counts.calendars
        ),
        (2, 45, 30, 30, 17, 16, 5, 11, 2)
    );
    assert!(counts.terms > 150 && counts.offices == 32);
}

#[test]
fn the_shipped_types_can_run() {
    let instrument = shipped();
    let row = |code: &str| instrument.request_type(&TypeCode::new(code).unwrap()).unwrap();
    let has = |offices: &[OfficeId], party: &PartyId| offices.iter().any(|office| office.party() == *party);
    for row in instrument.types().values() {
        assert_eq!(row.status, TypeStatus::On, "{}", row.code);
        for party in instrument.parties().keys() {
            assert!(has(&row.may_send, party) && has(&row.may_receive, party), "{} {party}", row.code);
        }
        for (urgency, _) in Urgency::ALL {
            for clock in procedure::clocks(row.procedure) {
                assert!(row.clock(*urgency, clock).is_some(), "{} {urgency:?} {clock:?}", row.code);
            }
        }
        assert!(row.gates_at(ActKind::Submit).any(|gate| gate == Gate::Competence), "{}", row.code);
        // What can be refused names its grounds; what cannot has none to name.
        assert_eq!(!row.grounds.is_empty(), procedure::has(row.procedure, ActKind::Refuse), "{}", row.code);
        assert!(row.fields.iter().any(|field| field.required), "{}", row.code);
    }
    for code in ["CY-INC", "MLA-EVD", "MLA-BANK"] {
        let row = row(code);
        assert_eq!(row.clock(Urgency::U0, ClockKind::Ack), Some(Span::Hours(1)));
        assert_eq!(row.clock(Urgency::U0, ClockKind::Completion), Some(Span::Hours(8)));
        assert_eq!(row.clock(Urgency::U1, ClockKind::Completion), Some(Span::WorkingDays(3)));
        assert_eq!(row.clock(Urgency::U2, ClockKind::Completion), Some(Span::NeededBy));
        assert!(row.fields.iter().any(|field| field.id == "maximum_penalty"));
    }
    let at_accept: Vec<&str> = row("MLA-BANK").gates_at(ActKind::Accept).map(Menu::code).collect();
    assert_eq!(at_accept, ["SG-2", "SG-3", "SG-4", "SG-5", "SG-6", "SG-15"]);
    let cyber = row("CY-INC");
    let of_cyber = |act, case| cyber.gates_of(act, None, case).map(Menu::code).collect::<Vec<_>>();
    assert_eq!(of_cyber(ActKind::Accept, Sensitivity::NONE), ["SG-4", "SG-5", "SG-6", "SG-15"]);
    assert_eq!(of_cyber(ActKind::Accept, Sensitivity::FULL), ["SG-3", "SG-4", "SG-5", "SG-6", "SG-15"]);
    assert!(of_cyber(ActKind::Acknowledge, Sensitivity::NONE).is_empty());
    assert_eq!(of_cyber(ActKind::Acknowledge, Sensitivity::FULL), ["SG-13"]);
    let surrender: Vec<&str> =
        row("EXT").gates_of(ActKind::Record, Some("SURRENDERED"), Sensitivity::FULL).map(Menu::code).collect();
    assert_eq!(surrender, ["SG-3", "SG-6", "SG-8"]);
    assert_eq!(row("EXT").gates_of(ActKind::Record, Some("HIGH_COURT"), Sensitivity::FULL).count(), 0);
}

/// A safeguard stands before what lets something out, never before the word that keeps it in.
#[test]
fn to_deny_consent_needs_no_safeguard() {
    let instrument = shipped();
    let row = instrument.request_type(&TypeCode::new("FIU-REQ").unwrap()).unwrap();
    let bound = |granted| {
        let words = Prose::new(instrument.langs()[0].clone(), "terms");
        let deed = Deed::GiveConsent { number: 1, granted, words };
        row.gates_for(&deed, Sensitivity::FULL).map(Menu::code).collect::<Vec<_>>()
    };
    assert_eq!(bound(true), ["SG-3", "SG-7", "SG-12"]);
    assert!(bound(false).is_empty());
}

/// Domain reference §2.4: the procedure of each type, the mark its form proposes, and how soon it is confirmed,
/// decided and answered at U3.
#[test]
fn each_type_has_the_marks_and_clocks_of_the_reference() {
    fn check(code: &str, procedure: ProcedureKind, mark: &str, [ack, second, last]: [&str; 3]) {
        let instrument = shipped();
        let row = instrument.request_type(&TypeCode::new(code).unwrap()).unwrap();
        assert_eq!((row.procedure, row.default_mark.code()), (procedure, mark), "{code}");
        let (middle, end) = match procedure {
            ProcedureKind::Assistance | ProcedureKind::Joint => (ClockKind::Decision, ClockKind::Completion),
            ProcedureKind::Negotiation => (ClockKind::Turn, ClockKind::Closing),
            ProcedureKind::Notice => (ClockKind::Outcome, ClockKind::Closing),
            ProcedureKind::Matching | ProcedureKind::Undertaking => (ClockKind::Outcome, ClockKind::Completion),
        };
        for (kind, wanted) in [(ClockKind::Ack, ack), (middle, second), (end, last)] {
            let span = row.clock(Urgency::U3, kind).unwrap();
            let written = match span {
                Span::WorkingDays(days) => format!("{days} wd"),
                Span::CalendarDays(days) => format!("{days} cd"),
                Span::Hours(hours) => format!("{hours} h"),
                Span::NeededBy => "needed-by".to_owned(),
            };
            assert!(wanted.is_empty() || written == wanted, "{code} {kind:?}: {written}, not {wanted}");
        }
    }
    use ProcedureKind::{Assistance, Joint, Matching, Negotiation, Notice, Undertaking};
    let strict = "TLP:AMBER+STRICT";
    check("CY-INC", Assistance, "TLP:AMBER", ["4 h", "2 wd", "10 wd"]);
    check("MLA-SVC", Assistance, strict, ["5 wd", "20 wd", "45 wd"]);
    check("MLA-EVD", Assistance, strict, ["5 wd", "20 wd", "60 wd"]);
    check("MLA-SRCH", Assistance, strict, ["5 wd", "20 wd", "60 wd"]);
    check("MLA-BANK", Assistance, strict, ["5 wd", "20 wd", "60 wd"]);
    check("MLA-PERS", Assistance, strict, ["5 wd", "20 wd", "60 wd"]);
    check("MLA-RSTR", Assistance, strict, ["1 wd", "5 wd", "10 wd"]);
    check("MLA-CONF", Assistance, strict, ["5 wd", "30 wd", "120 wd"]);
    check("MLA-RTN", Negotiation, strict, ["5 wd", "40 wd", "120 wd"]);
    check("FIU-REQ", Assistance, strict, ["1 wd", "", "20 wd"]);
    check("FIU-SPON", Notice, strict, ["2 wd", "180 cd", ""]);
    check("FUG", Assistance, strict, ["3 wd", "10 wd", "30 wd"]);
    check("EXT", Assistance, strict, ["5 wd", "", ""]);
    check("IDV", Matching, strict, ["2 wd", "", "15 wd"]);
    check("JIT", Joint, strict, ["5 wd", "30 wd", "60 wd"]);
    check("JOP", Joint, "TLP:RED", ["2 wd", "10 wd", ""]);
    check("ALERT", Notice, "TLP:GREEN", ["1 wd", "", ""]);
    check("ICR", Assistance, "TLP:AMBER", ["1 wd", "3 wd", "10 wd"]);
    check("NORM", Undertaking, "TLP:RED", ["2 wd", "", "30 wd"]);
    check("LEG", Notice, "TLP:CLEAR", ["5 wd", "20 wd", ""]);
    check("DES", Assistance, "TLP:AMBER", ["1 wd", "10 wd", ""]);
    check("XPR", Joint, "TLP:GREEN", ["5 wd", "20 wd", ""]);
    check("CNS", Negotiation, "TLP:AMBER", ["5 wd", "", ""]);
}

#[test]
fn every_text_stands_in_every_language() {
    let instrument = shipped();
    let lang = |code| Lang::new(code).unwrap();
    assert_eq!(instrument.langs(), [lang("en"), lang("zh")]);
    for clause in instrument.clauses() {
        assert!(!clause.text.get(&lang("zh")).is_ascii() && clause.text.get(&lang("en")).is_ascii(), "{}", clause.id);
        assert!(clause.our_translation);
    }
    assert!(instrument.clause("CY-1").is_some_and(|clause| clause.divergence.is_some()));
}

#[test]
fn a_number_in_the_file_is_the_number_in_force() {
    let decision = |files: &[SourceFile]| {
        let instrument = Instrument::load(files).instrument.expect("sound");
        instrument.request_type(&TypeCode::new("MLA-EVD").unwrap()).unwrap().clock(Urgency::U3, ClockKind::Decision)
    };
    let file = "types/mutual-legal-assistance.toml";
    assert_eq!(decision(&shipped_files()), Some(Span::WorkingDays(20)));
    assert_eq!(decision(&broken(file, "decision = \"20 wd\"", "decision = \"3 wd\"")), Some(Span::WorkingDays(3)));
}

#[test]
fn the_hash_covers_names_and_contents_and_not_their_order() {
    let mut files = shipped_files();
    let hash = Instrument::load(&files).instrument.unwrap().hash();
    files.reverse();
    assert_eq!(Instrument::load(&files).instrument.unwrap().hash(), hash);
    files[0].text.push('\n');
    assert_ne!(Instrument::load(&files).instrument.unwrap().hash(), hash);
    files[0].text.pop();
    files[0].name.push('x');
    assert_ne!(Instrument::load(&files).instrument.unwrap().hash(), hash);
}
