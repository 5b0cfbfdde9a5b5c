//! What a browser sends that no form of ours asked for, and what a colleague does that the rules do not allow.
//!
//! Owns input that means harm or comes in another form. Must not reach past the pages.

use axum::http::StatusCode;

use super::town::{Town, said};
use super::{COMPLETE, begun, finding, keep, version, with};

/// Markup, quotes and marks in every box, on every page that shows them, are words.
#[tokio::test]
async fn markup_in_every_box_stays_words() {
    const EVIL: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>";
    let town = Town::open("forms-markup").await;
    let drafter = town.browser("drafter").await;
    let draft = begun(&drafter).await;
    let number = version(&drafter.get(&draft).await);
    let evil = |name: &str| name.ends_with(".en") || name.ends_with(".zh") || name == "contact";
    let mut fields: Vec<(&str, &str)> =
        COMPLETE.iter().map(|(name, value)| (*name, if evil(name) { EVIL } else { value })).collect();
    fields.extend([("version", number.as_str()), ("do", "hand-over")]);
    let name = "\u{202e}<script>alert(1)</script>.pdf";
    let handed = drafter.upload(&draft, &fields, Some((name, b"<script>alert(1)</script>"))).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", said(&handed.body));
    let approver = town.browser("approver").await;
    let pages = [drafter.get(&draft).await, approver.get(&format!("{draft}/sign")).await, approver.get("/desk").await];
    for (page, at) in pages.iter().zip(["draft", "sign", "desk"]) {
        plain(&page.body, at);
    }
    for gate in ["SG-1", "SG-7", "SG-12"] {
        keep(&approver, &draft, gate).await;
    }
    keep(&town.browser("reviewer").await, &draft, "SG-10").await;
    let sign = version(&approver.get(&format!("{draft}/sign")).await);
    let case = approver.post(&format!("{draft}/sign"), &[("version", &sign)]).await.location;
    town.deliver().await;
    let intake = town.browser("intake").await;
    for path in
        [case.as_str(), "/desk", "/cases", "/cases?q=%3Cscript%3Ealert(1)%3C/script%3E", "/ledger", "/operations"]
    {
        for lang in ["en", "zh"] {
            let joint = if path.contains('?') { '&' } else { '?' };
            let page = intake.get(&format!("{path}{joint}lang={lang}")).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            plain(&page.body, path);
        }
    }
}

fn plain(body: &str, at: &str) {
    for evil in ["<script>alert", "<img src=x", "\u{202e}"] {
        assert!(!body.contains(evil), "{at} holds {evil:?}");
    }
}

/// An accent typed as a letter of its own is the same word, not a fault of ours.
#[tokio::test]
async fn decomposed_letters_are_composed() {
    let town = Town::open("forms-nfc").await;
    let drafter = town.browser("drafter").await;
    let draft = begun(&drafter).await;
    let number = version(&drafter.get(&draft).await);
    let fields = with(COMPLETE, &[("version", &number), ("purpose.en", "cafe\u{301}"), ("do", "save")]);
    let saved = drafter.upload(&draft, &fields, Some(("re\u{301}sume\u{301}.txt", b"x"))).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", said(&saved.body));
    assert!(saved.body.contains("café") && saved.body.contains("résumé.txt"), "{}", said(&saved.body));
}

/// Who rewrites a colleague's draft has drafted it: somebody else signs.
#[tokio::test]
async fn whoever_rewrote_a_draft_does_not_sign_it() {
    let town = Town::open("forms-rewritten").await;
    let (drafter, both) = (town.browser("drafter").await, town.browser("both").await);
    let draft = begun(&drafter).await;
    let number = version(&both.get(&draft).await);
    let handed = both.upload(&draft, &with(COMPLETE, &[("version", &number), ("do", "hand-over")]), None).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", said(&handed.body));
    // Nor does the rewriter answer its safeguards.
    let fields = finding("SG-1");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let own = both.post(&format!("{draft}/gates/SG-1"), &fields).await;
    assert_eq!(own.status, StatusCode::OK, "the answer is not kept");
    for gate in ["SG-1", "SG-7", "SG-12"] {
        keep(&town.browser("approver").await, &draft, gate).await;
    }
    keep(&town.browser("reviewer").await, &draft, "SG-10").await;
    let number = version(&town.browser("approver").await.get(&format!("{draft}/sign")).await);
    let refused = both.post(&format!("{draft}/sign"), &[("version", &number)]).await;
    assert_eq!(refused.status, StatusCode::OK, "{}", refused.location);
    assert!(refused.body.contains("role=\"alert\""));
    let _case = signed_by_another(&town, &draft, &number).await;
}

async fn signed_by_another(town: &Town, draft: &str, number: &str) -> String {
    let signed = town.browser("approver").await.post(&format!("{draft}/sign"), &[("version", number)]).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", said(&signed.body));
    signed.location
}

/// A form that is somebody else's, from elsewhere, or about nothing, changes nothing.
#[tokio::test]
async fn what_is_not_yours_is_not_there() {
    let town = Town::open("forms-idor").await;
    let drafter = town.browser("drafter").await;
    let draft = begun(&drafter).await;
    let stranger = town.browser("stranger").await;
    let check = async |path: &str, wanted: StatusCode| {
        let got = stranger.post(path, &[("version", "1"), ("words", "x")]).await;
        assert_eq!(got.status, wanted, "{path}");
    };
    for what in ["", "/check", "/discard", "/take-back", "/gates/SG-1", "/sign"] {
        check(&format!("{draft}{what}"), StatusCode::NOT_FOUND).await;
    }
    for path in
        ["/cases/../../etc/passwd/notes", "/cases/%00/notes", "/cases/GB-CY-2026-9999/notes", "/drafts/%2e%2e/sign"]
    {
        check(path, StatusCode::NOT_FOUND).await;
    }
    assert_eq!(drafter.get(&draft).await.status, StatusCode::OK, "the draft is still there");
}
