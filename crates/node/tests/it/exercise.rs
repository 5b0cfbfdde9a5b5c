//! The shipped exercise: its matters stand as the script says, and its story comes out as told.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops where it stands")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::act::ActKind;
use domain::agenda::{Agenda, AgendaItem, agendas};
use domain::asset::Heading;
use domain::case::Case;
use domain::content::{FieldValue, Request};
use domain::ids::{CaseId, PartyId, TypeCode};
use domain::instrument::SourceFile;
use domain::menu::Menu;
use domain::procedure::Stage;
use domain::text::{Lang, Prose};
use jiff::Timestamp;
use node::story::{self, Line, Script};
use node::view::{FactBook, agenda_hash};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use store::{CaseFilter, Reader, Store};

use crate::house::{House, monday, two_houses};

/// Two houses, each under the own law of the exercise.
pub(crate) fn lawful() -> [House; 2] {
    two_houses().map(|house| {
        let party = house.node.me().as_str().to_lowercase();
        house.under(&format!("exercises/china-uk-2016/policy/{party}.toml"), |law| law)
    })
}

/// Two houses as the script's driver wants them.
pub(crate) fn seed(houses: &mut [House; 2], script: &Script, now: Timestamp, rng: &mut ChaCha20Rng) {
    let mut furnished = furnished(houses);
    story::seed(&mut furnished, script, now, rng).unwrap();
    // An amendment among the matters makes other nodes of them.
    let [a, b] = furnished.map(|house| house.node);
    (houses[0].node, houses[1].node) = (a, b);
}

pub(crate) fn furnished(houses: &mut [House; 2]) -> [story::House<'_>; 2] {
    houses.each_mut().map(|house| story::House {
        node: house.node.clone(),
        store: &mut house.store,
        chunks: &house.chunks,
    })
}

/// The files of the desks, as the program takes them: every one whose name begins so.
pub(crate) fn desks() -> Script {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../exercises/china-uk-2016");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.starts_with("matters")).collect();
    names.sort();
    script(&names)
}

/// The people and words of the exercise, with the matters of these files.
pub fn script(told: &[String]) -> Script {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../exercises/china-uk-2016");
    let file =
        |name: &str| SourceFile { name: name.to_owned(), text: std::fs::read_to_string(root.join(name)).unwrap() };
    let assets: BTreeMap<String, Vec<u8>> = std::fs::read_dir(root.join("assets"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    let mut files = vec![file("people.toml"), file("words.toml")];
    files.extend(told.iter().map(|name| file(name)));
    Script::read(&files, assets).unwrap()
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

/// Both nodes compute the same agendas, to the byte; and those a visitor looks at hold something of every kind.
fn agree_on_agendas(houses: &[House; 2], now: Timestamp) {
    let [ours, theirs] = houses.each_ref().map(|house| {
        let mut book = FactBook::default();
        book.refresh(&house.node, &*house.store.reader().unwrap()).unwrap();
        agendas(house.node.instrument(), book.iter(), now)
    });
    assert_eq!(ours, theirs);
    let hashes = |all: &[Agenda]| all.iter().map(|agenda| agenda_hash(agenda).unwrap()).collect::<Vec<_>>();
    assert_eq!(hashes(&ours), hashes(&theirs));
    let plenary = |held: bool| {
        let found = ours.iter().find(|one| one.type_code.as_str() == "DLG-PLN" && one.held_at.is_some() == held);
        found.unwrap_or_else(|| panic!("a plenary held: {held}"))
    };
    let (held, next) = (plenary(true), plenary(false));
    assert!(held.items.iter().any(|item| item.settled_at.is_some()), "{held:?}");
    let has = |what: fn(&AgendaItem) -> bool| next.items.iter().any(what);
    assert!(has(|item| item.tabled.is_some()), "something is tabled: {next:?}");
    assert!(has(|item| item.level.is_some()), "something has climbed: {next:?}");
    assert!(has(|item| item.carried_from.is_some()), "something was left unsettled: {next:?}");
}

/// Headings of property a visitor must see money under, in one matter or another.
const HEADINGS: &[Heading] =
    &[Heading::Restrained, Heading::CarriedConfiscated, Heading::Costs, Heading::Shared, Heading::Received];

/// Steps a visitor must find recorded, by type.
const STEPS: &[(&str, &str)] = &[
    ("ALERT", "MISSION_ACKED"),
    ("CNS", "AUTHENTICATED"),
    ("DES", "FROZEN"),
    ("DLG-CYB", "HELD"),
    ("DLG-LEC", "HELD"),
    ("DLG-PLN", "MINUTES_AGREED"),
    ("DLG-TRK", "HELD"),
    ("DES", "MISTAKEN_IDENTITY"),
    ("EXT", "CERTIFIED"),
    ("EXT", "EXECUTIVE"),
    ("EXT", "JUDICIAL"),
    ("FUG", "LOCATED"),
    ("FUG", "NO_INFORMATION"),
    ("ICR", "REMOVED"),
    ("IDV", "CONFIRMED"),
    ("IDV", "TAKE_BACK"),
    ("JIT", "HOST_PERMIT"),
    ("MLA-PERS", "CONSENT_PERSON"),
    ("MLA-RSTR", "RESTRAINED"),
    ("MLA-RTN", "RECEIVED"),
    ("NORM", "CONSULTED"),
];

#[test]
fn matters_stand_in_every_stage_whatever_the_day() {
    for now in ["2026-11-23T08:40:00Z", "2026-11-28T21:15:00Z"] {
        check_matters(now.parse().unwrap());
    }
}

fn check_matters(now: Timestamp) {
    let mut houses = lawful();
    let mut rng = ChaCha20Rng::from_seed([9; 32]);
    let script = desks();
    seed(&mut houses, &script, now, &mut rng);
    agree(&houses);
    agree_on_agendas(&houses, now);

    let mut stages = BTreeSet::new();
    let mut levels = BTreeSet::new();
    let mut begun: BTreeMap<String, usize> = BTreeMap::new();
    let mut types: BTreeSet<(String, String)> = BTreeSet::new();
    let mut headings: BTreeSet<Heading> = BTreeSet::new();
    let mut steps: BTreeSet<(String, String)> = BTreeSet::new();
    let mut use_made = UseMade::default();
    let reader = houses[0].store.reader().unwrap();
    for id in cases(&*reader) {
        let case = houses[0].node.load(&*reader, &id).unwrap().unwrap().case;
        use_made.count(houses[0].node.instrument().langs(), &case);
        assert!(case.record.iter().all(|act| act.moot.is_none()), "{id}");
        agrees_with_itself(&case);
        stages.insert(case.stage());
        levels.insert(case.ladder.level);
        *begun.entry(case.requesting.to_string()).or_default() += 1;
        types.insert((case.type_code.to_string(), case.requesting.to_string()));
        steps.extend(case.steps.0.iter().map(|step| (case.type_code.to_string(), step.code.clone())));
        for (_, property) in case.assets.properties() {
            headings.extend(HEADINGS.iter().filter(|heading| !property.sum(**heading).is_zero()));
        }
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
    let halves: Vec<_> = begun.into_values().collect();
    assert!(halves.len() == 2 && halves[0] == halves[1], "{halves:?} matters begun by either side");
    for rule in houses[0].node.instrument().types().keys() {
        for house in &houses {
            let one = (rule.to_string(), house.node.me().to_string());
            assert!(types.contains(&one), "no matter of {one:?}");
        }
    }
    use_made.check(&houses[0], now);
    for (rule, step) in STEPS {
        assert!(steps.contains(&((*rule).to_owned(), (*step).to_owned())), "no {rule} shows {step}");
    }
    assert_eq!(headings, HEADINGS.iter().copied().collect(), "headings money stands under");
}

/// Which use is made of each type: who asked, of what the side asked did something, and of what an end was made.
#[derive(Default)]
struct UseMade {
    opened: BTreeSet<(TypeCode, PartyId)>,
    taken_up: BTreeSet<(TypeCode, PartyId)>,
    closed: BTreeSet<TypeCode>,
}

impl UseMade {
    fn count(&mut self, langs: &[Lang], case: &Case) {
        let both = (case.type_code.clone(), case.requesting.clone());
        let words = prose(&case.request);
        assert!(!words.is_empty(), "{} says nothing", case.id);
        for (prose, lang) in words.iter().flat_map(|prose| langs.iter().map(move |lang| (prose, lang))) {
            let said = prose.texts.get(lang).is_some_and(|text| !text.trim().is_empty());
            assert!(said, "{}: not in `{lang}`: {prose:?}", case.id);
        }
        self.opened.insert(both.clone());
        // What its node says by itself, delivery and rungs of the ladder, is nobody's work.
        let worked = [ActKind::Acknowledge, ActKind::Advise];
        if case.record.iter().any(|row| row.by != case.requesting && worked.contains(&row.kind)) {
            self.taken_up.insert(both);
        }
        // A check of a desk asks for no more than its answer, and ends by itself.
        let answered = case.type_code.as_str() == "CHK" && case.stage() == Stage::Acknowledged;
        if answered || case.stage() == Stage::Closed {
            self.closed.insert(case.type_code.clone());
        }
    }

    fn check(&self, house: &House, now: Timestamp) {
        let rules = house.node.instrument().types();
        let parties: Vec<PartyId> = house.node.instrument().parties().keys().cloned().collect();
        let ways = rules.keys().flat_map(|code| parties.iter().map(|party| (code.clone(), party.clone())));
        let every: BTreeSet<(TypeCode, PartyId)> = ways.collect();
        let unasked: Vec<_> = every.difference(&self.opened).collect();
        assert!(unasked.is_empty(), "not asked by {unasked:?} at {now}");
        let untouched: Vec<_> = every.difference(&self.taken_up).collect();
        let open: Vec<_> = rules.keys().filter(|code| !self.closed.contains(*code)).collect();
        assert!(
            untouched.is_empty() && open.is_empty(),
            "at {now}: nobody took up {untouched:?}; none closed of {open:?}"
        );
    }
}

/// Every text a request says in words.
fn prose(request: &Request) -> Vec<&Prose> {
    let fields = request.fields.values().filter_map(|value| match value {
        FieldValue::Prose(words) | FieldValue::Parallel(words) => Some(words),
        _ => None,
    });
    fields.chain([&request.title, &request.purpose]).collect()
}

/// What a matter is asked for agrees with the lane it takes, in both languages: a technical one is no evidence, an evidential
/// one is not said to be none.
fn agrees_with_itself(case: &Case) {
    let request = &case.request;
    let Some(FieldValue::Choice(lane)) = request.fields.get("lane") else { return };
    let evidential = lane == "evidential";
    for (lang, none) in [("en", "No evidential use"), ("zh", "不作为证据使用")] {
        let purpose = request.purpose.texts.iter().find(|(of, _)| of.as_str() == lang).map(|(_, words)| words.as_str());
        let says_none = purpose.is_some_and(|words| words.contains(none));
        assert_eq!(says_none, !evidential, "{}: {lane}: {purpose:?}", case.id);
    }
    assert!(!request.evidential_use || evidential, "{}: {lane}", case.id);
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
    Ending {
        stage: Stage::Closed,
        level: 0,
        acts: &["submit", "acknowledge", "record", "record", "record", "record", "report-outcome", "close"],
    },
    Ending {
        stage: Stage::Closed,
        level: 0,
        acts: &[
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
    },
    Ending {
        stage: Stage::Closed,
        level: 0,
        acts: &["submit", "acknowledge", "respond", "state-position", "record", "cite-norm", "conclude"],
    },
    Ending {
        stage: Stage::Closed,
        level: 0,
        acts: &["submit", "accept", "record", "book-asset", "respond", "record", "record", "report-outcome", "close"],
    },
    Ending {
        stage: Stage::Closed,
        level: 0,
        acts: &["submit", "accept", "book-asset", "record", "record", "book-asset", "respond", "close"],
    },
    Ending {
        stage: Stage::Closed,
        level: 0,
        acts: &[
            "submit",
            "propose-text",
            "sign-text",
            "sign-text",
            "book-asset",
            "record",
            "book-asset",
            "record",
            "close",
        ],
    },
    Ending {
        stage: Stage::Closed,
        level: 0,
        acts: &["submit", "record", "record", "record", "respond", "record", "record", "record", "close"],
    },
    Ending {
        stage: Stage::Closed,
        level: 0,
        acts: &["submit", "acknowledge", "begin-review", "accept", "record", "respond", "report-outcome", "close"],
    },
    Ending {
        stage: Stage::Closed,
        level: 0,
        acts: &[
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
    },
    Ending {
        stage: Stage::Closed,
        level: 0,
        acts: &[
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
    },
    Ending { stage: Stage::Acknowledged, level: 0, acts: &["submit", "acknowledge"] },
    Ending {
        stage: Stage::Closed,
        level: 0,
        acts: &["submit", "acknowledge", "propose-text", "record", "sign-text", "sign-text", "close"],
    },
    Ending { stage: Stage::Closed, level: 0, acts: &["submit", "acknowledge", "record", "report-outcome", "close"] },
    // The first of them again, which both had go on under the new version.
    Ending {
        stage: Stage::Closed,
        level: 0,
        acts: &["submit", "acknowledge", "adopt", "adopt", "record", "report-outcome", "close"],
    },
    Ending {
        stage: Stage::Closed,
        level: 0,
        acts: &["submit", "acknowledge", "propose-text", "sign-text", "sign-text", "close"],
    },
    Ending {
        stage: Stage::Responded,
        level: 0,
        acts: &[
            "submit",
            "acknowledge",
            "match",
            "match",
            "match",
            "match",
            "match",
            "match",
            "match",
            "match",
            "match",
            "match",
            "begin-review",
            "record",
            "record",
            "record",
            "respond",
            "match",
            "match",
        ],
    },
];

#[test]
fn the_story_ends_as_told() {
    for start in [monday(), "2026-11-28T21:15:00Z".parse().unwrap()] {
        check_story(start);
    }
}

fn check_story(mut at: Timestamp) {
    let mut houses = lawful();
    let mut rng = ChaCha20Rng::from_seed([9; 32]);
    let script = script(&["story.toml".to_owned()]);
    assert_eq!(script.matters().len(), ENDINGS.len());
    story::people(&mut furnished(&mut houses), &script, at, &mut rng).unwrap();
    let mut told: BTreeMap<&str, (CaseId, Vec<Line>)> = BTreeMap::new();
    for (matter, ending) in script.matters().iter().zip(ENDINGS) {
        let (resumed, mut shown) = match matter.resumes.as_deref() {
            Some(key) => told[key].clone(),
            None => (CaseId::new("GB-LE-2026-0001").unwrap(), Vec::new()),
        };
        let resumed = matter.resumes.is_some().then_some(resumed);
        let mut show = |line| shown.push(line);
        let mut house = furnished(&mut houses);
        // As in life, the next matter comes after the one before it.
        let (case, ended) = story::tell(&mut house, &script, (matter, resumed), at, &mut rng, &mut show).unwrap();
        at = ended;
        let [a, b] = house.map(|house| house.node);
        (houses[0].node, houses[1].node) = (a, b);
        let case = case.unwrap();
        check_ending(&houses, &matter.key, &case, &shown, ending);
        told.insert(&matter.key, (case, shown));
    }
    agree(&houses);
    let under = |key: &str| {
        let reader = houses[0].store.reader().unwrap();
        let case = houses[0].node.load(&*reader, &told[key].0).unwrap().unwrap().case;
        let opened = told[key].1[0].act.instrument;
        let version = |hash| houses[0].node.version(hash).unwrap().version().to_owned();
        (version(&opened), version(&case.instrument))
    };
    let versions = |opened: &str, now: &str| (opened.to_owned(), now.to_owned());
    assert_eq!(under("incident"), versions("1.0", "1.0"));
    assert_eq!(under("law-before"), versions("1.0", "1.1"));
    assert_eq!(under("law-after"), versions("1.1", "1.1"));
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
