//! Every case against the log: its acts, their contents, and the row the desks show of it.
//!
//! Owns which column must agree with which act. Must not know what stands behind an entry of the log (`entries`).

use domain::ids::Hash32;
use domain::menu::Menu;
use ledger::leaf::Leaf;
use store::{ActRow, CaseFilter, CaseRow, ParcelState};

use super::{FINDINGS_MAX, Report, Side};

impl Side<'_> {
    /// Every act of every case must be what its content says and stand in the log where it says.
    pub(super) fn check_cases(&self, report: &mut Report) -> Result<(), store::Fault> {
        let mut filter = CaseFilter::default();
        loop {
            let (cases, next) = self.reader.cases(&filter)?;
            for row in &cases {
                report.cases += 1;
                if let Err(what) = self.check_case(row, report) {
                    report.add(self.node.me(), row.case.as_str(), None, what);
                }
            }
            if next.is_none() {
                return Ok(());
            }
            filter.after = next;
        }
    }

    fn check_case(&self, found: &CaseRow, report: &mut Report) -> Result<(), String> {
        let (case, peer) = (&found.case, &found.peer);
        let acts = self.reader.acts(case).map_err(|why| why.to_string())?;
        let log = node::log_name(peer);
        for row in &acts {
            let found = self.reader.leaves(&log, row.logged_index, 1).map_err(|why| why.to_string())?;
            let leaf = found.first().filter(|leaf| leaf.index == row.logged_index);
            let leaf = leaf.and_then(|leaf| Leaf::decode(&leaf.bytes).ok());
            let in_log = leaf.is_some_and(|leaf| leaf.core_hash == row.core_hash.0);
            // A time of receipt without a receipt would start a clock nobody agreed to.
            if row.party == *self.node.me() && row.received_at.is_some() {
                let got = self.reader.receipt(&row.core_hash, false).map_err(|why| why.to_string())?;
                got.ok_or_else(|| format!("act {} of {} was received by no receipt", row.seq, row.party))?;
            }
            if !in_log {
                return Err(format!(
                    "act {} of {} is not in the log at entry {}",
                    row.seq, row.party, row.logged_index
                ));
            }
        }
        let bodies: Vec<Hash32> = acts.iter().map(|row| row.body_hash).collect();
        let bodies = self.reader.bodies(&bodies).map_err(|why| why.to_string())?;
        for (row, _) in acts.iter().zip(&bodies).filter(|(_, body)| body.bytes.is_none()) {
            report.purged_acts += 1;
            if report.purged.len() < FINDINGS_MAX {
                report.purged.push(format!("{case}#{} of {}", row.seq, row.party));
            }
        }
        let dossier = self.node.load(self.reader, case).map_err(|why| why.to_string())?;
        let dossier = dossier.ok_or("its acts do not make a case")?;
        for (row, entry) in dossier.rows.iter().zip(&dossier.entries) {
            let act = &entry.act;
            let same = row.party == act.by
                && row.seq == act.seq
                && row.case == act.case
                && row.kind == act.deed.kind().code()
                && row.at == act.at.into();
            if !same {
                return Err(format!("the row of act {} of {} differs from what was signed", row.seq, row.party));
            }
        }
        self.check_files(&dossier, report);
        self.check_parcels(&acts)?;
        if self.node.unwatched(self.reader, &dossier).map_err(|why| why.to_string())? {
            return Err("a clock runs in it and its timer is gone: nothing would ring".to_owned());
        }
        // What the desks show must be what the acts come to.
        let astray = self.node.astray(found, &dossier).map_err(|why| why.to_string())?;
        if astray.is_empty() {
            return Ok(());
        }
        Err(format!("its row in the database is not what its acts make of it: {}", astray.join(", ")))
    }

    /// Each act of ours must have its parcel, which says of its delivery what the act's row says: a parcel lost is an act
    /// never sent.
    fn check_parcels(&self, acts: &[ActRow]) -> Result<(), String> {
        for row in acts.iter().filter(|row| row.party == *self.node.me()) {
            let name = format!("act {} of {}", row.seq, row.party);
            let parcel = self.reader.parcel(&row.core_hash).map_err(|why| why.to_string())?;
            let parcel = parcel.ok_or_else(|| format!("the parcel of {name} is gone: it would never be sent"))?;
            if parcel.case != row.case || parcel.party_seq != row.seq || !self.node.peers().contains_key(&parcel.peer) {
                return Err(format!("the parcel of {name} is addressed to another place: it was altered"));
            }
            let delivered = parcel.state == ParcelState::Delivered;
            if delivered && row.received_at.is_none() {
                return Err(format!("the parcel of {name} says it was delivered, and there is no receipt"));
            }
            if !delivered && row.received_at.is_some() {
                return Err(format!("the parcel of {name} says it was not delivered, and there is a receipt"));
            }
        }
        Ok(())
    }
}
