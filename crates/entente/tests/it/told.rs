//! The story as it is told: what happens in it, and in words a diplomat can follow.
//!
//! Owns the expected course of each chapter. Must not know how it is played.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::cli::run;
use crate::house;

/// What each matter must hold, in this order, among what else happens; and the stage it ends in. A chapter may be several:
/// the warning and the designation are one, and so are the money's way home and the man's.
const CHAPTERS: &[(&[&str], &str)] = &[
    (
        &[
            "submit",
            "acknowledge",
            "return-incomplete",
            "supplement",
            "offer-conditions",
            "accept-conditions",
            "accept",
            "interim",
            "respond",
            "report-outcome",
            "close",
        ],
        "closed",
    ),
    (&["submit", "acknowledge", "refuse", "reconsider", "reopen", "accept-part", "respond", "close"], "closed"),
    (&["submit", "escalate", "escalate", "escalate", "escalate", "acknowledge"], "accepted"),
    (&["submit", "acknowledge", "record", "record", "record", "record", "report-outcome", "close"], "closed"),
    (
        &[
            "submit",
            "acknowledge",
            "record",
            "accept",
            "record",
            "record",
            "record",
            "respond",
            "report-outcome",
            "close",
        ],
        "closed",
    ),
    (&["submit", "acknowledge", "respond", "state-position", "record", "cite-norm", "conclude"], "closed"),
    (&["submit", "accept", "record", "book-asset", "respond", "record", "record", "report-outcome", "close"], "closed"),
    (&["submit", "accept", "book-asset", "record", "record", "book-asset", "respond", "close"], "closed"),
    (
        &["submit", "propose-text", "sign-text", "sign-text", "book-asset", "record", "book-asset", "record", "close"],
        "closed",
    ),
    (&["submit", "record", "record", "record", "respond", "record", "record", "record", "close"], "closed"),
    (&["submit", "acknowledge", "begin-review", "accept", "record", "respond", "report-outcome", "close"], "closed"),
    (
        &[
            "submit",
            "state-position",
            "propose-text",
            "propose-text",
            "record",
            "reserve",
            "sign-text",
            "sign-text",
            "close",
        ],
        "closed",
    ),
    (
        &[
            "submit",
            "record",
            "table-item",
            "table-item",
            "record",
            "record",
            "settle-item",
            "settle-item",
            "undertake",
            "undertake",
            "propose-text",
            "propose-text",
            "record",
            "sign-text",
            "sign-text",
            "check-undertaking",
            "check-undertaking",
            "close",
        ],
        "closed",
    ),
    // The last chapter comes back to its first matter, once both have it go on under the amended instrument.
    (&["submit", "acknowledge", "adopt", "adopt", "record", "report-outcome", "close"], "closed"),
    (&["submit", "acknowledge", "propose-text", "record", "sign-text", "sign-text", "close"], "closed"),
    (&["submit", "acknowledge", "record", "report-outcome", "close"], "closed"),
    (&["submit", "acknowledge", "propose-text", "sign-text", "sign-text", "close"], "closed"),
    // A private matching: asked, received, audited, answered by a person, its secrets destroyed.
    (
        &[
            "submit",
            "acknowledge",
            "match",
            "match",
            "match",
            "match",
            "match",
            "begin-review",
            "record",
            "respond",
            "match",
        ],
        "responded",
    ),
];

#[test]
fn the_story_takes_its_course() {
    let dir = house::folder("told-data");
    let told = run(&dir, &["demo", "--story", "--dir", ".", "--json"]);
    assert_eq!(told.status.code(), Some(0), "{}", String::from_utf8_lossy(&told.stderr));
    let told: Value = serde_json::from_slice(&told.stdout).expect("JSON");
    assert_eq!(told["ok"], true);
    assert_eq!(told["wanting"], Value::Array(Vec::new()));
    let acts = told["acts"].as_array().expect("acts");
    let mut cases: Vec<&str> = Vec::new();
    for case in acts.iter().filter_map(|act| act["case"].as_str()) {
        if !cases.contains(&case) {
            cases.push(case);
        }
    }
    assert_eq!(cases.len(), CHAPTERS.len(), "one case a matter that opens one: {cases:?}");
    for (case, (wanted, end)) in cases.iter().zip(CHAPTERS) {
        let of_case: Vec<&Value> = acts.iter().filter(|act| act["case"] == *case).collect();
        let mut left = of_case.iter().filter_map(|act| act["act"].as_str());
        for want in *wanted {
            assert!(left.any(|act| act == *want), "{case}: `{want}` comes in its turn");
        }
        assert_eq!(of_case.last().expect("acts")["stage"], *end, "{case}");
        for act in of_case {
            assert_eq!(act["act"] == "escalate", act["who"].is_null(), "only the clock acts without a name: {act}");
            assert_eq!(act["moot"], false, "{act}");
        }
    }
    let mut days: Vec<&str> = acts.iter().filter_map(|act| act["at"].as_str()?.get(..10)).collect();
    days.sort_unstable();
    both_account_alike(&dir, days[0], days[days.len() - 1]);
    both_set_alike(&dir, days[0], days[days.len() - 1]);
}

/// The same account as a PDF: the same file from both sides and at every time, with both languages to be read in it; and
/// without a font, no file and a reason.
fn both_set_alike(dir: &Path, first: &str, last: &str) {
    let last: jiff::civil::Date = last.parse().expect("a day");
    let last = last.yesterday().expect("a day before").to_string();
    let report = |party: &str, file: &str, more: &[&str]| {
        let args = ["report", "--dir", party, "--exercise", "--within", "-o", file, "--from", first, "--to", &last];
        run(dir, &[&args[..], more].concat())
    };
    let set = |party: &str, file: &str, more: &[&str]| {
        let out = report(party, file, more);
        assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
        std::fs::read(dir.join(file)).expect("the paper")
    };
    let ours = set("gb", "ours.pdf", &[]);
    assert!(ours.starts_with(b"%PDF-"));
    assert!(ours == set("gb", "again.pdf", &[]), "no clock is in it");
    assert!(ours == set("cn", "theirs.pdf", &[]), "both sides set the same");
    assert!(ours != set("gb", "zh.pdf", &["--lang", "zh"]), "the reader's language stands first");
    let read = |file: &str| {
        let text = Command::new("pdftotext").args(["-layout", file, "-"]).current_dir(dir).output().expect("pdftotext");
        String::from_utf8(text.stdout).expect("text")
    };
    let text = read("ours.pdf");
    for want in ["Progress report", "进展报告", "sha256:", "CY-3a", "Clause by clause", "逐条列示", "L4"] {
        assert!(text.contains(want), "`{want}` can be read in\n{text}");
    }
    let pages = text.matches('\u{c}').count();
    assert!((4..40).contains(&pages), "{pages} pages");
    for number in 1..=pages {
        assert!(text.contains(&format!("{number} / {pages}")), "page {number} of {pages}");
    }
    assert!(!text.contains("[U+"), "the font has every character of the instrument");
    let without = report("gb", "none.pdf", &["--font", "nowhere.ttf"]);
    assert_eq!(without.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&without.stderr).contains("nowhere.ttf"));
    assert!(!dir.join("none.pdf").exists());
}

/// The account of the story's days but the last, which is not over, from each side's folder: the same to the byte, and of
/// something.
fn both_account_alike(dir: &Path, first: &str, last: &str) {
    let last: jiff::civil::Date = last.parse().expect("a day");
    let last = last.yesterday().expect("a day before").to_string();
    let account = |party: &str| {
        let file = format!("{party}.csv");
        let days = ["--from", first, "--to", &last];
        let args = ["report", "--dir", party, "--exercise", "--within", "-o", &file, "--json"];
        let out = run(dir, &[&args[..], &days[..]].concat());
        assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stdout));
        let said: Value = serde_json::from_slice(&out.stdout).expect("JSON");
        (said["sha256"].clone(), std::fs::read_to_string(dir.join(file)).expect("the account"))
    };
    let (ours, theirs) = (account("gb"), account("cn"));
    assert_eq!(ours, theirs);
    let silence = ours.1.lines().find(|line| line.starts_with("CY-3c,levels,,") && line.contains(",L4,"));
    let kept = ours.1.lines().any(|line| line == "GEN-1,tasks,,CN,,1,1");
    assert!(kept, "what the dialogue's Parties undertook is counted:\n{}", ours.1);
    assert!(silence.is_some(), "the third chapter's silence went up to L4:\n{}", ours.1);
}

#[test]
fn the_story_is_told_in_words() {
    fn check(lang: &str, wanted: &[&str]) {
        let dir = house::folder(&format!("told-{lang}"));
        let told = run(&dir, &["demo", "--story", "--dir", ".", "--lang", lang]);
        assert_eq!(told.status.code(), Some(0), "{}", String::from_utf8_lossy(&told.stderr));
        let told = String::from_utf8(told.stdout).expect("text");
        for want in wanted {
            assert!(told.contains(want), "{lang}: `{want}` is not in\n{told}");
        }
        assert!(!told.contains('⟦'), "{lang}: words are missing in\n{told}");
    }
    check(
        "en",
        &[
            "Request sent",
            "Returned as incomplete",
            "owes:",
            "Co-chairs",
            "Counter-terrorism:",
            "Consulate-General of China, Kessa",
            "Identity confirmed",
            "Cyber:",
            "N-c: ",
            "Organised crime, justice and migration:",
            "Arrived 1106749.25 GBP",
            "Return proposed",
            "(own law of United Kingdom, this node only) Accept",
            "Our own law: a question is not answered yet.",
            "Arrival confirmed",
            "International and regional security:",
            "version 2, hash",
            "The dialogue itself:",
            "Commitment made",
            "± Type LEG clock U3 ack: 5 wd → 2 wd",
            "± Calendar cn year 2027: provisional → published",
            "Version 1.1 (",
            "is in force now",
            "Runs under version 1.1 (",
            "Version named to go on under",
            "Report proposed",
            "sha256:",
            "Everything holds",
        ],
    );
    check(
        "zh",
        &[
            "发出请求",
            "退回补正",
            "期限至",
            "反恐怖主义：",
            "网络：",
            "打击有组织犯罪、司法与移民：",
            "已收到 1106749.25 GBP",
            "      已支付",
            "提议返还",
            "依本国法律，尚有问题未予答复。",
            "国际和地区安全：",
            "高级别安全对话：",
            "作出承诺",
            "± 类型 LEG clock U3 ack: 5 wd → 2 wd",
            "现已生效",
            "提出适用的版本",
            "双方节点均已停止并重新启动",
            "全部核验相符",
        ],
    );
}
