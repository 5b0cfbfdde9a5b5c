//! The progress report on paper: every language of the instrument side by side, tables, bars, clause by clause.
//!
//! Owns what stands where. Must not count (`domain::report`), nor decide what may leave the two Parties: it sets what it
//! is given.

use std::collections::{BTreeMap, BTreeSet};

use domain::account::{Among, Count, Figure, Measure, Value};
use domain::act::Ground;
use domain::ids::{CaseId, PartyId};
use domain::menu::Menu as _;
use domain::report::{Report, ReportLine};
use jiff::Timestamp;

use super::{BLACK, Cell, Fonts, GREY, Ink, Paper, Style, WIDTH};
use crate::i18n::Tongue;
use crate::web::Page;

/// Blank between two columns.
const GAP: f32 = 12.0;
/// The colour of each Party's bars, in the order of the instrument, and of what is left of them.
const SIDES: &[Ink] = &[(43, 76, 126), (154, 59, 38)];
const REST: Ink = (226, 222, 214);

/// The colour of how a matter was settled; what is open comes last.
const OUTCOMES: &[(&str, Ink)] = &[
    ("answered", (46, 106, 79)),
    ("answered-in-part", (120, 168, 132)),
    ("signed", (43, 76, 126)),
    ("concluded", (122, 146, 182)),
    ("refused", (154, 59, 38)),
    ("not-executable", (204, 138, 112)),
    ("withdrawn", (132, 112, 60)),
    ("lapsed", (190, 168, 104)),
    ("aborted", (96, 72, 110)),
    (PENDING, (200, 198, 192)),
];
const PENDING: &str = "pending";

const TITLE: Style = Style { size: 19.0, bold: true, ink: BLACK };
const HEAD: Style = Style { size: 11.5, bold: true, ink: BLACK };
const TEXT: Style = Style { size: 8.6, bold: false, ink: BLACK };
const SMALL: Style = Style { size: 7.4, bold: false, ink: BLACK };
const STRONG: Style = Style { size: 7.4, bold: true, ink: BLACK };
const SOFT: Style = Style { size: 7.2, bold: false, ink: GREY };

/// A signature under a report.
#[derive(Debug, Clone)]
pub struct Signature {
    /// Whose.
    pub party: PartyId,
    /// Who signed.
    pub name: String,
    /// When.
    pub at: Timestamp,
}

/// What a paper tells of a report besides its figures.
pub struct Adopted {
    /// The case that proposes it.
    pub case: CaseId,
    /// Who signed there.
    pub signatures: Vec<Signature>,
}

/// Sets a report. `None` never happens with fonts that were read.
#[must_use]
pub fn set(
    page: &Page,
    fonts: &Fonts,
    line: &ReportLine,
    report: &Report,
    exercise: bool,
    adopted: Option<&Adopted>,
) -> Option<Vec<u8>> {
    let langs = page.instrument().langs().iter().filter_map(|lang| Tongue::from_code(lang.as_str()));
    // The reader's own language first.
    let mut tongues: Vec<Tongue> = langs.filter(|tongue| *tongue != page.tongue).collect();
    tongues.insert(0, page.tongue);
    let pages = tongues.iter().map(|tongue| page.in_language(*tongue)).collect();
    let mut sheet = Sheet { paper: Paper::new(fonts.measured()?), pages };
    sheet.front(line, exercise, adopted);
    sheet.outcomes(report);
    sheet.balance(report);
    sheet.clauses(report);
    sheet.lacking();
    let title = format!("{} {} – {}", sheet.joint(" · ", |page| page.t("report-title")), line.first, line.last);
    let foot = format!("{}   sha256:{}", sheet.joint(" · ", |page| page.t("report-title")), line.sha256);
    Some(sheet.paper.finish(&title, page.tongue.tag(), &foot))
}

/// The paper with a page of words in each language.
struct Sheet<'f> {
    paper: Paper<'f>,
    pages: Vec<Page>,
}

impl Sheet<'_> {
    /// The same words in each language, side by side.
    fn twin(&mut self, style: Style, say: impl Fn(&Page) -> String) {
        let width = share(WIDTH, self.pages.len());
        let lefts = (0_u8..).map(|place| f32::from(place) * (width + GAP));
        let cells: Vec<Cell> = self
            .pages
            .iter()
            .zip(lefts)
            .map(|(page, left)| Cell { left, width, words: vec![(say(page), style)], bar: Vec::new() })
            .collect();
        self.paper.row(&cells);
    }

    /// The same words in each language, one under the other; once, where they are the same.
    fn each(&self, style: Style, say: impl Fn(&Page) -> String) -> Vec<(String, Style)> {
        let mut words: Vec<(String, Style)> = Vec::new();
        for said in self.pages.iter().map(say) {
            if !words.iter().any(|(known, _)| *known == said) {
                words.push((said, if words.is_empty() { style } else { Style { bold: false, ..style } }));
            }
        }
        words
    }

    fn joint(&self, by: &str, say: impl Fn(&Page) -> String) -> String {
        self.each(SMALL, say).into_iter().map(|(words, _)| words).collect::<Vec<_>>().join(by)
    }

    fn heading(&mut self, key: &str) {
        self.paper.head.clear();
        self.paper.space(12.0);
        self.paper.room(80.0);
        self.twin(HEAD, |page| page.t(key));
        self.paper.space(3.0);
    }

    /// Begins a table: its head is set again on every page it runs over.
    fn table(&mut self, head: Vec<Cell>) {
        self.paper.row(&head);
        self.paper.rule();
        self.paper.head = head;
    }

    fn front(&mut self, line: &ReportLine, exercise: bool, adopted: Option<&Adopted>) {
        self.twin(TITLE, |page| page.t("report-title"));
        self.twin(Style { size: 10.0, ..TEXT }, |page| page.text(page.instrument().title()));
        self.paper.space(4.0);
        self.twin(TEXT, |page| page.t2("report-of", "first", page.date(&line.first), "last", page.date(&line.last)));
        if exercise {
            self.twin(Style { bold: true, ..TEXT }, |page| page.t("report-exercise"));
        }
        self.paper.space(6.0);
        self.paper.rule();
        self.twin(STRONG, |page| page.t("report-line"));
        let whole = Cell { left: 0.0, width: WIDTH, words: vec![(line.to_string(), TEXT)], bar: Vec::new() };
        self.paper.row(&[whole]);
        self.twin(SOFT, |page| page.t("report-line-help"));
        self.paper.space(4.0);
        match adopted {
            None => self.twin(STRONG, |page| page.t("report-paper-unsigned")),
            Some(Adopted { case, signatures }) if signatures.is_empty() => {
                self.twin(STRONG, |page| page.t1("report-paper-proposed", "case", case));
            }
            Some(Adopted { case, signatures }) => {
                self.twin(STRONG, |page| page.t1("report-paper-signatures", "case", case));
                for Signature { party, name, at } in signatures {
                    self.twin(TEXT, |page| format!("{} · {name} · {at}", page.party_name(party)));
                }
            }
        }
        self.paper.space(2.0);
        self.paper.rule();
    }

    fn outcomes(&mut self, report: &Report) {
        self.heading("report-outcomes");
        if report.outcomes.is_empty() {
            return self.twin(TEXT, |page| page.t("report-none"));
        }
        let spots = spots(&[2.5, 1.1, 0.7, 2.4, 1.3, 0.8, 1.5, 1.0]);
        let keys = [
            "report-type",
            "report-asked-by",
            "report-made",
            "report-settled",
            "report-refused",
            "report-pending",
            "report-time",
            "report-longest",
        ];
        let head = keys.iter().zip(&spots).map(|(key, spot)| cell(*spot, self.each(STRONG, |page| page.t(key))));
        let head = head.collect();
        self.table(head);
        let (settled, grounds) = (counted(Count::Outcomes), counted(Count::Grounds));
        let mut used: BTreeSet<String> = BTreeSet::new();
        for row in &report.outcomes {
            for (number, (party, fared)) in row.by_direction.iter().enumerate() {
                if let Value::Tally { counts } = &fared.refused {
                    used.extend(counts.keys().cloned());
                }
                let mut name = vec![(row.type_code.to_string(), STRONG)];
                name.extend(self.each(SOFT, |page| page.type_name(&row.type_code)));
                let figure = |value: &Value, of: &Figure| self.each(SMALL, |page| bare(page, of, value));
                let words = [
                    if number == 0 { name } else { Vec::new() },
                    self.each(SMALL, |page| page.party(party)),
                    figure(&fared.made, &settled),
                    figure(&fared.settled, &settled),
                    figure(&fared.refused, &grounds),
                    figure(&fared.pending, &settled),
                    figure(&fared.time, &settled),
                    self.each(SMALL, |page| fared.longest_s.map_or_else(dash, |s| page.lasting(s))),
                ];
                let cells: Vec<Cell> = words.into_iter().zip(&spots).map(|(words, spot)| cell(*spot, words)).collect();
                self.paper.row(&cells);
                self.paper.space(1.5);
            }
            self.paper.rule();
        }
        self.paper.head.clear();
        for code in &used {
            let Some(ground) = Ground::from_code(code) else { continue };
            self.twin(SOFT, |page| page.ground(&ground));
        }
        self.chart(report);
    }

    /// What was settled and what is open, type by type, as bars of one scale.
    fn chart(&mut self, report: &Report) {
        self.heading("report-chart");
        let parts = |fared: &domain::account::Fared| {
            let settled = match &fared.settled {
                Value::Tally { counts } => counts.clone(),
                _ => BTreeMap::new(),
            };
            let pending = if let Value::Number(number) = fared.pending { number } else { 0 };
            let of = |code: &str| if code == PENDING { pending } else { settled.get(code).copied().unwrap_or(0) };
            OUTCOMES.iter().map(|(code, ink)| (of(code), *ink)).filter(|(number, _)| *number > 0).collect::<Vec<_>>()
        };
        let whole = |parts: &[(u64, Ink)]| parts.iter().map(|(number, _)| number).sum::<u64>();
        let fared = || report.outcomes.iter().flat_map(|row| row.by_direction.values());
        let most = fared().map(|fared| whole(&parts(fared))).max().unwrap_or(0).max(1);
        // The colours first: what each stands for.
        let keys: Vec<Cell> = OUTCOMES
            .iter()
            .zip(spots(&[1.0; 10]))
            .map(|((code, ink), spot)| {
                let key = if *code == PENDING { "report-pending".to_owned() } else { format!("outcome-{code}") };
                Cell { bar: vec![(0.0, 1.0, *ink)], ..cell(spot, self.each(SOFT, |page| page.t(&key))) }
            })
            .collect();
        for half in keys.chunks(5) {
            let spots = spots(&[1.0; 5]);
            let cells: Vec<Cell> = half
                .iter()
                .zip(&spots)
                .map(|(key, (left, width))| Cell { left: *left, width: *width, ..key.clone() })
                .collect();
            self.paper.row(&cells);
            self.paper.space(2.0);
        }
        self.paper.space(4.0);
        let spots = spots(&[1.6, 8.0, 0.6]);
        for row in &report.outcomes {
            for (party, fared) in &row.by_direction {
                let parts = parts(fared);
                let sum = whole(&parts);
                let mut left = 0.0;
                let bar = parts.iter().map(|(number, ink)| {
                    let width = ratio(*number, most);
                    left += width;
                    (left - width, width, *ink)
                });
                let bar = bar.collect();
                let label = format!("{} {}", row.type_code, party);
                let number = if sum == 0 { dash() } else { sum.to_string() };
                let cells = [
                    cell(spots[0], vec![(label, SMALL)]),
                    Cell { bar, ..cell(spots[1], Vec::new()) },
                    cell(spots[2], vec![(number, SMALL)]),
                ];
                self.paper.beside(&cells);
            }
        }
    }

    /// The shares of both directions beside each other.
    fn balance(&mut self, report: &Report) {
        let shares: Vec<(&str, Vec<&Figure>)> = report
            .account
            .clauses
            .iter()
            .map(|one| (one.clause.as_str(), one.figures.iter().filter(|figure| apart(figure).is_some()).collect()))
            .collect();
        if shares.iter().all(|(_, figures)| figures.is_empty()) {
            return;
        }
        self.heading("report-balance");
        self.twin(SOFT, |page| page.t("report-balance-lead"));
        self.paper.space(4.0);
        let parties: Vec<PartyId> = self.pages[0].parties().iter().map(|party| party.id.clone()).collect();
        let mut widths = vec![0.8, 2.6];
        widths.extend(parties.iter().map(|_| 2.2));
        widths.push(0.8);
        let spots = spots(&widths);
        let mut words =
            vec![self.each(STRONG, |page| page.t("clause")), self.each(STRONG, |page| page.t("progress-counted"))];
        words.extend(
            parties.iter().map(|party| self.each(STRONG, |page| page.t1("progress-by", "party", page.party(party)))),
        );
        words.push(self.each(STRONG, |page| page.t("report-difference")));
        self.table(words.into_iter().zip(&spots).map(|(words, spot)| cell(*spot, words)).collect());
        for (clause, figures) in shares {
            for figure in figures {
                let mut cells =
                    vec![cell(spots[0], vec![(clause.to_owned(), STRONG)]), self.measure(spots[1], clause, figure)];
                cells.extend(self.values(&parties, figure, &spots[2..]));
                let apart = apart(figure).map_or_else(dash, |apart| format!("{apart} %"));
                cells.extend(spots.last().map(|spot| cell(*spot, vec![(apart, SMALL)])));
                self.paper.row(&cells);
                self.paper.rule();
            }
        }
        self.paper.head.clear();
    }

    fn clauses(&mut self, report: &Report) {
        self.heading("report-clauses");
        let parties: Vec<PartyId> = self.pages[0].parties().iter().map(|party| party.id.clone()).collect();
        let mut widths = vec![2.6];
        widths.extend(parties.iter().map(|_| 2.4));
        let spots = spots(&widths);
        for one in &report.account.clauses {
            let Some(clause) = self.pages[0].instrument().clause(&one.clause).cloned() else { continue };
            self.paper.room(96.0);
            self.paper.rule();
            self.twin(TEXT, |page| format!("{}  {}", clause.id, page.text(&clause.text)));
            self.paper.space(3.0);
            let counted = |figure: &&Figure| figure.by_direction.values().any(|value| !value.is_empty());
            let figures: Vec<&Figure> = one.figures.iter().filter(counted).collect();
            if figures.is_empty() {
                self.twin(SOFT, |page| page.t("report-paper-nothing"));
            } else {
                let mut words = vec![self.each(SOFT, |page| page.t("progress-counted"))];
                words.extend(
                    parties
                        .iter()
                        .map(|party| self.each(SOFT, |page| page.t1("progress-by", "party", page.party(party)))),
                );
                let head: Vec<Cell> = words.into_iter().zip(&spots).map(|(words, spot)| cell(*spot, words)).collect();
                self.paper.row(&head);
            }
            for figure in figures {
                let mut cells = vec![self.measure(spots[0], &clause.id, figure)];
                cells.extend(self.values(&parties, figure, &spots[1..]));
                self.paper.row(&cells);
                self.paper.space(2.0);
            }
            self.paper.space(5.0);
        }
    }

    fn measure(&self, spot: (f32, f32), clause: &str, figure: &Figure) -> Cell {
        let clause = self.pages[0].instrument().clause(clause);
        cell(spot, self.each(SMALL, |page| clause.map(|clause| page.measure(clause, figure)).unwrap_or_default()))
    }

    /// A figure of each direction, with a bar where it is a share.
    fn values(&self, parties: &[PartyId], figure: &Figure, spots: &[(f32, f32)]) -> Vec<Cell> {
        let one = |(number, (party, spot)): (usize, (&PartyId, &(f32, f32)))| {
            let value = figure.by_direction.get(party).cloned().unwrap_or(Value::Number(0));
            let bar = match &value {
                Value::Share { part, whole } if *whole > 0 => {
                    let width = ratio(*part, *whole);
                    let ink = SIDES.get(number % SIDES.len()).copied().unwrap_or(GREY);
                    vec![(0.0, 0.9, REST), (0.0, width * 0.9, ink)]
                }
                _ => Vec::new(),
            };
            Cell { bar, ..cell(*spot, self.each(SMALL, |page| page.cell(figure, &value))) }
        };
        parties.iter().zip(spots).enumerate().map(one).collect()
    }

    /// Says which characters the font lacks, if there were any.
    fn lacking(&mut self) {
        if self.paper.lacking.is_empty() {
            return;
        }
        let said = self.paper.lacking.iter().map(|letter| format!("[U+{:04X}]", u32::from(*letter)));
        let said = said.collect::<Vec<_>>().join(" ");
        self.paper.space(10.0);
        self.twin(SOFT, |page| page.t1("report-paper-lacking", "letters", &said));
    }
}

fn dash() -> String {
    "–".to_owned()
}

/// A cell in its spot.
fn cell((left, width): (f32, f32), words: Vec<(String, Style)>) -> Cell {
    Cell { left, width, words, bar: Vec::new() }
}

/// Left edges and widths of columns that share the page by weight.
fn spots(weights: &[f32]) -> Vec<(f32, f32)> {
    let room = WIDTH - GAP * 0.6 * (weights.iter().skip(1).map(|_| 1.0).sum::<f32>());
    let all: f32 = weights.iter().sum();
    let mut left = 0.0;
    let spot = |weight: &f32| {
        let width = room * weight / all;
        left += width + GAP * 0.6;
        (left - width - GAP * 0.6, width)
    };
    weights.iter().map(spot).collect()
}

/// The width of one of so many columns.
fn share(width: f32, columns: usize) -> f32 {
    let columns = f32::from(u8::try_from(columns.max(1)).unwrap_or(u8::MAX));
    (width - GAP * (columns - 1.0)) / columns
}

/// A part of a whole, never more than it.
fn ratio(part: u64, whole: u64) -> f32 {
    let thousandths = part.saturating_mul(1000).checked_div(whole).unwrap_or(0).min(1000);
    f32::from(u16::try_from(thousandths).unwrap_or(1000)) / 1000.0
}

/// A figure of nothing, to say a value of the table of types in the words of a clause's.
fn counted(of: Count) -> Figure {
    Figure { measure: Measure { of, among: Among::All }, by_direction: BTreeMap::new() }
}

/// A value in words; a dash, where there is nothing.
fn bare(page: &Page, of: &Figure, value: &Value) -> String {
    match value {
        Value::Number(_) | Value::Suppressed => page.cell(of, value),
        Value::Spread { count, median_s, .. } if *count > 0 => page.lasting(*median_s),
        _ if value.is_empty() => dash(),
        _ => page.cell(of, value),
    }
}

/// How far the shares of two directions stand apart, in points of a hundred.
fn apart(figure: &Figure) -> Option<u64> {
    let mut shares = figure.by_direction.values().map(|value| match value {
        Value::Share { part, whole } if *whole > 0 => Some(part.saturating_mul(100) / whole),
        _ => None,
    });
    match (shares.next()?, shares.next()?, shares.next()) {
        (Some(one), Some(other), None) => Some(one.abs_diff(other)),
        _ => None,
    }
}
