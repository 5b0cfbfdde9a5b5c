//! Reading Rust just well enough: what is code, what is a comment or a string, where a function ends.
//!
//! Owns that and nothing more. Must not know any rule.

/// The text up to its unit tests, which stand last.
pub(crate) fn before_tests(text: &str) -> &str {
    text.find("\n#[cfg(test)]\nmod tests {").map_or(text, |at| &text[..at])
}

/// The same text with the contents of comments, strings and characters replaced by spaces; lines stay where they are.
pub(crate) fn blank(text: &str) -> String {
    blanked(text, false)
}

/// The same text with the contents of comments alone replaced.
pub(crate) fn uncommented(text: &str) -> String {
    blanked(text, true)
}

fn blanked(text: &str, keeps_literals: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = skipped(&chars, at);
        if end == at || (keeps_literals && chars[at] != '/') {
            out.extend(&chars[at..end.max(at + 1)]);
            at = end.max(at + 1);
        } else {
            out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

/// A function: its name and how many lines it has, signature and braces included.
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) lines: usize,
}

/// The functions with a body in blanked code.
pub(crate) fn functions(code: &str) -> Vec<Function> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let name: String = code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let begins_word = code[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        if name.is_empty() || !begins_word {
            continue;
        }
        let Some(open) = code[at..].find(['{', ';']).map(|open| at + open) else { continue };
        if code[open..].starts_with(';') && !code[at..open].contains('[') {
            continue;
        }
        let Some(close) = closing(code, open) else { continue };
        let line = code[..at].matches('\n').count() + 1;
        found.push(Function { name, line, lines: code[at..close].matches('\n').count() + 1 });
    }
    found
}

fn closing(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in code[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return Some(open + at),
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Where the comment, string or character that begins at `at` ends; `at` itself when none begins there.
fn skipped(chars: &[char], at: usize) -> usize {
    let rest = &chars[at..];
    match rest {
        ['/', '/', ..] => at + rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
        ['/', '*', ..] => at + nested_comment(rest),
        ['"', ..] => at + 1 + quoted(&rest[1..], '"'),
        ['r', '"' | '#', ..] if !follows_word(chars, at) => at + raw(rest),
        ['\'', '\\', ..] => at + 3 + quoted(&rest[3.min(rest.len())..], '\''),
        ['\'', _, '\'', ..] => at + 3,
        _ => at,
    }
}

fn follows_word(chars: &[char], at: usize) -> bool {
    // `br"…"` is a raw string too; any other word before it makes the `r` part of a name.
    let before = |back: usize| at.checked_sub(back).map(|at| chars[at]);
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if before(1) == Some('b') { word(before(2)) } else { word(before(1)) }
}

fn quoted(rest: &[char], end: char) -> usize {
    let mut at = 0;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            c if c == end => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of a raw string; 0 when it is a raw identifier.
fn raw(rest: &[char]) -> usize {
    let hashes = rest[1..].iter().take_while(|c| **c == '#').count();
    if rest.get(1 + hashes) != Some(&'"') {
        return 0;
    }
    let body = 2 + hashes;
    let closes = |at: usize| rest[at] == '"' && rest[at + 1..].iter().take_while(|c| **c == '#').count() >= hashes;
    (body..rest.len()).find(|at| closes(*at)).map_or(rest.len(), |at| at + 1 + hashes)
}

fn nested_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] if depth == 1 => return at + 2,
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    rest.len()
}

#[test]
fn code_is_told_from_words() {
    fn check(text: &str, code: &str) {
        assert_eq!(blank(text).split_whitespace().collect::<Vec<_>>().join(" "), code, "{text}");
    }
    check("a // b\nc", "a c");
    check("a /* b /* c */ d */ e", "a e");
    check("f(\"{ \\\" }\") + 1", "f( ) + 1");
    check("r#\"{ \" }\"# x", "x");
    check("br\"{\" x", "b x");
    assert_eq!(uncommented("\"// a\" // b").trim_end(), "\"// a\"");
    check("r#type 'a 'b' '\\'' '\\u{7b}' &'static", "r#type 'a &'static");
    let lengths: Vec<usize> = functions("fn a();\nfn b() {\n {} \n}\nfn c() {}").iter().map(|f| f.lines).collect();
    assert_eq!(lengths, [3, 1]);
}
