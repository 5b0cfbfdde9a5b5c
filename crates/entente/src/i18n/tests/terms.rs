//! The interface speaks by the agreed terms: where an English message uses one, the Chinese message uses its rendering,
//! or another that stands here with its reason.

use domain::glossary::departures;
use domain::instrument::Instrument;
use domain::text::Prose;

use super::*;

/// Terms that are plain words too, what Chinese says for those, and why.
const OTHERWISE: &[(&str, &[&str], &str)] = &[
    (
        "act",
        &["办理", "操作", "处理", "行为", "下一步"],
        "to act, or an act still to be done: 文书 is the signed document",
    ),
    ("instrument", &["本文件"], "this instrument, once it has been named"),
    ("party", &["对方", "另一方"], "the other Party, from where the reader sits"),
    ("receipt", &["收到"], "to acknowledge receipt is 确认收到; 回执 is what a node signs"),
    ("refusal", &["复议"], "a reconsideration is of a refusal and of nothing else"),
    ("request", &["entente request"], "the name of a command"),
    ("result", &["结果", "成果"], "of a match or of work done together: 执行结果 is that of a request carried out"),
    ("return", &["退回"], "papers sent back: 返还 is of property"),
    ("safeguard", &["审查意见"], "the answer to a safeguard is 审查意见"),
    ("seal", &["加封", "封印"], "an envelope closed by cryptography: 盖章 is on paper, 查封 of premises"),
    ("sharing", &["共享"], "of information under a mark: 分享 is of assets"),
    ("signature", &["签名", "签"], "of a machine, or a paper handed up for it: 签署 is a person's, of a text"),
    ("undertaking", &["合作", "联合行动"], "what is undertaken together: 保证 is a promise"),
];

/// Two Chinese words for one thing, and the one that is used: in the interface and in what the exercise says.
const ONE_WORD: &[(&str, &str)] = &[("重新考虑", "复议"), ("尚未填写", "未填写")];

#[test]
fn one_thing_has_one_word_in_chinese() {
    let id = crate::shipped::instruments().next().expect("one is built in");
    let mut said: Vec<(String, String)> = words(Tongue::Zh).into_iter().collect();
    for part in [crate::shipped::Part::Desk, crate::shipped::Part::Story] {
        let (files, _) = crate::shipped::exercise(id, part);
        said.extend(files.into_iter().map(|file| (file.name, file.text)));
    }
    for (other, used) in ONE_WORD {
        let found: Vec<&str> =
            said.iter().filter(|(_, words)| words.contains(other)).map(|(key, _)| key.as_str()).collect();
        assert!(found.is_empty(), "`{other}` is `{used}`: {found:?}");
    }
}

/// Every message's words, without what stands in braces.
fn words(tongue: Tongue) -> BTreeMap<String, String> {
    let (_, files) = LOCALES.iter().find(|(known, _)| *known == tongue).expect("every tongue has files");
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for file in *files {
        let mut key = String::new();
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            let words = match line.split_once(" =") {
                Some((name, words)) if line.starts_with(|c: char| c.is_ascii_lowercase()) => {
                    name.clone_into(&mut key);
                    words
                }
                _ => line,
            };
            let said = found.entry(key.clone()).or_default();
            let mut depth = 0_usize;
            for letter in words.chars() {
                match letter {
                    '{' => depth += 1,
                    '}' => depth = depth.saturating_sub(1),
                    _ if depth == 0 => said.push(letter),
                    _ => {}
                }
            }
            said.push(' ');
        }
    }
    found
}

#[test]
fn the_chinese_interface_renders_the_terms_of_the_english_one() {
    let id = crate::shipped::instruments().next().expect("one is built in");
    let mut files = crate::shipped::instrument(id).expect("it was just named");
    files.extend(crate::shipped::calendars());
    let instrument = Instrument::load(&files).instrument.expect("the shipped one is sound");
    let (english, chinese) = (words(Tongue::En), words(Tongue::Zh));
    let (mut wrong, mut needed) = (Vec::new(), BTreeSet::new());
    for (key, en) in &english {
        let Some(zh) = chinese.get(key) else { continue };
        let text = Prose::new(Tongue::En.lang(), en.as_str()).with(Tongue::Zh.lang(), zh.as_str());
        for one in departures(instrument.glossary(), &text) {
            if one.used_in != Tongue::En.lang() {
                continue;
            }
            let reasoned =
                OTHERWISE.iter().find(|(term, said, _)| *term == one.term && said.iter().any(|said| zh.contains(said)));
            match reasoned {
                Some((term, ..)) => _ = needed.insert(*term),
                None => wrong.push(format!("{key}: `{}` is {}: {}", one.term, one.agreed.join(" or "), zh.trim())),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (term, _, why) in OTHERWISE {
        assert!(needed.contains(term) && !why.is_empty(), "no message needs the exception for `{term}`");
    }
}
