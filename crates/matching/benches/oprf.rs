//! How near the function comes to what the curve allows, and to another implementation: `cargo bench -p matching`.
//!
//! Owns time and threads, which the crate has none of. Every figure is a ratio of two things measured in turns in one
//! run, since machines are busy: a round does some of the one and some of the other, and the median of the rounds counts.
//! Nothing is asserted.
#![expect(clippy::disallowed_methods, reason = "a benchmark is where time is asked for")]

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use matching::oprf::{BATCH_MAX, Blind, Element, Mapped, SecretKey, blind, conclude};
use matching::private::epoch::Epoch;
use matching::private::filter::Filter;
use matching::private::label::{Label, SEALED_BYTES};
use matching::private::list::{Entry, List, Row, Standing, prepare};
use matching::private::scope::Terms;
use matching::private::tag::{Nonce, Tag};
use matching::private::{Learns, MatchKey, Scope};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use voprf::{Ristretto255, VoprfClient, VoprfServer};

/// Rounds of each pair; the median counts, of times and of ratios.
const ROUNDS: usize = 15;
/// A batch as `voprf` and ours are compared on.
const BATCH: usize = 512;

fn main() {
    let mut out = String::new();
    out += &against_the_curve(1);
    out += &against_the_curve(2);
    out += &against_voprf();
    out += &one_query();
    out += &lists();
    print!("{out}");
}

/// Evaluations against bare multiplications of a point by a scalar, in constant time, on as many threads.
fn against_the_curve(threads: usize) -> String {
    let part = part(BATCH_MAX);
    let inputs: Vec<Vec<u8>> = part.keys.iter().map(|key| part.epoch.scope().input(key).to_vec()).collect();
    let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    let elements = blinded(&inputs).1;
    let entries = part.entries();
    let mut out = String::new();
    let mut line = |what: &str, work: &(dyn Fn() + Sync)| {
        let turns = in_turns(threads, &|| multiply(BATCH_MAX), work);
        let rate = |time: Duration| (threads * BATCH_MAX) as f64 / time.as_secs_f64();
        out += &format!(
            "{threads} thread(s)  {what:<34} {:>9.0}/s   curve {:>9.0}/s   share of the curve's limit {:.2}\n",
            rate(turns.other),
            rate(turns.one),
            turns.ratio,
        );
    };
    let key = part.epoch.key();
    line("own input: map, multiply, encode", &|| drop(black_box(key.elements(&inputs))));
    line("list entry: the same, tag and label", &|| drop(black_box(prepare(&part.epoch, &entries))));
    line("blinded element, with proof", &|| drop(black_box(key.answer(&elements, &mut rng(1)))));
    line("question: map, blind, encode", &|| drop(black_box(blinded(&inputs))));
    out
}

/// A verified batch of 512 beside the `voprf` crate.
fn against_voprf() -> String {
    let inputs: Vec<Vec<u8>> = (0..BATCH as u64).map(|number| number.to_be_bytes().to_vec()).collect();
    let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    let key = SecretKey::derive(&[7; 32], b"bench").expect("a key");
    let server = VoprfServer::<Ristretto255>::new_from_seed(&[7; 32], b"bench").expect("a key");
    let (blinds, elements) = blinded(&inputs);
    let asked: Vec<_> = inputs
        .iter()
        .map(|input| VoprfClient::<Ristretto255>::blind(input, &mut Older(rng(2))).expect("an input"))
        .collect();
    let messages: Vec<_> = asked.iter().map(|asked| asked.message.clone()).collect();
    let states: Vec<_> = asked.iter().map(|asked| asked.state.clone()).collect();
    let (evaluated, proof) = key.answer(&elements, &mut rng(3)).expect("a batch");
    let answer = server.batch_blind_evaluate(&mut Older(rng(3)), &messages).expect("a batch");

    let turns = in_turns(1, &|| drop(black_box(server.batch_blind_evaluate(&mut Older(rng(4)), &messages))), &|| {
        drop(black_box(key.answer(&elements, &mut rng(4))))
    });
    let mut out = compared("answering a batch of 512, an element", BATCH, &turns);
    let turns = in_turns(
        1,
        &|| {
            let key = server.get_public_key();
            let values = VoprfClient::batch_finalize(&inputs, &states, &answer.messages, &answer.proof, key);
            values.expect("the proof holds").for_each(|value| {
                let _value = black_box(value);
            });
        },
        &|| drop(black_box(conclude(key.public(), &inputs, &blinds, &elements, &evaluated, &proof))),
    );
    out += &compared("checking and reading it, an element", BATCH, &turns);
    out
}

fn compared(what: &str, of: usize, turns: &Turns) -> String {
    let each = |time: Duration| time.as_secs_f64() * 1e6 / of as f64;
    let (theirs, ours) = (each(turns.one), each(turns.other));
    format!("{what:<46} {ours:>6.1} µs   voprf {theirs:>6.1} µs   {:.2} times\n", turns.ratio)
}

/// A thousand keys asked, answered and read, both sides, beside as many bare multiplications as it must have at least:
/// one to blind, one to answer, one to read.
fn one_query() -> String {
    let inputs: Vec<Vec<u8>> = (0..1_000_u64).map(|number| number.to_be_bytes().to_vec()).collect();
    let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    let key = SecretKey::derive(&[7; 32], b"bench").expect("a key");
    let whole = || {
        let (blinds, elements) = blinded(&inputs);
        let sent: Vec<[u8; 32]> = elements.iter().map(|element| *element.bytes()).collect();
        let received = Element::read_all(&sent).expect("elements");
        let (evaluated, proof) = key.answer(&received, &mut rng(1)).expect("a batch");
        drop(black_box(conclude(key.public(), &inputs, &blinds, &elements, &evaluated, &proof)));
    };
    let turns = in_turns(1, &|| multiply(3_000), &whole);
    format!(
        "a verified query of 1,000 keys, both sides     {:.3} s   3,000 bare multiplications {:.3} s   {:.2} times\n",
        turns.other.as_secs_f64(),
        turns.one.as_secs_f64(),
        1.0 / turns.ratio,
    )
}

/// A list of a million tags: its filter, and a thousand records added to it.
fn lists() -> String {
    let part = part(1_000);
    let mut list = List::default();
    list.add((0..1_000_000).map(row).collect());
    let began = Instant::now();
    let shard = Filter::lay(list.rows()[0].0, list.rows()).expect("laid");
    let laid = began.elapsed();
    let labels = SEALED_BYTES as f64 / (SEALED_BYTES + 4) as f64;
    let bytes = shard.bytes().len() as f64;
    drop(shard);
    let began = Instant::now();
    let added = prepare(&part.epoch, &part.entries()).expect("a part");
    let prepared = began.elapsed();
    list.add(added);
    let merged = began.elapsed() - prepared;
    format!(
        "filter of 1,000,000 tags                       {:.2} MB, and {:.1} MB of labels; laid in {:.2} s\n\
         1,000 records added to 1,000,000               evaluated in {:.3} s, merged in {:.3} s\n",
        bytes * (1.0 - labels) / 1e6,
        bytes * labels / 1e6,
        laid.as_secs_f64(),
        prepared.as_secs_f64(),
        merged.as_secs_f64(),
    )
}

fn row(number: u64) -> Row {
    let mut nonce = Nonce([0; 32]);
    nonce.0[..8].copy_from_slice(&number.to_be_bytes());
    (Tag::decoy(&nonce), [0; SEALED_BYTES])
}

/// Keys and a label to prepare.
struct Part {
    epoch: Epoch,
    keys: Vec<MatchKey>,
    label: Label,
}

impl Part {
    fn entries(&self) -> Vec<Entry<'_>> {
        let entry = |(number, key)| Entry { number, key, label: &self.label, standing: Standing::Open };
        (0..).zip(&self.keys).map(entry).collect()
    }
}

fn part(size: usize) -> Part {
    let terms = Terms {
        instrument: &[7; 32],
        asking: "GB",
        holding: "CN",
        purpose: "return",
        epoch: 1,
        learns: Learns::Querier,
    };
    let epoch = Epoch::derive(Scope::of(&terms).expect("a scope"), &[1; 32]).expect("an epoch");
    let key = |number| MatchKey::of_document("CHN", &format!("E{number:08}"), None).expect("a key");
    Part { epoch, keys: (0..size).map(key).collect(), label: Label::new("CN-NIA desk 4").expect("a label") }
}

fn blinded(inputs: &[&[u8]]) -> (Vec<Blind>, Vec<Element>) {
    let mut rng = rng(6);
    let mapped: Vec<Mapped> = inputs.iter().map(|input| Mapped::of(input).expect("short")).collect();
    let blinds: Vec<Blind> = inputs.iter().map(|_| Blind::random(&mut rng)).collect();
    let elements = blind(&mapped, &blinds).expect("a batch");
    (blinds, elements)
}

fn multiply(times: usize) {
    let mut wide = [0; 64];
    rng(5).fill_bytes(&mut wide);
    let (point, scalar) = (RistrettoPoint::from_uniform_bytes(&wide), Scalar::from_bytes_mod_order_wide(&wide));
    for _ in 0..times {
        black_box(black_box(&point) * black_box(&scalar));
    }
}

/// Two works measured in turns: the median time of each, and the median of how many times the one the other took.
struct Turns {
    one: Duration,
    other: Duration,
    ratio: f64,
}

/// Does two works in turns, each on that many threads at once.
fn in_turns(threads: usize, one: &(dyn Fn() + Sync), other: &(dyn Fn() + Sync)) -> Turns {
    let timed = |work: &(dyn Fn() + Sync)| {
        let began = Instant::now();
        thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
        began.elapsed()
    };
    let rounds: Vec<(Duration, Duration)> = (0..ROUNDS).map(|_| (timed(one), timed(other))).collect();
    let (mut ones, mut others): (Vec<Duration>, Vec<Duration>) = rounds.iter().copied().unzip();
    let mut ratios: Vec<f64> = rounds.iter().map(|(one, other)| one.as_secs_f64() / other.as_secs_f64()).collect();
    ones.sort_unstable();
    others.sort_unstable();
    ratios.sort_unstable_by(f64::total_cmp);
    Turns { one: ones[ROUNDS / 2], other: others[ROUNDS / 2], ratio: ratios[ROUNDS / 2] }
}

fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

/// Our randomness by the trait `voprf` knows.
struct Older(ChaCha20Rng);

impl rand_core_of_voprf::RngCore for Older {
    fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }
    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }
    fn fill_bytes(&mut self, out: &mut [u8]) {
        self.0.fill_bytes(out);
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), rand_core_of_voprf::Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl rand_core_of_voprf::CryptoRng for Older {}
