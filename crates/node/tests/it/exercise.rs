//! The shipped exercise: its thirty matters stand as the script says, and its story comes out as told.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops where it stands")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::ids::CaseId;
use domain::instrument::SourceFile;
use domain::menu::Menu;
use domain::procedure::Stage;
use jiff::Timestamp;
use node::story::{self, Line, Script};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use store::{CaseFilter, Reader, Store};

use crate::house::{House, monday, two_houses};

/// Two houses as the script's driver wants them.
fn furnished(houses: &mut [House; 2]) -> [story::House<'_>; 2] {
    houses.each_mut().map(|house| story::House { node: &house.node, store: &mut house.store, chunks: &house.chunks })
}

fn script(told: &str) -> Script {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../exercises/china-uk-2016");
    let file =
        |name: &str| SourceFile { name: name.to_owned(), text: std::fs::read_to_string(root.join(name)).unwrap() };
    let assets: BTreeMap<String, Vec<u8>> = std::fs::read_dir(root.join("assets"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    Script::read(&[file("people.toml"), file("words.toml"), file(told)], assets).unwrap()
}

fn cases(reader: &dyn Reader) -> Vec<CaseId> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let (rows, next) = reader.cases(&CaseFilter { after, ..CaseFilter::default() }).unwrap();
        found.extend(rows.into_iter().map(|row| row.case));
        match next {
            Some(next) => after = Some(next),
            None => return found,
        }
    }
}

/// Both nodes hold the same cases in the same state, and neither has anything to tell its operator.
fn agree(houses: &[House; 2]) {
    let [a, b] = houses.each_ref().map(|house| {
        let reader = house.store.reader().unwrap();
        let alarms: Vec<_> = reader.events(None, 100).unwrap().into_iter().map(|row| row.event).collect();
        assert!(alarms.is_empty(), "{}: {alarms:?}", house.node.me());
        let ids = cases(&*reader);
        let print = |id: &CaseId| house.node.load(&*reader, id).unwrap().unwrap().case.fingerprint();
        ids.iter().map(|id| (id.clone(), print(id))).collect::<BTreeMap<_, _>>()
    });
    assert_eq!(a, b);
}

#[test]
fn matters_stand_in_every_stage_whatever_the_day() {
    for now in ["2026-11-23T08:40:00Z", "2026-11-28T21:15:00Z"] {
        check_matters(now.parse().unwrap());
    }
}

fn check_matters(now: Timestamp) {
    let mut houses = two_houses();
    let mut rng = ChaCha20Rng::from_seed([9; 32]);
    let script = script("matters.toml");
    story::seed(&mut furnished(&mut houses), &script, now, &mut rng).unwrap();
    agree(&houses);

    let mut stages = BTreeSet::new();
    let mut levels = BTreeSet::new();
    let mut begun: BTreeMap<String, usize> = BTreeMap::new();
    let reader = houses[0].store.reader().unwrap();
    for id in cases(&*reader) {
        let case = houses[0].node.load(&*reader, &id).unwrap().unwrap().case;
        assert!(case.record.iter().all(|act| act.moot.is_none()), "{id}");
        stages.insert(case.stage());
        levels.insert(case.ladder.level);
        *begun.entry(case.requesting.to_string()).or_default() += 1;
    }
    for house in &houses {
        for draft in house.node.drafts(&*house.store.reader().unwrap(), None).unwrap() {
            stages.insert(Stage::Draft);
            if draft.case.is_none() {
                *begun.entry(house.node.me().to_string()).or_default() += 1;
            }
        }
    }
    let wanted: BTreeSet<Stage> =
        Stage::ALL.iter().map(|(stage, _)| *stage).filter(|stage| *stage != Stage::Submitted).collect();
    let missing: Vec<_> = wanted.difference(&stages).collect();
    assert!(missing.is_empty(), "no matter stands in {missing:?} at {now}");
    assert!([1, 2, 3].iter().all(|level| levels.contains(level)), "levels {levels:?} at {now}");
    assert_eq!(begun.into_values().collect::<Vec<_>>(), [15, 15]);
}

/// How a chapter ends: its case's stage, the highest rung reached, and acts that must have been in it, in this order.
struct Ending {
    stage: Stage,
    level: u8,
    acts: &'static [&'static str],
}

const ENDINGS: &[Ending] = &[
    Ending {
        stage: Stage::Closed,
        level: 0,
        acts: &[
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
    },
    Ending {
        stage: Stage::Closed,
        level: 0,
        acts: &["submit", "acknowledge", "refuse", "reconsider", "reopen", "accept-part", "respond", "close"],
    },
    Ending {
        stage: Stage::Accepted,
        level: 4,
        acts: &[
            "submit",
            "escalate",
            "answer-escalation",
            "escalate",
            "answer-escalation",
            "escalate",
            "answer-escalation",
            "escalate",
            "answer-escalation",
            "acknowledge",
            "accept",
        ],
    },
];

#[test]
fn the_story_ends_as_told() {
    for start in [monday(), "2026-11-28T21:15:00Z".parse().unwrap()] {
        check_story(start);
    }
}

fn check_story(start: Timestamp) {
    let mut houses = two_houses();
    let mut rng = ChaCha20Rng::from_seed([9; 32]);
    let script = script("story.toml");
    assert_eq!(script.matters().len(), ENDINGS.len());
    story::people(&mut furnished(&mut houses), &script, start, &mut rng).unwrap();
    for (told, ending) in script.matters().iter().zip(ENDINGS) {
        let mut shown: Vec<Line> = Vec::new();
        let mut show = |line| shown.push(line);
        let mut house = furnished(&mut houses);
        let (case, _) = story::tell(&mut house, &script, told, start, &mut rng, &mut show).unwrap();
        check_ending(&houses, &told.key, &case.unwrap(), &shown, ending);
    }
    agree(&houses);
}

fn check_ending(houses: &[House; 2], key: &str, id: &CaseId, shown: &[Line], ending: &Ending) {
    let reader = houses[0].store.reader().unwrap();
    let case = houses[0].node.load(&*reader, id).unwrap().unwrap().case;
    let kinds: Vec<&str> = shown.iter().map(|line| line.act.deed.kind().code()).collect();
    assert_eq!(case.stage(), ending.stage, "{key}: {kinds:?}");
    assert_eq!(case.rungs.iter().map(|rung| rung.level).max().unwrap_or(0), ending.level, "{key}: {kinds:?}");
    assert!(case.rungs.iter().all(|rung| rung.answer.is_some()), "{key}: a rung stands unanswered");
    assert!(shown.iter().all(|line| !line.moot), "{key}");
    assert_eq!(shown.len(), case.record.len(), "{key}: every act is shown once");
    let mut rest = kinds.iter();
    for wanted in ending.acts {
        assert!(rest.any(|kind| kind == wanted), "{key}: no `{wanted}` in its place in {kinds:?}");
    }
}
