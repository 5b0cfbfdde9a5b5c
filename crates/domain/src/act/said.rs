//! Every free text of a deed, in the order people read them.
//!
//! Owns which parts of a deed are words: judged for their length, quoted in a transcript, indexed. Must not judge them.

use super::{Deed, MatchStep};
use crate::text::Prose;

impl Deed {
    /// The free texts said in this deed; those of a request it carries are not among them.
    #[must_use]
    pub fn said(&self) -> Vec<&Prose> {
        match self {
            Self::Advise { advice: words }
            | Self::Transfer { reason: words, .. }
            | Self::AcceptConditions { undertaking: words }
            | Self::DeclineConditions { reason: words }
            | Self::Postpone { reason: words, .. }
            | Self::AcceptPart { scope: words }
            | Self::Reconsider { argument: words }
            | Self::Uphold { reason: words }
            | Self::Reopen { reason: words }
            | Self::Record { note: words, .. }
            | Self::Preserve { what: words, .. }
            | Self::Interim { answer: words, .. }
            | Self::Ask { question: words }
            | Self::Reply { answer: words, .. }
            | Self::Respond { answer: words, .. }
            | Self::ReportOutcome { used_for: words, .. }
            | Self::Withdraw { reason: words }
            | Self::ConfirmRelease { note: words }
            | Self::Regrade { reason: words, .. }
            | Self::AnswerEscalation { answer: words, .. } => vec![words],
            Self::Accept { note: words } | Self::Close { lesson: words } | Self::Escalate { reason: words, .. } => {
                words.iter().collect()
            }
            Self::ReturnIncomplete { items } => items.iter().map(|item| &item.want).collect(),
            Self::Supplement { unable, note, .. } => unable.values().chain([note]).collect(),
            Self::OfferConditions { conditions } => conditions.iter().map(|condition| &condition.words).collect(),
            Self::Refuse { reason, considered, .. } => reason.iter().chain([considered]).collect(),
            Self::Preconsult { .. }
            | Self::Submit { .. }
            | Self::Acknowledge { .. }
            | Self::BeginReview {}
            | Self::Resume {}
            | Self::BeginExecution {}
            | Self::RemindOutcome {}
            | Self::Lapse {} => Vec::new(),
            other => other.said_together(),
        }
    }

    /// The same for texts, plans, property and the care for what was handed over.
    fn said_together(&self) -> Vec<&Prose> {
        match self {
            Self::StatePosition { position: words }
            | Self::Reserve { reservation: words }
            | Self::Authorise { note: words }
            | Self::Extend { reason: words, .. }
            | Self::Adopt { reason: words, .. }
            | Self::Abort { reason: words }
            | Self::Conclude { reason: words }
            | Self::BookAsset { note: words, .. }
            | Self::SeekConsent { what: words, .. }
            | Self::GiveConsent { words, .. }
            | Self::Forward { reason: words, .. }
            | Self::Recall { reason: words, .. }
            | Self::Correct { correction: words, .. }
            | Self::ReportCompliance { words, .. }
            | Self::CheckUndertaking { note: words, .. }
            | Self::DischargeUndertaking { reason: words, .. }
            | Self::TableItem { topic: words, .. }
            | Self::SettleItem { outcome: words, .. }
            | Self::Undertake { what: words, .. }
            | Self::CiteNorm { words, .. }
            | Self::LogContact { words, .. } => vec![words],
            Self::Match { step: MatchStep::Find { words, .. } } => vec![words],
            Self::ProposeText { text, note } => [text].into_iter().chain(note).collect(),
            _ => Vec::new(),
        }
    }

    /// The short lines of this deed that are neither words nor codes.
    #[must_use]
    pub fn lines(&self) -> Vec<&str> {
        match self {
            Self::Acknowledge { reference, contact, officer } => vec![reference, contact, &officer.name],
            Self::ReturnIncomplete { items } => items.iter().map(|item| item.field.as_str()).collect(),
            Self::Record { item: Some(line), .. }
            | Self::BookAsset { asset: line, .. }
            | Self::SeekConsent { recipient: line, .. }
            | Self::LogContact { means: line, .. } => vec![line],
            Self::ReportCompliance { recipients, .. } => {
                recipients.iter().map(|recipient| recipient.recipient.as_str()).collect()
            }
            _ => Vec::new(),
        }
    }
}
