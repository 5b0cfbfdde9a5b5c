//! What an item of an agenda takes up must lie here, before our own side tables it.
//!
//! Owns that look. The other side's item is not judged by it: acts of the case it names may still be on their way. Must not
//! know what is on an agenda (`domain::agenda`).

use domain::act::{About, Act, Deed};
use domain::case::Case;
use domain::refusal::Refusal;
use store::Reader;

use crate::fault::Fault;
use crate::party::Node;

impl Node {
    /// Why an item of ours cannot be tabled: there is no such case between these Parties, or it is an exercise where the
    /// meeting is none, or the other way round.
    pub(crate) fn untabled(
        &self,
        reader: &dyn Reader,
        view: Option<&Case>,
        act: &Act,
    ) -> Result<Option<Refusal>, Fault> {
        let (Deed::TableItem { about: Some(about), .. }, Some(round)) = (&act.deed, view) else { return Ok(None) };
        let id = match about {
            About::Case(case) => case,
            About::Item(item) => &item.round,
        };
        let them = if round.requesting == *self.me() { &round.requested } else { &round.requesting };
        let fits = reader.case(id)?.is_some_and(|row| row.peer == *them && row.exercise == round.request.exercise);
        Ok((!fits).then_some(Refusal::UnknownCase))
    }
}
