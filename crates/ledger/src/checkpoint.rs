//! C2SP tlog-checkpoints: a log's promise of one history up to a size. It owns the three lines, their signatures and
//! the test whether one promise extends another; it must not know where logs lie or who may witness them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Misbehaved;
use crate::keys::{SignFault, Signer};
use crate::note::{Note, NoteKey, NoteKeyKind, is_key_name};
use crate::tree::{Hash, verify_consistency};

const WHAT: &str = "checkpoint";

/// Origin, size and root of a log at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
}

impl Checkpoint {
    /// A checkpoint of log `origin` with `size` entries.
    ///
    /// # Errors
    /// [`Misbehaved::Malformed`] when the origin is empty or holds white space or a plus.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Checkpoint, Misbehaved> {
        if !is_key_name(origin) {
            return Err(Misbehaved::Malformed { what: WHAT, field: "origin" });
        }
        Ok(Checkpoint { origin: origin.to_owned(), size, root })
    }

    /// The log's name.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Entries covered.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Root of the tree over them.
    pub fn root(&self) -> &Hash {
        &self.root
    }

    /// Signs with the log key, whose name must be the origin.
    ///
    /// # Errors
    /// When the key cannot sign, or is not the key of this log.
    pub fn sign(&self, key: &NoteKey, signer: &dyn Signer) -> Result<SignedCheckpoint, SignFault> {
        let wrong = || SignFault { key: key.to_string() };
        if key.name() != self.origin || key.kind() != NoteKeyKind::Log {
            return Err(wrong());
        }
        let mut note = Note::new(&self.text()).map_err(|_| wrong())?;
        note.sign(key, signer, 0)?;
        Ok(SignedCheckpoint { checkpoint: self.clone(), note })
    }

    /// Demands that this checkpoint extends `older` by the consistency proof.
    ///
    /// # Errors
    /// [`Misbehaved::WrongOrigin`]; [`Misbehaved::RolledBack`] when this one is shorter; [`Misbehaved::ForkedLog`] when
    /// sizes agree and roots do not; [`Misbehaved::WrongProof`] else.
    pub fn extends(&self, older: &Checkpoint, proof: &[Hash]) -> Result<(), Misbehaved> {
        if self.origin != older.origin {
            return Err(Misbehaved::WrongOrigin);
        }
        if self.size < older.size {
            return Err(Misbehaved::RolledBack { seen: older.size, shown: self.size });
        }
        if self.size == older.size && self.root != older.root {
            return Err(Misbehaved::ForkedLog(self.size));
        }
        verify_consistency(older.size, self.size, &older.root, &self.root, proof)
    }

    fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// Reads the three lines. Extension lines are refused: no log of this product writes them.
    fn parse(text: &str) -> Result<Checkpoint, Misbehaved> {
        let malformed = |field| Misbehaved::Malformed { what: WHAT, field };
        let lines: Vec<&str> = text.split('\n').collect();
        let [origin, size, root, ""] = lines.as_slice() else { return Err(malformed("lines")) };
        let size = size.parse().map_err(|_| malformed("size"))?;
        let root = STANDARD.decode(root).ok().and_then(|root| root.try_into().ok()).ok_or(malformed("root"))?;
        let checkpoint = Checkpoint::new(origin, size, root)?;
        // Catches leading zeroes and signs.
        if checkpoint.text() == text { Ok(checkpoint) } else { Err(malformed("size")) }
    }
}

/// A checkpoint with signatures. Decoded, it is a claim; [`SignedCheckpoint::verify`] makes it a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

impl SignedCheckpoint {
    /// Reads a signed checkpoint.
    ///
    /// # Errors
    /// [`Misbehaved::Oversized`] or [`Misbehaved::Malformed`].
    pub fn decode(input: &[u8]) -> Result<SignedCheckpoint, Misbehaved> {
        let note = Note::parse(input)?;
        Ok(SignedCheckpoint { checkpoint: Checkpoint::parse(note.text())?, note })
    }

    /// The bytes of the note.
    pub fn encode(&self) -> Vec<u8> {
        self.note.encode()
    }

    /// What is claimed, not yet to be believed.
    pub fn claim(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Demands the signature of the log `key`, whose name must be the origin.
    ///
    /// # Errors
    /// [`Misbehaved::WrongOrigin`], [`Misbehaved::WrongSignatureSet`] or [`Misbehaved::WrongSignature`].
    pub fn verify(&self, key: &NoteKey) -> Result<&Checkpoint, Misbehaved> {
        if key.name() != self.checkpoint.origin || key.kind() != NoteKeyKind::Log {
            return Err(Misbehaved::WrongOrigin);
        }
        self.note.verify(key)?;
        Ok(&self.checkpoint)
    }

    /// Adds a cosignature at `time_s` (Unix seconds). Call only after the log's signature, its consistency with the
    /// checkpoint cosigned before, and durable storage of its entries.
    ///
    /// # Errors
    /// When the key cannot sign, or is not a cosigner's key.
    pub fn cosign(&mut self, key: &NoteKey, signer: &dyn Signer, time_s: u64) -> Result<(), SignFault> {
        match key.kind() {
            NoteKeyKind::Cosigner => self.note.sign(key, signer, time_s),
            NoteKeyKind::Log => Err(SignFault { key: key.to_string() }),
        }
    }

    /// Demands the cosignature of `key` and yields its time, in Unix seconds.
    ///
    /// # Errors
    /// [`Misbehaved::WrongSignatureSet`] or [`Misbehaved::WrongSignature`].
    pub fn cosigned_at(&self, key: &NoteKey) -> Result<u64, Misbehaved> {
        self.note.verify(key)?.ok_or(Misbehaved::WrongSignatureSet(WHAT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SigningKey;

    const ORIGIN: &str = "gb.entente.example/ledger/cn";

    fn keys(seed: u8, name: &str, kind: NoteKeyKind) -> (SigningKey, NoteKey) {
        let key = SigningKey::from_seed([seed; 32]);
        let public = NoteKey::new(name, kind, key.verifying_key()).expect("a usable name");
        (key, public)
    }

    #[test]
    fn every_altered_byte_is_refused() {
        let (log, log_key) = keys(1, ORIGIN, NoteKeyKind::Log);
        let (mirror, mirror_key) = keys(2, "cn.entente.example/mirror", NoteKeyKind::Cosigner);
        let checkpoint = Checkpoint::new(ORIGIN, 20_852_163, [9; 32]).expect("a usable origin");
        let mut signed = checkpoint.sign(&log_key, &log).expect("signs");
        signed.cosign(&mirror_key, &mirror, 1_790_000_000).expect("cosigns");
        let bytes = signed.encode();
        let both = |bytes: &[u8]| -> Result<(Checkpoint, u64), Misbehaved> {
            let signed = SignedCheckpoint::decode(bytes)?;
            Ok((signed.verify(&log_key)?.clone(), signed.cosigned_at(&mirror_key)?))
        };
        assert_eq!(both(&bytes), Ok((checkpoint.clone(), 1_790_000_000)));
        for at in 0..bytes.len() {
            for bit in [1, 0x20, 0x80] {
                let mut altered = bytes.clone();
                altered[at] ^= bit;
                both(&altered).expect_err("an altered checkpoint");
            }
            both(&bytes[..at]).expect_err("a cut checkpoint");
        }
        assert_eq!(NoteKey::parse(&mirror_key.to_string()), Ok(mirror_key.clone()));
        checkpoint.sign(&mirror_key, &mirror).expect_err("not the log's key");
        signed.cosign(&log_key, &log, 0).expect_err("not a cosigner's key");
        signed.cosign(&mirror_key, &log, 0).expect_err("another private key");
    }

    #[test]
    fn histories_are_compared() {
        let at = |origin: &str, size, root| Checkpoint::new(origin, size, [root; 32]).expect("usable");
        let check = |newer: Checkpoint, want| assert_eq!(newer.extends(&at("a", 5, 1), &[]), want);
        check(at("a", 5, 1), Ok(()));
        check(at("a", 5, 2), Err(Misbehaved::ForkedLog(5)));
        check(at("a", 4, 1), Err(Misbehaved::RolledBack { seen: 5, shown: 4 }));
        check(at("b", 5, 1), Err(Misbehaved::WrongOrigin));
        check(at("a", 6, 1), Err(Misbehaved::WrongProof("consistency")));
    }
}
