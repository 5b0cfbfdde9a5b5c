//! The look at what the domain cannot read: bundles of indicators in a request's fields, before anything is saved or signed.
//!
//! Owns where a bundle may stand and when it is looked at. Must not know the format: the shell, which joins formats and
//! domain, brings the reading. What a peer sends is not looked at here: it was signed, so it is kept and shown as it is.

use std::collections::BTreeMap;

use domain::act::Deed;
use domain::content::FieldValue;
use domain::refusal::Refusal;

use crate::party::Node;

/// What keeps a bundle from being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The first error, by its stable code.
    pub finding: &'static str,
    /// Where in the bundle.
    pub at: String,
    /// How many errors there are in all.
    pub count: usize,
}

/// Reads a bundle and says what keeps it from being read.
pub type Inspect = fn(&str) -> Option<Unreadable>;

/// Nobody looks: for nodes without a shell, as in the simulator.
pub(crate) fn nobody_looks(_: &str) -> Option<Unreadable> {
    None
}

impl Node {
    /// Refuses fields of which a bundle cannot be read. An empty one is for the check of completeness to name.
    pub(crate) fn inspect_fields(&self, fields: &BTreeMap<String, FieldValue>) -> Result<(), Refusal> {
        for (field, value) in fields {
            let FieldValue::Indicators(json) = value else { continue };
            let found = if json.trim().is_empty() { None } else { (self.inspection())(json) };
            if let Some(Unreadable { finding, at, count }) = found {
                return Err(Refusal::UnreadableIndicators { field: field.clone(), finding, at, count });
            }
        }
        Ok(())
    }

    /// The same for whatever fields a deed carries.
    pub(crate) fn inspect_deed(&self, deed: &Deed) -> Result<(), Refusal> {
        match deed {
            Deed::Submit { request } | Deed::Preconsult { request } => self.inspect_fields(&request.fields),
            Deed::Supplement { fields, .. } => self.inspect_fields(fields),
            _ => Ok(()),
        }
    }
}
