//! Scripted exercises: invented people and matters, played through the production node.
//!
//! Owns the script's reading and each cue's performance. The words, names, offices and instruments are in the script
//! files; nothing here knows any. Must not have a way to do what an officer cannot.

mod cue;
mod home;
mod script;
mod seed;

pub use cue::{Cue, Line, Played, What, lines};
pub use home::{AtHome, OwnLaw};
pub use script::{Matter, Performer, Script};
pub use seed::{House, people, seed, tell};
