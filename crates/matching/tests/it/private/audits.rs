//! The mutual audit: honest houses pass, and each way of cheating is found with evidence that stands by itself.

use matching::oprf::{Blind, Mapped, blind};
use matching::private::answer::Questions;
use matching::private::audit::{
    self, Behind, Breach, Finding, ListOpening, QuestionOpening, Shown, open_list, open_masked, open_questions,
    open_tagged,
};
use matching::private::count;
use matching::private::list::{Announced, PADDING_FROM};
use matching::private::sample::{Share, draw, sample_size};
use matching::private::tag::{Nonce, Tag};
use matching::private::{Kind, Learns, Misbehaved};

use super::crossed::crossed;
use super::*;

fn sample(subject: &Hash, of: u64) -> Vec<u64> {
    let shares = [Share([3; 32]), Share([4; 32])];
    draw(subject, of, &shares, &shares.map(|share| share.commitment())).expect("as committed")
}

/// Every place: what a sample would sooner or later meet.
fn all(of: usize) -> Vec<u64> {
    (0..of as u64).collect()
}

fn breach<O: std::fmt::Debug>(finding: Finding<O>) -> (Breach, u64) {
    match finding {
        Finding::Breached(evidence) => (evidence.breach, evidence.place),
        other => panic!("no breach: {other:?}"),
    }
}

#[test]
fn an_honest_asker_passes() {
    let mut house = house(Learns::Querier, &[]);
    let (asking, _, transcript) = house.run(&passports(90..110), 1);
    let questions = asking.questions();
    let judge = |sample: &[u64], openings: &[QuestionOpening]| {
        audit::questions(house.epoch.scope(), &ALLOWED, &transcript, &questions, sample, openings).expect("as signed")
    };
    let drawn = sample(&transcript.digest(), 32);
    assert_eq!(drawn.len() as u64, sample_size(32));
    assert!(matches!(judge(&drawn, &open_questions(&asking, &drawn)), Finding::Sound { .. }));
    let every = all(32);
    assert_eq!(judge(&every, &open_questions(&asking, &every)), Finding::Sound { keys: 20, empty: 12 });
    assert_eq!(judge(&drawn, &open_questions(&asking, &drawn[1..])), Finding::Withheld(vec![drawn[0]]));
}

#[test]
fn an_opening_that_does_not_reproduce_the_question_is_a_breach() {
    fn check(what: &str, spoil: impl Fn(&mut QuestionOpening), found: Breach) {
        let mut house = house(Learns::Querier, &[]);
        let (asking, _, transcript) = house.run(&passports([1, 2, 3]), 1);
        let mut openings = open_questions(&asking, &all(32));
        spoil(&mut openings[9]);
        let place = openings[9].place;
        let judge = |openings: &[QuestionOpening], sample: &[u64]| {
            audit::questions(house.epoch.scope(), &ALLOWED, &transcript, &asking.questions(), sample, openings)
                .expect("as signed")
        };
        let Finding::Breached(evidence) = judge(&openings, &all(32)) else { panic!("{what} was not found") };
        assert_eq!((evidence.breach, evidence.place, evidence.subject), (found, place, transcript.digest()), "{what}");
        // Whoever has the signed hash and the opening comes to the same.
        assert_eq!(breach(judge(&evidence.openings, &[9])), (found, place));
    }
    check("another key", |opening| *opening = with_key(opening, &passport(77)), Breach::Commitment);
    check("another salt", |opening| opening.salt = [0; 32], Breach::Commitment);
    check("another blind", |opening| opening.blind = Some([1; 32]), Breach::Blinding);
    check("no blind", |opening| opening.blind = None, Breach::Blinding);
    check("another place", |opening| opening.place = 900, Breach::Commitment);
}

fn with_key(opening: &QuestionOpening, key: &MatchKey) -> QuestionOpening {
    QuestionOpening { kind: key.kind() as u8, content: key.content().to_vec(), ..opening.clone() }
}

/// An asker that commits to one person and asks for another is found by what it blinded.
#[test]
fn asking_another_than_committed_is_a_breach() {
    let mut house = house(Learns::Querier, &[]);
    let (honest, other) = (house.ask(&passports([300]), 1), house.ask(&passports([5]), 1));
    let questions = Questions { announcement: honest.questions().announcement, ..other.questions() };
    let (_, transcript) = house.answer(&questions).expect("the holder cannot see it");
    let openings = open_questions(&honest, &all(32));
    let finding = audit::questions(house.epoch.scope(), &ALLOWED, &transcript, &questions, &all(32), &openings);
    assert_eq!(breach(finding.expect("as signed")).0, Breach::Blinding);
}

/// What was signed binds: an auditor who is shown other messages sees that at once.
#[test]
fn other_messages_than_signed_are_no_evidence() {
    let mut house = house(Learns::Querier, &[]);
    let (asking, _, transcript) = house.run(&passports([1]), 1);
    let mut questions = asking.questions();
    questions.blinded.swap(0, 1);
    let end = audit::questions(house.epoch.scope(), &ALLOWED, &transcript, &questions, &[0], &[]);
    assert_eq!(end.unwrap_err(), Misbehaved::NotAsAnnounced("questions"));
    let (one, other) = (open_questions(&asking, &[1]), open_questions(&asking, &[2]));
    let subject = transcript.digest();
    assert_ne!(audit::opened_questions(&subject, &one, None), audit::opened_questions(&subject, &other, None));
}

#[test]
fn a_kind_that_is_not_allowed_is_a_breach() {
    let mut house = house(Learns::Querier, &[]);
    let telephone = MatchKey::of_exact(Kind::Telephone, "+442079460958").expect("a key");
    let (asking, _, transcript) = house.run(&[telephone], 1);
    let openings = open_questions(&asking, &all(32));
    let finding =
        audit::questions(house.epoch.scope(), &ALLOWED, &transcript, &asking.questions(), &all(32), &openings);
    let (found, _) = breach(finding.expect("as signed"));
    assert_eq!(found, Breach::KindNotAllowed(Kind::Telephone));
    assert!(found.proves_itself() && !Breach::Commitment.proves_itself());
}

/// In a counted batch, unlike blinds would let an asker tell which is which.
#[test]
fn unlike_blinds_in_a_counted_batch_are_a_breach() {
    fn check(blinds: &[Blind]) -> Finding<QuestionOpening> {
        let mut house = house(Learns::CountFirst, &[]);
        let drawn = house.draw(&passports(0..20), 1);
        let scope = house.epoch.scope().clone();
        let mapped = drawn.asked().iter().map(|asked| Mapped::of(&asked.input(&scope)).expect("short"));
        let blinded = blind(&mapped.collect::<Vec<_>>(), blinds).expect("a batch");
        let blinded = blinded.iter().map(|element| *element.bytes()).collect();
        let questions = Questions { announcement: drawn.announcement().clone(), blinded };
        let House { epoch, published, allowance, .. } = &mut house;
        let (_, _, transcript) = count::answer(epoch, &published.announced, allowance, DAY, &questions, &mut rng(3))
            .expect("the holder cannot see it");
        let open = |place: u64| {
            let at = usize::try_from(place).expect("small");
            let (kind, content) = drawn.asked()[at].parts();
            let (content, salt) = (content.to_vec(), *drawn.salt(at).expect("a salt"));
            QuestionOpening { place, kind, content, salt, blind: Some(*blinds[at].bytes()) }
        };
        let openings: Vec<QuestionOpening> = (0..32).map(open).collect();
        audit::questions(&scope, &ALLOWED, &transcript, &questions, &all(32), &openings).expect("as signed")
    }
    let alike = vec![Blind::random(&mut rng(4)); 32];
    let unlike: Vec<Blind> = (0..32).map(|seed| Blind::random(&mut rng(seed))).collect();
    assert_eq!(check(&alike), Finding::Sound { keys: 20, empty: 12 });
    assert_eq!(breach(check(&unlike)), (Breach::UnlikeBlinds, 1));
}

/// Opens a whole list of 100 persons, of whom 7 is protected.
fn opened(house: &House) -> (Vec<u64>, Vec<ListOpening>, Shown) {
    let numbers: Vec<u64> = (0..100).collect();
    let open = rows(&house.epoch, &numbers, &[7]);
    let keys = passports(numbers.iter().copied());
    let tags: Vec<Tag> = house.published.rows.iter().map(|row| row.0).collect();
    let padding: Vec<Tag> = (0..924).map(|place| Tag::decoy(&house.epoch.nonce(PADDING_FROM + place))).collect();
    let mut behind = |tag: &Tag| match open.iter().position(|row| row.0 == *tag) {
        Some(7) => Err(7),
        Some(at) => Ok(&keys[at]),
        None => Err(PADDING_FROM + padding.iter().position(|other| other == tag).expect("padding") as u64),
    };
    let sample = all(tags.len());
    let (openings, shown) = open_list(&house.epoch, &tags, &sample, &mut behind, &mut rng(8)).expect("opened");
    (sample, openings, shown)
}

#[test]
fn an_honest_holder_passes_and_protected_persons_stay_unseen() {
    let house = house(Learns::Querier, &[7]);
    let (sample, openings, shown) = opened(&house);
    let list = &house.published.announced;
    let finding = audit::list(house.epoch.scope(), list, &house.shelf, &sample, &openings, &shown);
    // A hundred entries, of which one is opened as padding is.
    assert_eq!(finding, Finding::Sound { keys: 99, empty: 925 });
}

#[test]
fn a_list_that_is_not_what_was_announced_is_a_breach() {
    fn check(what: &str, spoil: impl Fn(&mut House, &mut Vec<ListOpening>, &mut Shown), found: Breach) {
        let mut house = house(Learns::Querier, &[7]);
        let (sample, mut openings, mut shown) = opened(&house);
        spoil(&mut house, &mut openings, &mut shown);
        let list = &house.published.announced;
        let finding = audit::list(house.epoch.scope(), list, &house.shelf, &sample, &openings, &shown);
        assert_eq!(breach(finding).0, found, "{what}");
    }
    let key_at = |openings: &[ListOpening]| {
        openings.iter().position(|opening| matches!(opening.behind, Behind::Key { .. })).expect("a key")
    };
    check("a leaf of another list", |_, openings, _| openings[0].leaf[0] ^= 1, Breach::NotInList);
    check("another way", |_, openings, _| openings[0].path[0][0] ^= 1, Breach::NotInList);
    check("another root", |house, _, _| house.published.announced.root[0] ^= 1, Breach::NotInList);
    check(
        "a decoy nobody can open",
        |_, openings, _| {
            let at = openings.iter().position(|opening| matches!(opening.behind, Behind::Decoy(_))).expect("a decoy");
            openings[at].behind = Behind::Decoy(Nonce([0; 32]));
        },
        Breach::Tagging,
    );
    check(
        "another record's key",
        |_, openings, _| {
            let at = key_at(openings);
            let other = openings[at + 1..]
                .iter()
                .find(|o| matches!(o.behind, Behind::Key { .. }))
                .expect("another")
                .behind
                .clone();
            openings[at].behind = other;
        },
        Breach::WrongKey,
    );
    check(
        "another key of the function",
        |house, _, shown| {
            let other = epoch(Learns::Querier, 2);
            let inputs: Vec<Vec<u8>> = vec![b"x".to_vec(); shown.evaluated.len()];
            let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
            let (evaluated, proof) = other.key().open(&inputs, &mut rng(1)).expect("opened");
            *shown = Shown { evaluated, proof: Some(proof.bytes()) };
            assert_eq!(house.published.announced.key, house.epoch.key().public());
        },
        Breach::WrongKey,
    );
    check(
        "a name alone",
        |_, openings, _| {
            let at = key_at(openings);
            openings[at].behind = Behind::Key { kind: Kind::NameBorn as u8, content: b"guoweiqiang".to_vec() };
        },
        Breach::NoSuchKey,
    );
    check(
        "a filter without them",
        |house, _, _| {
            let mut list = List::default();
            list.add(rows(&epoch(Learns::Querier, 9), &[1], &[]));
            let other = list.publish(&epoch(Learns::Querier, 9), 1).expect("a list");
            house.shelf = Shelf::of(&other.announced, other.shards).expect("as announced");
        },
        Breach::NotInFilter,
    );
}

#[test]
fn tags_and_masked_lists_are_opened_too() {
    let crossed = crossed(&[7]);
    let drawn = crossed.draw(&passports([5, 300]), 1);
    let tagged = matching::private::crossed::tagged(&crossed.asker, &drawn).expect("tags");
    let every = all(32);
    let opened = open_tagged(&crossed.asker, &drawn, &every, &mut rng(4)).expect("opened");
    let judge = |tagged: &matching::private::crossed::Tagged, opened: &(Vec<QuestionOpening>, Shown)| {
        let transcript = tagged.transcript(&crossed.announced);
        audit::tagged(crossed.asker.scope(), &ALLOWED, &crossed.announced, &transcript, tagged, &every, opened)
            .expect("as signed")
    };
    assert_eq!(judge(&tagged, &opened), Finding::Sound { keys: 2, empty: 30 });
    let mut other = tagged.clone();
    other.tags.swap(3, 4);
    assert_eq!(breach(judge(&other, &opened)), (Breach::Tagging, 3));
    let signed = tagged.transcript(&crossed.announced);
    let (scope, list) = (crossed.asker.scope(), &crossed.announced);
    let end = audit::tagged(scope, &ALLOWED, list, &signed, &other, &every, &opened);
    assert_eq!(end.unwrap_err(), Misbehaved::NotAsAnnounced("questions"));
    let none = Shown { evaluated: opened.1.evaluated.clone(), proof: None };
    assert_eq!(breach(judge(&tagged, &(opened.0, none))).0, Breach::WrongKey);

    let keys = passports(0..100);
    let size = crossed.announced.size;
    let every: Vec<u64> = (0..size).collect();
    let open = |protected: u64| {
        let mut behind =
            |number: u64| keys.get(usize::try_from(number).expect("small")).filter(|_| number != protected);
        let mut masked = |number: u64| crossed.masked[usize::try_from(number).expect("small")];
        open_masked(&crossed.holder, size, &every, &mut masked, &mut behind)
    };
    let judge = |announced: &Announced, openings: &[ListOpening]| {
        audit::masked(crossed.holder.scope(), &ALLOWED, announced, &every, openings)
    };
    assert_eq!(judge(&crossed.announced, &open(7)), Finding::Sound { keys: 99, empty: 925 });
    assert_eq!(breach(judge(&crossed.announced, &open(8))), (Breach::Blinding, 7));
    let other = Announced { root: [0; 32], ..crossed.announced };
    assert_eq!(breach(judge(&other, &open(7))), (Breach::NotInList, 0));
    let subject = crossed.announced.digest();
    assert_ne!(audit::opened_list(&subject, &open(7), None), audit::opened_list(&subject, &open(8), None));
}
