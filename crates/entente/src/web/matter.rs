//! The parts of a case that only some procedures have: a text with its versions, a plan, steps, property, care.
//!
//! Owns what is shown of each and in which order. Must not judge anything, nor know how the parts look (templates).

use domain::act::{ActKind, Deed};
use domain::asset::{Heading, Movement};
use domain::case::{Case, RetractionKind, Version};
use domain::content::FieldValue;
use domain::ids::{Hash32, OfficeId, PartyId, TypeCode};
use domain::instrument::{ProcedureKind, Step, StepBy};
use domain::menu::Menu;
use domain::procedure::Side;
use domain::text::Prose;
use jiff::Timestamp;
use jiff::civil::Date;
use node::Onward;
use node::view::{ActLine, CaseFile, Measure, MeasureTask, StepLine, StepState};

use super::diff::{Piece, diff};
use super::page::Page;
use super::rounds::marked;
use super::said::{Said, Worded};
use crate::i18n::Tongue;

/// One version of the text.
pub struct VersionShown {
    /// Its number, from 1.
    pub number: u32,
    /// Whose it is.
    pub by: PartyId,
    /// When it was laid on the table.
    pub at: Timestamp,
    /// What changed, in its author's words.
    pub note: Option<Prose>,
    /// The text in every language, what changed since the version before marked.
    pub columns: Said,
    /// Whether anything is marked.
    pub marked: bool,
    /// What is signed.
    pub sha256: Hash32,
    /// Each side, and when it signed this version.
    pub signed: Vec<(PartyId, Option<Timestamp>)>,
    /// Whether both have.
    pub agreed: bool,
}

/// What both sides authorised.
pub struct Plan {
    /// From and to, as first planned.
    pub period: Option<(Timestamp, Timestamp)>,
    /// The later last day both have named.
    pub until: Option<Date>,
    /// A later day one side has named and the other has not.
    pub named: Vec<(PartyId, Date)>,
    /// Each side, with its authorisation.
    pub authorised: Vec<(PartyId, Option<Dated>)>,
    /// Who stopped it, when and why.
    pub stopped: Option<(PartyId, Dated)>,
}

/// Words with who said them and when.
pub struct Dated {
    /// When.
    pub at: Timestamp,
    /// By which office.
    pub office: OfficeId,
    /// The words.
    pub words: Prose,
}

/// One property in the ledger.
pub struct AssetRow {
    /// Its name.
    pub name: String,
    /// Who holds it.
    pub holder: PartyId,
    /// The amounts, a heading each.
    pub sums: Vec<String>,
    /// Everything that ever entered.
    pub total: String,
    /// The currency.
    pub currency: String,
}

/// The ledger of property as a table.
pub struct Ledger {
    /// The headings that hold something, in order.
    pub headings: Vec<Heading>,
    /// The properties.
    pub rows: Vec<AssetRow>,
    /// The balance, a line a currency.
    pub balance: Vec<AssetRow>,
}

impl VersionShown {
    /// Whether nobody has signed it yet, so that its hash stands nowhere else.
    #[must_use]
    pub fn is_unsigned(&self) -> bool {
        self.signed.iter().all(|(_, at)| at.is_none())
    }
}

impl Page {
    /// Every version of the text, the one on the table first.
    #[must_use]
    pub fn versions(&self, file: &CaseFile) -> Vec<VersionShown> {
        let case = &file.dossier.case;
        let mut before: Option<&Version> = None;
        let mut shown = Vec::new();
        for (number, version) in (1..).zip(&case.talk.versions) {
            let agreed = version.signed.len() == 2;
            let columns = self.text_columns(&version.text, before.map(|before| &before.text));
            let signed = |side: Side| {
                let party = case.party(side).clone();
                let at = if version.signed.contains(&side) { signed_at(file, &party, number) } else { None };
                (party, at)
            };
            shown.push(VersionShown {
                number,
                by: case.party(version.by).clone(),
                at: version.at,
                note: version.note.clone(),
                marked: before.is_some_and(|before| before.text.texts != version.text.texts),
                columns,
                sha256: version.text.digest(),
                signed: vec![signed(Side::Requesting), signed(Side::Requested)],
                agreed,
            });
            before = Some(version);
        }
        shown.reverse();
        shown
    }

    /// A text in every language side by side, what changed since an older one marked.
    #[must_use]
    pub fn text_columns(&self, text: &Prose, older: Option<&Prose>) -> Said {
        let mut said = Said::default();
        for lang in self.instrument().langs() {
            let Some(words) = text.words(lang) else {
                said.open("p", &[("class", "soft")]).text(&self.t("untranslated")).close("p");
                continue;
            };
            said.open("p", &[("lang", Tongue::tag_of(lang))]);
            match older {
                None => marked(&mut said, words, 0, words),
                Some(older) => {
                    let mut at = 0;
                    for piece in diff(older.words(lang).unwrap_or_default(), words) {
                        match &piece {
                            Piece::Same(same) => marked(&mut said, words, at, same),
                            Piece::Gone(gone) => _ = said.open("del", &[]).text(gone).close("del"),
                            Piece::New(new) => {
                                said.open("ins", &[]);
                                marked(&mut said, words, at, new);
                                said.close("ins");
                            }
                        }
                        if let Piece::Same(here) | Piece::New(here) = &piece {
                            at += here.len();
                        }
                    }
                }
            }
            said.close("p");
        }
        said
    }

    /// Whether anything was said about a text.
    #[must_use]
    pub fn has_text(&self, case: &Case) -> bool {
        let talk = &case.talk;
        !(talk.versions.is_empty() && talk.positions.is_empty() && talk.reservations.is_empty())
    }

    /// The plan of something done together, once the other side has joined.
    #[must_use]
    pub fn plan(&self, file: &CaseFile) -> Option<Plan> {
        let case = &file.dossier.case;
        let joined = |line: &ActLine| matches!(line.act.deed, Deed::Accept { .. } | Deed::Authorise { .. });
        if case.procedure != ProcedureKind::Joint || !standing(file).any(joined) {
            return None;
        }
        let said = |line: &ActLine, words: &Prose| Dated {
            at: line.act.at,
            office: line.act.office.clone(),
            words: words.clone(),
        };
        let authorised = [Side::Requesting, Side::Requested].map(|side| {
            let party = case.party(side).clone();
            let found = standing(file).filter(|line| line.act.by == party).filter_map(|line| match &line.act.deed {
                Deed::Authorise { note } => Some(said(line, note)),
                _ => None,
            });
            let last = found.last();
            (party, last)
        });
        let stopped = standing(file).find_map(|line| match &line.act.deed {
            Deed::Abort { reason } => Some((line.act.by.clone(), said(line, reason))),
            _ => None,
        });
        let intervals = case.rule(self.instrument()).into_iter().flat_map(|rule| &rule.fields);
        let period = intervals.filter_map(|field| case.request.fields.get(&field.id)).find_map(|value| match value {
            FieldValue::Interval { from, to } => Some((*from, *to)),
            _ => None,
        });
        let named = case.period.named.iter().map(|(side, day)| (case.party(*side).clone(), *day));
        Some(Plan { period, until: case.period.until, named: named.collect(), authorised: authorised.into(), stopped })
    }

    /// The code of how a step stands, for its class.
    #[must_use]
    pub fn step_class(&self, line: &StepLine) -> &'static str {
        match line.state {
            StepState::Done => "done",
            StepState::Next => "now",
            StepState::Ahead => "ahead",
            StepState::Passed => "passed",
        }
    }

    /// How a step stands, in words.
    #[must_use]
    pub fn step_state(&self, line: &StepLine) -> String {
        self.t(&format!("step-{}", self.step_class(line)))
    }

    /// Whether a step stands beside the one before it as its alternative.
    #[must_use]
    pub fn is_alternative(&self, steps: &[StepLine], at: usize) -> bool {
        let choice = |at: usize| steps.get(at).and_then(|line| line.step.choice.as_ref());
        at > 0 && choice(at).is_some() && choice(at) == choice(at - 1)
    }

    /// How many items of a step are recorded, of how many.
    #[must_use]
    pub fn step_count(&self, line: &StepLine) -> String {
        let done = line.items.iter().filter(|(_, word)| word.is_some()).count();
        self.t2("step-count", "done", done, "all", line.items.len())
    }

    /// The Party whose side records a step; `None` when either may.
    #[must_use]
    pub fn step_party(&self, case: &Case, step: &Step) -> Option<PartyId> {
        match step.by {
            StepBy::Requesting => Some(case.requesting.clone()),
            StepBy::Requested => Some(case.requested.clone()),
            StepBy::Either => None,
        }
    }

    /// A step's name by its code.
    #[must_use]
    pub fn step_called(&self, case: &Case, code: &str) -> String {
        self.step_of_type(&case.type_code, code)
    }

    /// A step's name by its type and code.
    #[must_use]
    pub fn step_of_type(&self, type_code: &TypeCode, code: &str) -> String {
        let step = self.rule(type_code).and_then(|rule| rule.step(code));
        step.map_or_else(|| code.to_owned(), |step| self.text(&step.name))
    }

    /// The tone of a measure: the nearer its end, the louder.
    #[must_use]
    pub fn measure_class(&self, measure: &Measure) -> &'static str {
        match measure.alarm {
            0 => "ok",
            1 => "warn",
            2 => "warn strong",
            _ => "late strong",
        }
    }

    /// What is left of a measure, in words.
    #[must_use]
    pub fn measure_left(&self, measure: &Measure) -> String {
        match (measure.over, measure.left_wd) {
            (true, _) => self.t("measure-over"),
            (false, 0) => self.t("measure-last-day"),
            (false, left) => self.t1("measure-left", "n", left),
        }
    }

    /// Where a measure that runs out is seen to: the form of the next step for who may record it, else the case.
    #[must_use]
    pub fn measure_href(&self, task: &MeasureTask) -> String {
        match (task.yours, task.next.is_empty()) {
            (true, false) => format!("/cases/{}/do/{}", task.case, ActKind::Record.code()),
            _ => format!("/cases/{}", task.case),
        }
    }

    /// What may be done about it, and by whom; nothing while no step of this office's is open.
    #[must_use]
    pub fn measure_next(&self, task: &MeasureTask) -> String {
        let steps: Vec<String> = task.next.iter().map(|code| self.step_of_type(&task.type_code, code)).collect();
        if steps.is_empty() {
            return String::new();
        }
        let steps = self.t1("measure-next", "steps", steps.join(" · "));
        if task.yours { steps } else { format!("{steps} · {}", self.t1("next-role", "role", self.roles(&task.roles))) }
    }

    /// The ledger of property as a table; `None` when there is none.
    #[must_use]
    pub fn property(&self, case: &Case) -> Option<Ledger> {
        let all: Vec<_> = case.assets.properties().collect();
        if all.is_empty() {
            return None;
        }
        let holds = |heading: &Heading| all.iter().any(|(_, one)| !one.sum(*heading).is_zero());
        let headings: Vec<Heading> = Heading::ALL.iter().map(|(heading, _)| *heading).filter(holds).collect();
        // Amounts of a currency are written with as many places as the finest of them has, so that the points align.
        let places = |currency: &str| {
            let own = all.iter().filter(|(_, one)| one.currency == currency);
            let sums = own.flat_map(|(_, one)| Heading::ALL.iter().map(|(heading, _)| one.sum(*heading).scale()));
            usize::try_from(sums.max().unwrap_or(0)).unwrap_or(0)
        };
        let amount = |exact: String| grouped(&exact);
        let rows = all.iter().map(|(name, one)| {
            let wide = places(&one.currency);
            AssetRow {
                name: (*name).to_owned(),
                holder: case.party(one.holder).clone(),
                sums: headings.iter().map(|heading| amount(format!("{:.wide$}", one.sum(*heading)))).collect(),
                total: amount(format!("{:.wide$}", one.total())),
                currency: one.currency.clone(),
            }
        });
        let mut currencies: Vec<&str> = all.iter().map(|(_, one)| one.currency.as_str()).collect();
        currencies.sort_unstable();
        currencies.dedup();
        let balance = currencies.into_iter().map(|currency| {
            let wide = places(currency);
            let own = || all.iter().map(|(_, one)| one).filter(|one| one.currency == currency);
            let sum = |heading: &Heading| {
                let mut sums = own().map(|one| one.sum(*heading));
                let first = sums.next().unwrap_or_default();
                sums.fold(first, |sum, more| sum + more)
            };
            let mut totals = own().map(|one| one.total());
            let first = totals.next().unwrap_or_default();
            let total = totals.fold(first, |sum, more| sum + more);
            AssetRow {
                name: String::new(),
                holder: case.requested.clone(),
                sums: headings.iter().map(|heading| amount(format!("{:.wide$}", sum(heading)))).collect(),
                total: amount(format!("{total:.wide$}")),
                currency: currency.to_owned(),
            }
        });
        Some(Ledger { rows: rows.collect(), balance: balance.collect(), headings })
    }

    /// Where property came from or went on to, with a link to that case.
    #[must_use]
    pub fn onward(&self, key: &str, one: &Onward) -> String {
        let plain = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let case = format!("<a href=\"/cases/{0}\">{0}</a>", one.case);
        let (asset, sum) = (plain(&one.asset), self.amount(&one.amount));
        self.tongue.with(key, &[("asset", &asset), ("sum", &sum), ("case", &case)])
    }

    /// A heading of the ledger.
    #[must_use]
    pub fn heading(&self, heading: &Heading) -> String {
        self.t(&format!("heading-{}", heading.code()))
    }

    /// What happened to property.
    #[must_use]
    pub fn movement(&self, movement: &Movement) -> String {
        self.t(&format!("movement-{}", movement.code()))
    }

    /// An amount with its thousands parted.
    #[must_use]
    pub fn amount(&self, money: &domain::asset::Money) -> String {
        format!("{} {}", grouped(&money.amount()), money.currency())
    }

    /// The Party across from a side.
    #[must_use]
    pub fn other_party(&self, case: &Case, side: &Side) -> PartyId {
        case.party(side.other()).clone()
    }

    /// Whether a case keeps anything for what was handed over, or for the route it took.
    #[must_use]
    pub fn has_care(&self, case: &Case) -> bool {
        let care = &case.care;
        let none = care.undertakings.is_empty()
            && care.consents.is_empty()
            && care.forwards.is_empty()
            && care.retractions.is_empty()
            && care.deletions.is_empty();
        !(none && case.norms.is_empty() && case.contacts.is_empty())
    }

    /// To what consent is sought.
    #[must_use]
    pub fn consent(&self, kind: &domain::act::ConsentKind) -> String {
        self.t(&format!("consent-{}", kind.code()))
    }

    /// Taken back, or put right: said of which act.
    #[must_use]
    pub fn retraction(&self, kind: &RetractionKind, seq: &u64) -> String {
        let key = match kind {
            RetractionKind::Recall => "care-recall",
            RetractionKind::Correction => "care-correction",
        };
        self.t1(key, "n", seq)
    }

    /// A norm's words.
    #[must_use]
    pub fn norm(&self, id: &str) -> String {
        let norm = self.instrument().norms().iter().find(|norm| norm.id == id);
        norm.map(|norm| self.text(&norm.text)).unwrap_or_default()
    }
}

/// The acts that had effect, in order.
fn standing(file: &CaseFile) -> impl Iterator<Item = &ActLine> {
    file.acts.iter().filter(|line| line.recorded.moot.is_none())
}

/// When a side signed a version.
fn signed_at(file: &CaseFile, party: &PartyId, number: u32) -> Option<Timestamp> {
    let own = standing(file).filter(|line| line.act.by == *party);
    own.filter(|line| matches!(line.act.deed, Deed::SignText { version, .. } if version == number))
        .map(|line| line.act.at)
        .last()
}

/// Digits with their thousands parted, and a dash for nothing.
fn grouped(exact: &str) -> String {
    let (whole, rest) = exact.split_once('.').map_or((exact, ""), |(whole, rest)| (whole, rest));
    if exact.bytes().all(|b| matches!(b, b'0' | b'.')) {
        return "–".to_owned();
    }
    let mut parted = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            parted.push(',');
        }
        parted.push(digit);
    }
    if rest.is_empty() { parted } else { format!("{parted}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn amounts_part_their_thousands_and_keep_every_digit() {
        let cases = [("0", "–"), ("0.00", "–"), ("0.05", "0.05"), ("999", "999"), ("1250.50", "1,250.50")];
        for (exact, shown) in cases.into_iter().chain([("1234567890.1234", "1,234,567,890.1234")]) {
            assert_eq!(grouped(exact), shown);
        }
    }
}
