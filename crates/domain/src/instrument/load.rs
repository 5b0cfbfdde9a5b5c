//! From files to an instrument: parse each, gather the sections, read the rows, check the whole.
//!
//! Owns the order of that work, the limits on files and the hash. Must not know what any single row looks like
//! (`read` and its siblings) nor what must hold between rows (`check`).

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::de::DeTable;

use super::cursor::{Node, Report, SYNTAX, Spot, Table};
use super::finding::{Counts, Loaded, SourceFile};
use super::read::Reader;
use super::{Clause, Instrument, RequestType, check, read, read_calendar, read_gate, read_party, read_type};
use crate::calendar::Calendar;
use crate::ids::{Hash32, TypeCode};
use crate::text::Lang;

/// Largest file: the whole shipped instrument is a tenth of it, and every byte is held and walked.
pub const FILE_BYTES_MAX: usize = 4 << 20;
/// Signs that begin or part a value, a key or a table.
const MARKS: &[u8] = b"=[{,.";
/// Most of them in all files together: a value of three bytes takes some seven hundred once it is read, so that two megabytes
/// would take half a gigabyte. The largest instrument we know has an eighth of this.
const MARKS_MAX: usize = 1 << 17;
/// Most files of one instrument: one per area, language and calendar leaves ample room.
pub const FILES_MAX: usize = 64;
/// Most syntax faults reported per file: a quotation mark left out turns the rest of the file inside out, and what then
/// follows are echoes of the first.
const SYNTAX_FAULTS_MAX: usize = 3;
/// Separates this hash from every other use of SHA-256 in the house.
const HASH_DOMAIN: &[u8] = b"entente/instrument/1";

/// The sections a file may hold, and whether an instrument must have them.
const SECTIONS: &[(&str, bool)] = &[
    ("instrument", true),
    ("parties", true),
    ("crypto", true),
    ("areas", true),
    ("urgencies", true),
    ("roles", true),
    ("grounds", true),
    ("gates", true),
    ("ladder", true),
    ("clocks", true),
    ("offices", true),
    ("clause", true),
    ("types", true),
    ("bases", false),
    ("groups", false),
    ("term", false),
    ("norm", false),
    ("calendar", true),
];

/// Every section of every file, by name.
pub(super) struct Sections<'a>(BTreeMap<&'static str, Vec<Node<'a>>>);

/// The names that rows may refer to, gathered before any row is read.
#[derive(Default)]
pub(super) struct Known {
    /// The instrument's languages.
    pub(super) langs: Vec<Lang>,
    /// Names by section.
    names: BTreeMap<&'static str, BTreeSet<String>>,
    /// Whether every file could be parsed; if not, a missing name proves nothing.
    whole: bool,
}

/// See [`Instrument::load`].
pub(super) fn load(files: &[SourceFile]) -> Loaded {
    let mut report = Report::new(files);
    let mut counts = Counts { files: files.len(), ..Counts::default() };
    if files.len() > FILES_MAX {
        let got = files.len().to_string();
        let remedy = format!("at most {FILES_MAX} make an instrument");
        report.error(
            &Spot::nowhere(""),
            "too-many-files",
            &[("got", &got)],
            format!("{got} files are too many"),
            remedy,
        );
        return Loaded { instrument: None, calendars: BTreeMap::new(), findings: report.into_findings(), counts };
    }
    let parsed = parse(files, &mut report);
    let whole = report.errors() == 0;
    let sections = Sections::gather(&parsed, &mut report);
    let langs = read::langs(&sections, &mut report);
    let lone_calendar = sections.get("instrument").is_empty() && !sections.get("calendar").is_empty();
    // Without the head nobody knows the languages, and every text of every file would be found wanting for it.
    if !whole && sections.get("instrument").is_empty() {
        return Loaded { instrument: None, calendars: BTreeMap::new(), findings: report.into_findings(), counts };
    }
    // What a missing section would have named is not unknown: it is missing, which is said once.
    let whole = whole && (lone_calendar || sections.demand(&mut report));
    let known = Known::gather(&sections, langs, whole);
    let mut reader = Reader::new(&mut report, &known);
    let calendars = read_calendar::calendars(&sections, &mut reader);
    counts.calendars = calendars.len();
    let instrument = assemble(&sections, &calendars, &mut reader, &mut counts, files);
    let sound = report.errors() == 0;
    Loaded { instrument: instrument.filter(|_| sound), calendars, findings: report.into_findings(), counts }
}

/// Parses every file that may be parsed; a file that may not, or is broken, yields its findings and nothing else.
pub(super) fn parse<'a>(files: &'a [SourceFile], report: &mut Report<'_>) -> Vec<(usize, Spanned<DeTable<'a>>)> {
    let mut parsed = Vec::new();
    let marks = files.iter().flat_map(|file| file.text.bytes()).filter(|byte| MARKS.contains(byte)).count();
    if marks > MARKS_MAX {
        let remedy = format!("at most {MARKS_MAX} signs that begin or part values, all files together");
        let said = format!("{marks} are too many");
        report.error(&Spot::nowhere(""), "too-many-values", &[("got", &marks.to_string())], said, remedy);
        return parsed;
    }
    let mut names = BTreeSet::new();
    for (place, file) in files.iter().enumerate() {
        let spot = Spot::file(place);
        if !names.insert(file.name.as_str()) {
            report.error(
                &spot,
                "duplicate-file",
                &[("name", &file.name)],
                format!("`{}` is given twice", file.name),
                "name each file once",
            );
            continue;
        }
        if file.text.len() > FILE_BYTES_MAX {
            let got = file.text.len().to_string();
            let remedy = format!("at most {FILE_BYTES_MAX} bytes; split it");
            report.error(&spot, "file-too-large", &[("bytes", &got)], format!("{got} bytes are too many"), remedy);
            continue;
        }
        let (table, faults) = DeTable::parse_recoverable(&file.text);
        let mut faults: Vec<_> =
            faults.iter().map(|fault| (fault.span().map_or(0, |span| span.start), fault)).collect();
        faults.sort_by_key(|(start, _)| *start);
        for (start, fault) in faults.iter().take(SYNTAX_FAULTS_MAX) {
            let at = Spot::at(place, *start);
            let what = fault.message().replace('\n', " ");
            report.error(&at, SYNTAX, &[("what", &what)], format!("this is not TOML: {what}"), "see https://toml.io");
        }
        if faults.is_empty() {
            parsed.push((place, table));
        }
    }
    parsed
}

/// SHA-256 over the files by name: domain, then for each its name's length, its name and the hash of its text.
fn hash(files: &[SourceFile]) -> Hash32 {
    let mut sorted: Vec<&SourceFile> = files.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut whole = Sha256::new();
    whole.update(HASH_DOMAIN);
    for file in sorted {
        whole.update((file.name.len() as u64).to_be_bytes());
        whole.update(file.name.as_bytes());
        whole.update(Sha256::digest(file.text.as_bytes()));
    }
    Hash32(whole.finalize().into())
}

/// Reads every row, checks the whole and builds the instrument when its head could be read.
fn assemble(
    sections: &Sections<'_>,
    calendars: &BTreeMap<String, Calendar>,
    reader: &mut Reader<'_, '_>,
    counts: &mut Counts,
    files: &[SourceFile],
) -> Option<Instrument> {
    let head = read::head(sections, reader);
    let parties = read_party::parties(sections, reader, calendars);
    let offices = read_party::offices(sections, reader);
    let areas = read::areas(sections, reader);
    let mut clauses = read::clauses(sections, reader);
    reader.bases = read_gate::bases(sections, reader);
    let norms = read::norms(sections, reader);
    reader.norms = norms.iter().map(|norm| (norm.id.clone(), norm.named())).collect();
    let mut types = read_type::types(sections, reader);
    join(&mut clauses, &mut types);
    let read::Head { id, version, amends, title, text_status } = head.unwrap_or_default();
    let instrument = Instrument {
        hash: hash(files),
        sources: files.into(),
        id,
        version,
        amends,
        title,
        text_status,
        langs: reader.known.langs.clone(),
        parties,
        offices,
        areas,
        clauses,
        types,
        urgencies: read::urgencies(sections, reader),
        roles: read::roles(sections, reader),
        grounds: read::grounds(sections, reader),
        gates: read::gates(sections, reader),
        ladder: read::ladder(sections, reader),
        glossary: read::terms(sections, reader),
        norms,
    };
    count(&instrument, counts);
    if sections.get("instrument").is_empty() {
        return None;
    }
    // What holds between rows can be judged only when every row could be read.
    if reader.known.whole {
        check::check(&instrument, reader);
    }
    Some(instrument)
}

/// A clause may name the types that carry it out, and a type its clauses: either is enough, and both sides then know.
fn join(clauses: &mut [Clause], types: &mut BTreeMap<TypeCode, RequestType>) {
    for clause in clauses {
        for code in &clause.types {
            if let Some(row) = types.get_mut(code).filter(|row| !row.clauses.contains(&clause.id)) {
                row.clauses.push(clause.id.clone());
            }
        }
        let naming = types.values().filter(|row| row.clauses.contains(&clause.id)).map(|row| row.code.clone());
        clause.types = naming.collect();
    }
}

fn count(instrument: &Instrument, counts: &mut Counts) {
    counts.parties = instrument.parties.len();
    counts.offices = instrument.offices.len();
    counts.areas = instrument.areas.len();
    counts.clauses = instrument.clauses.len();
    counts.types = instrument.types.len();
    counts.types_on = instrument.types.values().filter(|row| row.status == super::TypeStatus::On).count();
    counts.gates = instrument.gates.len();
    counts.grounds = instrument.grounds.len();
    counts.rungs = instrument.ladder.len();
    counts.terms = instrument.glossary.len();
    counts.norms = instrument.norms.len();
}

impl<'a> Sections<'a> {
    fn gather(parsed: &'a [(usize, Spanned<DeTable<'a>>)], report: &mut Report<'_>) -> Self {
        let mut by_name: BTreeMap<&'static str, Vec<Node<'a>>> = BTreeMap::new();
        for (file, table) in parsed {
            for (name, node) in Table::root(*file, table.get_ref()).entries() {
                match SECTIONS.iter().find(|(known, _)| *known == name) {
                    Some((known, _)) => by_name.entry(known).or_default().push(node),
                    None => {
                        let known = SECTIONS.iter().map(|(known, _)| *known);
                        report.unknown(node.spot(), "unknown-section", "section", &name, known);
                    }
                }
            }
        }
        Self(by_name)
    }

    /// The section of that name in every file that has it.
    pub(super) fn get(&self, name: &str) -> &[Node<'a>] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The entries of a section, over all files, each name once.
    pub(super) fn entries(&self, report: &mut Report<'_>, name: &str) -> Vec<(String, Node<'a>)> {
        let mut seen = BTreeSet::new();
        let mut entries = Vec::new();
        for node in self.get(name) {
            for (key, entry) in node.table(report).map(|table| table.entries()).unwrap_or_default() {
                if seen.insert(key.clone()) {
                    entries.push((key, entry));
                } else {
                    let message = format!("`{key}` is there already, in another file");
                    report.error(entry.spot(), "duplicate", &[("name", &key)], message, "keep one of them");
                }
            }
        }
        entries
    }

    /// The items of a section that is a list, over all files.
    pub(super) fn items(&self, report: &mut Report<'_>, name: &str) -> Vec<Node<'a>> {
        self.get(name).iter().flat_map(|node| node.list(report).unwrap_or_default()).collect()
    }

    /// The names a section gives to its rows: the ids of a list or of a calendar, the keys of anything else.
    fn names(&self, mute: &mut Report<'_>, section: &str) -> BTreeSet<String> {
        let id = |node: &Node<'_>| node.table(mute)?.optional("id")?.line(mute);
        match section {
            "calendar" => self.get(section).iter().filter_map(id).collect(),
            "clause" | "norm" => self.items(&mut Report::new(&[]), section).iter().filter_map(id).collect(),
            "ladder" | "term" => BTreeSet::new(),
            _ => self.entries(mute, section).into_iter().map(|(key, _)| key).collect(),
        }
    }

    /// Notes every section that must be there and is not; answers whether all are.
    fn demand(&self, report: &mut Report<'_>) -> bool {
        let before = report.errors();
        for (name, _) in SECTIONS.iter().filter(|(name, wanted)| *wanted && self.get(name).is_empty()) {
            let remedy = format!("add [{name}], or give the file that holds it");
            report.error(
                &Spot::nowhere(name),
                "missing-section",
                &[("name", name)],
                format!("no file has [{name}]"),
                remedy,
            );
        }
        report.errors() == before
    }
}

impl Known {
    fn gather(sections: &Sections<'_>, langs: Vec<Lang>, whole: bool) -> Self {
        // Faults of these sections are reported when their rows are read; a second report would be noise.
        let mut mute = Report::new(&[]);
        let mut names: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
        for (section, _) in SECTIONS {
            names.insert(section, sections.names(&mut mute, section));
        }
        Self { langs, names, whole }
    }

    /// Whether every file could be read and no section is missing: if not, what is not there proves nothing.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    /// The names of a section, when they can be trusted to be all.
    pub(super) fn of(&self, section: &str) -> Option<&BTreeSet<String>> {
        self.whole.then(|| self.names.get(section)).flatten()
    }
}
