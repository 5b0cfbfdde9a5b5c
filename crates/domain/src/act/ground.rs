//! The grounds of refusal, a closed menu.
//!
//! Owns the codes RF-01 to RF-16. Must not know which type admits which (`instrument`).

use serde::{Deserialize, Serialize};

use crate::menu::Menu;

/// Why a request may be refused. An instrument admits some of these per type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Ground {
    /// Sovereignty, security, public order or essential interests.
    #[serde(rename = "RF-01")]
    EssentialInterests,
    /// No dual criminality.
    #[serde(rename = "RF-02")]
    NoDualCriminality,
    /// A political offence.
    #[serde(rename = "RF-03")]
    Political,
    /// A purely military offence.
    #[serde(rename = "RF-04")]
    Military,
    /// A discriminatory purpose, or prejudice to the person.
    #[serde(rename = "RF-05")]
    Discrimination,
    /// Judged, pending, ended or time-barred.
    #[serde(rename = "RF-06")]
    NeBisInIdem,
    /// No real link to the case.
    #[serde(rename = "RF-07")]
    NoLink,
    /// The death penalty is not excluded by assurance.
    #[serde(rename = "RF-08")]
    DeathPenalty,
    /// Ill-treatment or an unfair trial.
    #[serde(rename = "RF-09")]
    IllTreatment,
    /// Contrary to the requested side's law, or not available at home.
    #[serde(rename = "RF-10")]
    ContraryToLaw,
    /// Disproportionate or of minor weight.
    #[serde(rename = "RF-11")]
    Disproportionate,
    /// Incomplete after notice.
    #[serde(rename = "RF-12")]
    Incomplete,
    /// Use or confidentiality was breached before.
    #[serde(rename = "RF-13")]
    BreachedBefore,
    /// No legal basis or reciprocity.
    #[serde(rename = "RF-14")]
    NoBasis,
    /// Not executable, for example not found.
    #[serde(rename = "RF-15")]
    NotExecutable,
    /// The reason is withheld (only beside RF-01 or RF-09).
    #[serde(rename = "RF-16")]
    Withheld,
}

impl Menu for Ground {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::EssentialInterests, "RF-01"),
        (Self::NoDualCriminality, "RF-02"),
        (Self::Political, "RF-03"),
        (Self::Military, "RF-04"),
        (Self::Discrimination, "RF-05"),
        (Self::NeBisInIdem, "RF-06"),
        (Self::NoLink, "RF-07"),
        (Self::DeathPenalty, "RF-08"),
        (Self::IllTreatment, "RF-09"),
        (Self::ContraryToLaw, "RF-10"),
        (Self::Disproportionate, "RF-11"),
        (Self::Incomplete, "RF-12"),
        (Self::BreachedBefore, "RF-13"),
        (Self::NoBasis, "RF-14"),
        (Self::NotExecutable, "RF-15"),
        (Self::Withheld, "RF-16"),
    ];
}
