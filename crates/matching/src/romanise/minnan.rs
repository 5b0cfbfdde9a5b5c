//! Min-Nan as Singapore and Malaysia write it: Hokkien by ear, with the Teochew finals that differ.
//!
//! Owns the split of a Tâi-lô syllable and the tables from its two parts. Must not know characters.

use super::{Spelled, System, join, row};

const INITIALS: [&str; 18] =
    ["tsh", "ts", "ph", "th", "kh", "ng", "p", "b", "m", "t", "n", "l", "k", "g", "h", "s", "j", ""];

const WRITTEN_INITIALS: [(&str, &str); 18] = [
    ("p", "p:0 b:3"),
    ("ph", "p:0 ph:2"),
    ("b", "b:0 m:5"),
    ("m", "m:0"),
    ("t", "t:0 d:3"),
    ("th", "t:0 th:1"),
    ("n", "n:0"),
    ("l", "l:0"),
    ("k", "k:0 g:3 c:6"),
    ("kh", "k:0 kh:1"),
    ("g", "g:0 ng:3 gh:3"),
    ("ng", "ng:0 g:4"),
    ("h", "h:0"),
    ("ts", "ch:0 c:5 ts:3 tj:4 z:5 j:4"),
    ("tsh", "ch:0 ts:4 tj:5 s:6"),
    ("s", "s:0 sh:4"),
    ("j", "j:0 y:3 l:5 z:6"),
    ("", ":0"),
];

/// Without nasal marks and glottal stops, which nobody writes. The later ways are Teochew's.
const WRITTEN_FINALS: [(&str, &str); 48] = [
    ("a", "a:0 ah:2"),
    ("ai", "ai:0 ye:3 ay:4 aye:5"),
    ("au", "au:0 ow:2 ou:4 aw:5"),
    ("am", "am:0"),
    ("an", "an:0 ang:5"),
    ("ang", "ang:0"),
    ("ap", "ap:0"),
    ("at", "at:0 ak:6"),
    ("ak", "ak:0 ack:2 ek:6"),
    ("e", "e:0 eh:2 ay:3 ey:4 ee:6"),
    ("er", "er:0 ur:3 u:4"),
    ("ir", "u:0 er:2 ir:3 ze:4"),
    ("i", "i:0 ee:0 y:3 ie:4"),
    ("ia", "ia:0 iah:2 eah:3 ea:4"),
    ("iau", "iau:0 iow:1 eow:1 iew:4 eaw:4 iaw:1 eau:3"),
    ("iam", "iam:0 eam:2"),
    ("ian", "ian:0 ean:0 ien:1 een:5 eng:5 iang:3 yan:5 yen:5"),
    ("iang", "iang:0 eang:2"),
    ("iap", "iap:0 eap:2"),
    ("iat", "iat:0 eat:1 iet:2 iak:4 ek:7"),
    ("iak", "iak:0 eak:2"),
    ("io", "io:0 eo:0 ioh:2 eoh:2 iow:2 eow:3"),
    ("iok", "iok:0 eok:1 iock:2 oke:4 iak:5 ok:4"),
    ("iong", "iong:0 eong:0 ong:4 iang:4 ung:6"),
    ("iu", "iu:0 ew:0 iew:0 iuh:5 u:6 eu:4"),
    ("im", "im:0"),
    ("in", "in:0 ing:4 een:6"),
    ("ing", "eng:0 ing:1 in:5"),
    ("ip", "ip:0"),
    ("it", "it:0 ek:5 ik:4 eck:5"),
    ("ik", "ek:0 eck:2 ik:2 eik:3 ack:5 aik:5"),
    ("m", "m:0 um:3"),
    ("ng", "ng:0 ung:2 eng:5"),
    ("o", "o:0 oh:1 or:2 ou:4"),
    ("oo", "o:0 oo:0 oh:1 ou:2 ow:4 or:3 ore:6"),
    ("om", "om:0"),
    ("ok", "ok:0 ock:0 oke:4 og:5"),
    ("ong", "ong:0 oong:4 ung:4 ang:6"),
    ("op", "op:0"),
    ("u", "u:0 oo:0 ue:4 er:5"),
    ("ua", "ua:0 uah:2 wa:2 wah:3 oa:2"),
    ("uai", "uai:0 wai:3 uay:3"),
    ("uan", "uan:0 wan:2 uang:4 oan:3 wang:5"),
    ("uat", "uat:0 wat:3 uak:4 oat:3"),
    ("ue", "ue:0 ueh:2 uay:2 oey:4 oi:4 ay:4 way:4 wee:5 oe:3 we:4"),
    ("ui", "ui:0 wee:1 wi:3 ooi:2 uey:4 uay:4 wie:4"),
    ("un", "oon:0 un:0 ung:5 en:6 uen:6"),
    ("ut", "oot:0 ut:0 uk:5 ud:6"),
];

/// Every spelling of a Tâi-lô syllable without its tone.
pub fn spellings(syllable: &str, out: &mut Vec<Spelled>) {
    let plain = syllable.replace("nn", "");
    let plain = if plain.is_empty() { syllable.to_owned() } else { plain };
    let Some((initial, last)) = INITIALS.iter().find_map(|initial| {
        let last = plain.strip_prefix(*initial)?;
        let open = last.strip_suffix('h').unwrap_or(last);
        (!row(&WRITTEN_FINALS, open).is_empty()).then_some((*initial, open))
    }) else {
        return;
    };
    join(row(&WRITTEN_INITIALS, initial), row(&WRITTEN_FINALS, last), System::MinNan, out);
    if initial.is_empty() {
        let vowels = match last {
            "ian" => "yan:1 yen:1 ean:2",
            "ia" => "ya:1",
            "iong" => "yong:0",
            "iu" => "yew:0 yu:1 you:3",
            "iok" => "yok:1 yoke:2",
            "ua" => "wa:1 wah:2",
            "ui" => "wee:1 wei:2",
            "uan" => "wan:0 yuan:5",
            "un" => "woon:2 boon:6",
            "ik" => "yik:2 aik:2 yeak:4 yek:2",
            "im" => "yim:2",
            "in" => "yin:1",
            "iau" => "yeow:1 yaw:2 yow:2",
            "iam" => "yam:2",
            "ing" => "yeng:2 yong:6",
            _ => "",
        };
        join(":0", vowels, System::MinNan, out);
    }
}
