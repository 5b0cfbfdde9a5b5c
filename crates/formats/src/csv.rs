//! Tables of comma-separated values (RFC 4180) with a profile: the columns are the keys of `record`.
//!
//! Owns the rows, their limits, and the guard against cells a spreadsheet would compute. Must not know any other format.

use domain::menu::Menu;

use crate::finding::{Code, Gathered, Loss, Reading, Refused, shown};
use crate::record::{Account, Key, Record, Subject};

/// Largest table read: a list of a hundred thousand people has about 20 MB.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most rows.
pub const ROWS_MAX: usize = 500_000;
/// Most columns: the keys of a record are below a hundred.
pub const COLUMNS_MAX: usize = 256;
/// Longest cell in bytes: the words of a provision or a statement of reasons.
pub const CELL_BYTES_MAX: usize = 1024 * 1024;

/// What stands between two values of one cell.
const BETWEEN: char = '|';
/// What a spreadsheet takes for a formula at the beginning of a cell.
const COMPUTED: &[char] = &['=', '+', '-', '@', '\t', '\r'];

/// A table, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table of these rows, each as wide as there are columns.
    pub(crate) fn of(columns: &[&str], rows: Vec<Vec<String>>) -> Self {
        Self { columns: columns.iter().map(|name| (*name).to_owned()).collect(), rows }
    }

    /// The names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The rows, each with as many cells as there are columns.
    #[must_use]
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }
}

/// Reads a table; its first row names the columns.
///
/// # Errors
/// [`Refused`] by what is wrong first; never panics.
pub fn read(bytes: &[u8]) -> Result<Reading<Table>, Refused> {
    let mut found = Gathered::default();
    let table = table(bytes, &mut found);
    found.ruled(table)
}

/// Writes a table with the line ends of RFC 4180. Nothing is lost.
#[must_use]
pub fn write(table: &Table) -> (Vec<u8>, Vec<Loss>) {
    let mut out = String::new();
    for row in std::iter::once(&table.columns).chain(&table.rows) {
        for (place, cell) in row.iter().enumerate() {
            if place > 0 {
                out.push(',');
            }
            let cell = guarded(cell);
            // A row of one empty cell would be a blank line, which readers pass over.
            if cell.contains([',', '"', '\r', '\n']) || cell.trim() != cell || (row.len() == 1 && cell.is_empty()) {
                out.push('"');
                out.push_str(&cell.replace('"', "\"\""));
                out.push('"');
            } else {
                out.push_str(&cell);
            }
        }
        out.push_str("\r\n");
    }
    (out.into_bytes(), Vec::new())
}

fn table(bytes: &[u8], found: &mut Gathered) -> Option<Table> {
    if bytes.len() > FILE_BYTES_MAX {
        found.error(Code::TooLarge, "", format!("at most {FILE_BYTES_MAX} bytes are read"));
        return None;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(why) => {
            found.error(Code::NotUtf8, "", format!("byte {} is not UTF-8", why.valid_up_to()));
            return None;
        }
    };
    let mut rows = match rows(text) {
        Ok(rows) => rows.into_iter(),
        Err((line, code, why)) => {
            found.error(code, format!("{line}:1"), why);
            return None;
        }
    };
    let Some((_, columns)) = rows.next() else {
        found.error(Code::NotThisFormat, "1:1", "the first line names the columns; there is none");
        return None;
    };
    let columns: Vec<String> = columns.iter().map(|name| name.trim().to_owned()).collect();
    for (place, name) in columns.iter().enumerate() {
        if name.is_empty() || name.chars().any(char::is_control) {
            found.error(Code::BadName, format!("1:{}", place + 1), "a column has a name");
        } else if columns[..place].contains(name) {
            found.error(Code::DuplicateKey, format!("1:{}", place + 1), format!("`{}` stands twice", shown(name)));
        }
    }
    // A table of other separators would be read as one column that nobody knows.
    if let [only] = columns.as_slice()
        && only.contains([';', '\t', '|'])
    {
        found.error(Code::BadName, "1:1", "cells stand between commas (RFC 4180 §2)");
    }
    let mut read = Vec::new();
    for (line, row) in rows {
        if row.len() != columns.len() {
            let words = format!("{} cells, and {} columns", row.len(), columns.len());
            found.error(Code::BadLine, format!("{line}:1"), words);
            return None;
        }
        read.push(row);
    }
    Some(Table { columns, rows: read })
}

type Stop = (usize, Code, String);

/// The rows with the line each begins on; blank lines are passed over.
fn rows(text: &str) -> Result<Vec<(usize, Vec<String>)>, Stop> {
    let mut rows = Vec::new();
    let mut chars = text.chars().peekable();
    let (mut line, mut begun) = (1, 1);
    let mut row = Vec::new();
    loop {
        let quoted = chars.peek() == Some(&'"');
        let cell = if quoted { quoted_cell(&mut chars, &mut line)? } else { plain_cell(&mut chars, line)? };
        let blank = !quoted && cell.is_empty() && row.is_empty();
        row.push(unguarded(cell));
        if row.len() > COLUMNS_MAX {
            return Err((line, Code::TooManyObjects, format!("more than {COLUMNS_MAX} columns")));
        }
        match chars.next() {
            Some(',') => continue,
            Some('\r') if chars.peek() == Some(&'\n') => _ = chars.next(),
            Some('\n' | '\r') | None => {}
            Some(c) => return Err((line, Code::BadLine, format!("`{}` after a quoted cell", shown(&c.to_string())))),
        }
        if !blank {
            rows.push((begun, std::mem::take(&mut row)));
        }
        row.clear();
        if rows.len() > ROWS_MAX {
            return Err((line, Code::TooManyObjects, format!("more than {ROWS_MAX} rows")));
        }
        if chars.peek().is_none() {
            return Ok(rows);
        }
        line += 1;
        begun = line;
    }
}

type Chars<'t> = std::iter::Peekable<std::str::Chars<'t>>;

fn plain_cell(chars: &mut Chars<'_>, line: usize) -> Result<String, Stop> {
    let mut cell = String::new();
    while let Some(c) = chars.next_if(|c| !matches!(c, ',' | '\n' | '\r')) {
        match c {
            '"' => return Err((line, Code::BadLine, "a quotation mark within a cell that is not quoted".to_owned())),
            '\0' => return Err((line, Code::BadCharacter, "NUL may not stand in a table".to_owned())),
            _ => cell.push(c),
        }
        if cell.len() > CELL_BYTES_MAX {
            return Err((line, Code::TextTooLong, format!("a cell of more than {CELL_BYTES_MAX} bytes")));
        }
    }
    Ok(cell)
}

fn quoted_cell(chars: &mut Chars<'_>, line: &mut usize) -> Result<String, Stop> {
    let begun = *line;
    chars.next();
    let mut cell = String::new();
    loop {
        match chars.next() {
            None => return Err((begun, Code::NotClosed, "a quoted cell does not end".to_owned())),
            Some('"') if chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            Some('"') => return Ok(cell),
            Some('\0') => return Err((*line, Code::BadCharacter, "NUL may not stand in a table".to_owned())),
            Some(c) => {
                *line += usize::from(c == '\n');
                cell.push(c);
            }
        }
        if cell.len() > CELL_BYTES_MAX {
            return Err((begun, Code::TextTooLong, format!("a cell of more than {CELL_BYTES_MAX} bytes")));
        }
    }
}

/// A cell no spreadsheet computes: an apostrophe before what it would take for a formula.
fn guarded(cell: &str) -> String {
    let computed = cell.trim_start_matches('\'').starts_with(COMPUTED);
    if computed { format!("'{cell}") } else { cell.to_owned() }
}

/// The same cell without the guard; what is no guard stays.
fn unguarded(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(COMPUTED) => rest.to_owned(),
        _ => cell,
    }
}

/// The rows as records. A column that is no key is listed, value by value.
pub(crate) fn records(table: &Table, account: &mut Account) -> Vec<Record> {
    let subject_at = table.columns.iter().position(|name| name == "subject");
    let implied = implied(&table.columns);
    let mut records = Vec::new();
    for row in &table.rows {
        let said = subject_at.and_then(|place| row.get(place)).and_then(|code| Subject::from_code(code));
        let mut record = Record::new(said.unwrap_or(implied));
        for (place, (name, cell)) in table.columns.iter().zip(row).enumerate() {
            match Key::from_code(name) {
                _ if subject_at == Some(place) || cell.is_empty() => {}
                Some(key) => {
                    for value in split(cell) {
                        let (of, value) =
                            value.split_once("::").map_or(("", value.as_str()), |(of, value)| (of, value));
                        record.put_of(key, of, value);
                    }
                }
                None => account.lose(crate::finding::LossCode::NotCarried, shown(name), cell),
            }
        }
        records.push(record);
    }
    records
}

/// What a table without the column `subject` is about, by the columns it has.
fn implied(columns: &[String]) -> Subject {
    let has = |key: Key| columns.iter().any(|name| name == key.code());
    match () {
        () if has(Key::Pattern) || (has(Key::Kind) && has(Key::Value)) => Subject::Indicator,
        () if has(Key::Start) => Subject::Meeting,
        () if has(Key::Event) => Subject::Alert,
        () if has(Key::Text) => Subject::Provision,
        () if has(Key::Point) || has(Key::Polygon) => Subject::Site,
        () => Subject::Person,
    }
}

/// A table of the records: a column for each key that any of them has, in the order of the menu.
pub(crate) fn of_records(records: Vec<Record>) -> Option<Table> {
    let first = records.first()?.subject;
    let mixed = records.iter().any(|record| record.subject != first);
    let used = |key: Key| records.iter().any(|record| record.has(key));
    // A table of people begins as `entente match` wants it.
    let always = |key: Key| first == Subject::Person && !mixed && matches!(key, Key::Id | Key::Name);
    let keys: Vec<Key> = Key::ALL.iter().map(|(key, _)| *key).filter(|key| used(*key) || always(*key)).collect();
    let mut columns: Vec<String> = keys.iter().map(|key| key.code().to_owned()).collect();
    if mixed || implied(&columns) != first {
        columns.push("subject".to_owned());
    }
    let with_subject = columns.len() > keys.len();
    let mut rows = Vec::new();
    for mut record in records {
        let mut row: Vec<String> = Vec::new();
        for key in &keys {
            let values = record.take_all(*key).into_iter().map(|fact| {
                let value = fact.value.replace('\\', "\\\\").replace(BETWEEN, "\\|");
                if fact.of.is_empty() && !value.contains("::") { value } else { format!("{}::{value}", fact.of) }
            });
            row.push(values.collect::<Vec<_>>().join("|"));
        }
        if with_subject {
            row.push(record.subject.code().to_owned());
        }
        rows.push(row);
    }
    Some(Table { columns, rows })
}

/// The values of a cell.
fn split(cell: &str) -> Vec<String> {
    let (mut values, mut value) = (Vec::new(), String::new());
    let mut chars = cell.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if matches!(chars.peek(), Some('\\' | '|')) => value.extend(chars.next()),
            BETWEEN => values.push(std::mem::take(&mut value)),
            _ => value.push(c),
        }
    }
    values.push(value);
    values
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_table_is_refused_by_name() {
        fn check(text: &[u8], wanted: &str) {
            let refused = read(text).expect_err("no table");
            assert_eq!(refused.first.code, wanted, "{}", String::from_utf8_lossy(text));
        }
        for (text, wanted) in [
            (&b""[..], "not-this-format"),
            (b"a,a\n1,2", "duplicate-key"),
            (b"a,\n1,2", "bad-name"),
            (b"a,b\n1", "bad-line"),
            (b"a,b\n\"1\"x,2", "bad-line"),
            (b"a\n\"1", "not-closed"),
            (b"a\nx\0", "bad-character"),
            (b"a\n\xff", "not-utf8"),
        ] {
            check(text, wanted);
        }
        check(format!("a\n{}", "x".repeat(CELL_BYTES_MAX + 1)).as_bytes(), "text-too-long");
        check(",".repeat(COLUMNS_MAX + 1).as_bytes(), "too-many-objects");
    }

    #[test]
    fn a_formula_is_guarded_and_comes_back() {
        let table =
            Table { columns: vec!["a".to_owned()], rows: vec![vec!["=1+1".to_owned()], vec!["'-x".to_owned()]] };
        let bytes = write(&table).0;
        assert_eq!(String::from_utf8_lossy(&bytes), "a\r\n'=1+1\r\n''-x\r\n");
        assert_eq!(read(&bytes).map(|reading| reading.value), Ok(table));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever stands in the cells comes back.
        #[test]
        fn any_cells_survive(rows in prop::collection::vec(prop::collection::vec("[ -~\n\r中'=+@-]{0,12}", 2..3), 0..5)) {
            let columns = vec!["a".to_owned(), "b".to_owned()];
            let table = Table { columns, rows };
            prop_assert_eq!(read(&write(&table).0).map(|reading| reading.value), Ok(table));
        }

        /// Several values of one cell, with any signs in them, come back.
        #[test]
        fn any_values_survive(values in prop::collection::vec("[a|\\\\:中]{1,6}", 1..4)) {
            let mut record = Record::new(Subject::Person);
            record.extend(Key::Alias, values);
            let wanted = vec![record.clone()];
            let table = of_records(vec![record]).expect("one record");
            prop_assert_eq!(records(&table, &mut Account::default()), wanted);
        }
    }
}
