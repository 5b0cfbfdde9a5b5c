//! Walking TOML by hand, with every fault noted at its place and none ending the walk.
//!
//! Owns `Report` (the findings), `Node` and `Table` (a value or table with its place and dotted key). Must not know
//! what an instrument contains.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Time};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::finding::{Finding, Severity, SourceFile};
use crate::deadline::{BadSpan, SPAN_MAX, Span};
use crate::menu::Menu;
use crate::text::{Lang, Text};

/// Most characters in a line: names and labels must fit a form.
pub(super) const LINE_CHARS_MAX: usize = 300;
/// Most characters in one language of a text: a clause or a question, not a treatise.
pub(super) const TEXT_CHARS_MAX: usize = 4000;
/// Most findings kept: a person stops reading long before, and a broken file must not fill memory.
const FINDINGS_MAX: usize = 1000;
/// The code of what is not TOML.
pub(super) const SYNTAX: &str = "toml-syntax";
/// The code of a span that nothing says: one left out of those all types share is wanting in every type.
pub(super) const MISSING_CLOCK: &str = "missing-clock";
/// Longest word compared for "did you mean": no name is longer, and the comparison is quadratic.
const GUESS_CHARS_MAX: usize = 48;
/// Most names looked through for one guess, and most guesses in one reading: who mends so many reads it again, and a file full of
/// unknown names must not cost their number times that of the known ones.
const GUESS_NAMES_MAX: usize = 512;
const GUESSES_MAX: usize = 100;

/// A place in a file with the dotted key that stands there.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    file: usize,
    offset: usize,
    key: String,
}

/// The findings so far, and the files they speak of.
pub(super) struct Report<'a> {
    files: &'a [SourceFile],
    line_starts: Vec<Vec<usize>>,
    findings: Vec<Finding>,
    guesses: usize,
}

/// A value with its place.
pub(super) struct Node<'a> {
    value: &'a DeValue<'a>,
    spot: Spot,
}

/// A table being read: it remembers which keys were asked for.
pub(super) struct Table<'a> {
    map: &'a DeTable<'a>,
    spot: Spot,
    asked: Vec<&'static str>,
}

impl Spot {
    /// The start of a file.
    pub(super) fn file(file: usize) -> Self {
        Self { file, offset: 0, key: String::new() }
    }

    /// A byte of a file.
    pub(super) fn at(file: usize, offset: usize) -> Self {
        Self { file, offset, key: String::new() }
    }

    /// The set of files as a whole.
    pub(super) fn nowhere(key: &str) -> Self {
        Self { file: usize::MAX, offset: 0, key: key.to_owned() }
    }
}

impl<'a> Report<'a> {
    pub(super) fn new(files: &'a [SourceFile]) -> Self {
        let line_starts = files
            .iter()
            .map(|file| std::iter::once(0).chain(file.text.match_indices('\n').map(|(at, _)| at + 1)).collect())
            .collect();
        Self { files, line_starts, findings: Vec::new(), guesses: 0 }
    }

    /// Notes an error.
    pub(super) fn error(
        &mut self,
        spot: &Spot,
        code: &'static str,
        args: &[(&'static str, &str)],
        message: String,
        remedy: impl Into<String>,
    ) {
        self.note(Severity::Error, spot, code, args, message, remedy.into());
    }

    /// Notes a warning.
    pub(super) fn warning(
        &mut self,
        spot: &Spot,
        code: &'static str,
        args: &[(&'static str, &str)],
        message: String,
        remedy: impl Into<String>,
    ) {
        self.note(Severity::Warning, spot, code, args, message, remedy.into());
    }

    /// A name that is in none of the lists: says which kind, and guesses what was meant.
    pub(super) fn unknown<'s>(
        &mut self,
        spot: &Spot,
        code: &'static str,
        kind: &str,
        got: &str,
        known: impl Iterator<Item = &'s str> + Clone,
    ) {
        let got = cut(got);
        self.guesses += 1;
        let guess = (self.guesses <= GUESSES_MAX).then(|| nearest(&got, known.clone())).flatten();
        let remedy = match guess {
            Some(guess) => format!("did you mean `{guess}`?"),
            None => {
                let list: Vec<&str> = known.take(12).collect();
                if list.is_empty() {
                    format!("remove it, or declare the {kind}")
                } else {
                    format!("known: {}", list.join(", "))
                }
            }
        };
        self.error(spot, code, &[("kind", kind), ("got", &got)], format!("`{got}` is not a known {kind}"), remedy);
    }

    /// How many errors were noted.
    pub(super) fn errors(&self) -> usize {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
    }

    /// The findings by file and line, those first that keep a file from being read at all: the others may be no more
    /// than their echo. What is wanting in many places for one cause is found once, at the first.
    pub(super) fn into_findings(mut self) -> Vec<Finding> {
        let rank = |name: &str| self.files.iter().position(|file| file.name == name).unwrap_or(usize::MAX);
        self.findings.sort_by_cached_key(|finding| {
            (finding.code != SYNTAX, rank(&finding.file), finding.line, finding.column, finding.code)
        });
        let mut firsts: BTreeMap<_, usize> = BTreeMap::new();
        let mut kept: Vec<(Finding, usize)> = Vec::new();
        for finding in self.findings {
            let repeats = finding.code.starts_with("unknown-") || finding.code == MISSING_CLOCK;
            match firsts.entry((finding.code, finding.args.clone())) {
                Entry::Occupied(first) if repeats => {
                    if let Some((_, more)) = kept.get_mut(*first.get()) {
                        *more += 1;
                    }
                }
                entry => {
                    entry.insert_entry(kept.len());
                    kept.push((finding, 0));
                }
            }
        }
        let said = |(mut finding, more): (Finding, usize)| {
            if more > 0 {
                finding.message = format!("{}, here and in {more} more places", finding.message);
            }
            finding
        };
        kept.into_iter().map(said).collect()
    }

    fn note(
        &mut self,
        severity: Severity,
        spot: &Spot,
        code: &'static str,
        args: &[(&'static str, &str)],
        message: String,
        remedy: String,
    ) {
        if self.findings.len() >= FINDINGS_MAX {
            return;
        }
        let (file, line, column) = self.place(spot);
        self.findings.push(Finding {
            severity,
            file,
            line,
            column,
            key: spot.key.chars().take(LINE_CHARS_MAX).collect(),
            code,
            args: args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
            message,
            remedy,
        });
    }

    /// File, line and column in characters, both from 1.
    fn place(&self, spot: &Spot) -> (String, usize, usize) {
        let (Some(file), Some(starts)) = (self.files.get(spot.file), self.line_starts.get(spot.file)) else {
            return (String::new(), 1, 1);
        };
        let line = starts.partition_point(|start| *start <= spot.offset).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0);
        let before = file.text.get(start..spot.offset.min(file.text.len())).unwrap_or("");
        (file.name.clone(), line, before.chars().count() + 1)
    }
}

impl<'a> Node<'a> {
    /// Where it stands.
    pub(super) fn spot(&self) -> &Spot {
        &self.spot
    }

    /// Whether it is a string, where a name and a table may both stand.
    pub(super) fn is_string(&self) -> bool {
        matches!(self.value, DeValue::String(_))
    }

    /// It as a table.
    pub(super) fn table(&self, report: &mut Report<'_>) -> Option<Table<'a>> {
        match self.value {
            DeValue::Table(map) => Some(Table { map, spot: self.spot.clone(), asked: Vec::new() }),
            _ => self.wrong(report, "a table"),
        }
    }

    /// It as a list.
    pub(super) fn list(&self, report: &mut Report<'_>) -> Option<Vec<Node<'a>>> {
        let DeValue::Array(items) = self.value else { return self.wrong(report, "a list") };
        Some(items.iter().enumerate().map(|(place, item)| self.item(place, item)).collect())
    }

    /// It as a string that is not blank and no longer than `chars_max`.
    pub(super) fn string(&self, report: &mut Report<'_>, chars_max: usize) -> Option<String> {
        let DeValue::String(text) = self.value else { return self.wrong(report, "a string in quotation marks") };
        if text.trim().is_empty() {
            report.error(&self.spot, "empty-text", &[], "the text is empty".to_owned(), "write it, or remove the key");
            return None;
        }
        let chars = text.chars().count();
        if chars > chars_max {
            let (chars, most) = (chars.to_string(), chars_max.to_string());
            let args = [("chars", chars.as_str()), ("chars_max", most.as_str())];
            report.error(
                &self.spot,
                "text-too-long",
                &args,
                format!("{chars} characters are too many"),
                format!("at most {most}"),
            );
            return None;
        }
        Some(text.to_string())
    }

    /// It as a short line.
    pub(super) fn line(&self, report: &mut Report<'_>) -> Option<String> {
        self.string(report, LINE_CHARS_MAX)
    }

    /// It as yes or no.
    pub(super) fn yes(&self, report: &mut Report<'_>) -> Option<bool> {
        match self.value {
            DeValue::Boolean(yes) => Some(*yes),
            _ => self.wrong(report, "true or false"),
        }
    }

    /// It as a whole number between `least` and `most`.
    pub(super) fn number(&self, report: &mut Report<'_>, least: u32, most: u32) -> Option<u32> {
        let DeValue::Integer(number) = self.value else { return self.wrong(report, "a whole number") };
        let read = u32::from_str_radix(number.as_str(), number.radix()).ok();
        if let Some(number) = read.filter(|number| (least..=most).contains(number)) {
            return Some(number);
        }
        let got = cut(number.as_str());
        let args = [("got", got.as_str())];
        let remedy = format!("write a number from {least} to {most}");
        report.error(&self.spot, "out-of-range", &args, format!("`{got}` is out of range"), remedy);
        None
    }

    /// It as a choice of a menu.
    pub(super) fn choice<M: Menu>(&self, report: &mut Report<'_>, kind: &str) -> Option<M> {
        let code = self.line(report)?;
        let choice = M::from_code(&code);
        if choice.is_none() {
            report.unknown(&self.spot, "unknown-code", kind, &code, M::ALL.iter().map(|(_, code)| *code));
        }
        choice
    }

    /// It as one of the names in `known`; any name at all when the list is not to be trusted (`None`).
    pub(super) fn one_of(
        &self,
        report: &mut Report<'_>,
        code: &'static str,
        kind: &str,
        known: Option<&BTreeSet<String>>,
    ) -> Option<String> {
        let name = self.line(report)?;
        match known {
            Some(known) if !known.contains(&name) => {
                report.unknown(&self.spot, code, kind, &name, known.iter().map(String::as_str));
                None
            }
            _ => Some(name),
        }
    }

    /// It as a span; nought is a fault unless `zero_allowed`.
    pub(super) fn span(&self, report: &mut Report<'_>, zero_allowed: bool) -> Option<Span> {
        let text = self.line(report)?;
        let (code, message) = match Span::parse(&text) {
            Ok(span) if span.is_zero() && !zero_allowed => {
                ("span-zero", "a clock of no length is always overdue".to_owned())
            }
            Ok(span) => return Some(span),
            Err(BadSpan::Form(got)) => ("bad-span", format!("`{got}` is not a span")),
            Err(BadSpan::TooLong(got)) => ("span-too-long", format!("`{got}` is more than {SPAN_MAX}")),
        };
        let remedy = "write working days as `10 wd`, calendar days as `60 cd`, hours as `4 h`, or `needed-by`";
        report.error(&self.spot, code, &[("got", &cut(&text))], message, remedy);
        None
    }

    /// It as a day: a TOML date, or a string.
    pub(super) fn date(&self, report: &mut Report<'_>) -> Option<Date> {
        let got = match self.value {
            DeValue::Datetime(stamp) => stamp.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => return self.wrong(report, "a date"),
        };
        let date = (got.len() == 10).then(|| got.parse::<Date>().ok()).flatten();
        if date.is_none() {
            let got = cut(&got);
            report.error(
                &self.spot,
                "bad-date",
                &[("got", &got)],
                format!("`{got}` is not a date"),
                "write year, month and day: 2026-01-31",
            );
        }
        date
    }

    /// It as a time of day: a string or TOML time.
    pub(super) fn time(&self, report: &mut Report<'_>) -> Option<Time> {
        let got = match self.value {
            DeValue::Datetime(stamp) => stamp.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => return self.wrong(report, "a time of day"),
        };
        let time = (got.len() == 5 || got.len() == 8).then(|| got.parse::<Time>().ok()).flatten();
        if time.is_none() {
            let got = cut(&got);
            report.error(
                &self.spot,
                "bad-time",
                &[("got", &got)],
                format!("`{got}` is not a time of day"),
                "write hours and minutes: \"09:00\"",
            );
        }
        time
    }

    /// It as a text in every language of `langs`. Faults are noted; what is there is returned all the same.
    pub(super) fn text(&self, report: &mut Report<'_>, langs: &[Lang]) -> Option<Text> {
        self.text_beside(report, langs, &[])
    }

    /// The same where keys of other meaning stand beside the languages.
    pub(super) fn text_beside(&self, report: &mut Report<'_>, langs: &[Lang], beside: &[&str]) -> Option<Text> {
        let table = self.table(report)?;
        let mut words = BTreeMap::new();
        for (name, node) in table.entries().into_iter().filter(|(name, _)| !beside.contains(&name.as_str())) {
            match langs.iter().find(|lang| lang.as_str() == name) {
                Some(lang) => {
                    if let Some(text) = node.string(report, TEXT_CHARS_MAX) {
                        words.insert(lang.clone(), text);
                    }
                }
                None => {
                    report.unknown(&node.spot, "unknown-language", "language", &name, langs.iter().map(Lang::as_str))
                }
            }
        }
        for lang in langs.iter().filter(|lang| !table.map.contains_key(lang.as_str())) {
            let args = [("lang", lang.as_str())];
            let remedy = format!("write the text in `{lang}` too: the languages are equally authentic");
            report.error(&self.spot, "missing-language", &args, format!("the text in `{lang}` is missing"), remedy);
        }
        Some(Text::new(words))
    }

    fn item(&self, place: usize, item: &'a Spanned<DeValue<'a>>) -> Node<'a> {
        let spot =
            Spot { file: self.spot.file, offset: item.span().start, key: format!("{}[{}]", self.spot.key, place + 1) };
        Node { value: item.get_ref(), spot }
    }

    fn wrong<T>(&self, report: &mut Report<'_>, wanted: &str) -> Option<T> {
        let got = self.value.type_str();
        let args = [("wanted", wanted), ("got", got)];
        report.error(
            &self.spot,
            "wrong-type",
            &args,
            format!("a value of type {got} stands here"),
            format!("write {wanted}"),
        );
        None
    }
}

impl<'a> Table<'a> {
    /// The whole of a file.
    pub(super) fn root(file: usize, map: &'a DeTable<'a>) -> Self {
        Self { map, spot: Spot::file(file), asked: Vec::new() }
    }

    /// The value of a key that may be absent.
    pub(super) fn optional(&mut self, name: &'static str) -> Option<Node<'a>> {
        self.asked.push(name);
        self.map.get_key_value(name).map(|(key, value)| self.node(key.span().start, name, value))
    }

    /// The value of a key that must stand.
    pub(super) fn required(&mut self, report: &mut Report<'_>, name: &'static str) -> Option<Node<'a>> {
        let node = self.optional(name);
        if node.is_none() {
            let spot = self.child(self.spot.offset, name);
            report.error(
                &spot,
                "missing-key",
                &[("name", name)],
                format!("`{name}` is missing"),
                format!("add `{name}`"),
            );
        }
        node
    }

    /// Every entry in the order of the file, whatever its key.
    pub(super) fn entries(&self) -> Vec<(String, Node<'a>)> {
        let mut entries: Vec<_> = self.map.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
            .into_iter()
            .map(|(key, value)| {
                let name = key.get_ref().to_string();
                let node = self.node(key.span().start, &name, value);
                (name, node)
            })
            .collect()
    }

    /// Notes every key that was never asked for.
    pub(super) fn finish(self, report: &mut Report<'_>) {
        for (key, _) in self.map {
            let name = key.get_ref().as_ref();
            if !self.asked.contains(&name) {
                let spot = self.child(key.span().start, name);
                report.unknown(&spot, "unknown-key", "key", name, self.asked.iter().copied());
            }
        }
    }

    /// A table is placed at its key, a value at itself: where a person would look first.
    fn node(&self, key_at: usize, name: &str, value: &'a Spanned<DeValue<'a>>) -> Node<'a> {
        let offset = if value.get_ref().is_table() { key_at } else { value.span().start };
        Node { value: value.get_ref(), spot: self.child(offset, name) }
    }

    fn child(&self, offset: usize, name: &str) -> Spot {
        let key = if self.spot.key.is_empty() { cut(name) } else { format!("{}.{}", self.spot.key, cut(name)) };
        Spot { file: self.spot.file, offset, key }
    }
}

/// The first characters of something a file says, for a message.
pub(super) fn cut(text: &str) -> String {
    text.chars().take(GUESS_CHARS_MAX).collect()
}

/// The known name closest to `got`, when it is close enough to have been meant.
fn nearest<'s>(got: &str, known: impl Iterator<Item = &'s str>) -> Option<&'s str> {
    let near = |name: &&str| distance(got, name);
    let short = |name: &&str| name.chars().count() <= GUESS_CHARS_MAX;
    let best = known.take(GUESS_NAMES_MAX).filter(short).min_by_key(near)?;
    let most = (best.chars().count() / 3).max(1);
    (distance(got, best) <= most).then_some(best)
}

/// Edit distance (Levenshtein), letter case aside.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.to_lowercase().chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let change = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
