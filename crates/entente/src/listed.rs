//! A list for private matching, as a table: the columns an office's register is written out with.
//!
//! Owns the columns. Must not know where the bytes come from.

use std::io::BufRead;

use node::matching::Known;

use crate::rows::{Refused, Rows};

/// Reads a list. `protected` holds `yes` for whoever may not be found; our own register of protected persons is asked
/// besides, whatever the table says.
///
/// # Errors
/// What is no table, by its line.
pub fn read(from: impl BufRead) -> Result<Vec<Known>, Refused> {
    let mut rows = Rows::open(from)?;
    let names = ["id", "name", "surname", "given", "dob", "sex", "issuer", "document", "protected"];
    let at = names.map(|name| rows.column(name));
    if at[0].is_none() || at[1..4].iter().all(Option::is_none) {
        return Err(Refused { line: 1, what: "no columns `id` and `name`; the first line names the columns".into() });
    }
    let mut list = Vec::new();
    while let Some(row) = rows.next_row()? {
        let field = |n: usize| at[n].and_then(|at| row.get(at)).map_or("", String::as_str).trim().to_owned();
        list.push(Known {
            id: field(0),
            name: field(1),
            surname: field(2),
            given: field(3),
            born: field(4),
            sex: field(5),
            issuer: field(6),
            document: field(7),
            protected: field(8).eq_ignore_ascii_case("yes"),
        });
        if list.len() > LISTED_MAX {
            return Err(Refused {
                line: list.len() + 1,
                what: format!("more than {LISTED_MAX} rows; divide the list"),
            });
        }
    }
    Ok(list)
}

/// Rows of a list, at most: what one run takes.
const LISTED_MAX: usize = 4_096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_by_its_columns() {
        let list = read("id,dob,name,protected\n1,1987-03-05,陳大文,no\n2,1990-01-01,黃小明,YES\n".as_bytes()).unwrap();
        assert_eq!((list[0].name.as_str(), list[0].born.as_str(), list[0].protected), ("陳大文", "1987-03-05", false));
        assert!(list[1].protected && list[1].document.is_empty());
        assert_eq!(read("id,dob\n1,2\n".as_bytes()).unwrap_err().line, 1);
        assert!(read("".as_bytes()).is_err());
    }
}
