//! CAP alerts (OASIS Common Alerting Protocol 1.2; 1.1 is read as well).
//!
//! Owns [`Alert`], its reading by the schema and by the rules the schema cannot say (§3.2: times with an offset and never
//! `Z`, references, closed areas on the globe, restrictions). Must not trust a signature: it is kept, not verified.

use crate::finding::{Code, Gathered, Loss, Reading, Refused, shown};
use crate::time;
use crate::xml::{self, Document, Element};

pub(crate) mod geometry;
mod records;
#[cfg(test)]
mod tests;

pub(crate) use records::{of_records, records};

/// The namespace of CAP 1.2, and the one before, whose documents differ in nothing read here.
pub(crate) const SPACE: &str = "urn:oasis:names:tc:emergency:cap:1.2";
const SPACE_1_1: &str = "urn:oasis:names:tc:emergency:cap:1.1";
/// Where signatures come from (§3.3.4.1).
const SIGNATURES: &str = "http://www.w3.org/2000/09/xmldsig#";

/// How often an element may stand.
#[derive(Clone, Copy, PartialEq)]
enum Times {
    One,
    Maybe,
    Any,
    Some,
}
use Times::{Any, Maybe, One, Some as AtLeastOne};

/// What an element holds.
#[derive(Clone, Copy)]
enum Holds {
    /// Words; they may not be empty where the element is demanded.
    Words,
    /// An instant with an offset.
    Instant,
    /// One of these.
    Choice(&'static [&'static str]),
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// Elements of its own.
    Part(&'static [Rule]),
}

type Rule = (&'static str, Times, Holds);

const PAIR: &[Rule] = &[("valueName", One, Holds::Words), ("value", One, Holds::Words)];
const RESOURCE: &[Rule] = &[
    ("resourceDesc", One, Holds::Words),
    ("mimeType", Maybe, Holds::Words),
    ("size", Maybe, Holds::Whole),
    ("uri", Maybe, Holds::Words),
    ("derefUri", Maybe, Holds::Words),
    ("digest", Maybe, Holds::Words),
];
const AREA: &[Rule] = &[
    ("areaDesc", One, Holds::Words),
    ("polygon", Any, Holds::Words),
    ("circle", Any, Holds::Words),
    ("geocode", Any, Holds::Part(PAIR)),
    ("altitude", Maybe, Holds::Number),
    ("ceiling", Maybe, Holds::Number),
];
const CATEGORIES: &[&str] =
    &["Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"];
const RESPONSES: &[&str] =
    &["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"];
const URGENCIES: &[&str] = &["Immediate", "Expected", "Future", "Past", "Unknown"];
const SEVERITIES: &[&str] = &["Extreme", "Severe", "Moderate", "Minor", "Unknown"];
// `Very Likely` is CAP 1.0's, which 1.2 §3.2.2 still lets readers meet.
const CERTAINTIES: &[&str] = &["Observed", "Likely", "Possible", "Unlikely", "Unknown", "Very Likely"];
const STATUSES: &[&str] = &["Actual", "Exercise", "System", "Test", "Draft"];
const MESSAGES: &[&str] = &["Alert", "Update", "Cancel", "Ack", "Error"];
const SCOPES: &[&str] = &["Public", "Restricted", "Private"];
const INFO: &[Rule] = &[
    ("language", Maybe, Holds::Words),
    ("category", AtLeastOne, Holds::Choice(CATEGORIES)),
    ("event", One, Holds::Words),
    ("responseType", Any, Holds::Choice(RESPONSES)),
    ("urgency", One, Holds::Choice(URGENCIES)),
    ("severity", One, Holds::Choice(SEVERITIES)),
    ("certainty", One, Holds::Choice(CERTAINTIES)),
    ("audience", Maybe, Holds::Words),
    ("eventCode", Any, Holds::Part(PAIR)),
    ("effective", Maybe, Holds::Instant),
    ("onset", Maybe, Holds::Instant),
    ("expires", Maybe, Holds::Instant),
    ("senderName", Maybe, Holds::Words),
    ("headline", Maybe, Holds::Words),
    ("description", Maybe, Holds::Words),
    ("instruction", Maybe, Holds::Words),
    ("web", Maybe, Holds::Words),
    ("contact", Maybe, Holds::Words),
    ("parameter", Any, Holds::Part(PAIR)),
    ("resource", Any, Holds::Part(RESOURCE)),
    ("area", Any, Holds::Part(AREA)),
];
/// `alert` (§3.2.1), in the order of the schema.
const ALERT: &[Rule] = &[
    ("identifier", One, Holds::Words),
    ("sender", One, Holds::Words),
    ("sent", One, Holds::Instant),
    ("status", One, Holds::Choice(STATUSES)),
    ("msgType", One, Holds::Choice(MESSAGES)),
    ("source", Maybe, Holds::Words),
    ("scope", One, Holds::Choice(SCOPES)),
    ("restriction", Maybe, Holds::Words),
    ("addresses", Maybe, Holds::Words),
    ("code", Any, Holds::Words),
    ("note", Maybe, Holds::Words),
    ("references", Maybe, Holds::Words),
    ("incidents", Maybe, Holds::Words),
    ("info", Any, Holds::Part(INFO)),
];

/// An alert that was judged sound, as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    document: Document,
}

impl Alert {
    /// Its identifier, unique to its sender.
    #[must_use]
    pub fn identifier(&self) -> String {
        self.document.root.said("identifier").unwrap_or_default()
    }

    /// Whether a signature stands in it. It is not verified here.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.document.root.child("Signature").is_some()
    }

    /// The languages it speaks, in order; where a part names none, `en-US` (§3.2.2).
    #[must_use]
    pub fn languages(&self) -> Vec<String> {
        let infos = self.document.root.all("info");
        infos.map(|info| info.said("language").unwrap_or_else(|| "en-US".to_owned())).collect()
    }
}

/// Reads an alert.
///
/// # Errors
/// [`Refused`] by what is wrong first; never panics.
pub fn read(bytes: &[u8]) -> Result<Reading<Alert>, Refused> {
    let mut found = Gathered::default();
    let document = xml::read(bytes, &mut found);
    if let Some(document) = &document {
        judge(&document.root, &mut found);
    }
    found.ruled(document.map(|document| Alert { document }))
}

/// Writes an alert; comments and everything unknown are in it. A signature is written as it came, and holds only over
/// the bytes it was made of.
#[must_use]
pub fn write(alert: &Alert) -> (Vec<u8>, Vec<Loss>) {
    (xml::write(&alert.document), Vec::new())
}

fn judge(root: &Element, found: &mut Gathered) {
    if !root.is("alert") {
        found.error(Code::NotThisFormat, "/", format!("the root is `{}`, not `alert`", shown(root.local())));
        return;
    }
    match &*root.space {
        SPACE => {}
        SPACE_1_1 => found.warning(Code::WrongVersion, "/alert", "this is CAP 1.1, read by the rules of 1.2"),
        other => {
            found.error(Code::WrongNamespace, "/alert", format!("`{}` is not the namespace of CAP 1.2", shown(other)));
            return;
        }
    }
    part(root, ALERT, "/alert", found);
    together(root, found);
    for (place, info) in root.all("info").enumerate() {
        let at = format!("/alert/info[{}]", place + 1);
        order(info, &at, found);
        for (place, area) in info.all("area").enumerate() {
            geometry::judge(area, &format!("{at}/area[{}]", place + 1), found);
        }
    }
}

/// An element by its table: what must stand, how often, in which order, and what it holds.
fn part(element: &Element, rules: &[Rule], at: &str, found: &mut Gathered) {
    let mut last = 0;
    for child in element.elements() {
        let here = format!("{at}/{}", shown(child.local()));
        if *child.space != *element.space {
            if *child.space == *SIGNATURES && child.is("Signature") && rules.len() == ALERT.len() {
                continue;
            }
            found.error(Code::WrongNamespace, here, format!("`{}` has no place in CAP", shown(&child.space)));
            continue;
        }
        let Some(place) = rules.iter().position(|(name, _, _)| child.is(name)) else {
            found.error(Code::Unknown, here, "CAP has no such element here");
            continue;
        };
        if place < last {
            found.warning(Code::NotBySchema, here.as_str(), "stands later than the schema's order");
        }
        last = place.max(last);
        let (_, times, holds) = rules[place];
        value(child, times, holds, &here, found);
    }
    for (name, times, _) in rules {
        let count = element.all(name).filter(|child| child.space == element.space).count();
        let here = format!("{at}/{name}");
        if count == 0 && matches!(times, Times::One | Times::Some) {
            found.error(Code::MissingProperty, here, format!("`{name}` must be given"));
        } else if count > 1 && matches!(times, Times::One | Times::Maybe) {
            found.error(Code::Repeated, here, format!("`{name}` may stand once"));
        }
    }
}

fn value(element: &Element, times: Times, holds: Holds, at: &str, found: &mut Gathered) {
    if let Holds::Part(rules) = holds {
        if !element.text().is_empty() {
            found.error(Code::WrongKind, at, "holds elements, no text");
        }
        part(element, rules, at, found);
        return;
    }
    if element.elements().next().is_some() {
        found.error(Code::WrongKind, at, "holds text, no elements");
        return;
    }
    let text = element.text();
    let demanded = matches!(times, Times::One | Times::Some);
    let fits = match holds {
        Holds::Words => !demanded || !text.is_empty(),
        Holds::Instant => time::offset_time(&text).is_some(),
        Holds::Choice(choices) => choices.contains(&text.as_str()),
        Holds::Whole => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
        Holds::Number => text.parse::<f64>().is_ok_and(f64::is_finite),
        Holds::Part(_) => true,
    };
    if fits {
        return;
    }
    let said = shown(&text);
    match holds {
        Holds::Instant => {
            let words = format!("`{said}` is no time such as 2026-01-31T09:00:00+08:00; `Z` is forbidden (§3.3.2)");
            found.error(Code::BadTime, at, words);
        }
        Holds::Choice(_) => found.error(Code::BadChoice, at, format!("`{said}` is none of its values (§3.2)")),
        // CAP libraries demand words here, senders often leave a code's value empty.
        Holds::Words if at.ends_with("/value") => found.warning(Code::EmptyList, at, "says nothing"),
        Holds::Words | Holds::Whole | Holds::Number | Holds::Part(_) => {
            found.error(Code::BadValue, at, format!("`{said}` is no value of it"));
        }
    }
}

/// What must agree within the alert (§3.2.1).
fn together(root: &Element, found: &mut Gathered) {
    let said = |name: &str| root.said(name).unwrap_or_default();
    for name in ["identifier", "sender"] {
        let text = said(name);
        if text.contains(char::is_whitespace) || text.contains([',', '<', '&']) {
            found.error(Code::BadId, format!("/alert/{name}"), "may hold no space, comma, `<` or `&`");
        }
    }
    let scope = said("scope");
    if scope == "Restricted" && said("restriction").is_empty() {
        found.error(Code::MissingProperty, "/alert/restriction", "a restricted alert says what restricts it");
    }
    if scope == "Private" && said("addresses").is_empty() {
        found.error(Code::MissingProperty, "/alert/addresses", "a private alert says for whom it is");
    }
    let message = said("msgType");
    let references = root.child("references").map(Element::text);
    match references.as_deref() {
        Some("") => found.error(Code::EmptyList, "/alert/references", "names no message"),
        Some(text) => {
            for one in text.split_whitespace() {
                let parts: Vec<&str> = one.split(',').collect();
                let fits = matches!(parts.as_slice(), [sender, id, sent]
                    if !sender.is_empty() && !id.is_empty() && time::offset_time(sent).is_some());
                if !fits {
                    let words = format!("`{}` is not sender,identifier,sent", shown(one));
                    found.error(Code::BadValue, "/alert/references", words);
                }
            }
        }
        None if matches!(message.as_str(), "Update" | "Cancel" | "Ack" | "Error") => {
            let words = format!("`{message}` says which message it is about");
            found.error(Code::MissingProperty, "/alert/references", words);
        }
        None => {}
    }
    if message == "Error" && said("note").is_empty() {
        found.warning(Code::MissingProperty, "/alert/note", "an error says in its note what it is (§3.2.1)");
    }
}

/// Times in their order; the language by its form; addresses that are not followed.
fn order(info: &Element, at: &str, found: &mut Gathered) {
    let time = |name: &str| info.said(name).and_then(|text| time::offset_time(&text));
    for (earlier, later) in [("effective", "expires"), ("onset", "expires")] {
        if let (Some(from), Some(to)) = (time(earlier), time(later))
            && from > to
        {
            found.warning(Code::BadOrder, format!("{at}/{later}"), format!("lies before `{earlier}`"));
        }
    }
    if let Some(language) = info.said("language") {
        let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if !language.split('-').all(part) {
            found.error(Code::BadValue, format!("{at}/language"), format!("`{}` is no language", shown(&language)));
        }
    }
    for (name, text) in info.elements().map(|child| (child.local(), child.text())) {
        let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
        if name == "web" && !matches!(scheme.as_str(), "http" | "https") {
            found.warning(Code::UnsafeLink, format!("{at}/web"), "only http and https addresses are offered to people");
        }
    }
}
