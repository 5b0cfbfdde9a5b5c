//! `docs/instrument.md`, followed to the letter: from an empty file to a matter of exercise acknowledged by the other node.
//!
//! Owns the reading of the page and the hand that changes files as it says. Must not do anything the page does not say.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::cli::run;
use crate::house;

/// Most times a node just started is asked whether it answers: it takes seconds on a machine that is doing much else.
const ASKED_MAX: u32 = 400;

/// The page's blocks of commands, in order.
fn blocks() -> Vec<String> {
    let at = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/instrument.md");
    let page = std::fs::read_to_string(at).expect("the page");
    let parts = page.split("```sh\n").skip(1);
    parts.filter_map(|part| Some(part.split_once("\n```")?.0.to_owned() + "\n")).collect()
}

/// A reader at a terminal, with what was noted on the way.
struct Reader {
    dir: PathBuf,
    ports: [(&'static str, u16); 4],
    noted: Vec<(&'static str, String)>,
    serving: Vec<std::process::Child>,
}

impl Reader {
    /// Types a block of the page; what serves until it is stopped is served beside.
    fn types(&mut self, block: &str) -> Output {
        let mut block = block.to_owned();
        for (port, free) in self.ports {
            block = block.replace(&format!(":{port}"), &format!(":{free}"));
        }
        let (serve, rest): (Vec<&str>, Vec<&str>) = block.lines().partition(|line| line.starts_with("entente serve "));
        let (before, after): (Vec<&str>, Vec<&str>) =
            rest.into_iter().partition(|line| !line.starts_with("entente peer ping"));
        let out = self.shell(&before.join("\n"));
        for line in serve {
            let node = line.split_whitespace().nth(2).expect("a folder");
            let mut command = Command::new(env!("CARGO_BIN_EXE_entente"));
            self.serving.push(command.current_dir(&self.dir).args(["serve", node]).spawn().expect("it starts"));
        }
        if after.is_empty() {
            return out;
        }
        (0..ASKED_MAX)
            .map(|_| self.shell(&after.join("\n")))
            .find(|out| out.status.success())
            .expect("the other node answers in the end")
    }

    fn shell(&self, commands: &str) -> Output {
        let program = Path::new(env!("CARGO_BIN_EXE_entente")).parent().expect("a folder").to_owned();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
        let mut shell = Command::new("sh");
        shell.current_dir(&self.dir).args(["-e", "-c", commands]).env("PATH", path).env("LC_ALL", "en_GB.UTF-8");
        shell.envs(self.noted.iter().map(|(name, value)| (*name, value.as_str())));
        shell.output().expect("a shell")
    }

    /// Types a block that must succeed, and reads what it prints.
    fn does(&mut self, block: &str) -> String {
        let out = self.types(block);
        let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{block}: {said}");
        said
    }

    /// Replaces in a file.
    fn changes(&self, file: &str, alter: impl Fn(&str) -> String) {
        let at = self.dir.join(file);
        let text = std::fs::read_to_string(&at).expect("a file");
        std::fs::write(at, alter(&text)).expect("it is written");
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        for served in &mut self.serving {
            let _gone = served.kill();
            let _gone = served.wait();
        }
    }
}

/// A section of a file without one of its tables.
fn without(text: &str, head: &str) -> String {
    let from = text.find(head).expect("the table");
    let to = text[from + 1..].find("\n[").map_or(text.len(), |end| from + 1 + end + 1);
    format!("{}{}", &text[..from], &text[to..])
}

/// The first word of what was printed that begins so.
fn word(said: &str, begins: &str) -> String {
    let found = said.split_whitespace().find(|word| word.starts_with(begins));
    found.unwrap_or_else(|| panic!("no `{begins}…` in: {said}")).to_owned()
}

#[test]
fn a_lawyer_gets_from_an_empty_file_to_two_nodes() {
    let dir = house::folder("lawyer");
    // "An empty folder with an empty instrument.toml works as well."
    std::fs::create_dir_all(dir.join("empty")).expect("a folder");
    std::fs::write(dir.join("empty/instrument.toml"), "").expect("a file");
    let said = String::from_utf8_lossy(&run(&dir, &["check", "empty"]).stdout).into_owned();
    assert!(["[parties]", "[offices]", "[types]", "[calendar]"].iter().all(|part| said.contains(part)), "{said}");

    let blocks = blocks();
    let [begin, nodes, template, write, hand_over, sign, list, acknowledge, look] = blocks.as_slice() else {
        panic!("the page has {} blocks of commands", blocks.len())
    };
    let ports = [7310, 7311, 7320, 7321].map(|port: u16| (port, house::free().port()));
    let ports = [("7310", ports[0].1), ("7311", ports[1].1), ("7320", ports[2].1), ("7321", ports[3].1)];
    let mut reader = Reader { dir: dir.clone(), ports, noted: Vec::new(), serving: Vec::new() };
    let said = reader.does(begin);
    assert!(said.contains("0 errors"), "{said}");
    reader.dir = dir.join("work");

    // Section 2: a Party of one's own, and the third taken out, as `check` names what is left of it.
    let mine = "instruments/mine";
    for file in ["instrument.toml", "offices.toml", "clauses.toml", "types/strait.toml"] {
        reader.changes(&format!("{mine}/{file}"), |text| text.replace("example-strait", "mine"));
    }
    let wrong = |reader: &Reader, code: &str, file: &str| {
        let out = reader.shell(&format!("entente check {mine}"));
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(!out.status.success() && said.contains(code) && said.contains(file), "{code} in {file}: {said}");
    };
    reader.changes(&format!("{mine}/instrument.toml"), |text| without(&without(text, "[parties.XC]"), "[crypto.XC]"));
    wrong(&reader, "unknown-party", "clauses.toml");
    reader.changes(&format!("{mine}/clauses.toml"), |text| {
        text.replace(", XC = [\"XC-CHANC\"]", "").replace(", XC = [\"XC-PORT\"]", "")
    });
    reader.changes(&format!("{mine}/instrument.toml"), |text| {
        let kept = text.lines().filter(|line| !line.starts_with("offices.XC"));
        kept.fold(String::new(), |text, line| text + line + "\n")
    });
    wrong(&reader, "unknown-party", "offices.toml");
    reader.changes(&format!("{mine}/offices.toml"), |text| {
        without(&without(text, "[offices.XC-CHANC]"), "[offices.XC-PORT]")
    });
    wrong(&reader, "unknown-office", "offices.toml");
    for file in ["offices.toml", "types/strait.toml"] {
        reader
            .changes(&format!("{mine}/{file}"), |text| text.replace(", \"XC-CHANC\"", "").replace(", \"XC-PORT\"", ""));
    }
    std::fs::remove_file(reader.dir.join(mine).join("calendars/arvelle.toml")).expect("a calendar");
    let checked = reader.does(&format!("entente check {mine}\n"));
    assert!(checked.contains("0 errors"), "{checked}");

    // Section 8: two nodes, three people, each with a token that is shown once.
    let said = reader.does(nodes);
    assert!(said.contains("XB answered"), "{said}");
    let told = String::from_utf8_lossy(&reader.shell("cat notes.txt").stdout).into_owned();
    let tokens: Vec<String> = told
        .lines()
        .filter_map(|line| line.split_once("secret): "))
        .map(|(_, token)| token.trim().to_owned())
        .collect();
    let [one, two, three] = tokens.as_slice() else { panic!("three tokens: {told}") };
    reader.noted = vec![("D", one.clone()), ("A", two.clone()), ("I", three.clone())];
    reader.does(template);
    reader.changes("request.toml", |text| {
        let choice =
            text.replace("to = \"\"", "to = \"XB-PUERTOS\"").replace("ask.choice = \"\"", "ask.choice = \"owner\"");
        choice.replace("= \"\"", "= \"Exercice\"").replace("exercise = false", "exercise = true")
    });
    let said = reader.does(write);
    reader.noted.push(("DRAFT", word(&said, "d-")));
    let said = reader.does(hand_over);
    assert!(said.contains("SG-1") && said.contains("SG-7"), "{said}");
    let said = reader.does(sign);
    reader.noted.push(("CASE", word(&said, "XA-NI-")));
    let listed = reader.dir.join("listed.txt");
    let case = reader.noted.last().expect("the case").1.clone();
    let arrived = (0..ASKED_MAX).map(|_| reader.does(list)).find(|said| said.contains(&case));
    let arrived = arrived.unwrap_or_else(|| panic!("it never came over, see {}", listed.display()));
    assert!(arrived.contains("Información sobre un buque") || arrived.contains("Renseignements"), "{arrived}");
    let said = reader.does(acknowledge);
    assert!(said.contains("begin-review"), "{said}");
    let said = reader.does(look);
    assert!(!said.contains("broken"), "{said}");
}
