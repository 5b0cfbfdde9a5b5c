//! The words of the face: every message of the locale files, in every language of the face.
//!
//! Owns `Tongue` and the lookup of a message with its arguments. Must not know any page, nor the instrument's own texts:
//! those carry their languages with them (`domain::text`). There is no fallback: a message missing from one language is
//! a failed test, and shows as `⟦key⟧` rather than as words nobody agreed to.

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::LazyLock;

use domain::menu::Menu;
use domain::text::Lang;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language the face speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tongue {
    /// English.
    En,
    /// Chinese, simplified characters.
    Zh,
}

/// The locale files of each language; each language has the same files with the same keys.
pub const LOCALES: &[(Tongue, &[&str])] = &[
    (
        Tongue::En,
        &[
            include_str!("../locales/en.ftl"),
            include_str!("../locales/forms.en.ftl"),
            include_str!("../locales/prepared.en.ftl"),
            include_str!("../locales/matter.en.ftl"),
            include_str!("../locales/care.en.ftl"),
            include_str!("../locales/called.en.ftl"),
            include_str!("../locales/local.en.ftl"),
            include_str!("../locales/progress.en.ftl"),
            include_str!("../locales/api.en.ftl"),
            include_str!("../locales/story.en.ftl"),
            include_str!("../locales/match.en.ftl"),
            include_str!("../locales/amendment.en.ftl"),
            include_str!("../locales/convert.en.ftl"),
            include_str!("../locales/status.en.ftl"),
            include_str!("../locales/rounds.en.ftl"),
            include_str!("../locales/evidence.en.ftl"),
            include_str!("../locales/report.en.ftl"),
        ],
    ),
    (
        Tongue::Zh,
        &[
            include_str!("../locales/zh.ftl"),
            include_str!("../locales/forms.zh.ftl"),
            include_str!("../locales/prepared.zh.ftl"),
            include_str!("../locales/matter.zh.ftl"),
            include_str!("../locales/care.zh.ftl"),
            include_str!("../locales/called.zh.ftl"),
            include_str!("../locales/local.zh.ftl"),
            include_str!("../locales/progress.zh.ftl"),
            include_str!("../locales/api.zh.ftl"),
            include_str!("../locales/story.zh.ftl"),
            include_str!("../locales/match.zh.ftl"),
            include_str!("../locales/amendment.zh.ftl"),
            include_str!("../locales/convert.zh.ftl"),
            include_str!("../locales/status.zh.ftl"),
            include_str!("../locales/rounds.zh.ftl"),
            include_str!("../locales/evidence.zh.ftl"),
            include_str!("../locales/report.zh.ftl"),
        ],
    ),
];

static BUNDLES: LazyLock<Vec<(Tongue, FluentBundle<FluentResource>)>> =
    LazyLock::new(|| LOCALES.iter().map(|(tongue, files)| (*tongue, bundle(*tongue, files))).collect());

impl Menu for Tongue {
    const ALL: &'static [(Self, &'static str)] = &[(Self::En, "en"), (Self::Zh, "zh")];
}

impl Tongue {
    /// The BCP 47 tag for `lang` attributes.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en-GB",
            Self::Zh => "zh-Hans",
        }
    }

    /// The same language as the instrument names it.
    #[must_use]
    pub fn lang(self) -> Lang {
        Lang::new(self.code()).expect("every code of the menu is two lower-case letters")
    }

    /// The BCP 47 tag of one of the instrument's languages; the bare code where the face does not speak it.
    #[must_use]
    pub fn tag_of(lang: &Lang) -> &str {
        match Self::from_code(lang.as_str()) {
            Some(tongue) => tongue.tag(),
            None => lang.as_str(),
        }
    }

    /// The best of our languages for an `Accept-Language` header; English when it asks for none of ours.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        header
            .split(',')
            .filter_map(|part| part.trim().get(..2))
            .find_map(|code| Self::from_code(&code.to_ascii_lowercase()))
            .unwrap_or(Self::En)
    }

    /// A message without arguments.
    #[must_use]
    pub fn t(self, key: &str) -> String {
        self.with(key, &[])
    }

    /// A message with arguments. A value that is a whole number takes part in plural rules.
    #[must_use]
    pub fn with(self, key: &str, args: &[(&'static str, &dyn Display)]) -> String {
        let missing = || format!("⟦{key}⟧");
        let Some((_, bundle)) = BUNDLES.iter().find(|(tongue, _)| *tongue == self) else { return missing() };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else { return missing() };
        let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, fluent_value(&value.to_string()))).collect();
        let mut faults = Vec::new();
        let words: Cow<'_, str> = bundle.format_pattern(pattern, Some(&args), &mut faults);
        if faults.is_empty() { words.into_owned() } else { missing() }
    }

    /// Whether there is such a message.
    #[must_use]
    pub fn has(self, key: &str) -> bool {
        BUNDLES.iter().any(|(tongue, bundle)| *tongue == self && bundle.has_message(key))
    }

    /// Every language but this one.
    pub fn others(self) -> impl Iterator<Item = Self> {
        Self::ALL.iter().map(|(tongue, _)| *tongue).filter(move |tongue| *tongue != self)
    }
}

fn fluent_value(text: &str) -> FluentValue<'static> {
    // Only plain counts become numbers: a reference such as `0042` must keep its zeros.
    let plain = text.len() <= 15 && (text == "0" || !text.starts_with('0'));
    match text.parse::<u64>() {
        Ok(number) if plain && text.bytes().all(|b| b.is_ascii_digit()) => FluentValue::from(number),
        _ => FluentValue::String(Cow::Owned(text.to_owned())),
    }
}

fn bundle(tongue: Tongue, files: &[&str]) -> FluentBundle<FluentResource> {
    let id: LanguageIdentifier = tongue.tag().parse().expect("every tag of the menu is well formed");
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    for file in files {
        // A broken entry is left out here and named by the test that reads the files strictly.
        let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests;
