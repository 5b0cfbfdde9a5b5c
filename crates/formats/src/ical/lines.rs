//! Lines of iCalendar: unfolded, cut into name, parameters and value, gathered to components, and back (RFC 5545 §3.1).
//!
//! Owns the grammar. Must not know what a property means.

use super::{Component, DEPTH_MAX, FILE_BYTES_MAX, LINE_BYTES_MAX, LINES_MAX, Property};
use crate::finding::{Code, Gathered, shown};

/// Longest line written, in octets without the line end (§3.1).
const FOLD_BYTES: usize = 75;

type Stop = (Code, String);

/// The outermost components of a file.
pub(super) fn components(bytes: &[u8], found: &mut Gathered) -> Option<Vec<Component>> {
    if bytes.len() > FILE_BYTES_MAX {
        found.error(Code::TooLarge, "", format!("at most {FILE_BYTES_MAX} bytes are read"));
        return None;
    }
    let bytes = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => {
            found.warning(Code::ByteOrderMark, "1:1", "a byte-order mark is passed over");
            rest
        }
        None => bytes,
    };
    let Ok(text) = std::str::from_utf8(bytes) else {
        found.error(Code::NotUtf8, "", "a calendar is UTF-8 (§3.1.4)");
        return None;
    };
    let mut open: Vec<Component> = Vec::new();
    let mut whole = Vec::new();
    for (number, line) in unfolded(text).into_iter().take(LINES_MAX + 1).enumerate() {
        let (at, line) = line;
        let here = format!("{at}:1");
        if number == LINES_MAX {
            found.error(Code::TooManyObjects, here, format!("more than {LINES_MAX} lines"));
            return None;
        }
        let property = match property(&line) {
            Ok(property) => property,
            Err((code, why)) => {
                found.error(code, here, why);
                return None;
            }
        };
        if let Err((code, why)) = gather(property, &mut open, &mut whole) {
            found.error(code, here, why);
            return None;
        }
    }
    if let Some(component) = open.last() {
        found.error(Code::NotClosed, "", format!("`{}` does not end", shown(&component.name)));
        return None;
    }
    if whole.is_empty() {
        found.error(Code::NotThisFormat, "1:1", "there is no calendar in it");
        return None;
    }
    Some(whole)
}

fn gather(property: Property, open: &mut Vec<Component>, whole: &mut Vec<Component>) -> Result<(), Stop> {
    match property.name.as_str() {
        "BEGIN" => {
            if open.len() >= DEPTH_MAX {
                return Err((Code::TooDeep, format!("components nested deeper than {DEPTH_MAX}")));
            }
            let name = property.value.trim().to_ascii_uppercase();
            if name.is_empty() || !name.bytes().all(is_name_byte) {
                return Err((Code::BadName, format!("`{}` is no name of a component", shown(&name))));
            }
            open.push(Component::new(&name));
        }
        "END" => {
            let Some(component) = open.pop() else {
                return Err((Code::BadLine, "an end without beginning".to_owned()));
            };
            if !component.name.eq_ignore_ascii_case(property.value.trim()) {
                let (open, end) = (shown(&component.name), shown(&property.value));
                return Err((Code::NotClosed, format!("`{open}` is open where `{end}` ends")));
            }
            match open.last_mut() {
                Some(parent) => parent.components.push(component),
                None => whole.push(component),
            }
        }
        _ => match open.last_mut() {
            Some(component) => component.properties.push(property),
            None => return Err((Code::NotThisFormat, "a calendar begins with `BEGIN:VCALENDAR`".to_owned())),
        },
    }
    Ok(())
}

/// The lines with those that begin by a blank joined to the one before, each with its number.
fn unfolded(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (place, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((_, before))) => before.push_str(rest),
            _ if line.trim().is_empty() => {}
            _ => lines.push((place + 1, line.to_owned())),
        }
    }
    lines
}

/// Whether a character may stand in a line (§3.1).
fn may_stand(c: char) -> bool {
    !c.is_control() || c == '\t'
}

/// Whether a text stays within its line.
pub(super) fn is_line(text: &str) -> bool {
    text.chars().all(may_stand)
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

/// One line as a property.
fn property(line: &str) -> Result<Property, Stop> {
    if line.len() > LINE_BYTES_MAX {
        return Err((Code::LineTooLong, format!("a line of more than {LINE_BYTES_MAX} bytes")));
    }
    if let Some(c) = line.chars().find(|c| !may_stand(*c)) {
        return Err((Code::BadCharacter, format!("U+{:04X} may not stand in a line", u32::from(c))));
    }
    let end =
        line.find([':', ';']).ok_or_else(|| (Code::BadLine, "a line is a name, a colon and a value".to_owned()))?;
    let name = line[..end].to_ascii_uppercase();
    if name.is_empty() || !name.bytes().all(is_name_byte) {
        return Err((Code::BadName, format!("`{}` is no name of a property", shown(&name))));
    }
    let mut parameters = Vec::new();
    let mut rest = &line[end..];
    while let Some(after) = rest.strip_prefix(';') {
        let (parameter, left) = parameter(after)?;
        parameters.push(parameter);
        rest = left;
    }
    let value = rest.strip_prefix(':').ok_or_else(|| (Code::BadLine, "a value follows a colon".to_owned()))?;
    Ok(Property { name, parameters, value: value.to_owned() })
}

type Parameter = (String, Vec<String>);

fn parameter(text: &str) -> Result<(Parameter, &str), Stop> {
    let bad = || (Code::BadLine, format!("`{}` is no parameter", shown(text)));
    let (name, mut rest) = text.split_once('=').ok_or_else(bad)?;
    if name.is_empty() || !name.bytes().all(is_name_byte) {
        return Err(bad());
    }
    let mut values = Vec::new();
    loop {
        let (value, left) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or_else(bad)?,
            None => {
                let end = rest.find([',', ';', ':']).ok_or_else(bad)?;
                if rest[..end].contains('"') {
                    return Err(bad());
                }
                rest.split_at(end)
            }
        };
        values.push(unraised(value));
        match left.strip_prefix(',') {
            Some(more) => rest = more,
            None => return Ok(((name.to_ascii_uppercase(), values), left)),
        }
    }
}

/// A parameter's value without the signs of RFC 6868.
fn unraised(value: &str) -> String {
    let mut text = String::new();
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        let meant = match (c, chars.peek()) {
            ('^', Some('\'')) => Some('"'),
            ('^', Some('n')) => Some('\n'),
            ('^', Some('^')) => Some('^'),
            _ => None,
        };
        text.push(meant.unwrap_or(c));
        if meant.is_some() {
            chars.next();
        }
    }
    text
}

/// Writes a component.
pub(super) fn write(component: &Component, out: &mut String) {
    fold(&format!("BEGIN:{}", component.name), out);
    for property in &component.properties {
        let mut line = property.name.clone();
        for (name, values) in &property.parameters {
            let values: Vec<String> = values.iter().map(|value| raised(value)).collect();
            line.push_str(&format!(";{name}={}", values.join(",")));
        }
        line.push(':');
        line.push_str(&property.value);
        fold(&line, out);
    }
    component.components.iter().for_each(|inner| write(inner, out));
    fold(&format!("END:{}", component.name), out);
}

fn raised(value: &str) -> String {
    let text = value.replace('^', "^^").replace('\n', "^n").replace('"', "^'");
    if text.contains([',', ';', ':']) { format!("\"{text}\"") } else { text }
}

/// A line in pieces of at most 75 octets, never within a character.
fn fold(line: &str, out: &mut String) {
    let mut room = FOLD_BYTES;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = FOLD_BYTES - 1;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    out.push_str("\r\n");
}
