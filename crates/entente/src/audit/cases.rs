//! Every case against the log: its acts, their contents, and the row the desks show of it.
//!
//! Owns which column must agree with which act. Must not know what stands behind an entry of the log (`entries`).

use domain::ids::Hash32;
use domain::menu::Menu;
use ledger::leaf::Leaf;
use store::{CaseFilter, CaseRow};

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
        // What the desks show must be what the acts come to.
        let astray = self.node.astray(found, &dossier).map_err(|why| why.to_string())?;
        if astray.is_empty() {
            return Ok(());
        }
        Err(format!("its row in the database is not what its acts make of it: {}", astray.join(", ")))
    }
}
