//! The list of weaknesses an advisory may name (6.1.11): CWE by MITRE, versions 3.0 to 4.17.
//!
//! Owns the list: one line a weakness, its number and every name it has borne, the newest first. Must not know what is
//! vulnerable.

use std::collections::BTreeMap;

use serde_json::Value;

use super::text;
use crate::finding::{Code, Gathered, shown};

const LIST: &str = include_str!("cwe.tsv");
/// How far beyond its last number a list may be outgrown. MITRE adds some ten a year; a number further off is none.
const NEWER_MAX: u32 = 100;

/// The weaknesses by number.
pub(super) struct Weaknesses {
    names: BTreeMap<u32, Vec<&'static str>>,
}

impl Weaknesses {
    pub(super) fn new() -> Self {
        let entry = |line: &'static str| {
            let mut parts = line.split('\t');
            let number = parts.next()?.parse().ok()?;
            Some((number, parts.collect()))
        };
        Self { names: LIST.lines().filter_map(entry).collect() }
    }

    /// Judges the `cwe` of a vulnerability.
    pub(super) fn judge(&self, cwe: &Value, at: &str, found: &mut Gathered) {
        let (id, name) = (text(cwe, &["id"]), text(cwe, &["name"]));
        let (Some(id), Some(name)) = (id, name) else {
            found.error(Code::MissingProperty, at, "a weakness has an id and a name");
            return;
        };
        let number = id.strip_prefix("CWE-").filter(|digits| {
            (1..=6).contains(&digits.len())
                && !digits.starts_with('0')
                && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
        let Some(number) = number.and_then(|digits| digits.parse::<u32>().ok()) else {
            found.error(Code::BadId, format!("{at}/id"), format!("`{}` is no id of a weakness", shown(id)));
            return;
        };
        let last = self.names.keys().next_back().copied().unwrap_or_default();
        match self.names.get(&number) {
            Some(names) if names.contains(&name) => {}
            Some(names) => {
                let words = format!("`{}` is called `{}` (6.1.11)", shown(id), names.first().unwrap_or(&""));
                found.error(Code::Conflict, format!("{at}/name"), words);
            }
            None if (last + 1..=last + NEWER_MAX).contains(&number) => {
                let words = format!("`{}` is newer than the list here, or none", shown(id));
                found.warning(Code::Unknown, format!("{at}/id"), words);
            }
            None => {
                found.error(Code::BadId, format!("{at}/id"), format!("there is no weakness `{}` (6.1.11)", shown(id)));
            }
        }
    }
}
