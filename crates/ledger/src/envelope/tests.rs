//! What a peer may try with an envelope: every altered byte, every other signer set, every wrong seal.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

use super::*;
use crate::blob::CHUNK_BYTES;
use crate::cbor::{self, Limits, Value};
use crate::keys::SigningKey;

const ARCHIVE_SECRET: [u8; 32] = [8; 32];
const IAT_S: u64 = 1_790_000_000;

fn header() -> Header {
    Header {
        iss: "GB".into(),
        aud: "CN".into(),
        thread: "GB-CN/2026/17".into(),
        seq: 3,
        prev: [4; 32],
        kind: "request".into(),
        lane: Lane::Normal,
        handling: "restricted".into(),
        iat_s: IAT_S,
        exp_s: IAT_S + 86_400,
        cti: [5; 16],
        instrument: [6; 32],
        attachments: vec![AttachmentRef { root: [7; 32], size: 2_000_000, chunk_bytes: CHUNK_BYTES }],
        ack: vec![("CN-GB/2026/2".into(), 11)],
    }
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::from_seed([3; 32])
}

fn archive() -> ArchiveEpoch {
    ArchiveEpoch::at(&ARCHIVE_SECRET, IAT_S)
}

fn office() -> SealKey {
    SealKey::from_seed([11; 32])
}

fn node(seed: u8) -> SigningKey {
    SigningKey::from_seed([seed; 32])
}

fn sealed(body: &[u8], nodes: &[SigningKey]) -> Vec<u8> {
    let signers: Vec<&dyn Signer> = nodes.iter().map(|node| node as &dyn Signer).collect();
    seal(&header(), body, &[office().public()], &archive(), &signers, &mut rng()).expect("seals").bytes
}

fn keys(nodes: &[SigningKey]) -> Vec<VerifyingKey> {
    nodes.iter().map(SigningKey::verifying_key).collect()
}

fn accept(bytes: &[u8], keys: &[VerifyingKey]) -> Result<Opened, Misbehaved> {
    Envelope::decode(bytes)?.verify(keys)?.open(&office())
}

#[test]
fn opens_for_office_and_archive_and_nobody_else() {
    let nodes = [node(1), node(2)];
    for length in [0, 1, 238, 239, 240, 1024, BODY_BYTES_MAX] {
        let body = vec![0u8; length];
        let bytes = sealed(&body, &nodes);
        assert!(bytes.len() <= ENVELOPE_BYTES_MAX);
        let envelope = Envelope::decode(&bytes).expect("decodes");
        assert_eq!(envelope.header(), &header());
        assert_eq!(envelope.recipients().collect::<Vec<_>>(), [office().public().id()]);
        let verified = envelope.verify(&keys(&nodes)).expect("verifies");
        let opened = verified.open(&office()).expect("opens");
        assert_eq!(opened.body, body);
        assert_eq!(verified.open_archive(&archive()), Ok(opened));
        assert_eq!(verified.open(&SealKey::from_seed([12; 32])), Err(Misbehaved::UnknownRecipient));
        let next_hour = ArchiveEpoch::at(&ARCHIVE_SECRET, IAT_S + 3600);
        assert_eq!(verified.open_archive(&next_hour), Err(Misbehaved::UnknownRecipient));
    }
}

/// Lengths of ciphertext show the power of two only.
#[test]
fn lengths_are_hidden() {
    let length = |body: usize| sealed(&vec![1; body], &[node(1)]).len();
    assert_eq!(length(0), length(239));
    assert_eq!(length(240), length(495));
    assert!(length(239) < length(240));
}

#[test]
fn every_altered_byte_is_refused() {
    let nodes = [node(1)];
    let bytes = sealed(b"an act", &nodes);
    assert_eq!(accept(&bytes, &keys(&nodes)).expect("opens").body, b"an act");
    for at in 0..bytes.len() {
        for bit in [0x01, 0x80] {
            let mut altered = bytes.clone();
            altered[at] ^= bit;
            accept(&altered, &keys(&nodes)).expect_err("an altered envelope");
        }
        Envelope::decode(&bytes[..at]).expect_err("a cut envelope");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert_eq!(Envelope::decode(&longer).expect_err("trailing").code(), "not-canonical");
}

#[test]
fn only_the_exact_signer_set_passes() {
    let nodes = [node(1), node(2)];
    let bytes = sealed(b"an act", &nodes);
    let check = |bytes: &[u8], keys: &[VerifyingKey], want: Result<(), Misbehaved>| {
        assert_eq!(accept(bytes, keys).map(|_| ()), want);
    };
    let (one, two, three) = (node(1).verifying_key(), node(2).verifying_key(), node(3).verifying_key());
    let wrong_set = Err(Misbehaved::WrongSignatureSet(WHAT));
    check(&bytes, &[one, two], Ok(()));
    check(&bytes, &[two, one], Ok(()));
    check(&bytes, &[one], wrong_set.clone());
    check(&bytes, &[one, two, three], wrong_set.clone());
    check(&bytes, &[one, three], wrong_set.clone());
    check(&bytes, &[], wrong_set.clone());
    // Stripped, swapped and repeated signatures.
    let with = |change: fn(&mut Vec<Value>)| {
        edit(&bytes, |fields| match &mut fields[3] {
            Value::Array(signatures) => change(signatures),
            other => panic!("{other:?}"),
        })
    };
    check(&with(|signatures| drop(signatures.pop())), &[one], wrong_set.clone());
    check(&with(|signatures| signatures.swap(0, 1)), &[one, two], wrong_set.clone());
    check(&with(|signatures| signatures.push(signatures[1].clone())), &[one, two], wrong_set);
}

/// A foreign unprotected header would give one message many byte forms.
#[test]
fn unprotected_headers_are_refused() {
    let bytes = sealed(b"an act", &[node(1)]);
    let extra = || Value::Map(vec![(Value::Uint(4), Value::Bytes(vec![1]))]);
    for altered in [
        edit(&bytes, |fields| fields[1] = extra()),
        edit(&bytes, |fields| match &mut fields[3] {
            Value::Array(signatures) => match &mut signatures[0] {
                Value::Array(parts) => parts[1] = extra(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }),
    ] {
        let want = Misbehaved::Malformed { what: WHAT, field: "unprotected" };
        assert_eq!(Envelope::decode(&altered).map(|_| ()), Err(want));
    }
}

/// The sender signs a header whose commitment, padding or version is false: his signature holds, he is caught.
#[test]
fn a_lying_sender_is_caught() {
    let check = |change: &dyn Fn(&mut Vec<Value>), code| {
        let bytes = sealed(b"an act", &[node(1)]);
        let resigned = resign(&bytes, change);
        assert_eq!(accept(&resigned, &keys(&[node(1)])).expect_err("a lie").code(), code);
    };
    // Changing the commitment changes the context too, so the seal no longer opens; the next test goes deeper.
    check(&|own| own[10] = Value::Bytes(vec![0; 32]), "wrong-seal");
    check(&|own| own[0] = Value::Uint(2), "unknown-version");
    check(&|own| own[8] = Value::Uint(1), "malformed");
    check(&|own| own[6] = Value::Array(vec![Value::Nint(6)]), "unknown-suite");
    check(&|own| own[9] = Value::Array(vec![]), "malformed");
    check(&|own| drop(own.pop()), "malformed");
    check(&|own| own[5] = Value::Uint(3), "malformed");
    check(&|own| own[2] = Value::Uint(0), "malformed");
}

/// A content sealed rightly under a header that commits to another content, or padded otherwise.
#[test]
fn commitment_and_padding_are_checked_inside() {
    let body = b"the content";
    let content = sealing::Content::fresh(body, &mut rng());
    let context = [9; 32];
    let mut commit = content.commit();
    let office = office();
    let recipients = content.recipients(&context, &[office.public()], &archive(), &mut rng()).expect("wraps");
    let Recipient::Authority { enc, wrapped, .. } = &recipients[0] else { panic!("an office first") };
    let cek = office.open(&context, enc, wrapped).expect("opens");
    let sealed = content.encrypt(&context).expect("encrypts");
    let opened = sealing::open(&cek, &context, &sealed, &commit).expect("opens");
    assert_eq!(opened.body, body);
    assert_eq!(sha256(&[&opened.salt, &opened.body]), commit);
    commit[0] ^= 1;
    assert_eq!(sealing::open(&cek, &context, &sealed, &commit), Err(Misbehaved::CommitmentMismatch));
    assert_eq!(sealing::open(&cek[1..], &context, &sealed, &commit).expect_err("a short key").code(), "wrong-seal");
    for plain in [&[0u8; 256][..], &[1; 256], &[0x80; 8], &[&[1; 20][..], &[0x80], &[0; 491]].concat()] {
        let key = aws_lc_rs::aead::UnboundKey::new(&aws_lc_rs::aead::AES_256_GCM, &cek).expect("a key");
        let mut bad = plain.to_vec();
        aws_lc_rs::aead::LessSafeKey::new(key)
            .seal_in_place_append_tag(
                aws_lc_rs::aead::Nonce::assume_unique_for_key([0; 12]),
                aws_lc_rs::aead::Aad::from(context),
                &mut bad,
            )
            .expect("encrypts");
        assert_eq!(sealing::open(&cek, &context, &bad, &commit), Err(Misbehaved::WrongPadding), "{plain:?}");
    }
}

#[test]
fn what_cannot_be_sealed_is_said() {
    let node = node(1);
    let office = office();
    let check = |header: Header, body: &[u8], offices: &[&SealPublic], signers: &[&dyn Signer]| {
        seal(&header, body, offices, &archive(), signers, &mut rng()).expect_err("unusable")
    };
    let (to, by): (&[&SealPublic], &[&dyn Signer]) = (&[office.public()], &[&node]);
    let too_large = vec![0; BODY_BYTES_MAX + 1];
    assert_eq!(check(header(), &too_large, to, by), SealFault::BodyTooLarge { bytes: BODY_BYTES_MAX + 1 });
    assert_eq!(check(header(), b"", &[], by), SealFault::Recipients);
    assert_eq!(check(header(), b"", &[office.public(), office.public()], by), SealFault::Recipients);
    assert_eq!(check(header(), b"", to, &[]), SealFault::Signers);
    assert_eq!(check(header(), b"", to, &[&node, &node]), SealFault::Signers);
    let bad = |change: fn(&mut Header)| {
        let mut header = header();
        change(&mut header);
        assert!(matches!(check(header, b"", to, by), SealFault::Header(_)));
    };
    bad(|header| header.iss.clear());
    bad(|header| header.thread = "a\u{0}".into());
    bad(|header| header.handling = "e\u{301}".into());
    bad(|header| header.exp_s = header.iat_s);
    bad(|header| header.prev = [0; 32]);
    bad(|header| header.attachments[0].size = u64::MAX);
    bad(|header| header.attachments = vec![header.attachments[0]; 65]);
    bad(|header| header.ack = vec![("t".into(), 0); 257]);
}

#[test]
fn oversized_is_refused_before_parsing() {
    let want = Misbehaved::Oversized { what: WHAT, limit_max: ENVELOPE_BYTES_MAX as u64 };
    assert_eq!(Envelope::decode(&vec![0; ENVELOPE_BYTES_MAX + 1]).map(|_| ()), Err(want));
}

#[test]
fn the_office_seal_holds() {
    let prosecutor = node(7);
    let bytes = authority_seal(b"act", &prosecutor).expect("signs");
    let key = prosecutor.verifying_key();
    assert_eq!(open_authority_seal(&bytes, &key), Ok(b"act".to_vec()));
    assert_eq!(authority_signers(&bytes), Ok(vec![key.id()]));
    open_authority_seal(&bytes, &node(1).verifying_key()).expect_err("another office");
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        open_authority_seal(&altered, &key).expect_err("an altered seal");
    }
    // A node's signature over an envelope is no office's seal, though the key were the same.
    open_authority_seal(&sealed(b"act", &[node(7)]), &key).expect_err("another kind of message");
}

/// Rewrites the four elements of the COSE_Sign.
fn edit(bytes: &[u8], change: impl FnOnce(&mut Vec<Value>)) -> Vec<u8> {
    let Ok(Value::Tag(98, body)) = cbor::decode(bytes, Limits::bytes(ENVELOPE_BYTES_MAX)) else {
        panic!("an envelope")
    };
    let Value::Array(mut fields) = *body else { panic!("a body") };
    change(&mut fields);
    cbor::encode(&Value::Tag(98, Box::new(Value::Array(fields))))
}

/// Rewrites the product's own part of the header and signs anew with the sender's key.
fn resign(bytes: &[u8], change: &dyn Fn(&mut Vec<Value>)) -> Vec<u8> {
    let signed = cose::decode(WHAT, bytes, ENVELOPE_BYTES_MAX).expect("an envelope");
    let mut header = cbor::decode(&signed.protected, Limits::bytes(1 << 16)).expect("a header");
    match &mut header {
        Value::Map(labels) => match &mut labels[3].1 {
            Value::Array(own) => change(own),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
    cose::sign(cbor::encode(&header), signed.payload, &[&node(1)]).expect("signs")
}
