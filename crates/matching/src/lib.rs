//! Names across scripts and private set intersection: pure, without I/O, clock or randomness of its own.
//!
//! Its room in the house is kept from the first commit so that nothing of it grows elsewhere; it holds nothing yet,
//! and nothing depends on it until it does.
