//! Two editions of a list, and lists that cannot be used.

use super::*;

fn un(entries: &str) -> String {
    format!("<CONSOLIDATED_LIST><INDIVIDUALS>{entries}</INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>")
}

fn one(reference: &str, name: &str, more: &str) -> String {
    format!(
        "<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME> {name} </FIRST_NAME><REFERENCE_NUMBER>{reference}\
         </REFERENCE_NUMBER><LIST_TYPE><VALUE>UN List</VALUE></LIST_TYPE>{more}</INDIVIDUAL>"
    )
}

#[test]
fn two_editions_differ_by_reference() {
    let before = un(&[one("A", "x", ""), one("B", "y", "<SORT_KEY/>"), one("C", "z", "")].concat());
    let now = un(&[one("C", "z", "<COMMENTS1>new</COMMENTS1>"), one("D", "w", ""), one("B", "y", "")].concat());
    let read = |text: &str| read_un(text.as_bytes()).expect("sound").value;
    let (before, now) = (read(&before), read(&now));
    let changes = before.changes(&now);
    let told: Vec<_> = changes.iter().map(|change| (change.reference.as_str(), &change.kind)).collect();
    let amended = ChangeKind::Amended(vec!["COMMENTS1".to_owned()]);
    assert_eq!(told, [("A", &ChangeKind::Removed), ("C", &amended), ("D", &ChangeKind::Added)]);
    assert_eq!(before.changes(&before), []);
    assert_eq!((before.count(), before.publisher()), (3, Publisher::Un));
}

#[test]
fn a_list_nobody_can_use_is_refused_by_name() {
    fn check(text: &str, wanted: Option<&str>) {
        let got = read_un(text.as_bytes());
        assert_eq!(got.as_ref().err().map(|refused| refused.first.code), wanted, "{text}");
    }
    check(&un(&one("A", "x", "")), None);
    check(&un(&one("A", "x", "<LISTED_ON>yesterday</LISTED_ON>")), Some("bad-time"));
    check(&un(&one("A", "", "")), Some("missing-property"));
    check(&un(&[one("A", "x", ""), one("A", "y", "")].concat()), Some("same-id"));
    check(&un(""), Some("empty-list"));
    check("<Designations/>", Some("not-this-format"));
}
