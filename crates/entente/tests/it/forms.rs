//! The forms through the router, as a browser without script sends them: from an empty draft to an answered case.
//!
//! Owns the ways an officer goes. Must not reach past the pages: what carries the mail is in `town`.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use domain::act::ActKind;
use domain::menu::Menu;
use entente::app::Clock;

use town::{Browser, Page, Town, between, said};

mod bundles;
mod hostile;
mod kept;
mod masked;
mod together;
mod town;

/// A complete request of the type the tests use.
const COMPLETE: &[(&str, &str)] = &[
    ("to", "CN-MPS"),
    ("title.en", "Loader seen at a utility"),
    ("title.zh", "某公用事业单位发现加载器"),
    ("legal_basis.en", "Clause CY-3a"),
    ("legal_basis.zh", "条款CY-3a"),
    ("urgency", "U3"),
    ("purpose.en", "To stop it."),
    ("purpose.zh", "仅供制止此事之用。"),
    ("mark", "TLP:AMBER"),
    ("classification", "official"),
    ("contact", "duty desk"),
    ("x.observed.en", "Outbound calls every hour."),
    ("x.observed.zh", "每小时向外连接一次。"),
    ("x.time_range.from", "2026-11-01T08:00"),
    ("x.time_range.to", "2026-11-02T08:00"),
    ("x.asset_class", "other"),
    ("x.own_action.en", "Isolated."),
    ("x.own_action.zh", "已隔离。"),
    ("x.ask", "information"),
    ("x.ask_detail.en", "Who rents the address?"),
    ("x.ask_detail.zh", "该地址由何人租用？"),
    ("x.lane", "technical"),
    ("x.maximum_penalty", "no-prison"),
];

/// A draft of the type the tests use, by an officer; answers its address.
async fn begun(browser: &Browser) -> String {
    let begun = browser.post("/new", &[("type", "CY-INC"), ("to", "CN-MPS")]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", said(&begun.body));
    begun.location
}

fn with<'a>(fields: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().chain(more).copied().collect()
}

/// The version a draft's form carries.
fn version(page: &Page) -> String {
    between(&page.body, "name=\"version\" value=\"", "\"").to_owned()
}

/// A safeguard's answer as its form sends it.
fn finding(gate: &str) -> Vec<(String, String)> {
    vec![
        (format!("g.{gate}.finding"), "satisfied".to_owned()),
        (format!("g.{gate}.reason.en"), "Looked at and found in order.".to_owned()),
        (format!("g.{gate}.reason.zh"), "经审查，符合要求。".to_owned()),
    ]
}

async fn keep(browser: &Browser, draft: &str, gate: &str) {
    let fields = finding(gate);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let kept = browser.post(&format!("{draft}/gates/{gate}"), &fields).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{gate}: {}", said(&kept.body));
}

/// Writes, hands over, answers and signs a request; answers the case.
async fn submitted(town: &Town, file: Option<(&str, &[u8])>) -> String {
    let drafter = town.browser("drafter").await;
    let draft = begun(&drafter).await;
    let version = version(&drafter.get(&draft).await);
    let handed = drafter.upload(&draft, &with(COMPLETE, &[("version", &version), ("do", "hand-over")]), file).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", said(&handed.body));
    signed(town, &draft).await
}

/// Answers the safeguards of a draft that was handed over and signs it; answers the case.
async fn signed(town: &Town, draft: &str) -> String {
    let (approver, reviewer) = (town.browser("approver").await, town.browser("reviewer").await);
    for gate in ["SG-1", "SG-7", "SG-12"] {
        keep(&approver, draft, gate).await;
    }
    assert!(reviewer.get("/desk").await.body.contains(draft), "the question stands on the reviewer's desk");
    keep(&reviewer, draft, "SG-10").await;
    assert!(!reviewer.get("/desk").await.body.contains(draft));
    let sign = approver.get(&format!("{draft}/sign")).await;
    assert!(
        sign.body.contains("仅供制止此事之用。") && sign.body.contains("To stop it."),
        "both languages stand on the page"
    );
    let signed = approver.post(&format!("{draft}/sign"), &[("version", &version(&sign))]).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", said(&signed.body));
    signed.location.rsplit('/').next().expect("a case").to_owned()
}

#[tokio::test]
async fn what_is_missing_is_named_before_it_is_sent_and_what_was_typed_stays() {
    let town = Town::open("forms-missing").await;
    let drafter = town.browser("drafter").await;
    let draft = begun(&drafter).await;
    let page = drafter.get(&draft).await;
    assert!(page.body.contains("href=\"#f-title\""), "the missing title is named and linked");
    assert!(page.body.contains("id=\"f-title\""), "to an input that is there");
    whole(&page, "draft");
    // Handing over half a request keeps it with its drafter, with the words that are there.
    let half = [("version", version(&page)), ("title.en", "Only one language".into()), ("do", "hand-over".into())];
    let half: Vec<(&str, &str)> = half.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let back = drafter.upload(&draft, &half, None).await;
    assert_eq!(back.status, StatusCode::OK);
    assert!(
        back.body.contains("Only one language") && back.body.contains("href=\"#f-purpose\""),
        "{}",
        said(&back.body)
    );
    // The box names each field by its label and leads to it; the field itself says what is wrong with it.
    let alert = between(&back.body, "role=\"alert\">", "</div>");
    for (anchor, words) in [
        ("f-title-zh", "Title: The text in Chinese is missing."),
        ("f-purpose", "Purpose and permitted use: Fill this in."),
        ("f-x-observed", "What is seen: Fill this in."),
    ] {
        assert!(alert.contains(&format!("<a href=\"#{anchor}\">{words}</a>")), "{words} is not in {alert}");
        assert!(back.body.contains(&format!("id=\"{anchor}\"")), "nothing is at {anchor}");
    }
    let title = between(&back.body, "id=\"f-title-zh\"", ">");
    assert!(
        title.contains("aria-invalid=\"true\"") && title.contains("aria-describedby=\"f-title-hint f-title-wrong\"")
    );
    assert!(!between(&back.body, "id=\"f-title-en\"", ">").contains("aria-invalid"), "the other language is well");
    // What must be there in some cases only is not called optional.
    let reason = between(&back.body, "id=\"f-urgency_reason\"", "</legend>");
    assert!(reason.contains("Required for U0, U1, U2") && !reason.contains("Optional"), "{reason}");
    // While typing, the same check answers without saving.
    let checked = drafter.post(&format!("{draft}/check"), COMPLETE).await;
    assert!(checked.body.contains("class=\"ok"), "{}", checked.body);
    let unread = drafter.post(&format!("{draft}/check"), &with(COMPLETE, &[("needed_by", "soon")])).await;
    assert!(unread.body.contains("href=\"#f-needed_by\""), "{}", unread.body);
    // A stale form overwrites nobody's work, and loses nothing typed.
    let stale = drafter.upload(&draft, &with(&half, &[("version", "1"), ("title.en", "Typed long ago")]), None).await;
    assert!(stale.body.contains("Typed long ago") && stale.body.contains("role=\"alert\""), "{}", said(&stale.body));
    assert!(drafter.get(&draft).await.body.contains("Only one language"));
    // Anything classified is refused with words.
    let saved = version(&drafter.get(&draft).await);
    let marked = with(COMPLETE, &[("version", &saved), ("classification", "classified"), ("do", "save")]);
    assert!(drafter.upload(&draft, &marked, None).await.body.contains("role=\"alert\""));
    // Another office does not see it, and a forged form changes nothing.
    assert_eq!(town.browser("stranger").await.get(&draft).await.status, StatusCode::NOT_FOUND);
    let forged = Browser { csrf: "0".repeat(64), ..town.browser("drafter").await };
    assert_eq!(forged.upload(&draft, COMPLETE, Some(("a.txt", b"x"))).await.status, StatusCode::FORBIDDEN);
}

/// Reasons that only half the readers understand are named before anything is kept, at the box that lacks them, for a
/// draft as for an act of the side asked.
#[tokio::test]
async fn a_safeguard_answered_in_one_language_is_not_kept() {
    fn check(page: &Page, gate: &str, what: &str) {
        assert_eq!(page.status, StatusCode::OK, "{what} is kept in one language");
        let lacking = format!("f-g-{gate}-reason-zh");
        let line = between(&page.body, &format!("<a href=\"#{lacking}\">"), "</a>");
        assert!(line.starts_with(gate) && line.contains("Chinese"), "{what}: `{line}` in {}", said(&page.body));
        assert!(between(&page.body, &format!("id=\"{lacking}\""), ">").contains("aria-invalid=\"true\""), "{what}");
        assert!(page.body.contains("Looked at and found in order."), "{what}: what was typed stays");
    }
    let half = |gate: &str| finding(gate).into_iter().filter(|(name, _)| !name.ends_with(".zh")).collect::<Vec<_>>();
    fn named(fields: &[(String, String)]) -> Vec<(&str, &str)> {
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
    let town = Town::open("forms-half").await;
    let (drafter, approver) = (town.browser("drafter").await, town.browser("approver").await);
    let draft = begun(&drafter).await;
    let saved = version(&drafter.get(&draft).await);
    drafter.upload(&draft, &with(COMPLETE, &[("version", &saved), ("do", "hand-over")]), None).await;
    let kept = approver.post(&format!("{draft}/gates/SG-1"), &named(&half("SG-1"))).await;
    check(&kept, "SG-1", "a draft's answer");
    let case = submitted(&town, None).await;
    town.deliver().await;
    let intake = town.browser("intake").await;
    intake.act(&case, "acknowledge", &[("reference", "MPS-9"), ("officer", "decider"), ("contact", "desk 7")]).await;
    let decider = town.browser("decider").await;
    decider.act(&case, "begin-review", &[]).await;
    together::guarded(&town, &decider, &case, "accept", &[]).await;
    town.browser("executing").await.act(&case, "begin-execution", &[]).await;
    let words = [("words.zh", "照此办理。"), ("words.en", "So be it."), ("extent", "part"), ("go", "save")];
    let path = format!("/cases/{case}/do/respond");
    town.browser("executing").await.post(&path, &words).await;
    let half = half("SG-1");
    let kept = decider.post(&format!("{path}/gates/SG-1"), &with(&[("version", "1")], &named(&half))).await;
    check(&kept, "SG-1", "an answer kept for an act");
}

#[tokio::test]
async fn nobody_signs_what_they_drafted() {
    let town = Town::open("forms-four-eyes").await;
    let both = town.browser("both").await;
    let draft = begun(&both).await;
    let version = version(&both.get(&draft).await);
    both.upload(&draft, &with(COMPLETE, &[("version", &version), ("do", "hand-over")]), None).await;
    let approver = town.browser("approver").await;
    for gate in ["SG-1", "SG-7", "SG-12"] {
        keep(&approver, &draft, gate).await;
    }
    // A role that may not answer is told so.
    let fields = finding("SG-10");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let barred = approver.post(&format!("{draft}/gates/SG-10"), &fields).await;
    assert!(barred.status == StatusCode::OK && barred.body.contains("role=\"alert\""));
    keep(&town.browser("reviewer").await, &draft, "SG-10").await;
    for lang in ["en", "zh"] {
        let words = entente::i18n::Tongue::from_code(lang).expect("a tongue").t("refusal-four-eyes");
        let page = both.get(&format!("{draft}?lang={lang}")).await;
        assert!(page.body.contains(&words), "the page says so before: {}", said(&page.body));
        let saved = self::version(&approver.get(&format!("{draft}/sign")).await);
        let refused = both.post(&format!("{draft}/sign?lang={lang}"), &[("version", &saved)]).await;
        assert_eq!(refused.status, StatusCode::OK);
        assert!(refused.body.contains("role=\"alert\"") && refused.body.contains(&words), "{}", said(&refused.body));
    }
}

#[tokio::test]
async fn a_request_is_written_signed_and_stands_on_the_other_desk_with_its_file() {
    let town = Town::open("forms-submit").await;
    let bytes: Vec<u8> = (0..3_000_000u32).map(|n| n.to_le_bytes()[0]).collect();
    let case = submitted(&town, Some(("captures.txt", &bytes))).await;
    let approver = town.browser("approver").await;
    assert!(approver.get("/desk").await.body.contains(&case));
    let page = approver.get(&format!("/cases/{case}")).await;
    let link = between(&page.body, &format!("href=\"/cases/{case}/files/"), "\"");
    let opened = approver.get(&format!("/cases/{case}/files/{link}")).await;
    assert_eq!((opened.status, opened.body.len()), (StatusCode::OK, String::from_utf8_lossy(&bytes).len()));
    town.deliver().await;
    let intake = town.browser("intake").await;
    let desk = intake.get("/desk?lang=zh").await;
    assert!(desk.body.contains(&case) && desk.body.contains("某公用事业单位发现加载器"), "{}", said(&desk.body));
    // Somebody else's act: the page says who may, and the act is refused with words.
    let decider = town.browser("decider").await;
    let closed = decider.get(&format!("/cases/{case}/do/acknowledge")).await;
    assert!(closed.status == StatusCode::OK && !closed.body.contains("value=\"review\""));
    // An unfinished form comes back with what was typed, and each fault leads to its input.
    let path = format!("/cases/{case}/do/acknowledge");
    let typed = intake.post(&path, &[("go", "review"), ("reference", ""), ("contact", "24 h desk 7")]).await;
    assert!(
        typed.body.contains("24 h desk 7") && typed.body.contains("href=\"#f-reference\""),
        "{}",
        said(&typed.body)
    );
    intake
        .act(&case, "acknowledge", &[("reference", "MPS-7"), ("officer", "decider"), ("contact", "24 h desk 7")])
        .await;
}

/// A calendar leaves the house: it names cases, types and days, and says nothing of what a case is about.
#[tokio::test]
async fn a_calendar_tells_nothing_of_a_case() {
    let town = Town::open("forms-calendar").await;
    let case = submitted(&town, None).await;
    town.deliver().await;
    for lang in ["en", "zh"] {
        let page = town.browser("intake").await.get(&format!("/calendar.ics?lang={lang}")).await;
        assert!(page.body.contains(&format!("UID:{case}/due@")), "{}", page.body);
        for words in ["Loader", "加载器", "Outbound", "To stop it"] {
            assert!(!page.body.contains(words), "{words}: {}", page.body);
        }
    }
    let elsewhere = town.browser("bystander").await.get("/calendar.ics").await.body;
    assert!(!elsewhere.contains(&case), "another office's deadline: {elsewhere}");
}

#[tokio::test]
async fn every_act_has_a_form_that_reads_in_both_languages_and_can_be_signed() {
    let town = Town::open("forms-acts").await;
    let mut seen = BTreeSet::new();
    carried_out(&town, &mut seen).await;
    refused(&town, &mut seen).await;
    together::agreed(&town, &mut seen).await;
    together::met(&town, &mut seen).await;
    together::carried_out_together(&town, &mut seen).await;
    // Outcomes come after the answer and are seen there; advice has a test of its own; another version to go on under there is
    // only where the instrument was amended; a matching has a page of its own; the rest have no form.
    let apart =
        ["preconsult", "advise", "submit", "deliver", "remind-outcome", "lapse", "certify-deletion", "adopt", "match"];
    let unseen: Vec<&str> = ActKind::ALL.iter().map(|(_, code)| *code).filter(|code| !seen.contains(*code)).collect();
    assert_eq!(unseen, apart);
}

/// A case that is returned, put under conditions, postponed, accepted, answered and withdrawn.
async fn carried_out(town: &Town, seen: &mut BTreeSet<&'static str>) {
    let case = submitted(town, None).await;
    town.deliver().await;
    let [approver, intake, decider, executing] = [
        town.browser("approver").await,
        town.browser("intake").await,
        town.browser("decider").await,
        town.browser("executing").await,
    ];
    let words = [("words.zh", "照此办理。"), ("words.en", "So be it.")];
    let people = [&approver, &intake, &decider, &executing];
    look(&people, &case, seen).await;
    // What is not open says why, in words.
    for (_, act) in ActKind::ALL {
        let page = decider.get(&format!("/cases/{case}/do/{act}?lang=zh")).await;
        assert!(
            page.status == StatusCode::NOT_FOUND || page.body.contains("class=\"notice\"") || seen.contains(act),
            "{act}"
        );
        whole(&page, act);
    }
    intake.act(&case, "acknowledge", &[("reference", "MPS-7"), ("officer", "decider"), ("contact", "desk 7")]).await;
    look(&people, &case, seen).await;
    decider.act(&case, "begin-review", &[]).await;
    look(&people, &case, seen).await;
    let items = [("row.0.kind", "ask_detail"), ("row.0.want.zh", "何人？"), ("rows", "3")];
    decider.act(&case, "return-incomplete", &items).await;
    town.deliver().await;
    look(&people, &case, seen).await;
    let more = with(&words, &[("x.ask_detail.en", "More."), ("x.ask_detail.zh", "补充。")]);
    approver.signs(&town.browser("drafter").await, &case, "supplement", &more).await;
    town.deliver().await;
    decider.act(&case, "begin-review", &[]).await;
    let offered = [("row.0.kind", "confidentiality"), ("row.0.want.zh", "予以保密。"), ("rows", "3")];
    decider.act(&case, "offer-conditions", &offered).await;
    town.deliver().await;
    look(&people, &case, seen).await;
    approver.act(&case, "accept-conditions", &words).await;
    town.deliver().await;
    together::undertaking_kept(town, &case, seen).await;
    decider.act(&case, "begin-review", &[]).await;
    let in_two_months = Clock::real().now() + jiff::SignedDuration::from_hours(24 * 60);
    let review_on = in_two_months.strftime("%Y-%m-%d").to_string();
    decider.act(&case, "postpone", &with(&words, &[("review_on", &review_on)])).await;
    look(&people, &case, seen).await;
    decider.act(&case, "resume", &[]).await;
    together::guarded(town, &decider, &case, "accept", &[]).await;
    look(&people, &case, seen).await;
    executing.act(&case, "begin-execution", &[]).await;
    decider.act(&case, "ask", &words).await;
    town.deliver().await;
    look(&people, &case, seen).await;
    approver.act(&case, "reply", &with(&words, &[("question", "1")])).await;
    town.deliver().await;
    executing.act(&case, "record", &with(&words, &[("step", "PRESERVED"), ("until", "2031-01-02")])).await;
    executing.act(&case, "preserve", &with(&words, &[("until", "2031-01-02T10:00")])).await;
    approver.act(&case, "escalate", &words).await;
    town.deliver().await;
    look(&people, &case, seen).await;
    decider.act(&case, "answer-escalation", &with(&words, &[("level", "1")])).await;
    answered(town, &case, &words).await;
    town.deliver().await;
    look(&people, &case, seen).await;
    approver.act(&case, "withdraw", &words).await;
    town.deliver().await;
    look(&people, &case, seen).await;
    executing.act(&case, "confirm-release", &words).await;
}

/// A case that is refused, and the refusal reconsidered.
async fn refused(town: &Town, seen: &mut BTreeSet<&'static str>) {
    let [approver, intake, decider] =
        [town.browser("approver").await, town.browser("intake").await, town.browser("decider").await];
    let (words, people) = ([("words.zh", "照此办理。"), ("words.en", "So be it.")], [&approver, &intake, &decider]);
    let refused = submitted(town, None).await;
    town.deliver().await;
    intake.act(&refused, "acknowledge", &[("reference", "MPS-8"), ("officer", "decider"), ("contact", "desk 7")]).await;
    decider.act(&refused, "begin-review", &[]).await;
    let considered = [("considered.zh", "均不可行。"), ("ground", "RF-01"), ("withheld", "yes")];
    decider.signs(&town.browser("other").await, &refused, "refuse", &considered).await;
    town.deliver().await;
    look(&people, &refused, seen).await;
    approver.act(&refused, "reconsider", &words).await;
    town.deliver().await;
    // Whoever refused is not offered what only another may do.
    let mut own = BTreeSet::new();
    look(&[&decider], &refused, &mut own).await;
    assert!(!own.contains("uphold") && !own.contains("reopen"), "{own:?}");
    look(&[&approver, &intake, &town.browser("other").await], &refused, seen).await;
}

#[tokio::test]
async fn a_draft_shown_for_advice_is_advised_on_and_then_submitted() {
    let town = Town::open("forms-advice").await;
    let drafter = town.browser("drafter").await;
    let draft = begun(&drafter).await;
    let saved = version(&drafter.get(&draft).await);
    let shown = drafter.upload(&draft, &with(COMPLETE, &[("version", &saved), ("do", "preconsult")]), None).await;
    assert_eq!(shown.status, StatusCode::SEE_OTHER, "{}", said(&shown.body));
    let case = shown.location.rsplit('/').next().expect("a case").to_owned();
    town.deliver().await;
    let decider = town.browser("decider").await;
    look(&[&decider], &case, &mut BTreeSet::new()).await;
    decider.act(&case, "advise", &[("words.zh", "请写明时间。")]).await;
    town.deliver().await;
    let saved = version(&drafter.get(&draft).await);
    let handed = drafter.upload(&draft, &with(COMPLETE, &[("version", &saved), ("do", "hand-over")]), None).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", said(&handed.body));
    assert_eq!(signed(&town, &draft).await, case, "it keeps its reference");
}

/// The answer: saved by one before it is complete, handed over, read and answered for by another, signed by a third.
async fn answered(town: &Town, case: &str, words: &[(&str, &str)]) {
    let [executing, legal, decider] =
        [town.browser("executing").await, town.browser("legal").await, town.browser("decider").await];
    let path = format!("/cases/{case}/do/respond");
    let nothing = legal.get(&path).await;
    assert!(!nothing.body.contains("/gates/"), "nothing is asked before there is anything to read");
    // Saved as far as it goes, with its file; what is missing is said, and it is not handed over.
    let saved =
        executing.upload(&path, &[("extent", "part"), ("go", "save")], Some(("reply.txt", b"the answer"))).await;
    assert_eq!(
        (saved.status, saved.location.as_str()),
        (StatusCode::SEE_OTHER, path.as_str()),
        "{}",
        said(&saved.body)
    );
    let page = executing.get(&path).await;
    assert!(page.body.contains("reply.txt") && !page.body.contains("id=\"hand-over\""), "{}", said(&page.body));
    let form = executing.get(&format!("{path}/write")).await;
    let token = between(&form.body, "name=\"staged.0\" value=\"", "\"").to_owned();
    let again = [("extent", "part"), ("staged.0", token.as_str()), ("over", "1"), ("go", "hand-over")];
    let blank = executing.post(&path, &again).await;
    assert!(blank.body.contains("href=\"#f-words\"") && blank.body.contains("reply.txt"), "{}", said(&blank.body));
    // What another staged is nothing.
    let stolen = with(words, &[("extent", "part"), ("staged.0", &token), ("over", "1"), ("go", "edit")]);
    assert!(!decider.post(&path, &stolen).await.body.contains("reply.txt"));
    let handed = executing.post(&path, &with(words, &again)).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", said(&handed.body));

    // The reviewer's desk leads there; the words and the file are read before anything is answered.
    let desk = legal.get("/desk").await;
    assert!(desk.body.contains(&format!("href=\"{path}\"")), "{}", said(&desk.body));
    let read = legal.get(&path).await;
    assert!(read.body.contains("So be it.") && read.body.contains("照此办理。"), "{}", said(&read.body));
    let file = between(&read.body, &format!("href=\"{path}/files/"), "\"").to_owned();
    assert_eq!(legal.get(&format!("{path}/files/{file}")).await.body, "the answer");
    for gate in ["SG-1", "SG-6", "SG-7", "SG-10", "SG-12", "SG-15"] {
        let fields = finding(gate);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let stale = legal.post(&format!("{path}/gates/{gate}"), &with(&fields, &[("version", "1")])).await;
        assert!(stale.body.contains("role=\"alert\""), "an answer to words that are gone");
        let kept = legal.post(&format!("{path}/gates/{gate}"), &with(&fields, &[("version", "2")])).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", said(&kept.body));
    }
    // Sent back with a reason, it stands on its writer's desk, and is not signed.
    let back = decider.post(&format!("{path}/send-back"), &[("version", "2"), ("reason", "Which relay?")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", said(&back.body));
    assert!(executing.get(&path).await.body.contains("Which relay?"));
    let early = decider.post(&format!("{path}/sign"), &[("version", "2")]).await;
    assert!(early.body.contains("role=\"alert\""), "{}", said(&early.body));
    let handed = executing.post(&format!("{path}/hand-over"), &[("version", "2")]).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", said(&handed.body));
    let read = decider.get(&path).await;
    let form = between(&read.body, "id=\"sign\"", "</form>");
    let shown = |name: &str| between(form, &format!("name=\"{name}\" value=\""), "\"").to_owned();
    let [saved, acts] = ["saved", "acts"].map(shown);
    let seen = [("version", "2"), ("saved", saved.as_str()), ("acts", acts.as_str())];
    // Neither the writer signs it nor the reviewer; and nobody a page they did not read, of it or of the case.
    for browser in [&executing, &legal] {
        let refused = browser.post(&format!("{path}/sign"), &seen).await;
        assert!(refused.body.contains("role=\"alert\""), "{}", said(&refused.body));
    }
    for (name, stale) in [("saved", "1"), ("acts", "1")] {
        let stale = seen.map(|(field, value)| if field == name { (field, stale) } else { (field, value) });
        let refused = decider.post(&format!("{path}/sign"), &stale).await;
        assert!(refused.body.contains("role=\"alert\""), "{name}: {}", said(&refused.body));
    }
    let desk = decider.get("/desk").await;
    assert!(desk.body.contains(&format!("href=\"{path}\"")), "{}", said(&desk.body));
    let signed = decider.post(&format!("{path}/sign"), &seen).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", said(&signed.body));
    let lanes = decider.get(&format!("/cases/{case}")).await;
    assert!(lanes.body.contains("written by Officer executing"), "both names stand with the act");
}

/// Opens the form of every act the case's page offers these people, in both languages, and notes which they were.
async fn look(people: &[&Browser], case: &str, seen: &mut BTreeSet<&'static str>) {
    for browser in people {
        let offers = browser.get(&format!("/cases/{case}")).await.body;
        for (_, act) in ActKind::ALL {
            if !offers.contains(&format!("href=\"/cases/{case}/do/{act}\"")) {
                continue;
            }
            for lang in ["en", "zh"] {
                let page = browser.get(&format!("/cases/{case}/do/{act}?lang={lang}")).await;
                assert_eq!(page.status, StatusCode::OK, "{act} {lang}");
                whole(&page, act);
                if page.body.contains("value=\"review\"") || page.body.contains("value=\"hand-over\"") {
                    seen.insert(act);
                }
            }
        }
    }
}

/// A page has all its words and is not too heavy.
fn whole(page: &Page, what: &str) {
    assert!(!page.body.contains('⟦'), "{what}: {}", between(&page.body, "⟦", "⟧"));
    assert!(page.body.len() < 100_000, "{what}: {} bytes", page.body.len());
}
