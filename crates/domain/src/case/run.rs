//! The private matching of a case as its acts have left it.
//!
//! Owns what was announced, asked, received and audited. Must not know what may come next (`judge`) nor what was found:
//! that is in no act.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::act::{AuditFinding, Audited, MatchStep};
use crate::content::Attachment;
use crate::ids::Hash32;
use crate::procedure::Side;
use crate::text::Prose;

/// The run of a case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// The public key of its epoch.
    pub key: Option<Hash32>,
    /// The list as announced.
    pub list: Option<ListAnnounced>,
    /// The list as evaluated: the hash of the steps, and the file.
    pub evaluated: Option<(Hash32, Vec<Attachment>)>,
    /// Every batch asked, in order.
    pub batches: Vec<BatchAsked>,
    /// Every audit demanded, in order.
    pub audits: Vec<Audit>,
    /// The sides that have destroyed their secrets.
    pub destroyed: BTreeSet<Side>,
}

/// A list as announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListAnnounced {
    /// What identifies it.
    pub list: Hash32,
    /// Its places.
    pub places: u32,
    /// Its masked places.
    pub files: Vec<Attachment>,
}

/// A batch as asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchAsked {
    /// What was announced of it.
    pub announcement: Hash32,
    /// Its places.
    pub places: u32,
    /// Its transcript.
    pub transcript: Hash32,
    /// The batch.
    pub files: Vec<Attachment>,
    /// When it was asked.
    pub at: Timestamp,
    /// When it was received: from then on both have signed its transcript.
    pub received_at: Option<Timestamp>,
}

/// An audit as far as it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Of what.
    pub of: Audited,
    /// Of which batch, from 1; 0 for the list.
    pub batch: u32,
    /// Who demanded it.
    pub by: Side,
    /// What binds its share.
    pub commitment: Hash32,
    /// The other side's share.
    pub share: Option<Hash32>,
    /// Its own, once shown.
    pub revealed: Option<Hash32>,
    /// The hash of what was opened.
    pub opened: Option<Hash32>,
    /// What was found.
    pub finding: Option<(AuditFinding, Prose)>,
}

impl Audit {
    /// The side that is audited.
    #[must_use]
    pub const fn audited(&self) -> Side {
        match self.of {
            Audited::Questions => Side::Requesting,
            Audited::List => Side::Requested,
        }
    }

    /// The two shares, the asking side's first, once both are shown.
    #[must_use]
    pub fn shares(&self) -> Option<[Hash32; 2]> {
        let (own, other) = (self.revealed?, self.share?);
        Some(match self.by {
            Side::Requesting => [own, other],
            Side::Requested => [other, own],
        })
    }
}

impl Run {
    /// Places asked so far.
    #[must_use]
    pub fn places(&self) -> u32 {
        self.batches.iter().fold(0, |sum, batch| sum.saturating_add(batch.places))
    }

    /// An audit by its number.
    #[must_use]
    pub fn audit(&self, number: u32) -> Option<&Audit> {
        place(number).and_then(|place| self.audits.get(place))
    }

    /// A batch by its number.
    #[must_use]
    pub fn batch(&self, number: u32) -> Option<&BatchAsked> {
        place(number).and_then(|place| self.batches.get(place))
    }

    /// Whether a side still owes an audit its opening.
    #[must_use]
    pub fn owes(&self, side: Side) -> bool {
        self.audits.iter().any(|audit| audit.audited() == side && audit.opened.is_none() && audit.finding.is_none())
    }

    /// Takes a step that fits.
    pub(super) fn take(&mut self, step: &MatchStep, side: Side, at: Timestamp) {
        match step {
            MatchStep::Epoch { key } => self.key = Some(*key),
            MatchStep::List { list, places, files } => {
                self.list = Some(ListAnnounced { list: *list, places: *places, files: files.clone() });
            }
            MatchStep::Evaluate { steps, files, .. } => self.evaluated = Some((*steps, files.clone())),
            MatchStep::Ask { announcement, places, transcript, files } => self.batches.push(BatchAsked {
                announcement: *announcement,
                places: *places,
                transcript: *transcript,
                files: files.clone(),
                at,
                received_at: None,
            }),
            MatchStep::Receive { .. } => {
                if let Some(batch) = self.batches.last_mut() {
                    batch.received_at = Some(at);
                }
            }
            MatchStep::Draw { of, batch, commitment } => self.audits.push(Audit {
                of: *of,
                batch: *batch,
                by: side,
                commitment: *commitment,
                share: None,
                revealed: None,
                opened: None,
                finding: None,
            }),
            MatchStep::Share { audit, share } => self.change(*audit, |audit| audit.share = Some(*share)),
            MatchStep::Reveal { audit, share } => self.change(*audit, |audit| audit.revealed = Some(*share)),
            MatchStep::Open { audit, opened } => self.change(*audit, |audit| audit.opened = Some(*opened)),
            MatchStep::Find { audit, finding, words } => {
                self.change(*audit, |audit| audit.finding = Some((*finding, words.clone())));
            }
            MatchStep::Destroy { .. } => {
                self.destroyed.insert(side);
            }
        }
    }

    fn change(&mut self, number: u32, how: impl FnOnce(&mut Audit)) {
        if let Some(audit) = place(number).and_then(|place| self.audits.get_mut(place)) {
            how(audit);
        }
    }
}

fn place(number: u32) -> Option<usize> {
    usize::try_from(number).ok().and_then(|number| number.checked_sub(1))
}
