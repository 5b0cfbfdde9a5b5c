//! Staged files between a form and its signing: carried by the form itself, sealed so that only we can read them.
//!
//! Owns that sealing. A form is kept nowhere until it is signed, so neither are its files' keys. Must not know acts.

use domain::content::{ATTACHMENTS_MAX, Attachment};
use domain::ids::OfficerId;
use ledger::canon;

use super::Typed;
use crate::app::{self, App};
use crate::web::Stop;

/// The prefix of the hidden inputs.
const PREFIX: &str = "staged.";

/// A staged file as its form carries it.
#[derive(Debug, Clone)]
pub struct StagedFile {
    /// The hidden input's name.
    pub input: String,
    /// The sealed file.
    pub token: String,
    /// The file.
    pub file: Attachment,
}

/// The files a form carries for an act: those it brought back, but for the ones ticked off, and those that came now.
///
/// # Errors
/// [`Stop::Fault`] when sealing fails.
pub fn carried(
    app: &App,
    who: &OfficerId,
    about: &str,
    typed: &Typed,
    new: Vec<Attachment>,
) -> Result<Vec<StagedFile>, Stop> {
    let label = format!("staged/{who}/{about}");
    let brought = (0..ATTACHMENTS_MAX).filter_map(|place| {
        let input = format!("{PREFIX}{place}");
        let token = typed.some(&input)?;
        if typed.ticked(&format!("drop.{input}")) {
            return None;
        }
        // A token that is not ours, or was made for another act or officer, is nothing.
        let opened = app.node().unwrap(&label, &bytes(token)?).ok()?;
        canon::from_slice::<Attachment>(&opened).ok()
    });
    let files: Vec<Attachment> = brought.chain(new).take(ATTACHMENTS_MAX).collect();
    let mut staged = Vec::new();
    for (place, file) in files.into_iter().enumerate() {
        let clear = canon::to_vec(&file).map_err(|why| Stop::Fault(node::Fault::Setup(why.to_string())))?;
        let sealed = app.node().wrap(&mut app::randomness(), &label, &clear)?;
        staged.push(StagedFile { input: format!("{PREFIX}{place}"), token: digits(&sealed), file });
    }
    Ok(staged)
}

/// Whether an input of this name is one of these.
#[must_use]
pub fn is_staged(input: &str) -> bool {
    input.starts_with(PREFIX) || input.starts_with("drop.")
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return None;
    }
    let pairs = digits.as_bytes().chunks_exact(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
