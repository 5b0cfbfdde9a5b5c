//! What differs between two versions of an instrument: what was added, taken out, and changed from what to what.
//!
//! Owns the comparison, as typed rows with the instrument's own words. Must not judge whether the one may follow the other
//! (`amendment`), nor make words of its own: parts and aspects are codes.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::instrument::Instrument;
use crate::menu::Menu;
use crate::text::Text;

mod sheet;

use sheet::{Key, Sheet};

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
    /// What an unkind hand may do to one line of a file: turn a yes, change a figure, add to a word, shorten a list, leave it
    /// out. What mostly leaves an instrument sound comes first.
    fn variants(line: &str) -> Vec<String> {
        let mut all = Vec::new();
        for (from, to) in [("true", "false"), ("false", "true")] {
            all.extend(line.contains(from).then(|| line.replacen(from, to, 1)));
        }
        if let Some(at) = line.rfind(|c: char| c.is_ascii_digit()) {
            let digit = if line.as_bytes()[at] == b'9' { '8' } else { char::from(line.as_bytes()[at] + 1) };
            all.push(format!("{}{digit}{}", &line[..at], &line[at + 1..]));
        }
        all.extend(line.rfind('"').map(|at| format!("{}x{}", &line[..at], &line[at..])));
        if let Some(at) = line.rfind(',').filter(|_| line.trim_end().ends_with(']') && !line.starts_with('[')) {
            all.push(format!("{}]", &line[..at]));
        }
        all.push(String::new());
        all
    }

    /// Whatever changes what an instrument says is told: each key of each kind of table, changed in each way that leaves the
    /// instrument sound.
    #[test]
    fn no_sound_change_is_passed_over() {
        let (files, before) = (shipped_files(), shipped());
        let (mut seen, mut sound) = (BTreeSet::new(), 0);
        for (place, file) in files.iter().enumerate() {
            let lines: Vec<&str> = file.text.lines().collect();
            for (at, line) in lines.iter().enumerate() {
                let key = line.split('=').next().unwrap_or_default().trim();
                // Where a thing was printed is told with the calendar's version; it binds nobody.
                let told = line.is_empty() || line.starts_with('#') || key == "source";
                if told || !seen.insert(key.to_owned()) {
                    continue;
                }
                let loaded = variants(line).into_iter().find_map(|variant| {
                    let mut lines = lines.clone();
                    lines[at] = &variant;
                    let mut changed = files.clone();
                    changed[place].text = lines.join("\n") + "\n";
                    Instrument::load(&changed).instrument.filter(|after| !after.says_as(&before)).zip(Some(variant))
                });
                let Some((after, variant)) = loaded else { continue };
                assert!(!difference(&before, &after).is_empty(), "{}: `{line}` to `{variant}`", file.name);
                sound += 1;
            }
        }
        assert!(sound > 60, "{sound} changes are enough to mean something");
    }
}
