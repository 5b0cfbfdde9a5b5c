//! Bundles of indicators through the pages: refused while written and at the signature; shown as unreadable when a peer
//! sent one all the same.
//!
//! Owns one smuggled bundle. Must not know what makes one unreadable.

use axum::http::StatusCode;
use domain::act::{Person, Role};
use domain::content::FieldValue;
use domain::ids::OfficerId;
use entente::home::Home;

use super::town::{Town, said};
use super::{COMPLETE, begun, keep, version, with};

const CUT: &str = "{\"type\": \"bundle\", \"id\": \"bundle--";

#[tokio::test]
async fn an_unreadable_bundle_is_named_and_breaks_no_page() {
    let town = Town::open("forms-bundles").await;
    let drafter = town.browser("drafter").await;
    let draft = begun(&drafter).await;
    let number = version(&drafter.get(&draft).await);
    for wish in ["save", "hand-over"] {
        let fields = with(COMPLETE, &[("version", &number), ("x.indicators", CUT), ("do", wish)]);
        let refused = drafter.upload(&draft, &fields, None).await;
        assert_eq!(refused.status, StatusCode::OK, "{wish}: {}", refused.location);
        assert!(said(&refused.body).contains("cut short"), "{wish}: {}", said(&refused.body));
        assert!(refused.body.contains("bundle--") && refused.body.contains("To stop it."), "what was typed stays");
    }
    assert_eq!(version(&drafter.get(&draft).await), number, "nothing was saved");

    // One that got in by another way is stopped at the signature.
    let handed = drafter.upload(&draft, &with(COMPLETE, &[("version", &number), ("do", "hand-over")]), None).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", said(&handed.body));
    let approver = town.browser("approver").await;
    for gate in ["SG-1", "SG-7", "SG-12"] {
        keep(&approver, &draft, gate).await;
    }
    keep(&town.browser("reviewer").await, &draft, "SG-10").await;
    let home = town.home(0);
    let id = draft.rsplit('/').next().expect("a draft").to_owned();
    let (plain, name) = (unseeing(&home), id.clone());
    town.apps[0]
        .write(move |_, store, env| {
            let mut draft = plain.draft(&*store.reader().expect("a reader"), &name).expect("reads").expect("a draft");
            draft.request.fields.insert("indicators".to_owned(), FieldValue::Indicators(CUT.to_owned()));
            plain.save_draft(store, env, &draft).expect("saved unseen");
        })
        .await;
    let sign = approver.get(&format!("{draft}/sign")).await;
    assert_eq!(sign.status, StatusCode::OK);
    let refused = approver.post(&format!("{draft}/sign"), &[("version", &version(&sign))]).await;
    assert_eq!(refused.status, StatusCode::OK, "{}", refused.location);
    assert!(said(&refused.body).contains("cut short"), "{}", said(&refused.body));

    // A peer whose node does not look: the case arrives, and says that its bundle cannot be read.
    let plain = unseeing(&home);
    let by = Person {
        id: OfficerId::new("approver").expect("an id"),
        name: "Officer approver".into(),
        role: Role::Approver,
    };
    let case = town.apps[0]
        .write(move |_, store, env| plain.submit_draft(store, env, &id, by).expect("signed unseen").case)
        .await;
    town.deliver().await;
    let intake = town.browser("intake").await;
    for (lang, unreadable) in [("en", "cannot be read"), ("zh", "无法读取")] {
        let page = intake.get(&format!("/cases/{case}?lang={lang}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", said(&page.body));
        assert!(page.body.to_lowercase().contains(unreadable), "{lang}: {}", page.body);
        assert!(page.body.ends_with("</html>\n") || page.body.trim_end().ends_with("</html>"), "the page is whole");
    }
}

/// The node of a house that does not look at bundles.
fn unseeing(home: &Home) -> node::Node {
    home.node().expect("a node").with_inspection(|_| None)
}
