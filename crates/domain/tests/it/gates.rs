//! Each safeguard: the act passes with its answer; without it our own node refuses; and a tampered sender that skips it
//! is refused by the receiver, which judges again.

use std::path::Path;
use std::sync::LazyLock;

use domain::act::{Act, ActKind, Author, Condition, ConditionKind, ConsentKind, Deed, Extent, Person, Role, Urgency};
use domain::admit::admit;
use domain::case::Entry;
use domain::content::{Attachment, FieldValue, Penalty, Request, Sensitivity};
use domain::decide::{Command, decide};
use domain::handling::{Classification, Tlp};
use domain::ids::{CaseId, Hash32, OfficeId, OfficerId, TypeCode};
use domain::instrument::{FieldKind, Instrument, SourceFile};
use domain::menu::Menu;
use domain::refusal::Refusal;
use domain::rehearsal;
use domain::safeguard::{self, Finding, Gate, GateAnswer, LOCAL_ONLY};
use domain::text::{Lang, Prose};
use jiff::{SignedDuration, Timestamp};

/// Who asks, who is asked.
const ASKS: &str = "GB-UKCA";
const ASKED: &str = "CN-MOJ";

/// One case, everything delivered at once.
struct World {
    instrument: Instrument,
    entries: Vec<Entry>,
    now: Timestamp,
}

/// What becomes of an act's answers before it is made or sent.
type Alter<'a> = &'a dyn Fn(&mut Vec<GateAnswer>);

/// Where a gate binds: the request, the way to the act, the act.
struct Bound {
    type_code: &'static str,
    penalty: Penalty,
    personal_data: bool,
    way: fn() -> Vec<(&'static str, Role, Deed)>,
    act: fn() -> (&'static str, Role, Deed),
    /// A safeguard bound to the act for the test, where the type does not bind it.
    binds: Option<Gate>,
}

#[test]
fn every_gate_opens_only_to_its_answer() {
    fn check(gate: Gate, bound: &Bound) {
        let code = gate.code();
        let world = World::at(bound);
        let refusal = |alter: Alter<'_>| {
            let (office, role, deed) = world.bound_act(bound);
            let mut answers = world.answers(office, &deed, bound);
            let place = answers.iter().position(|answer| answer.gate == gate).expect("the gate binds");
            answers.swap(0, place);
            let whole = world.decided(office, role, deed.clone(), answers.clone());
            let honest = whole.unwrap_or_else(|why| panic!("{code}: passes with its answer, not {why:?}"));
            alter(&mut answers);
            let ours = world.decided(office, role, deed, answers.clone()).expect_err("our own node refuses");
            let forged = Act { gates: answers, ..honest.clone() };
            let theirs = world.admitted(&forged).expect_err("the other side refuses");
            assert_eq!(ours, theirs, "{code}: both sides judge alike");
            world.admitted(&honest).unwrap_or_else(|why| panic!("{code}: the honest act is admitted, not {why:?}"));
            ours
        };
        // The answer under test stands first.
        assert_eq!(refusal(&|answers| drop(answers.remove(0))), Refusal::GateUnanswered { gate }, "{code} unanswered");
        let closed = refusal(&|answers| answers[0].finding = Finding::NotSatisfied);
        assert_eq!(closed, Refusal::GateClosed { gate }, "{code} answered no");
        let clerk = refusal(&|answers| answers[0].by.role = Role::Drafter);
        assert_eq!(clerk, Refusal::GateRole { gate, role: Role::Drafter }, "{code} by one who may not");
        let (acting, _, _) = world.bound_act(bound);
        let elsewhere = offices(acting).find(|office| office.as_str() != acting).expect("a Party has several offices");
        let stranger = refusal(&|answers| answers[0].office = elsewhere.clone());
        assert_eq!(stranger, Refusal::GateOffice { gate, office: elsewhere.clone() }, "{code} in another's office");
        let silent = refusal(&|answers| answers[0].reason.texts.values_mut().for_each(String::clear));
        assert!(matches!(silent, Refusal::GateWithoutReason { gate: at, .. } if at == gate), "{code} without reasons");
        let min = safeguard::reason_chars_min(gate);
        if min > 1 {
            let short =
                refusal(&|answers| answers[0].reason.texts.values_mut().for_each(|words| *words = "ok".to_owned()));
            assert_eq!(short, Refusal::GateReasonShort { gate, min }, "{code} with reasons that say nothing");
        }
        for lang in instrument().langs() {
            let half = refusal(&|answers| drop(answers[0].reason.texts.remove(lang)));
            let wanted = Refusal::GateWithoutReason { gate, lang: lang.clone() };
            assert_eq!(half, wanted, "{code} with reasons in one language only");
        }
    }
    let plain = |act| Bound {
        type_code: "MLA-BANK",
        penalty: Penalty::YearsMax(7),
        personal_data: true,
        way: reviewed,
        act,
        binds: None,
    };
    for gate in [Gate::Competence, Gate::UseLimitation, Gate::ProtectionOfPersonalRecords] {
        check(gate, &Bound { way: Vec::new, ..plain(accept) });
        check(gate, &Bound { way: executing, act: respond, ..plain(accept) });
    }
    check(Gate::DualCriminality, &plain(accept));
    check(Gate::DualCriminality, &plain(accept_part));
    for gate in [Gate::PoliticalOrMilitary, Gate::Discrimination, Gate::NeBisInIdem] {
        check(gate, &plain(accept));
        check(gate, &plain(accept_part));
    }
    check(Gate::NeBisInIdem, &Bound { way: executing, act: respond, ..plain(accept) });
    check(Gate::Territory, &Bound { type_code: "MLA-EVD", ..plain(accept) });
    check(Gate::Vulnerable, &Bound { type_code: "MLA-EVD", ..plain(accept) });
    check(Gate::Vulnerable, &Bound { type_code: "MLA-EVD", way: executing, act: respond, ..plain(accept) });
    check(Gate::DeathPenalty, &plain(accept));
    check(Gate::DeathPenalty, &Bound { type_code: "MLA-EVD", ..plain(accept) });
    check(Gate::DeathPenalty, &Bound { way: executing, act: respond, ..plain(accept) });
    check(Gate::DeathPenalty, &Bound { penalty: Penalty::Unknown, way: assured, ..plain(accept) });

    // Every shared safeguard, where domain reference §3 binds it. What the type does not bind, the test instrument does.
    let submitted = || Bound { way: Vec::new, ..plain(accept) };
    let answered = || Bound { way: executing, act: respond, ..plain(respond) };
    let table: &[(Gate, &dyn Fn() -> Bound)] = &[
        (Gate::Competence, &submitted),
        (Gate::Competence, &answered),
        (Gate::DualCriminality, &|| plain(accept)),
        (Gate::DeathPenalty, &answered),
        (Gate::PoliticalOrMilitary, &|| plain(accept)),
        (Gate::Discrimination, &|| plain(accept)),
        (Gate::NeBisInIdem, &|| plain(accept)),
        (Gate::NeBisInIdem, &answered),
        (Gate::UseLimitation, &submitted),
        (Gate::Rights, &|| plain(accept)),
        (Gate::ProtectionOfPersonalRecords, &answered),
        (Gate::Retention, &|| Bound { way: reported, ..plain(close) }),
        (Gate::OnwardTransfer, &|| Bound { way: asked_for_more, ..plain(consent) }),
        (Gate::Confidentiality, &|| Bound { way: submitted_only, ..plain(acknowledge) }),
        (Gate::Territory, &submitted),
        (Gate::Vulnerable, &|| plain(accept)),
        (Gate::HumanDecision, &answered),
        (Gate::NoFishing, &submitted),
    ];
    for (gate, bound) in table {
        check(*gate, &Bound { binds: Some(*gate), ..bound() });
    }
    for (gate, code) in Gate::ALL {
        let shared = table.iter().any(|(known, _)| known == gate);
        assert_ne!(shared, LOCAL_ONLY.contains(gate), "{code} is shared or local, and tried");
    }
}

/// SG-9 is in no instrument: it belongs to each side's own law, so that no act and no binding can hold anything of it.
#[test]
fn the_shield_is_in_no_instrument() {
    let mut files = sources();
    bind(&mut files, Gate::AsylumShield, "submit");
    let loaded = Instrument::load(&files);
    assert!(loaded.instrument.is_none(), "an instrument that binds it does not load");
    for rule in instrument().types().values() {
        assert!(rule.gates.iter().all(|binding| binding.gate != Gate::AsylumShield), "{}", rule.code);
    }
}

/// An assurance is a living thing: released, or found broken, it no longer opens SG-3; found kept again, it does.
#[test]
fn an_assurance_opens_only_while_it_is_kept() {
    fn check(name: &str, opens: bool, since: fn() -> Vec<(&'static str, Role, Deed)>) {
        let bound = Bound {
            type_code: "MLA-BANK",
            penalty: Penalty::Death,
            personal_data: true,
            way: assured,
            act: accept,
            binds: None,
        };
        let mut world = World::at(&bound);
        for (office, role, deed) in since() {
            world.step(office, role, deed, &bound);
        }
        let (office, role, deed) = accept();
        let answers = world.answers(office, &deed, &bound);
        let done = world.decided(office, role, deed, answers);
        let closed = Err(Refusal::AssuranceLacking { gate: Gate::DeathPenalty });
        assert_eq!(done.map(drop), if opens { Ok(()) } else { closed }, "{name}");
    }
    fn looked(kept: bool) -> (&'static str, Role, Deed) {
        let note = words("the court's order was read");
        (ASKED, Role::DecisionMaker, Deed::CheckUndertaking { number: 1, kept, note })
    }
    fn released() -> (&'static str, Role, Deed) {
        (ASKED, Role::DecisionMaker, Deed::DischargeUndertaking { number: 1, reason: words("no longer relied on") })
    }
    check("as given", true, Vec::new);
    check("found kept", true, || vec![looked(true)]);
    check("found broken", false, || vec![looked(false)]);
    check("found broken, then kept", true, || vec![looked(false), looked(true)]);
    check("found kept, then broken", false, || vec![looked(true), looked(false)]);
    check("released", false, || vec![released()]);
}

/// A file's name is a name: no path, no second line, not nothing.
#[test]
fn a_file_has_a_usable_name() {
    fn check(name: &str, media_type: &str, usable: bool) {
        let bound = Bound {
            type_code: "MLA-BANK",
            penalty: Penalty::YearsMax(7),
            personal_data: true,
            way: executing,
            act: respond,
            binds: None,
        };
        let world = World::at(&bound);
        let file = Attachment {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            bytes: 1,
            sha256: Hash32([1; 32]),
            root: Hash32([2; 32]),
            sealed_bytes: 17,
            chunk_bytes: 1024,
            key: vec![3; 32],
        };
        let deed = Deed::Respond { extent: Extent::Part, answer: words("the records"), attachments: vec![file] };
        let answers = world.answers(ASKED, &deed, &bound);
        let done = world.decided(ASKED, Role::DecisionMaker, deed, answers);
        assert_eq!(done.is_ok(), usable, "{name:?} {media_type:?}: {done:?}");
    }
    check("银行 records (1).pdf", "application/pdf", true);
    for name in ["", "  ", "../../etc/passwd", "a\\b", "a\r\nSet-Cookie: b", "a\tb", "a\u{7f}"] {
        check(name, "application/pdf", false);
    }
    for media_type in ["", "text/plain\r\nX: y"] {
        check("a.pdf", media_type, false);
    }
}

/// Where the record says otherwise, no answer opens the gate (SG-3: death possible or unknown; SG-10: personal data).
#[test]
fn no_answer_stands_against_the_record() {
    fn check(name: &str, gate: Gate, finding: Finding, bound: &Bound) {
        let world = World::at(bound);
        let (office, role, deed) = (bound.act)();
        let mut answers = world.answers(office, &deed, bound);
        answers.iter_mut().find(|answer| answer.gate == gate).expect("the gate binds").finding = finding;
        let refused = world.decided(office, role, deed, answers).expect_err(name);
        let bare = gate == Gate::DeathPenalty && finding == Finding::Satisfied;
        let why = if bare { Refusal::AssuranceLacking { gate } } else { Refusal::GateContradicted { gate } };
        assert_eq!(refused, why, "{name}");
    }
    let bound = |penalty| Bound {
        type_code: "MLA-BANK",
        penalty,
        personal_data: true,
        way: reviewed,
        act: accept,
        binds: None,
    };
    for penalty in [Penalty::Unknown, Penalty::Death] {
        check("called not engaged", Gate::DeathPenalty, Finding::NotEngaged, &bound(penalty));
        check("no assurance was given", Gate::DeathPenalty, Finding::Satisfied, &bound(penalty));
    }
    check("lawyers must find", Gate::DualCriminality, Finding::NotEngaged, &bound(Penalty::YearsMax(7)));
    let answer = Bound { way: executing, act: respond, ..bound(Penalty::YearsMax(7)) };
    check("it holds personal data", Gate::ProtectionOfPersonalRecords, Finding::NotEngaged, &answer);
}

/// Every office of the Party an office belongs to.
fn offices(office: &str) -> impl Iterator<Item = OfficeId> {
    let party = OfficeId::new(office).expect("an office").party();
    instrument().offices_of(&party).map(|office| office.id.clone()).collect::<Vec<_>>().into_iter()
}

fn accept() -> (&'static str, Role, Deed) {
    (ASKED, Role::DecisionMaker, Deed::Accept { note: None })
}

fn accept_part() -> (&'static str, Role, Deed) {
    (ASKED, Role::DecisionMaker, Deed::AcceptPart { scope: words("one account of three") })
}

fn respond() -> (&'static str, Role, Deed) {
    let answer = words("the records");
    (ASKED, Role::DecisionMaker, Deed::Respond { extent: Extent::Part, answer, attachments: Vec::new() })
}

fn reviewed() -> Vec<(&'static str, Role, Deed)> {
    let officer = person("b.officer", Role::Intake);
    let acknowledge = Deed::Acknowledge { reference: "B-1".to_owned(), officer, contact: "24 h".to_owned() };
    vec![(ASKED, Role::Intake, acknowledge), (ASKED, Role::DecisionMaker, Deed::BeginReview {})]
}

fn acknowledge() -> (&'static str, Role, Deed) {
    reviewed().remove(0)
}

/// Who does the step that stands for none: a case that is submitted and no more.
const NOBODY: &str = "";

fn submitted_only() -> Vec<(&'static str, Role, Deed)> {
    vec![(NOBODY, Role::Drafter, Deed::BeginReview {})]
}

fn close() -> (&'static str, Role, Deed) {
    (ASKS, Role::Approver, Deed::Close { lesson: None })
}

/// Answered, and what came of it told.
fn reported() -> Vec<(&'static str, Role, Deed)> {
    let mut way = executing();
    way.push(respond());
    way.push((ASKS, Role::Approver, Deed::ReportOutcome { usefulness: 4, used_for: words("the trial") }));
    way
}

fn consent() -> (&'static str, Role, Deed) {
    (
        ASKED,
        Role::DecisionMaker,
        Deed::GiveConsent { number: 1, granted: true, words: words("for this authority alone") },
    )
}

/// Answered; then the requesting side asks to pass it on.
fn asked_for_more() -> Vec<(&'static str, Role, Deed)> {
    let mut way = executing();
    way.push(respond());
    let kind = ConsentKind::OnwardTransfer;
    let seek = Deed::SeekConsent { kind, recipient: "another authority".to_owned(), what: words("the records") };
    way.push((ASKS, Role::Approver, seek));
    way
}

fn executing() -> Vec<(&'static str, Role, Deed)> {
    let mut way = reviewed();
    way.extend([accept(), (ASKED, Role::DecisionMaker, Deed::BeginExecution {})]);
    way
}

/// The requested side asked for an assurance against the death penalty, and got it in writing.
fn assured() -> Vec<(&'static str, Role, Deed)> {
    let mut way = reviewed();
    let condition =
        Condition { kind: ConditionKind::DeathPenaltyAssurance, words: words("neither imposed nor carried out") };
    way.push((ASKED, Role::DecisionMaker, Deed::OfferConditions { conditions: vec![condition] }));
    way.push((ASKS, Role::Approver, Deed::AcceptConditions { undertaking: words("we so undertake") }));
    way
}

impl World {
    /// The case as it stands when the bound act is to be done.
    fn at(bound: &Bound) -> Self {
        let now = "2026-11-02T02:00:00Z".parse().expect("a time");
        let act = if (bound.way)().is_empty() { "submit" } else { (bound.act)().2.kind().code() };
        let mut world = Self { instrument: instrument_binding(bound, act), entries: Vec::new(), now };
        if (bound.way)().is_empty() {
            return world;
        }
        let submit = Deed::Submit { request: world.request(bound) };
        let steps = std::iter::once((ASKS, Role::Approver, submit)).chain((bound.way)());
        for (office, role, deed) in steps.collect::<Vec<_>>() {
            if office != NOBODY {
                world.step(office, role, deed, bound);
            }
        }
        world
    }

    /// One act on the way, delivered at once.
    fn step(&mut self, office: &str, role: Role, deed: Deed, bound: &Bound) {
        let answers = self.answers(office, &deed, bound);
        let code = deed.kind().code();
        let act = self.decided(office, role, deed, answers).unwrap_or_else(|why| panic!("{code}: {why:?}"));
        self.entries.push(Entry { act, received_at: Some(self.now) });
        self.now += SignedDuration::from_hours(1);
    }

    /// The act under test: the submission where no case is open yet.
    fn bound_act(&self, bound: &Bound) -> (&'static str, Role, Deed) {
        if self.entries.is_empty() {
            return (ASKS, Role::Approver, Deed::Submit { request: self.request(bound) });
        }
        (bound.act)()
    }

    /// Right answers to every gate of the act.
    fn answers(&self, office: &str, deed: &Deed, bound: &Bound) -> Vec<GateAnswer> {
        let rule = self.instrument.request_type(&code(bound.type_code)).expect("a type");
        let death = matches!(bound.penalty, Penalty::Death | Penalty::Unknown);
        rule.gates_for(deed, Sensitivity { personal: bound.personal_data, secret: true })
            .map(|gate| GateAnswer {
                gate,
                finding: if gate == Gate::DeathPenalty && !death { Finding::NotEngaged } else { Finding::Satisfied },
                reason: words("considered"),
                by: person("l.awyer", safeguard::answerers(gate)[0]),
                office: OfficeId::new(office).expect("an office"),
                at: self.now,
            })
            .collect()
    }

    fn decided(&self, office: &str, role: Role, deed: Deed, gates: Vec<GateAnswer>) -> Result<Act, Refusal> {
        let office = OfficeId::new(office).expect("an office");
        let command = Command {
            case: CaseId::new("GB-ML-2026-0001").expect("a case"),
            office: office.clone(),
            author: rehearsal::author(deed.kind(), person("o.fficer", role), &office),
            gates,
            deed,
        };
        decide(&self.instrument, &office.party(), &self.entries, command, self.now)
    }

    /// What the other side makes of an act.
    fn admitted(&self, act: &Act) -> Result<(), Refusal> {
        let other = self.instrument.parties().keys().find(|party| **party != act.by).expect("another Party");
        admit(&self.instrument, other, &self.entries, act, self.now).map(|_| ())
    }

    fn request(&self, bound: &Bound) -> Box<Request> {
        let rule = self.instrument.request_type(&code(bound.type_code)).expect("a type");
        let value = |kind: &FieldKind| match kind {
            FieldKind::Prose => FieldValue::Prose(words("invented")),
            FieldKind::Choice { options } => FieldValue::Choice(options[0].0.clone()),
            FieldKind::Date => FieldValue::Date(jiff::civil::date(2026, 2, 2)),
            FieldKind::Interval => FieldValue::Interval { from: self.now, to: self.now },
            FieldKind::YesNo => FieldValue::YesNo(false),
            FieldKind::Penalty => FieldValue::Penalty(bound.penalty),
            FieldKind::Indicators => FieldValue::Indicators("{}".to_owned()),
            _ => FieldValue::Line("invented".to_owned()),
        };
        Box::new(Request {
            type_code: rule.code.clone(),
            to: OfficeId::new(ASKED).expect("an office"),
            title: words("a matter"),
            legal_basis: words("a basis"),
            urgency: Urgency::U3,
            urgency_reason: None,
            needed_by: None,
            purpose: words("a purpose"),
            evidential_use: false,
            mark: Tlp::AmberStrict,
            classification: Classification::Official,
            confidentiality: None,
            personal_data: bound.personal_data,
            exercise: true,
            contact: "desk@example.invalid".to_owned(),
            fields: rule.fields.iter().map(|field| (field.id.clone(), value(&field.kind))).collect(),
            attachments: Vec::new(),
            linked: Vec::new(),
            continues: None,
            drafter: person("d.rafter", Role::Drafter),
        })
    }
}

fn code(text: &str) -> TypeCode {
    TypeCode::new(text).expect("a type")
}

fn person(id: &str, role: Role) -> Person {
    Person { id: OfficerId::new(id).expect("an id"), name: id.to_owned(), role }
}

fn words(text: &str) -> Prose {
    let lang = |code| Lang::new(code).expect("a language");
    Prose::new(lang("en"), text).with(lang("zh"), "文字")
}

pub(crate) fn instrument() -> Instrument {
    static SHIPPED: LazyLock<Instrument> =
        LazyLock::new(|| Instrument::load(&sources()).instrument.expect("the shipped instrument is sound"));
    SHIPPED.clone()
}

/// The shipped instrument, with one more safeguard bound to an act of the type where it is not bound yet.
fn instrument_binding(bound: &Bound, act: &str) -> Instrument {
    let shipped = instrument();
    let Some(gate) = bound.binds else { return shipped };
    let rule = shipped.request_type(&code(bound.type_code)).expect("a type");
    if rule.gates.iter().any(|binding| binding.gate == gate && binding.at.iter().any(|at| at.code() == act)) {
        return shipped;
    }
    let mut files = sources();
    bind(&mut files, gate, act);
    let loaded = Instrument::load(&files);
    loaded.instrument.unwrap_or_else(|| panic!("{} at {act}: {:#?}", gate.code(), loaded.findings))
}

/// Binds a safeguard to an act of the type under test, in the text of its file.
fn bind(files: &mut [SourceFile], gate: Gate, act: &str) {
    let file = files.iter_mut().find(|file| file.name == "types/mutual-legal-assistance.toml").expect("the file");
    let head = file.text.find("[types.MLA-BANK]").expect("the type");
    let at = head + file.text[head..].find("gates = [").expect("its safeguards") + "gates = [".len();
    file.text.insert_str(at, &format!("\n  {{ gate = \"{}\", at = [\"{act}\"] }},", gate.code()));
}

fn sources() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for (folder, prefix) in
        [("instruments/china-uk-2016", ""), ("instruments/china-uk-2016/types", "types/"), ("calendars", "calendars/")]
    {
        let listed = std::fs::read_dir(root.join(folder)).expect("a folder");
        for path in listed.map(|entry| entry.expect("an entry").path()) {
            if path.extension().is_some_and(|kind| kind == "toml") {
                let name = path.file_name().expect("a name").to_string_lossy();
                let text = std::fs::read_to_string(&path).expect("a text");
                files.push(SourceFile { name: format!("{prefix}{name}"), text });
            }
        }
    }
    files
}

/// An answer names who wrote it and who signed it, and both nodes hold them apart.
#[test]
fn what_one_wrote_another_signs() {
    fn check(name: &str, author: Author, want: Option<Refusal>) {
        let bound = Bound {
            type_code: "MLA-BANK",
            penalty: Penalty::YearsMax(7),
            personal_data: true,
            way: executing,
            act: respond,
            binds: None,
        };
        let world = World::at(&bound);
        let (office, role, deed) = respond();
        let honest = world.decided(office, role, deed.clone(), world.answers(office, &deed, &bound)).unwrap();
        let command = Command {
            case: honest.case.clone(),
            office: honest.office.clone(),
            author: author.clone(),
            gates: honest.gates.clone(),
            deed,
        };
        let ours = decide(&world.instrument, &honest.by, &world.entries, command, world.now).map(drop);
        assert_eq!(ours.err(), want, "{name}: its own node");
        assert_eq!(world.admitted(&Act { author, ..honest }).err(), want, "{name}: the receiver");
    }
    let kind = ActKind::Respond;
    let signed = |by: Person, drafter: Person| Author::Signatory { by, drafter };
    let maker = || person("m.aker", Role::DecisionMaker);
    check("two persons", signed(maker(), person("e.xec", Role::Executing)), None);
    check("signed from the form", Author::Officer(maker()), Some(Refusal::Unprepared { act: kind }));
    check("one person in two roles", signed(maker(), person("m.aker", Role::Executing)), Some(Refusal::FourEyes));
    check(
        "signed by who reviewed it",
        signed(person("l.awyer", Role::DecisionMaker), maker()),
        Some(Refusal::FourEyes),
    );
    let auditor = Refusal::NotYourRole { act: kind, role: Role::Auditor, may: domain::procedure::WRITING.to_vec() };
    check("written by an auditor", signed(maker(), person("a.uditor", Role::Auditor)), Some(auditor));
}

/// Where one person acts, a second is no ornament.
#[test]
fn nobody_is_named_as_drafter_of_what_is_not_prepared() {
    let bound = Bound {
        type_code: "MLA-BANK",
        penalty: Penalty::YearsMax(7),
        personal_data: true,
        way: reviewed,
        act: accept,
        binds: None,
    };
    let world = World::at(&bound);
    let (office, role, deed) = accept();
    let honest = world.decided(office, role, deed.clone(), world.answers(office, &deed, &bound)).unwrap();
    let author = Author::Signatory { by: person("o.fficer", role), drafter: person("e.xec", Role::Executing) };
    assert_eq!(world.admitted(&Act { author, ..honest }), Err(Refusal::WrongHand { act: ActKind::Accept }));
}
