//! STIX patterns (STIX 2.1 §9): whether one can be parsed at all.
//!
//! Owns the grammar. Must not evaluate a pattern, nor know which objects exist: a pattern may name custom ones.

use std::iter::Peekable;
use std::str::CharIndices;

use jiff::Timestamp;

use super::property;

/// Deepest nesting of brackets followed; people write three.
const DEPTH_MAX: usize = 32;
/// Longest pattern read, in bytes: long lists of hashes reach some tens of kilobytes.
const PATTERN_BYTES_MAX: usize = 256 * 1024;

/// Why a pattern cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pattern cannot be read at byte {at}: {wanted} (§9)")]
pub(super) struct BadPattern {
    at: usize,
    wanted: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// A name or keyword: `ipv4-addr`, `AND`.
    Word,
    /// A quoted text.
    Text,
    /// A typed literal: `t'…'`, `h'…'`, `b'…'`.
    Typed,
    /// A number, with or without a point.
    Number,
    /// `=`, `!=`, `<`, `<=`, `>`, `>=`.
    Compare,
    /// Any other single sign.
    Sign(char),
}

/// Whether a pattern follows the grammar.
///
/// # Errors
/// [`BadPattern`] with the byte where it does not, and what was wanted there.
pub(super) fn check(pattern: &str) -> Result<(), BadPattern> {
    if pattern.len() > PATTERN_BYTES_MAX {
        return Err(BadPattern { at: PATTERN_BYTES_MAX, wanted: "a shorter pattern" });
    }
    let tokens = tokens(pattern)?;
    let mut parser = Parser { pattern, tokens: &tokens, next: 0, depth: 0 };
    parser.observations()?;
    if parser.next < tokens.len() { parser.fail("the end, AND, OR or FOLLOWEDBY") } else { Ok(()) }
}

struct Parser<'p> {
    pattern: &'p str,
    tokens: &'p [(Token, usize, usize)],
    next: usize,
    depth: usize,
}

impl Parser<'_> {
    /// Observations joined by FOLLOWEDBY, OR and AND; their precedence does not matter to whether they parse.
    fn observations(&mut self) -> Result<(), BadPattern> {
        self.enter()?;
        self.observation()?;
        while self.word(&["FOLLOWEDBY", "OR", "AND"]) {
            self.observation()?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn observation(&mut self) -> Result<(), BadPattern> {
        if self.sign('(') {
            self.observations()?;
            self.want(')', "`)`")?;
        } else {
            self.want('[', "`[`")?;
            self.comparisons()?;
            self.want(']', "`]`, AND or OR")?;
        }
        loop {
            if self.word(&["REPEATS"]) {
                self.count("how many TIMES, a whole number from 1", false)?;
                self.keyword("TIMES", "TIMES")?;
            } else if self.word(&["WITHIN"]) {
                self.count("how many SECONDS, more than none", true)?;
                self.keyword("SECONDS", "SECONDS")?;
            } else if self.word(&["START"]) {
                let from = self.instant()?;
                self.keyword("STOP", "STOP")?;
                if self.instant()? <= from {
                    self.next -= 1;
                    return self.fail("an instant after START");
                }
            } else {
                return Ok(());
            }
        }
    }

    /// A count of a qualifier.
    fn count(&mut self, wanted: &'static str, with_fraction: bool) -> Result<(), BadPattern> {
        let text = self.text();
        let fits = text.parse::<f64>().is_ok_and(|count| count > 0.0) && (with_fraction || !text.contains('.'));
        if fits { self.take(Token::Number, wanted) } else { self.fail(wanted) }
    }

    /// An instant of a qualifier.
    fn instant(&mut self) -> Result<Timestamp, BadPattern> {
        let text = self.text();
        let inner = text.strip_prefix("t'").and_then(|text| text.strip_suffix('\''));
        match inner.and_then(property::time_of) {
            Some(instant) => {
                self.next += 1;
                Ok(instant)
            }
            None => self.fail("an instant such as t'2026-01-31T09:00:00Z'"),
        }
    }

    /// The next token as it stands.
    fn text(&self) -> &str {
        self.tokens.get(self.next).map_or("", |(_, from, to)| &self.pattern[*from..*to])
    }

    fn comparisons(&mut self) -> Result<(), BadPattern> {
        self.enter()?;
        self.comparison()?;
        while self.word(&["OR", "AND"]) {
            self.comparison()?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn comparison(&mut self) -> Result<(), BadPattern> {
        if self.sign('(') {
            self.comparisons()?;
            return self.want(')', "`)`");
        }
        let exists = self.word(&["EXISTS"]);
        self.path()?;
        if exists {
            return Ok(());
        }
        let _negated = self.word(&["NOT"]);
        if self.accept(Token::Compare) {
            return self.literal();
        }
        if self.word(&["LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET"]) {
            return self.take(Token::Text, "a quoted text");
        }
        self.keyword("IN", "a comparison such as `=`, IN, LIKE or MATCHES")?;
        self.want('(', "`(`")?;
        self.literal()?;
        while self.sign(',') {
            self.literal()?;
        }
        self.want(')', "`)` or `,`")
    }

    /// `type:property.part[0].'quoted part'`.
    fn path(&mut self) -> Result<(), BadPattern> {
        self.take(Token::Word, "a path such as ipv4-addr:value")?;
        self.want(':', "`:` and a property")?;
        self.step()?;
        loop {
            if self.sign('.') {
                self.step()?;
            } else if self.sign('[') {
                if !self.sign('*') {
                    self.take(Token::Number, "a place in the list, or `*`")?;
                }
                self.want(']', "`]`")?;
            } else {
                return Ok(());
            }
        }
    }

    fn step(&mut self) -> Result<(), BadPattern> {
        if self.accept(Token::Text) { Ok(()) } else { self.take(Token::Word, "a property") }
    }

    fn literal(&mut self) -> Result<(), BadPattern> {
        let fits = self.accept(Token::Text)
            || self.accept(Token::Number)
            || (is_typed(self.text()) && self.accept(Token::Typed))
            || self.word(&["true", "false"]);
        if fits { Ok(()) } else { self.fail("a value") }
    }

    fn enter(&mut self) -> Result<(), BadPattern> {
        self.depth += 1;
        if self.depth > DEPTH_MAX { self.fail("fewer brackets inside each other") } else { Ok(()) }
    }

    fn accept(&mut self, wanted: Token) -> bool {
        let fits = self.tokens.get(self.next).is_some_and(|(token, _, _)| *token == wanted);
        self.next += usize::from(fits);
        fits
    }

    fn take(&mut self, token: Token, wanted: &'static str) -> Result<(), BadPattern> {
        if self.accept(token) { Ok(()) } else { self.fail(wanted) }
    }

    fn sign(&mut self, sign: char) -> bool {
        self.accept(Token::Sign(sign))
    }

    fn want(&mut self, sign: char, wanted: &'static str) -> Result<(), BadPattern> {
        self.take(Token::Sign(sign), wanted)
    }

    fn word(&mut self, words: &[&str]) -> bool {
        let here = self.tokens.get(self.next);
        let fits =
            here.is_some_and(|(token, from, to)| *token == Token::Word && words.contains(&&self.pattern[*from..*to]));
        self.next += usize::from(fits);
        fits
    }

    fn keyword(&mut self, word: &str, wanted: &'static str) -> Result<(), BadPattern> {
        if self.word(&[word]) { Ok(()) } else { self.fail(wanted) }
    }

    fn fail<T>(&self, wanted: &'static str) -> Result<T, BadPattern> {
        let at = self.tokens.get(self.next).map_or(self.pattern.len(), |(_, from, _)| *from);
        Err(BadPattern { at, wanted })
    }
}

/// Whether a typed literal is one: an instant, pairs of hexadecimal digits, base64.
fn is_typed(text: &str) -> bool {
    let Some((kind, inner)) = text.strip_suffix('\'').and_then(|text| text.split_once('\'')) else { return false };
    match kind {
        "t" => property::time_of(inner).is_some(),
        "h" => inner.len().is_multiple_of(2) && inner.bytes().all(|byte| byte.is_ascii_hexdigit()),
        _ => inner.len().is_multiple_of(4) && inner.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b)),
    }
}

fn tokens(pattern: &str) -> Result<Vec<(Token, usize, usize)>, BadPattern> {
    let mut chars = pattern.char_indices().peekable();
    let mut out = Vec::new();
    while let Some((from, first)) = chars.next() {
        let token = match first {
            c if c.is_whitespace() => continue,
            '\'' => {
                quoted(&mut chars, from)?;
                Token::Text
            }
            'a'..='z' | 'A'..='Z' | '_' => {
                let typed = matches!(first, 't' | 'h' | 'b') && chars.next_if(|(_, c)| *c == '\'').is_some();
                if typed {
                    quoted(&mut chars, from)?;
                    Token::Typed
                } else {
                    while chars.next_if(|(_, c)| c.is_ascii_alphanumeric() || *c == '_' || *c == '-').is_some() {}
                    Token::Word
                }
            }
            '0'..='9' | '-' | '+' => number(&mut chars, first, from)?,
            '=' => {
                let _doubled = chars.next_if(|(_, c)| *c == '=');
                Token::Compare
            }
            '!' => match chars.next_if(|(_, c)| *c == '=') {
                Some(_) => Token::Compare,
                None => return Err(BadPattern { at: from, wanted: "`!=`" }),
            },
            '<' | '>' => {
                let _or_equal = chars.next_if(|(_, c)| *c == '=' || (first == '<' && *c == '>'));
                Token::Compare
            }
            '[' | ']' | '(' | ')' | ':' | '.' | ',' | '*' => Token::Sign(first),
            _ => return Err(BadPattern { at: from, wanted: "no such sign" }),
        };
        let to = chars.peek().map_or(pattern.len(), |(at, _)| *at);
        out.push((token, from, to));
    }
    Ok(out)
}

fn quoted(chars: &mut Peekable<CharIndices<'_>>, from: usize) -> Result<(), BadPattern> {
    while let Some((at, c)) = chars.next() {
        if c == '\'' {
            return Ok(());
        }
        if c == '\\' && chars.next_if(|(_, c)| matches!(c, '\'' | '\\')).is_none() {
            return Err(BadPattern { at, wanted: "`\\\\` or `\\'` after a backslash" });
        }
    }
    Err(BadPattern { at: from, wanted: "a closing quote" })
}

fn number(chars: &mut Peekable<CharIndices<'_>>, first: char, from: usize) -> Result<Token, BadPattern> {
    let mut digits = usize::from(first.is_ascii_digit());
    let mut points = 0;
    while let Some((_, c)) = chars.next_if(|(_, c)| c.is_ascii_digit() || *c == '.') {
        digits += usize::from(c != '.');
        points += usize::from(c == '.');
    }
    if digits == 0 || points > 1 {
        return Err(BadPattern { at: from, wanted: "a number" });
    }
    Ok(Token::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_parse_or_say_where_not() {
        fn check(pattern: &str, wanted: Option<usize>) {
            let got = super::check(pattern).err().map(|why| why.at);
            assert_eq!(got, wanted, "{pattern}");
        }
        let nested = format!("{}[a:b = 1]{}", "(".repeat(5_000), ")".repeat(5_000));
        for (pattern, wanted) in [
            ("[ipv4-addr:value = '198.51.100.1/32' OR ipv4-addr:value = '203.0.113.33/32']", None),
            ("[file:hashes.'SHA-256' = 'aa' AND file:size >= 5] FOLLOWEDBY [x:y != h'00']", None),
            ("([a:b MATCHES '^x\\\\d'] OR [a:b[*].c NOT LIKE 'x%']) WITHIN 300 SECONDS REPEATS 5 TIMES", None),
            ("[a:b IN ('x', 'y')] START t'2026-01-01T00:00:00Z' STOP t'2026-01-02T00:00:00Z'", None),
            ("[EXISTS windows-registry-key:values[0].data]", None),
            ("[process:name = '周敏\\'s' AND network-traffic:dst_port = 443.5]", None),
            ("[a:b = true]", None),
            ("[a:b == 1 AND c:d <> 2]", None),
            ("[a:b = 1] REPEATS 0 TIMES", Some(18)),
            ("[a:b = 1] WITHIN -5 SECONDS", Some(17)),
            ("[a:b = 1] START t'2026-01-02T00:00:00Z' STOP t'2026-01-01T00:00:00Z'", Some(45)),
            ("[a:b = t'2026-02-30T00:00:00Z']", Some(7)),
            ("[a:b = h'abc']", Some(7)),
            ("", Some(0)),
            ("[ipv4-addr:value = ]", Some(19)),
            ("[ipv4-addr = 'x']", Some(11)),
            ("[a:b = 'x'", Some(10)),
            ("[a:b = 'x]", Some(7)),
            ("[a:b = 'x'] AND", Some(15)),
            ("[a:b ~ 'x']", Some(5)),
            ("[a:b = 'x'] x", Some(12)),
            (&nested, Some(DEPTH_MAX)),
        ] {
            check(pattern, wanted);
        }
    }
}
