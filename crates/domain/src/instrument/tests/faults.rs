//! Broken instruments: each fault is named with its place, all at once, and nothing makes the loader panic.

use proptest::prelude::*;

use super::*;

/// Replacing `from` with `to` in a shipped file yields this error at the place of `mark`, under this key.
fn check(file: &str, from: &str, to: &str, code: &str, mark: &str, key: &str) {
    let files = broken(file, from, to);
    let loaded = Instrument::load(&files);
    let told: Vec<String> = loaded.findings.iter().map(ToString::to_string).collect();
    assert!(loaded.instrument.is_none(), "{code}: loaded all the same");
    let found = loaded.findings.iter().find(|finding| finding.code == code && finding.key == key);
    let found = found.unwrap_or_else(|| panic!("no {code} at {key}:\n{}", told.join("\n")));
    assert_eq!(found.severity, Severity::Error);
    assert!(!found.message.is_empty() && !found.remedy.is_empty());
    // What is nowhere (a section no file has, a menu choice without words) has no line to point at.
    let text = files.iter().find(|one| one.name == found.file).map_or("", |one| one.text.as_str());
    let line = text.lines().nth(found.line - 1).unwrap_or("");
    let rest: String = line.chars().skip(found.column - 1).collect();
    assert!(rest.starts_with(mark), "{code}: {}:{} points at `{rest}`", found.line, found.column);
}

#[test]
fn warnings_do_not_stop_an_instrument() {
    let loaded = Instrument::load(&broken("clauses.toml", "indicator = {", "# indicator = {"));
    assert!(loaded.instrument.is_some());
    assert!(loaded.findings.iter().any(|finding| finding.code == "clause-without-indicator"));
}

#[test]
fn every_fault_is_told_at_once() {
    let mut files = broken("instrument.toml", "zh = \"伦敦\"", "");
    files[0].text = files[0].text.replacen("09:00", "9", 1);
    files.iter_mut().find(|file| file.name == "offices.toml").unwrap().text.push_str("\n[offices.GB-NEW]\n");
    let loaded = Instrument::load(&files);
    let codes: Vec<&str> = loaded.findings.iter().map(|finding| finding.code).collect();
    for code in ["missing-language", "bad-time", "missing-key"] {
        assert!(codes.contains(&code), "{codes:?}");
    }
}

#[test]
fn limits_hold() {
    let file = |name: String, text: String| SourceFile { name, text };
    let code = |files: &[SourceFile]| Instrument::load(files).findings.first().map(|finding| finding.code);
    let many: Vec<SourceFile> = (0..=FILES_MAX).map(|n| file(format!("{n}.toml"), String::new())).collect();
    assert_eq!(code(&many), Some("too-many-files"));
    assert_eq!(code(&[file("a.toml".into(), "#".repeat(FILE_BYTES_MAX + 1))]), Some("file-too-large"));
    assert_eq!(
        code(&[file("a.toml".into(), String::new()), file("a.toml".into(), String::new())]),
        Some("duplicate-file")
    );
    let long = broken("clauses.toml", "text = { en = \"", &format!("text = {{ en = \"{}", "a".repeat(5000)));
    assert!(Instrument::load(&long).findings.iter().any(|finding| finding.code == "text-too-long"));
    let deep = format!("instrument = {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(code(&[file("a.toml".into(), deep)]), Some("toml-syntax"));
    assert!(Instrument::load(&[]).instrument.is_none());
    let noise: String = (0..5000).map(|n| format!("k{n} = 1\n")).collect();
    assert!(Instrument::load(&[file("a.toml".into(), noise)]).findings.len() <= 1000);
    let crumbs = "a.b.c.d.e.f.g = 1\n".repeat(20_000);
    assert_eq!(code(&[file("a.toml".into(), crumbs)]), Some("too-many-values"));
}

/// A guess at what was meant is made so often and no oftener, however many names nobody knows.
#[test]
fn unknown_names_cost_no_more_than_they_may() {
    let names: Vec<String> = (0..900).map(|n| format!("\"OC-2{n}\"")).collect();
    let files = broken("clauses.toml", "types = [", &format!("types = [{}, ", names.join(", ")));
    let guessed = |finding: &&Finding| finding.remedy.starts_with("did you mean");
    let (found, guesses) = {
        let findings = Instrument::load(&files).findings;
        (findings.len(), findings.iter().filter(guessed).count())
    };
    assert!(found >= 900 && guesses <= 100, "{found} found, {guesses} guessed");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// A shipped file with a stretch removed, repeated or overwritten never makes the loader panic, and every finding
    /// points into the file.
    #[test]
    fn mutated_files_never_panic(which in 0usize..FILES.len(), at in 0.0f64..1.0, length in 0usize..200, what in 0u8..4, junk in ".{0,12}") {
        let mut files = shipped_files();
        let file = &mut files[which];
        let chars: Vec<char> = file.text.chars().collect();
        let start = ((chars.len() as f64) * at) as usize;
        let end = (start + length).min(chars.len());
        let middle: String = match what {
            0 => String::new(),
            1 => chars[start..end].iter().chain(&chars[start..end]).collect(),
            2 => junk,
            _ => chars[start..end].iter().rev().collect(),
        };
        file.text = chars[..start].iter().collect::<String>() + &middle + &chars[end..].iter().collect::<String>();
        let loaded = Instrument::load(&files);
        prop_assert_eq!(loaded.instrument.is_some(), loaded.errors() == 0);
        for finding in &loaded.findings {
            let lines = files.iter().find(|file| file.name == finding.file).map_or(1, |file| file.text.split('\n').count());
            prop_assert!(finding.line >= 1 && finding.line <= lines && finding.column >= 1);
            prop_assert!(!finding.to_string().is_empty());
        }
    }

    /// Nor does a small file of any shape.
    #[test]
    fn odd_sections_never_panic(section in 0usize..17, value in prop::sample::select(vec![
        "1", "[]", "{}", "[1]", "[{}]", "[[]]", "\"x\"", "2026-01-01", "1.5", "true", "{ a = {} }", "{ a = 1 }", "{ any = [{ id = 1 }] }",
    ])) {
        let name = ["instrument", "parties", "crypto", "areas", "urgencies", "roles", "grounds", "gates", "ladder", "clocks",
            "offices", "clause", "types", "groups", "term", "calendar", "bases"][section];
        let text = format!("{name} = {value}\n");
        let loaded = Instrument::load(&[SourceFile { name: "odd.toml".into(), text }]);
        prop_assert!(loaded.instrument.is_none());
        prop_assert!(!loaded.findings.is_empty());
    }
}

#[test]
fn every_fault_is_named_with_its_place() {
    let (head, mla, cyber) = ("instrument.toml", "types/mutual-legal-assistance.toml", "types/cyber.toml");
    for (file, from, to, code, mark, key) in [
        (head, "lang = \"en\"", "lang = = \"en\"", "toml-syntax", "=", ""),
        (head, "[crypto.GB]", "[krypto.GB]", "unknown-section", "krypto", "krypto"),
        (head, "capital = {", "captal = {", "missing-key", "GB]", "parties.GB.capital"),
        (head, "capital = {", "captal = {", "unknown-key", "captal", "parties.GB.captal"),
        (head, ", zh = \"伦敦\"", "", "missing-language", "capital", "parties.GB.capital"),
        (head, "zh = \"伦敦\"", "fr = \"Londres\"", "unknown-language", "\"Londres", "parties.GB.capital.fr"),
        (head, "zh = \"伦敦\"", "zh = \" \"", "empty-text", "\" \"", "parties.GB.capital.zh"),
        (head, "order = 1", "order = \"1\"", "wrong-type", "\"1\"", "parties.GB.order"),
        (head, "order = 1", "order = 0", "out-of-range", "0", "parties.GB.order"),
        (head, "order = 1", "order = 2", "duplicate", "GB]", "parties.GB"),
        (head, "\"gb-eng\"", "\"gb-sct\"", "unknown-calendar", "\"gb-sct", "parties.GB.calendar"),
        (head, "\"Ed25519\"", "\"Ed448\"", "unknown-algorithm", "\"Ed448", "crypto.GB.sign[1]"),
        (
            head,
            "classification = \"sensitive\"",
            "classification = \"secret\"",
            "unknown-code",
            "\"secret",
            "parties.GB.markings[2].classification",
        ),
        (
            head,
            "supplement = \"60 cd\"",
            "supplement = \"60\"",
            "bad-span",
            "\"60\"",
            "clocks.assistance.any.supplement",
        ),
        (
            head,
            "supplement = \"60 cd\"",
            "supplement = \"0 cd\"",
            "span-zero",
            "\"0 cd",
            "clocks.assistance.any.supplement",
        ),
        (
            head,
            "supplement = \"60 cd\"",
            "supplement = \"2000 cd\"",
            "span-too-long",
            "\"2000",
            "clocks.assistance.any.supplement",
        ),
        (
            head,
            "supplement = \"60 cd\"",
            "suplement = \"60 cd\"",
            "unknown-code",
            "\"60",
            "clocks.assistance.any.suplement",
        ),
        (head, "supplement = \"60 cd\"", "", "missing-clock", "CY-INC]", "types.CY-INC"),
        (head, "level = 3", "level = 2", "duplicate", "[[ladder]]", "ladder[4]"),
        (head, "raise = \"10 wd\"", "raise = \"1 wd\"", "ladder-order", "[[ladder]]", "ladder[4]"),
        (head, "offices.CN = [\"CN-CCPLA\"]", "", "rung-without-office", "[[ladder]]", "ladder[5]"),
        (head, "[\"GB-NSS\"]", "[\"CN-CCPLA\"]", "office-of-other-party", "[\"CN", "ladder[5].offices.GB"),
        (head, "auditor.name = { en = \"Auditor\", zh = \"审计人员\" }", "", "missing-words", "", "roles"),
        (head, "[urgencies.U0]", "[urgencies.U9]", "unknown-code", "U9]", "urgencies.U9"),
        ("offices.toml", "[offices.GB-NSS]", "[offices.gb-nss]", "bad-name", "gb-nss", "offices.gb-nss"),
        ("offices.toml", "[offices.GB-NSS]", "[offices.FR-NSS]", "unknown-party", "FR-NSS", "offices.FR-NSS"),
        (
            "offices.toml",
            "counterparts = [\"CN-CCPLA\"]",
            "counterparts = []",
            "pair-not-mutual",
            "CN-CCPLA]",
            "offices.CN-CCPLA",
        ),
        (
            "offices.toml",
            "counterparts = [\"CN-CCPLA\"]",
            "counterparts = [\"CN-CCPLA\", \"GB-HO\"]",
            "pair-of-one-party",
            "GB-NSS]",
            "offices.GB-NSS",
        ),
        (
            "offices.toml",
            "counterparts = [\"CN-CCPLA\"]",
            "counterparts = [\"CN-CCPLB\"]",
            "unknown-office",
            "\"CN-CCPLB",
            "offices.GB-NSS.counterparts[1]",
        ),
        (
            "types/cyber.toml",
            "continues_as = [\"MLA-EVD\", ",
            "continues_as = [\"MLA-EVT\", ",
            "unknown-type",
            "\"MLA-EVT",
            "types.CY-INC.continues_as[1]",
        ),
        ("clauses.toml", "step = \"LOCATED\"", "step = \"LOKATED\"", "step-never-counted", "[[clause]]", "clause[41]"),
        ("clauses.toml", "of = \"live\"", "of = \"alive\"", "unknown-code", "\"alive", "clause[24].measures[1].of"),
        ("clauses.toml", "area = \"cyber\"", "area = \"cyver\"", "unknown-area", "\"cyver", "clause[14].area"),
        ("safeguards.toml", "[gates.SG-17]", "[gates.SG-18]", "unknown-code", "SG-18", "gates.SG-18"),
        ("safeguards.toml", "[gates.SG-17]", "[gates.SG-18]", "missing-words", "", "gates"),
        (
            mla,
            "decision = \"20 wd\"",
            "decision = \"20 days\"",
            "bad-span",
            "\"20 days",
            "types.MLA-EVD.clocks.U3.decision",
        ),
        (
            mla,
            "includes = [\"mla-body\"]",
            "includes = [\"mla-bodi\"]",
            "unknown-group",
            "\"mla-bodi",
            "types.MLA-EVD.includes[1]",
        ),
        (mla, "clauses = [\"OC-2a\"", "clauses = [\"OC-2z\"", "unknown-clause", "\"OC-2z", "types.MLA-EVD.clauses[1]"),
        (
            mla,
            "ground = \"RF-02\"",
            "ground = \"RF-99\"",
            "unknown-code",
            "\"RF-99",
            "types.MLA-BANK.grounds[2].ground",
        ),
        (mla, "\"mla-law\"", "\"mla-lore\"", "unknown-basis", "\"mla-lore", "types.MLA-EVD.grounds[1].basis"),
        (mla, "[\"mla-treaty\"", "[\"treaty\"", "unknown-basis", "\"treaty", "types.MLA-EVD.legal_bases[1]"),
        (mla, "\"mla-law\"", "[\"mla-law\"]", "wrong-type", "[\"mla", "types.MLA-EVD.grounds[1].basis"),
        ("safeguards.toml", ", zh = \"互惠保证\"", "", "missing-language", "reciprocity", "bases.reciprocity"),
        (
            mla,
            "kind = \"penalty\"",
            "kind = \"punishment\"",
            "unknown-code",
            "\"punish",
            "groups.mla-body.fields[5].kind",
        ),
        (
            mla,
            "{ code = \"HELD\", after = [\"WITNESS_CONSENT\"",
            "{ code = \"HELD\", after = [\"WITNES_CONSENT\"",
            "unknown-step",
            "\"WITNES_",
            "types.MLA-EVD.steps[5].after[1]",
        ),
        (mla, "id = \"witness\"", "id = \"facts\"", "duplicate", "[[types", "types.MLA-EVD.fields[1]"),
        (
            mla,
            "kind = \"yes-no\"",
            "kind = \"yes-no\"\noptions = []",
            "options-without-choice",
            "[]",
            "types.MLA-EVD.fields[5].options",
        ),
        (
            cyber,
            "at = [\"submit\", \"respond\", \"give-consent\"]",
            "at = [\"submit\", \"deliberate\"]",
            "unknown-code",
            "\"deliberate",
            "types.CY-INC.gates[6].at[2]",
        ),
        (cyber, "gate = \"SG-7\"", "gate = \"SG-9\"", "gate-local-only", "{ gate = \"SG-9", "types.CY-INC.gates[6]"),
        (
            cyber,
            "{ code = \"TRACED\",",
            "{ code = \"TRACED\", at = [\"submitted\"],",
            "step-at-closed-stage",
            "[\"submitted",
            "types.CY-INC.steps[5].at",
        ),
        (
            cyber,
            "{ code = \"TRACED\",",
            "{ code = \"TRACED\", per = [\"observed\"],",
            "unknown-field",
            "\"observed\"]",
            "types.CY-INC.steps[5].per[1]",
        ),
        (
            cyber,
            "{ code = \"TRACED\",",
            "{ code = \"TRACED\", before = [\"authorise\"],",
            "step-before-missing-act",
            "[\"authorise",
            "types.CY-INC.steps[5].before",
        ),
        (
            cyber,
            "{ code = \"TRACED\",",
            "{ code = \"TRACED\", within = \"20 wd\",",
            "step-within-nothing",
            "\"20 wd",
            "types.CY-INC.steps[5].within",
        ),
        (
            cyber,
            "extras = [\"preserve\"]",
            "extras = [\"respond\"]",
            "act-not-optional",
            "[\"respond",
            "types.CY-INC.extras",
        ),
        (
            mla,
            "at = [\"submit\", \"respond\", \"interim\"]",
            "at = [\"preserve\"]",
            "gate-at-missing-act",
            "[\"preserve",
            "types.MLA-EVD.gates[1].at",
        ),
        (
            cyber,
            "{ ground = \"RF-01\", ",
            "{ ground = \"RF-02\", ",
            "withheld-alone",
            "{ ground = \"RF-16\"",
            "types.CY-INC.grounds[9]",
        ),
        (
            cyber,
            "default_mark = \"TLP:AMBER\"",
            "default_mark = \"TLP:CLEAR\"",
            "mark-below-least",
            "CY-INC]",
            "types.CY-INC",
        ),
        (
            cyber,
            "may_receive = [\"GB-NCSC\", \"GB-NCA\", ",
            "may_receive = [",
            "type-without-office",
            "CY-INC]",
            "types.CY-INC",
        ),
        (cyber, "series = \"CY\"", "series = \"cyber\"", "bad-name", "\"cyber", "types.CY-INC.series"),
        (
            "calendars/cn.toml",
            "from = 2026-02-15",
            "from = \"2026-02-31\"",
            "bad-date",
            "\"2026-02-31",
            "calendar.years.2026.off[2].from",
        ),
        (
            "calendars/cn.toml",
            "to = 2026-02-23",
            "to = 2027-02-23",
            "out-of-range",
            "2027",
            "calendar.years.2026.off[2].to",
        ),
        (
            "calendars/cn.toml",
            "2026-01-04",
            "2026-01-05",
            "makeup-not-weekend",
            "2026-01-05",
            "calendar.years.2026.makeup[1]",
        ),
        (
            "calendars/cn.toml",
            "2026-01-04",
            "2025-01-04",
            "date-outside-year",
            "2025-01-04",
            "calendar.years.2026.makeup[1]",
        ),
        (
            "calendars/cn.toml",
            "\"Asia/Shanghai\"",
            "\"Asia/Nowhere\"",
            "bad-calendar",
            "\"Asia/Nowhere",
            "calendar.zone",
        ),
        (
            "types/joint-and-exchange.toml",
            "id = \"people\"\nkind = \"prose\"",
            "id = \"people\"\nkind = \"person\"",
            "field-of-persons",
            "{ carries",
            "types.XPR.limits[1]",
        ),
        (
            "types/cyber.toml",
            "empty = [\"locations\"]",
            "empty = [\"category\"]",
            "unknown-field",
            "\"category",
            "types.ICR.limits[2].empty[1]",
        ),
        (
            "types/cyber.toml",
            "is = [\"cse-hash\"]",
            "is = [\"cse-file\"]",
            "unknown-code",
            "\"cse-file",
            "types.ICR.limits[2].when.is[1]",
        ),
        (
            "types/cyber.toml",
            "\"hashes-only\"",
            "\"hashes\"",
            "unknown-code",
            "\"hashes",
            "types.ICR.limits[2].carries",
        ),
        (
            "types/cyber.toml",
            "id = \"observed\"\nkind = \"prose\"",
            "id = \"observed\"\nkind = \"prose\"\nform = \"hash\"",
            "form-without-lines",
            "\"hash",
            "types.CY-INC.fields[1].form",
        ),
        (
            "types/dialogue.toml",
            "held = \"HELD\", level = 2 }",
            "held = \"MET\", level = 2 }",
            "unknown-step",
            "\"MET",
            "types.DLG-PLN.meeting.held",
        ),
        (
            "types/dialogue.toml",
            "meeting = { dates = \"dates\"",
            "meeting = { dates = \"place\"",
            "unknown-field",
            "\"place",
            "types.DLG-PLN.meeting.dates",
        ),
        (
            "types/dialogue.toml",
            "areas = [\"organised-crime\", \"cyber\"]",
            "areas = [\"organised-crime\", \"weather\"]",
            "unknown-area",
            "\"weather",
            "types.DLG-LEC.meeting.areas[2]",
        ),
        ("calendars/cn.toml", "open = \"09:00\"", "open = \"9\"", "bad-time", "\"9\"", "calendar.open"),
        ("calendars/cn.toml", "\"saturday\"", "\"caturday\"", "unknown-code", "\"caturday", "calendar.weekend[1]"),
    ] {
        check(file, from, to, code, mark, key);
    }
}
