//! Characters read in Korea and Japan, whose people's names the same characters write.
//!
//! Owns the habits of spelling there. Must not know characters.

use super::{Spelled, System, join, row};

const KOREAN_ONSETS: [(&str, &str); 13] = [
    ("g", "k:0 g:1"),
    ("k", "k:0"),
    ("d", "d:0 t:3"),
    ("b", "b:0 p:2"),
    ("j", "j:0 ch:3"),
    ("r", "r:2 l:1 n:3 :3 y:4"),
    ("n", "n:0 y:5"),
    ("s", "s:0 sh:3"),
    ("h", "h:0"),
    ("m", "m:0"),
    ("ch", "ch:0"),
    ("p", "p:0"),
    ("t", "t:0"),
];

const KOREAN_VOWELS: [(&str, &str); 20] = [
    ("yeo", "yeo:0 you:1 yo:3 yu:4"),
    ("wae", "wae:0"),
    ("eo", "eo:0 u:2 o:2 eu:4 uh:4"),
    ("ae", "ae:0 ai:2 e:4"),
    ("eu", "eu:0 u:2 oo:5"),
    ("ui", "ui:0 eui:2 hee:4 i:4"),
    ("oe", "oe:0 oi:2 we:4"),
    ("ya", "ya:0"),
    ("ye", "ye:0"),
    ("yo", "yo:0"),
    ("yu", "yu:0 yoo:2 ryu:5"),
    ("wa", "wa:0"),
    ("wo", "wo:0 won:6"),
    ("we", "we:0"),
    ("wi", "wi:0"),
    ("a", "a:0 ah:4"),
    ("e", "e:0"),
    ("o", "o:0 oh:2"),
    ("u", "u:0 oo:1 woo:2"),
    ("i", "i:0 ee:1 yi:4"),
];

/// Every spelling of a syllable in the Revised Romanisation.
pub fn korean(syllable: &str, out: &mut Vec<Spelled>) {
    let found = KOREAN_ONSETS.iter().find(|(onset, _)| {
        syllable.starts_with(onset)
            && (*onset != "n" || syllable != "n")
            && !(*onset == "k" && syllable.starts_with("kk"))
    });
    let (rest, onsets) = match found {
        // The longest onset first would matter for `ch` only.
        Some(_) if syllable.starts_with("ch") => (&syllable[2..], "ch:0"),
        Some((onset, written)) => (&syllable[onset.len()..], *written),
        None => (syllable, ":0"),
    };
    let Some((vowel, written)) = KOREAN_VOWELS.iter().find(|(vowel, _)| rest.starts_with(vowel)) else { return };
    let coda = &rest[vowel.len()..];
    let finals: Vec<String> =
        written.split(' ').filter_map(|way| way.split_once(':').map(|(v, c)| format!("{v}{coda}:{c}"))).collect();
    join(onsets, &finals.join(" "), System::Korean, out);
    let surname = row(
        &[
            ("bak", "park:0 pak:0"),
            ("i", "lee:0 yi:2 rhee:3"),
            ("choe", "choi:0 choe:1"),
            ("jeong", "chung:1 jung:0 jong:1"),
        ],
        syllable,
    );
    join(":0", surname, System::Korean, out);
}

/// A reading as it is, voiced inside a name, and with its long vowels short.
pub fn japanese(syllable: &str, out: &mut Vec<Spelled>) {
    if syllable.len() > 9 {
        return;
    }
    let short = syllable.replace("ou", "o").replace("uu", "u").replace("oo", "o");
    let voiced = match short.as_bytes().first() {
        Some(b'k') => Some(format!("g{}", &short[1..])),
        Some(b't') if !short.starts_with("ts") => Some(format!("d{}", &short[1..])),
        Some(b'h' | b'f') => Some(format!("b{}", &short[1..])),
        Some(b's') if short.starts_with("sh") => Some(format!("j{}", &short[2..])),
        Some(b's') => Some(format!("z{}", &short[1..])),
        _ => None,
    };
    let mut add = |text: String, cost: u8| out.push(Spelled { text, system: System::Japanese, cost });
    add(syllable.to_owned(), 0);
    add(short, 0);
    if let Some(voiced) = voiced {
        add(voiced, 2);
    }
}
