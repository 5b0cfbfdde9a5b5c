//! The asking side opens the places of a sample.
//!
//! Owns taking openings from what was kept of a batch. Must not know the auditor. Openings go to the auditor and never
//! to the holder: they are the questions themselves.

use rand_core::CryptoRng;

use super::{QuestionOpening, Shown};
use crate::oprf::Unsound;
use crate::private::answer::Asking;
use crate::private::epoch::Epoch;
use crate::private::question::Drawn;

/// Opens places of a batch that was blinded.
#[must_use]
pub fn open_questions(asking: &Asking, sample: &[u64]) -> Vec<QuestionOpening> {
    let open = |place: &u64| {
        let at = usize::try_from(*place).ok()?;
        Some(QuestionOpening { blind: Some(*asking.blind(at)?.bytes()), ..opening(asking.drawn(), *place)? })
    };
    sample.iter().filter_map(open).collect()
}

/// Opens places of a batch that was sent as tags, with the proof that the announced key made them.
///
/// # Errors
/// [`Unsound`] when the sample is longer than one proof covers.
pub fn open_tagged(
    epoch: &Epoch,
    drawn: &Drawn,
    sample: &[u64],
    rng: &mut dyn CryptoRng,
) -> Result<(Vec<QuestionOpening>, Shown), Unsound> {
    let openings: Vec<QuestionOpening> = sample.iter().filter_map(|place| opening(drawn, *place)).collect();
    let inputs: Vec<_> =
        openings.iter().map(|opening| drawn.scope().input_of(opening.kind, &opening.content)).collect();
    let bytes: Vec<&[u8]> = inputs.iter().map(|input| input.as_slice()).collect();
    let (evaluated, proof) = epoch.key().open(&bytes, rng)?;
    Ok((openings, Shown { evaluated, proof: Some(proof.bytes()) }))
}

fn opening(drawn: &Drawn, place: u64) -> Option<QuestionOpening> {
    let at = usize::try_from(place).ok()?;
    let (kind, content) = drawn.asked().get(at)?.parts();
    Some(QuestionOpening { place, kind, content: content.to_vec(), salt: *drawn.salt(at)?, blind: None })
}
