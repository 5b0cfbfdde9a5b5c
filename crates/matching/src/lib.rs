//! Names across scripts, and the pieces that identify a person beside the name: pure, without I/O, clock or randomness.
//!
//! Owns how two written names are compared and why the answer is what it is ([`compare`]), the keys under which records
//! meet ([`key`]), dates, document numbers and places, the comparison of whole records ([`record`]) and the index that
//! links two lists ([`link`]). Must not know files, cases, or any language's words: reasons are codes, the program has
//! the sentences.
//!
//! A character is never turned into *one* romanisation. It has a set of readings ([`table`]), each reading a set of
//! spellings by the systems people's papers are written in ([`romanise`]), and a name is the lattice of all of them.

pub mod compare;
pub mod date;
pub mod document;
pub mod key;
pub mod link;
pub mod name;
pub mod oprf;
pub mod place;
pub mod private;
pub mod record;
pub mod romanise;
pub mod score;
pub mod spelling;
pub mod surname;
pub mod table;
pub mod text;

pub use compare::{compare, points};
pub use name::Name;
pub use score::{Band, Code, Reason, Score};
