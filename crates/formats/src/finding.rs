//! What a reader found in foreign bytes: where, what by a stable code, and how bad.
//!
//! Owns the findings and their bound. Must not know any format.

use std::fmt;

use domain::menu::Menu;

pub use crate::code::{Code, LossCode};

/// Most findings kept of one reading: a person reads some dozens, and a hostile file must not fill the memory.
pub const FINDINGS_MAX: usize = 200;
/// Most characters of foreign input repeated in a finding.
const GOT_CHARS_MAX: usize = 80;

/// Every code a bundle of indicators may be refused by, so that a test can demand words for each in every language.
/// The codes of all formats are [`Code`].
pub const CODES: &[&str] = &[
    "bad-choice",
    "bad-hash",
    "bad-id",
    "bad-name",
    "bad-order",
    "bad-pattern",
    "bad-selector",
    "bad-time",
    "bad-type",
    "bad-value",
    "byte-order-mark",
    "conflict",
    "duplicate-key",
    "empty-list",
    "key-too-long",
    "lone-surrogate",
    "missing-property",
    "not-a-bundle",
    "not-a-number",
    "not-json",
    "not-utf8",
    "null-value",
    "number-range",
    "redefined-marking",
    "same-id",
    "text-too-long",
    "too-deep",
    "too-large",
    "too-many-objects",
    "too-many-values",
    "unknown-type",
    "wrong-kind",
    "wrong-version",
];

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

/// A value that was read, with what somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<T> {
    /// The value.
    pub value: T,
    /// What was found; none is an error.
    pub findings: Vec<Finding>,
    /// How many further findings were not kept.
    pub more: usize,
}

/// Bytes that are not read: the first error by its name, and everything found until the reader gave up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{first}")]
pub struct Refused {
    /// The first error.
    pub first: Box<Finding>,
    /// All that was found, in the order of the file.
    pub findings: Vec<Finding>,
    /// How many further findings were not kept.
    pub more: usize,
}

/// Something that did not come along, or that had to be put in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// What kind of loss, as a stable code.
    pub code: LossCode,
    /// What is lost, as a path of the source whose numbers are left out: `/objects/*/kill_chain_phases`.
    pub at: String,
    /// How often.
    pub count: usize,
    /// The first value lost, shortened; may be empty.
    pub first: String,
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
    /// How many findings are errors, kept or not.
    pub errors: usize,
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

    /// The first error, if there is one.
    #[must_use]
    pub fn first_error(&self) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.severity == Severity::Error)
    }
}

impl<T> Read<T> {
    /// The same as a value or a refusal.
    ///
    /// # Errors
    /// [`Refused`] when something found is an error.
    pub fn ruled(self) -> Result<Reading<T>, Refused> {
        let first = self.first_error().cloned();
        match (self.value, first) {
            (Some(value), _) => Ok(Reading { value, findings: self.findings, more: self.more }),
            (None, first) => {
                let lost = || Finding {
                    severity: Severity::Error,
                    code: Code::NotThisFormat.code(),
                    at: String::new(),
                    detail: "there is nothing of this format in it".to_owned(),
                };
                let first = Box::new(first.unwrap_or_else(lost));
                Err(Refused { first, findings: self.findings, more: self.more })
            }
        }
    }
}

impl Gathered {
    pub(crate) fn error(&mut self, code: Code, at: impl Into<String>, detail: impl Into<String>) {
        self.errors += 1;
        self.keep(Finding { severity: Severity::Error, code: code.code(), at: at.into(), detail: detail.into() });
    }

    pub(crate) fn warning(&mut self, code: Code, at: impl Into<String>, detail: impl Into<String>) {
        self.keep(Finding { severity: Severity::Warning, code: code.code(), at: at.into(), detail: detail.into() });
    }

    /// Gives the value or the refusal: what every reader ends with.
    pub(crate) fn ruled<T>(self, value: Option<T>) -> Result<Reading<T>, Refused> {
        self.into_read(value).ruled()
    }

    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// The reading's result: the value is let go when an error was found.
    pub(crate) fn into_read<T>(self, value: Option<T>) -> Read<T> {
        Read {
            value: value.filter(|_| self.errors == 0),
            findings: self.findings,
            more: self.more,
            errors: self.errors,
        }
    }

    fn keep(&mut self, finding: Finding) {
        // The first error is always kept: it is what is said of a file of which thousands of warnings came before.
        if self.findings.len() == FINDINGS_MAX && finding.severity == Severity::Error && self.errors == 1 {
            self.findings.pop();
            self.more += 1;
        }
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
