//! The typesetter: paragraphs, columns, tables and bars on pages of A4, written as PDF.
//!
//! Owns lines, pages and drawing. Lines break by Unicode's rules (UAX 14), so that Chinese breaks between characters and
//! no line begins with a comma; a character the font lacks is shown by its number, never dropped. The same words in the
//! same fonts are the same bytes: there is no clock in it. Letters stand side by side as the font measures them, without
//! kerning, and scripts whose letters join are not shaped. Must not know what is written (`report`).

mod fonts;
pub mod report;

use std::collections::BTreeSet;

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::text::{GlyphId, KrillaGlyph};
use unicode_linebreak::{BreakOpportunity, linebreaks};

use fonts::Measured;
pub use fonts::{Fonts, NoFont};

/// Width and height of A4, in points.
const A4: (f32, f32) = (595.0, 842.0);
/// Blank at the left and right, and at the top.
const MARGIN: f32 = 46.0;
/// Where the text of a page ends; the foot stands below.
const BOTTOM: f32 = 778.0;
/// Width of the text.
const WIDTH: f32 = A4.0 - 2.0 * MARGIN;
/// Most pages of a paper: a report of every type and clause takes thirty.
const PAGES_MAX: usize = 2_000;
/// Height of a line, of its size.
const LEADING: f32 = 1.42;

/// A colour as red, green, blue.
type Ink = (u8, u8, u8);

/// Text.
const BLACK: Ink = (28, 28, 30);
/// What explains.
const GREY: Ink = (105, 103, 98);
/// Hairlines.
const HAIR: Ink = (190, 186, 178);

/// How a paragraph looks.
#[derive(Debug, Clone, Copy)]
struct Style {
    size: f32,
    bold: bool,
    ink: Ink,
}

/// What stands in one place of a row: paragraphs, and a bar under them.
#[derive(Debug, Clone, Default)]
struct Cell {
    left: f32,
    width: f32,
    words: Vec<(String, Style)>,
    /// Parts of a bar: left edge and width as parts of the cell's, colour.
    bar: Vec<(f32, f32, Ink)>,
}

/// One thing on a page.
enum Mark {
    Words { x: f32, y: f32, text: String, style: Style },
    Block { x: f32, y: f32, width: f32, height: f32, ink: Ink },
}

/// A paper being set.
struct Paper<'f> {
    faces: [Measured<'f>; 2],
    pages: Vec<Vec<Mark>>,
    y: f32,
    /// The head of the table that runs, set again on each page.
    head: Vec<Cell>,
    lacking: BTreeSet<char>,
}

impl<'f> Paper<'f> {
    fn new(faces: [Measured<'f>; 2]) -> Self {
        Self { faces, pages: vec![Vec::new()], y: MARGIN, head: Vec::new(), lacking: BTreeSet::new() }
    }

    /// Goes on a new page when less than `height` is left.
    fn room(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > MARGIN && self.pages.len() < PAGES_MAX {
            self.pages.push(Vec::new());
            self.y = MARGIN;
            let head = std::mem::take(&mut self.head);
            if !head.is_empty() {
                self.row(&head);
                self.rule();
            }
            self.head = head;
        }
    }

    fn space(&mut self, height: f32) {
        self.y += height;
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// A hairline across the page.
    fn rule(&mut self) {
        let (y, x) = (self.y, MARGIN);
        self.mark(Mark::Block { x, y, width: WIDTH, height: 0.5, ink: HAIR });
        self.y += 4.0;
    }

    /// A row: its cells stand side by side. It stays on one page where it fits on one, else it goes on line by line.
    fn row(&mut self, cells: &[Cell]) {
        let mut set: Vec<(usize, Vec<(String, Style)>)> = Vec::new();
        for (place, cell) in cells.iter().enumerate() {
            let mut lines = Vec::new();
            for (words, style) in &cell.words {
                lines.extend(self.lines(words, *style, cell.width).into_iter().map(|line| (line, *style)));
            }
            set.push((place, lines));
        }
        let bars = if cells.iter().any(|cell| !cell.bar.is_empty()) { 7.0 } else { 0.0 };
        let tall = |lines: &[(String, Style)]| lines.iter().map(|(_, style)| style.size * LEADING).sum::<f32>();
        let height = set.iter().map(|(_, lines)| tall(lines)).fold(0.0, f32::max) + bars;
        if height < (BOTTOM - MARGIN) / 2.0 {
            self.room(height);
        }
        let most = set.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
        for number in 0..most {
            let step = set.iter().filter_map(|(_, lines)| lines.get(number)).map(|(_, style)| style.size * LEADING);
            let step = step.fold(0.0, f32::max);
            self.room(step);
            for (place, lines) in &set {
                let (Some((text, style)), Some(cell)) = (lines.get(number), cells.get(*place)) else { continue };
                let (x, y) = (MARGIN + cell.left, self.y + style.size * 1.08);
                self.mark(Mark::Words { x, y, text: text.clone(), style: *style });
            }
            self.y += step;
        }
        if bars > 0.0 {
            for cell in cells {
                for (left, width, ink) in &cell.bar {
                    let (x, y) = (MARGIN + cell.left + left * cell.width, self.y + 1.0);
                    self.mark(Mark::Block { x, y, width: (width * cell.width).max(0.6), height: 3.6, ink: *ink });
                }
            }
            self.y += bars;
        }
    }

    /// A row of one line whose bars stand beside its words and not under them.
    fn beside(&mut self, cells: &[Cell]) {
        let step = 10.4;
        self.room(step);
        for cell in cells {
            for (text, style) in &cell.words {
                let (x, y, text) = (MARGIN + cell.left, self.y + style.size, self.shown(text, *style));
                self.mark(Mark::Words { x, y, text, style: *style });
            }
            for (left, width, ink) in &cell.bar {
                let (x, y) = (MARGIN + cell.left + left * cell.width, self.y + 1.6);
                self.mark(Mark::Block { x, y, width: (width * cell.width).max(0.6), height: 6.6, ink: *ink });
            }
        }
        self.y += step;
    }

    /// Breaks a paragraph into lines of a width. What cannot be shown is put as its number first.
    fn lines(&mut self, words: &str, style: Style, width: f32) -> Vec<String> {
        let words = self.shown(words, style);
        let (mut lines, mut line, mut at) = (Vec::new(), String::new(), 0);
        for (end, kind) in linebreaks(&words) {
            let Some(piece) = words.get(at..end) else { continue };
            at = end;
            let piece = piece.trim_end_matches('\n');
            if !line.is_empty() && self.wide(&format!("{line}{}", piece.trim_end()), style) > width {
                lines.push(std::mem::take(&mut line));
            }
            // What has no place to break and is wider than the column is cut where it must be.
            for letter in piece.chars() {
                let tried = format!("{line}{letter}");
                if !line.is_empty() && letter != ' ' && self.wide(&tried, style) > width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(letter);
            }
            if kind == BreakOpportunity::Mandatory {
                lines.push(std::mem::take(&mut line));
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines.iter().map(|line| line.trim_end().to_owned()).collect()
    }

    fn shown(&mut self, words: &str, style: Style) -> String {
        let mut shown = String::with_capacity(words.len());
        for letter in words.chars() {
            match letter {
                '\n' => shown.push('\n'),
                '\r' => {}
                '\t' | '\u{a0}' => shown.push(' '),
                _ if !letter.is_control() && self.face(style).glyph(letter).is_some() => shown.push(letter),
                _ => {
                    self.lacking.insert(letter);
                    shown.push_str(&format!("[U+{:04X}]", u32::from(letter)));
                }
            }
        }
        shown
    }

    fn wide(&self, words: &str, style: Style) -> f32 {
        let face = self.face(style);
        words.chars().map(|letter| face.glyph(letter).map_or(0.0, |(_, width)| width) * style.size).sum()
    }

    fn face(&self, style: Style) -> &Measured<'f> {
        let [regular, bold] = &self.faces;
        if style.bold { bold } else { regular }
    }

    /// Writes the pages down; `foot` stands under each, with its number and how many there are.
    fn finish(self, title: &str, language: &str, foot: &str) -> Vec<u8> {
        let mut document = Document::new();
        let creator = concat!("entente ", env!("CARGO_PKG_VERSION")).to_owned();
        document.set_metadata(Metadata::new().title(title.to_owned()).language(language.to_owned()).creator(creator));
        let (count, style) = (self.pages.len(), Style { size: 6.8, bold: false, ink: GREY });
        let settings = PageSettings::from_wh(A4.0, A4.1).expect("a width and a height above nothing make a page");
        for (number, marks) in (1_usize..).zip(&self.pages) {
            let mut page = document.start_page_with(settings.clone());
            let mut surface = page.surface();
            let of = format!("{number} / {count}");
            let right = A4.0 - MARGIN - self.wide(&of, style);
            let foot = [(MARGIN, foot), (right, of.as_str())];
            let foot = foot.map(|(x, text)| Mark::Words { x, y: 806.0, text: text.to_owned(), style });
            for mark in marks.iter().chain(&foot) {
                self.draw(&mut surface, mark);
            }
            surface.finish();
            page.finish();
        }
        document.finish().expect("without a profile to keep to, only a font that was read and measured could fail")
    }

    fn draw(&self, surface: &mut krilla::surface::Surface<'_>, mark: &Mark) {
        let fill = |(red, green, blue): Ink| {
            Some(Fill {
                paint: rgb::Color::new(red, green, blue).into(),
                opacity: NormalizedF32::ONE,
                ..Fill::default()
            })
        };
        match mark {
            Mark::Words { x, y, text, style } => {
                let face = self.face(*style);
                let glyphs: Vec<KrillaGlyph> = text
                    .char_indices()
                    .filter_map(|(at, letter)| {
                        let (glyph, width) = face.glyph(letter)?;
                        let range = at..at + letter.len_utf8();
                        Some(KrillaGlyph::new(GlyphId::new(glyph), width, 0.0, 0.0, 0.0, range, None))
                    })
                    .collect();
                surface.set_fill(fill(style.ink));
                surface.draw_glyphs(Point::from_xy(*x, *y), &glyphs, face.font.clone(), text, style.size, false);
            }
            Mark::Block { x, y, width, height, ink } => {
                let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) else { return };
                let mut path = PathBuilder::new();
                path.push_rect(rect);
                if let Some(path) = path.finish() {
                    surface.set_fill(fill(*ink));
                    surface.draw_path(&path);
                }
            }
        }
    }
}
