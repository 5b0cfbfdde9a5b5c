//! C2SP signed notes (signed-note v1.0.0) and cosignatures (tlog-cosignature v1.0.1): text anyone can check with other
//! people's tools. It owns the note's form and its keys; it must not know what the text says.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Misbehaved;
use crate::hash::sha256;
use crate::keys::{SignFault, Signer, VerifyingKey, key_hex};

/// The largest note, in bytes: a checkpoint with its log's and its witnesses' signatures.
pub const NOTE_BYTES_MAX: usize = 16 << 10;
/// Signatures on one note: the log, the peer's mirror and a few witnesses.
pub const SIGNATURES_MAX: usize = 16;
/// Key names, in bytes: a domain name and a path.
const NAME_BYTES_MAX: usize = 256;
const WHAT: &str = "note";
const KEY: &str = "note key";
/// Every signature line starts with an em dash and a space.
const DASH: &str = "\u{2014} ";

/// What a note key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKeyKind {
    /// Type 0x01: Ed25519 over the text. The key of a log.
    Log,
    /// Type 0x04: Ed25519 over `cosignature/v1`, the time and the text. The key of a mirror or witness.
    Cosigner,
}

impl NoteKeyKind {
    const fn code(self) -> u8 {
        match self {
            NoteKeyKind::Log => 1,
            NoteKeyKind::Cosigner => 4,
        }
    }
}

/// A named public key of notes ("vkey").
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoteKey {
    name: String,
    kind: NoteKeyKind,
    key: VerifyingKey,
}

impl NoteKey {
    /// A key under a name: not empty, no space, no plus.
    ///
    /// # Errors
    /// [`Misbehaved::Malformed`] for an unusable name.
    pub fn new(name: &str, kind: NoteKeyKind, key: VerifyingKey) -> Result<NoteKey, Misbehaved> {
        if !is_key_name(name) {
            return Err(Misbehaved::Malformed { what: KEY, field: "name" });
        }
        Ok(NoteKey { name: name.to_owned(), kind, key })
    }

    /// Reads `name+hash+base64(type ‖ key)`.
    ///
    /// # Errors
    /// [`Misbehaved::Malformed`]; [`Misbehaved::UnknownSuite`] for a key type other than 0x01 and 0x04.
    pub fn parse(vkey: &str) -> Result<NoteKey, Misbehaved> {
        let malformed = |field| Misbehaved::Malformed { what: KEY, field };
        if vkey.len() > NOTE_BYTES_MAX {
            return Err(Misbehaved::Oversized { what: KEY, limit_max: NOTE_BYTES_MAX as u64 });
        }
        // The key's base64 may itself hold a plus, so the parts are counted from the left.
        let mut parts = vkey.splitn(3, '+');
        let (Some(name), Some(hash), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed("parts"));
        };
        let bytes = STANDARD.decode(key).map_err(|_| malformed("key"))?;
        let (kind, key) = bytes.split_first().ok_or(malformed("key"))?;
        let kind = [NoteKeyKind::Log, NoteKeyKind::Cosigner]
            .into_iter()
            .find(|known| known.code() == *kind)
            .ok_or(Misbehaved::UnknownSuite(i64::from(*kind)))?;
        let key = VerifyingKey::from_bytes(key.try_into().map_err(|_| malformed("key"))?)?;
        let parsed = NoteKey::new(name, kind, key)?;
        if hash == hash_hex(&parsed.id()) { Ok(parsed) } else { Err(malformed("hash")) }
    }

    /// The name: of a log, its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    pub fn kind(&self) -> NoteKeyKind {
        self.kind
    }

    /// The key.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// First 4 bytes of SHA-256(name ‖ newline ‖ type ‖ key): points to the key in a note.
    pub fn id(&self) -> [u8; 4] {
        let hash = sha256(&[self.name.as_bytes(), b"\n", &[self.kind.code()], self.key.as_bytes()]);
        [hash[0], hash[1], hash[2], hash[3]]
    }
}

impl std::fmt::Display for NoteKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = STANDARD.encode([&[self.kind.code()], self.key.as_bytes().as_slice()].concat());
        write!(out, "{}+{}+{key}", self.name, hash_hex(&self.id()))
    }
}

/// A text with signatures, not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct NoteSignature {
    name: String,
    key: [u8; 4],
    bytes: Vec<u8>,
}

impl Note {
    /// A note without signatures.
    ///
    /// # Errors
    /// [`Misbehaved::Malformed`] when the text does not end in a newline or holds other control characters.
    pub fn new(text: &str) -> Result<Note, Misbehaved> {
        if !text.ends_with('\n') || has_controls(text) {
            return Err(Misbehaved::Malformed { what: WHAT, field: "text" });
        }
        Ok(Note { text: text.to_owned(), signatures: Vec::new() })
    }

    /// Reads a note.
    ///
    /// # Errors
    /// [`Misbehaved::Oversized`] or [`Misbehaved::Malformed`]; also for two signatures of one key.
    pub fn parse(input: &[u8]) -> Result<Note, Misbehaved> {
        let malformed = |field| Misbehaved::Malformed { what: WHAT, field };
        if input.len() > NOTE_BYTES_MAX {
            return Err(Misbehaved::Oversized { what: WHAT, limit_max: NOTE_BYTES_MAX as u64 });
        }
        let input = std::str::from_utf8(input).map_err(|_| malformed("text"))?;
        let split = input.rfind("\n\n").ok_or(malformed("signatures"))?;
        let mut note = Note::new(&input[..=split])?;
        let lines = input[split + 2..].strip_suffix('\n').ok_or(malformed("signatures"))?;
        for line in lines.split('\n') {
            let signature = NoteSignature::parse(line).ok_or(malformed("signatures"))?;
            if note.signatures.iter().any(|other| other.name == signature.name && other.key == signature.key) {
                return Err(malformed("signatures"));
            }
            if note.signatures.len() == SIGNATURES_MAX {
                return Err(Misbehaved::Oversized { what: "note signatures", limit_max: SIGNATURES_MAX as u64 });
            }
            note.signatures.push(signature);
        }
        Ok(note)
    }

    /// The bytes of the note.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = format!("{}\n", self.text);
        for signature in &self.signatures {
            let bytes = STANDARD.encode([signature.key.as_slice(), &signature.bytes].concat());
            out.push_str(&format!("{DASH}{} {bytes}\n", signature.name));
        }
        out.into_bytes()
    }

    /// The signed text, with its last newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Adds (or makes anew) the signature of `key`, made by `signer`. `time_s`, in Unix seconds, enters a cosignature
    /// only.
    ///
    /// # Errors
    /// When the signer fails or is not the private half of `key`.
    pub fn sign(&mut self, key: &NoteKey, signer: &dyn Signer, time_s: u64) -> Result<(), SignFault> {
        if signer.key_id() != key.key.id() {
            return Err(SignFault { key: key_hex(&signer.key_id()) });
        }
        let bytes = match key.kind {
            NoteKeyKind::Log => signer.sign(self.text.as_bytes())?,
            NoteKeyKind::Cosigner => {
                let signature = signer.sign(cosigned(time_s, &self.text).as_bytes())?;
                [time_s.to_be_bytes().as_slice(), &signature].concat()
            }
        };
        self.signatures.retain(|other| !other.is_by(key));
        self.signatures.push(NoteSignature { name: key.name.clone(), key: key.id(), bytes });
        Ok(())
    }

    /// Demands a valid signature of `key`. Yields the time of a cosignature, in Unix seconds; signatures of other keys
    /// are ignored, as C2SP demands.
    ///
    /// # Errors
    /// [`Misbehaved::WrongSignatureSet`] when there is none, [`Misbehaved::WrongSignature`] when it does not verify.
    pub fn verify(&self, key: &NoteKey) -> Result<Option<u64>, Misbehaved> {
        let found = self.signatures.iter().find(|signature| signature.is_by(key));
        let signature = found.ok_or(Misbehaved::WrongSignatureSet(WHAT))?;
        match key.kind {
            NoteKeyKind::Log => {
                key.key.verify(WHAT, self.text.as_bytes(), &signature.bytes)?;
                Ok(None)
            }
            NoteKeyKind::Cosigner => {
                let (time, bytes) = signature.bytes.split_first_chunk().ok_or(Misbehaved::WrongSignature(WHAT))?;
                let time_s = u64::from_be_bytes(*time);
                key.key.verify(WHAT, cosigned(time_s, &self.text).as_bytes(), bytes)?;
                Ok(Some(time_s))
            }
        }
    }
}

impl NoteSignature {
    fn parse(line: &str) -> Option<NoteSignature> {
        let (name, bytes) = line.strip_prefix(DASH)?.split_once(' ')?;
        let bytes = STANDARD.decode(bytes).ok()?;
        let (key, bytes) = bytes.split_first_chunk()?;
        let usable = is_key_name(name) && !bytes.is_empty();
        usable.then(|| NoteSignature { name: name.to_owned(), key: *key, bytes: bytes.to_vec() })
    }

    fn is_by(&self, key: &NoteKey) -> bool {
        self.name == key.name && self.key == key.id()
    }
}

/// The message under a cosignature/v1.
fn cosigned(time_s: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time_s}\n{text}")
}

/// Whether a name may stand in a note: not empty, no white space, no plus.
pub(crate) fn is_key_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= NAME_BYTES_MAX
        && !name.chars().any(|symbol| symbol.is_whitespace() || symbol.is_control() || symbol == '+')
}

fn has_controls(text: &str) -> bool {
    text.chars().any(|symbol| symbol.is_control() && symbol != '\n')
}

fn hash_hex(hash: &[u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(*hash))
}
