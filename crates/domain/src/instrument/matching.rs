//! What a request type lets be asked by private matching.
//!
//! Owns the rows and their reading. Must not know the mathematics, nor who asks.

use super::cursor::Node;
use super::read::Reader;
use crate::menu::Menu;

/// Places of a batch; there are no other sizes.
pub const BATCH_PLACES: [u32; 3] = [32, 128, 1024];
/// Places of a list, at least: what is shorter is padded to it.
pub const LIST_PLACES_MIN: u32 = 1 << 10;
/// Places of a list that is sent whole, at most.
pub const LIST_PLACES_MAX: u32 = 1 << 14;
/// Most places an instrument may allow an office for ever: so many evaluations cost a key twelve bits of its strength
/// (RFC 9497, section 7.2.3).
const PLACES_MAX: u32 = 1 << 24;

/// How a type matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matching {
    /// Who learns a hit.
    pub learns: Learns,
    /// The kinds of keys that may be asked for.
    pub kinds: Vec<KeyKind>,
    /// Records a list must have, at least: in a shorter one a hit would name somebody.
    pub records_min: u32,
    /// Places that may be asked in one case.
    pub case_places_max: u32,
    /// Places one office may ask in a day, over all its cases of the type.
    pub day_places_max: u32,
    /// Places one office may ask for ever.
    pub ever_places_max: u32,
}

/// Who learns a hit. An answer is itself a disclosure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Learns {
    /// The side that has the list. The other gets one receipt whatever is found, and later a person's decision.
    Holder,
}

/// What two records meet under. None is of a name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyKind {
    /// Exact reading of the name, and the whole date of birth.
    NameBorn,
    /// The name folded across scripts and spellings, and the whole date.
    FoldedBorn,
    /// Folded surname, whole date, sex.
    SurnameBorn,
    /// A document's state and number, look-alikes folded.
    Document,
    /// The same with one character unknown.
    DocumentSmudged,
}

/// How a type matches, where it does.
pub(super) fn matching(node: &Node<'_>, reader: &mut Reader<'_, '_>) -> Option<Matching> {
    let mut table = node.table(reader.report)?;
    let learns = reader.choice(&mut table, "learns", "who learns");
    let kinds = table.required(reader.report, "kinds").map(|node| reader.choices::<KeyKind>(&node, "kind of key"));
    let mut number = |key: &'static str, least: u32, most: u32| {
        table.required(reader.report, key).and_then(|node| node.number(reader.report, least, most))
    };
    let records_min = number("records_min", 1, LIST_PLACES_MAX);
    let case_places_max = number("case_places_max", BATCH_PLACES[0], PLACES_MAX);
    let day_places_max = number("day_places_max", BATCH_PLACES[0], PLACES_MAX);
    let ever_places_max = number("ever_places_max", BATCH_PLACES[0], PLACES_MAX);
    table.finish(reader.report);
    Some(Matching {
        learns: learns?,
        kinds: kinds?,
        records_min: records_min?,
        case_places_max: case_places_max?,
        day_places_max: day_places_max?,
        ever_places_max: ever_places_max?,
    })
}

impl Menu for Learns {
    const ALL: &'static [(Self, &'static str)] = &[(Self::Holder, "holder_learns")];
}

impl Menu for KeyKind {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::NameBorn, "name-born"),
        (Self::FoldedBorn, "folded-born"),
        (Self::SurnameBorn, "surname-born"),
        (Self::Document, "document"),
        (Self::DocumentSmudged, "document-smudged"),
    ];
}
