//! Who is bound and who acts: the Parties, their markings and their offices.
//!
//! Owns the rows only. Must not know how they are read (`read`) nor what a Party's officers may do inside its house.

use crate::calendar::Calendar;
use crate::handling::Classification;
use crate::ids::{OfficeId, PartyId};
use crate::text::{Lang, Text};

/// One Party to the instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Its id, for example `GB`.
    pub id: PartyId,
    /// Its full name.
    pub name: Text,
    /// Its short name.
    pub short: Text,
    /// The adjective made of its name (`British`, `英方`).
    pub adjective: Text,
    /// The city its clock is named after.
    pub capital: Text,
    /// The calendar its deadlines are counted by; carries the time zone.
    pub calendar: Calendar,
    /// Its own language.
    pub lang: Lang,
    /// Its place on the page, 1 or more: which of the neutral colour rules is its own.
    pub order: u8,
    /// Its own handling markings and what each amounts to.
    pub markings: Vec<Marking>,
    /// The signature algorithms it signs with; all of them must verify.
    pub sign: Vec<String>,
}

/// A Party's own handling marking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marking {
    /// Stable code, for example `OFFICIAL-SENSITIVE`.
    pub code: String,
    /// As it is written on paper.
    pub label: Text,
    /// What it amounts to; `classified` is never carried.
    pub classification: Classification,
}

/// An office (authority) of a Party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Its id, for example `GB-NCA`.
    pub id: OfficeId,
    /// The Party it belongs to.
    pub party: PartyId,
    /// Its full name.
    pub name: Text,
    /// Its short name.
    pub short: Text,
    /// What it is for under this instrument, in a line.
    pub role: Text,
    /// The highest ladder level it answers at, 0 to 4.
    pub level: u8,
    /// Whether it is a central authority (reconsideration goes to one).
    pub central: bool,
    /// Whether it keeps a desk at any hour (U0 and U1).
    pub duty_24x7: bool,
    /// The other Parties' offices it works with directly; mutual.
    pub counterparts: Vec<OfficeId>,
    /// How to reach its desk: a role address, never a person.
    pub contact: String,
}
