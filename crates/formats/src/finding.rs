//! What a reader found in foreign bytes: where, what by a stable code, and how bad.
//!
//! Owns the findings and their bound. Must not know any format.

use std::fmt;

/// Most findings kept of one reading: a person reads some dozens, and a hostile file must not fill the memory.
pub const FINDINGS_MAX: usize = 200;
/// Most characters of foreign input repeated in a finding.
const GOT_CHARS_MAX: usize = 80;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The value cannot be used.
    Error,
    /// It can; somebody should look.
    Warning,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What it is, as a stable code such as `missing-property`.
    pub code: &'static str,
    /// Where, as a JSON pointer (RFC 6901), or `line:column` while the bytes are not even JSON.
    pub at: String,
    /// What is wrong and what is wanted, in one line.
    pub detail: String,
}

/// What came of a reading: a value exactly when nothing found is an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read<T> {
    /// The value.
    pub value: Option<T>,
    /// What was found, in the order of the file; at most [`FINDINGS_MAX`].
    pub findings: Vec<Finding>,
    /// How many further findings were not kept.
    pub more: usize,
}

/// Findings as they are gathered.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    findings: Vec<Finding>,
    more: usize,
    errors: usize,
}

impl<T> Read<T> {
    /// Whether the value can be used.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.value.is_some()
    }
}

impl Gathered {
    pub(crate) fn error(&mut self, code: &'static str, at: impl Into<String>, detail: impl Into<String>) {
        self.errors += 1;
        self.keep(Finding { severity: Severity::Error, code, at: at.into(), detail: detail.into() });
    }

    pub(crate) fn warning(&mut self, code: &'static str, at: impl Into<String>, detail: impl Into<String>) {
        self.keep(Finding { severity: Severity::Warning, code, at: at.into(), detail: detail.into() });
    }

    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// The reading's result: the value is let go when an error was found.
    pub(crate) fn into_read<T>(self, value: Option<T>) -> Read<T> {
        Read { value: value.filter(|_| self.errors == 0), findings: self.findings, more: self.more }
    }

    fn keep(&mut self, finding: Finding) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }
}

/// Foreign input fit to be repeated: short, and without control characters.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(GOT_CHARS_MAX).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}: {}: {} [{}]", self.at, self.detail, self.code)
    }
}
