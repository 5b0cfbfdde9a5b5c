//! Match keys: the few exact strings under which two records of one person, document or thing meet.
//!
//! Owns the closed menu of kinds, what each is made of, and its canonical bytes. Must not know cryptography. All
//! vagueness is here, in clear and at home – names folded across scripts, days and months exchanged, smudged characters
//! – so that what crosses the border can be compared exactly. There is no kind of a name alone.

use std::net::IpAddr;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::Refused;
use crate::date::Born;
use crate::record::Record;
use crate::{document, key};

/// The version of everything that makes a key's bytes, tables included: both sides must have the same, so it stands in
/// the scope. A test holds the keys of known names; when it fails for a good reason, this goes up.
pub const VERSION: u32 = 1;
/// Bytes of a key's content, at most. A domain name has 253, and nothing here is longer.
pub const CONTENT_BYTES_MAX: usize = 256;
/// Characters of a number whose smudges are asked for; each is a question of its own.
pub const SMUDGED_MAX: usize = 12;
/// Fewer, and one character unknown leaves too little.
const SMUDGED_MIN: usize = 7;
/// A document number of fewer characters names nobody.
const NUMBER_MIN: usize = 5;

/// What a key is made of. The number is part of its bytes and never given anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// N1: the exact reading without tones, either order, and the date of birth.
    NameBorn = 1,
    /// N2: the name folded across scripts and spellings, and the date of birth.
    FoldedBorn = 2,
    /// N3: the folded surname, date of birth and sex.
    SurnameBorn = 3,
    /// N4: the folded name and the year of birth; a hit is for review only.
    FoldedYear = 4,
    /// D1: the issuing state and the number, look-alikes folded.
    Document = 5,
    /// D2: D1 with one character unknown, a key for each place; a hit is for review only.
    DocumentSmudged = 6,
    /// An account number.
    Account = 7,
    /// A telephone number, E.164.
    Telephone = 8,
    /// An address of a wallet.
    Wallet = 9,
    /// A file by its hash.
    FileHash = 10,
    /// A domain name.
    Domain = 11,
    /// An address of the internet protocol.
    Address = 12,
}

impl Kind {
    /// Every kind with its code.
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::NameBorn, "name-born"),
        (Self::FoldedBorn, "folded-born"),
        (Self::SurnameBorn, "surname-born"),
        (Self::FoldedYear, "folded-year"),
        (Self::Document, "document"),
        (Self::DocumentSmudged, "document-smudged"),
        (Self::Account, "account"),
        (Self::Telephone, "telephone"),
        (Self::Wallet, "wallet"),
        (Self::FileHash, "file-hash"),
        (Self::Domain, "domain"),
        (Self::Address, "address"),
    ];

    /// Whether a hit under this kind is no more than a reason to look: its keys are shared by strangers.
    #[must_use]
    pub const fn review_only(self) -> bool {
        matches!(self, Self::FoldedYear | Self::DocumentSmudged)
    }

    /// Whether it is made of a person's name.
    #[must_use]
    pub const fn of_name(self) -> bool {
        matches!(self, Self::NameBorn | Self::FoldedBorn | Self::SurnameBorn | Self::FoldedYear)
    }

    /// The kind of a number.
    #[must_use]
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.iter().map(|(kind, _)| *kind).find(|kind| *kind as u8 == number)
    }
}

/// One key: its kind and canonical content. Secret: wiped when dropped, never shown, not even to a log by mistake.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Zeroize, ZeroizeOnDrop)]
pub struct MatchKey {
    #[zeroize(skip)]
    kind: Kind,
    content: Vec<u8>,
}

impl MatchKey {
    /// The keys of one of the kinds made of a name.
    ///
    /// # Errors
    /// [`Refused::NameOnly`] without a whole date of birth, or for [`Kind::FoldedYear`] without a year;
    /// [`Refused::Lacking`]; [`Refused::NotOfKind`] for other kinds.
    pub fn of_person(kind: Kind, record: &Record) -> Result<Vec<Self>, Refused> {
        // Whether the date is whole is judged where every key is made.
        let whole = || record.born.map(Born::canonical).ok_or(Refused::NameOnly);
        let name = &record.name;
        let (names, rest) = match kind {
            Kind::NameBorn => (key::exact(name), whole()?),
            Kind::FoldedBorn => (key::folded(name), whole()?),
            Kind::SurnameBorn => {
                let born = whole()?;
                let sex = record.sex.ok_or(Refused::Lacking(kind))?;
                (key::surnames(name), format!("{born}{sex}"))
            }
            Kind::FoldedYear => {
                let year = record.born.map(Born::year).ok_or(Refused::NameOnly)?;
                (key::folded(name), format!("{year:04}"))
            }
            _ => return Err(Refused::NotOfKind(kind)),
        };
        // A name of one letter, or none, is no name.
        let keys = names.into_iter().filter(|name| name.len() > 1).map(|name| format!("{rest}/{name}"));
        let keys = keys.map(|text| Self::new(kind, text.into_bytes())).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() { Err(Refused::Lacking(kind)) } else { Ok(keys) }
    }

    /// The key of a document: the issuing state by the letters of its passports, the number, and the check digit of the
    /// machine-readable zone where there is one.
    ///
    /// # Errors
    /// [`Refused::CheckDigit`]; [`Refused::NotOfKind`].
    pub fn of_document(issuer: &str, number: &str, check: Option<u8>) -> Result<Self, Refused> {
        Self::new(Kind::Document, numbered(Kind::Document, issuer, number, check)?.into_bytes())
    }

    /// The keys of a document of which one character may have been misread: one for each place.
    ///
    /// # Errors
    /// As [`MatchKey::of_document`]; also when the number is too short or too long for it.
    pub fn of_smudged(issuer: &str, number: &str) -> Result<Vec<Self>, Refused> {
        let kind = Kind::DocumentSmudged;
        // A check digit cannot be asked of what is known to be misread.
        let whole = document::folded(number);
        if !(SMUDGED_MIN..=SMUDGED_MAX).contains(&whole.len()) {
            return Err(Refused::NotOfKind(kind));
        }
        let issuer = state(kind, issuer)?;
        let smudge =
            |at: usize| Self::new(kind, format!("{issuer}/{}*{}", &whole[..at], &whole[at + 1..]).into_bytes());
        (0..whole.len()).map(smudge).collect()
    }

    /// The key of a thing that is written one way only.
    ///
    /// # Errors
    /// [`Refused::NotOfKind`] when the text is not of the kind's form, or the kind is of a person or document.
    pub fn of_exact(kind: Kind, text: &str) -> Result<Self, Refused> {
        let text = text.trim();
        if text.len() > CONTENT_BYTES_MAX {
            return Err(Refused::NotOfKind(kind));
        }
        let canonical = match kind {
            Kind::Account => account(text),
            Kind::Telephone => telephone(text),
            Kind::Wallet => wallet(text),
            Kind::FileHash => file_hash(text),
            Kind::Domain => domain(text),
            Kind::Address => text.parse::<IpAddr>().ok().map(|address| address.to_canonical().to_string()),
            Kind::NameBorn
            | Kind::FoldedBorn
            | Kind::SurnameBorn
            | Kind::FoldedYear
            | Kind::Document
            | Kind::DocumentSmudged => None,
        };
        Self::new(kind, canonical.ok_or(Refused::NotOfKind(kind))?.into_bytes())
    }

    /// A key from its parts, as an auditor is shown it. The rule that no name stands alone holds here too, so no key
    /// can be made around it.
    ///
    /// # Errors
    /// [`Refused::NameOnly`]; [`Refused::NotOfKind`] when the content is empty, too long, or not ASCII as all are.
    pub fn new(kind: Kind, content: Vec<u8>) -> Result<Self, Refused> {
        if content.is_empty() || content.len() > CONTENT_BYTES_MAX || !content.is_ascii() {
            return Err(Refused::NotOfKind(kind));
        }
        if !is_dated(kind, &content) { Err(Refused::NameOnly) } else { Ok(Self { kind, content }) }
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Its canonical content. Secret.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        &self.content
    }
}

impl std::fmt::Debug for MatchKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "MatchKey({:?})", self.kind)
    }
}

/// Whether a key of a name begins with the date, or year, that its kind needs.
fn is_dated(kind: Kind, content: &[u8]) -> bool {
    let date = content.split(|c| *c == b'/').next().unwrap_or_default();
    let (digits, length) = match kind {
        Kind::NameBorn | Kind::FoldedBorn => (date, 8),
        Kind::SurnameBorn => (date.strip_suffix(b"m").or(date.strip_suffix(b"f")).unwrap_or_default(), 8),
        Kind::FoldedYear => (date, 4),
        _ => return true,
    };
    let Some((year, rest)) = digits.split_at_checked(4).filter(|_| digits.len() == length) else { return false };
    let known = |part: &[u8]| part.iter().any(|c| *c != b'0');
    digits.iter().all(u8::is_ascii_digit) && known(year) && rest.chunks(2).all(known)
}

fn state(kind: Kind, issuer: &str) -> Result<&str, Refused> {
    let letters = (1..=3).contains(&issuer.len()) && issuer.bytes().all(|c| c.is_ascii_uppercase());
    if letters { Ok(issuer) } else { Err(Refused::NotOfKind(kind)) }
}

fn numbered(kind: Kind, issuer: &str, number: &str, check: Option<u8>) -> Result<String, Refused> {
    let plain = document::plain(number);
    let fails = check.is_some_and(|digit| document::mrz_digit(&plain) != Some(digit));
    if fails || document::check(&plain) == document::Check::Fails {
        return Err(Refused::CheckDigit);
    }
    if plain.len() < NUMBER_MIN {
        return Err(Refused::NotOfKind(kind));
    }
    Ok(format!("{}/{}", state(kind, issuer)?, document::folded(number)))
}

/// Letters and digits in capitals; where it is an IBAN (ISO 13616), its check digits must hold.
fn account(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| c.to_ascii_uppercase()).collect();
    let bytes = plain.as_bytes();
    let form = (6..=34).contains(&plain.len()) && bytes.iter().all(u8::is_ascii_alphanumeric);
    let iban = form
        && plain.len() >= 15
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit);
    let remainder = |rest: u32, c: &u8| match c {
        b'0'..=b'9' => (rest * 10 + u32::from(c - b'0')) % 97,
        _ => (rest * 100 + u32::from(c - b'A') + 10) % 97,
    };
    let holds = || bytes[4..].iter().chain(&bytes[..4]).fold(0, remainder) == 1;
    (form && (!iban || holds())).then_some(plain)
}

fn telephone(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.')).collect();
    let digits = plain.strip_prefix('+')?;
    let form =
        (7..=15).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit()) && !digits.starts_with('0');
    form.then_some(plain)
}

/// Capitals count in most forms of an address; in hexadecimal and in Bech32 they do not.
fn wallet(text: &str) -> Option<String> {
    let form = (14..=128).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_alphanumeric());
    let lower = text.to_ascii_lowercase();
    let indifferent = lower.starts_with("0x") || lower.starts_with("bc1") || lower.starts_with("tb1");
    form.then(|| if indifferent { lower } else { text.to_owned() })
}

/// MD5, SHA-1, SHA-256 or SHA-512, which their lengths tell apart.
fn file_hash(text: &str) -> Option<String> {
    let form = matches!(text.len(), 32 | 40 | 64 | 128) && text.bytes().all(|c| c.is_ascii_hexdigit());
    form.then(|| text.to_ascii_lowercase())
}

fn domain(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let form = name.len() <= 253 && name.contains('.') && name.split('.').all(label);
    // An address is no name, however many dots it has.
    (form && name.parse::<IpAddr>().is_err()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Fields;

    fn person(name: &str, born: &str, sex: &str) -> Record {
        Record::read(&Fields { name, born, sex, ..Fields::default() })
    }

    fn shared(kind: Kind, a: &Record, b: &Record) -> usize {
        let of = |record| MatchKey::of_person(kind, record).unwrap_or_default();
        let theirs = of(b);
        of(a).iter().filter(|key| theirs.contains(key)).count()
    }

    #[test]
    fn persons_meet() {
        fn check(kind: Kind, a: (&str, &str, &str), b: (&str, &str, &str), meet: bool) {
            let (x, y) = (person(a.0, a.1, a.2), person(b.0, b.1, b.2));
            assert_eq!(shared(kind, &x, &y) > 0, meet, "{kind:?} {a:?} {b:?}");
        }
        let han = ("郭偉強", "1961-08-04", "m");
        check(Kind::NameBorn, han, ("GUO Weiqiang", "1961-08-04", ""), true);
        check(Kind::NameBorn, han, ("Weiqiang Guo", "1961-04-08", ""), true);
        check(Kind::NameBorn, han, ("KWOK Wai-keung", "1961-08-04", ""), false);
        check(Kind::FoldedBorn, han, ("KWOK Wai-keung", "1961-04-08", ""), true);
        check(Kind::FoldedBorn, han, ("KWOK Wai-keung", "1961-08-14", ""), false);
        check(Kind::SurnameBorn, han, ("KWOK William", "1961-08-04", "m"), false);
        check(Kind::SurnameBorn, han, ("KWOK Wai-man", "1961-08-04", "m"), true);
        check(Kind::SurnameBorn, han, ("KWOK Wai-man", "1961-08-04", "f"), false);
        check(Kind::FoldedYear, han, ("KWOK Wai-keung", "1961", ""), true);
        check(Kind::NameBorn, ("John Smith", "1970-01-31", ""), ("SMITH, John", "1970-01-31", ""), true);
    }

    #[test]
    fn a_name_alone_is_refused() {
        fn check(kind: Kind, born: &str, refused: Refused) {
            assert_eq!(MatchKey::of_person(kind, &person("郭偉強", born, "m")), Err(refused), "{kind:?} {born}");
        }
        for kind in [Kind::NameBorn, Kind::FoldedBorn, Kind::SurnameBorn] {
            check(kind, "", Refused::NameOnly);
            check(kind, "1961", Refused::NameOnly);
            check(kind, "1961-08", Refused::NameOnly);
        }
        check(Kind::FoldedYear, "", Refused::NameOnly);
        check(Kind::Document, "1961-08-04", Refused::NotOfKind(Kind::Document));
        // Nor can one be made from its parts, as a cheat would have to open it.
        for (kind, content) in [
            (Kind::NameBorn, "guoweiqiang"),
            (Kind::NameBorn, "/guoweiqiang"),
            (Kind::FoldedBorn, "19610000/ka|waca"),
            (Kind::FoldedBorn, "00000804/ka|waca"),
            (Kind::SurnameBorn, "19610804/ka"),
            (Kind::FoldedYear, "0000/ka|waca"),
        ] {
            assert_eq!(MatchKey::new(kind, content.as_bytes().to_vec()), Err(Refused::NameOnly), "{content}");
        }
        // No kind made of a name exists beside these four, and all of them hold a year at least.
        for (kind, _) in Kind::ALL.iter().filter(|(kind, _)| kind.of_name()) {
            let keys = MatchKey::of_person(*kind, &person("郭偉強", "1961-08-14", "m")).expect("keys");
            assert!(keys.iter().all(|key| key.content().starts_with(b"1961")));
        }
        let sexless = person("郭偉強", "1961-08-04", "");
        assert_eq!(MatchKey::of_person(Kind::SurnameBorn, &sexless), Err(Refused::Lacking(Kind::SurnameBorn)));
    }

    #[test]
    fn documents() {
        fn check(issuer: &str, number: &str, digit: Option<u8>, found: Result<&str, Refused>) {
            let key = MatchKey::of_document(issuer, number, digit);
            let text = key.map(|key| String::from_utf8_lossy(key.content()).into_owned());
            assert_eq!(text.as_deref().map_err(|refused| *refused), found, "{number}");
        }
        check("UTO", "L898902C3", Some(6), Ok("UTO/1898902C3"));
        check("UTO", "l898 902C3", None, Ok("UTO/1898902C3"));
        check("UTO", "L898902C3", Some(7), Err(Refused::CheckDigit));
        check("CHN", "11010519491231002X", None, Ok("CHN/11010519491231002X"));
        check("CHN", "110105194912310021", None, Err(Refused::CheckDigit));
        check("chn", "E12345678", None, Err(Refused::NotOfKind(Kind::Document)));
        check("CHN", "E1", None, Err(Refused::NotOfKind(Kind::Document)));

        let (a, b) = (MatchKey::of_smudged("CHN", "E12345678"), MatchKey::of_smudged("CHN", "E12945678"));
        let (a, b) = (a.expect("keys"), b.expect("keys"));
        assert_eq!((a.len(), a.iter().filter(|key| b.contains(key)).count()), (9, 1));
        assert!(MatchKey::of_smudged("CHN", "E12345").is_err());
        assert!(MatchKey::of_smudged("CHN", "1234567890123").is_err());
    }

    #[test]
    fn things() {
        fn check(kind: Kind, text: &str, canonical: Option<&str>) {
            let key = MatchKey::of_exact(kind, text).ok();
            assert_eq!(key.as_ref().map(MatchKey::content), canonical.map(str::as_bytes), "{text}");
        }
        check(Kind::Account, "gb82 WEST 1234 5698 7654 32", Some("GB82WEST12345698765432"));
        check(Kind::Account, "GB82WEST12345698765433", None);
        check(Kind::Account, "6222 0210 0111 6245 702", Some("6222021001116245702"));
        check(Kind::Telephone, "+44 (20) 7946-0958", Some("+442079460958"));
        check(Kind::Telephone, "020 7946 0958", None);
        check(
            Kind::Wallet,
            "0xDE0B295669a9FD93d5F28D9Ec85E40f4cb697BAe",
            Some("0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae"),
        );
        check(Kind::Wallet, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", Some("1BoatSLRHtKNngkdXEeobR76b53LETtpyT"));
        check(Kind::FileHash, &"AB".repeat(32), Some(&"ab".repeat(32)));
        check(Kind::FileHash, "abc", None);
        check(Kind::Domain, "Example.COM.", Some("example.com"));
        check(Kind::Domain, "192.0.2.1", None);
        check(Kind::Domain, "localhost", None);
        check(Kind::Address, "::ffff:192.0.2.1", Some("192.0.2.1"));
        check(Kind::Address, "2001:DB8:0:0::1", Some("2001:db8::1"));
        check(Kind::Document, "E12345678", None);
        check(Kind::Domain, &"a.".repeat(200), None);
    }

    #[test]
    fn a_key_is_not_shown() {
        let key = MatchKey::of_document("CHN", "E12345678", None).expect("a key");
        assert_eq!(format!("{key:?}"), "MatchKey(Document)");
    }
}
