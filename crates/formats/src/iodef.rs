//! Incident reports of computer emergency teams: IODEF version 2 (RFC 7970), XML.
//!
//! Owns the incidents' shape as far as every reader relies on it. Must not follow a reference.

use crate::finding::{Code, Gathered, Loss, Reading, Refused, shown};
use crate::time;
use crate::xml::{self, Document, Element};

mod records;

pub(crate) use records::{of_records, records};

/// The namespace of version 2.
pub(crate) const SPACE: &str = "urn:ietf:params:xml:ns:iodef-2.0";
/// Most incidents of one document.
pub const INCIDENTS_MAX: usize = 10_000;

/// Purposes (RFC 7970 §3.2).
const PURPOSES: &[&str] = &["traceback", "mitigation", "reporting", "watch", "other", "ext-value"];
/// Restrictions (§3.3.1), the colours of TLP among them.
const RESTRICTIONS: &[&str] =
    &["public", "partner", "need-to-know", "private", "default", "white", "green", "amber", "red", "ext-value"];
/// The times an incident may tell.
const TIMES: &[&str] = &["DetectTime", "StartTime", "EndTime", "RecoveryTime", "ReportTime", "GenerationTime"];

/// A document that was judged sound, as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Incidents {
    document: Document,
}

impl Incidents {
    /// How many incidents it reports.
    #[must_use]
    pub fn count(&self) -> usize {
        self.document.root.all("Incident").count()
    }
}

/// Reads a document.
///
/// # Errors
/// [`Refused`] by what is wrong first; never panics.
pub fn read(bytes: &[u8]) -> Result<Reading<Incidents>, Refused> {
    let mut found = Gathered::default();
    let document = xml::read(bytes, &mut found);
    if let Some(document) = &document {
        judge(&document.root, &mut found);
    }
    found.ruled(document.map(|document| Incidents { document }))
}

/// Writes a document as it came. Nothing is lost.
#[must_use]
pub fn write(incidents: &Incidents) -> (Vec<u8>, Vec<Loss>) {
    (xml::write(&incidents.document), Vec::new())
}

fn judge(root: &Element, found: &mut Gathered) {
    if !root.is("IODEF-Document") {
        found.error(Code::NotThisFormat, "/", format!("the root is `{}`, not `IODEF-Document`", shown(root.local())));
        return;
    }
    if *root.space != *SPACE {
        let words = format!("`{}` is not the namespace of IODEF 2", shown(&root.space));
        found.error(Code::WrongNamespace, "/IODEF-Document", words);
        return;
    }
    if root.attribute("version") != Some("2.00") {
        found.error(Code::WrongVersion, "/IODEF-Document/@version", "must be `2.00`");
    }
    if root.attribute("xml:lang").is_none() {
        found.warning(Code::MissingProperty, "/IODEF-Document/@xml:lang", "the document says its language (§3.1)");
    }
    let count = root.all("Incident").count();
    if count == 0 {
        found.error(Code::EmptyList, "/IODEF-Document", "there is no incident in it");
    } else if count > INCIDENTS_MAX {
        found.error(Code::TooManyObjects, "/IODEF-Document", format!("more than {INCIDENTS_MAX} incidents"));
        return;
    }
    for (place, incident) in root.all("Incident").enumerate() {
        self::incident(incident, &format!("/IODEF-Document/Incident[{}]", place + 1), found);
    }
}

fn incident(incident: &Element, at: &str, found: &mut Gathered) {
    let choice = |name: &str, choices: &[&str], demanded: bool, found: &mut Gathered| match incident.attribute(name) {
        Some(value) if choices.contains(&value) => {}
        Some(value) => {
            found.error(Code::BadChoice, format!("{at}/@{name}"), format!("`{}` is none of its values", shown(value)));
        }
        None if demanded => {
            found.error(Code::MissingProperty, format!("{at}/@{name}"), format!("`{name}` must be given"))
        }
        None => {}
    };
    choice("purpose", PURPOSES, true, found);
    choice("restriction", RESTRICTIONS, false, found);
    match incident.child("IncidentID") {
        Some(id) if !id.text().is_empty() && id.attribute("name").is_some_and(|name| !name.is_empty()) => {}
        _ => found.error(
            Code::MissingProperty,
            format!("{at}/IncidentID"),
            "an id, and the name of the team that gave it",
        ),
    }
    if incident.all("IncidentID").count() > 1 {
        found.error(Code::Repeated, format!("{at}/IncidentID"), "an incident has one id of its team");
    }
    for name in ["GenerationTime", "Contact"] {
        if incident.child(name).is_none() {
            found.error(Code::MissingProperty, format!("{at}/{name}"), format!("`{name}` must be given"));
        }
    }
    for name in TIMES {
        if incident.all(name).count() > 1 {
            found.error(Code::Repeated, format!("{at}/{name}"), format!("`{name}` may stand once"));
        }
        if let Some(text) = incident.child(name).map(Element::text)
            && time::instant(&text).is_none()
        {
            found.error(
                Code::BadTime,
                format!("{at}/{name}"),
                format!("`{}` is no time with its offset", shown(&text)),
            );
        }
    }
    for (place, contact) in incident.all("Contact").enumerate() {
        for name in ["role", "type"] {
            if contact.attribute(name).is_none() {
                let here = format!("{at}/Contact[{}]/@{name}", place + 1);
                found.error(Code::MissingProperty, here, format!("`{name}` must be given"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_refuses_by_its_name() {
        fn check(change: (&str, &str), wanted: Option<&str>) {
            let text = "<IODEF-Document version=\"2.00\" xml:lang=\"en\" xmlns=\"urn:ietf:params:xml:ns:iodef-2.0\">\
                <Incident purpose=\"reporting\" restriction=\"private\"><IncidentID name=\"a\">1</IncidentID>\
                <GenerationTime>2015-07-18T09:00:00-05:00</GenerationTime><Contact type=\"person\" role=\"creator\"/>\
                </Incident></IODEF-Document>";
            assert!(text.contains(change.0), "{change:?}");
            let got = read(text.replacen(change.0, change.1, 1).as_bytes());
            assert_eq!(got.as_ref().err().map(|refused| refused.first.code), wanted, "{change:?}: {got:?}");
        }
        for (change, wanted) in [
            (("2.00", "2.00"), None),
            (("2.00", "1.00"), Some("wrong-version")),
            (("iodef-2.0", "iodef-1.0"), Some("wrong-namespace")),
            (("reporting", "gossip"), Some("bad-choice")),
            (("private", "secret"), Some("bad-choice")),
            ((" name=\"a\"", ""), Some("missing-property")),
            (("-05:00", ""), Some("bad-time")),
            (("</IncidentID>", "</IncidentID><IncidentID name=\"b\">2</IncidentID>"), Some("repeated")),
            (("<Contact", "<StartTime/><Contact"), Some("bad-time")),
            ((" role=\"creator\"", ""), Some("missing-property")),
        ] {
            check(change, wanted);
        }
    }
}
