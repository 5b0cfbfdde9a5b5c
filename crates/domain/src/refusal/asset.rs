//! Why a movement of property may not be booked.

/// What stands against a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AssetBar {
    /// There is not so much of that property under that heading.
    Short {
        /// The property.
        asset: String,
    },
    /// The property stands in the case this one continues: it is carried on there and brought in here.
    Earlier,
    /// Its author has the property as new in another case of the same line.
    Later,
    /// The other side holds that property.
    NotHolder {
        /// The property.
        asset: String,
    },
    /// Its name has letters nobody sees, or blanks too many.
    UnseenLetters,
}

impl AssetBar {
    /// The stable code.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Short { .. } => "asset-short",
            Self::Earlier => "asset-earlier",
            Self::Later => "asset-later",
            Self::NotHolder { .. } => "not-holder",
            Self::UnseenLetters => "unseen-letters",
        }
    }

    /// What the words are filled with.
    pub(super) fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Short { asset } | Self::NotHolder { asset } => vec![("asset", asset.clone())],
            Self::Earlier | Self::Later | Self::UnseenLetters => Vec::new(),
        }
    }
}
