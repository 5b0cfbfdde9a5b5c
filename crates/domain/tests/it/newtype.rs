//! A new type is a text: added to the instrument's files from procedures, safeguards, fields and steps that exist, it
//! loads and runs from submission to closure.

use domain::act::{Deed, Extent, Role};
use domain::decide::Command;
use domain::ids::TypeCode;
use domain::instrument::{Instrument, SourceFile};
use domain::procedure::{Side, Stage};
use domain::refusal::Refusal;
use domain::rehearsal::{self, Rehearsal};
use domain::text::{Lang, Prose};

use crate::matter::{Choices, Matter, shipped_files};

/// The desk that asks and the one that is asked.
pub(crate) const A: usize = 0;
pub(crate) const B: usize = 1;

/// A loan of reference samples between laboratories: assistance, with steps of both sides in their order.
const LOAN: &str = r#"
[types.LAB]
series = "LB"
status = "on"
procedure = "assistance"
area = "organised-crime"
clauses = ["OC-1b"]
name = { en = "Loan of reference samples", zh = "借用对照样本" }
summary = { en = "Asks a laboratory to lend samples for comparison.", zh = "请求对方实验室借出样本供比对。" }
legal_bases = ["national-law", { en = "Practice of laboratories", zh = "实验室惯例" }]
may_send = ["GB-NCA", "CN-MPS"]
may_receive = ["GB-NCA", "CN-MPS"]
usual_urgency = "U3"
default_mark = "TLP:AMBER"
mark_min = "TLP:GREEN"
retention_months = 6
followup = { en = "Return of the samples.", zh = "返还样本。" }
gates = [
  { gate = "SG-1", at = ["submit", "respond"] },
  { gate = "SG-14", at = ["record"], steps = ["COLLECTED"] },
]
grounds = [{ ground = "RF-10", basis = "requested-law" }, { ground = "RF-15", basis = "not-found" }]
steps = [
  { code = "PACKED", required = true, name = { en = "Packed", zh = "已封装" } },
  { code = "COLLECTED", by = "requesting", at = ["in-execution"], after = ["PACKED"], dated = true, before = ["respond"], name = { en = "Collected, due back", zh = "已取走，应还日期" } },
  { code = "RETURNED", by = "requesting", at = ["responded"], after = ["COLLECTED"], ends = ["COLLECTED"], before = ["report-outcome"], name = { en = "Returned", zh = "已返还" } },
]

[types.LAB.words]
act-submit = { en = "Loan asked for", zh = "请求借用" }

[types.LAB.clocks.U3]
decision = "5 wd"
completion = "10 wd"

[[types.LAB.fields]]
id = "samples"
kind = "items"
label = { en = "Samples", zh = "样本" }
help = { en = "One per line.", zh = "每行一项。" }

[[types.LAB.fields]]
id = "value"
kind = "money"
label = { en = "Value insured", zh = "保价金额" }
help = { en = "Amount and currency.", zh = "金额与币种。" }
"#;

/// A list of lost documents: a notice, acknowledged item by item.
const LOST: &str = r#"
[types.LOST]
series = "LS"
status = "on"
procedure = "notice"
area = "organised-crime"
clauses = ["OC-3a"]
name = { en = "Lost travel documents", zh = "遗失旅行证件通报" }
summary = { en = "Tells of documents lost or stolen.", zh = "通报遗失或者被盗的证件。" }
legal_bases = ["national-law"]
may_send = ["GB-IE", "CN-NIA"]
may_receive = ["GB-IE", "CN-NIA"]
usual_urgency = "U3"
default_mark = "TLP:AMBER"
mark_min = "TLP:AMBER"
retention_months = 6
followup = { en = "Hits at the border.", zh = "反馈口岸查获情况。" }
gates = [{ gate = "SG-1", at = ["submit"] }]
grounds = []
steps = [
  { code = "ENTERED", at = ["acknowledged"], per = ["numbers"], before = ["report-outcome"], name = { en = "Entered at the border", zh = "已录入口岸系统" } },
]

[[types.LOST.fields]]
id = "numbers"
kind = "items"
label = { en = "Numbers", zh = "证件号码" }
help = { en = "One per line.", zh = "每行一项。" }
"#;

#[test]
fn a_loan_of_samples_runs_from_a_text() {
    let mut matter = opened("LAB", LOAN);
    matter.say(B, Role::Intake, acknowledgement());
    matter.say(B, Role::DecisionMaker, Deed::BeginReview {});
    matter.say(B, Role::DecisionMaker, Deed::Accept { note: None });
    matter.say(B, Role::DecisionMaker, Deed::BeginExecution {});
    let waits = |steps: &[&str]| Refusal::StepsOutstanding { steps: steps.iter().map(|s| (*s).to_owned()).collect() };
    assert_eq!(matter.refused(B, Role::DecisionMaker, answer()), waits(&["PACKED", "COLLECTED"]));
    assert_eq!(matter.refused(A, Role::Approver, step("COLLECTED", true)).code(), "step-not-yet");
    matter.say(B, Role::Executing, step("PACKED", false));
    assert_eq!(matter.refused(B, Role::Executing, step("COLLECTED", true)).code(), "step-not-yours");
    assert_eq!(matter.refused(A, Role::Approver, step("COLLECTED", false)).code(), "step-without");
    matter.say(A, Role::Approver, step("COLLECTED", true));
    assert_eq!(matter.measures(), 1);
    matter.say(B, Role::DecisionMaker, answer());
    assert_eq!(matter.refused(A, Role::Approver, outcome()), waits(&["RETURNED"]));
    matter.say(A, Role::Approver, step("RETURNED", false));
    assert_eq!(matter.measures(), 0);
    matter.say(A, Role::Approver, outcome());
    matter.say(A, Role::Approver, Deed::Close { lesson: None });
    assert_eq!(matter.case(B).unwrap().stage(), Stage::Closed);
}

#[test]
fn a_list_of_lost_documents_runs_from_a_text() {
    let mut matter = opened("LOST", LOST);
    matter.say(B, Role::Intake, acknowledgement());
    let listed = matter.case(B).unwrap().request.fields["numbers"].clone();
    let domain::content::FieldValue::Items(numbers) = listed else { panic!("a list") };
    assert!(numbers.len() > 1);
    for number in &numbers {
        assert_eq!(matter.refused(B, Role::Approver, outcome()).code(), "steps-outstanding");
        let Deed::Record { step, note, until, .. } = step("ENTERED", false) else { panic!("a step") };
        matter.say(B, Role::Executing, Deed::Record { step, note, item: Some(number.clone()), until });
    }
    matter.say(B, Role::Approver, outcome());
    matter.say(A, Role::Approver, Deed::Close { lesson: None });
    assert_eq!(matter.case(A).unwrap().stage(), Stage::Closed);
}

/// The new type in the shipped instrument, and a case of it that reached the other side.
fn opened(code: &str, text: &str) -> Matter {
    let mut files = shipped_files();
    files.push(SourceFile { name: "types/new.toml".to_owned(), text: text.to_owned() });
    let loaded = Instrument::load(&files);
    let told: Vec<String> = loaded.findings.iter().map(ToString::to_string).collect();
    assert_eq!(loaded.counts.types_on, 31, "{}", told.join("\n"));
    let instrument = loaded.instrument.unwrap_or_else(|| panic!("{}", told.join("\n")));
    let code = TypeCode::new(code).unwrap();
    let instrument: &'static Instrument = Box::leak(Box::new(instrument));
    let submitted = |start: &u32| {
        let matter = Matter::open_with(instrument, &code, B, Choices::seeded(*start));
        matches!(matter.entries[A][0].act.deed, Deed::Submit { .. }).then_some(matter)
    };
    let mut matter = (0..100).find_map(|start| submitted(&start)).unwrap();
    matter.settle();
    matter
}

impl Matter {
    /// An officer enters a deed with every answer it needs; it arrives, and both sides agree.
    pub(crate) fn say(&mut self, desk: usize, role: Role, deed: Deed) {
        let command = self.worded(desk, role, deed);
        let kind = command.deed.kind();
        self.enter(desk, command).unwrap_or_else(|why| panic!("{kind:?}: {why}"));
        self.settle();
        self.check_settled();
    }

    /// Why an officer's own node refuses a deed.
    pub(crate) fn refused(&mut self, desk: usize, role: Role, deed: Deed) -> Refusal {
        let command = self.worded(desk, role, deed);
        self.enter(desk, command).unwrap_err()
    }

    pub(crate) fn worded(&self, desk: usize, role: Role, deed: Deed) -> Command {
        let case = self.case(desk).unwrap();
        let office = case.office(if desk == A { Side::Requesting } else { Side::Requested }).clone();
        let mut first = |_: usize| 0;
        let rule = case.rule(self.instrument).unwrap();
        let mut rehearsal = Rehearsal::new(self.instrument, &mut first);
        let gates = rehearsal.gates(rule, Some(&case), &case.request, &deed, &office, self.now).unwrap();
        let author = rehearsal::author(deed.kind(), rehearsal::officer(&office, role), &office);
        Command { case: case.id, office, author, gates, deed }
    }

    /// How many measures are in force.
    fn measures(&self) -> usize {
        let case = self.case(A).unwrap();
        case.steps.measures(case.rule(self.instrument).unwrap()).count()
    }
}

pub(crate) fn acknowledgement() -> Deed {
    let office = domain::ids::OfficeId::new("GB-NCA").unwrap();
    let officer = rehearsal::officer(&office, Role::Intake);
    Deed::Acknowledge { reference: "R-1".to_owned(), officer, contact: "desk".to_owned() }
}

pub(crate) fn answer() -> Deed {
    Deed::Respond { extent: Extent::Full, answer: words(), attachments: Vec::new() }
}

fn outcome() -> Deed {
    Deed::ReportOutcome { usefulness: 4, used_for: words() }
}

fn step(code: &str, dated: bool) -> Deed {
    let until = dated.then(|| jiff::civil::date(2026, 9, 1));
    Deed::Record { step: code.to_owned(), note: words(), item: None, until }
}

pub(crate) fn words() -> Prose {
    Prose::new(Lang::new("en").unwrap(), "as agreed").with(Lang::new("zh").unwrap(), "依约定")
}
