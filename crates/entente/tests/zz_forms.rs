//! Temporary.
#[path = "it/forms.rs"]
mod forms;
#[path = "it/house.rs"]
mod house;
