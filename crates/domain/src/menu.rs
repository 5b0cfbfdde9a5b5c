//! Closed menus: what an instrument file may pick from, each choice with its one stable code.
//!
//! Owns the trait that ties an enum to its codes. Must not know any menu: each stands beside the noun it belongs to.

/// An enum whose choices have stable codes, written in instrument files, acts and texts.
pub trait Menu: Sized + Copy + PartialEq + 'static {
    /// Every choice with its code, in the order people are shown them.
    const ALL: &'static [(Self, &'static str)];

    /// The code of this choice.
    #[must_use]
    fn code(self) -> &'static str {
        Self::ALL.iter().find(|(choice, _)| *choice == self).map_or("", |(_, code)| code)
    }

    /// The choice with this code.
    #[must_use]
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == code).map(|(choice, _)| *choice)
    }
}

#[cfg(test)]
mod tests {
    use super::Menu;
    use crate::{act, clock, handling, instrument, procedure, safeguard};
    use serde::{Serialize, de::DeserializeOwned};

    /// Codes are unique, never empty, and are exactly what serde writes and reads.
    fn check<M: Menu + std::fmt::Debug + Serialize + DeserializeOwned>() {
        for (place, (choice, code)) in M::ALL.iter().enumerate() {
            assert!(!code.is_empty());
            assert_eq!(M::from_code(code), Some(*choice), "{code} is not unique");
            assert!(M::ALL[..place].iter().all(|(other, _)| other != choice));
            assert_eq!(serde_json::to_value(choice).unwrap(), *code);
            assert_eq!(serde_json::from_value::<M>((*code).into()).unwrap(), *choice);
        }
    }

    #[test]
    fn every_menu_is_whole() {
        check::<act::ActKind>();
        check::<act::Role>();
        check::<act::Urgency>();
        check::<act::Ground>();
        check::<act::Extent>();
        check::<clock::ClockKind>();
        check::<handling::Tlp>();
        check::<handling::Classification>();
        check::<safeguard::Gate>();
        check::<safeguard::Finding>();
        check::<procedure::Stage>();
        check::<instrument::ProcedureKind>();
        check::<instrument::Carries>();
        check::<instrument::Form>();
    }
}
