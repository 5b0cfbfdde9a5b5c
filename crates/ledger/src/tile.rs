//! C2SP tlog-tiles: the log as static files any tool of that family reads. It owns paths, hash tiles and entry bundles;
//! it must not know HTTP nor where leaves are stored.

use crate::Misbehaved;
use crate::tree::{Fetch, Hash};

/// Hashes or entries in a full tile (height 8).
pub const TILE_WIDTH: u64 = 256;
/// The highest tile level: level 5 covers 2^48 entries, beyond any log.
pub const TILE_LEVEL_MAX: u8 = 5;
const TILE: &str = "tile";

/// Which of the two kinds of tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileKind {
    /// Hashes of complete subtrees of 256^level leaves.
    Hashes {
        /// 0 to [`TILE_LEVEL_MAX`].
        level: u8,
    },
    /// The leaves themselves.
    Entries,
}

/// A tile by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TileRef {
    kind: TileKind,
    index: u64,
    width: u16,
}

impl TileRef {
    /// The tile `index` of its kind with `width` elements.
    ///
    /// # Errors
    /// [`Misbehaved::Malformed`] when level, index or width is out of range.
    pub fn new(kind: TileKind, index: u64, width: u16) -> Result<TileRef, Misbehaved> {
        let level = match kind {
            TileKind::Hashes { level } => level,
            TileKind::Entries => 0,
        };
        let fits = level <= TILE_LEVEL_MAX && index < u64::MAX / TILE_WIDTH && (1..=TILE_WIDTH).contains(&width.into());
        if fits {
            Ok(TileRef { kind, index, width })
        } else {
            Err(Misbehaved::Malformed { what: TILE, field: "range" })
        }
    }

    /// Reads `tile/<level>/<index>[.p/<width>]` or `tile/entries/<index>[.p/<width>]`.
    ///
    /// # Errors
    /// [`Misbehaved::Malformed`] for any other path, other spellings of a valid one included.
    pub fn parse(path: &str) -> Result<TileRef, Misbehaved> {
        let malformed = || Misbehaved::Malformed { what: TILE, field: "path" };
        let rest = path.strip_prefix("tile/").ok_or_else(malformed)?;
        let (kind, rest) = rest.split_once('/').ok_or_else(malformed)?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => TileKind::Hashes { level: level.parse().map_err(|_| malformed())? },
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, width.parse().map_err(|_| malformed())?),
            None => (rest, TILE_WIDTH as u16),
        };
        let mut number: u64 = 0;
        for group in index.split('/') {
            let digits = group.strip_prefix('x').unwrap_or(group);
            let group: u64 = digits.parse().map_err(|_| malformed())?;
            number = number.checked_mul(1000).and_then(|number| number.checked_add(group)).ok_or_else(malformed)?;
        }
        let parsed = TileRef::new(kind, number, width)?;
        // Only one spelling is valid: this catches signs, missing zeroes and misplaced `x`.
        if parsed.path() == path { Ok(parsed) } else { Err(malformed()) }
    }

    /// The path of the tile below the log's prefix.
    pub fn path(&self) -> String {
        let kind = match self.kind {
            TileKind::Hashes { level } => level.to_string(),
            TileKind::Entries => "entries".to_owned(),
        };
        let mut index = format!("{:03}", self.index % 1000);
        let mut left = self.index / 1000;
        while left > 0 {
            index = format!("x{:03}/{index}", left % 1000);
            left /= 1000;
        }
        let partial = if u64::from(self.width) < TILE_WIDTH { format!(".p/{}", self.width) } else { String::new() };
        format!("tile/{kind}/{index}{partial}")
    }

    /// Which kind it is.
    pub fn kind(&self) -> TileKind {
        self.kind
    }

    /// Elements in the tile, 1 to 256.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Whether a log of `size` entries holds all of the tile.
    pub fn exists_at(&self, size: u64) -> bool {
        let elements = match self.kind {
            TileKind::Hashes { level } => size >> (8 * level),
            TileKind::Entries => size,
        };
        self.first() + u64::from(self.width) <= elements
    }

    /// Number of the first element, counted along its level.
    fn first(&self) -> u64 {
        self.index * TILE_WIDTH
    }

    /// Bytes of a hash tile: its hashes in order. An entry tile has no hashes and gives those of level 0.
    ///
    /// # Errors
    /// What `fetch` reports.
    pub fn hashes<E>(&self, fetch: Fetch<'_, E>) -> Result<Vec<u8>, E> {
        let level = match self.kind {
            TileKind::Hashes { level } => 8 * level,
            TileKind::Entries => 0,
        };
        let mut out = Vec::with_capacity(32 * usize::from(self.width));
        for index in self.first()..self.first() + u64::from(self.width) {
            out.extend_from_slice(&fetch(level, index)?);
        }
        Ok(out)
    }

    /// Bytes of an entry bundle: each leaf after its length as a big-endian `u16`. `leaf` reads the leaf of an index, at
    /// most [`crate::leaf::LEAF_BYTES_MAX`] bytes, so every length fits.
    ///
    /// # Errors
    /// What `leaf` reports.
    pub fn entries<E>(&self, leaf: &mut dyn FnMut(u64) -> Result<Vec<u8>, E>) -> Result<Vec<u8>, E> {
        let mut out = Vec::new();
        for index in self.first()..self.first() + u64::from(self.width) {
            let mut bytes = leaf(index)?;
            bytes.truncate(usize::from(u16::MAX));
            out.extend_from_slice(&(bytes.len() as u16).to_be_bytes());
            out.extend_from_slice(&bytes);
        }
        Ok(out)
    }

    /// Splits a peer's hash tile.
    ///
    /// # Errors
    /// [`Misbehaved::Malformed`] when its length is not 32 bytes for each element.
    pub fn split_hashes(&self, tile: &[u8]) -> Result<Vec<Hash>, Misbehaved> {
        let (hashes, rest) = tile.as_chunks::<32>();
        let exact = rest.is_empty() && hashes.len() == usize::from(self.width);
        if exact { Ok(hashes.to_vec()) } else { Err(Misbehaved::Malformed { what: TILE, field: "length" }) }
    }

    /// Splits a peer's entry bundle.
    ///
    /// # Errors
    /// [`Misbehaved::Truncated`] or, when bytes follow the last entry, [`Misbehaved::Malformed`].
    pub fn split_entries<'a>(&self, bundle: &'a [u8]) -> Result<Vec<&'a [u8]>, Misbehaved> {
        let mut entries = Vec::with_capacity(usize::from(self.width));
        let mut left = bundle;
        for _ in 0..self.width {
            let (length, rest) = left.split_first_chunk().ok_or(Misbehaved::Truncated("entry bundle"))?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (entry, rest) = rest.split_at_checked(length).ok_or(Misbehaved::Truncated("entry bundle"))?;
            entries.push(entry);
            left = rest;
        }
        if left.is_empty() { Ok(entries) } else { Err(Misbehaved::Malformed { what: TILE, field: "length" }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_for_each_path() {
        let check = |path: &str, valid: bool| match TileRef::parse(path) {
            Ok(tile) => assert!(valid && tile.path() == path, "{path}"),
            Err(fault) => assert!(!valid, "{path}: {fault}"),
        };
        check("tile/0/000", true);
        check("tile/0/x001/x234/067", true);
        check("tile/5/000.p/255", true);
        check("tile/entries/x001/000.p/1", true);
        check("tile/6/000", false);
        check("tile/00/000", false);
        check("tile/0/0", false);
        check("tile/0/x000/001", false);
        check("tile/0/001/234", false);
        check("tile/0/x001/x234", false);
        check("tile/0/000.p/256", false);
        check("tile/0/000.p/0", false);
        check("tile/0/+00", false);
        check("tile/0/../../etc", false);
        check("tile/0/x999/x999/x999/x999/x999/x999/x999/999", false);
        check("", false);
    }
}
