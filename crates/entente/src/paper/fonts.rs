//! The fonts a paper is set in: those of the system that hold Chinese, or the file a user names.
//!
//! Owns where they are looked for and how a character is measured. Must not know what is written.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use krilla::text::Font;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider};

/// Largest font file read: the collection of Noto Serif CJK in all weights takes 60 MB.
const FONT_BYTES_MAX: u64 = 128 << 20;
/// Most faces looked at in a collection: the largest known hold ten.
const FACES_MAX: u32 = 32;
/// Most folders deep and files seen in looking for fonts.
const FOLDERS_DEEP: usize = 4;
/// Most files looked at: a desk machine with every font of its distribution has fewer.
const FILES_MAX: usize = 20_000;
/// Characters any font must hold to be used: the figures, and the two words that name the page of a report.
const NEEDED: &str = "0123456789ABCabc[]+进展报告";

/// Where systems keep fonts.
const FOLDERS: &[&str] =
    &["/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts", "C:\\Windows\\Fonts"];

/// Files that hold Chinese and Latin, the best first, with the bolder one that goes with each.
const KNOWN: &[(&str, &str)] = &[
    ("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc"),
    ("NotoSerifCJKsc-Regular.otf", "NotoSerifCJKsc-Bold.otf"),
    ("SourceHanSerifSC-Regular.otf", "SourceHanSerifSC-Bold.otf"),
    ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
    ("NotoSansCJKsc-Regular.otf", "NotoSansCJKsc-Bold.otf"),
    ("SourceHanSansSC-Regular.otf", "SourceHanSansSC-Bold.otf"),
    ("Songti.ttc", "Songti.ttc"),
    ("simsun.ttc", "simhei.ttf"),
    ("wqy-zenhei.ttc", "wqy-zenhei.ttc"),
    ("wqy-microhei.ttc", "wqy-microhei.ttc"),
];

/// The fonts of a paper.
pub struct Fonts {
    regular: Face,
    bold: Face,
}

/// One face, as read.
struct Face {
    bytes: Arc<Vec<u8>>,
    index: u32,
    font: Font,
}

/// Why there is no font.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoFont {
    /// None of those known is installed.
    None,
    /// The file named cannot be read, or is none that will do.
    Unusable(PathBuf, String),
}

/// A face ready to measure.
pub(super) struct Measured<'f> {
    pub(super) font: &'f Font,
    chars: Charmap<'f>,
    widths: GlyphMetrics<'f>,
}

impl Fonts {
    /// The fonts of the system.
    ///
    /// # Errors
    /// [`NoFont::None`] when none that is known is installed.
    pub fn of_system() -> Result<Self, NoFont> {
        let files = installed();
        let find = |name: &str| files.iter().find(|file| file.file_name().is_some_and(|known| known == name));
        for (regular, bold) in KNOWN {
            let Some(Ok(regular)) = find(regular).map(|file| Face::read(file)) else { continue };
            let bold = find(bold).and_then(|file| Face::read(file).ok());
            return Ok(Self { bold: bold.unwrap_or_else(|| regular.again()), regular });
        }
        Err(NoFont::None)
    }

    /// The font in a file, for everything.
    ///
    /// # Errors
    /// [`NoFont::Unusable`] when it cannot be read, or lacks figures, letters or Chinese.
    pub fn of_file(file: &Path) -> Result<Self, NoFont> {
        let regular = Face::read(file).map_err(|why| NoFont::Unusable(file.to_owned(), why))?;
        Ok(Self { bold: regular.again(), regular })
    }

    /// The two faces, measured: regular, bold. `None` never happens to a font that was read.
    pub(super) fn measured(&self) -> Option<[Measured<'_>; 2]> {
        Some([self.regular.measured()?, self.bold.measured()?])
    }
}

impl Face {
    fn read(file: &Path) -> Result<Self, String> {
        let size = std::fs::metadata(file).map_err(|why| why.to_string())?.len();
        if size > FONT_BYTES_MAX {
            return Err(format!("a font of more than {FONT_BYTES_MAX} bytes"));
        }
        let bytes = Arc::new(std::fs::read(file).map_err(|why| why.to_string())?);
        let whole = |index: &u32| {
            let font = FontRef::from_index(&bytes, *index).ok();
            font.is_some_and(|font| NEEDED.chars().all(|letter| font.charmap().map(letter).is_some()))
        };
        let usable: Vec<u32> = (0..FACES_MAX).filter(whole).collect();
        // A collection holds the same characters as each country draws them: simplified Chinese where it is named.
        let simplified = |index: &&u32| {
            let font = FontRef::from_index(&bytes, **index).ok();
            let names = font.map(|font| font.localized_strings(StringId::FAMILY_NAME).map(|name| name.to_string()));
            names.is_some_and(|mut names| names.any(|name| name.split(' ').any(|word| word == "SC")))
        };
        let index = usable.iter().find(simplified).or(usable.first()).copied();
        let index = index.ok_or_else(|| "a font without figures, Latin letters and Chinese".to_owned())?;
        let font = Font::new(bytes.clone().into(), index).ok_or_else(|| "not a font that can be put in".to_owned())?;
        Ok(Self { bytes, index, font })
    }

    fn again(&self) -> Self {
        Self { bytes: Arc::clone(&self.bytes), index: self.index, font: self.font.clone() }
    }

    fn measured(&self) -> Option<Measured<'_>> {
        let font = FontRef::from_index(&self.bytes, self.index).ok()?;
        let widths = font.glyph_metrics(Size::new(1.0), LocationRef::default());
        Some(Measured { font: &self.font, chars: font.charmap(), widths })
    }
}

impl Measured<'_> {
    /// The glyph of a character and its width, as a part of the size; none where the font lacks it.
    pub(super) fn glyph(&self, letter: char) -> Option<(u32, f32)> {
        let glyph = self.chars.map(letter)?;
        Some((glyph.to_u32(), self.widths.advance_width(glyph).unwrap_or(1.0)))
    }
}

/// Every font file of the system, in the order of their paths.
fn installed() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let own = home.iter().flat_map(|home| [home.join(".local/share/fonts"), home.join(".fonts")]);
    let mut files = Vec::new();
    for folder in FOLDERS.iter().map(PathBuf::from).chain(own) {
        walk(&folder, FOLDERS_DEEP, &mut files);
    }
    files.sort();
    files
}

fn walk(folder: &Path, deep: usize, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if files.len() >= FILES_MAX {
            return;
        }
        let path = entry.path();
        if !path.is_dir() {
            files.push(path);
        } else if deep > 0 {
            walk(&path, deep - 1, files);
        }
    }
}

impl fmt::Display for NoFont {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str(
                "no font with Chinese is installed here: install Noto CJK (Debian: fonts-noto-cjk), or name a font file",
            ),
            Self::Unusable(file, why) => write!(f, "{}: {why}", file.display()),
        }
    }
}
