//! The two markups, one fault each, and a law that goes from one to the other.

use super::*;

#[test]
fn each_rule_refuses_by_its_name() {
    fn check(markup: Markup, text: &str, wanted: Option<&str>) {
        let got = read(markup, text.as_bytes());
        assert_eq!(got.as_ref().err().map(|refused| refused.first.code), wanted, "{text}: {got:?}");
    }
    let akn = |space: &str, body: &str| format!("<akomaNtoso xmlns=\"{space}\">{body}</akomaNtoso>");
    check(Markup::Akn, "<html/>", Some("not-this-format"));
    check(Markup::Akn, &akn("u", "<act/>"), Some("wrong-namespace"));
    check(Markup::Akn, &akn(akn::SPACE, ""), Some("missing-property"));
    check(Markup::Akn, &akn(akn::SPACE, "<act/>"), Some("missing-property"));
    check(Markup::Clml, "<P1 id=\"a\"><Pnumber>1</Pnumber></P1>", None);
    check(Markup::Clml, "<P1 id=\"a b\"/>", None);
    check(Markup::Clml, "<Body><P1 id=\"a b\"/></Body>", Some("bad-id"));
    check(Markup::Clml, "<P1 RestrictStartDate=\"soon\"/>", Some("bad-time"));
    check(Markup::Clml, "<P1 RestrictStartDate=\"2022-01-02\" RestrictEndDate=\"2022-01-01\"/>", Some("bad-order"));
    check(Markup::Clml, "<Legislation xmlns=\"u\"/>", Some("wrong-namespace"));
    check(Markup::Clml, "<p/>", Some("not-this-format"));
}
