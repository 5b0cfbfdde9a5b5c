//! Numbers of documents: check digits, and what machines and tired eyes read for each other.
//!
//! Owns the folding and the check digits of ICAO 9303 and of the PRC resident identity card (GB 11643). Must not know
//! who issues what beyond the form of the number.

/// Numbers longer than this are cut; no document has more.
pub const NUMBER_MAX: usize = 40;

/// How two numbers agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// The same letters and digits.
    Same,
    /// The same once look-alikes are folded.
    Folded,
    /// One character apart, or two neighbours exchanged.
    Near,
    /// Not the same.
    Differs,
}

/// What a check digit says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The number carries a check digit and it holds.
    Holds,
    /// It carries one and it fails: misread, or made up.
    Fails,
    /// It carries none that this program knows.
    None,
}

/// Letters and digits in capitals, nothing else.
#[must_use]
pub fn plain(number: &str) -> String {
    let letters = number.chars().take(NUMBER_MAX * 2).flat_map(char::to_uppercase).filter(char::is_ascii_alphanumeric);
    letters.take(NUMBER_MAX).collect()
}

/// Look-alikes as one: `O Q D 0`, `I L 1`, `S 5`, `B 8`, `Z 2`, `G 6`.
#[must_use]
pub fn folded(number: &str) -> String {
    let fold = |c: char| match c {
        'O' | 'Q' | 'D' => '0',
        'I' | 'L' => '1',
        'S' => '5',
        'B' => '8',
        'Z' => '2',
        'G' => '6',
        c => c,
    };
    plain(number).chars().map(fold).collect()
}

/// How two numbers agree; nothing to say when either is shorter than four.
#[must_use]
pub fn agree(a: &str, b: &str) -> Option<Agreement> {
    let (x, y) = (plain(a), plain(b));
    if x.len() < 4 || y.len() < 4 {
        return None;
    }
    if x == y {
        return Some(Agreement::Same);
    }
    let (x, y) = (folded(a).into_bytes(), folded(b).into_bytes());
    if x == y {
        return Some(Agreement::Folded);
    }
    Some(if near(&x, &y) { Agreement::Near } else { Agreement::Differs })
}

fn near(a: &[u8], b: &[u8]) -> bool {
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if a.len() < 6 {
        return false;
    }
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    match b.len() - a.len() {
        0 => {
            a[same + 1..] == b[same + 1..]
                || (same + 1 < a.len()
                    && a[same] == b[same + 1]
                    && a[same + 1] == b[same]
                    && a[same + 2..] == b[same + 2..])
        }
        1 => a[same..] == b[same + 1..],
        _ => false,
    }
}

/// Checks an 18-digit PRC identity number by its last character (ISO 7064 MOD 11-2).
#[must_use]
pub fn check(number: &str) -> Check {
    let plain = plain(number);
    let body = plain.get(..17).unwrap_or_default();
    if plain.len() != 18 || !body.bytes().all(|c| c.is_ascii_digit()) {
        return Check::None;
    }
    let weights = [7u32, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.bytes().zip(weights).map(|(c, weight)| u32::from(c - b'0') * weight).sum();
    let right = b"10X98765432"[(sum % 11) as usize];
    if plain.as_bytes()[17] == right { Check::Holds } else { Check::Fails }
}

/// The check digit of a field of a machine-readable zone (ICAO 9303, part 3, 4.9); none for other characters.
#[must_use]
pub fn mrz_digit(field: &str) -> Option<u8> {
    let value = |c: u8| match c {
        b'0'..=b'9' => Some(u32::from(c - b'0')),
        b'A'..=b'Z' => Some(u32::from(c - b'A') + 10),
        b'<' => Some(0),
        _ => None,
    };
    let sum = field.bytes().take(NUMBER_MAX).zip([7u32, 3, 1].into_iter().cycle());
    let sum = sum.map(|(c, weight)| Some(value(c)? * weight)).sum::<Option<u32>>()?;
    u8::try_from(sum % 10).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement() {
        fn check(a: &str, b: &str, how: Option<Agreement>) {
            assert_eq!((agree(a, b), agree(b, a)), (how, how), "{a} {b}");
        }
        check("E12345678", "e1234 5678", Some(Agreement::Same));
        check("EO1234567", "E01234567", Some(Agreement::Folded));
        check("G5B234567", "658234567", Some(Agreement::Folded));
        check("E12345678", "E12345679", Some(Agreement::Near));
        check("E12345678", "E12354678", Some(Agreement::Near));
        check("E12345678", "E1234678", Some(Agreement::Near));
        check("E12345678", "K99345678", Some(Agreement::Differs));
        check("", "E12345678", None);
        check("12", "12", None);
    }

    #[test]
    fn identity_cards() {
        fn ask(number: &str, what: Check) {
            assert_eq!(check(number), what, "{number}");
        }
        ask("11010519491231002X", Check::Holds);
        ask("440524188001010014", Check::Holds);
        ask("110105194912310021", Check::Fails);
        ask("E12345678", Check::None);
        ask("", Check::None);
    }

    #[test]
    fn machine_readable() {
        // The specimen of ICAO 9303, part 4, appendix A.
        fn ask(field: &str, digit: Option<u8>) {
            assert_eq!(mrz_digit(field), digit, "{field}");
        }
        ask("L898902C3", Some(6));
        ask("740812", Some(2));
        ask("120415", Some(9));
        ask("ZE184226B<<<<<", Some(1));
        ask("é", None);
    }
}
