//! A report by the rules all profiles share, one fault each, and what a profile leaves out.

use super::*;
use crate::record::Key;

fn report(change: (&str, &str)) -> String {
    let text = "<report><schema_version>5.0.2</schema_version><rentity_id>1</rentity_id>\
        <submission_code>E</submission_code><report_code>STR</report_code><entity_reference>r</entity_reference>\
        <submission_date>2026-05-26T10:00:00</submission_date><currency_code_local>AED</currency_code_local>\
        <transaction><transactionnumber>t</transactionnumber><date_transaction>2026-05-24T14:30:00</date_transaction>\
        <transmode_code>X</transmode_code><amount_local>120000.00</amount_local>\
        <transaction_status>1</transaction_status><t_to><to_funds_code>C</to_funds_code></t_to></transaction></report>";
    assert!(text.contains(change.0), "{change:?}");
    text.replacen(change.0, change.1, 1)
}

#[test]
fn each_rule_refuses_by_its_name() {
    fn check(change: (&str, &str), wanted: Option<&str>) {
        let got = read(report(change).as_bytes());
        assert_eq!(got.as_ref().err().map(|refused| refused.first.code), wanted, "{change:?}: {got:?}");
    }
    for (change, wanted) in [
        (("AED", "AED"), None),
        (("<rentity_id>1</rentity_id>", ""), Some("missing-property")),
        (("AED", "aed"), Some("bad-value")),
        (("<submission_code>E", "<submission_code>Q"), Some("bad-choice")),
        (("2026-05-24T14:30:00", "yesterday"), Some("bad-time")),
        (("120000.00", "12e4"), Some("bad-value")),
        (("5.0.2", "9.1"), Some("wrong-version")),
        (("<report>", "<report xmlns=\"u\">"), Some("wrong-namespace")),
        (("</report>", "<activity/></report>"), Some("conflict")),
        (("<currency", "<report_date>2026-05-26T10:00:00</report_date><currency"), Some("conflict")),
        (
            ("<report_code>STR</report_code>", "<report_code>STR</report_code><report_code>STR</report_code>"),
            Some("repeated"),
        ),
    ] {
        check(change, wanted);
    }
}

#[test]
fn a_profile_leaves_out_what_it_does_not_know_and_says_so() {
    let report = read(report(("AED", "AED")).as_bytes()).expect("sound").value;
    assert_eq!((report.profile(), report.code().as_str()), (Profile::V502, "STR"));
    let (bytes, losses) = write_for(&report, Profile::V4);
    let told: Vec<_> = losses.iter().map(|loss| loss.at.as_str()).collect();
    assert_eq!(told, ["/report/schema_version", "/report/transaction/transaction_status"]);
    assert_eq!(read(&bytes).expect("still sound").value.profile(), Profile::V4);
    let (bytes, losses) = write_for(&report, Profile::V501);
    assert_eq!(
        losses.iter().map(|loss| (loss.code.code(), loss.at.as_str())).collect::<Vec<_>>(),
        [("put-in", "/report/rentity_branch")]
    );
    assert_eq!(read(&bytes).expect("still sound").value.profile(), Profile::V501);
}

/// A yes or no where some units keep a number is no document; it is told as left out.
#[test]
fn a_truth_value_is_no_document_number() {
    fn check(said: &str, document: Option<&str>) {
        let person = format!(
            "<t_to><to_person><first_name>A</first_name><last_name>B</last_name>\
             <tax_reg_number>{said}</tax_reg_number></to_person>"
        );
        let report = read(report(("<t_to>", &person)).as_bytes()).expect("sound").value;
        let mut account = Account::default();
        let mut records = records(&report, &mut account);
        let documents: Vec<String> = records.iter_mut().flat_map(|record| record.values(Key::Document)).collect();
        assert_eq!(documents, Vec::from_iter(document.map(str::to_owned)), "{said}");
        let told = format!("{:?}", account.losses());
        assert_eq!(told.contains("tax_reg_number"), document.is_none(), "{said}: {told}");
    }
    check("true", None);
    check("No", None);
    check("1", None);
    check("10-4411", Some("10-4411"));
}
