//! goAML reports (UNODC), from one financial intelligence unit to another, by the profile of the one that receives.
//!
//! Owns what every goAML 4 and 5 report has, and what each profile adds or does not know. Must not hold any unit's code
//! lists: each publishes its own, and checks them itself.

use domain::menu::Menu;

use crate::code::menu;
use crate::finding::{Code, Gathered, Loss, LossCode, Reading, Refused, shown};
use crate::record::Account;
use crate::time;
use crate::xml::{self, Document, Element, Node};

mod records;
#[cfg(test)]
mod tests;

pub(crate) use records::records;

/// Most transactions and activities of one report: the schema of a large unit allows ten thousand.
pub const TRANSACTIONS_MAX: usize = 50_000;

menu! {
    /// The schema the receiving unit checks by.
    Profile {
        /// goAML 4.x: none of the elements that 5.1 and 5.2 brought.
        V4 = "4",
        /// goAML 5.0.1: the branch of the reporting entity is demanded.
        V501 = "5.0.1",
        /// goAML 5.0.2.
        V502 = "5.0.2",
    }
}

/// What every report begins with, in the order of the schema; the flag says that it must stand.
const HEAD: &[(&str, bool)] = &[
    ("schema_version", false),
    ("rentity_id", true),
    ("rentity_branch", false),
    ("submission_code", true),
    ("report_code", true),
    ("entity_reference", false),
    ("fiu_ref_number", false),
    ("prev_rejected_ref_number", false),
    ("submission_date", false),
    ("report_date", false),
    ("currency_code_local", true),
    ("reporting_person", false),
    ("reporting_user_code", false),
    ("location", false),
    ("reason", false),
    ("action", false),
    ("transaction", false),
    ("activity", false),
    ("report_indicators", false),
    ("additional_information", false),
];
/// What a transaction must say.
const TRANSACTION: &[&str] = &["transactionnumber", "date_transaction", "transmode_code", "amount_local"];
/// Elements 5.1 and 5.2 brought, by `goaml:supportedIn` of the published schema.
const SINCE_5: &[&str] = &[
    "account_category",
    "account_funds",
    "account_type",
    "additional_address_line1",
    "additional_address_line2",
    "additional_information",
    "agent_name",
    "apartment_number",
    "collection_account",
    "conductor_is_suspected",
    "country_of_birth",
    "emails",
    "employment_history",
    "entity_identifications",
    "from_is_suspected",
    "from_transaction_additional_info",
    "full_name_frn",
    "geo_location",
    "house_number",
    "identifications",
    "institution_country",
    "is_protected",
    "is_suspected",
    "means_of_transport",
    "network_devices",
    "peps",
    "prev_rejected_ref_number",
    "previous_names",
    "re_relationship",
    "related_accounts",
    "related_entities",
    "related_persons",
    "report_date",
    "reporting_user_code",
    "residence_since",
    "sanctions",
    "schema_version",
    "social_media",
    "status_date",
    "to_is_suspected",
    "to_transaction_additional_info",
    "transaction_additional_info",
    "transaction_address",
    "transaction_is_suspicious",
    "transaction_status",
    "transaction_type_code",
    "urls",
];

/// A report that was judged sound, as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    document: Document,
}

impl Report {
    /// The code of what kind of report it is, from the receiving unit's list.
    #[must_use]
    pub fn code(&self) -> String {
        self.document.root.said("report_code").unwrap_or_default()
    }

    /// The profile it says or shows itself to be written by.
    #[must_use]
    pub fn profile(&self) -> Profile {
        match self.document.root.said("schema_version").as_deref() {
            Some("5.0.1") => Profile::V501,
            Some(_) => Profile::V502,
            None if shows_5(&self.document.root) => Profile::V502,
            None => Profile::V4,
        }
    }
}

/// Reads a report by the rules all profiles share.
///
/// # Errors
/// [`Refused`] by what is wrong first; never panics.
pub fn read(bytes: &[u8]) -> Result<Reading<Report>, Refused> {
    let mut found = Gathered::default();
    let document = xml::read(bytes, &mut found);
    if let Some(document) = &document {
        judge(&document.root, &mut found);
    }
    found.ruled(document.map(|document| Report { document }))
}

/// Writes a report as it came. Nothing is lost.
#[must_use]
pub fn write(report: &Report) -> (Vec<u8>, Vec<Loss>) {
    (xml::write(&report.document), Vec::new())
}

/// Writes a report for a receiving unit's profile; what the profile does not know is left out and listed.
#[must_use]
pub fn write_for(report: &Report, profile: Profile) -> (Vec<u8>, Vec<Loss>) {
    let mut document = report.document.clone();
    let mut account = Account::default();
    let root = &mut document.root;
    if profile == Profile::V4 {
        // What 5 calls the date of the report is the date of its submission in 4.
        let date = if root.child("submission_date").is_none() { root.take("report_date") } else { None };
        if let Some(mut date) = date {
            date.name = "submission_date".to_owned();
            let place = root
                .nodes
                .iter()
                .position(|node| matches!(node, Node::Element(child) if child.is("currency_code_local")));
            root.nodes.insert(place.unwrap_or(root.nodes.len()), Node::Element(date));
        }
        strip(root, "", &mut account);
    } else {
        let version = root.take("schema_version");
        if version.is_none() {
            account.put_in("/report/schema_version", profile.code());
        }
        let mut version = Element::new("schema_version", &root.space);
        version.nodes.push(Node::Text(profile.code().to_owned()));
        root.nodes.insert(0, Node::Element(version));
    }
    if profile == Profile::V501 && root.child("rentity_branch").is_none() {
        let place = root.nodes.iter().position(|node| matches!(node, Node::Element(child) if child.is("rentity_id")));
        let mut branch = Element::new("rentity_branch", &root.space);
        branch.nodes.push(Node::Text("unknown".to_owned()));
        root.nodes.insert(place.map_or(0, |place| place + 1), Node::Element(branch));
        account.put_in("/report/rentity_branch", "unknown");
    }
    (xml::write(&document), account.losses())
}

fn strip(element: &mut Element, above: &str, account: &mut Account) {
    let at = format!("{above}/{}", element.name);
    let nodes = std::mem::take(&mut element.nodes);
    for node in nodes {
        match node {
            Node::Element(mut child) => {
                if SINCE_5.contains(&child.local()) {
                    account.lose(LossCode::NoPlace, format!("{at}/{}", child.name), &child.whole_text());
                } else {
                    strip(&mut child, &at, account);
                    element.nodes.push(Node::Element(child));
                }
            }
            other => element.nodes.push(other),
        }
    }
}

fn shows_5(element: &Element) -> bool {
    element.elements().any(|child| SINCE_5.contains(&child.local()) || shows_5(child))
}

fn judge(root: &Element, found: &mut Gathered) {
    if root.local() != "report" {
        found.error(Code::NotThisFormat, "/", format!("the root is `{}`, not `report`", shown(root.local())));
        return;
    }
    if !root.space.is_empty() {
        let words = format!("goAML has no namespace; this is `{}`", shown(&root.space));
        found.error(Code::WrongNamespace, "/report", words);
        return;
    }
    if let Some(version) = root.said("schema_version")
        && !version.starts_with(['4', '5'])
    {
        let words = format!("goAML {} is not read; 4.x and 5.x are", shown(&version));
        found.error(Code::WrongVersion, "/report/schema_version", words);
    }
    let mut last = 0;
    for child in root.elements() {
        let here = format!("/report/{}", shown(child.local()));
        let Some(place) = HEAD.iter().position(|(name, _)| child.is(name)) else {
            found.warning(Code::Unknown, here, "neither 4.x nor 5.x has such an element here; kept");
            continue;
        };
        if place < last {
            found.warning(Code::NotBySchema, here, "stands later than the schema's order");
        }
        last = place.max(last);
    }
    for (name, demanded) in HEAD {
        let (count, here) = (root.all(name).count(), format!("/report/{name}"));
        if *demanded && root.said(name).is_none() {
            found.error(Code::MissingProperty, here.as_str(), format!("`{name}` must be given"));
        }
        if count > 1 && !matches!(*name, "transaction" | "activity") {
            found.error(Code::Repeated, here, format!("`{name}` may stand once"));
        }
    }
    dates(root, found);
    choices(root, found);
    transactions(root, found);
    amounts(root, "/report", found);
}

fn dates(root: &Element, found: &mut Gathered) {
    let dated = ["submission_date", "report_date"].iter().filter(|name| root.child(name).is_some()).count();
    if dated == 0 {
        found.error(Code::MissingProperty, "/report/submission_date", "a report is dated");
    } else if dated == 2 {
        found.error(Code::Conflict, "/report/report_date", "either `submission_date` or `report_date`");
    }
}

fn choices(root: &Element, found: &mut Gathered) {
    let said = |name: &str| root.said(name).unwrap_or_default();
    let submission = said("submission_code");
    if !submission.is_empty() && !matches!(submission.as_str(), "E" | "M") {
        let words = format!("`{}` is neither `E` nor `M`", shown(&submission));
        found.error(Code::BadChoice, "/report/submission_code", words);
    }
    let currency = said("currency_code_local");
    let is_code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
    if !currency.is_empty() && !is_code {
        let words = format!("`{}` is no currency (ISO 4217)", shown(&currency));
        found.error(Code::BadValue, "/report/currency_code_local", words);
    }
}

fn transactions(root: &Element, found: &mut Gathered) {
    let count = root.all("transaction").count();
    if count == 0 && root.child("activity").is_none() {
        found.error(Code::MissingProperty, "/report/transaction", "a report is of transactions or of an activity");
    } else if count > TRANSACTIONS_MAX {
        found.error(Code::TooManyObjects, "/report/transaction", format!("more than {TRANSACTIONS_MAX}"));
        return;
    } else if count > 0 && root.child("activity").is_some() {
        found.error(Code::Conflict, "/report/activity", "either transactions or an activity");
    }
    for (place, transaction) in root.all("transaction").enumerate() {
        let at = format!("/report/transaction[{}]", place + 1);
        for name in TRANSACTION {
            if transaction.said(name).is_none() {
                found.error(Code::MissingProperty, format!("{at}/{name}"), format!("`{name}` must be given"));
            }
        }
        let sides = ["t_from_my_client", "t_from", "t_to_my_client", "t_to", "involved_parties"];
        if !sides.iter().any(|side| transaction.child(side).is_some()) {
            found.error(Code::MissingProperty, at, "a transaction has two sides, or parties");
        }
    }
}

/// Dates and amounts at any depth; names of both end alike in every version.
fn amounts(element: &Element, at: &str, found: &mut Gathered) {
    for child in element.elements() {
        let here = format!("{at}/{}", shown(child.local()));
        if child.elements().next().is_some() {
            amounts(child, &here, found);
            continue;
        }
        let (name, text) = (child.local(), child.text());
        let is_date = matches!(name, "birthdate" | "submission_date" | "report_date" | "value_date" | "date_posting")
            || name.starts_with("date_")
            || name.ends_with("_date");
        let is_amount = name.starts_with("amount") || name.ends_with("_amount") || name == "estimated_value";
        if is_date && !text.is_empty() && !is_moment(&text) {
            found.error(Code::BadTime, here, format!("`{}` is no date and time", shown(&text)));
        } else if is_amount && !text.is_empty() && !is_decimal(&text) {
            found.error(Code::BadValue, here, format!("`{}` is no amount", shown(&text)));
        }
    }
}

fn is_moment(text: &str) -> bool {
    time::local(text).is_some() || time::instant(text).is_some() || time::date(text).is_some()
}

fn is_decimal(text: &str) -> bool {
    // Either side of the point may be empty, not both (XML Schema part 2 §3.2.3).
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty())
}
