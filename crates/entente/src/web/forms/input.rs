//! One input of a form as it is shown.
//!
//! Owns the kinds of input and their making from what was typed. Must not know which form it stands in.

use askama::Template;
use domain::text::{Lang, Prose};

use super::{Typed, Why, Wrong, anchor};
use crate::i18n::Tongue;
use crate::web::Page;

/// An input with its label, its hint, what was typed and what is wrong with it.
#[derive(Template)]
#[template(path = "forms/input.html")]
pub struct Input {
    /// The language of the page.
    pub t: Tongue,
    /// The input's name, as sent.
    pub name: String,
    /// Its id on the page.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// What to write, in a sentence; may be empty.
    pub hint: String,
    /// What is said beside the label of an input that may be left empty, or must not be in some cases only.
    pub need: String,
    /// What is wrong with it, in words.
    pub wrong: Vec<String>,
    /// Where its languages depart from the agreed terms; advice, never a bar.
    pub advice: Vec<String>,
    /// How it is answered.
    pub kind: Kind,
}

/// How an input is answered.
pub enum Kind {
    /// Words, a box a language.
    Words(Vec<WordBox>),
    /// One line.
    Line {
        /// The HTML type: `text`, `date` or `datetime-local`.
        mode: &'static str,
        /// What was typed.
        value: String,
        /// What is known already and may be chosen instead of typed.
        known: Vec<String>,
    },
    /// From and to.
    Span {
        /// The first instant as typed.
        from: String,
        /// The last instant as typed.
        to: String,
    },
    /// One of a list, opened by a click.
    Menu(Vec<Choice>),
    /// One of a short list, all to be seen.
    Radio(Vec<Choice>),
    /// A box to tick.
    Tick(bool),
    /// A long text that no person writes by hand.
    Code(String),
    /// Several inputs that make one answer.
    Group(Vec<Input>),
    /// The heaviest penalty and its years.
    Penalty {
        /// The kinds of penalty.
        choices: Vec<Choice>,
        /// The years as typed.
        years: String,
    },
}

/// One box for one language.
pub struct WordBox {
    /// The box's own name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// The language as an HTML tag.
    pub tag: String,
    /// What the language is called on this page.
    pub lang_name: String,
    /// What was typed.
    pub text: String,
    /// How many lines it shows at first.
    pub rows: u8,
    /// Whether this box is wrong.
    pub wrong: bool,
}

/// One thing to choose.
pub struct Choice {
    /// What is sent.
    pub code: String,
    /// What is shown.
    pub label: String,
    /// A further sentence; may be empty.
    pub hint: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// What every input of a form is made from.
pub struct Maker<'a> {
    /// The page it stands on.
    pub page: &'a Page,
    /// What was typed.
    pub typed: &'a Typed,
    /// What is wrong.
    pub wrong: &'a [Wrong],
    /// The languages of the boxes, own first.
    pub langs: &'a [Lang],
}

impl Maker<'_> {
    /// Words; `rows` lines at first.
    #[must_use]
    pub fn words(&self, name: &str, label: &str, rows: u8) -> Input {
        let wrong = |lang: &Lang| {
            let own = |why: &Why| !matches!(why, Why::Untranslated(other) if other != lang);
            self.wrong.iter().any(|wrong| wrong.input == name && own(&wrong.why))
        };
        let boxes = self.langs.iter().map(|lang| {
            let own = format!("{name}.{lang}");
            WordBox {
                wrong: wrong(lang),
                id: anchor(&own),
                tag: Tongue::tag_of(lang).to_owned(),
                lang_name: self.page.language(lang.as_str()),
                text: self.typed.get(&own).to_owned(),
                name: own,
                rows,
            }
        });
        let texts = self.langs.iter().map(|lang| (lang.clone(), self.typed.get(&format!("{name}.{lang}")).to_owned()));
        let typed = Prose { original: self.page.lang().clone(), texts: texts.collect() };
        let advice = self.page.term_advice(&typed);
        Input { advice, ..self.input(name, label, Kind::Words(boxes.collect())) }
    }

    /// One line.
    #[must_use]
    pub fn line(&self, name: &str, label: &str) -> Input {
        self.input(name, label, Kind::Line { mode: "text", value: self.typed.get(name).to_owned(), known: Vec::new() })
    }

    /// A day.
    #[must_use]
    pub fn date(&self, name: &str, label: &str) -> Input {
        self.input(name, label, Kind::Line { mode: "date", value: self.typed.get(name).to_owned(), known: Vec::new() })
    }

    /// A moment on the clock of the capital.
    #[must_use]
    pub fn moment(&self, name: &str, label: &str) -> Input {
        self.input(
            name,
            label,
            Kind::Line { mode: "datetime-local", value: self.typed.get(name).to_owned(), known: Vec::new() },
        )
    }

    /// From and to.
    #[must_use]
    pub fn span(&self, name: &str, label: &str) -> Input {
        let (from, to) = (self.typed.get(&format!("{name}.from")), self.typed.get(&format!("{name}.to")));
        self.input(name, label, Kind::Span { from: from.to_owned(), to: to.to_owned() })
    }

    /// One of a list.
    #[must_use]
    pub fn menu(&self, name: &str, label: &str, choices: impl IntoIterator<Item = (String, String)>) -> Input {
        self.input(name, label, Kind::Menu(self.choices(name, choices)))
    }

    /// One of a short list, all to be seen, each with a sentence.
    #[must_use]
    pub fn radio(&self, name: &str, label: &str, choices: impl IntoIterator<Item = (String, String, String)>) -> Input {
        let chosen = self.typed.get(name);
        let choices = choices
            .into_iter()
            .map(|(code, label, hint)| Choice { chosen: code == chosen, code, label, hint })
            .collect();
        self.input(name, label, Kind::Radio(choices))
    }

    /// A box to tick.
    #[must_use]
    pub fn tick(&self, name: &str, label: &str) -> Input {
        self.input(name, label, Kind::Tick(self.typed.ticked(name)))
    }

    /// A long text that no person writes by hand.
    #[must_use]
    pub fn code(&self, name: &str, label: &str) -> Input {
        self.input(name, label, Kind::Code(self.typed.get(name).to_owned()))
    }

    /// Several inputs that make one answer.
    #[must_use]
    pub fn group(&self, name: &str, label: &str, parts: Vec<Input>) -> Input {
        self.input(name, label, Kind::Group(parts))
    }

    /// The heaviest penalty.
    #[must_use]
    pub fn penalty(&self, name: &str, label: &str) -> Input {
        let choices = [
            ("no-prison", "penalty-no-prison"),
            ("years-max", "form-penalty-years-max"),
            ("life", "penalty-life"),
            ("death", "penalty-death"),
            ("unknown", "penalty-unknown"),
        ];
        let choices = choices.map(|(code, key)| (code.to_owned(), self.page.t(key)));
        let years = self.typed.get(&format!("{name}.years")).to_owned();
        self.input(name, label, Kind::Penalty { choices: self.choices(name, choices), years })
    }

    fn choices(&self, name: &str, choices: impl IntoIterator<Item = (String, String)>) -> Vec<Choice> {
        let chosen = self.typed.get(name);
        choices
            .into_iter()
            .map(|(code, label)| Choice { chosen: code == chosen, code, label, hint: String::new() })
            .collect()
    }

    fn input(&self, name: &str, label: &str, kind: Kind) -> Input {
        let wrong = self.wrong.iter().filter(|wrong| wrong.input == name).map(|wrong| self.page.wrong(wrong)).collect();
        Input {
            t: self.page.tongue,
            name: name.to_owned(),
            id: anchor(name),
            label: label.to_owned(),
            hint: String::new(),
            need: String::new(),
            wrong,
            advice: Vec::new(),
            kind,
        }
    }
}

impl Input {
    /// The same with a sentence on what to write.
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }

    /// The same, with what is known already to choose from; only a line has any.
    #[must_use]
    pub fn knowing(mut self, all: Vec<String>) -> Self {
        if let Kind::Line { known, .. } = &mut self.kind {
            *known = all;
        }
        self
    }

    /// The same, free to be left empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.need = self.t.t("optional");
        self
    }

    /// The same, needed in the cases `need` names.
    #[must_use]
    pub fn needed(mut self, need: String) -> Self {
        self.need = need;
        self
    }

    /// What assistive programs read with the input.
    #[must_use]
    pub fn described(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() {
            ids.push(format!("{}-hint", self.id));
        }
        if !self.wrong.is_empty() {
            ids.push(format!("{}-wrong", self.id));
        }
        ids.join(" ")
    }
}
