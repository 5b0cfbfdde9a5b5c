//! `entente request`: the same commands at a running node and in a stopped one's folder, with their exit codes.
//!
//! Owns a few officers, one with a token. Must not test what the interface does with a call: `api` does.

use std::path::Path;
use std::process::Command;

use entente::app::Clock;
use entente::home::Home;
use entente::serve::{Duty, Running};
use serde_json::Value;

use crate::house;

/// Runs the command and answers its exit code and its JSON.
fn request(reach: &[&str], args: &[&str]) -> (i32, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entente"));
    command.args(["request", "--json"]).args(args).args(reach);
    command.env_remove("ENTENTE_NODE").env_remove("ENTENTE_TOKEN").env("LC_ALL", "en_GB.UTF-8");
    let out = command.output().expect("the program runs");
    (out.status.code().unwrap_or(-1), serde_json::from_slice(&out.stdout).unwrap_or(Value::Null))
}

/// A drafter of the first office that may send the first type in force; the type, whom to ask, and a token.
fn furnished(home: &Home) -> [String; 3] {
    let instrument = home.instrument().expect("an instrument");
    let me = &home.config().party;
    let ours = |office: &&domain::ids::OfficeId| office.party() == *me;
    let rule = instrument.types().values().find(|rule| {
        rule.procedure == domain::procedure::ProcedureKind::Assistance
            && rule.may_send.iter().any(|office| ours(&office))
    });
    let rule = rule.expect("a type in force");
    let office = rule.may_send.iter().find(ours).expect("an office").as_str();
    let to = rule.may_receive.iter().find(|office| !ours(office)).expect("an office of theirs");
    let dir = home.dir().to_string_lossy().into_owned();
    let out = Command::new(env!("CARGO_BIN_EXE_entente"))
        .args(["--json", "user", "add", &dir, "--id", "clerk", "--name", "A Clerk", "--office", office])
        .args(["--role", "drafter", "--token", "test"])
        .output()
        .expect("the program runs");
    let added: Value = serde_json::from_slice(&out.stdout).expect("an officer");
    [rule.code.to_string(), to.to_string(), added["token"].as_str().expect("a token").to_owned()]
}

fn check(reach: &[&str], code: &str, to: &str, file: &Path) {
    let file = file.to_string_lossy();
    let (exit, draft) = request(reach, &["new", "--type", code, "--to", to, "--file", &file]);
    assert_eq!((exit, &draft["version"]), (0, &Value::from(2)), "{draft:#}");
    assert_eq!(draft["request"]["title"]["texts"]["zh"], "标题");
    let id = draft["id"].as_str().expect("an id");
    for (args, exit, code) in [
        (&["check", id][..], 1, None),
        (&["handover", id], 1, Some("incomplete")),
        (&["attach", id, &file], 0, None),
        (&["show", id], 0, None),
        (&["list", "--waiting-us"], 0, None),
        (&["sign", id], 1, Some("four-eyes")),
        (&["show", "nowhere"], 2, None),
        (&["gate", "XX-CY-2026-0001", "--gate", "SG-1", "--finding", "satisfied", "--text-en", "x"], 2, None),
        (&["discard", id], 0, None),
        (&["show", id], 2, None),
    ] {
        let (got, said) = request(reach, args);
        assert_eq!((got, said["code"].as_str()), (exit, code), "{args:?}: {said:#}");
    }
}

#[test]
fn requests_are_written_at_a_running_node_and_in_a_stopped_ones_folder() {
    let [home, _] = house::pair("request");
    let [code, to, token] = furnished(&home);
    let file = home.dir().join("request.toml");
    std::fs::write(&file, "title = { en = \"Title\", zh = \"标题\" }\nneeded_by = 2030-01-01\n").expect("a file");
    let dir = home.dir().to_string_lossy().into_owned();
    check(&["--dir", &dir, "--as", "clerk"], &code, &to, &file);
    assert_eq!(request(&["--dir", &dir, "--as", "nobody"], &["list"]).0, 2);
    assert_eq!(request(&["--node", "http://192.0.2.1", "--token", &token], &["list"]).0, 2);

    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let running = runtime.block_on(Running::start(&home, Clock::real(), None, Duty::Driven)).expect("it runs");
    check(&["--node", &running.url(), "--token", &token], &code, &to, &file);
    assert_eq!(request(&["--node", &running.url(), "--token", "wrong"], &["list"]).0, 2);
    assert_eq!(request(&["--dir", &dir, "--as", "clerk"], &["list"]).0, 2, "the folder is held by the running node");
    runtime.block_on(running.stop());
}

/// Runs the command as a person does and answers its exit code and what it prints.
fn told(reach: &[&str], args: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entente"));
    command.arg("request").args(args).args(reach).env("LC_ALL", "en_GB.UTF-8");
    let out = command.output().expect("the program runs");
    let printed = [out.stdout, out.stderr].concat();
    (out.status.code().unwrap_or(-1), String::from_utf8_lossy(&printed).into_owned())
}

fn officer(home: &Home, id: &str, office: &str, roles: &[&str]) {
    let roles = roles.iter().flat_map(|role| ["--role", role]);
    let out = Command::new(env!("CARGO_BIN_EXE_entente"))
        .args(["user", "add", &home.dir().to_string_lossy(), "--id", id, "--name", id, "--office", office])
        .args(roles)
        .output()
        .expect("the program runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn a_file_that_cannot_be_used_leaves_no_draft() {
    let [home, _] = house::pair("request-bad");
    let [code, to, _] = furnished(&home);
    let dir = home.dir().to_string_lossy().into_owned();
    let reach = ["--dir", &dir, "--as", "clerk"];
    let check = |name: &str, text: &str, args: &[&str], exit: i32, says: &str| {
        let file = home.dir().join(name);
        std::fs::write(&file, text).expect("a file");
        let file = file.to_string_lossy().into_owned();
        let (got, printed) = told(&reach, &[&["new", "--file", &file], args].concat());
        assert_eq!(got, exit, "{name}: {printed}");
        assert!(printed.contains(says), "{name}: {printed}");
        assert_eq!(request(&reach, &["drafts"]).1["drafts"], Value::Array(Vec::new()), "{name} leaves a draft");
    };
    let known = ["--type", &code, "--to", &to];
    check("a.toml", "title = ", &known, 2, "a.toml");
    check("b.toml", "nonsense = 1", &known, 2, "nonsense");
    check("c.json", "[]", &known, 2, "write an object");
    check("d.toml", "needed_by = 'soon'", &known, 2, "detail");
    check("e.toml", "fields.indicators.indicators = '{'", &known, 1, "cut short");
    check("f.toml", "fields.indicators.indicators-file = 'absent.json'", &known, 2, "absent.json");
    check("g.toml", "purpose = { en = 'x' }", &[], 2, "--type");
    check("h.toml", "type_code = 'XX-NO'", &known, 2, "give one of them");
}

/// Whoever leaves something out, or asks for what is not there, is told what there is.
#[test]
fn errors_name_what_there_is_to_choose_from() {
    let [home, _] = house::pair("request-choices");
    let [code, to, _] = furnished(&home);
    let dir = home.dir().to_string_lossy().into_owned();
    let reach = ["--dir", &dir, "--as", "clerk"];
    let check = |args: &[&str], says: &[&str]| {
        let (exit, printed) = told(&reach, args);
        assert_eq!(exit, 2, "{args:?}: {printed}");
        for part in says {
            assert!(printed.contains(part), "{args:?} lacks `{part}`: {printed}");
        }
    };
    check(&["template", "NOPE"], &["NOPE", &code, "give one of these"]);
    check(&["new"], &["--type", "--to", &code]);
    check(&["new", "--type", "NOPE", "--to", &to], &["NOPE", &code]);
    check(&["new", "--type", &code], &["--to", &to]);
    check(&["gate", "d-1", "--gate", "SG-1", "--finding", "fine"], &["satisfied", "not-engaged"]);
    check(&["list", "--stage", "somewhere"], &["under-review"]);
    for (args, says) in [(["answer", "--help"], "not-executable"), (["gate", "--help"], "not-satisfied")] {
        let (exit, printed) = told(&reach, &args);
        assert!(exit == 0 && printed.contains(says), "{args:?} lacks `{says}`: {printed}");
    }
}

/// What a field of this kind can be filled with.
fn filled(part: &Value) -> Value {
    let key = part["key"].as_str().expect("a key");
    let code = part["choices"][0].as_str().unwrap_or_default().split(' ').next().unwrap_or_default();
    match key.rsplit('.').next().expect("a kind") {
        "prose" => serde_json::json!({ "en": "What happened", "zh": "事情经过" }),
        "choice" => code.into(),
        "interval" => serde_json::json!({ "from": "2026-01-05T00:00:00Z", "to": "2026-01-06T00:00:00Z" }),
        "date" => "2026-01-05".into(),
        "yes-no" => true.into(),
        "penalty" => serde_json::json!({ "years-max": 5 }),
        _ => "192.0.2.1".into(),
    }
}

#[test]
fn the_template_is_a_file_that_can_be_filled_in_and_sent_to_its_answer() {
    let homes = house::pair("request-whole");
    let [home, other] = &homes;
    let [code, to, _] = furnished(home);
    let dirs = homes.each_ref().map(|home| home.dir().to_string_lossy().into_owned());
    let instrument = home.instrument().expect("an instrument");
    let rule = instrument.types().values().find(|rule| rule.code.as_str() == code).expect("the type");
    let office = rule.may_send.iter().find(|office| office.party() == home.config().party).expect("an office");
    officer(home, "boss", office.as_str(), &["approver", "legal-reviewer"]);
    let everyone = ["intake", "legal-reviewer", "decision-maker", "executing"];
    officer(other, "desk", &to, &everyone);
    officer(other, "reviewer", &to, &["legal-reviewer", "decision-maker"]);
    let [clerk, boss] = ["clerk", "boss"].map(|id| ["--dir", &dirs[0], "--as", id]);
    officer(other, "head", &to, &["decision-maker"]);
    let [desk, reviewer, head] = ["desk", "reviewer", "head"].map(|id| ["--dir", &dirs[1], "--as", id]);

    // As it comes, with nothing filled in, it is a draft that lacks what is named.
    let (exit, template) = told(&clerk, &["template", &code]);
    assert_eq!(exit, 0, "{template}");
    for field in &rule.fields {
        for (_, label) in field.label.iter() {
            assert!(template.contains(label), "`{label}` is explained: {template}");
        }
    }
    let file = home.dir().join("request.toml");
    std::fs::write(&file, &template).expect("a file");
    let (exit, draft) = request(&clerk, &["new", "--to", &to, "--file", &file.to_string_lossy()]);
    assert_eq!(exit, 0, "{draft:#}");
    let id = draft["id"].as_str().expect("an id").to_owned();
    let (exit, lacking) = told(&clerk, &["check", &id]);
    assert!(
        exit == 1 && lacking.contains("title: the text in Chinese is missing")
            || lacking.contains("title: not filled in"),
        "{lacking}"
    );

    // Filled in by a program, it is complete.
    let (_, template) = request(&clerk, &["template", &code]);
    let mut written = template["request"].clone();
    for part in template["parts"].as_array().expect("parts") {
        let key = part["key"].as_str().expect("a key");
        match key.split('.').collect::<Vec<_>>().as_slice() {
            ["fields", id, kind] if part["required"] == true || *kind == "penalty" => {
                written["fields"][*id] = serde_json::json!({ *kind: filled(part) });
            }
            ["title" | "purpose" | "urgency_reason"] => {
                written[key] = serde_json::json!({ "en": "A matter of the test", "zh": "试验事项" });
            }
            ["needed_by"] => written[key] = "2030-01-01".into(),
            _ => {}
        }
    }
    written["to"] = to.as_str().into();
    written.as_object_mut().expect("members").remove("type_code");
    let file = home.dir().join("request.json");
    std::fs::write(&file, written.to_string()).expect("a file");
    let (exit, draft) = request(&clerk, &["edit", &id, "--file", &file.to_string_lossy()]);
    assert_eq!((exit, &draft["missing"]), (0, &Value::Array(Vec::new())), "{draft:#}");
    let (exit, shown) = told(&clerk, &["show", &id]);
    assert!(exit == 0 && shown.contains("试验事项") && shown.contains("A matter of the test"), "{shown}");

    assert_eq!(request(&clerk, &["handover", &id]).0, 0);
    let words = ["--text-en", "Looked at.", "--text-zh", "已审查。"];
    let gate = |gate: &str| -> Vec<String> { ["--gate", gate, "--finding", "satisfied"].map(str::to_owned).to_vec() };
    for needed in draft["gates_needed"].as_array().expect("gates") {
        let gate = gate(needed.as_str().expect("a code"));
        let gate: Vec<&str> = gate.iter().map(String::as_str).collect();
        let (exit, said) = request(&boss, &[&["gate", &id], &gate[..], &words].concat());
        assert_eq!(exit, 0, "{said:#}");
    }
    assert_eq!(request(&boss, &["check", &id]).0, 0);
    let (exit, done) = request(&boss, &["sign", &id]);
    assert_eq!(exit, 0, "{done:#}");
    let case = done["case"].as_str().expect("a case").to_owned();
    let (_, shown) = told(&boss, &["show", &case]);
    assert!(shown.contains("not yet receipted"), "{shown}");

    house::settle(&homes, &Clock::real());
    let answered = |args: &[&str]| {
        let (exit, said) = request(&desk, args);
        assert_eq!(exit, 0, "{args:?}: {said:#}");
        said
    };
    answered(&["ack", &case, "--reference", "R/17", "--contact", "desk, any hour"]);
    answered(&["do", &case, "begin-review"]);
    what_comes_next_is_told(&desk, &reviewer, other.dir(), &case);
    let gates_for = |act: &str| {
        for line in
            answered(&["show", &case])["gates"].as_array().expect("gates").iter().filter(|line| line["act"] == act)
        {
            let gate = gate(line["gate"].as_str().expect("a code"));
            let gate: Vec<&str> = gate.iter().map(String::as_str).collect();
            // Whoever signs an answer does not review it.
            let (exit, said) = request(&reviewer, &[&["gate", &case, "--act", act], &gate[..], &words].concat());
            assert_eq!(exit, 0, "{said:#}");
        }
    };
    assert_eq!(request(&desk, &["do", &case, "accept"]).0, 1, "a safeguard is not answered");
    gates_for("accept");
    answered(&["do", &case, "accept"]);
    answered(&["do", &case, "begin-execution"]);
    for step in &rule.steps {
        let file = other.dir().join("step.toml");
        let until = if step.dated { "\nuntil = '2031-01-02'" } else { "" };
        let said = format!("step = '{}'\nnote.en = 'done'\nnote.zh = '已办'{until}", step.code);
        std::fs::write(&file, said).expect("a file");
        answered(&["do", &case, "record", "--file", &file.to_string_lossy()]);
    }
    let file = other.dir().join("report.txt");
    std::fs::write(&file, "what was found").expect("a file");
    answered(
        &[&["answer", &case, "--attach", &file.to_string_lossy()], &["--text-en", "This.", "--text-zh", "如下。"][..]]
            .concat(),
    );
    // Written and handed over: it is read, answered for and signed by others, each naming the version they read.
    let (exit, read) = told(&reviewer, &["prepared", &case, "respond"]);
    assert!(exit == 0 && read.contains("This.") && read.contains("report.txt"), "{read}");
    let (_, read) = request(&reviewer, &["prepared", &case, "respond"]);
    let which = ["--act", "respond", "--version", "1"];
    for needed in read["gates_unanswered"].as_array().expect("gates") {
        let gate = gate(needed.as_str().expect("a code"));
        let gate: Vec<&str> = gate.iter().map(String::as_str).collect();
        let (exit, said) = request(&reviewer, &[&["gate", &case], &which[..], &gate[..], &words].concat());
        assert_eq!(exit, 0, "{said:#}");
    }
    let (_, read) = request(&reviewer, &["prepared", &case, "respond"]);
    let saved = read["saved"].to_string();
    let (exit, told_so) = request(&head, &[&["sign", &case], &which[..]].concat());
    assert!(exit == 2 && told_so["error"].as_str().is_some_and(|why| why.contains("--saved")), "{told_so:#}");
    let which = [&which[..], &["--saved", &saved]].concat();
    for own in [&desk, &reviewer] {
        let (exit, said) = request(own, &[&["sign", &case], &which[..]].concat());
        assert_eq!((exit, said["code"].as_str()), (1, Some("four-eyes")), "{said:#}");
    }
    let (exit, said) = request(&head, &[&["sign", &case], &which[..]].concat());
    assert_eq!(exit, 0, "{said:#}");
    house::settle(&homes, &Clock::real());

    let (exit, shown) = told(&clerk, &["show", &case]);
    assert_eq!(exit, 0, "{shown}");
    let mut wanted = vec![
        "A matter of the test",
        "试验事项",
        "R/17",
        "report.txt",
        "Looked at.",
        "已审查。",
        "Answered",
        "Request sent",
    ];
    wanted.extend(["Received, by signed receipt:", "SG-1", &to, &code]);
    let labels: Vec<String> = rule.fields.iter().filter(|field| field.required).map(label).collect();
    let capitals: Vec<String> = instrument.parties().values().map(|party| english(&party.capital)).collect();
    for part in wanted.into_iter().chain(labels.iter().map(String::as_str)).chain(capitals.iter().map(String::as_str)) {
        assert!(shown.contains(part), "lacks `{part}`: {shown}");
    }
}

/// In a case under review: every act open has its command and its file, whose blanks are refused by name; and what is
/// refused is said in words with the command that helps.
fn what_comes_next_is_told(desk: &[&str], reviewer: &[&str], dir: &Path, case: &str) {
    let (exit, said) = told(desk, &["next", case]);
    let template = format!("entente request do {case} refuse --template");
    let gate = format!("entente request gate {case} --act accept --gate SG-");
    assert!(exit == 0 && said.contains(&template) && said.contains(&gate), "{said}");
    let (_, next) = request(desk, &["next", case]);
    let acts = next["next"].as_array().expect("acts");
    assert!(acts.len() > 4, "{next:#}");
    let file = dir.join("act.toml");
    let as_json = dir.join("act.json");
    for one in acts.iter().filter(|one| one["act"] != "match") {
        let act = one["act"].as_str().expect("a code");
        let (exit, text) = told(desk, &["do", case, act, "--template"]);
        assert_eq!(exit, 0, "{act}: {text}");
        std::fs::write(&file, &text).expect("a file");
        let (_, printed) = request(desk, &["do", case, act, "--template"]);
        std::fs::write(&as_json, printed.to_string()).expect("a file");
        let blank = |part: &&Value| {
            let usual = &one["template"]["contents"][part["key"].as_str().expect("a key")];
            let empty = usual == "" || usual.as_object().is_some_and(|texts| texts.values().all(|text| text == ""));
            part["required"] == true && empty
        };
        let parts: Vec<&Value> = one["template"]["parts"].as_array().expect("parts").iter().filter(blank).collect();
        for from in [&file, &as_json].iter().filter(|_| !parts.is_empty()) {
            let (exit, said) = told(desk, &["do", case, act, "--file", &from.to_string_lossy()]);
            assert_eq!(exit, 2, "{act}: {said}");
            for part in &parts {
                let key = part["key"].as_str().expect("a key");
                assert!(said.contains(key) && said.contains("--template"), "{act} lacks {key}: {said}");
            }
        }
    }
    std::fs::write(&file, "question.en = \"\"\nqestion = 1").expect("a file");
    let file = file.to_string_lossy();
    let words = ["--text", "en=Looked at.", "--text", "zh=已审查。"];
    let gate = |gate: &'static str| {
        [&["gate", case, "--act", "accept", "--gate", gate, "--finding", "satisfied"][..], &words].concat()
    };
    let idle = ["SG-17", "SG-15", "SG-16"].into_iter().find(|idle| {
        let gates =
            acts.iter().filter(|one| one["act"] == "accept").flat_map(|one| one["gates"].as_array().expect("gates"));
        gates.into_iter().all(|one| one["gate"] != *idle)
    });
    let (exit, problem) = request(reviewer, &gate(idle.expect("a safeguard nobody asks")));
    assert_eq!((exit, problem["code"].as_str()), (1, Some("gate-not-asked")), "{problem:#}");
    for (args, exit, says) in [
        (gate(idle.expect("one")), 1, &["Nobody asks", "entente request next"][..]),
        (vec!["do", case, "ask", "--file", &file], 2, &["question", "qestion", "ask --template"]),
        (vec!["do", case, "accept"], 1, &["has not been answered", "--act accept --gate SG-"]),
        (vec!["do", case, "close"], 1, &["entente request next"]),
        (vec!["show", "XX-NO-2026-0001"], 2, &["entente request list"]),
        (vec!["do", "XX-NO-2026-0001", "begin-review"], 2, &["entente request list"]),
        (vec!["gate", case, "--gate", "SG-1", "--finding", "satisfied", "--text", "en=x"], 2, &["--act", "next"]),
        (
            vec!["gate", case, "--act", "accept", "--gate", "SG-1", "--finding", "satisfied", "--text", "xx=x"],
            2,
            &["xx", "en, zh"],
        ),
        (vec!["gate", case, "--act", "accept", "--gate", "SG-1", "--finding", "satisfied"], 2, &["--text LANG=WORDS"]),
        (vec!["sign", case], 2, &["--act", "entente request prepared"]),
        (vec!["sign", case, "--act", "respond", "--version", "1", "--saved", "1"], 1, &["entente request next"]),
        (vec!["list", "--instrument", "none"], 2, &["china-uk-2016"]),
    ] {
        let (got, said) = told(desk, &args);
        assert_eq!(got, exit, "{args:?}: {said}");
        for part in says {
            assert!(said.contains(part), "{args:?} lacks `{part}`: {said}");
        }
    }
    let (_, listed) = told(desk, &["list"]);
    assert!(listed.contains(" Beijing (UTC+08:00)"), "the moment is told on the clock of the side: {listed}");
}

fn label(field: &domain::instrument::Field) -> String {
    english(&field.label)
}

fn english(text: &domain::text::Text) -> String {
    text.iter().find(|(lang, _)| lang.as_str() == "en").map(|(_, words)| words.to_owned()).expect("English words")
}
