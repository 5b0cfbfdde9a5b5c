//! Tables of comma-separated values (RFC 4180), read row by row and written.
//!
//! Owns what is a row and what is refused. Must not know what the columns mean. Files come from outside: every length
//! has a limit, a mark of byte order and both line ends are allowed, and whatever is refused is named by its line.

use std::io::{BufRead, Write};

/// Bytes of one field: more than any name or address, less than would fill the memory.
pub const FIELD_BYTES_MAX: usize = 64 * 1024;
/// Columns of one row.
pub const COLUMNS_MAX: usize = 256;
/// Rows of one file that are taken: ten times the largest list this program is made for.
pub const ROWS_MAX: usize = 10_000_000;

/// Why a file is refused: the line, what is wrong, the remedy.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line}: {what}")]
pub struct Refused {
    /// The line on which the row begins, from 1.
    pub line: usize,
    /// What is wrong, and the remedy.
    pub what: String,
}

/// A file being read.
pub struct Rows<R> {
    from: R,
    line: usize,
    rows: usize,
    columns: Vec<String>,
    bytes: Vec<u8>,
}

impl<R: BufRead> Rows<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// That there is none, or that it is no row.
    pub fn open(from: R) -> Result<Self, Refused> {
        let mut this = Self { from, line: 1, rows: 0, columns: Vec::new(), bytes: Vec::new() };
        let header =
            this.row()?.ok_or_else(|| this.refuse(1, "the file is empty; its first line names the columns"))?;
        let mark = |name: &str| name.trim_start_matches('\u{FEFF}').trim().to_ascii_lowercase();
        this.columns = header.iter().map(|name| mark(name)).collect();
        Ok(this)
    }

    /// The place of a column, if the file has it.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|known| known == name)
    }

    /// The next row that is not blank, with as many fields as the header has.
    ///
    /// # Errors
    /// What is no row.
    pub fn next_row(&mut self) -> Result<Option<Vec<String>>, Refused> {
        loop {
            let line = self.line;
            let Some(row) = self.row()? else { return Ok(None) };
            if row.len() == 1 && row[0].trim().is_empty() && self.columns.len() > 1 {
                continue;
            }
            if row.len() != self.columns.len() {
                let what = format!(
                    "{} fields where the header names {}; quote a field that holds a comma",
                    row.len(),
                    self.columns.len()
                );
                return Err(self.refuse(line, &what));
            }
            self.rows += 1;
            if self.rows > ROWS_MAX {
                return Err(self.refuse(line, &format!("more than {ROWS_MAX} rows; split the file")));
            }
            return Ok(Some(row));
        }
    }

    fn refuse(&self, line: usize, what: &str) -> Refused {
        Refused { line, what: what.to_owned() }
    }

    /// One row as it stands; none at the end.
    fn row(&mut self) -> Result<Option<Vec<String>>, Refused> {
        let start = self.line;
        let (mut fields, mut quoted, mut closed, mut any) = (Vec::new(), false, false, false);
        self.bytes.clear();
        loop {
            let Some(byte) = self.byte(start)? else {
                if quoted {
                    return Err(self.refuse(start, "a quoted field never ends; close the quotation mark"));
                }
                if !any {
                    return Ok(None);
                }
                fields.push(self.field(start)?);
                return Ok(Some(fields));
            };
            any = true;
            self.line += usize::from(byte == b'\n');
            match byte {
                b'"' if quoted => (quoted, closed) = (false, true),
                b'"' if closed => {
                    // Two marks in a quoted field are one mark.
                    (quoted, closed) = (true, false);
                    self.push(b'"', start)?;
                }
                b'"' if self.bytes.is_empty() => quoted = true,
                _ if quoted => self.push(byte, start)?,
                b',' => {
                    fields.push(self.field(start)?);
                    closed = false;
                    if fields.len() >= COLUMNS_MAX {
                        return Err(
                            self.refuse(start, &format!("more than {COLUMNS_MAX} columns; this is no table of names"))
                        );
                    }
                }
                b'\n' => {
                    fields.push(self.field(start)?);
                    return Ok(Some(fields));
                }
                b'\r' => {}
                _ if closed => {
                    return Err(
                        self.refuse(start, "letters behind a closing quotation mark; double a mark inside a field")
                    );
                }
                _ => self.push(byte, start)?,
            }
        }
    }

    fn byte(&mut self, start: usize) -> Result<Option<u8>, Refused> {
        let read = self.from.fill_buf().map(|buffer| buffer.first().copied());
        let byte = read.map_err(|why| self.refuse(start, &format!("the file cannot be read: {why}")))?;
        self.from.consume(usize::from(byte.is_some()));
        Ok(byte)
    }

    fn push(&mut self, byte: u8, start: usize) -> Result<(), Refused> {
        if self.bytes.len() >= FIELD_BYTES_MAX {
            return Err(self.refuse(
                start,
                &format!("a field of more than {FIELD_BYTES_MAX} bytes; a quotation mark may be missing"),
            ));
        }
        self.bytes.push(byte);
        Ok(())
    }

    fn field(&mut self, start: usize) -> Result<String, Refused> {
        let text = String::from_utf8(std::mem::take(&mut self.bytes));
        text.map_err(|_| self.refuse(start, "not UTF-8; save the file as UTF-8"))
    }
}

/// Writes one row, quoting what needs it.
///
/// # Errors
/// The writer's.
pub fn write_row(into: &mut impl Write, fields: &[&str]) -> std::io::Result<()> {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            into.write_all(b",")?;
        }
        if field.contains([',', '"', '\n', '\r']) {
            write!(into, "\"{}\"", field.replace('"', "\"\""))?;
        } else {
            into.write_all(field.as_bytes())?;
        }
    }
    into.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Vec<Vec<String>>, Refused> {
        let mut rows = Rows::open(text)?;
        let mut out = Vec::new();
        while let Some(row) = rows.next_row()? {
            out.push(row);
        }
        Ok(out)
    }

    #[test]
    fn tables() {
        fn check(text: &str, wanted: &[&[&str]]) {
            assert_eq!(read(text.as_bytes()).expect("a table"), wanted, "{text:?}");
        }
        check("a,b\n1,2\n", &[&["1", "2"]]);
        check("\u{FEFF}a,b\r\n1,2\r\n\r\n3,4", &[&["1", "2"], &["3", "4"]]);
        check("a,b\n\"x, y\",\"say \"\"so\"\"\"\n", &[&["x, y", "say \"so\""]]);
        check("a,b\n\"two\nlines\",\n", &[&["two\nlines", ""]]);
        check("a\n\n", &[&[""]]);
        check("a,b\n", &[]);
    }

    #[test]
    fn refusals() {
        fn check(text: &[u8], line: usize, what: &str) {
            let refused = read(text).expect_err("no table");
            assert!(refused.line == line && refused.what.contains(what), "{refused}");
        }
        check(b"", 1, "empty");
        check(b"a,b\n1\n", 2, "1 fields where the header names 2");
        check(b"a,b\n1,\"2\n", 2, "never ends");
        check(b"a,b\n1,\"2\"x\n", 2, "closing quotation mark");
        check(b"a,b\n1,\xFF\n", 2, "not UTF-8");
        check(format!("a,b\n1,{}\n", "x".repeat(FIELD_BYTES_MAX + 1)).as_bytes(), 2, "bytes");
        check(",".repeat(COLUMNS_MAX + 1).as_bytes(), 1, "columns");
    }

    #[test]
    fn what_is_written_reads_back() {
        let mut out = b"a,b,c\n".to_vec();
        write_row(&mut out, &["x, \"y\"", "", "郭\nz"]).expect("a vector takes it");
        assert_eq!(read(&out).expect("a table"), [["x, \"y\"", "", "郭\nz"]]);
    }
}
