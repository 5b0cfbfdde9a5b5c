//! Mandarin: Hanyu Pinyin, and what Taiwan and older papers write (Wade–Giles, Tongyong, MPS II, passport habits).
//!
//! Owns the split of a pinyin syllable and the tables from its two parts. Must not know characters.

use super::{Spelled, System, join, row};

const INITIALS: [&str; 22] =
    ["zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s", ""];

/// Wade–Giles loses its aspirates on paper, so `b` and `p` meet. The rest are Tongyong and MPS II.
const TAIWAN_INITIALS: [(&str, &str); 22] = [
    ("b", "p:0 b:3"),
    ("p", "p:0"),
    ("m", "m:0"),
    ("f", "f:0"),
    ("d", "t:0 d:3"),
    ("t", "t:0"),
    ("n", "n:0"),
    ("l", "l:0"),
    ("g", "k:0 g:3"),
    ("k", "k:0"),
    ("h", "h:0"),
    ("j", "ch:0 j:3"),
    ("q", "ch:0 c:5 tch:8"),
    ("x", "hs:0 s:4 sh:5 h:9"),
    ("zh", "ch:0 jh:4 j:5 c:8"),
    ("ch", "ch:0"),
    ("sh", "sh:0"),
    ("r", "j:0 r:3"),
    ("z", "ts:0 tz:3 z:4"),
    ("c", "ts:0 tz:4 c:5"),
    ("s", "s:0 ss:6"),
    ("", ":0"),
];

/// Finals by their pinyin form after an initial; what stands alone is in [`ALONE`].
const TAIWAN_FINALS: [(&str, &str); 35] = [
    ("a", "a:0 ah:6"),
    ("o", "o:0 oh:6"),
    ("e", "e:0 o:3 er:5 eh:5"),
    ("i", "i:0 ee:5 y:6"),
    ("u", "u:0 oo:6"),
    ("v", "u:0 yu:2 v:2 iu:5"),
    ("ai", "ai:0 ay:5"),
    ("ei", "ei:0 ey:5 ay:6"),
    ("ao", "ao:0 au:4"),
    ("ou", "ou:0 ow:6"),
    ("an", "an:0"),
    ("en", "en:0"),
    ("ang", "ang:0"),
    ("eng", "eng:0 ong:4"),
    ("ong", "ung:0 ong:2"),
    ("ia", "ia:0"),
    ("ie", "ieh:0 ie:2"),
    ("iao", "iao:0 iau:4 eau:7"),
    ("iu", "iu:0 iou:3 ew:6"),
    ("ian", "ien:0 ian:2 en:8"),
    ("in", "in:0"),
    ("iang", "iang:0"),
    ("ing", "ing:0"),
    ("iong", "iung:0 iong:3 yong:4"),
    ("ua", "ua:0 wa:5"),
    ("uo", "o:0 uo:1 ou:6"),
    ("uai", "uai:0 wai:5"),
    ("ui", "ui:0 uei:2 uey:5 wei:5 wui:8"),
    ("uan", "uan:0 wan:5"),
    ("un", "un:0 uen:5 wen:6"),
    ("uang", "uang:0 wang:5"),
    ("ve", "ueh:0 ue:2 yue:4"),
    ("ue", "ueh:0 ue:2 yue:4"),
    ("van", "uan:0 yuan:3"),
    ("vn", "un:0 yun:3"),
];

/// Syllables whose spelling no pair of parts gives.
const WHOLE: [(&str, &str); 38] = [
    ("zhi", "chih:0 jhih:4 chi:4 jr:8 jhi:5"),
    ("chi", "chih:0 chi:3"),
    ("shi", "shih:0 shi:3 sze:9"),
    ("ri", "jih:0 rih:4"),
    ("zi", "tzu:0 tsu:4 zih:4 tze:5 tz:6"),
    ("ci", "tzu:0 tsu:1 cih:4 tz:6"),
    ("si", "szu:0 ssu:1 sih:4 sz:5 su:6 sze:5"),
    ("er", "erh:0 er:2"),
    ("ge", "ko:0 ke:2 ge:4 kuo:7"),
    ("ke", "ko:0 ke:2 ker:5 kor:8"),
    ("he", "ho:0 he:3 her:6"),
    ("yi", "i:0 yi:1 yih:4 yee:6 ee:6"),
    ("ya", "ya:0"),
    ("yan", "yen:0 yan:2"),
    ("ye", "yeh:0 ye:2"),
    ("yao", "yao:0 yau:4"),
    ("you", "yu:0 you:2 yiu:6 yo:5 yeou:8"),
    ("yin", "yin:0"),
    ("ying", "ying:0"),
    ("yang", "yang:0 young:5"),
    ("yong", "yung:0 yong:2"),
    ("wu", "wu:0 woo:5"),
    ("wei", "wei:0 wey:5 way:8"),
    ("wen", "wen:0 wun:4"),
    ("weng", "weng:0 wong:4"),
    ("yu", "yu:0 yui:8"),
    ("yue", "yueh:0 yue:2"),
    ("yuan", "yuan:0 yuen:5"),
    ("yun", "yun:0"),
    ("e", "o:0 e:1 eh:5"),
    ("feng", "feng:0 fong:3 fung:6"),
    ("bo", "po:0 bo:3 bor:8"),
    ("song", "sung:0 song:2 soong:4"),
    ("gong", "kung:0 gong:3 kong:4"),
    ("huang", "huang:0 hwang:3"),
    ("lin", "lin:0 ling:8"),
    ("wang", "wang:0 uang:8"),
    ("zhe", "che:0 jhe:4 je:6 cher:7"),
];

/// Every spelling of a pinyin syllable (`v` for ü).
pub fn spellings(syllable: &str, out: &mut Vec<Spelled>) {
    pinyin(syllable, out);
    let whole = row(&WHOLE, syllable);
    if whole.is_empty() {
        let Some(initial) = INITIALS.iter().find(|initial| syllable.starts_with(**initial)) else { return };
        let last = &syllable[initial.len()..];
        let alone = initial.is_empty();
        let palatal = matches!(*initial, "j" | "q" | "x");
        let key = match last {
            "u" if palatal => "v",
            "uan" if palatal => "van",
            "un" if palatal => "vn",
            _ => last,
        };
        if alone {
            out.push(Spelled { text: syllable.to_owned(), system: System::Taiwan, cost: 0 });
        } else if last == "uo" && matches!(*initial, "g" | "k" | "h" | "sh") {
            join(row(&TAIWAN_INITIALS, initial), "uo:0 wo:5 o:6", System::Taiwan, out);
        } else {
            join(row(&TAIWAN_INITIALS, initial), row(&TAIWAN_FINALS, key), System::Taiwan, out);
        }
    } else {
        join(":0", whole, System::Taiwan, out);
    }
}

/// Pinyin itself, and how passports and keyboards write its ü and its slips.
fn pinyin(syllable: &str, out: &mut Vec<Spelled>) {
    let mut add = |text: String, cost: u8| out.push(Spelled { text, system: System::Pinyin, cost });
    match syllable.strip_prefix(['l', 'n']).filter(|rest| rest.starts_with('v')) {
        Some(rest) => {
            let initial = &syllable[..1];
            add(format!("{initial}u{}", &rest[1..]), 1);
            add(format!("{initial}yu{}", &rest[1..]), 0);
            add(format!("{initial}v{}", &rest[1..]), 1);
        }
        None => add(syllable.replace('ê', "e"), 0),
    }
}
