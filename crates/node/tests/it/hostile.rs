//! A lying or broken peer: each bad input gets a named refusal and an entry in the operator's log, and changes nothing.

use domain::act::{Act, Deed, Role};
use domain::content::Attachment;
use domain::ids::{CaseId, Hash32};
use domain::menu::Menu as _;
use jiff::{SignedDuration, Timestamp};
use ledger::blob::AttachmentRef;
use ledger::canon;
use ledger::envelope::{self, ArchiveEpoch, Envelope, Header};
use ledger::keys::SigningKey;
use ledger::receipt::{self, Verdict};
use ledger::rest;
use node::Env;
use store::{Chunks as _, Store as _};

use crate::house::{House, carry, monday, person, snapshot, submit, two_houses, words};

/// A peer that holds the sender's true keys and says what it likes with them.
#[derive(Clone)]
pub(crate) struct Liar {
    seed: [u8; 32],
    /// The first act it sent in the case.
    pub(crate) act: Act,
    /// The header that carried it.
    pub(crate) header: Header,
    office: String,
    to: ledger::keys::SealPublic,
}

impl Liar {
    /// Knows everything the first house sent in a case.
    pub(crate) fn of(sender: &House, receiver: &House, case: &CaseId) -> Self {
        let reader = receiver.store.reader().unwrap();
        let dossier = receiver.node.load(&*reader, case).unwrap().unwrap();
        let row = dossier.rows.iter().find(|row| row.party == *sender.node.me()).unwrap();
        let act = dossier.entries.iter().find(|entry| entry.act.seq == row.seq).unwrap().act.clone();
        let bytes = reader.envelope(&row.core_hash).unwrap().unwrap();
        let header = Envelope::decode(&bytes).unwrap().header().clone();
        let card = &sender.node.peers()[receiver.node.me()];
        let to = card.offices[&dossier.case.requested_office].seal.clone();
        Self { seed: sender.seed, office: act.office.to_string(), act, header, to }
    }

    /// A key of the sender's node: they all come from its one seed.
    fn key(&self, label: &str) -> SigningKey {
        SigningKey::from_seed(rest::derive(&self.seed, &format!("entente/key/1/{label}")))
    }

    /// An envelope whose act and header say what the liar wants, rightly signed.
    pub(crate) fn send(&self, act: &Act, header: &Header) -> Vec<u8> {
        self.send_as(act, header, &format!("office/{}/sign", self.office), "envelope")
    }

    fn send_as(&self, act: &Act, header: &Header, office_key: &str, node_key: &str) -> Vec<u8> {
        self.send_body_as(&canon::to_vec(act).unwrap(), header, office_key, node_key)
    }

    /// The same with an act in whatever bytes.
    pub(crate) fn send_body(&self, body: &[u8], header: &Header) -> Vec<u8> {
        self.send_body_as(body, header, &format!("office/{}/sign", self.office), "envelope")
    }

    fn send_body_as(&self, body: &[u8], header: &Header, office_key: &str, node_key: &str) -> Vec<u8> {
        let body = envelope::authority_seal(body, &self.key(office_key)).unwrap();
        let archive = ArchiveEpoch::at(&[9; 32], header.iat_s);
        let mut rng: rand_chacha::ChaCha20Rng = rand_core::SeedableRng::from_seed([7; 32]);
        envelope::seal(header, &body, &[&self.to], &archive, &[&self.key(node_key)], &mut rng).unwrap().bytes
    }

    /// A plausible second act: a withdrawal, with the header that would carry it.
    pub(crate) fn next(&self, world: &[House; 2], prev: Hash32) -> (Act, Header) {
        let mut act = self.act.clone();
        act.seq = 2;
        act.gates.clear();
        act.deed = Deed::Withdraw { reason: words(&world[0].node, "No longer needed") };
        let mut header = self.header.clone();
        header.seq = 1;
        header.prev = prev.0;
        header.kind = "withdraw".to_owned();
        (act, header)
    }
}

/// A world with one case delivered, and what the liar knows of it.
pub(crate) fn delivered() -> ([House; 2], Liar, Hash32) {
    let mut world = two_houses();
    let case = submit(&mut world[0], "MLA-EVD", monday());
    let [a, b] = &mut world;
    assert_eq!(carry(a, b, monday()), 1);
    let liar = Liar::of(a, b, &case);
    let core = b.store.reader().unwrap().acts(&case).unwrap()[0].core_hash;
    (world, liar, core)
}

/// Hands the second house one envelope from the first; answers the verdict and the codes newly in the operator's log.
pub(crate) fn hand(world: &mut [House; 2], bytes: &[u8], now: Timestamp) -> (Verdict, Vec<String>) {
    let [a, b] = world;
    let before = b.store.reader().unwrap().events(None, 100).unwrap().len();
    let mut env = Env { now, rng: &mut b.rng };
    let receipt = b.node.receive(&mut b.store, &mut env, &b.chunks, a.node.me(), &[bytes.to_vec()]).unwrap();
    let key = b.node.card("x:1", Hash32([0; 32])).unwrap().envelope_key;
    let receipt = receipt::open(&receipt, &[key]).unwrap();
    let events = b.store.reader().unwrap().events(None, 100).unwrap();
    let news = events.len() - before;
    (receipt.entries[0].verdict.clone(), events[..news].iter().map(|row| row.event.code.clone()).collect())
}

/// Every lie is refused by name, once in the log, and nothing of any case changes.
#[test]
fn every_lie_is_named_and_changes_nothing() {
    type Lie = fn(&Liar, &[House; 2], Hash32) -> Vec<u8>;
    fn check(name: &str, want: &str, lie: Lie) {
        let (mut world, liar, prev) = delivered();
        let before = snapshot(&world[1]);
        let bytes = lie(&liar, &world, prev);
        let (verdict, codes) = hand(&mut world, &bytes, monday());
        assert_eq!(verdict, Verdict::Refused { code: want.to_owned() }, "{name}");
        assert_eq!(codes, [want], "{name}");
        assert_eq!(snapshot(&world[1]), before, "{name}");
    }
    fn altered(liar: &Liar, world: &[House; 2], prev: Hash32, alter: fn(&mut Act, &mut Header)) -> Vec<u8> {
        let (mut act, mut header) = liar.next(world, prev);
        alter(&mut act, &mut header);
        liar.send(&act, &header)
    }
    check("nothing at all", "truncated", |_, _, _| Vec::new());
    check("cut short", "truncated", |liar, world, prev| {
        let (act, header) = liar.next(world, prev);
        let bytes = liar.send(&act, &header);
        bytes[..bytes.len() / 2].to_vec()
    });
    check("a hundred megabytes", "oversized", |_, _, _| vec![0; 100 << 20]);
    check("one bit of the signature", "wrong-signature", |liar, world, prev| {
        let (act, header) = liar.next(world, prev);
        let mut bytes = liar.send(&act, &header);
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        bytes
    });
    check("signed with another key", "wrong-signature-set", |liar, world, prev| {
        let (act, header) = liar.next(world, prev);
        liar.send_as(&act, &header, &format!("office/{}/sign", liar.office), "log")
    });
    check("in a third Party's name", "wrong-party", |liar, world, prev| {
        altered(liar, world, prev, |_, header| header.iss = "XX".to_owned())
    });
    check("for a third Party", "wrong-party", |liar, world, prev| {
        altered(liar, world, prev, |_, header| header.aud = "XX".to_owned())
    });
    check("another instrument in the header", "wrong-instrument", |liar, world, prev| {
        altered(liar, world, prev, |_, header| header.instrument = [1; 32])
    });
    check("another instrument in the act", "header-differs", |liar, world, prev| {
        altered(liar, world, prev, |act, _| act.instrument = Hash32([1; 32]))
    });
    check("a newer vocabulary", "unknown-version", |liar, world, prev| {
        altered(liar, world, prev, |act, _| act.version = 2)
    });
    check("the same number again with another content", "equivocation", |liar, _, _| {
        let mut act = liar.act.clone();
        act.at = act.at.saturating_add(SignedDuration::from_secs(1)).unwrap();
        liar.send(&act, &liar.header)
    });
    check("a chain that names another act", "broken-chain", |liar, world, _| {
        altered(liar, world, Hash32([3; 32]), |_, _| {})
    });
    check("another handling on the outside", "header-differs", |liar, world, prev| {
        altered(liar, world, prev, |act, header| {
            let marks = domain::handling::Tlp::ALL.iter().map(|(_, code)| *code);
            let other = marks.into_iter().find(|code| *code != header.handling).unwrap();
            (header.handling, act.seq) = (other.to_owned(), 2);
        })
    });
    check("sealed to another office", "wrong-office", |liar, world, prev| {
        let (act, header) = liar.next(world, prev);
        let card = &world[0].node.peers()[world[1].node.me()];
        let Deed::Submit { request } = &liar.act.deed else { panic!("the first act submits") };
        let (_, elsewhere) = card.offices.iter().find(|(id, _)| **id != request.to).unwrap();
        Liar { to: elsewhere.seal.clone(), ..liar.clone() }.send(&act, &header)
    });
    check("expired", "expired", |liar, world, prev| {
        altered(liar, world, prev, |_, header| {
            header.iat_s = 1_000;
            header.exp_s = 2_000;
        })
    });
    check("a thread that is no case", "unknown-case", |liar, world, prev| {
        altered(liar, world, prev, |_, header| header.thread = "../../etc/passwd".to_owned())
    });
    check("another kind in the header", "header-differs", |liar, world, prev| {
        altered(liar, world, prev, |_, header| header.kind = "close".to_owned())
    });
    check("another office's seal", "wrong-office-seal", |liar, world, prev| {
        let (act, header) = liar.next(world, prev);
        let other =
            world[0].node.instrument().offices_of(world[0].node.me()).find(|office| office.id.as_str() != liar.office);
        liar.send_as(&act, &header, &format!("office/{}/sign", other.unwrap().id), "envelope")
    });
    check("a seal of nobody", "wrong-office-seal", |liar, world, prev| {
        let (act, header) = liar.next(world, prev);
        liar.send_as(&act, &header, "log", "envelope")
    });
    check("claims to have seen what was never sent", "out-of-order", |liar, world, prev| {
        let (mut act, header) = liar.next(world, prev);
        act.seen.insert(world[1].node.me().clone(), 7);
        liar.send(&act, &header)
    });
    check("backdated", "impossible-time", |liar, world, prev| {
        altered(liar, world, prev, |act, header| {
            act.at = "2020-01-01T00:00:00Z".parse().unwrap();
            header.iat_s = 1_577_836_800;
        })
    });
    check("an act of the other side", "not-your-side", |liar, world, prev| {
        altered(liar, world, prev, |act, header| {
            let officer = person("x", Role::Intake);
            act.deed = Deed::Acknowledge { reference: "X-1".into(), officer, contact: "desk".into() };
            header.kind = "acknowledge".to_owned();
        })
    });
    check("a role that may not", "not-your-role", |liar, world, prev| {
        altered(liar, world, prev, |act, _| act.author = domain::act::Author::Officer(person("x", Role::Auditor)))
    });
    check("a machine that decides", "wrong-hand", |liar, world, prev| {
        altered(liar, world, prev, |act, _| act.author = domain::act::Author::Machine)
    });
    check("without words", "wordless", |liar, world, prev| {
        altered(liar, world, prev, |act, _| {
            if let Deed::Withdraw { reason } = &mut act.deed {
                reason.texts.values_mut().for_each(String::clear);
            }
        })
    });
}

/// A tampered sender that skips a safeguard, four eyes or the contents is refused by the receiver's own judgement.
#[test]
fn a_first_act_that_skips_a_rule_is_refused() {
    fn check(name: &str, want: &str, alter: fn(&mut Act)) {
        let (mut world, liar, _) = delivered();
        let mut act = liar.act.clone();
        act.case = CaseId::new(&act.case.as_str().replace("-0001", "-0002")).unwrap();
        alter(&mut act);
        let mut header = liar.header.clone();
        header.thread = act.case.to_string();
        let before = snapshot(&world[1]);
        let (verdict, codes) = hand(&mut world, &liar.send(&act, &header), monday());
        assert_eq!(verdict, Verdict::Refused { code: want.to_owned() }, "{name}");
        assert_eq!(codes, [want], "{name}");
        assert_eq!(snapshot(&world[1]), before, "{name}");
    }
    fn request(act: &mut Act) -> &mut domain::content::Request {
        match &mut act.deed {
            Deed::Submit { request } => request,
            _ => panic!("the first act submits"),
        }
    }
    check("competence unanswered", "gate-unanswered", |act| act.gates.retain(|answer| answer.gate.code() != "SG-1"));
    check("use limit unanswered", "gate-unanswered", |act| act.gates.retain(|answer| answer.gate.code() != "SG-7"));
    check("data protection unanswered", "gate-unanswered", |act| {
        act.gates.retain(|answer| answer.gate.code() != "SG-10");
    });
    check("answered without reasons", "gate-without-reason", |act| {
        act.gates[0].reason.texts.values_mut().for_each(String::clear);
    });
    check("answered by one who may not", "gate-role", |act| act.gates[0].by.role = Role::Liaison);
    check("answered no", "gate-closed", |act| act.gates[0].finding = domain::safeguard::Finding::NotSatisfied);
    check("drafted and signed by one person", "four-eyes", |act| {
        let signatory = act.author.officer().unwrap().id.clone();
        request(act).drafter.id = signatory;
    });
    check("incomplete", "incomplete", |act| request(act).fields.clear());
    check("in one language only", "incomplete", |act| {
        let only = request(act).title.original.clone();
        request(act).title.texts.retain(|lang, _| *lang == only);
    });
    check("a state secret", "above-ceiling", |act| {
        request(act).classification = domain::handling::Classification::Classified;
    });
    check("a type of another series", "unknown-case", |act| {
        request(act).type_code = domain::ids::TypeCode::new("EXT").unwrap();
    });
    check("a type nobody agreed", "unknown-type", |act| {
        request(act).type_code = domain::ids::TypeCode::new("NO-SUCH").unwrap();
    });
}

/// What comes too early waits, and takes effect once what it waits for is there.
#[test]
fn early_mail_waits() {
    let (mut world, liar, prev) = delivered();
    let before = snapshot(&world[1]);
    let (act, mut header) = liar.next(&world, prev);
    header.seq = 2;
    let mut later = act.clone();
    later.seq = 3;
    let (verdict, _) = hand(&mut world, &liar.send(&later, &header), monday());
    assert_eq!(verdict, Verdict::Parked, "a number ahead waits");

    let (act, mut header) = liar.next(&world, prev);
    header.iat_s += 3_600;
    let (verdict, _) = hand(&mut world, &liar.send(&act, &header), monday());
    assert_eq!(verdict, Verdict::Parked, "signed in the future waits");

    let (mut act, mut header) = liar.next(&world, prev);
    act.deed = Deed::Supplement {
        fields: std::collections::BTreeMap::new(),
        attachments: vec![Attachment {
            name: "a".into(),
            media_type: "text/plain".into(),
            bytes: 1,
            sha256: Hash32([0; 32]),
            root: Hash32([5; 32]),
            sealed_bytes: 17,
            chunk_bytes: 1 << 20,
            key: vec![0; 39],
        }],
        unable: Default::default(),
        note: words(&world[0].node, "more"),
    };
    header.kind = "supplement".to_owned();
    header.attachments = vec![AttachmentRef { root: [5; 32], size: 17, chunk_bytes: 1 << 20 }];
    let (verdict, _) = hand(&mut world, &liar.send(&act, &header), monday());
    assert_eq!(verdict, Verdict::Parked, "an attachment that is not there is waited for");
    assert_eq!(snapshot(&world[1]), before);
    assert!(world[1].chunks.have(&Hash32([5; 32])).unwrap().is_empty());
}

/// The same envelope any number of times has one effect and one answer, also when signed or carried anew.
#[test]
fn duplicates_have_no_second_effect() {
    let (mut world, liar, _) = delivered();
    let before = snapshot(&world[1]);
    let reader = world[1].store.reader().unwrap();
    let case = liar.act.case.clone();
    let row = reader.acts(&case).unwrap().remove(0);
    let bytes = reader.envelope(&row.core_hash).unwrap().unwrap();
    drop(reader);
    let size = world[1].store.reader().unwrap().log_size("GB").unwrap();
    for days in 0..5 {
        let at = monday().saturating_add(SignedDuration::from_hours(24 * days)).unwrap();
        let (verdict, codes) = hand(&mut world, &bytes, at);
        assert_eq!((verdict, codes), (Verdict::Accepted, Vec::new()));
    }
    assert_eq!(snapshot(&world[1]), before);
    assert_eq!(world[1].store.reader().unwrap().log_size("GB").unwrap(), size);
}

/// A refused envelope is logged once, however often it is offered.
#[test]
fn a_refusal_is_entered_once() {
    let (mut world, liar, _) = delivered();
    let (act, header) = liar.next(&world, Hash32([3; 32]));
    let bytes = liar.send(&act, &header);
    let (_, first) = hand(&mut world, &bytes, monday());
    let size = world[1].store.reader().unwrap().log_size("GB").unwrap();
    let (_, second) = hand(&mut world, &bytes, monday());
    assert_eq!((first, second), (vec!["broken-chain".to_owned()], vec!["refused-before".to_owned()]));
    assert_eq!(world[1].store.reader().unwrap().log_size("GB").unwrap(), size);
}
