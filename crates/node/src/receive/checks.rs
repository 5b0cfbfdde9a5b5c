//! The checks of one envelope that come before and after the judgement: its time, its place in the thread, its files, its
//! seals, and that its outside leads where its inside does.
//!
//! Owns each check. Must not know their order (`receive`), nor what a failure leaves behind.

use domain::act::{Act, VOCABULARY};
use domain::admit;
use domain::amendment::AmendmentBar;
use domain::case::{self, ACTS_MAX};
use domain::ids::{CaseId, Hash32, OfficeId, PartyId};
use domain::menu::Menu;
use domain::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use ledger::canon;
use ledger::envelope::{Header, authority_signers, open_authority_seal};
use ledger::keys::VerifyingKey;
use store::{BlobState, Chunks, Reader};

use super::{Stop, act_seq, proven, stop};
use crate::command::{last_hash, plain_text};
use crate::crossing::Crossing;
use crate::dossier::Dossier;
use crate::party::Node;
use crate::superseded::Superseded;

/// How far ahead of ours a sender's clock may be before its mail waits.
const AHEAD_MAX: SignedDuration = admit::SKEW;

impl Node {
    /// Number and chain of the sender's acts in the case.
    pub(super) fn in_thread(&self, dossier: Option<&Dossier>, from: &PartyId, header: &Header) -> Result<(), Stop> {
        if act_seq(header) > ACTS_MAX as u64 {
            return Err(proven(Refusal::CaseFull.code()));
        }
        let head = dossier.and_then(|dossier| dossier.case.heads.get(from)).copied().unwrap_or(0);
        if act_seq(header) > head + 1 {
            return Err(Stop::Wait);
        }
        if act_seq(header) <= head {
            return Err(proven("equivocation"));
        }
        let prev = dossier.and_then(|dossier| last_hash(dossier, from)).unwrap_or_default();
        if header.prev != prev.0 { Err(proven("broken-chain")) } else { Ok(()) }
    }

    /// Attachments come before the act that names them.
    pub(super) fn attached(&self, reader: &dyn Reader, chunks: &dyn Chunks, header: &Header) -> Result<(), Stop> {
        for attachment in &header.attachments {
            let root = Hash32(attachment.root);
            let whole = match reader.blob(&root).map_err(stop)? {
                Some(row) => {
                    row.state == BlobState::Whole
                        || chunks.have(&root).map_err(stop)?.len() as u64 == attachment.chunks()
                }
                None => false,
            };
            if !whole {
                return Err(Stop::Wait);
            }
        }
        Ok(())
    }

    /// The act inside and its canonical bytes: sealed by the office that acts, saying what the header says.
    pub(super) fn unsealed(
        &self,
        from: &PartyId,
        body: &[u8],
        header: &Header,
        case: &CaseId,
    ) -> Result<(Act, Vec<u8>), Stop> {
        let card = self.peer(from).map_err(Stop::Fault)?;
        let claimed = authority_signers(body).map_err(|_| proven("wrong-office-seal"))?;
        let claims = |key: &VerifyingKey| claimed.contains(&key.id());
        let sealer = card.offices.values().map(|office| &office.sign).find(|key| claims(key));
        // The keys of an office a later version names may still be on their way.
        if sealer.is_none() && self.lacks_offices(from) {
            return Err(Stop::Wait);
        }
        let opened = sealer.and_then(|key| open_authority_seal(body, key).ok());
        let bytes = opened.ok_or_else(|| proven("wrong-office-seal"))?;
        let act = read_act(&bytes)?;
        // Another spelling of the same act would be kept under another hash than the one the sender signed.
        if canon::to_vec(&act).ok().as_deref() != Some(bytes.as_slice()) {
            return Err(proven("not-canonical"));
        }
        plain_text(&bytes).map_err(|why| proven(why.code()))?;
        let own_seal = card.offices.get(&act.office).is_some_and(|office| Some(&office.sign) == sealer);
        let same_roots =
            act.deed.attachments().iter().map(crate::command::reference).eq(header.attachments.iter().cloned());
        if !own_seal {
            return Err(proven("wrong-office-seal"));
        }
        if act.by != *from
            || act.case != *case
            || act.seq != act_seq(header)
            || act.instrument.0 != header.instrument
            || act.deed.kind().code() != header.kind
            || crate::command::seconds(act.at) != header.iat_s
            || !same_roots
        {
            return Err(proven("header-differs"));
        }
        Ok((act, bytes))
    }

    /// A case is opened under a version that was not amended to its author's knowledge. What came before the day was opened
    /// before it, whatever its date.
    fn not_superseded(
        &self,
        reader: &dyn Reader,
        now: Timestamp,
        from: &PartyId,
        opening: (&Act, &Hash32),
    ) -> Result<(), Stop> {
        let later = self.instruments().after(&opening.0.instrument).and_then(|later| later.amendment.as_ref());
        let Some(later) = later.filter(|later| opening.0.at.max(now) >= later.from) else { return Ok(()) };
        match self.superseded(reader, from, later, opening).map_err(Stop::Fault)? {
            Superseded::No => Ok(()),
            Superseded::Yes => Err(proven(Refusal::Amendment(AmendmentBar::Superseded).code())),
            Superseded::Unknown => Err(Stop::Unproven),
        }
    }

    /// What the sender's log and the envelope's outside say of an act that is admitted: it crossed ours if it claims so, its
    /// header leads where the act in its author's view does, and it opens no case under a version it knew to be amended.
    pub(super) fn outside_fits(
        &self,
        (reader, now): (&dyn Reader, Timestamp),
        from: &PartyId,
        core_hash: &Hash32,
        dossier: Option<&Dossier>,
        seen: &case::Case,
        (header, recipient, act): (&Header, &OfficeId, &Act),
    ) -> Result<(), Stop> {
        if let Some(dossier) = dossier {
            match self.crossed(reader, from, dossier, act, core_hash).map_err(Stop::Fault)? {
                Crossing::Did => {}
                Crossing::DidNot => return Err(proven(Refusal::OutOfOrder.code())),
                Crossing::Unknown => return Err(Stop::Unproven),
            }
        }
        // Enough to route is outside, and must not lead elsewhere than what is inside.
        let side = seen.side(self.me()).ok_or_else(|| proven(Refusal::NotAParty { party: from.clone() }.code()))?;
        if header.handling != seen.request.mark.code() {
            return Err(proven("header-differs"));
        }
        if recipient != seen.office(side) {
            return Err(proven("wrong-office"));
        }
        // Last, because it alone may have to wait.
        if dossier.is_none() { self.not_superseded(reader, now, from, (act, core_hash)) } else { Ok(()) }
    }
}

/// Reads an act. A newer vocabulary is named as such, also when the rest cannot be read for it.
fn read_act(bytes: &[u8]) -> Result<Act, Stop> {
    let read: Result<Act, _> = canon::from_slice(bytes);
    let version = match &read {
        Ok(act) => act.version,
        Err(why) => canon::from_slice::<Version>(bytes).map_err(|_| proven(why.code()))?.version,
    };
    if version != VOCABULARY {
        return Err(proven("unknown-version"));
    }
    read.map_err(|why| proven(why.code()))
}

/// Only the version of an act.
#[derive(serde::Deserialize)]
struct Version {
    version: u16,
}

/// Signed not too far ahead of our clock, and not expired.
pub(super) fn in_time(header: &Header, now: Timestamp) -> Result<(), Stop> {
    let at = |s: u64| i64::try_from(s).ok().and_then(|s| Timestamp::from_second(s).ok());
    let (Some(signed), Some(expires)) = (at(header.iat_s), at(header.exp_s)) else {
        return Err(proven("impossible-time"));
    };
    // The header counts whole seconds; the act inside may be dated up to one later.
    let latest = signed.saturating_add(SignedDuration::from_secs(1)).unwrap_or(signed);
    if latest > now.saturating_add(AHEAD_MAX).unwrap_or(now) {
        return Err(Stop::Wait);
    }
    if now > expires { Err(proven("expired")) } else { Ok(()) }
}
