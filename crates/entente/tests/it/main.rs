//! The program's integration tests, one binary: linking is the slow part.
//!
//! Owns the list of test modules and nothing else.

mod amendment;
mod api;
mod backup;
mod broken;
mod browser;
mod cli;
mod convert;
mod evidence;
mod forms;
mod house;
mod large;
mod lawyer;
mod lost;
mod matching;
mod peer;
mod port;
mod processes;
mod purge;
mod request;
mod restore;
mod several;
mod tidy;
mod told;
