//! The texts both sides have signed that open something else: an annex, a memorandum, an arrangement.
//!
//! Owns the record of which case settled which text, and the check before a request that waits for one. Must not know what
//! the text says.

use std::collections::BTreeSet;

use domain::act::{Act, ActKind};
use domain::case::{self, Case};
use domain::content::FieldValue;
use domain::ids::CaseId;
use domain::judge;
use domain::refusal::Refusal;
use rand_core::CryptoRng;
use store::{LocalRow, Reader, Write};

use crate::fault::Fault;
use crate::party::Node;

/// The kind of local row that says which case settled a text.
const KIND: &str = "settled";

/// What parts the text from the case in a row's key: no text's id and no case has it.
const BETWEEN: char = '/';

/// How sure a side must be that a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sure {
    /// Both signatures are here.
    Signed,
    /// And the other side is known to have ours: what we send may arrive before it otherwise.
    Delivered,
}

impl Node {
    /// Why a first act may not stand yet: a text its type waits for is not settled. Most types wait for none.
    pub(crate) fn awaited(&self, reader: &dyn Reader, act: &Act, sure: Sure) -> Result<Option<Refusal>, Fault> {
        let rule = case::opening(&act.deed)
            .and_then(|request| self.version(&act.instrument)?.request_type(&request.type_code));
        match rule.filter(|rule| !rule.needs_texts.is_empty()) {
            Some(rule) => Ok(judge::unlocked(rule, &self.settled(reader, sure)?).err()),
            None => Ok(None),
        }
    }

    /// The texts that stand.
    pub(crate) fn settled(&self, reader: &dyn Reader, sure: Sure) -> Result<BTreeSet<String>, Fault> {
        let mut texts = BTreeSet::new();
        for row in reader.local_list(KIND)? {
            let (text, id) = row.key.split_once(BETWEEN).ok_or_else(|| Fault::record(KIND, &row.key))?;
            let id = CaseId::new(id).map_err(|why| Fault::record(KIND, why))?;
            let Some(dossier) = self.load(reader, &id)? else { continue };
            let ours = dossier.entries.iter().filter(|entry| entry.act.by == *self.me());
            let mut signatures = ours.filter(|entry| entry.act.deed.kind() == ActKind::SignText);
            let known = sure == Sure::Signed || signatures.all(|entry| entry.received_at.is_some());
            if known && dossier.case.talk.agreed().is_some() {
                texts.insert(text.to_owned());
            }
        }
        Ok(texts)
    }

    /// Notes that a case has settled the text its request names, if it has.
    pub(crate) fn note_settled(&self, rng: &mut dyn CryptoRng, case: &Case) -> Result<Option<Write>, Fault> {
        let field = case.rule(self.instrument_of(case)).and_then(|rule| rule.settles.as_ref());
        let named = field.and_then(|field| case.request.fields.get(field));
        let (Some(FieldValue::Choice(text)), Some(_)) = (named, case.talk.agreed()) else { return Ok(None) };
        let key = format!("{text}{BETWEEN}{}", case.id);
        let bytes = self.wrap(rng, &format!("{KIND}/{key}"), &[])?;
        Ok(Some(Write::PutLocal(LocalRow { kind: KIND.to_owned(), key, version: 1, bytes })))
    }
}
