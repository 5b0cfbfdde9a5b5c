//! Property across linked cases: restrained in one, confiscated in the next, returned in a third. Whatever either side books
//! in whatever case, nothing appears or vanishes along the way, and both nodes keep the same books.

use std::collections::BTreeMap;

use domain::act::{Author, Deed, Role};
use domain::asset::{Heading, Money, Movement};
use domain::case::Case;
use domain::decide::{Command, decide};
use domain::ids::{CaseId, TypeCode};
use domain::menu::Menu as _;
use domain::refusal::{AssetBar, Refusal};
use ledger::receipt::Verdict;
use node::Failure;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng};
use store::Store as _;

use crate::house::{House, carry_all, does, monday, person, submit_filled, tries, two_houses, words};
use crate::skipped::Town;

/// The types of the chain, each continuing the one before.
const CHAIN: [&str; 3] = ["MLA-RSTR", "MLA-CONF", "MLA-RTN"];

/// Bookings tried in one run.
const TRIES: u32 = 160;

/// By so much more than what is moved is secured: of little, nearly nothing could be carried on.
const SECURED_MORE: u32 = 20;

fn case_of(house: &House, id: &CaseId) -> Case {
    house.node.load(&*house.store.reader().unwrap(), id).unwrap().unwrap().case
}

/// Does it at the house of that place and carries it to the other.
fn told(world: &mut [House; 2], by: usize, case: &CaseId, role: Role, deed: Deed) {
    does(&mut world[by], case, monday(), person("o.fficer", role), deed);
    settle(world);
}

fn settle(world: &mut [House; 2]) {
    let [a, b] = world;
    carry_all(a, b, monday());
    carry_all(b, a, monday());
}

/// The three cases, asked by the house of that place, each at the stage in which property is booked.
fn chained(world: &mut [House; 2], asker: usize) -> Vec<CaseId> {
    let mut cases: Vec<CaseId> = Vec::new();
    for code in CHAIN {
        let rule = world[asker].node.instrument().request_type(&TypeCode::new(code).unwrap()).unwrap().clone();
        let earlier = cases.last().cloned();
        let case = submit_filled(&mut world[asker], &rule, monday(), |request| request.continues = earlier).unwrap();
        settle(world);
        let asked = 1 - asker;
        let officer = person("b.officer", Role::Intake);
        let receipt = Deed::Acknowledge { reference: "B-1".into(), officer, contact: "desk".into() };
        told(world, asked, &case, Role::Intake, receipt);
        if code == "MLA-RTN" {
            let text = words(&world[asked].node, "The terms");
            let sign = Deed::SignText { version: 1, sha256: text.digest() };
            told(world, asked, &case, Role::DecisionMaker, Deed::ProposeText { text, note: None });
            told(world, asked, &case, Role::DecisionMaker, sign.clone());
            told(world, asker, &case, Role::Approver, sign);
        } else {
            for deed in [Deed::BeginReview {}, Deed::Accept { note: None }, Deed::BeginExecution {}] {
                told(world, asked, &case, Role::DecisionMaker, deed);
            }
        }
        cases.push(case);
    }
    cases
}

fn booking(house: &House, asset: &str, movement: Movement, amount: &str) -> Deed {
    let (asset, amount) = (asset.to_owned(), Money::new(amount, "GBP").unwrap());
    Deed::BookAsset { asset, movement, amount, note: words(&house.node, "on this ground") }
}

/// In hundredths, exactly.
fn cents(case: &Case, asset: &str, heading: Heading) -> i128 {
    let sum = case.assets.property(asset).map(|property| property.sum(heading)).unwrap_or_default();
    let text = format!("{sum:.2}").replace('.', "");
    text.parse().unwrap()
}

/// What stands under every heading of every case, less what was carried on and brought in again, is what ever entered.
fn balances(world: &[House; 2], cases: &[CaseId], entered: &BTreeMap<String, i128>, name: &str) {
    let books = world.each_ref().map(|house| cases.iter().map(|id| case_of(house, id)).collect::<Vec<_>>());
    for (ours, theirs) in books[0].iter().zip(&books[1]) {
        assert_eq!(ours.assets, theirs.assets, "{name}: both nodes keep the same books of {}", ours.id);
    }
    let passages = [
        (Heading::CarriedRestrained, Movement::BringRestrained),
        (Heading::CarriedConfiscated, Movement::BringConfiscated),
    ];
    for (asset, entered) in entered {
        let mut total = 0;
        for (place, case) in books[0].iter().enumerate() {
            total += Heading::ALL.iter().map(|(heading, _)| cents(case, asset, *heading)).sum::<i128>();
            for (heading, bring) in passages {
                let next = books[0].get(place + 1).into_iter().flat_map(|next| &next.bookings);
                let brought = next.filter(|one| one.asset == *asset && one.movement == bring);
                let brought: i128 = brought
                    .map(|one| format!("{:.2}", one.amount.value()).replace('.', "").parse::<i128>().unwrap())
                    .sum();
                assert!(brought <= cents(case, asset, heading), "{name}: {asset}: more came in than went on");
                total -= brought;
            }
        }
        assert_eq!(total, *entered, "{name}: {asset}");
    }
}

#[test]
fn nothing_appears_or_vanishes_from_case_to_case() {
    fn check(asker: usize, seed: u8) {
        let name = format!("asked by house {asker}, seed {seed}");
        let mut world = two_houses();
        let cases = chained(&mut world, asker);
        let mut rng = ChaCha20Rng::from_seed([seed; 32]);
        let mut any = |below: usize| usize::try_from(rng.next_u32()).unwrap() % below;
        let (mut entered, mut stood) = (BTreeMap::new(), BTreeMap::<&str, usize>::new());
        for _ in 0..TRIES {
            // The holder books most; the other side tries too.
            let by = if any(6) == 0 { asker } else { 1 - asker };
            let case = &cases[any(cases.len())];
            let asset = ["the house", "the account"][any(2)];
            let (movement, code) = Movement::ALL[any(Movement::ALL.len())];
            let more = if movement == Movement::Restrain { SECURED_MORE } else { 1 };
            let sum = u32::try_from(1 + any(40)).unwrap() * 25 * more;
            let deed = booking(&world[by], asset, movement, &format!("{}.{:02}", sum / 100, sum % 100));
            match tries(&mut world[by], case, monday(), person("o.fficer", Role::DecisionMaker), deed) {
                Ok(_) => {
                    *stood.entry(code).or_default() += 1;
                    if movement == Movement::Restrain {
                        *entered.entry(asset.to_owned()).or_insert(0) += i128::from(sum);
                    }
                }
                Err(Failure::Refused(_)) => {}
                Err(other) => panic!("{name}: {other:?}"),
            }
            settle(&mut world);
            balances(&world, &cases, &entered, &name);
        }
        let passages = Movement::ALL.iter().filter(|(movement, _)| movement.is_passage()).map(|(_, code)| *code);
        let mut wanted = passages.chain(["restrain"]);
        assert!(wanted.all(|code| stood.contains_key(code)), "{name}: {stood:?}");
    }
    for asker in [0, 1] {
        check(asker, 2);
    }
}

/// The way money takes in life, to the last penny; and what may not be done on it, by the holder's own node and, smuggled
/// past that, by the other's.
#[test]
fn what_is_carried_on_is_brought_in_once() {
    for asker in [0, 1] {
        let mut world = two_houses();
        let cases = chained(&mut world, asker);
        let holder = 1 - asker;
        let books = |world: &mut [House; 2], case: usize, movement: Movement, amount: &str| {
            let deed = booking(&world[holder], "the account", movement, amount);
            told(world, holder, &cases[case], Role::DecisionMaker, deed);
        };
        let town = |world: [House; 2],
                    case: usize,
                    (name, movement, amount): (&str, Movement, &str),
                    want: &Refusal| {
            let id = cases[case].clone();
            let dossier = world[holder].node.load(&*world[holder].store.reader().unwrap(), &id).unwrap().unwrap();
            let side = dossier.case.side(world[holder].node.me()).unwrap();
            let command = Command {
                case: id.clone(),
                office: dossier.case.office(side).clone(),
                author: Author::Officer(person("o.fficer", Role::DecisionMaker)),
                gates: Vec::new(),
                deed: booking(&world[holder], name, movement, amount),
            };
            let (instrument, me) = (world[holder].node.instrument(), world[holder].node.me());
            let forged = decide(instrument, me, &dossier.entries, command.clone(), monday()).unwrap();
            let mut town = Town { world, case: id, command, sender: holder, now: monday() };
            let own = town.commanded(Vec::new());
            assert!(matches!(&own, Err(Failure::Refused(why)) if why == want), "{movement:?}: our own node: {own:?}");
            assert_eq!(town.smuggled(&forged), Verdict::Refused { code: want.code().to_owned() }, "{movement:?}");
            town.world
        };
        let asset = || "the account".to_owned();
        let (short, earlier) = (Refusal::Asset(AssetBar::Short { asset: asset() }), Refusal::Asset(AssetBar::Earlier));
        // Secured first in the last case of the line, it is nowhere in the line new.
        let other = booking(&world[holder], "the villa", Movement::Restrain, "100.00");
        told(&mut world, holder, &cases[1], Role::DecisionMaker, other);
        for case in [0, 2] {
            let want = if case == 0 { Refusal::Asset(AssetBar::Later) } else { Refusal::Asset(AssetBar::Earlier) };
            world = town(world, case, ("the villa", Movement::Restrain, "100.00"), &want);
        }
        books(&mut world, 0, Movement::Restrain, "100.00");
        world = town(world, 1, ("the account", Movement::BringRestrained, "100.00"), &short);
        world = town(world, 1, ("the account", Movement::Restrain, "100.00"), &earlier);
        books(&mut world, 0, Movement::CarryRestrained, "80.00");
        world = town(world, 1, ("the account", Movement::BringRestrained, "80.01"), &short);
        books(&mut world, 1, Movement::BringRestrained, "50.00");
        world = town(world, 1, ("the account", Movement::BringRestrained, "30.01"), &short);
        books(&mut world, 1, Movement::BringRestrained, "30.00");
        books(&mut world, 1, Movement::Confiscate, "80.00");
        world = town(world, 2, ("the account", Movement::BringConfiscated, "1.00"), &short);
        books(&mut world, 1, Movement::CarryConfiscated, "80.00");
        books(&mut world, 2, Movement::BringConfiscated, "80.00");
        books(&mut world, 2, Movement::DeductCosts, "5.00");
        books(&mut world, 2, Movement::Share, "10.00");
        books(&mut world, 2, Movement::Return, "65.00");
        let entered = [(asset(), 10_000), ("the villa".to_owned(), 10_000)];
        balances(&world, &cases, &entered.into(), "in order");
    }
}

/// Two names that look alike are not two properties.
#[test]
fn property_is_called_by_what_can_be_seen() {
    let mut world = two_houses();
    let cases = chained(&mut world, 0);
    for name in [
        "Caf\u{e9} ",
        " Caf\u{e9}",
        "Caf\u{e9}\u{200b}",
        "Caf\u{e9}\u{2028}",
        "The  villa",
        "Villa\u{a0}1",
        "\u{202e}alliv",
    ] {
        let deed = booking(&world[1], name, Movement::Restrain, "100.00");
        let tried = tries(&mut world[1], &cases[0], monday(), person("o.fficer", Role::DecisionMaker), deed);
        assert!(matches!(tried, Err(Failure::Refused(Refusal::Asset(AssetBar::UnseenLetters)))), "{name:?}: {tried:?}");
    }
    let plain = booking(&world[1], "别墅 一", Movement::Restrain, "100.00");
    told(&mut world, 1, &cases[0], Role::DecisionMaker, plain);
}
