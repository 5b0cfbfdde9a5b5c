//! Private matching between two houses, and everything either of them may try.

mod answers;
mod audits;
mod crossed;
mod lists;
mod secrets;

use matching::private::allowance::Allowance;
use matching::private::answer::{Answers, Asking, Found, Questions, Stopped, answer};
use matching::private::epoch::Epoch;
use matching::private::label::Label;
use matching::private::list::{Entry, List, Published, Shelf, Standing, prepare};
use matching::private::question::{Drawn, Matter};
use matching::private::scope::Terms;
use matching::private::transcript::Transcript;
use matching::private::{Hash, Kind, Learns, MatchKey, Scope};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

/// The day every batch is asked on.
const DAY: u32 = 20_000;

fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

fn terms(instrument: &Hash, learns: Learns) -> Terms<'_> {
    Terms { instrument, asking: "GB", holding: "CN", purpose: "return", epoch: 1, learns }
}

fn scope(learns: Learns) -> Scope {
    Scope::of(&terms(&[7; 32], learns)).expect("a scope")
}

fn epoch(learns: Learns, seed: u8) -> Epoch {
    Epoch::derive(scope(learns), &[seed; 32]).expect("an epoch")
}

/// The passport of a numbered person.
fn passport(number: u64) -> MatchKey {
    MatchKey::of_document("CHN", &format!("E{number:08}"), None).expect("a key")
}

fn passports(numbers: impl IntoIterator<Item = u64>) -> Vec<MatchKey> {
    numbers.into_iter().map(passport).collect()
}

fn label(number: u64) -> Label {
    Label::new(&format!("CN-NIA desk 4 / {number}")).expect("a label")
}

/// Prepared rows of persons, of whom some are protected.
fn rows(epoch: &Epoch, numbers: &[u64], protected: &[u64]) -> Vec<matching::private::list::Row> {
    let (keys, labels): (Vec<MatchKey>, Vec<Label>) = numbers.iter().map(|n| (passport(*n), label(*n))).unzip();
    let standing = |n: &u64| if protected.contains(n) { Standing::Protected } else { Standing::Open };
    let entries: Vec<Entry<'_>> = numbers
        .iter()
        .zip(keys.iter().zip(&labels))
        .map(|(number, (key, label))| Entry { number: *number, key, label, standing: standing(number) })
        .collect();
    prepare(epoch, &entries).expect("a part")
}

/// A holder with persons 0 to 99 on its list, and what the asker was given of it.
struct House {
    epoch: Epoch,
    published: Published,
    shelf: Shelf,
    allowance: Allowance,
}

fn house(learns: Learns, protected: &[u64]) -> House {
    let epoch = epoch(learns, 1);
    let mut list = List::default();
    list.add(rows(&epoch, &(0..100).collect::<Vec<_>>(), protected));
    let published = list.publish(&epoch, 1).expect("a list");
    let shelf = Shelf::of(&published.announced, published.shards.clone()).expect("as announced");
    House { epoch, published, shelf, allowance: Allowance::new(2_048, 100_000) }
}

impl House {
    fn draw(&self, keys: &[MatchKey], seed: u64) -> Drawn {
        self.try_draw(keys, seed).expect("a batch")
    }

    fn try_draw(&self, keys: &[MatchKey], seed: u64) -> Result<Drawn, matching::private::Refused> {
        let matter = Matter::new("GB-IDV-2026-000042", "HO-RET", "clause 12 (3)").expect("a matter");
        Drawn::draw(self.epoch.scope(), self.published.announced.digest(), matter, keys, &mut rng(seed))
    }

    fn ask(&self, keys: &[MatchKey], seed: u64) -> Asking {
        Asking::begin(self.draw(keys, seed), &mut rng(seed + 1)).expect("blinded")
    }

    fn answer(&mut self, questions: &Questions) -> Result<(Answers, Transcript), Stopped> {
        answer(&self.epoch, &self.published.announced, &mut self.allowance, DAY, questions, &mut rng(99))
    }

    /// Asks, answers, concludes; both sides must have the same transcript.
    fn run(&mut self, keys: &[MatchKey], seed: u64) -> (Asking, Vec<Found>, Transcript) {
        let asking = self.ask(keys, seed);
        let (answers, theirs) = self.answer(&asking.questions()).expect("an answer");
        let (found, ours) = asking.conclude(&self.published.announced, &self.shelf, &answers).expect("sound");
        assert_eq!(ours.digest(), theirs.digest());
        (asking, found, ours)
    }
}

fn numbers(found: &[Found]) -> Vec<usize> {
    found.iter().filter(|finding| finding.contact.is_some()).map(|finding| finding.key).collect()
}

/// The kinds the instrument of these tests allows.
const ALLOWED: [Kind; 2] = [Kind::Document, Kind::FoldedBorn];
