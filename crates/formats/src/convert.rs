//! From one format to another: which pairs there are, and what each loses.
//!
//! Owns the list of formats and the way between them, through records. Must not know files or languages.

use domain::menu::Menu;

use crate::code::menu;
use crate::finding::{Finding, Loss, Reading, Refused};
use crate::goaml::Profile;
use crate::law::Markup;
use crate::lists::{ChangeKind, Publisher};
use crate::record::{Account, Context, Record, Subject};
use crate::{cap, csaf, csv, geojson, goaml, ical, iodef, law, lists, misp, mrz, stix, xml};

menu! {
    /// A format that can be read or written.
    Format {
        /// STIX 2.1 bundle.
        Stix = "stix",
        /// MISP events.
        Misp = "misp",
        /// CAP 1.2 alert.
        Cap = "cap",
        /// A table whose columns are keys of records.
        Csv = "csv",
        /// Machine-readable zones of travel documents (ICAO 9303).
        Mrz = "mrz",
        /// GeoJSON.
        GeoJson = "geojson",
        /// iCalendar.
        Ical = "ical",
        /// The Security Council's consolidated list.
        Un = "un",
        /// The UK sanctions list.
        Uk = "uk",
        /// CSAF 2.0 advisory.
        Csaf = "csaf",
        /// goAML report by the profile of 5.0.2.
        GoAml = "goaml",
        /// goAML report by the profile of 4.x.
        GoAml4 = "goaml4",
        /// IODEF 2 incidents.
        Iodef = "iodef",
        /// Akoma Ntoso 3.0.
        Akn = "akn",
        /// Crown Legislation Markup Language.
        Clml = "clml",
    }
}

/// What came of a conversion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The file in the target format; empty when nothing in the source has a place there.
    pub bytes: Vec<u8>,
    /// What was found while reading.
    pub findings: Vec<Finding>,
    /// How many further findings were not kept.
    pub more: usize,
    /// Everything lost or put in.
    pub losses: Vec<Loss>,
}

/// Any value one of the readers gives.
enum Read {
    Stix(stix::Document),
    Misp(misp::Events),
    Cap(cap::Alert),
    Csv(csv::Table),
    Mrz(mrz::Zones),
    GeoJson(geojson::Places),
    Ical(ical::Calendars),
    List(lists::List),
    Csaf(csaf::Advisory),
    GoAml(goaml::Report),
    Iodef(iodef::Incidents),
    Law(law::Law),
}

impl Format {
    /// What a file of this format can be about.
    #[must_use]
    pub fn gives(self) -> &'static [Subject] {
        use Subject::{Alert, Indicator, Law, Meeting, Person, Provision, Site, Vulnerability};
        match self {
            Self::Stix => &[Indicator, Vulnerability, Person],
            Self::Misp => &[Indicator, Vulnerability],
            Self::Cap => &[Alert],
            Self::Csv => EVERYTHING,
            Self::Csaf => &[Vulnerability],
            Self::Mrz | Self::Un | Self::Uk | Self::GoAml | Self::GoAml4 => &[Person],
            Self::Iodef => &[Indicator],
            Self::Akn | Self::Clml => &[Law, Provision],
            Self::Ical => &[Meeting],
            Self::GeoJson => &[Site],
        }
    }

    /// What can be written in it.
    #[must_use]
    pub fn takes(self) -> &'static [Subject] {
        use Subject::{Alert, Meeting, Site};
        match self {
            Self::Cap => &[Alert, Site, Meeting],
            Self::GeoJson => &[Site, Alert],
            Self::Ical => &[Meeting, Alert],
            // An advisory or a report is its author's act: neither is made of what somebody else said.
            Self::Csaf | Self::GoAml | Self::GoAml4 => &[],
            other => other.gives(),
        }
    }

    /// How its files are usually called.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Stix | Self::Misp | Self::Csaf => "json",
            Self::Cap | Self::Un | Self::Uk | Self::GoAml | Self::GoAml4 | Self::Iodef | Self::Akn | Self::Clml => {
                "xml"
            }
            Self::Csv => "csv",
            Self::Mrz => "txt",
            Self::GeoJson => "geojson",
            Self::Ical => "ics",
        }
    }

    /// Whether anything of `self` has a place in `to`.
    #[must_use]
    pub fn can_become(self, to: Self) -> bool {
        let reports = [Self::GoAml, Self::GoAml4];
        let shared = || self.gives().iter().any(|subject| to.takes().contains(subject));
        match to {
            _ if self == to || (reports.contains(&self) && reports.contains(&to)) => true,
            // Whoever is named in a report or an incident is not thereby on a list, nor the bearer of a passport.
            Self::Un | Self::Uk | Self::Mrz => matches!(self, Self::Un | Self::Uk | Self::Csv) && shared(),
            _ => shared(),
        }
    }
}

const EVERYTHING: &[Subject] = &[
    Subject::Indicator,
    Subject::Vulnerability,
    Subject::Person,
    Subject::Alert,
    Subject::Meeting,
    Subject::Law,
    Subject::Provision,
    Subject::Site,
];

/// Converts a file. The same format read and written is the file made plain, with whatever that loses.
///
/// # Errors
/// [`Refused`] when the bytes are not sound by the rules of `from`.
pub fn convert(from: Format, to: Format, bytes: &[u8], context: &Context) -> Result<Converted, Refused> {
    let Reading { value, findings, more } = read(from, bytes)?;
    let rewritten = match (&value, to) {
        (Read::GoAml(report), Format::GoAml) if from != to => Some(goaml::write_for(report, Profile::V502)),
        (Read::GoAml(report), Format::GoAml4) if from != to => Some(goaml::write_for(report, Profile::V4)),
        _ if from == to => Some(value.write()),
        _ => None,
    };
    if let Some((bytes, losses)) = rewritten {
        return Ok(Converted { bytes, findings, more, losses });
    }
    let mut account = Account::default();
    let mut records = value.records(&mut account);
    // A file with a character its format has no way to write would be refused by whoever gets it.
    let may_stand: Option<fn(char) -> bool> = match to.extension() {
        "xml" => Some(xml::is_character),
        "csv" => Some(|c| c != '\0'),
        _ => None,
    };
    if let Some(may_stand) = may_stand {
        records.iter_mut().for_each(|record| record.fit(may_stand, &mut account));
    }
    let (bytes, written) = make(to, records, context, &mut account);
    let mut losses = account.losses();
    losses.extend(written);
    Ok(Converted { bytes, findings, more, losses })
}

/// The difference of two editions of a list, as a table: what happened, reference, name, and the elements that differ.
/// Nothing when the format has no editions.
///
/// # Errors
/// [`Refused`] when either edition is not sound.
pub fn changes(format: Format, before: &[u8], after: &[u8]) -> Result<Option<Converted>, Refused> {
    let (before, after) = match format {
        Format::Un => (lists::read_un(before)?, lists::read_un(after)?),
        Format::Uk => (lists::read_uk(before)?, lists::read_uk(after)?),
        _ => return Ok(None),
    };
    let rows = before.value.changes(&after.value).into_iter().map(|change| {
        let (kind, elements) = match change.kind {
            ChangeKind::Added => ("added", String::new()),
            ChangeKind::Amended(elements) => ("amended", elements.join("|")),
            ChangeKind::Removed => ("removed", String::new()),
        };
        vec![kind.to_owned(), change.reference, change.name, elements]
    });
    let table = csv::Table::of(&["change", "id", "name", "elements"], rows.collect());
    let (bytes, losses) = csv::write(&table);
    Ok(Some(Converted { bytes, findings: after.findings, more: after.more, losses }))
}

/// Reads a file of a format for its findings alone.
///
/// # Errors
/// [`Refused`] when the bytes are not sound.
pub fn inspect(format: Format, bytes: &[u8]) -> Result<Reading<()>, Refused> {
    let Reading { findings, more, .. } = read(format, bytes)?;
    Ok(Reading { value: (), findings, more })
}

fn read(format: Format, bytes: &[u8]) -> Result<Reading<Read>, Refused> {
    fn map<T>(reading: Reading<T>, into: impl Fn(T) -> Read) -> Reading<Read> {
        Reading { value: into(reading.value), findings: reading.findings, more: reading.more }
    }
    Ok(match format {
        Format::Stix => map(stix::document(bytes)?, Read::Stix),
        Format::Misp => map(misp::read(bytes)?, Read::Misp),
        Format::Cap => map(cap::read(bytes)?, Read::Cap),
        Format::Csv => map(csv::read(bytes)?, Read::Csv),
        Format::Mrz => map(mrz::read(bytes)?, Read::Mrz),
        Format::GeoJson => map(geojson::read(bytes)?, Read::GeoJson),
        Format::Ical => map(ical::read(bytes)?, Read::Ical),
        Format::Un => map(lists::read_un(bytes)?, Read::List),
        Format::Uk => map(lists::read_uk(bytes)?, Read::List),
        Format::Csaf => map(csaf::read(bytes)?, Read::Csaf),
        Format::GoAml | Format::GoAml4 => map(goaml::read(bytes)?, Read::GoAml),
        Format::Iodef => map(iodef::read(bytes)?, Read::Iodef),
        Format::Akn => map(law::read_akn(bytes)?, Read::Law),
        Format::Clml => map(law::read_clml(bytes)?, Read::Law),
    })
}

impl Read {
    fn write(&self) -> (Vec<u8>, Vec<Loss>) {
        match self {
            Self::Stix(document) => stix::write(document),
            Self::Misp(events) => misp::write(events),
            Self::Cap(alert) => cap::write(alert),
            Self::Csv(table) => csv::write(table),
            Self::Mrz(zones) => mrz::write(zones),
            Self::GeoJson(map) => geojson::write(map),
            Self::Ical(calendars) => ical::write(calendars),
            Self::List(list) => lists::write(list),
            Self::Csaf(advisory) => csaf::write(advisory),
            Self::GoAml(report) => goaml::write(report),
            Self::Iodef(incidents) => iodef::write(incidents),
            Self::Law(law) => law::write(law),
        }
    }

    fn records(&self, account: &mut Account) -> Vec<Record> {
        match self {
            Self::Stix(document) => stix::records(document, account),
            Self::Misp(events) => misp::records(events, account),
            Self::Cap(alert) => cap::records(alert, account),
            Self::Csv(table) => csv::records(table, account),
            Self::Mrz(zones) => mrz::records(zones, account),
            Self::GeoJson(map) => geojson::records(map, account),
            Self::Ical(calendars) => ical::records(calendars, account),
            Self::List(list) => lists::records(list, account),
            Self::Csaf(advisory) => csaf::records(advisory, account),
            Self::GoAml(report) => goaml::records(report, account),
            Self::Iodef(incidents) => iodef::records(incidents, account),
            Self::Law(law) => law::records(law, account),
        }
    }
}

fn make(to: Format, records: Vec<Record>, context: &Context, account: &mut Account) -> (Vec<u8>, Vec<Loss>) {
    match to {
        Format::Stix => stix::of_records(records, context, account).as_ref().map(stix::write),
        Format::Misp => misp::of_records(records, context, account).as_ref().map(misp::write),
        Format::Cap => cap::of_records(records, context, account).as_ref().map(cap::write),
        Format::Csv => csv::of_records(records).as_ref().map(csv::write),
        Format::Mrz => mrz::of_records(records, account).as_ref().map(mrz::write),
        Format::GeoJson => geojson::of_records(records, account).as_ref().map(geojson::write),
        Format::Ical => ical::of_records(records, context, account).as_ref().map(ical::write),
        Format::Un => lists::of_records(Publisher::Un, records, context, account).as_ref().map(lists::write),
        Format::Uk => lists::of_records(Publisher::Uk, records, context, account).as_ref().map(lists::write),
        Format::Iodef => iodef::of_records(records, context, account).as_ref().map(iodef::write),
        Format::Akn => law::of_records(Markup::Akn, records, context, account).as_ref().map(law::write),
        Format::Clml => law::of_records(Markup::Clml, records, context, account).as_ref().map(law::write),
        // Nothing takes these as a target: `can_become` says so before.
        Format::Csaf | Format::GoAml | Format::GoAml4 => None,
    }
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::finding::LossCode;

    #[test]
    fn what_xml_cannot_hold_is_told_and_the_file_is_read_again() {
        fn check(to: Format, table: &str) {
            let context = Context { now: Timestamp::UNIX_EPOCH };
            let made = convert(Format::Csv, to, table.as_bytes(), &context).expect("a sound table");
            let read = inspect(to, &made.bytes);
            assert!(read.is_ok(), "{to}: {read:?}");
            assert!(String::from_utf8_lossy(&made.bytes).contains("A\u{fffd}B"), "{to}");
            let told = |loss: &Loss| loss.code == LossCode::Coarser && loss.first.starts_with('A');
            assert!(made.losses.iter().any(told), "{to}: {:?}", made.losses);
        }
        let person = "subject,id,name\r\nperson,QDi.001,A\u{1}B\r\n";
        check(Format::Un, person);
        check(Format::Uk, person);
        let alert = "subject,id,event,area,urgency,severity,certainty,status,sent\r\n\
                     alert,1,A\u{1}B,here,immediate,severe,observed,actual,2026-01-01T00:00:00Z\r\n";
        check(Format::Cap, alert);
    }
}
