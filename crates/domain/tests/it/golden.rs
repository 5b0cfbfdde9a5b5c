//! What may never change unnoticed: the signed vocabulary's form, and the drawn procedure.
//!
//! `UPDATE_EXPECT=1` writes the files anew; the difference is then for a person to judge.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use domain::act::{
    About, Act, ActKind, ActRef, AuditFinding, Audited, Author, Condition, ConditionKind, ConsentKind, Deed, Extent,
    Ground, ItemRef, MatchStep, MissingItem, Receipted, RecipientReport, Role, Urgency, VOCABULARY,
};
use domain::asset::{Money, Movement};
use domain::content::{
    Attachment, FieldValue, IdentityDocument, NaturalPerson, PartialDate, Penalty, Place, Position, Request, Sex,
};
use domain::handling::{Classification, Tlp};
use domain::ids::{CaseId, Hash32, OfficeId, PartyId, TypeCode};
use domain::menu::Menu;
use domain::procedure::{self, ProcedureKind, To};
use domain::rehearsal::{self, officer};
use domain::safeguard::{Finding, Gate, GateAnswer};
use domain::text::{Lang, Prose};
use jiff::Timestamp;

/// Head of the drawn procedure: how to read it.
const PROCEDURES_HEAD: &str = "\
# The procedures

Drawn from the tables in `crates/domain/src/procedure/`; a test keeps them true. A asks, tells or proposes; B is asked,
told or invited. An act that leaves the stage as it is (questions, steps, property, the ladder, care for what was handed
over) has no arrow; the second table of each procedure lists those. *Both* means that it leads on once both have done it.
";

#[test]
fn acts_keep_their_form() {
    let mut acts: Vec<Act> = deeds().into_iter().chain(matching()).map(act).collect();
    // What one wrote and another signed.
    let author = rehearsal::author(ActKind::Respond, officer(&office(), Role::DecisionMaker), &office());
    acts.extend(
        acts.clone()
            .into_iter()
            .filter(|act| act.deed.kind() == ActKind::Respond)
            .map(|act| Act { author: author.clone(), ..act }),
    );
    let kinds: BTreeSet<ActKind> = acts.iter().map(|act| act.deed.kind()).collect();
    let missing: Vec<&str> =
        ActKind::ALL.iter().filter(|(kind, _)| !kinds.contains(kind)).map(|(_, code)| *code).collect();
    assert_eq!(missing, ["deliver"], "every deed has a sample; the receipt alone is no deed");
    let text = serde_json::to_string_pretty(&acts).unwrap() + "\n";
    let read: Vec<Act> = serde_json::from_str(&text).unwrap();
    assert_eq!(read, acts);
    check("tests/golden/acts.json", &text);
}

#[test]
fn the_drawn_procedures_are_the_judged_ones() {
    let prepared = ActKind::ALL.iter().filter(|(kind, _)| kind.is_prepared()).map(|(_, code)| *code);
    let mut text = PROCEDURES_HEAD.to_owned();
    text += &format!("\nWritten by one officer and signed by another: {}.\n", prepared.collect::<Vec<_>>().join(", "));
    for (kind, name) in ProcedureKind::ALL {
        let mut stays: Vec<(ActKind, String)> = Vec::new();
        let reached = procedure::reached(*kind);
        for row in procedure::table(*kind).filter(|row| row.to == To::Stay) {
            let stages = row.from.iter().filter(|stage| reached.contains(stage)).map(|stage| stage.code());
            if stays.iter().all(|(act, _)| *act != row.act) {
                stays.push((row.act, stages.collect::<Vec<_>>().join(", ")));
            }
        }
        let stays: String = stays.iter().map(|(act, stages)| format!("| {} | {stages} |\n", act.code())).collect();
        let title = name[..1].to_uppercase() + &name[1..];
        let drawn = procedure::mermaid(*kind);
        text += &format!("\n## {title}\n\n```mermaid\n{drawn}```\n\n| act | stays in |\n|---|---|\n{stays}");
    }
    check("../../docs/procedures.md", &text);
}

/// Compares a golden file, or writes it when asked to.
fn check(path: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == found, "`{}` differs; if the change is meant, run with UPDATE_EXPECT=1", path.display());
}

fn act(deed: Deed) -> Act {
    let (gb, cn) = (PartyId::new("GB").unwrap(), PartyId::new("CN").unwrap());
    let answer = GateAnswer {
        gate: Gate::Competence,
        finding: Finding::Satisfied,
        reason: prose("within our competence"),
        by: officer(&office(), Role::LegalReviewer),
        office: office(),
        at: instant(),
    };
    Act {
        version: VOCABULARY,
        instrument: Hash32([7; 32]),
        case: CaseId::new("GB-ML-2026-0001").unwrap(),
        by: gb,
        seq: 2,
        seen: BTreeMap::from([(cn.clone(), 1)]),
        receipts: vec![Receipted { by: cn, seq: 1, at: instant() }],
        at: instant(),
        office: office(),
        author: match deed.kind() {
            ActKind::Lapse | ActKind::RemindOutcome | ActKind::CertifyDeletion => Author::Machine,
            _ => Author::Officer(officer(&office(), Role::Approver)),
        },
        gates: vec![answer],
        deed,
    }
}

/// One of every deed.
fn deeds() -> Vec<Deed> {
    let words = || prose("words");
    let files = || vec![attachment()];
    let day = "2026-04-01".parse().unwrap();
    vec![
        Deed::Preconsult { request: Box::new(request()) },
        Deed::Advise { advice: words() },
        Deed::Submit { request: Box::new(request()) },
        Deed::Acknowledge {
            reference: "REF-1".into(),
            officer: officer(&office(), Role::Intake),
            contact: "desk".into(),
        },
        Deed::BeginReview {},
        Deed::Transfer { to: office(), reason: words() },
        Deed::ReturnIncomplete { items: vec![MissingItem { field: "other".into(), want: words() }] },
        Deed::Supplement { fields: fields(), attachments: files(), unable: BTreeMap::new(), note: words() },
        Deed::OfferConditions {
            conditions: vec![Condition { kind: ConditionKind::DeathPenaltyAssurance, words: words() }],
        },
        Deed::AcceptConditions { undertaking: words() },
        Deed::Postpone { reason: words(), review_on: day },
        Deed::Resume {},
        Deed::Accept { note: Some(words()) },
        Deed::AcceptPart { scope: words() },
        Deed::Refuse { ground: Ground::EssentialInterests, reason: None, considered: words(), withheld: true },
        Deed::Reconsider { argument: words() },
        Deed::Uphold { reason: words() },
        Deed::Reopen { reason: words() },
        Deed::BeginExecution {},
        Deed::Record { step: "HELD".into(), note: words(), item: None, until: None },
        Deed::Preserve { what: words(), until: instant() },
        Deed::Interim { answer: words(), attachments: files() },
        Deed::Ask { question: words() },
        Deed::Reply { question: 1, answer: words() },
        Deed::Respond { extent: Extent::Full, answer: words(), attachments: files() },
        Deed::ReportOutcome { usefulness: 4, used_for: words() },
        Deed::RemindOutcome {},
        Deed::Close { lesson: None },
        Deed::Withdraw { reason: words() },
        Deed::ConfirmRelease { note: words() },
        Deed::Lapse {},
        Deed::Regrade { urgency: Urgency::U1, reason: words() },
        Deed::Escalate { level: 2, reason: None },
        Deed::AnswerEscalation { level: 2, answer: words() },
        Deed::Record { step: "RESTRAINED".into(), note: words(), item: Some("account".into()), until: Some(day) },
        Deed::StatePosition { position: words() },
        Deed::ProposeText { text: words(), note: None },
        Deed::Reserve { reservation: words() },
        Deed::SignText { version: 1, sha256: words().digest() },
        Deed::Authorise { note: words() },
        Deed::Extend { until: day, reason: words() },
        Deed::Adopt { instrument: words().digest(), reason: words() },
        Deed::Abort { reason: words() },
        Deed::Conclude { reason: words() },
        Deed::BookAsset {
            asset: "account".into(),
            movement: Movement::Restrain,
            amount: Money::new("1250.50", "GBP").unwrap(),
            note: words(),
        },
        Deed::SeekConsent { kind: ConsentKind::OnwardTransfer, recipient: "office".into(), what: words() },
        Deed::GiveConsent { number: 1, granted: true, words: words() },
        Deed::Forward {
            to: OfficeId::new("GB-HO").unwrap(),
            fields: vec!["victim".into()],
            files: vec![attachment().root],
            acts: vec![ActRef { by: PartyId::new("GB").unwrap(), seq: 3 }],
            reason: words(),
        },
        Deed::Recall { seq: 3, reason: words() },
        Deed::Correct { seq: 3, correction: words() },
        Deed::ReportCompliance {
            number: 1,
            complied: true,
            words: words(),
            recipients: vec![RecipientReport { recipient: "Another authority".to_owned(), complied: true }],
        },
        Deed::CertifyDeletion { erased: vec![ActRef { by: PartyId::new("GB").unwrap(), seq: 3 }] },
        Deed::CheckUndertaking { number: 1, kept: true, note: words() },
        Deed::DischargeUndertaking { number: 1, reason: words() },
        Deed::CiteNorm { norm: "N-d".into(), words: words() },
        Deed::TableItem { topic: words(), about: None },
        Deed::TableItem { topic: words(), about: Some(About::Case(CaseId::new("CN-CY-2026-0007").unwrap())) },
        Deed::TableItem {
            topic: words(),
            about: Some(About::Item(ItemRef { round: CaseId::new("GB-PLN-2026-0001").unwrap(), number: 2 })),
        },
        Deed::SettleItem { number: 1, outcome: words() },
        Deed::Undertake { what: words(), owner: OfficeId::new("GB-HO").unwrap(), due_on: day, item: Some(1) },
        Deed::LogContact { level: 3, means: "telephone".into(), words: words() },
        Deed::DeclineConditions { reason: words() },
        Deed::Supplement {
            fields: BTreeMap::new(),
            attachments: Vec::new(),
            unable: BTreeMap::from([("facts".into(), words())]),
            note: words(),
        },
    ]
}

/// Every step of a private matching.
fn matching() -> Vec<Deed> {
    let (hash, files) = (Hash32([9; 32]), || vec![attachment()]);
    let words = || prose("words");
    let steps = [
        MatchStep::Epoch { key: hash },
        MatchStep::List { list: hash, places: 1024, files: files() },
        MatchStep::Evaluate { list: hash, steps: hash, files: files() },
        MatchStep::Ask { announcement: hash, places: 32, transcript: hash, files: files() },
        MatchStep::Receive { transcript: hash },
        MatchStep::Draw { of: Audited::Questions, batch: 1, commitment: hash },
        MatchStep::Draw { of: Audited::List, batch: 0, commitment: hash },
        MatchStep::Share { audit: 1, share: hash },
        MatchStep::Reveal { audit: 1, share: hash },
        MatchStep::Open { audit: 1, opened: hash },
        MatchStep::Find { audit: 1, finding: AuditFinding::Breached, words: words() },
        MatchStep::Destroy { key: hash },
    ];
    steps.into_iter().map(|step| Deed::Match { step }).collect()
}

fn request() -> Request {
    Request {
        type_code: TypeCode::new("MLA-EVD").unwrap(),
        to: OfficeId::new("CN-MOJ").unwrap(),
        title: prose("title"),
        legal_basis: prose("basis"),
        urgency: Urgency::U2,
        urgency_reason: Some(prose("hearing")),
        needed_by: Some("2026-05-01".parse().unwrap()),
        purpose: prose("purpose"),
        evidential_use: true,
        mark: Tlp::AmberStrict,
        classification: Classification::Official,
        confidentiality: None,
        personal_data: true,
        exercise: true,
        contact: "desk".into(),
        fields: fields(),
        attachments: vec![attachment()],
        linked: vec![CaseId::new("CN-CY-2026-0007").unwrap()],
        continues: None,
        drafter: officer(&office(), Role::Drafter),
    }
}

/// One of every kind of field value.
fn fields() -> BTreeMap<String, FieldValue> {
    let values = [
        ("choice", FieldValue::Choice("bank".into())),
        ("date", FieldValue::Date("2026-01-31".parse().unwrap())),
        ("indicators", FieldValue::Indicators("{}".into())),
        ("interval", FieldValue::Interval { from: instant(), to: instant() }),
        ("line", FieldValue::Line("12 High Street".into())),
        ("penalty", FieldValue::Penalty(Penalty::YearsMax(7))),
        ("prose", FieldValue::Prose(prose("facts"))),
        ("yes-no", FieldValue::YesNo(true)),
        (
            "person",
            FieldValue::Person(Box::new(NaturalPerson {
                names: vec!["Chan Tai Man".into(), "陈大文".into()],
                born: PartialDate { year: Some(1984), month: Some(3), day: None },
                birthplace: "Kaiping".into(),
                sex: Sex::Male,
                nationalities: vec!["CN".into()],
                documents: vec![IdentityDocument { kind: "passport".into(), number: "E0".into(), issuer: "CN".into() }],
            })),
        ),
        ("office", FieldValue::Office(office())),
        (
            "place",
            FieldValue::Place(Place {
                words: "12 High Street".into(),
                position: Some(Position { latitude_e5: 5_150_735, longitude_e5: -12_776 }),
            }),
        ),
        ("money", FieldValue::Money(Money::new("0.50", "CNY").unwrap())),
        ("items", FieldValue::Items(vec!["one".into(), "two".into()])),
        ("parallel", FieldValue::Parallel(prose("text"))),
    ];
    values.into_iter().map(|(id, value)| (id.to_owned(), value)).collect()
}

fn attachment() -> Attachment {
    Attachment {
        name: "annex.pdf".into(),
        media_type: "application/pdf".into(),
        bytes: 5,
        sha256: Hash32([1; 32]),
        root: Hash32([2; 32]),
        sealed_bytes: 21,
        chunk_bytes: 1 << 20,
        key: vec![3; 4],
    }
}

fn office() -> OfficeId {
    OfficeId::new("GB-UKCA").unwrap()
}

fn prose(words: &str) -> Prose {
    Prose::new(Lang::new("en").unwrap(), words).with(Lang::new("zh").unwrap(), "文字")
}

fn instant() -> Timestamp {
    "2026-03-02T09:00:00.000001Z".parse().unwrap()
}
