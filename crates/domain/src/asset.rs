//! Money, and the ledger of property in a case: restrained, confiscated, shared, returned, received.
//!
//! Owns exact amounts and the conservation of each: what a movement takes from one heading it adds to another, so that
//! nothing appears or vanishes. Must not know who may book a movement beyond which side holds the property.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::ids::BadName;
use crate::menu::Menu;
use crate::procedure::Side;
use crate::refusal::{AssetBar, Refusal};

/// Most digits before the point: a hundred times the largest state budget, and far from where sums could overflow.
const WHOLE_DIGITS_MAX: usize = 16;
/// Most digits after the point: no currency in use has more than three, one of account has four.
const FRACTION_DIGITS_MAX: u32 = 4;
/// Most characters of a written amount: the digits, the point, and nothing else.
const AMOUNT_CHARS_MAX: usize = WHOLE_DIGITS_MAX + 1 + FRACTION_DIGITS_MAX as usize;
/// Most properties one case may hold: a court order lists fewer.
pub const ASSETS_MAX: usize = 256;

/// An exact amount in one currency. Never negative, never a binary fraction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Money {
    amount: Decimal,
    currency: String,
}

/// [`Money`] as it is written in acts: `{ "amount": "1250.50", "currency": "GBP" }`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    amount: String,
    currency: String,
}

/// What happens to property. The holder books all but the last, which the side that receives it books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Movement {
    /// Frozen, seized or otherwise secured: it enters the ledger.
    Restrain,
    /// The measure is lifted: it leaves the reach of the case.
    Release,
    /// A final order takes it.
    Confiscate,
    /// The holder's reasonable costs are taken out of what was confiscated.
    DeductCosts,
    /// The holder keeps it as the share agreed.
    Share,
    /// It is sent back.
    Return,
    /// The other side confirms that what was sent back arrived.
    Receive,
    /// What is secured goes on to the case that continues this one.
    CarryRestrained,
    /// What was taken by a final order goes on to the case that continues this one.
    CarryConfiscated,
    /// What was carried on, secured, from the case this one continues enters here.
    BringRestrained,
    /// What was carried on, taken by a final order, from the case this one continues enters here.
    BringConfiscated,
}

/// Where a sum of one property stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Heading {
    /// Secured.
    Restrained,
    /// Free again.
    Released,
    /// Taken by a final order, not yet shared or returned.
    Confiscated,
    /// Kept for costs.
    Costs,
    /// Kept as a share.
    Shared,
    /// Sent back, not yet confirmed.
    Returned,
    /// Arrived.
    Received,
    /// Gone on, secured, to the case that continues this one: counted there from then.
    CarriedRestrained,
    /// Gone on, taken by a final order.
    CarriedConfiscated,
}

/// One property: who holds it and how much of it stands under which heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// The side that secured it.
    pub holder: Side,
    /// The currency it is counted in.
    pub currency: String,
    sums: BTreeMap<Heading, Decimal>,
}

/// Every property of a case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AssetLedger {
    properties: BTreeMap<String, Property>,
}

impl Money {
    /// An amount written with digits and at most one point, and a currency of three capitals (ISO 4217).
    ///
    /// # Errors
    /// [`BadName`] when either is written otherwise, or the amount is zero.
    pub fn new(amount: &str, currency: &str) -> Result<Self, BadName> {
        let bad = |kind, got: &str, remedy| BadName { kind, got: got.chars().take(24).collect(), remedy };
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(bad("currency", currency, "three capital letters, such as `GBP`"));
        }
        let remedy = "digits with at most four after a point, such as `1250.50`";
        let plain = amount.len() <= AMOUNT_CHARS_MAX
            && amount.starts_with(|c: char| c.is_ascii_digit())
            && amount.ends_with(|c: char| c.is_ascii_digit())
            && amount.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let whole = amount.split('.').next().map_or(0, str::len);
        let read = Decimal::from_str(amount).ok().filter(|_| plain && whole <= WHOLE_DIGITS_MAX);
        match read {
            Some(read) if !read.is_zero() && read.scale() <= FRACTION_DIGITS_MAX => {
                Ok(Self { amount: read, currency: currency.to_owned() })
            }
            _ => Err(bad("amount", amount, remedy)),
        }
    }

    /// The amount as written.
    #[must_use]
    pub fn amount(&self) -> String {
        self.amount.to_string()
    }

    /// The amount as a number, for sums.
    #[must_use]
    pub fn value(&self) -> Decimal {
        self.amount
    }

    /// The currency, ISO 4217.
    #[must_use]
    pub fn currency(&self) -> &str {
        &self.currency
    }
}

impl Movement {
    /// From which heading to which; what enters comes from none.
    #[must_use]
    pub const fn way(self) -> (Option<Heading>, Heading) {
        match self {
            Self::Restrain => (None, Heading::Restrained),
            Self::Release => (Some(Heading::Restrained), Heading::Released),
            Self::Confiscate => (Some(Heading::Restrained), Heading::Confiscated),
            Self::DeductCosts => (Some(Heading::Confiscated), Heading::Costs),
            Self::Share => (Some(Heading::Confiscated), Heading::Shared),
            Self::Return => (Some(Heading::Confiscated), Heading::Returned),
            Self::Receive => (Some(Heading::Returned), Heading::Received),
            Self::CarryRestrained => (Some(Heading::Restrained), Heading::CarriedRestrained),
            Self::CarryConfiscated => (Some(Heading::Confiscated), Heading::CarriedConfiscated),
            Self::BringRestrained => (None, Heading::Restrained),
            Self::BringConfiscated => (None, Heading::Confiscated),
        }
    }

    /// The movement in the earlier case that one here takes up, where it is one of those.
    #[must_use]
    pub const fn takes_up(self) -> Option<Self> {
        match self {
            Self::BringRestrained => Some(Self::CarryRestrained),
            Self::BringConfiscated => Some(Self::CarryConfiscated),
            _ => None,
        }
    }

    /// Whether it leads from one case to the next: no property is secured, taken or given by it, so accounts pass it over.
    #[must_use]
    pub const fn is_passage(self) -> bool {
        matches!(self, Self::CarryRestrained | Self::CarryConfiscated | Self::BringRestrained | Self::BringConfiscated)
    }
}

impl Property {
    /// How much stands under a heading.
    #[must_use]
    pub fn sum(&self, heading: Heading) -> Decimal {
        self.sums.get(&heading).copied().unwrap_or_default()
    }

    /// Everything that ever entered, wherever it stands now.
    #[must_use]
    pub fn total(&self) -> Decimal {
        self.sums.values().copied().sum()
    }
}

impl AssetLedger {
    /// One property by its name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.get(name)
    }

    /// Every property by its name.
    pub fn properties(&self) -> impl Iterator<Item = (&str, &Property)> {
        self.properties.iter().map(|(name, property)| (name.as_str(), property))
    }

    /// Whether a side may book a movement, and whether there is enough to move.
    ///
    /// # Errors
    /// [`Refusal::Asset`], [`Refusal::Asset`] or [`Refusal::TooLong`] when the ledger is full.
    pub fn judge(&self, side: Side, asset: &str, movement: Movement, money: &Money) -> Result<(), Refusal> {
        self.moved(side, asset, movement, money).map(|_| ())
    }

    /// Books a movement. One that [`Self::judge`] refuses changes nothing.
    pub fn book(&mut self, side: Side, asset: &str, movement: Movement, money: &Money) {
        if let Ok(property) = self.moved(side, asset, movement, money) {
            self.properties.insert(asset.to_owned(), property);
        }
    }

    /// The property as it is after the movement.
    fn moved(&self, side: Side, asset: &str, movement: Movement, money: &Money) -> Result<Property, Refusal> {
        let short = || Refusal::Asset(AssetBar::Short { asset: asset.to_owned() });
        let (from, to) = movement.way();
        let mut property = match self.properties.get(asset) {
            Some(known) => known.clone(),
            None if from.is_some() => return Err(short()),
            None if self.properties.len() >= ASSETS_MAX => {
                return Err(Refusal::TooLong { what: "assets", max: ASSETS_MAX });
            }
            None => Property { holder: side, currency: money.currency.clone(), sums: BTreeMap::new() },
        };
        let books = if movement == Movement::Receive { property.holder.other() } else { property.holder };
        if side != books {
            return Err(Refusal::Asset(AssetBar::NotHolder { asset: asset.to_owned() }));
        }
        if property.currency != money.currency {
            return Err(short());
        }
        if let Some(from) = from {
            let left = property.sum(from).checked_sub(money.amount).filter(|left| !left.is_sign_negative());
            property.sums.insert(from, left.ok_or_else(short)?);
        }
        let sum = property.sum(to).checked_add(money.amount).ok_or_else(short)?;
        property.sums.insert(to, sum);
        Ok(property)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

impl TryFrom<Written> for Money {
    type Error = BadName;
    fn try_from(written: Written) -> Result<Self, BadName> {
        Self::new(&written.amount, &written.currency)
    }
}

impl From<Money> for Written {
    fn from(money: Money) -> Self {
        Self { amount: money.amount(), currency: money.currency }
    }
}

impl Menu for Movement {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Restrain, "restrain"),
        (Self::Release, "release"),
        (Self::Confiscate, "confiscate"),
        (Self::DeductCosts, "deduct-costs"),
        (Self::Share, "share"),
        (Self::Return, "return"),
        (Self::Receive, "receive"),
        (Self::CarryRestrained, "carry-restrained"),
        (Self::CarryConfiscated, "carry-confiscated"),
        (Self::BringRestrained, "bring-restrained"),
        (Self::BringConfiscated, "bring-confiscated"),
    ];
}

impl Menu for Heading {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Restrained, "restrained"),
        (Self::Released, "released"),
        (Self::Confiscated, "confiscated"),
        (Self::Costs, "costs"),
        (Self::Shared, "shared"),
        (Self::Returned, "returned"),
        (Self::Received, "received"),
        (Self::CarriedRestrained, "carried-restrained"),
        (Self::CarriedConfiscated, "carried-confiscated"),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_read_exactly_or_not_at_all() {
        let good = [("1250.50", "GBP"), ("0.01", "CNY"), ("9999999999999999.9999", "JPY"), ("7", "CNY")];
        for (amount, currency) in good {
            let money = Money::new(amount, currency).unwrap();
            assert_eq!((money.amount().as_str(), money.currency()), (amount, currency));
            assert_eq!(serde_json::from_value::<Money>(serde_json::to_value(&money).unwrap()).unwrap(), money);
        }
        let bad = ["", "0", "0.00", "-1", "+1", "1e3", "1_000", "1,000", ".5", "5.", "1.2.3", "0.00001", "１", "NaN"];
        for amount in bad.into_iter().chain(["10000000000000000", "99999999999999999999999999"]) {
            assert!(Money::new(amount, "GBP").is_err(), "{amount}");
        }
        for currency in ["", "gbp", "GB", "GBPP", "£££"] {
            assert!(Money::new("1", currency).is_err(), "{currency}");
        }
    }

    proptest! {
        /// Whatever is tried by whomever: what entered is what stands under some heading, and no heading is negative.
        #[test]
        fn nothing_appears_or_vanishes(
            moves in prop::collection::vec((any::<bool>(), 0..3_usize, 0..Movement::ALL.len(), 1..100_000_u32), 0..200)
        ) {
            let mut ledger = AssetLedger::default();
            let mut entered: BTreeMap<String, Decimal> = BTreeMap::new();
            for (requested, asset, movement, cents) in moves {
                let side = if requested { Side::Requested } else { Side::Requesting };
                let (asset, movement) = (format!("asset {asset}"), Movement::ALL[movement].0);
                let money = Money::new(&format!("{}.{:02}", cents / 100, cents % 100), "CNY").unwrap();
                let (before, allowed) = (ledger.clone(), ledger.judge(side, &asset, movement, &money).is_ok());
                ledger.book(side, &asset, movement, &money);
                if !allowed {
                    prop_assert_eq!(&ledger, &before);
                } else if movement.way().0.is_none() {
                    *entered.entry(asset).or_default() += money.amount;
                }
                for (name, property) in ledger.properties() {
                    prop_assert_eq!(Some(&property.total()), entered.get(name));
                    for (heading, _) in Heading::ALL {
                        prop_assert!(!property.sum(*heading).is_sign_negative());
                    }
                }
            }
        }
    }
}
