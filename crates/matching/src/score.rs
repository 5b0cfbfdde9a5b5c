//! What a comparison says: points, a band, and the reasons.
//!
//! Owns the scale and the codes. Must not know any language's words for them.

use crate::romanise::System;

/// Points are ten-thousandths of the chance that two names are one person's, on a desk where half the pairs are.
pub const POINTS_MAX: u16 = 10_000;
/// From here a pair is a match: chosen on the development part for a precision of 0.99 there.
pub const MATCH_FROM: u16 = 6_000;
/// From here a pair is worth a person's look.
pub const POSSIBLE_FROM: u16 = 1_500;

/// How sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Not the same name.
    No,
    /// A person should look.
    Possible,
    /// The same name. Whether it is the same *person* is for a human and for more than a name.
    Match,
}

impl Band {
    /// The band of so many points.
    #[must_use]
    pub const fn of(points: u16) -> Self {
        match points {
            MATCH_FROM.. => Self::Match,
            POSSIBLE_FROM.. => Self::Possible,
            _ => Self::No,
        }
    }

    /// The code by which programs know it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Possible => "possible",
            Self::Match => "match",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// Why a comparison came out as it did.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $($(#[$doc])* $name),+ }

        impl Code {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code by which programs and the locale files know it.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }
    };
}

codes! {
    /// The whole name is the same, letter by letter or character by character.
    NameSame = "name-same",
    /// The characters are the same but for simplified, traditional or variant forms.
    NameVariant = "name-variant",
    /// The surname's characters are written by these letters.
    SurnameExact = "surname-exact",
    /// The surname is near these letters.
    SurnameNear = "surname-near",
    /// The surnames differ.
    SurnameDiffers = "surname-differs",
    /// A given character is written by these letters.
    GivenExact = "given-exact",
    /// A given character is near these letters.
    GivenNear = "given-near",
    /// A given character has its initial only.
    GivenInitial = "given-initial",
    /// A given character is not written.
    GivenMissing = "given-missing",
    /// The given names differ.
    GivenDiffers = "given-differs",
    /// The other side puts the given name first.
    OrderReversed = "order-reversed",
    /// A given name in another language stands beside.
    ForeignGiven = "foreign-given",
    /// A further surname or word stands beside.
    ExtraWord = "extra-word",
    /// Only the surname can be compared.
    SurnameOnly = "surname-only",
    /// A word is the same on both sides.
    WordExact = "word-exact",
    /// A word sounds the same or is spelled by another system.
    WordSound = "word-sound",
    /// A word differs by a slip.
    WordNear = "word-near",
    /// A word stands for its initial.
    WordInitial = "word-initial",
    /// A word is a known short form of the other.
    WordShort = "word-short",
    /// A word stands on one side only.
    WordMissing = "word-missing",
    /// Words differ.
    WordDiffers = "word-differs",
    /// The characters write the sound of a foreign name.
    SoundWritten = "sound-written",
    /// Nothing that can be compared.
    Nothing = "nothing",
    /// The dates of birth are the same.
    BornSame = "born-same",
    /// Day and month are exchanged.
    BornSwapped = "born-swapped",
    /// What both know of the date agrees, and one does not know all.
    BornPartly = "born-partly",
    /// The dates differ by a slip.
    BornNear = "born-near",
    /// The dates of birth differ.
    BornDiffers = "born-differs",
    /// The document's number is the same.
    DocumentSame = "document-same",
    /// The same when letters and digits that are read for each other are one.
    DocumentFolded = "document-folded",
    /// One character apart.
    DocumentNear = "document-near",
    /// The documents differ; people have several.
    DocumentDiffers = "document-differs",
    /// The sex entered is the same.
    SexSame = "sex-same",
    /// The sex entered differs.
    SexDiffers = "sex-differs",
    /// The address or place agrees.
    PlaceSame = "place-same",
    /// The address or place agrees in part.
    PlacePartly = "place-partly",
    /// The place differs.
    PlaceDiffers = "place-differs",
}

/// One reason, with what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What.
    pub code: Code,
    /// The piece of the left side, empty where there is none.
    pub left: String,
    /// The piece of the right side, empty where there is none.
    pub right: String,
    /// By whose habits of spelling.
    pub system: Option<System>,
}

impl Reason {
    /// A reason about two pieces.
    #[must_use]
    pub fn new(code: Code, left: impl Into<String>, right: impl Into<String>) -> Self {
        Self { code, left: left.into(), right: right.into(), system: None }
    }
}

impl std::fmt::Display for Reason {
    /// For programs: `code left=right @system`, the parts that are there.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.code.code())?;
        match (self.left.is_empty(), self.right.is_empty()) {
            (false, false) => write!(out, " {}={}", self.left, self.right)?,
            (false, true) => write!(out, " {}=", self.left)?,
            (true, false) => write!(out, " ={}", self.right)?,
            (true, true) => {}
        }
        self.system.map_or(Ok(()), |system| write!(out, " @{}", system.code()))
    }
}

/// The outcome of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// Of [`POINTS_MAX`].
    pub points: u16,
    /// Why, the weightiest first.
    pub reasons: Vec<Reason>,
}

impl Score {
    /// How sure.
    #[must_use]
    pub const fn band(&self) -> Band {
        Band::of(self.points)
    }

    /// The same seen from the other side.
    #[must_use]
    pub fn turned(mut self) -> Self {
        for reason in &mut self.reasons {
            std::mem::swap(&mut reason.left, &mut reason.right);
        }
        self
    }
}

/// Points for a cost, between the given places of a falling line of straight pieces.
#[must_use]
pub fn points(cost: u16, curve: &[(u16, u16)]) -> u16 {
    let Some(at) = curve.iter().position(|(place, _)| cost <= *place) else { return 0 };
    let (b, low) = curve[at];
    if at == 0 {
        return low;
    }
    let (a, high) = curve[at - 1];
    let (span, gone) = (u32::from(b - a).max(1), u32::from(cost - a));
    let fall = u32::from(high.saturating_sub(low)) * gone / span;
    high - u16::try_from(fall).unwrap_or(high)
}
