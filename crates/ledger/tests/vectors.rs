//! Published vectors (testdata/vectors, see PROVENANCE.md there): what other people's tools make, ours reads, and the
//! other way round.

use std::path::PathBuf;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ledger::Misbehaved;
use ledger::cbor::{self, Limits};
use ledger::checkpoint::SignedCheckpoint;
use ledger::hash::sm3;
use ledger::keys::{SealKey, VerifyingKey};
use ledger::note::{Note, NoteKey};
use ledger::tile::{TileKind, TileRef};
use ledger::tree::{self, Frontier, Hash, leaf_hash};
use serde_json::Value;

fn bytes(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/vectors").join(name);
    std::fs::read(&path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

fn text(name: &str) -> String {
    String::from_utf8(bytes(name)).expect("UTF-8")
}

fn json(name: &str) -> Value {
    serde_json::from_slice(&bytes(name)).expect("JSON")
}

fn cases(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn str_of<'a>(case: &'a Value, field: &str) -> &'a str {
    case[field].as_str().unwrap_or_else(|| panic!("{field} in {case}"))
}

fn hex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("ASCII"));
    digits.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal")).collect()
}

fn hash(base64: &str) -> Hash {
    let bytes = STANDARD.decode(base64).expect("base64");
    bytes.try_into().expect("32 bytes")
}

/// RFC 8949 Appendix A: what has one deterministic form round-trips, all else is refused.
#[test]
fn cbor_appendix_a() {
    // Floats, `undefined` and other simple values: valid CBOR, outside our subset.
    let outside = ["f9", "fa", "fb", "f7", "f0", "f8", "c1fb"];
    let vectors = json("cbor/appendix_a.json");
    let mut accepted = 0;
    for case in cases(&vectors) {
        let encoded = hex(str_of(case, "hex"));
        let wanted = case["roundtrip"] == true && !outside.iter().any(|head| str_of(case, "hex").starts_with(head));
        let got = cbor::decode(&encoded, Limits::bytes(1024));
        assert_eq!(got.is_ok(), wanted, "{case} {got:?}");
        if let Ok(value) = got {
            assert_eq!(cbor::encode(&value), encoded);
            accepted += 1;
        }
    }
    assert_eq!((cases(&vectors).len(), accepted), (82, 44));
}

#[test]
fn sm3_of_oscca() {
    let mut message = None;
    let mut checked = 0;
    for line in text("sm/sm3-oscca.txt").lines() {
        match line.split_once(" = ") {
            Some(("Len", "0")) => message = Some(vec![]),
            Some(("Msg", digits)) if message.is_none() => message = Some(hex(digits)),
            Some(("MD", digits)) => {
                let message = message.take().expect("a message before its digest");
                assert_eq!(sm3(&[&message]).as_slice(), hex(digits));
                checked += 1;
            }
            _ => {}
        }
    }
    assert_eq!(checked, 6);
}

#[test]
fn ed25519_of_wycheproof() {
    let vectors = json("wycheproof/ed25519_test.json");
    let mut checked = 0;
    for group in cases(&vectors["testGroups"]) {
        let key = hex(str_of(&group["publicKey"], "pk")).try_into().expect("32 bytes");
        let key = VerifyingKey::from_bytes(key).expect("a usable key");
        for case in cases(&group["tests"]) {
            let got = key.verify("test", &hex(str_of(case, "msg")), &hex(str_of(case, "sig")));
            assert_eq!(got.is_ok(), case["result"] == "valid", "{case}");
            checked += 1;
        }
    }
    assert_eq!(checked, 112);
}

fn proof_of(case: &Value) -> Option<Vec<Hash>> {
    let proof = cases(&case["proof"]).iter().map(|part| STANDARD.decode(part.as_str()?).ok()?.try_into().ok());
    proof.collect()
}

#[test]
fn rfc6962_proofs() {
    let number = |case: &Value, field: &str| case[field].as_u64().expect("a number");
    let field = |case: &Value, field: &str| STANDARD.decode(str_of(case, field)).ok()?.try_into().ok();
    let inclusion = |case: &Value| {
        let (leaf, root): (Option<Hash>, Option<Hash>) = (field(case, "leafHash"), field(case, "root"));
        let (leaf, root, proof) = (leaf?, root?, proof_of(case)?);
        tree::verify_inclusion(number(case, "leafIdx"), number(case, "treeSize"), &leaf, &proof, &root).ok()
    };
    let consistency = |case: &Value| {
        let (old, new): (Option<Hash>, Option<Hash>) = (field(case, "root1"), field(case, "root2"));
        let (old, new, proof) = (old?, new?, proof_of(case)?);
        tree::verify_consistency(number(case, "size1"), number(case, "size2"), &old, &new, &proof).ok()
    };
    let check = |file: &str, count: usize, verify: &dyn Fn(&Value) -> Option<()>| {
        let vectors = json(file);
        assert_eq!(cases(&vectors).len(), count);
        for case in cases(&vectors) {
            assert_eq!(verify(case).is_none(), case["wantErr"] == true, "{case}");
        }
    };
    check("rfc6962/inclusion.json", 71, &inclusion);
    check("rfc6962/consistency.json", 64, &consistency);
}

#[test]
fn rfc6962_reference_tree() {
    let vectors = json("rfc6962/reference-tree.json");
    let leaves = cases(&vectors["leaves_hex"]).iter().map(|leaf| hex(leaf.as_str().expect("text"))).collect();
    let log = Log::of(leaves);
    for (size, root) in (0..).zip(cases(&vectors["roots_hex_by_size"])) {
        assert_eq!(log.root(size).as_slice(), hex(root.as_str().expect("text")), "{size}");
    }
}

#[test]
fn c2sp_notes_and_keys() {
    let example = &json("c2sp/signed-note.json")["signed_note_example"];
    let key = NoteKey::parse(str_of(example, "vkey")).expect("a key");
    let signed = Note::parse(str_of(example, "note").as_bytes()).expect("a note");
    assert_eq!(signed.verify(&key), Ok(None));
    assert_eq!(signed.encode(), str_of(example, "note").as_bytes());

    let vectors = json("c2sp/vkeys.json");
    // The third valid key is ML-DSA-44 (type 0x06): known to be valid, not used here.
    let valid: Vec<_> =
        cases(&vectors["valid"]).iter().map(|key| NoteKey::parse(key.as_str().expect("text"))).collect();
    assert_eq!(valid.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(valid[2], Err(Misbehaved::UnknownSuite(6)));
    for (parsed, given) in valid.iter().flatten().zip(cases(&vectors["valid"])) {
        assert_eq!(parsed.to_string(), given.as_str().expect("text"));
    }
    for key in cases(&vectors["invalid"]) {
        NoteKey::parse(key.as_str().expect("text")).expect_err("an invalid key");
    }

    let cosignature = json("c2sp/cosig-v1-timestamp.json");
    let bytes = STANDARD.decode(str_of(&cosignature, "sig_b64")).expect("base64");
    let time = u64::from_be_bytes(bytes[4..12].try_into().expect("8 bytes"));
    assert_eq!(Some(time), cosignature["unix"].as_u64());
}

/// The sample log of Tessera: our tree and our tiles over its entries give its checkpoints and its tiles.
#[test]
fn tessera_log() {
    let folder = "tlog/tessera-log";
    let key = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
    let key = NoteKey::parse(key).expect("a key");
    let bundle = bytes(&format!("{folder}/tile/entries/000.p/15"));
    let tile = TileRef::parse("tile/entries/000.p/15").expect("a path");
    let log = Log::of(tile.split_entries(&bundle).expect("entries").into_iter().map(<[u8]>::to_vec).collect());
    let names = (0..10).map(|number| format!("checkpoint.{number}")).chain(["checkpoint".to_owned()]);
    for name in names {
        let signed = SignedCheckpoint::decode(&bytes(&format!("{folder}/{name}"))).expect("a checkpoint");
        let checkpoint = signed.verify(&key).expect("signed by the log");
        assert_eq!(*checkpoint.root(), log.root(checkpoint.size()), "{name}");
    }
    for width in 1..=15 {
        for kind in [TileKind::Hashes { level: 0 }, TileKind::Entries] {
            let tile = TileRef::new(kind, 0, width).expect("in range");
            assert_eq!(log.tile(&tile), bytes(&format!("{folder}/{}", tile.path())));
        }
    }
}

/// The log that Go's sumdb code, proofbundle and aics-tlog accepted.
#[test]
fn crossmade_log() {
    let log_key = NoteKey::parse(text("crossmade/log.vkey").trim_end()).expect("a key");
    let mirror = NoteKey::parse(text("crossmade/wit.vkey").trim_end()).expect("a key");
    let signed = SignedCheckpoint::decode(&bytes("crossmade/log/checkpoint")).expect("a checkpoint");
    let newest = signed.verify(&log_key).expect("signed by the log");
    assert_eq!((newest.size(), signed.cosigned_at(&mirror)), (700, Ok(1_795_400_000)));

    let paths = ["tile/entries/000", "tile/entries/001", "tile/entries/002.p/188"];
    let mut leaves = Vec::new();
    for path in paths {
        let tile = TileRef::parse(path).expect("a path");
        let bundle = bytes(&format!("crossmade/log/{path}"));
        leaves.extend(tile.split_entries(&bundle).expect("entries").into_iter().map(<[u8]>::to_vec));
    }
    let log = Log::of(leaves);
    assert_eq!(log.root(700), *newest.root());
    for path in paths.into_iter().chain(["tile/0/000", "tile/0/001", "tile/0/002.p/188", "tile/1/000.p/2"]) {
        let tile = TileRef::parse(path).expect("a path");
        assert!(tile.exists_at(700) && !tile.exists_at(255), "{path}");
        assert_eq!(log.tile(&tile), bytes(&format!("crossmade/log/{path}")), "{path}");
    }

    let older = SignedCheckpoint::decode(&bytes("crossmade/old-checkpoint")).expect("a checkpoint");
    let older = older.verify(&log_key).expect("signed by the log");
    let proof: Vec<Hash> = text("crossmade/consistency.txt").lines().map(hash).collect();
    assert_eq!(newest.extends(older, &proof), Ok(()));
    assert_eq!(tree::consistency(333, 700, &mut log.fetch()), Ok(proof));
    assert_eq!(older.extends(newest, &[]), Err(Misbehaved::RolledBack { seen: 700, shown: 333 }));
    let forked = SignedCheckpoint::decode(&bytes("crossmade/forked-checkpoint")).expect("a checkpoint");
    let forked = forked.verify(&log_key).expect("signed by the log, which is the evidence");
    assert_eq!(forked.extends(newest, &[]), Err(Misbehaved::ForkedLog(700)));
}

#[test]
fn crossmade_inclusion_proof() {
    let check = |file: &str, want: Result<(), Misbehaved>| {
        let proof = text(file);
        let (head, checkpoint) = proof.split_once("\n\n").expect("two parts");
        let hashes: Vec<Hash> = head.lines().skip(2).map(hash).collect();
        let signed = SignedCheckpoint::decode(checkpoint.as_bytes()).expect("a checkpoint");
        let leaf = leaf_hash(&bytes("crossmade/entry.bin"));
        let claim = signed.claim();
        assert_eq!(tree::verify_inclusion(421, claim.size(), &leaf, &hashes, claim.root()), want, "{file}");
    };
    check("crossmade/proof.tlog-proof", Ok(()));
    check("crossmade/bad.tlog-proof", Err(Misbehaved::WrongProof("inclusion")));
    let leaf = leaf_hash(&bytes("crossmade/entry.bin"));
    assert_eq!(leaf.as_slice(), bytes("crossmade/leafhash.bin"));
}

/// X-Wing of draft-ietf-hpke-pq: the published case ends in another AEAD, so the key schedule of RFC 9180 §5.1 is written
/// out here, checked against the published keys, and then used to seal with ours.
#[test]
fn xwing_of_the_hpke_working_group() {
    let case = json("hpke/x-wing.json");
    let field = |name: &str| hex(str_of(&case, name));
    let seed: [u8; 32] = field("skRm").try_into().expect("32 bytes");
    let key = SealKey::from_seed(seed);
    assert_eq!(key.public().to_bytes().as_slice(), field("pkRm"));
    let (shared, info) = (field("shared_secret"), field("info"));
    assert_eq!(schedule(3, &shared, &info), (field("key"), field("base_nonce")));

    let (aead_key, nonce) = schedule(2, &shared, &info);
    let mut sealed = b"content key".to_vec();
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &aead_key).expect("a key"))
        .seal_in_place_append_tag(
            Nonce::try_assume_unique_for_key(&nonce).expect("12 bytes"),
            Aad::empty(),
            &mut sealed,
        )
        .expect("seals");
    let opened = key.open(&info, &field("enc"), &sealed).expect("opens");
    assert_eq!(opened.as_slice(), b"content key");
    key.open(b"another context", &field("enc"), &sealed).expect_err("bound to its context");
}

/// Key and base nonce of RFC 9180 §5.1, base mode, X-Wing, HKDF-SHA256 and the AEAD of this number.
fn schedule(aead: u8, shared: &[u8], info: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let suite = [b"HPKE".as_slice(), &[0x64, 0x7a, 0, 1, 0, aead]].concat();
    let mac = |key: &[u8], parts: &[&[u8]]| {
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), &parts.concat()).as_ref().to_vec()
    };
    let extract = |salt: &[u8], label: &str, ikm: &[u8]| mac(salt, &[b"HPKE-v1", &suite, label.as_bytes(), ikm]);
    let context = [vec![0], extract(&[], "psk_id_hash", &[]), extract(&[], "info_hash", info)].concat();
    let secret = extract(shared, "secret", &[]);
    let expand = |label: &str, length: u8| {
        let parts: [&[u8]; 6] = [&[0, length], b"HPKE-v1", &suite, label.as_bytes(), &context, &[1]];
        mac(&secret, &parts)[..usize::from(length)].to_vec()
    };
    (expand("key", 32), expand("base_nonce", 12))
}

/// A log in memory: its leaves and the hashes of its complete subtrees.
struct Log {
    leaves: Vec<Vec<u8>>,
    nodes: std::collections::BTreeMap<(u8, u64), Hash>,
}

impl Log {
    fn of(leaves: Vec<Vec<u8>>) -> Log {
        let mut nodes = std::collections::BTreeMap::new();
        let mut frontier = Frontier::new();
        for leaf in &leaves {
            let pushed = frontier.push(leaf_hash(leaf), &mut |level, index, hash| {
                nodes.insert((level, index), *hash).map_or(Ok(()), |_| Err("stored twice"))
            });
            assert_eq!(pushed, Ok(()));
        }
        Log { leaves, nodes }
    }

    fn fetch(&self) -> impl FnMut(u8, u64) -> Result<Hash, (u8, u64)> {
        move |level, index| self.nodes.get(&(level, index)).copied().ok_or((level, index))
    }

    fn root(&self, size: u64) -> Hash {
        tree::root(size, &mut self.fetch()).expect("within the log")
    }

    fn tile(&self, tile: &TileRef) -> Vec<u8> {
        match tile.kind() {
            TileKind::Hashes { .. } => tile.hashes(&mut self.fetch()).expect("within the log"),
            TileKind::Entries => {
                let leaf = &mut |index: u64| self.leaves.get(index as usize).cloned().ok_or(index);
                tile.entries(leaf).expect("within the log")
            }
        }
    }
}
