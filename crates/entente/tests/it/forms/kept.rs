//! What was typed or attached is there again on the next page, and is all named that is wrong with it.
//!
//! Owns what a page brings back. Must not reach past the pages.

use axum::http::StatusCode;

use super::town::{Town, between, said};
use super::{COMPLETE, begun, finding, submitted, version, with};

/// Nobody signs what they could not open: each file stands before the reviewer with its size, its hash and itself.
#[tokio::test]
async fn a_reviewer_opens_what_is_attached_before_it_is_signed() {
    let town = Town::open("forms-opened").await;
    let drafter = town.browser("drafter").await;
    let draft = begun(&drafter).await;
    let number = version(&drafter.get(&draft).await);
    let fields = with(COMPLETE, &[("version", &number), ("do", "hand-over")]);
    let handed = drafter.upload(&draft, &fields, Some(("证据 1.txt", b"three words here"))).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", said(&handed.body));

    for who in ["approver", "reviewer"] {
        let reader = town.browser(who).await;
        let page = reader.get(&draft).await;
        let table = between(&page.body, "id=\"files\"", "</table>");
        assert!(table.contains("证据 1.txt") && table.contains("16 bytes"), "{who}: {table}");
        assert_eq!(between(table, "class=\"hash\">", "<").len(), 64, "{who}: {table}");
        let link = between(table, "href=\"", "\"");
        let opened = reader.get(link).await;
        assert_eq!((opened.status, opened.body.as_str()), (StatusCode::OK, "three words here"), "{who}");
        let stranger = town.browser("stranger").await;
        assert_eq!(stranger.get(link).await.status, StatusCode::NOT_FOUND, "another office has no part in it");
    }
}

/// One answer kept takes nothing from the others that are being typed.
#[tokio::test]
async fn an_answer_kept_leaves_the_others_on_the_page() {
    let town = Town::open("forms-others").await;
    let (drafter, approver) = (town.browser("drafter").await, town.browser("approver").await);
    let draft = begun(&drafter).await;
    let number = version(&drafter.get(&draft).await);
    drafter.upload(&draft, &with(COMPLETE, &[("version", &number), ("do", "hand-over")]), None).await;
    let mut fields = finding("SG-1");
    fields.push(("g.SG-7.reason.en".to_owned(), "Half a thought about data".to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let kept = approver.post(&format!("{draft}/gates/SG-1"), &fields).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", said(&kept.body));
    assert!(kept.body.contains("Half a thought about data") && kept.body.contains("role=\"status\""));
    assert!(between(&kept.body, "id=\"f-g-SG-1\"", "</section>").contains("class=\"ok\""), "{}", said(&kept.body));
    // The one left is kept as any other, and nothing more is brought back.
    let mut rest = finding("SG-7");
    rest.push(("g.SG-1.reason.en".to_owned(), " ".to_owned()));
    let rest: Vec<(&str, &str)> = rest.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(approver.post(&format!("{draft}/gates/SG-7"), &rest).await.status, StatusCode::SEE_OTHER);
}

/// What cannot be read stays with the draft, is wrong again after a reload, and keeps it from being handed over.
#[tokio::test]
async fn what_cannot_be_read_stays_with_its_fault() {
    let town = Town::open("forms-unread").await;
    let drafter = town.browser("drafter").await;
    let draft = begun(&drafter).await;
    for (typed, stays) in [("next Tuesday", true), ("2031-02-03", false)] {
        let number = version(&drafter.get(&draft).await);
        let saved = with(COMPLETE, &[("version", &number), ("needed_by", typed), ("do", "save")]);
        drafter.upload(&draft, &saved, None).await;
        let again = drafter.get(&draft).await;
        assert!(again.body.contains(&format!("value=\"{typed}\"")), "{typed}: {}", said(&again.body));
        assert_eq!(again.body.contains("id=\"f-needed_by-wrong\""), stays, "{typed}");
        assert_eq!(again.body.contains("href=\"#f-needed_by\""), stays, "{typed}");
    }
}

/// Every fault of a form is named in one answer, each at its input.
#[tokio::test]
async fn all_that_is_wrong_is_named_at_once() {
    let town = Town::open("forms-all-wrong").await;
    let case = submitted(&town, None).await;
    town.deliver().await;
    let intake = town.browser("intake").await;
    let back = intake.post(&format!("/cases/{case}/do/acknowledge"), &[("go", "review")]).await;
    let alert = between(&back.body, "role=\"alert\">", "</div>");
    for input in ["reference", "officer", "contact"] {
        assert!(alert.contains(&format!("href=\"#f-{input}\"")), "{input} is not in {alert}");
        assert!(back.body.contains(&format!("id=\"f-{input}-wrong\"")), "nothing is said at {input}");
    }
    intake.act(&case, "acknowledge", &[("reference", "MPS-9"), ("officer", "decider"), ("contact", "desk 7")]).await;
    let decider = town.browser("decider").await;
    decider.act(&case, "begin-review", &[]).await;
    let bare = decider.post(&format!("/cases/{case}/do/refuse"), &[("go", "hand-over")]).await;
    let alert = between(&bare.body, "role=\"alert\">", "</div>");
    for input in ["ground", "words", "considered"] {
        assert!(alert.contains(&format!("href=\"#f-{input}\"")), "{input} is not in {alert}");
    }
}
