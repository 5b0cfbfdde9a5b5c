//! The account of a period as this node computes it from the cases it holds.
//!
//! Owns the facts of every case, kept between two looks so that only what changed is folded anew. Must not count: the
//! domain does; nor show.

use std::collections::BTreeMap;

use domain::account::{Account, CaseFacts, Period, account};
use domain::ids::{CaseId, Hash32, PartyId, TypeCode};
use domain::instrument::Instrument;
use jiff::Timestamp;
use ledger::canon;
use ledger::hash::sha256;
use store::{CaseFilter, Reader};

use crate::fault::Fault;
use crate::party::Node;

/// What happened in every case this node holds, boiled down to what can be counted.
#[derive(Debug, Clone, Default)]
pub struct FactBook {
    facts: BTreeMap<CaseId, (u64, CaseFacts)>,
}

impl FactBook {
    /// Reads what changed since the last time.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn refresh(&mut self, node: &Node, reader: &dyn Reader) -> Result<(), Fault> {
        let mut filter = CaseFilter::default();
        loop {
            let (rows, next) = reader.cases(&filter)?;
            for row in rows {
                if self.facts.get(&row.case).is_some_and(|(version, _)| *version == row.version) {
                    continue;
                }
                let Some(dossier) = node.load(reader, &row.case)? else { continue };
                if let Some(facts) = CaseFacts::of(node.instruments(), &dossier.entries) {
                    self.facts.insert(row.case, (row.version, facts));
                }
            }
            if next.is_none() {
                return Ok(());
            }
            filter.after = next;
        }
    }

    /// The account of a period.
    #[must_use]
    pub fn account(&self, instrument: &Instrument, period: Period) -> Account {
        account(instrument, self.iter(), period)
    }

    /// The cases behind the figures of a clause: those of the types counted that something happened in
    /// within the period.
    pub fn behind<'f>(
        &'f self,
        instrument: &'f Instrument,
        clause: &str,
        period: Period,
    ) -> impl Iterator<Item = &'f CaseFacts> {
        let clause = instrument.clause(clause);
        let counted = move |code: &TypeCode| {
            clause.is_some_and(|clause| clause.measures.iter().any(|measure| measure.counts(code, &clause.types)))
        };
        let touched = move |facts: &&CaseFacts| facts.made.iter().any(|made| period.holds(made.at));
        self.iter()
            .filter(move |facts| facts.exercise == period.exercise)
            .filter(move |facts| counted(&facts.type_code))
            .filter(touched)
    }

    /// Only the cases with one other Party: what that Party can count too, where an instrument has more than two.
    #[must_use]
    pub fn with(&self, peer: &PartyId) -> Self {
        let ours = |facts: &CaseFacts| [&facts.requesting, &facts.requested].contains(&peer);
        let kept = self.facts.iter().filter(|(_, (_, facts))| ours(facts));
        Self { facts: kept.map(|(case, held)| (case.clone(), held.clone())).collect() }
    }

    /// When the last act was made that is known here. A rehearsed year may lie ahead of the machine's clock.
    #[must_use]
    pub fn last_act_at(&self) -> Option<Timestamp> {
        self.iter().flat_map(|facts| &facts.made).map(|made| made.at).max()
    }

    /// Every case's facts.
    pub fn iter(&self) -> impl Iterator<Item = &CaseFacts> {
        self.facts.values().map(|(_, facts)| facts)
    }
}

/// The hash of an account, by which two nodes compare theirs: SHA-256 of its canonical bytes.
///
/// # Errors
/// [`Fault::Record`] when it cannot be written down, which it always can.
pub fn account_hash(account: &Account) -> Result<Hash32, Fault> {
    let bytes = canon::to_vec(account).map_err(|why| Fault::record("account", why))?;
    Ok(Hash32(sha256(&[&bytes])))
}
