//! Proofs as text, for people's files and other people's tools: C2SP tlog-proofs (an entry, its path, the checkpoint it
//! leads to), and the path between two checkpoints of one log. It owns their lines; it must not know what an entry is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Misbehaved;
use crate::note::NOTE_BYTES_MAX;
use crate::tree::Hash;

/// Hashes of one path: a log of 2^64 entries has no longer one, for a consistency proof twice as many.
const PATH_MAX: usize = 128;
/// The largest proof, in bytes: its path, its head and a checkpoint.
pub const PROOF_BYTES_MAX: usize = NOTE_BYTES_MAX + 64 * PATH_MAX;
/// The first line of an inclusion proof (C2SP tlog-proof).
const HEAD: &str = "c2sp.org/tlog-proof@v1\n";
/// The first line of a consistency proof: our own, for C2SP has no file for it.
const STEP_HEAD: &str = "entente/consistency-proof/1\n";

/// That an entry stands in a log: its index, its path (leaf side first) and the checkpoint the path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// The entry's index, from 0.
    pub index: u64,
    /// The path of RFC 6962 §2.1.1.
    pub path: Vec<Hash>,
    /// The signed checkpoint, as a note.
    pub checkpoint: Vec<u8>,
}

/// That one state of a log extends another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consistency {
    /// Entries of the earlier state.
    pub old: u64,
    /// Entries of the later state.
    pub new: u64,
    /// The path of RFC 6962 §2.1.2.
    pub path: Vec<Hash>,
}

impl Inclusion {
    /// The lines.
    pub fn encode(&self) -> Vec<u8> {
        let head = format!("{HEAD}index {}\n{}\n", self.index, lines(&self.path));
        [head.as_bytes(), &self.checkpoint].concat()
    }

    /// Reads a proof. The optional `extra` line of the format is refused: nothing of ours writes it.
    ///
    /// # Errors
    /// [`Misbehaved::Oversized`] or [`Misbehaved::Malformed`] for anything [`Inclusion::encode`] does not write.
    pub fn decode(input: &[u8]) -> Result<Inclusion, Misbehaved> {
        const WHAT: &str = "tlog-proof";
        let malformed = |field| Misbehaved::Malformed { what: WHAT, field };
        let text = bounded(WHAT, input)?;
        let rest = text.strip_prefix(HEAD).ok_or(malformed("header"))?;
        let (proof, checkpoint) = rest.split_once("\n\n").ok_or(malformed("checkpoint"))?;
        let mut proof = proof.split('\n');
        let index = proof.next().and_then(|line| line.strip_prefix("index ")?.parse().ok());
        let index = index.ok_or(malformed("index"))?;
        let path = proof.map(hash).collect::<Option<Vec<Hash>>>().ok_or(malformed("hash"))?;
        let read = Inclusion { index, path, checkpoint: checkpoint.as_bytes().to_vec() };
        if read.path.len() > PATH_MAX || read.encode() != input { Err(malformed("form")) } else { Ok(read) }
    }
}

impl Consistency {
    /// The lines.
    pub fn encode(&self) -> Vec<u8> {
        format!("{STEP_HEAD}from {}\nto {}\n{}", self.old, self.new, lines(&self.path)).into_bytes()
    }

    /// Reads a proof.
    ///
    /// # Errors
    /// [`Misbehaved::Oversized`] or [`Misbehaved::Malformed`] for anything [`Consistency::encode`] does not write.
    pub fn decode(input: &[u8]) -> Result<Consistency, Misbehaved> {
        const WHAT: &str = "consistency proof";
        let malformed = |field| Misbehaved::Malformed { what: WHAT, field };
        let text = bounded(WHAT, input)?;
        let rest = text.strip_prefix(STEP_HEAD).ok_or(malformed("header"))?;
        let mut proof = rest.strip_suffix('\n').ok_or(malformed("form"))?.split('\n');
        let mut size = |key: &str| proof.next().and_then(|line| line.strip_prefix(key)?.parse().ok());
        let (old, new) = size("from ").zip(size("to ")).ok_or(malformed("size"))?;
        let path = proof.map(hash).collect::<Option<Vec<Hash>>>().ok_or(malformed("hash"))?;
        let read = Consistency { old, new, path };
        if read.path.len() > PATH_MAX || read.encode() != input { Err(malformed("form")) } else { Ok(read) }
    }
}

fn bounded<'a>(what: &'static str, input: &'a [u8]) -> Result<&'a str, Misbehaved> {
    if input.len() > PROOF_BYTES_MAX {
        return Err(Misbehaved::Oversized { what, limit_max: PROOF_BYTES_MAX as u64 });
    }
    std::str::from_utf8(input).map_err(|_| Misbehaved::Malformed { what, field: "text" })
}

fn lines(path: &[Hash]) -> String {
    path.iter().map(|hash| format!("{}\n", STANDARD.encode(hash))).collect()
}

fn hash(line: &str) -> Option<Hash> {
    STANDARD.decode(line).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_only() {
        for path in [vec![], vec![[1; 32]], vec![[1; 32], [2; 32]]] {
            let proof =
                Inclusion { index: 7, path: path.clone(), checkpoint: b"o\n8\nr\n\n\xe2\x80\x94 o s\n".to_vec() };
            let text = proof.encode();
            assert_eq!(Inclusion::decode(&text), Ok(proof.clone()));
            let step = Consistency { old: 3, new: 8, path };
            let lines = step.encode();
            assert_eq!(Consistency::decode(&lines), Ok(step.clone()));
            for at in 0..text.len() {
                assert_ne!(Inclusion::decode(&text[..at]), Ok(proof.clone()));
            }
            for at in 0..lines.len() {
                assert_ne!(Consistency::decode(&lines[..at]), Ok(step.clone()));
            }
        }
        for wrong in [
            "index 07\n\nc\n",
            "index -5\n\nc\n",
            "index +5\n\nc\n",
            "\n\nc\n",
            "index 0\n!!\n\nc\n",
            "extra YQ==\nindex 0\n\nc\n",
        ] {
            Inclusion::decode(format!("{HEAD}{wrong}").as_bytes()).expect_err(wrong);
        }
        let long = Inclusion { index: 0, path: vec![[0; 32]; PATH_MAX + 1], checkpoint: vec![b'c'] };
        Inclusion::decode(&long.encode()).expect_err("a long path");
        Inclusion::decode(&vec![b'a'; PROOF_BYTES_MAX + 1]).expect_err("an oversized proof");
    }
}
