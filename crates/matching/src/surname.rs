//! Which characters are surnames, and how common.
//!
//! Owns the list of compound surnames, the share of each surname, and the given names of English. Must not know papers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::table::plain_form;

static COMPOUNDS: LazyLock<BTreeSet<Vec<char>>> = LazyLock::new(|| {
    let list = include_str!("../tables/compounds.txt").split_whitespace();
    list.map(|name| name.chars().map(plain_form).collect()).collect()
});

static SHARES: LazyLock<BTreeMap<char, u32>> = LazyLock::new(|| {
    let rows = include_str!("../tables/surnames.csv").lines().skip(1).filter_map(|line| line.split_once(','));
    rows.filter_map(|(name, share)| {
        let mut chars = name.chars();
        let (first, None) = (chars.next()?, chars.next()) else { return None };
        Some((plain_form(first), share.parse().ok()?))
    })
    .collect()
});

static GIVEN: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("../tables/given.txt").split_whitespace().collect());

/// Whether two characters are one surname.
#[must_use]
pub fn is_compound(chars: &[char]) -> bool {
    COMPOUNDS.contains(chars)
}

/// Of a million people who bear Chinese names, how many bear this surname; 0 for what is none.
#[must_use]
pub fn share(plain: char) -> u32 {
    SHARES.get(&plain).copied().unwrap_or(0)
}

/// Whether the folded word is a given name of English or a near neighbour.
#[must_use]
pub fn is_given(word: &str) -> bool {
    GIVEN.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames() {
        assert!(is_compound(&['欧', '阳']) && !is_compound(&['陈', '国']));
        assert!(share('王') > 10_000 && share('郭') > 1_000 && share('的') == 0);
        assert!(is_given("jackie") && !is_given("guozhong"));
    }
}
