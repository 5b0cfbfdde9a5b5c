//! The names of things: Parties, offices, officers, cases, and 32-byte hashes.
//!
//! Owns what such a name may look like, so that a name from a peer or a file is safe to print, store and use
//! in a path-free way. Must not know which names exist: that is the instrument's business.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a string is not a name of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{got}` is not a valid {kind}: {remedy}")]
pub struct BadName {
    /// Which kind of name was wanted, for the message.
    pub kind: &'static str,
    /// The offending input, cut to [`NAME_BYTES_MAX`].
    pub got: String,
    /// What a valid one looks like.
    pub remedy: &'static str,
}

/// Longest name of any kind. Names stand in 256-byte log leaves and on narrow screens.
pub const NAME_BYTES_MAX: usize = 48;

/// A Party to an instrument, for example `GB`: two to eight capital letters or digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartyId(String);

/// An office (authority) of a Party, for example `GB-NCA`: the Party, a hyphen, its short name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OfficeId(String);

/// An officer inside one office, for example `m.hale`: lower-case letters, digits, `.` and `-`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OfficerId(String);

/// A case, named by the requesting Party's own reference: `GB-CY-2026-0117` (Party, series, year, number).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseId(String);

/// A request type's code in an instrument, for example `CY-INC`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TypeCode(String);

/// A SHA-256 hash, shown as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hash32(pub [u8; 32]);

impl PartyId {
    /// Reads a Party's id.
    ///
    /// # Errors
    /// [`BadName`] unless it is 2 to 8 ASCII capitals or digits.
    pub fn new(text: &str) -> Result<Self, BadName> {
        let fits = (2..=8).contains(&text.len()) && text.bytes().all(is_upper_digit);
        named(fits, "party", text, "two to eight capital letters or digits, such as `GB`").map(Self)
    }

    /// The id as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl OfficeId {
    /// Reads an office's id.
    ///
    /// # Errors
    /// [`BadName`] unless it is a Party id, a hyphen and capitals, digits or hyphens.
    pub fn new(text: &str) -> Result<Self, BadName> {
        let fits = text.len() <= NAME_BYTES_MAX
            && text.split_once('-').is_some_and(|(party, rest)| {
                PartyId::new(party).is_ok() && !rest.is_empty() && rest.bytes().all(|b| is_upper_digit(b) || b == b'-')
            });
        named(fits, "office", text, "the Party, a hyphen and a short name in capitals, such as `AA-CERT`").map(Self)
    }

    /// The Party the office belongs to, read from its id.
    #[must_use]
    pub fn party(&self) -> PartyId {
        let (party, _) = self.0.split_once('-').expect("the constructor demands a hyphen");
        PartyId(party.to_owned())
    }

    /// The id as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl OfficerId {
    /// Reads an officer's id.
    ///
    /// # Errors
    /// [`BadName`] unless it is 1 to 48 lower-case letters, digits, dots or hyphens.
    pub fn new(text: &str) -> Result<Self, BadName> {
        let fits = (1..=NAME_BYTES_MAX).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-');
        named(fits, "officer", text, "lower-case letters, digits, dots and hyphens, such as `m.hale`").map(Self)
    }

    /// The id as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl CaseId {
    /// Reads a case reference.
    ///
    /// # Errors
    /// [`BadName`] unless it reads Party, series, four-digit year, number of at least four digits.
    pub fn new(text: &str) -> Result<Self, BadName> {
        let parts: Vec<&str> = text.split('-').collect();
        let digits = |s: &str, least: usize| s.len() >= least && s.bytes().all(|b| b.is_ascii_digit());
        let fits = text.len() <= NAME_BYTES_MAX
            && matches!(parts.as_slice(), [party, series, year, number]
                if PartyId::new(party).is_ok()
                    && (1..=4).contains(&series.len())
                    && series.bytes().all(|b| b.is_ascii_uppercase())
                    && year.len() == 4 && digits(year, 4)
                    && digits(number, 4));
        named(fits, "case", text, "Party, series, year and number, such as `AA-CY-2026-0117`").map(Self)
    }

    /// Makes the reference of the `number`th case of a series in a year.
    ///
    /// # Errors
    /// [`BadName`] when `series` is not one to four capitals.
    pub fn compose(party: &PartyId, series: &str, year: i16, number: u64) -> Result<Self, BadName> {
        Self::new(&format!("{party}-{series}-{year:04}-{number:04}"))
    }

    /// The Party that opened the case, read from its reference.
    #[must_use]
    pub fn opened_by(&self) -> PartyId {
        let (party, _) = self.0.split_once('-').expect("the constructor demands four parts");
        PartyId(party.to_owned())
    }

    /// The reference as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TypeCode {
    /// Reads a request type's code.
    ///
    /// # Errors
    /// [`BadName`] unless it is 2 to 12 capitals, digits or hyphens.
    pub fn new(text: &str) -> Result<Self, BadName> {
        let fits = (2..=12).contains(&text.len()) && text.bytes().all(|b| is_upper_digit(b) || b == b'-');
        named(fits, "request type", text, "two to twelve capitals, digits or hyphens, such as `CY-INC`").map(Self)
    }

    /// The code as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Hash32 {
    /// Reads 64 hexadecimal digits.
    ///
    /// # Errors
    /// [`BadName`] otherwise.
    pub fn from_hex(text: &str) -> Result<Self, BadName> {
        let bad = || BadName { kind: "hash", got: cut(text), remedy: "64 hexadecimal digits" };
        if text.len() != 64 || !text.is_ascii() {
            return Err(bad());
        }
        let mut out = [0u8; 32];
        for (slot, pair) in out.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digit = |b: u8| (b as char).to_digit(16).and_then(|d| u8::try_from(d).ok());
            *slot = match (digit(pair[0]), digit(pair[1])) {
                (Some(high), Some(low)) => high * 16 + low,
                _ => return Err(bad()),
            };
        }
        Ok(Self(out))
    }

    /// The first eight digits, enough for a person to compare.
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string().chars().take(8).collect()
    }
}

impl fmt::Display for Hash32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for Hash32 {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}

impl<'de> Deserialize<'de> for Hash32 {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_hex(&text).map_err(serde::de::Error::custom)
    }
}

macro_rules! string_name {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl TryFrom<String> for $name {
            type Error = BadName;
            fn try_from(text: String) -> Result<Self, BadName> { Self::new(&text) }
        }
        impl From<$name> for String {
            fn from(name: $name) -> String { name.0 }
        }
    )*};
}

// The one macro of the house: five newtypes whose four trait impls differ in nothing but the name.
string_name!(PartyId, OfficeId, OfficerId, CaseId, TypeCode);

fn is_upper_digit(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn named(fits: bool, kind: &'static str, text: &str, remedy: &'static str) -> Result<String, BadName> {
    if fits { Ok(text.to_owned()) } else { Err(BadName { kind, got: cut(text), remedy }) }
}

fn cut(text: &str) -> String {
    text.chars().take(NAME_BYTES_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_or_refused() {
        fn check(kind: &str, text: &str, want: bool) {
            let got = match kind {
                "party" => PartyId::new(text).is_ok(),
                "office" => OfficeId::new(text).is_ok(),
                "officer" => OfficerId::new(text).is_ok(),
                "case" => CaseId::new(text).is_ok(),
                "type" => TypeCode::new(text).is_ok(),
                other => panic!("no such kind {other}"),
            };
            assert_eq!(got, want, "{kind} {text:?}");
        }
        for (kind, text, want) in [
            ("party", "GB", true),
            ("party", "gb", false),
            ("party", "", false),
            ("party", "G", false),
            ("office", "GB-NCA", true),
            ("office", "GB-", false),
            ("office", "NCA", false),
            ("office", "GB-NCA/..", false),
            ("officer", "m.hale", true),
            ("officer", "周敏", false),
            ("case", "GB-CY-2026-0117", true),
            ("case", "GB-CY-2026-117", false),
            ("case", "GB-CY-26-0117", false),
            ("case", "GB-CY-2026-0117-9", false),
            ("case", "../../etc-A-2026-0001", false),
            ("type", "CY-INC", true),
            ("type", "cy", false),
        ] {
            check(kind, text, want);
        }
    }

    #[test]
    fn hashes_print_and_read_back() {
        let hash = Hash32([0xab; 32]);
        assert_eq!(Hash32::from_hex(&hash.to_string()), Ok(hash));
        assert!(Hash32::from_hex("zz").is_err());
        assert!(Hash32::from_hex(&"é".repeat(32)).is_err());
    }
}
