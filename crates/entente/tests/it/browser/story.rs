//! The main case, through the pages of both nodes: written, checked, signed, received, judged, carried out, closed.
//!
//! Owns the order of gestures and the words typed. Must not reach into a node: what it knows it has read on a page.

use serde_json::json;

use super::driver::Tab;
use super::exercise::House;

/// Who does what on the side that asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Askers {
    pub(crate) drafter: &'static str,
    pub(crate) approver: &'static str,
    /// Answers what only a legal reviewer may.
    pub(crate) legal: &'static str,
}

/// Who does what on the side that is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    /// The office written to.
    pub(crate) office: &'static str,
    pub(crate) intake: &'static str,
    pub(crate) legal: &'static str,
    pub(crate) decides: &'static str,
    pub(crate) executes: &'static str,
}

/// The words of the request, box by box, in every language.
const WORDS: &[(&str, &str)] = &[
    ("title.en", "Wiper at a water utility"),
    ("title.zh", "供水企业遭数据擦除"),
    ("legal_basis.en", "The agreement's clause on malicious cyber activity, and national law."),
    ("legal_basis.zh", "协定关于恶意网络活动的条款以及本国法律。"),
    ("purpose.en", "To stop the attack and to warn others."),
    ("purpose.zh", "制止攻击并向其他单位发出预警。"),
    ("urgency_reason.en", "Pumps stand still."),
    ("urgency_reason.zh", "水泵停止运行。"),
    ("contact", "duty@invented.example, +00 0000 000000"),
    ("x.observed.en", "Machines are erased at night, since Monday; operators noticed it."),
    ("x.observed.zh", "自周一起主机在夜间被擦除，由运行人员发现。"),
    ("x.own_action.en", "Hosts were cut off and images taken."),
    ("x.own_action.zh", "已隔离主机并制作镜像。"),
    ("x.ask_detail.en", "Logs of one relay host for the week named."),
    ("x.ask_detail.zh", "一台中继主机在所述一周内的日志。"),
];

/// What is chosen from menus.
const CHOICES: &[(&str, &str)] = &[
    ("urgency", "U1"),
    ("x.asset_class", "critical-infrastructure"),
    ("x.ask", "information"),
    ("x.lane", "technical"),
];

/// The moments, as `datetime-local` sends them.
const MOMENTS: &[(&str, &str)] = &[("x.time_range.from", "2016-06-06T01:00"), ("x.time_range.to", "2016-06-13T03:30")];

/// Plays it from the drafter's desk to the closed case.
pub(crate) async fn play(tab: &Tab, [ours, theirs]: [&House; 2], askers: Askers, asked: Asked) {
    let draft = write(tab, ours, askers.drafter, asked.office).await;
    approve(tab, ours, askers.legal, &draft).await;
    approve(tab, ours, askers.approver, &draft).await;
    let case = sign(tab).await;
    let (ours, theirs) = (Matter { tab, house: ours, case: &case }, Matter { tab, house: theirs, case: &case });
    theirs.arrives(asked.intake).await;
    theirs.does(asked.intake, "acknowledge", &[("reference", "REF 7/16")], &[]).await;
    theirs.does(asked.legal, "begin-review", &[], &[]).await;
    theirs.answers(asked.legal, "accept").await;
    theirs.does(asked.decides, "accept", &[], &[]).await;
    theirs.does(asked.executes, "begin-execution", &[], &[]).await;
    let answer = [("words.en", "The logs are attached in summary."), ("words.zh", "日志摘要见附文。")];
    theirs.prepares(asked.executes, "respond", &answer, &[("extent", "part")]).await;
    theirs.answers(asked.legal, "respond").await;
    theirs.signs(asked.decides, "respond").await;
    ours.at(askers.drafter, "responded").await;
    let used = [("words.en", "Two more victims were warned."), ("words.zh", "已向另外两家受害单位预警。")];
    ours.does(askers.drafter, "report-outcome", &used, &[("usefulness", "4")]).await;
    ours.answers(askers.legal, "close").await;
    ours.does(askers.approver, "close", &[], &[]).await;
    ours.at(askers.approver, "closed").await;
    theirs.at(asked.intake, "closed").await;
    assert!(!tab.has(".next a").await, "nothing is left to do in a closed case");
}

/// Writes the request: what is missing is named until nothing is; then hands it over. Answers its address.
async fn write(tab: &Tab, house: &House, drafter: &str, to: &str) -> String {
    house.enter(tab, drafter).await;
    unfold(tab).await;
    tab.click(".main-nav a[href='/new']").await;
    tab.choose("#to-CY-INC", to).await;
    tab.follow("form:has(#to-CY-INC) button").await;
    let draft = tab.path().await;
    assert!(draft.starts_with("/drafts/"), "a new request has its own address, not {draft}");
    let lacking = tab.ask("return document.querySelectorAll('#lacks a').length", vec![]).await;
    assert!(lacking.as_u64().is_some_and(|lacking| lacking > 8), "an empty request lacks its parts, not {lacking}");
    // Handing over too early is not lost work: the page comes back and names what is missing.
    tab.follow("button[name=do][value='hand-over']").await;
    assert!(tab.has("#lacks a").await, "what is missing is named");
    for (name, words) in WORDS {
        tab.write(&by_name(name), words).await;
    }
    for (name, value) in CHOICES {
        pick(tab, name, value).await;
    }
    for (name, value) in MOMENTS {
        tab.date(&by_name(name), value).await;
    }
    // The type supposes personal data; this request has none, which leaves the gravest safeguard out.
    tab.click("[name=personal_data]:checked").await;
    // With scripts on, completeness is told while typing.
    tab.wait_for("#lacks .ok").await;
    tab.follow("button[name=do][value='hand-over']").await;
    assert_eq!(tab.path().await, draft, "a request handed over keeps its address");
    assert!(!tab.has("#draft").await, "a request handed over is read, not written: {}", tab.said().await);
    draft
}

/// Reads what the drafter wrote and answers the safeguards this persona may answer; the desk leads there.
async fn approve(tab: &Tab, house: &House, officer: &str, draft: &str) {
    house.enter(tab, officer).await;
    tab.follow(&format!("main a[href='{draft}']")).await;
    answer_all(tab).await;
}

/// Signs what has just been approved. Answers the case's id.
async fn sign(tab: &Tab) -> String {
    tab.follow("a[href$='/sign']").await;
    tab.follow("main form button:not([value])").await;
    let path = tab.path().await;
    match path.strip_prefix("/cases/") {
        Some(case) => case.to_owned(),
        None => panic!("a signed request is a case, not {path}: {}", tab.said().await),
    }
}

/// Answers every question this persona may, one page each, as without script.
async fn answer_all(tab: &Tab) {
    const OPEN: &str = "section.card:not(:has(.ok)):has(button[formaction*='/gates/'])";
    while tab.has(OPEN).await {
        tab.click(&format!("{OPEN} input[value=satisfied]")).await;
        tab.write(&format!("{OPEN} textarea[lang|=en]"), "Tested today; it is necessary and allowed.").await;
        tab.write(&format!("{OPEN} textarea[lang|=zh]"), "今日已审查，确有必要且依法可行。").await;
        tab.follow(&format!("{OPEN} button")).await;
    }
}

/// One case on one node.
struct Matter<'a> {
    tab: &'a Tab,
    house: &'a House,
    case: &'a str,
}

impl Matter<'_> {
    /// Waits on the desk until the case is there: the page brings it by itself.
    async fn arrives(&self, officer: &str) {
        self.house.enter(self.tab, officer).await;
        self.tab.wait_for(&format!("main a[href^='/cases/{}']", self.case)).await;
    }

    /// Waits on the case's page until it stands in a stage.
    async fn at(&self, officer: &str, stage: &str) {
        self.house.enter(self.tab, officer).await;
        self.house.open(self.tab, &format!("/cases/{}", self.case)).await;
        self.tab.wait_for(&format!(".track [aria-current][data-stage='{stage}']")).await;
    }

    /// Answers what another's act needs answered.
    async fn answers(&self, officer: &str, act: &str) {
        self.house.enter(self.tab, officer).await;
        // The question lies on the desk of who may answer it.
        self.tab.follow(&format!("main a[href^='/cases/{}/do/{act}']", self.case)).await;
        answer_all(self.tab).await;
    }

    /// Writes an act that a colleague signs, and hands it over.
    async fn prepares(&self, officer: &str, act: &str, words: &[(&str, &str)], choices: &[(&str, &str)]) {
        let tab = self.tab;
        self.fills(officer, act, words, choices).await;
        tab.follow("#act .next button[value='hand-over']").await;
        let there = format!("/cases/{}/do/{act}", self.case);
        assert_eq!(tab.path().await, there, "{act} is handed over: {}", tab.said().await);
        assert!(!tab.has("#sign").await, "who wrote it does not sign it: {}", tab.said().await);
    }

    /// Signs what a colleague wrote; the desk leads there.
    async fn signs(&self, officer: &str, act: &str) {
        self.house.enter(self.tab, officer).await;
        self.tab.follow(&format!("main a[href^='/cases/{}/do/{act}']", self.case)).await;
        self.tab.follow("#sign button").await;
        let said = self.tab.said().await;
        assert_eq!(self.tab.path().await, format!("/cases/{}", self.case), "{act} leads back: {said}");
    }

    /// Does an act: from the case's page to its form, to what will be sent, to the signature.
    async fn does(&self, officer: &str, act: &str, words: &[(&str, &str)], choices: &[(&str, &str)]) {
        let tab = self.tab;
        self.fills(officer, act, words, choices).await;
        tab.follow("#act .next button[value=review]").await;
        assert!(tab.has("main button[value=sign]").await, "{act} can be signed: {}", tab.said().await);
        tab.follow("main button[value=sign]").await;
        assert_eq!(tab.path().await, format!("/cases/{}", self.case), "{act} leads back: {}", tab.said().await);
    }

    /// From the case's page to an act's form, filled in.
    async fn fills(&self, officer: &str, act: &str, words: &[(&str, &str)], choices: &[(&str, &str)]) {
        let tab = self.tab;
        self.house.enter(tab, officer).await;
        self.house.open(tab, &format!("/cases/{}", self.case)).await;
        tab.follow(&format!(".next a[href='/cases/{}/do/{act}']", self.case)).await;
        for (name, words) in words {
            tab.write(&by_name(name), words).await;
        }
        for (name, value) in choices {
            pick(tab, name, value).await;
        }
    }
}

/// Opens the menu that a narrow page folds away; a wide one shows none.
async fn unfold(tab: &Tab) {
    const MENU: &str = ".top .menu summary";
    let shown = format!("return !!document.querySelector('{MENU}')?.offsetParent");
    if tab.ask(&shown, vec![]).await == true {
        tab.click(MENU).await;
    }
}

/// Chooses, whether the page shows a menu or all choices at once.
async fn pick(tab: &Tab, name: &str, value: &str) {
    let css = by_name(name);
    let kind = tab.ask("return document.querySelector(arguments[0])?.type", vec![json!(css)]).await;
    if kind == "radio" {
        tab.click(&format!("{css}[value='{value}']")).await;
    } else {
        tab.choose(&css, value).await;
    }
}

fn by_name(name: &str) -> String {
    format!("[name='{name}']")
}
