//! The function against the vectors of RFC 9497 and against another implementation of it, each side with the other.

use matching::oprf::{
    BATCH_MAX, Blind, Element, Mapped, Output, Proof, PublicKey, SecretKey, Unsound, blind, conclude,
};
use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Infallible, SeedableRng, TryCryptoRng, TryRng};
use serde_json::Value;
use voprf::{BlindedElement, EvaluationElement, Group, Ristretto255, VoprfClient, VoprfServer};

/// Randomness that is what the vector says it was.
struct Told(Vec<u8>);

impl TryRng for Told {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(0)
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(0)
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for (at, byte) in out.iter_mut().enumerate() {
            *byte = self.0.get(at).copied().unwrap_or(0);
        }
        Ok(())
    }
}

impl TryCryptoRng for Told {}

/// The same for the other implementation, whose trait is two generations older.
struct Older(ChaCha20Rng);

impl rand_core_of_voprf::RngCore for Older {
    fn next_u32(&mut self) -> u32 {
        self.0.try_next_u32().expect("infallible")
    }
    fn next_u64(&mut self) -> u64 {
        self.0.try_next_u64().expect("infallible")
    }
    fn fill_bytes(&mut self, out: &mut [u8]) {
        self.0.try_fill_bytes(out).expect("infallible");
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), rand_core_of_voprf::Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl rand_core_of_voprf::CryptoRng for Older {}

fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).expect("hex")).collect()
}

fn fixed<const N: usize>(text: &str) -> [u8; N] {
    hex(text).try_into().expect("of that length")
}

#[test]
fn rfc_9497_appendix_a_1_2() {
    let text = include_str!("../../../../testdata/vectors/voprf/ristretto255-voprf.json");
    let sets: Vec<Value> = serde_json::from_str(text).expect("vectors");
    let field = |of: &Value, name: &str| of[name].as_str().unwrap_or_default().to_owned();
    for set in &sets {
        let key = SecretKey::derive(&fixed(&field(set, "seed")), &hex(&field(set, "keyInfo"))).expect("a key");
        assert_eq!(key.public().bytes().as_slice(), hex(&field(set, "pkSm")));
        let kept = SecretKey::read(&fixed(&field(set, "skSm"))).expect("a key");
        assert_eq!(kept.public(), key.public());
        let vectors = set["vectors"].as_array().expect("vectors");
        assert_eq!(vectors.len(), 3);
        vectors.iter().for_each(|vector| {
            let list = |name: &str| field(vector, name).split(',').map(hex).collect::<Vec<_>>();
            let inputs = list("Input");
            let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
            let mapped: Vec<Mapped> = inputs.iter().map(|input| Mapped::of(input).expect("short")).collect();
            let blinds: Vec<Blind> = list("Blind")
                .iter()
                .map(|bytes| Blind::read(bytes.as_slice().try_into().expect("32 bytes")).expect("a scalar"))
                .collect();
            let blinded = blind(&mapped, &blinds).expect("a batch");
            assert_eq!(blinded.iter().map(|e| e.bytes().to_vec()).collect::<Vec<_>>(), list("BlindedElement"));
            let (evaluated, proof) =
                key.answer(&blinded, &mut Told(hex(&field(&vector["Proof"], "r")))).expect("a batch");
            assert_eq!(evaluated.iter().map(|e| e.to_vec()).collect::<Vec<_>>(), list("EvaluationElement"));
            assert_eq!(proof.bytes().as_slice(), hex(&field(&vector["Proof"], "proof")));
            let values = conclude(key.public(), &inputs, &blinds, &blinded, &evaluated, &proof).expect("sound");
            assert_eq!(values.iter().map(|v| v.bytes().to_vec()).collect::<Vec<_>>(), list("Output"));
            assert_eq!(key.evaluate(&inputs).expect("a batch"), values);
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// We ask, the other implementation answers; it asks, we answer; and the clear value is the same.
    #[test]
    fn another_implementation_agrees(
        inputs in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 1..40),
        seed in any::<u64>(),
    ) {
        type Server = VoprfServer<Ristretto255>;
        type Client = VoprfClient<Ristretto255>;
        let mut rng = rng(seed);
        let secret = {
            let blind = Blind::random(&mut rng);
            *blind.bytes()
        };
        let (ours, theirs) = (SecretKey::read(&secret).expect("a scalar"), Server::new_with_key(&secret).expect("a key"));
        let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
        let clear = ours.evaluate(&inputs).expect("a batch");
        for (input, value) in inputs.iter().zip(&clear) {
            prop_assert_eq!(theirs.evaluate(input).expect("a value").to_vec(), value.bytes().to_vec());
        }

        let mapped: Vec<Mapped> = inputs.iter().map(|input| Mapped::of(input).expect("short")).collect();
        let blinds: Vec<Blind> = inputs.iter().map(|_| Blind::random(&mut rng)).collect();
        let blinded = blind(&mapped, &blinds).expect("a batch");
        let asked: Vec<_> =
            blinded.iter().map(|e| BlindedElement::<Ristretto255>::deserialize(e.bytes()).expect("an element")).collect();
        let mut older = Older(rng.clone());
        let answer = theirs.batch_blind_evaluate(&mut older, &asked).expect("a batch");
        let evaluated: Vec<[u8; 32]> = answer.messages.iter().map(|m| m.serialize().into()).collect();
        let proof = Proof::read(&answer.proof.serialize().to_vec().try_into().expect("64 bytes")).expect("a proof");
        prop_assert_eq!(conclude(ours.public(), &inputs, &blinds, &blinded, &evaluated, &proof), Ok(clear.clone()));

        let asked: Vec<_> = inputs.iter().map(|input| Client::blind(input, &mut older).expect("an input")).collect();
        let sent: Vec<Element> =
            asked.iter().map(|a| Element::read(&a.message.serialize().into()).expect("an element")).collect();
        let (evaluated, proof) = ours.answer(&sent, &mut rng).expect("a batch");
        let messages: Vec<_> =
            evaluated.iter().map(|e| EvaluationElement::<Ristretto255>::deserialize(e).expect("an element")).collect();
        let states: Vec<Client> = asked.into_iter().map(|a| a.state).collect();
        let proof = voprf::Proof::deserialize(&proof.bytes()).expect("a proof");
        let key = Ristretto255::deserialize_elem(ours.public().bytes()).expect("a key");
        let values = Client::batch_finalize(&inputs, &states, &messages, &proof, key).expect("the proof holds");
        for (value, clear) in values.zip(&clear) {
            let value = value.expect("a value");
            prop_assert_eq!(value.to_vec(), clear.bytes().to_vec());
        }
    }

    #[test]
    fn nothing_a_peer_sends_panics(element in any::<[u8; 32]>(), proof in any::<[u8; 32]>(), wide in any::<[u8; 32]>()) {
        let read = Element::read(&element);
        prop_assert!(read.is_err() || read.is_ok_and(|read| *read.bytes() == element));
        let both: [u8; 64] = [proof, wide].concat().try_into().expect("64 bytes");
        prop_assert!(Proof::read(&both).is_err() || Proof::read(&both).is_ok_and(|p| p.bytes() == both));
        let _key = PublicKey::read(&element);
    }
}

/// A question of three, and its honest answer.
struct Exchange {
    key: SecretKey,
    blinds: Vec<Blind>,
    blinded: Vec<Element>,
    evaluated: Vec<[u8; 32]>,
    proof: Proof,
}

const INPUTS: [&[u8]; 3] = [b"a", b"b", b""];

fn exchange(seed: u64) -> Exchange {
    let mut rng = rng(seed);
    let key = SecretKey::derive(&[9; 32], b"test").expect("a key");
    let blinds: Vec<Blind> = INPUTS.iter().map(|_| Blind::random(&mut rng)).collect();
    let blinded = blind(&INPUTS.map(|input| Mapped::of(input).expect("short")), &blinds).expect("a batch");
    let (evaluated, proof) = key.answer(&blinded, &mut rng).expect("a batch");
    Exchange { key, blinds, blinded, evaluated, proof }
}

impl Exchange {
    fn end(&self) -> Result<Vec<Output>, Unsound> {
        conclude(self.key.public(), &INPUTS, &self.blinds, &self.blinded, &self.evaluated, &self.proof)
    }
}

#[test]
fn an_answer_under_another_key_or_altered_is_refused() {
    fn check(what: &str, spoil: impl Fn(&mut Exchange), found: Unsound) {
        let mut exchange = exchange(1);
        assert!(exchange.end().is_ok());
        spoil(&mut exchange);
        assert_eq!(exchange.end().unwrap_err(), found, "{what}");
    }
    let other = SecretKey::derive(&[8; 32], b"test").expect("a key");
    check(
        "another key for all",
        |e| {
            (e.evaluated, e.proof) = other.answer(&e.blinded, &mut rng(2)).expect("a batch");
        },
        Unsound::Proof,
    );
    check(
        "another key for one",
        |e| {
            e.evaluated[1] = other.answer(&e.blinded, &mut rng(2)).expect("a batch").0[1];
        },
        Unsound::Proof,
    );
    check("two exchanged", |e| e.evaluated.swap(0, 1), Unsound::Proof);
    check("another announced key", |e| e.key = other.clone(), Unsound::Proof);
    check("the proof of another batch", |e| e.proof = exchange(2).proof, Unsound::Proof);
    check(
        "one missing",
        |e| {
            e.evaluated.pop();
        },
        Unsound::Count { wanted: 3, found: 2 },
    );
    check("the identity", |e| e.evaluated[2] = [0; 32], Unsound::Element(2));
    check("no element", |e| e.evaluated[1] = [0xff; 32], Unsound::Element(1));
}

#[test]
fn bounds() {
    let long = vec![0; 65_536];
    assert!(matches!(Mapped::of(&long), Err(Unsound::Input)));
    let key = exchange(1).key;
    assert_eq!(key.evaluate(&[]).unwrap_err(), Unsound::Count { wanted: BATCH_MAX, found: 0 });
    let many: Vec<[u8; 32]> = vec![[0; 32]; BATCH_MAX + 1];
    assert_eq!(Element::read_all(&many).unwrap_err(), Unsound::Count { wanted: BATCH_MAX, found: BATCH_MAX + 1 });
    assert_eq!(Blind::read(&[0; 32]).unwrap_err(), Unsound::Scalar);
    assert_eq!(SecretKey::read(&[0xff; 32]).unwrap_err(), Unsound::Scalar);
}

#[test]
fn secrets_are_not_shown() {
    let exchange = exchange(1);
    let shown = format!("{:?} {:?} {:?}", exchange.key, exchange.blinds, exchange.end());
    assert!(!shown.contains(|c: char| c.is_ascii_digit()), "{shown}");
}
