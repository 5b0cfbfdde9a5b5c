//! Cantonese as Hong Kong and Macau write it: no official scheme there is strict, so every habit has its cost.
//!
//! Owns the split of a Jyutping syllable and the tables from its two parts. Must not know characters.

use super::{Spelled, System, join, row};

const INITIALS: [&str; 20] =
    ["gw", "kw", "ng", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "w", "z", "c", "s", "j", ""];

const HK_INITIALS: [(&str, &str); 20] = [
    ("b", "p:0 b:3"),
    ("p", "p:0"),
    ("m", "m:0"),
    ("f", "f:0"),
    ("d", "t:0 d:2"),
    ("t", "t:0"),
    ("n", "n:0 l:6"),
    ("l", "l:0"),
    ("g", "k:0 g:3 c:8"),
    ("k", "k:0 c:8"),
    ("gw", "kw:0 gw:3 ku:4 gu:5 qu:6 k:4"),
    ("kw", "kw:0 qu:5 k:4"),
    ("ng", "ng:0 :2"),
    ("h", "h:0"),
    ("w", "w:0 v:6"),
    ("z", "ch:0 ts:2 j:4 c:7 z:5 tz:6"),
    ("c", "ch:0 ts:1 tz:6 c:7"),
    ("s", "s:0 sh:1 sz:6"),
    ("j", "y:0 :3 j:6 i:5"),
    ("", ":0 ng:4"),
];

const HK_FINALS: [(&str, &str); 59] = [
    ("aa", "a:0 ah:2 ar:5"),
    ("aai", "ai:0 aai:5 ye:7"),
    ("aau", "au:0 aau:5 ow:5"),
    ("aam", "am:0 aam:5 um:6"),
    ("aan", "an:0 aan:5"),
    ("aang", "ang:0 aang:5"),
    ("aap", "ap:0 aap:5"),
    ("aat", "at:0 aat:4"),
    ("aak", "ak:0 aak:4 ack:4 ark:6"),
    ("a", "a:0"),
    ("ai", "ai:0 ay:5 y:8"),
    ("au", "au:0 ow:2 ao:5"),
    ("am", "am:0 um:2"),
    ("an", "an:0 un:2 en:7"),
    ("ang", "ang:0 ung:3 eng:7"),
    ("ap", "ap:0 up:2"),
    ("at", "at:0 ut:4 ad:8"),
    ("ak", "ak:0 uk:3 ack:3 uck:4"),
    ("e", "e:0 eh:3 ay:5"),
    ("ei", "ei:0 ee:1 i:1 ay:2 ey:2 y:4 e:6"),
    ("eu", "eu:0"),
    ("em", "em:0"),
    ("eng", "eng:0 ing:3 iang:6"),
    ("ep", "ep:0"),
    ("ek", "ek:0 ik:4 eck:3"),
    ("i", "i:0 ee:1 ze:1 z:3 e:3 ie:5 y:5"),
    ("iu", "iu:0 ew:3 ue:6 iew:4"),
    ("im", "im:0"),
    ("in", "in:0 een:6"),
    ("ing", "ing:0 eng:4"),
    ("ip", "ip:0"),
    ("it", "it:0"),
    ("ik", "ik:0 ick:1 ek:4"),
    ("o", "o:0 oh:3 or:3 aw:5"),
    ("oi", "oi:0 oy:2 oye:6"),
    ("ou", "o:0 ou:3 ow:3 oe:6"),
    ("on", "on:0"),
    ("ong", "ong:0 ang:7"),
    ("ot", "ot:0"),
    ("ok", "ok:0 ock:2 auk:6"),
    ("u", "u:0 oo:1"),
    ("ui", "ui:0 ooi:4 uey:6"),
    ("un", "un:0 oon:0 uen:5"),
    ("ung", "ung:0 oong:4 ong:4"),
    ("ut", "ut:0 oot:2"),
    ("uk", "uk:0 ook:2 uck:3"),
    ("oe", "eu:0 euh:3 oe:2"),
    ("oeng", "eung:0 eong:3 ong:5 eng:7 oeng:3"),
    ("oek", "euk:0 eok:3 ok:5 eak:6"),
    ("eoi", "ui:0 oi:2 eui:2 uy:5 oy:6"),
    ("eon", "un:0 on:3 eun:3 uen:4 en:6"),
    ("eot", "ut:0 eut:3 uet:4 ot:5"),
    ("yu", "u:0 ue:1 yu:3 ee:5 uh:6"),
    ("yun", "uen:0 un:2 yuen:4 uan:6"),
    ("yut", "uet:0 ut:2 yut:3"),
    ("yuk", "uk:0"),
    ("m", "m:2 ng:0"),
    ("ng", "ng:0 ung:4 m:6"),
    ("et", "et:0"),
];

/// After `y`, and alone, some finals are written otherwise.
const HK_WHOLE: [(&str, &str); 20] = [
    ("ng", "ng:0 ung:5 eng:6 m:6"),
    ("m", "m:0 ng:0"),
    ("ji", "yi:0 yee:0 i:1 ye:3 ee:3 yie:6"),
    ("jyu", "yu:0 yue:1 u:2 yuh:5 ue:5 yee:6"),
    ("jyun", "yuen:0 yun:2 un:3 uen:4 yuan:6"),
    ("jyut", "yuet:0 yut:2 uet:5"),
    ("jing", "ying:0 ing:4"),
    ("jam", "yam:0 yum:2 yim:6"),
    ("jan", "yan:0 yun:4 yin:6"),
    ("jat", "yat:0 yet:5"),
    ("jau", "yau:0 yow:3 yu:6 iu:6"),
    ("jip", "ip:0 yip:0 yeap:6"),
    ("jik", "yik:0 yick:0 ik:4 yek:4 ick:5"),
    ("zi", "chi:0 che:1 tsz:2 tze:3 chee:2 tse:3 tsze:3 ji:4 gee:6 tzi:6"),
    ("ci", "chi:0 tsz:1 tze:3 chee:2 che:3 tse:4 tsze:3"),
    ("si", "sze:0 si:1 sz:1 shi:2 see:2 szu:4 tse:7 shee:4"),
    ("hoi", "hoi:0 hoy:3"),
    ("o", "o:0 or:2 oh:3 ngo:4"),
    ("on", "on:0 ngon:5 onn:3"),
    ("oi", "oi:0 oy:3 ngoi:4"),
];

const MACAU_INITIALS: [(&str, &str); 20] = [
    ("b", "p:0 b:5"),
    ("p", "p:0"),
    ("m", "m:0"),
    ("f", "f:0"),
    ("d", "t:0"),
    ("t", "t:0"),
    ("n", "n:0"),
    ("l", "l:0"),
    ("g", "k:0 c:5"),
    ("k", "k:0 c:5"),
    ("gw", "ku:0 kw:2 qu:5 k:3"),
    ("kw", "ku:0 kw:2 k:3"),
    ("ng", "ng:0 :4"),
    ("h", "h:0"),
    ("w", "v:0 w:3 u:3"),
    ("z", "ch:0"),
    ("c", "ch:0"),
    ("s", "s:0"),
    ("j", "i:0 :2 y:5"),
    ("", ":0"),
];

const MACAU_FINALS: [(&str, &str); 58] = [
    ("aa", "a:0"),
    ("aai", "ai:0"),
    ("aau", "ao:0 au:4"),
    ("aam", "am:0"),
    ("aan", "an:0"),
    ("aang", "ang:0"),
    ("aap", "ap:0"),
    ("aat", "at:0"),
    ("aak", "ak:0"),
    ("a", "a:0"),
    ("ai", "ai:0"),
    ("au", "ao:0 au:3"),
    ("am", "am:0"),
    ("an", "an:0"),
    ("ang", "ang:0"),
    ("ap", "ap:0"),
    ("at", "at:0"),
    ("ak", "ak:0"),
    ("e", "e:0"),
    ("ei", "ei:0 i:3"),
    ("eu", "eu:0"),
    ("em", "em:0"),
    ("eng", "eng:0 eang:2"),
    ("ep", "ep:0"),
    ("ek", "ek:0"),
    ("i", "i:0"),
    ("iu", "io:0 iu:3"),
    ("im", "im:0"),
    ("in", "in:0"),
    ("ing", "eng:0 ing:4"),
    ("ip", "ip:0"),
    ("it", "it:0"),
    ("ik", "ek:0 ik:4"),
    ("o", "o:0"),
    ("oi", "oi:0"),
    ("ou", "ou:0 o:3"),
    ("on", "on:0"),
    ("ong", "ong:0"),
    ("ot", "ot:0"),
    ("ok", "ok:0"),
    ("u", "u:0"),
    ("ui", "ui:0"),
    ("un", "un:0"),
    ("ung", "ong:0 ung:3"),
    ("ut", "ut:0"),
    ("uk", "ok:0 uk:3"),
    ("oe", "eo:0"),
    ("oeng", "eong:0 eung:4"),
    ("oek", "eok:0"),
    ("eoi", "oi:0 ui:1"),
    ("eon", "on:0 un:2"),
    ("eot", "ot:0 ut:3"),
    ("yu", "u:0 i:4"),
    ("yun", "un:0"),
    ("yut", "ut:0"),
    ("yuk", "ok:0"),
    ("m", "m:0"),
    ("ng", "ng:0"),
];

/// Every spelling of a Jyutping syllable without its tone.
pub fn spellings(syllable: &str, out: &mut Vec<Spelled>) {
    let whole = row(&HK_WHOLE, syllable);
    if matches!(syllable, "ng" | "m") {
        join(":0", whole, System::HongKong, out);
        join(":0", "ng:0", System::Macau, out);
        return;
    }
    let Some(initial) = INITIALS.iter().find(|initial| {
        let last = syllable.strip_prefix(**initial);
        last.is_some_and(|last| !row(&HK_FINALS, last).is_empty())
    }) else {
        return;
    };
    let last = &syllable[initial.len()..];
    if whole.is_empty() {
        join(row(&HK_INITIALS, initial), row(&HK_FINALS, last), System::HongKong, out);
    } else {
        join(":0", whole, System::HongKong, out);
    }
    join(row(&MACAU_INITIALS, initial), row(&MACAU_FINALS, last), System::Macau, out);
    if syllable == "ji" {
        join(":0", "i:0", System::Macau, out);
    }
}
