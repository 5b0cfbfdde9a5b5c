//! Why a step of a private matching may not be taken.
//!
//! Owns the bars, their codes and arguments.

/// What stands in a step's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the arguments of the message with the variant's code")]
pub enum MatchBar {
    /// The type does not match.
    NotOffered,
    /// Another step comes first.
    TooEarly,
    /// It was done.
    Done,
    /// The secrets of the epoch are destroyed.
    Ended,
    /// No batch or list has so many places.
    Size { found: u32 },
    /// More than is left to be asked.
    Spent { asked: u32, left: u32 },
    /// Another list than the one announced.
    OtherList,
    /// Another transcript than the one the other side signed.
    OtherTranscript,
    /// Another share of chance than the one that was bound.
    OtherShare,
    /// Not the one file it travels in.
    Files,
    /// An audit waits for what would be destroyed.
    AuditOpen,
    /// No more audits in this case.
    Audits,
    /// A name without a date of birth.
    NameOnly,
    /// Nothing to ask for can be made of what is known.
    NoKey,
    /// The list is shorter than may be asked.
    FewRecords { found: u32, least: u32 },
    /// More records or keys than may be taken at once.
    TooMany { found: u32, most: u32 },
    /// The file of the other side is not what its act says.
    Unsound,
    /// The secrets are not here.
    NoSecret,
}

impl MatchBar {
    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotOffered => "match-not-offered",
            Self::TooEarly => "match-too-early",
            Self::Done => "match-done",
            Self::Ended => "match-ended",
            Self::Size { .. } => "match-size",
            Self::Spent { .. } => "match-spent",
            Self::OtherList => "match-other-list",
            Self::OtherTranscript => "match-other-transcript",
            Self::OtherShare => "match-other-share",
            Self::Files => "match-files",
            Self::AuditOpen => "match-audit-open",
            Self::Audits => "match-audits",
            Self::NameOnly => "match-name-only",
            Self::NoKey => "match-no-key",
            Self::FewRecords { .. } => "match-few-records",
            Self::TooMany { .. } => "match-too-many",
            Self::Unsound => "match-unsound",
            Self::NoSecret => "match-no-secret",
        }
    }

    /// The arguments of its words.
    #[must_use]
    pub fn args(self) -> Vec<(&'static str, String)> {
        match self {
            Self::Size { found } => vec![("found", found.to_string())],
            Self::Spent { asked, left } => vec![("asked", asked.to_string()), ("left", left.to_string())],
            Self::FewRecords { found, least } => vec![("found", found.to_string()), ("least", least.to_string())],
            Self::TooMany { found, most } => vec![("found", found.to_string()), ("most", most.to_string())],
            Self::NotOffered
            | Self::TooEarly
            | Self::Done
            | Self::Ended
            | Self::OtherList
            | Self::OtherTranscript
            | Self::OtherShare
            | Self::Files
            | Self::AuditOpen
            | Self::Audits
            | Self::NameOnly
            | Self::NoKey
            | Self::Unsound
            | Self::NoSecret => Vec::new(),
        }
    }
}
