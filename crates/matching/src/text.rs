//! Letters: what two ways of writing the same letters have in common.
//!
//! Owns folding to plain lower-case Latin, the tests of script, and the weighted distance between two short spellings.
//! Must not know names.

use unicode_normalization::UnicodeNormalization;

/// Letters beyond this many of one name are not read: no passport has more, and a longer field is an attack or a mistake.
pub const LETTERS_MAX: usize = 160;

/// Whether the character is a Han ideograph.
#[must_use]
pub const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '々' | '〇')
}

/// Folds to lower-case ASCII letters where the Latin, Greek-free and Cyrillic alphabets allow; anything else that is a
/// letter is dropped, anything that is none becomes itself.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::new();
    for c in text.nfkd().take(LETTERS_MAX * 4) {
        match c {
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            '\0'..='\u{7F}' => out.push(c),
            '\u{300}'..='\u{36F}' => {}
            _ => out.push_str(plain(c)),
        }
        if out.len() > LETTERS_MAX {
            break;
        }
    }
    out
}

/// The plain spelling of a letter that has no decomposition. Cyrillic as in passports (ICAO 9303, part 3, table B).
fn plain(c: char) -> &'static str {
    let lower = c.to_lowercase().next().unwrap_or(c);
    match lower {
        'ø' | 'о' => "o",
        'ß' => "ss",
        'đ' | 'ð' | 'д' => "d",
        'ł' | 'л' => "l",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ı' | 'и' | 'й' | 'і' => "i",
        'ħ' => "h",
        'ŋ' => "ng",
        'ə' | 'е' | 'ё' | 'э' | 'є' => "e",
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' => "g",
        'ж' => "zh",
        'з' => "z",
        'к' => "k",
        'м' => "m",
        'н' => "n",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ў' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ы' => "y",
        'ю' => "iu",
        'я' => "ia",
        'ї' => "i",
        '\u{2019}' | '\u{2018}' | '\u{02BC}' | '\u{02BB}' | '\u{00B4}' | '\u{FF07}' => "'",
        '\u{2010}'..='\u{2015}' => "-",
        '\u{00B7}' | '\u{30FB}' | '\u{2022}' | '\u{2027}' | '\u{3000}' => " ",
        '，' | '、' => ",",
        _ => "",
    }
}

/// What one letter for another costs, in tenths of a nat: near sounds and near shapes cost less than strangers.
#[must_use]
pub fn swap_cost(a: u8, b: u8) -> u16 {
    if a == b {
        return 0;
    }
    let (a, b) = if a < b { (a, b) } else { (b, a) };
    let vowel = |c: u8| matches!(c, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    match (a, b) {
        (b'i', b'y') | (b'u', b'w') | (b'c', b'k') | (b'k', b'q') | (b's', b'z') | (b'v', b'w') => 5,
        (b'b', b'p') | (b'd', b't') | (b'g', b'k') | (b'j', b'y') | (b'f', b'v') | (b'c', b's') | (b'b', b'v') => 8,
        (b'l', b'n' | b'r') | (b'c' | b'j', b'z') | (b'c', b'j' | b'q') | (b's', b'x') | (b'm', b'n') => 9,
        _ if vowel(a) && vowel(b) => 8,
        _ => 16,
    }
}

/// What a letter too many or too few costs, in tenths of a nat.
#[must_use]
pub const fn drop_cost(c: u8, before: u8) -> u16 {
    if c == before {
        return 3;
    }
    match c {
        b'h' => 5,
        b'r' | b'w' | b'y' => 8,
        b'a' | b'e' | b'i' | b'o' | b'u' => 8,
        b'g' => 9,
        _ => 13,
    }
}

/// The weighted distance of two spellings in tenths of a nat, a swap of neighbours counted once.
///
/// Gives up and answers `u16::MAX` as soon as `most` is passed. Bounded: both are cut at 32 letters.
#[must_use]
pub fn distance(a: &[u8], b: &[u8], most: u16) -> u16 {
    const SIDE: usize = 32;
    let (a, b) = (&a[..a.len().min(SIDE)], &b[..b.len().min(SIDE)]);
    let mut rows = [[0u16; SIDE + 1]; 3];
    for j in 0..b.len() {
        rows[0][j + 1] = rows[0][j] + drop_cost(b[j], if j > 0 { b[j - 1] } else { 0 });
    }
    for i in 0..a.len() {
        let (now, last, older) = ((i + 1) % 3, i % 3, (i + 2) % 3);
        let gone = drop_cost(a[i], if i > 0 { a[i - 1] } else { 0 });
        rows[now][0] = rows[last][0] + gone;
        let mut least = rows[now][0];
        for j in 0..b.len() {
            let come = drop_cost(b[j], if j > 0 { b[j - 1] } else { 0 });
            let mut best =
                (rows[last][j] + swap_cost(a[i], b[j])).min(rows[last][j + 1] + gone).min(rows[now][j] + come);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] && a[i] != b[j] {
                best = best.min(rows[older][j - 1] + 9);
            }
            rows[now][j + 1] = best;
            least = least.min(best);
        }
        if least > most {
            return u16::MAX;
        }
    }
    let all = rows[a.len() % 3][b.len()];
    if all > most { u16::MAX } else { all }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding() {
        fn check(text: &str, folded: &str) {
            assert_eq!(fold(text), folded, "{text}");
        }
        check("José María", "jose maria");
        check("Ch’iu Lü", "ch'iu lu");
        check("Барак Обама", "barak obama");
        check("Großmann Øre", "grossmann ore");
        check("ＷＡＮＧ　Ｗｅｉ", "wang wei");
    }

    #[test]
    fn distances() {
        fn check(a: &str, b: &str, least: u16, most: u16) {
            let found = distance(a.as_bytes(), b.as_bytes(), 1000);
            assert!((least..=most).contains(&found), "{a} {b}: {found}");
            assert_eq!(found, distance(b.as_bytes(), a.as_bytes(), 1000), "{a} {b} either way");
        }
        check("", "", 0, 0);
        check("smith", "smith", 0, 0);
        check("smith", "smyth", 1, 6);
        check("smith", "simth", 5, 10);
        check("smith", "jones", 40, 200);
        check("ann", "an", 1, 3);
    }

    #[test]
    fn a_distance_gives_up() {
        assert_eq!(distance(b"smith", b"jones", 10), u16::MAX);
    }
}
