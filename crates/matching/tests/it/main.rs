//! Whole comparisons: what holds for any two names, what officers' cases come to, and the scores of labelled pairs.

mod any;
mod cases;
mod labelled;
mod private;
mod voprf;
