//! What the checker has to say about a file, and what a load yields.
//!
//! Owns `Finding` (code, place, remedy) and the counts. Must not know how a fault is found, nor translate its message:
//! the code and its arguments are for that.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::Instrument;
use crate::calendar::Calendar;

/// One file of an instrument, already read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its name relative to the instrument's folder; part of the hash.
    pub name: String,
    /// Its contents.
    pub text: String,
}

/// What came of a load.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The instrument, when nothing was wrong and the files hold one (a lone calendar does not).
    pub instrument: Option<Instrument>,
    /// The calendars among the files, by id; a newly published one can be loaded by itself.
    pub calendars: BTreeMap<String, Calendar>,
    /// Everything found, in the order of files and lines.
    pub findings: Vec<Finding>,
    /// What was read, sound or not.
    pub counts: Counts,
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The instrument cannot be used.
    Error,
    /// It can, but somebody should look.
    Warning,
}

/// One thing found, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How grave.
    pub severity: Severity,
    /// The file's name; empty when it concerns the set of files.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The dotted key it concerns, for example `types.CY-INC.clocks.U3.ack`; may be empty.
    pub key: String,
    /// What it is, stable, kebab-case.
    pub code: &'static str,
    /// What the message speaks of, by name, for translation.
    pub args: Vec<(&'static str, String)>,
    /// What is wrong, in English.
    pub message: String,
    /// What to do about it, in English.
    pub remedy: String,
}

/// How much was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Files.
    pub files: usize,
    /// Parties.
    pub parties: usize,
    /// Offices.
    pub offices: usize,
    /// Areas of cooperation.
    pub areas: usize,
    /// Clauses.
    pub clauses: usize,
    /// Request types, declared ones included.
    pub types: usize,
    /// Request types in force.
    pub types_on: usize,
    /// Safeguards with words.
    pub gates: usize,
    /// Grounds of refusal with words.
    pub grounds: usize,
    /// Rungs of the ladder.
    pub rungs: usize,
    /// Glossary terms.
    pub terms: usize,
    /// Norms.
    pub norms: usize,
    /// Calendars.
    pub calendars: usize,
}

impl Loaded {
    /// How many findings are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grave = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{}:{}:{}: {grave}[{}]: ", self.file, self.line, self.column, self.code)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        write!(f, "{}; {}", self.message, self.remedy)
    }
}
