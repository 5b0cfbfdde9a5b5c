//! A drawn batch as its side keeps it until the audit: what stands at each place, and under which salt.
//!
//! Owns its bytes. Must not know where they are kept. They are the questions themselves and never cross.

use super::{
    Kept, Misbehaved, Named, SALT_BYTES, What, announcement, bytes, head, named, read_announcement, read_named,
};
use crate::private::match_key::CONTENT_BYTES_MAX;
use crate::private::question::{Asked, Drawn};
use crate::private::wire::read::Read;

/// Stands for a place where nothing was asked.
const NOBODY: u16 = u16::MAX;

impl Drawn {
    /// The bytes to keep. `of` are the words of its scope.
    #[must_use]
    pub fn keep(&self, of: &Named) -> Kept {
        let mut out = Kept::new(head(What::Drawn));
        named(&mut out, of);
        announcement(&mut out, self.announcement());
        for (place, asked) in self.asked().iter().enumerate() {
            let given = self.given(place).and_then(|given| u16::try_from(given).ok()).unwrap_or(NOBODY);
            let (kind, content) = asked.parts();
            out.extend(given.to_be_bytes());
            out.push(kind);
            bytes(&mut out, content);
            out.extend_from_slice(self.salt(place).map_or(&[0; SALT_BYTES], |salt| salt));
        }
        out
    }

    /// Reads what was kept.
    ///
    /// # Errors
    /// [`Misbehaved`], which here is a disk's fault.
    pub fn read(kept: &[u8]) -> Result<Self, Misbehaved> {
        let mut read = Read::of(kept, What::Drawn)?;
        let scope = read_named(&mut read)?.scope().map_err(|_| Misbehaved::Malformed("scope"))?;
        let announcement = read_announcement(&mut read)?;
        let (mut asked, mut salts, mut given) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..announcement.commitments.len() {
            let number = u16::from_be_bytes(read.take()?);
            given.push((number != NOBODY).then_some(usize::from(number)));
            let [kind] = read.take()?;
            let content = read.bytes(CONTENT_BYTES_MAX)?;
            let here = Asked::read(kind, &content).ok().flatten();
            asked.push(here.ok_or(Misbehaved::Malformed("question"))?);
            salts.push(zeroize::Zeroizing::new(read.take()?));
        }
        read.end()?;
        Self::again(scope, announcement, asked, salts, given)
    }
}
