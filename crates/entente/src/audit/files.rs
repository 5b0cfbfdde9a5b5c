//! Every attachment of every act: its row in the database and each of its pieces on the disk.
//!
//! Owns what must be there of a file an act names. Must not open one: pieces are checked sealed, against the root that the
//! signed act names, a piece at a time.

use domain::content::Attachment;
use domain::ids::{CaseId, Hash32};
use ledger::blob::{AttachmentRef, verify_list};
use ledger::tree::leaf_hash;
use node::Dossier;
use store::{BlobRow, BlobState};

use super::{Report, Side};

impl Side<'_> {
    /// Names each file of the case's acts that is gone, cut or altered. The files of acts erased at the end of their time
    /// went with them.
    pub(super) fn check_files(&self, dossier: &Dossier, report: &mut Report) {
        let case = &dossier.case.id;
        for (row, entry) in dossier.rows.iter().zip(&dossier.entries) {
            if dossier.erased.contains_key(&row.core_hash) {
                continue;
            }
            for file in entry.act.deed.attachments() {
                if let Err(what) = self.check_file(case, file) {
                    let what = format!("file `{}` of act {} of {}: {what}", file.name, row.seq, row.party);
                    report.add(self.node.me(), case.as_str(), None, what);
                } else {
                    report.files += 1;
                }
            }
        }
    }

    fn check_file(&self, case: &CaseId, file: &Attachment) -> Result<(), String> {
        let row = self.reader.blob(&file.root).map_err(|why| why.to_string())?;
        let row = row.ok_or("it is lost: the database has no row of it")?;
        if row.state != BlobState::Whole {
            return Err("its row says it is not whole: it was altered".to_owned());
        }
        if row.size_bytes != file.sealed_bytes || row.chunk_bytes != u64::from(file.chunk_bytes) {
            return Err("its row says another size than the signed act".to_owned());
        }
        self.check_owner(case, &row)?;
        let signed = AttachmentRef { root: file.root.0, size: file.sealed_bytes, chunk_bytes: file.chunk_bytes };
        signed.check().map_err(|why| format!("its act names no possible file: {why}"))?;
        let hashes: Vec<[u8; 32]> = row.meta.chunks(32).filter_map(|hash| hash.try_into().ok()).collect();
        if hashes.len() * 32 != row.meta.len() || verify_list(&signed, &hashes).is_err() {
            return Err("its row lists other pieces than the signed act".to_owned());
        }
        let pieces = hashes.len();
        for (index, hash) in (0u64..).zip(&hashes) {
            let at = index + 1;
            let piece = self.chunks.get(&file.root, index).map_err(|why| format!("piece {at} of {pieces}: {why}"))?;
            let piece = piece.ok_or_else(|| format!("piece {at} of {pieces} is lost"))?;
            if signed.chunk_len(index) != Some(piece.len() as u64) {
                return Err(format!("piece {at} of {pieces} was cut or grew"));
            }
            if leaf_hash(&piece) != *hash {
                return Err(format!("piece {at} of {pieces} was altered"));
            }
        }
        Ok(())
    }

    /// A file belongs to the case that named it first; when that is another one, its acts must name it.
    fn check_owner(&self, case: &CaseId, row: &BlobRow) -> Result<(), String> {
        let owner = row.case.as_ref().ok_or("its row says it belongs to no case: it would be swept away")?;
        if owner == case {
            return Ok(());
        }
        let names = |dossier: &Dossier, root: &Hash32| {
            dossier.entries.iter().any(|entry| entry.act.deed.attachments().iter().any(|file| file.root == *root))
        };
        let other = self.node.load(self.reader, owner).map_err(|why| why.to_string())?;
        if other.is_some_and(|other| names(&other, &row.root)) {
            return Ok(());
        }
        Err(format!("its row says it belongs to case `{owner}`, which does not name it"))
    }
}
