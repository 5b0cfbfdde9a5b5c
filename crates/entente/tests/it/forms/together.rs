//! What both sides settle and carry out together through the forms: a text, an operation, and the care that follows.
//!
//! Owns the ways of these procedures. Must not know how the mail is carried.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use domain::menu::Menu;
use domain::safeguard::Gate;

use super::town::{Browser, Town, between, said};
use super::{finding, keep, look, version, whole, with};

/// What every draft here says of itself.
const HEAD: &[(&str, &str)] = &[
    ("to", "CN-MPS"),
    ("title.en", "A matter of both sides"),
    ("title.zh", "双方共同事项"),
    ("legal_basis.en", "Clause GEN-1"),
    ("legal_basis.zh", "条款GEN-1"),
    ("urgency", "U3"),
    ("purpose.en", "To settle it."),
    ("purpose.zh", "旨在商定。"),
    ("mark", "TLP:AMBER"),
    ("classification", "official"),
    ("contact", "duty desk"),
];

/// Words of an act.
const WORDS: [(&str, &str); 2] = [("words.en", "So be it."), ("words.zh", "照此办理。")];

/// Who works on the cases here: ours who may sign, then theirs.
const WHO: [&str; 4] = ["approver", "intake", "decider", "executing"];

/// Writes, hands over, answers and signs a matter of any type; answers the case.
async fn opened(town: &Town, type_code: &str, mark: &str, fields: &[(&str, &str)]) -> String {
    let drafter = town.browser("drafter").await;
    let begun = drafter.post("/new", &[("type", type_code), ("to", "CN-MPS")]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", said(&begun.body));
    let draft = begun.location;
    let saved = version(&drafter.get(&draft).await);
    let own: Vec<(&str, &str)> = HEAD.iter().copied().filter(|(name, _)| *name != "mark").collect();
    let own = with(&own, &[("mark", mark), ("version", &saved), ("do", "hand-over")]);
    let handed = drafter.upload(&draft, &with(&own, fields), None).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", said(&handed.body));
    for who in ["approver", "reviewer"] {
        let browser = town.browser(who).await;
        let page = browser.get(&draft).await.body;
        for (_, gate) in Gate::ALL {
            // An answer given is asked again below it, folded; only what nobody answered yet is kept here.
            if page.contains(&format!("action=\"{draft}/gates/{gate}\"")) && !answered(&page, gate) {
                keep(&browser, &draft, gate).await;
            }
        }
    }
    let approver = town.browser("approver").await;
    let sign = approver.get(&format!("{draft}/sign")).await;
    let signed = approver.post(&format!("{draft}/sign"), &[("version", &version(&sign))]).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", said(&signed.body));
    let case = signed.location.rsplit('/').next().expect("a case").to_owned();
    town.deliver().await;
    let intake = town.browser("intake").await;
    intake.act(&case, "acknowledge", &[("reference", "MPS-9"), ("officer", "decider"), ("contact", "desk 7")]).await;
    town.deliver().await;
    case
}

/// Whether a page says of a safeguard that it was answered.
fn answered(page: &str, gate: &str) -> bool {
    between(page, &format!("id=\"f-g-{gate}\""), "</section>").contains("class=\"ok\"")
}

/// Does an act whose safeguards one officer may answer in its form, and the legal reviewer of the same side the rest.
pub(super) async fn guarded(town: &Town, browser: &Browser, case: &str, act: &str, fields: &[(&str, &str)]) {
    let path = format!("/cases/{case}/do/{act}");
    let own = browser.get(&path).await.body;
    let mut answers = Vec::new();
    for (_, gate) in Gate::ALL {
        if own.contains(&format!("name=\"g.{gate}.finding\"")) {
            answers.extend(finding(gate));
        } else if own.contains(&format!("id=\"f-g-{gate}\"")) {
            for who in ["reviewer", "legal"] {
                let legal = town.browser(who).await;
                if legal.get(&path).await.body.contains(&format!("action=\"{path}/gates/{gate}\"")) {
                    let given = finding(gate);
                    let given: Vec<(&str, &str)> = given.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                    let kept = legal.post(&format!("{path}/gates/{gate}"), &given).await;
                    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{gate}: {}", said(&kept.body));
                }
            }
        }
    }
    let answers: Vec<(&str, &str)> = answers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.act(case, act, &with(fields, &answers)).await;
    town.deliver().await;
}

/// A consultation whose text goes through two versions and is signed by both.
pub(super) async fn agreed(town: &Town, seen: &mut BTreeSet<&'static str>) {
    let paper = [
        ("x.topic", "Notice of operations"),
        ("x.forum", "bilateral"),
        ("x.paper.en", "Background."),
        ("x.paper.zh", "背景。"),
        ("x.position.en", "Ten days."),
        ("x.position.zh", "十日。"),
    ];
    let case = opened(town, "CNS", "TLP:AMBER", &paper).await;
    let [approver, intake, decider, executing] = people(town).await;
    let all = [&approver, &intake, &decider, &executing];
    look(&all, &case, seen).await;
    guarded(town, &decider, &case, "state-position", &WORDS).await;
    let first = [("text.en", "Notice is given within ten days."), ("text.zh", "应当在十日内通知。")];
    guarded(town, &approver, &case, "propose-text", &first).await;
    // The next version begins as the one on the table.
    let proposed = decider.get(&format!("/cases/{case}/do/propose-text")).await.body;
    assert!(proposed.contains("应当在十日内通知。"), "{}", said(&proposed));
    let second = [("text.en", "Notice is given within five days."), ("text.zh", "应当在五日内通知。")];
    guarded(town, &decider, &case, "propose-text", &with(&WORDS, &second)).await;
    guarded(town, &decider, &case, "reserve", &WORDS).await;
    look(&all, &case, seen).await;
    let page = approver.get(&format!("/cases/{case}")).await.body;
    for marked in ["<del>ten</del><ins>five</ins>", "<del>十</del><ins>五</ins>", "id=\"version-1\""] {
        assert!(page.contains(marked), "{marked} is not on the page");
    }
    guarded(town, &approver, &case, "record", &with(&WORDS, &[("step", "AUTHENTICATED")])).await;
    look(&all, &case, seen).await;
    for browser in [&approver, &decider] {
        // Both languages stand in full, with the hash, before anybody ticks the box.
        let form = browser.get(&format!("/cases/{case}/do/sign-text")).await.body;
        let before = form.split_once("type=\"checkbox\"").map_or("", |(before, _)| before);
        assert!(before.contains("应当在五日内通知。") && before.contains("within five days."), "{}", said(&form));
        let hash = between(before, "<code>", "</code>");
        assert_eq!(hash.len(), 64, "`{hash}` is no SHA-256");
        guarded(town, browser, &case, "sign-text", &[("version", "yes")]).await;
        assert!(browser.get(&format!("/cases/{case}")).await.body.contains(hash), "the hash stands by the signature");
    }
    let page = decider.get(&format!("/cases/{case}?lang=zh")).await.body;
    assert!(page.contains("pill agreed") && page.contains("双方已签署"), "{}", said(&page));
    guarded(town, &approver, &case, "close", &[]).await;
}

/// A meeting from its agenda to a text both sign, and to what was undertaken being done.
pub(super) async fn met(town: &Town, seen: &mut BTreeSet<&'static str>) {
    let prose = ["chairs", "delegation", "topics"];
    let names: Vec<(String, &str)> = prose
        .iter()
        .flat_map(|id| [(format!("x.{id}.en"), "By function."), (format!("x.{id}.zh"), "按职务。")])
        .chain([("x.dates.from".to_owned(), "2030-01-05T08:00"), ("x.dates.to".to_owned(), "2030-01-06T08:00")])
        .chain([("x.place.words".to_owned(), "Manchester")])
        .collect();
    let fields: Vec<(&str, &str)> = names.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let case = opened(town, "DLG-LEC", "TLP:AMBER", &fields).await;
    let [approver, intake, decider, executing] = people(town).await;
    let all = [&approver, &intake, &decider, &executing];
    look(&all, &case, seen).await;
    let item = with(&WORDS, &[("about", "")]);
    guarded(town, &approver, &case, "table-item", &item).await;
    let wrong = with(&WORDS, &[("about", "no reference"), ("go", "review")]);
    let wrong = approver.post(&format!("/cases/{case}/do/table-item"), &wrong).await.body;
    assert!(wrong.contains("no reference of a case"), "{}", said(&wrong));
    for (who, step) in [(&approver, "DELEGATION"), (&decider, "DELEGATION_INVITED"), (&approver, "AGENDA_SETTLED")] {
        guarded(town, who, &case, "record", &with(&WORDS, &[("step", step)])).await;
    }
    guarded(town, &decider, &case, "state-position", &WORDS).await;
    guarded(town, &approver, &case, "record", &with(&WORDS, &[("step", "HELD")])).await;
    look(&all, &case, seen).await;
    guarded(town, &approver, &case, "settle-item", &with(&WORDS, &[("number", "1")])).await;
    let promised = [("owner", "GB-HO"), ("due_on", "2030-02-01"), ("item", "1")];
    guarded(town, &approver, &case, "undertake", &with(&WORDS, &promised)).await;
    let form = approver.get(&format!("/cases/{case}/do/propose-text")).await.body;
    for part in ["1. So be it.", "1. 照此办理。", "Home Office"] {
        assert!(form.contains(part), "{part} is not in the draft put together: {}", said(&form));
    }
    let open = [("text.en", "They meet [each year]."), ("text.zh", "双方【每年】会晤。")];
    guarded(town, &approver, &case, "propose-text", &open).await;
    guarded(town, &approver, &case, "record", &with(&WORDS, &[("step", "AUTHENTICATED")])).await;
    let page = decider.get(&format!("/cases/{case}")).await.body;
    for part in ["<mark>[each year]</mark>", "<mark>【每年】</mark>", "id=\"agenda\""] {
        assert!(page.contains(part), "{part} is not on the page: {}", said(&page));
    }
    assert!(!page.contains("id=\"do-sign-text\""), "nobody is offered to sign over brackets");
    let agreed = [("text.en", "They meet each year."), ("text.zh", "双方每年会晤。")];
    guarded(town, &approver, &case, "propose-text", &with(&WORDS, &agreed)).await;
    guarded(town, &approver, &case, "record", &with(&WORDS, &[("step", "AUTHENTICATED")])).await;
    for browser in [&approver, &decider] {
        guarded(town, browser, &case, "sign-text", &[("version", "yes")]).await;
    }
    for (who, lang, words) in [(&approver, "en", "Signed by both, version 2"), (&decider, "zh", "双方已签署第2版")]
    {
        let page = who.get(&format!("/rounds?lang={lang}")).await;
        assert!(page.body.contains(words) && page.body.contains(&case), "{}", said(&page.body));
        whole(&page, "rounds");
    }
    let calendar = approver.get("/calendar.ics").await.body;
    assert!(calendar.contains(&format!("UID:{case}/meeting@")), "{calendar}");
    let stranger = town.browser("stranger").await;
    let desk = stranger.get("/desk").await.body;
    assert!(desk.contains(&format!("/cases/{case}#care")), "the office that is to do it has it on its desk");
    let done = with(&WORDS, &[("number", "1"), ("kept", "yes")]);
    guarded(town, &stranger, &case, "check-undertaking", &done).await;
    guarded(town, &approver, &case, "close", &[]).await;
}

/// A joint operation that both authorise and one stops, with property, and care for what was handed over.
pub(super) async fn carried_out_together(town: &Town, seen: &mut BTreeSet<&'static str>) {
    let prose = ["aim", "command", "deconfliction", "risk", "contingency", "communications"];
    let names: Vec<(String, &str)> = prose
        .iter()
        .flat_map(|id| [(format!("x.{id}.en"), "As agreed."), (format!("x.{id}.zh"), "依约定。")])
        .chain([("x.dates.from".to_owned(), "2030-01-05T08:00"), ("x.dates.to".to_owned(), "2030-01-06T08:00")])
        .collect();
    let fields: Vec<(&str, &str)> = names.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let case = opened(town, "JOP", "TLP:RED", &fields).await;
    let [approver, intake, decider, executing] = people(town).await;
    let all = [&approver, &intake, &decider, &executing];
    look(&all, &case, seen).await;
    let money = [("amount.amount", "1250.50"), ("amount.currency", "GBP")];
    let booked = [("asset", "account 4471"), ("movement", "restrain")];
    guarded(town, &decider, &case, "book-asset", &with(&with(&WORDS, &booked), &money)).await;
    let form = decider.get(&format!("/cases/{case}/do/book-asset")).await.body;
    assert!(form.contains("<option value=\"account 4471\">"), "known property is proposed");
    assert!(decider.get(&format!("/cases/{case}")).await.body.contains("1,250.50"), "the ledger stands on the page");
    cared_for(town, &case, seen).await;
    guarded(town, &decider, &case, "accept", &[]).await;
    guarded(town, &executing, &case, "record", &with(&WORDS, &[("step", "DECONFLICTED")])).await;
    look(&all, &case, seen).await;
    for browser in [&approver, &decider] {
        guarded(town, browser, &case, "authorise", &WORDS).await;
    }
    look(&all, &case, seen).await;
    for browser in [&approver, &decider] {
        guarded(town, browser, &case, "extend", &with(&WORDS, &[("until", "2031-01-02")])).await;
    }
    let page = approver.get(&format!("/cases/{case}")).await.body;
    assert!(page.contains("Extended by both until") && page.contains("2 Jan 2031"), "{}", said(&page));
    guarded(town, &decider, &case, "abort", &WORDS).await;
    for browser in [&approver, &decider] {
        guarded(town, browser, &case, "report-outcome", &with(&WORDS, &[("usefulness", "3")])).await;
    }
    guarded(town, &approver, &case, "close", &[]).await;
}

/// Consent, recall, correction, norms and the log of the route.
async fn cared_for(town: &Town, case: &str, seen: &mut BTreeSet<&'static str>) {
    let [approver, intake, decider, executing] = people(town).await;
    let asked = [("kind", "onward-transfer"), ("recipient", "The court")];
    guarded(town, &approver, case, "seek-consent", &with(&WORDS, &asked)).await;
    guarded(town, &approver, case, "recall", &with(&WORDS, &[("seq", "1")])).await;
    approver.signs(&town.browser("drafter").await, case, "correct", &with(&WORDS, &[("seq", "1")])).await;
    town.deliver().await;
    look(&[&approver, &intake, &decider, &executing], case, seen).await;
    assert!(decider.get("/desk").await.body.contains(&format!("/cases/{case}#care")), "what is owed is on the desk");
    guarded(town, &decider, case, "give-consent", &with(&WORDS, &[("number", "1"), ("granted", "yes")])).await;
    for number in ["1", "2"] {
        let done = with(&WORDS, &[("number", number), ("complied", "yes")]);
        guarded(town, &decider, case, "report-compliance", &done).await;
    }
    guarded(town, &decider, case, "cite-norm", &with(&WORDS, &[("norm", "N-a")])).await;
    guarded(town, &decider, case, "log-contact", &with(&WORDS, &[("level", "1"), ("means", "telephone")])).await;
    let page = decider.get(&format!("/cases/{case}?lang=zh")).await.body;
    for words in ["已同意", "已落实到全部副本", "N-a", "telephone"] {
        assert!(page.contains(words), "{words} is not on the page");
    }
}

/// An undertaking given in a case is looked after by both sides.
pub(super) async fn undertaking_kept(town: &Town, case: &str, seen: &mut BTreeSet<&'static str>) {
    let [approver, intake, decider, executing] = people(town).await;
    look(&[&approver, &intake, &decider, &executing], case, seen).await;
    guarded(town, &approver, case, "check-undertaking", &with(&WORDS, &[("number", "1"), ("kept", "yes")])).await;
    guarded(town, &decider, case, "discharge-undertaking", &with(&WORDS, &[("number", "1")])).await;
}

async fn people(town: &Town) -> [Browser; 4] {
    let [a, b, c, d] = WHO;
    [town.browser(a).await, town.browser(b).await, town.browser(c).await, town.browser(d).await]
}
