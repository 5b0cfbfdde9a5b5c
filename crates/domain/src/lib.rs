//! What the Parties agreed and what happened. Pure: no I/O, clock, randomness or threads.
//!
//! The heart is four pure functions: `decide` (command → act or a refusal), `admit` (may the other Party's act
//! stand?), `case::fold` (acts → the case) and `due` (what has run out at an instant). Must not know bytes on the
//! wire, keys, screens or stores.

pub mod account;
pub mod act;
pub mod admit;
pub mod agenda;
pub mod amendment;
pub mod asset;
pub mod calendar;
pub mod case;
pub mod clock;
pub mod contact;
pub mod content;
pub mod deadline;
pub mod decide;
pub mod difference;
pub mod due;
pub mod glossary;
pub mod handling;
pub mod ids;
pub mod instrument;
pub mod judge;
pub mod local;
pub mod menu;
pub mod procedure;
pub mod refusal;
pub mod rehearsal;
pub mod report;
pub mod safeguard;
pub mod text;
