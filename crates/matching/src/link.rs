//! Two lists linked: an index over one, questions from the other.
//!
//! Owns which pairs are worth comparing and in which order they come out. Must not know files or threads: whoever calls
//! shares the index among as many as there are, and the outcome does not depend on how many. Memory is the records and
//! twelve bytes for each key; a question takes a bounded number of comparisons.

use crate::key;
use crate::record::{Record, record_points};
use crate::score::POSSIBLE_FROM;

/// Records under one key beyond this many are not compared for that key alone: a key that common tells nobody apart.
pub const COMMON_MAX: usize = 300;
/// Comparisons for one question, the likeliest first.
pub const CANDIDATES_MAX: usize = 1_000;
/// Answers to one question.
pub const ANSWERS_MAX: usize = 20;

/// An index over a list of records.
#[derive(Debug)]
pub struct Index {
    records: Vec<Record>,
    /// Hashes of keys with the record's number, sorted.
    postings: Vec<(u64, u32)>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The number of the record in the indexed list.
    pub at: u32,
    /// How sure; [`crate::record::compare_records`] says why.
    pub points: u16,
}

impl Index {
    /// Indexes a list. Records beyond the four thousand millionth are not found.
    #[must_use]
    pub fn new(records: Vec<Record>) -> Self {
        let mut postings: Vec<(u64, u32)> =
            (0u32..).zip(&records).flat_map(|(at, r)| keys(r).into_iter().map(move |k| (k, at))).collect();
        postings.sort_unstable();
        postings.dedup();
        Self { records, postings }
    }

    /// The indexed records.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The best links of one record, best first, at most [`ANSWERS_MAX`], none below possible. With `beyond`, only
    /// records after that number: a list against itself.
    #[must_use]
    pub fn ask(&self, record: &Record, beyond: Option<u32>) -> Vec<Link> {
        let among = u64::try_from(self.records.len()).unwrap_or(u64::MAX);
        let mut found: Vec<Link> = self
            .candidates(record, beyond)
            .into_iter()
            .filter_map(|at| {
                let points = record_points(record, self.records.get(at as usize)?, among);
                (points >= POSSIBLE_FROM).then_some(Link { at, points })
            })
            .collect();
        found.sort_by_key(|link| (u16::MAX - link.points, link.at));
        found.truncate(ANSWERS_MAX);
        found
    }

    /// The records that share keys, those with the most first.
    fn candidates(&self, record: &Record, beyond: Option<u32>) -> Vec<u32> {
        let mut all: Vec<u32> = Vec::new();
        let mut common: Vec<&[(u64, u32)]> = Vec::new();
        for key in keys(record) {
            let start = self.postings.partition_point(|(known, _)| *known < key);
            let length = self.postings[start..].partition_point(|(known, _)| *known == key);
            let found = &self.postings[start..start + length];
            if length > COMMON_MAX {
                common.push(found);
            } else {
                all.extend(found.iter().map(|(_, at)| *at));
            }
        }
        // What is under two common keys is in few lists' common part of both.
        common.sort_by_key(|found| found.len());
        if let [first, second, ..] = common.as_slice() {
            let both = first.iter().filter(|(_, at)| second.binary_search_by_key(at, |(_, other)| *other).is_ok());
            all.extend(both.map(|(_, at)| *at).take(COMMON_MAX));
        } else if let ([only], true) = (common.as_slice(), all.is_empty()) {
            all.extend(only.iter().map(|(_, at)| *at).take(COMMON_MAX));
        }
        if let Some(beyond) = beyond {
            all.retain(|at| *at > beyond);
        }
        all.sort_unstable();
        let mut counted: Vec<(u32, u32)> = Vec::new();
        for at in all {
            match counted.last_mut() {
                Some((count, last)) if *last == at => *count += 1,
                _ => counted.push((1, at)),
            }
        }
        counted.sort_unstable_by_key(|(count, at)| (u32::MAX - count, *at));
        counted.truncate(CANDIDATES_MAX);
        counted.into_iter().map(|(_, at)| at).collect()
    }
}

/// The keys of a record, hashed: names by their fold, words of letters by their skeleton, dates, documents, places.
fn keys(record: &Record) -> Vec<u64> {
    let mut out: Vec<u64> = Vec::new();
    let born = record.born.map(crate::date::Born::canonical);
    for folded in key::folded(&record.name) {
        out.push(hash(b'n', &folded));
    }
    if let Some(han) = &record.name.han {
        let plain: String = han.plain.iter().collect();
        out.push(hash(b'h', &plain));
        // One character wrong or missing.
        for gone in 0..han.plain.len().min(8) {
            let rest: String = han.plain.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, c)| *c).collect();
            if han.plain.len() > 2 {
                out.push(hash(b'g', &rest));
            }
        }
    }
    if let Some(latin) = &record.name.latin {
        let mut words: Vec<String> =
            latin.words.iter().map(|w| skeleton(latin.word(*w))).filter(|s| !s.is_empty()).collect();
        words.sort_unstable();
        words.dedup();
        for (at, word) in words.iter().enumerate() {
            for other in &words[at + 1..] {
                out.push(hash(b'w', &format!("{word} {other}")));
            }
            if let Some(born) = &born {
                out.push(hash(b'b', &format!("{word} {born}")));
            }
        }
        if let [only] = words.as_slice() {
            out.push(hash(b'w', only));
        }
    }
    if let Some(born) = &born {
        for surname in key::surnames(&record.name) {
            out.push(hash(b's', &format!("{surname} {born}")));
        }
        out.push(hash(b'd', born));
    }
    if record.document.len() >= 4 {
        let folded = crate::document::folded(&record.document);
        out.push(hash(b'i', &folded));
        if folded.len() >= 6 {
            let half = folded.len() / 2;
            out.push(hash(b'j', &folded[..half]) ^ u64::try_from(folded.len()).unwrap_or(0));
            out.push(hash(b'k', &folded[half..]));
        }
    }
    out.extend(record.place.pairs().iter().map(|pair| hash(b'p', pair)));
    out.sort_unstable();
    out.dedup();
    out
}

/// The consonants of a word that slips and systems of spelling leave alone, the first letter folded.
fn skeleton(word: &str) -> String {
    let mut out = String::new();
    for (at, c) in word.chars().enumerate() {
        let c = match c {
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h' | 'w' if at > 0 => continue,
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' => 'a',
            'b' | 'p' => 'p',
            'd' | 't' => 't',
            'c' | 'k' | 'q' | 'g' => 'k',
            'j' | 'z' | 's' | 'x' => 's',
            'v' | 'f' | 'w' => 'f',
            'm' | 'n' => 'n',
            c => c,
        };
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// FNV-1a, 64 bits: the same on every machine.
fn hash(kind: u8, text: &str) -> u64 {
    let step = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    std::iter::once(kind).chain(text.bytes()).fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Fields;

    fn list(rows: &[(&str, &str, &str)]) -> Vec<Record> {
        rows.iter()
            .map(|(name, born, document)| Record::read(&Fields { name, born, document, ..Fields::default() }))
            .collect()
    }

    #[test]
    fn links() {
        fn check(asked: (&str, &str, &str), wanted: &[u32]) {
            let index = Index::new(list(&[
                ("郭偉強", "1961-08-04", ""),
                ("欧阳修", "1907-01-01", ""),
                ("Jackie Chan", "1954-04-07", ""),
                ("Margaret Smith", "1950-03-12", "P1234567"),
            ]));
            let [asked] = list(&[asked]).try_into().expect("one");
            let found: Vec<u32> = index.ask(&asked, None).into_iter().map(|link| link.at).collect();
            assert_eq!(found, wanted, "{asked:?}");
        }
        check(("KWOK Wai-keung", "1961-04-08", ""), &[0]);
        check(("Ouyang Xiu", "1907", ""), &[1]);
        check(("CHAN, Jackie", "", ""), &[2]);
        check(("Peggy Smyth", "1950-12-03", ""), &[3]);
        check(("", "", "PI234S67"), &[3]);
        check(("Nobody Else", "1999-09-09", "X0000000"), &[]);
        check(("", "", ""), &[]);
    }
}
