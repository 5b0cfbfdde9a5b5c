//! How many checkpoints of our log a peer has cosigned: kept sealed beside them, so that none can be taken away unseen.
//!
//! Owns the count and where it is kept. Must not judge a cosignature.

use rand_core::CryptoRng;
use store::{Batch, Expect, LocalRow, Reader, Write};

use crate::fault::Fault;
use crate::party::Node;

/// Under which kind the count of a log is kept among what never leaves the building; the key is the log.
const COSIGNED: &str = "cosigned";

/// Checkpoints read at a time.
const PAGE: usize = 256;

/// Cosigned checkpoints of a log: how many, and the sum of their sizes, which names the one that is missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    count: u64,
    sizes: u128,
}

impl Tally {
    /// Counts a checkpoint of so many entries.
    pub fn add(&mut self, size: u64) {
        self.count = self.count.saturating_add(1);
        self.sizes = self.sizes.saturating_add(u128::from(size));
    }

    /// What is missing from `found`: how many checkpoints, and the size of the one, if it is one.
    #[must_use]
    pub fn missing(&self, found: &Self) -> (u64, Option<u64>) {
        let count = self.count.saturating_sub(found.count);
        let size = self.sizes.checked_sub(found.sizes).and_then(|size| u64::try_from(size).ok());
        (count, size.filter(|_| count == 1))
    }

    fn encode(self) -> Vec<u8> {
        [self.count.to_be_bytes().as_slice(), &self.sizes.to_be_bytes()].concat()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (count, sizes) = bytes.split_first_chunk()?;
        Some(Self { count: u64::from_be_bytes(*count), sizes: u128::from_be_bytes(sizes.try_into().ok()?) })
    }
}

impl Node {
    /// The cosignatures got on a log of ours so far; `None` in a database of a time when they were not counted.
    ///
    /// # Errors
    /// [`Fault::Record`] when the count was altered; [`Fault`] when the store fails.
    pub fn cosignatures(&self, reader: &dyn Reader, log: &str) -> Result<Option<Tally>, Fault> {
        let Some(row) = reader.local(COSIGNED, log)? else { return Ok(None) };
        let label = label(log);
        let bytes = self.unwrap(&label, &row.bytes)?;
        Tally::decode(&bytes).map(Some).ok_or_else(|| Fault::record(label, "malformed"))
    }

    /// Counts a first cosignature on the checkpoint of `size`.
    pub(crate) fn count_cosigned(
        &self,
        reader: &dyn Reader,
        rng: &mut dyn CryptoRng,
        log: &str,
        size: u64,
        batch: &mut Batch,
    ) -> Result<(), Fault> {
        let version = reader.local(COSIGNED, log)?.map_or(0, |row| row.version);
        let mut tally = match self.cosignatures(reader, log)? {
            Some(tally) => tally,
            None => counted(reader, log)?,
        };
        tally.add(size);
        let (kind, key) = (COSIGNED.to_owned(), log.to_owned());
        let bytes = self.wrap(rng, &label(log), &tally.encode())?;
        batch.expect.push(Expect::LocalVersion { kind: kind.clone(), key: key.clone(), version });
        batch.writes.push(Write::PutLocal(LocalRow { kind, key, version: version + 1, bytes }));
        Ok(())
    }
}

/// The cosigned checkpoints that are there, counted once: afterwards the count goes on by itself.
fn counted(reader: &dyn Reader, log: &str) -> Result<Tally, Fault> {
    let (mut tally, mut above) = (Tally::default(), 0);
    loop {
        let page = reader.checkpoints(log, above, PAGE)?;
        let Some(last) = page.last() else { return Ok(tally) };
        above = last.size;
        page.iter().filter(|row| row.cosigned.is_some()).for_each(|row| tally.add(row.size));
    }
}

fn label(log: &str) -> String {
    format!("{COSIGNED}/{log}")
}
