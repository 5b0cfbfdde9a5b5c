//! Property that goes on from one case to the case that continues it: restrained there, confiscated here, returned in a third.
//!
//! Owns the one rule between their ledgers: what enters a later case from the earlier one is what was carried on there and
//! nobody brought in yet, and what stands in the earlier case never enters anew. The node that keeps the cases gives them.
//! Must not know where they lie.

use rust_decimal::Decimal;

use super::continued::stands;
use crate::act::{Act, Deed};
use crate::asset::Movement;
use crate::case::{Booking, Case, Entry};
use crate::refusal::{AssetBar, Refusal};

/// Judges a booking in a case against the case it continues, the same on both nodes. `beside` are all cases here that
/// continue the earlier one, this one among them; `line` are the others of its line, before that one and after this. `delivered` counts only what the other side is known to have of the
/// earlier case: what is sent on its strength might arrive before it otherwise.
///
/// # Errors
/// [`Refusal::Asset`] when less was carried on than is brought in; [`Refusal::Asset`] when property of the
/// earlier case would enter as if it were new, [`Refusal::Asset`] when its author has it as new elsewhere in the line.
pub fn chained(
    act: &Act,
    earlier: Option<(&Case, &[Entry])>,
    beside: &[Case],
    line: &[Case],
    delivered: bool,
) -> Result<(), Refusal> {
    let Deed::BookAsset { asset, movement, amount, .. } = &act.deed else { return Ok(()) };
    let short = || Refusal::Asset(AssetBar::Short { asset: asset.clone() });
    let known = earlier.and_then(|(case, entries)| Some((case, entries, case.assets.property(asset)?)));
    match (movement.takes_up(), known) {
        (Some(carry), Some((case, entries, property))) => {
            let ours = *case.party(property.holder) == act.by && property.currency == amount.currency();
            let carried = carried(case, entries, act, (asset, carry), delivered);
            let brought: Decimal = beside.iter().map(|later| brought(later, act, (asset, *movement))).sum();
            let left = carried.checked_sub(brought).filter(|left| ours && *left >= amount.value());
            left.map(drop).ok_or_else(short)
        }
        (Some(_), None) => Err(short()),
        (None, Some(_)) if *movement == Movement::Restrain => Err(Refusal::Asset(AssetBar::Earlier)),
        (None, _) if *movement == Movement::Restrain && line.iter().any(|case| entered(case, act, asset)) => {
            Err(Refusal::Asset(AssetBar::Later))
        }
        (None, _) => Ok(()),
    }
}

/// What the author of `act` carried on from the earlier case.
fn carried(case: &Case, entries: &[Entry], act: &Act, booked: (&str, Movement), delivered: bool) -> Decimal {
    let had = |entry: &&Entry| !delivered || entry.received_at.is_some();
    let own = entries.iter().filter(|entry| entry.act.by == act.by && stands(case, entry)).filter(had);
    let sums = own.filter_map(|entry| match &entry.act.deed {
        Deed::BookAsset { asset, movement, amount, .. } if (asset.as_str(), *movement) == booked => {
            Some(amount.value())
        }
        _ => None,
    });
    sums.sum()
}

/// What the author of `act` has brought into a later case already.
fn brought(later: &Case, act: &Act, booked: (&str, Movement)) -> Decimal {
    let own = later.bookings.iter().filter(|one| *later.party(one.by) == act.by);
    own.filter(|one| (one.asset.as_str(), one.movement) == booked).map(|one| one.amount.value()).sum()
}

/// Whether the author of `act` has booked property of this name as new in another case.
fn entered(case: &Case, act: &Act, asset: &str) -> bool {
    let own = |one: &&Booking| *case.party(one.by) == act.by && one.asset == asset;
    case.bookings.iter().filter(own).any(|one| one.movement == Movement::Restrain)
}
