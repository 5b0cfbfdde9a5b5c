//! The shapes of the interface as JSON Schema (2020-12, as OpenAPI 3.1 has it), from tables of members.
//!
//! Owns the notation and the tables. A kind is a primitive (`string`, `integer`, `boolean`, `date`, `time`, `hash`,
//! `any`) or another shape's name; `[X]` is a list of it, `{X}` an object of it by name, `X?` that it may be null or left
//! out. Must not be believed by itself: a test compares it with what the routes answer.

use domain::act::{ActKind, ConditionKind, ConsentKind, Extent, Ground, Role, Urgency};
use domain::asset::Movement;
use domain::case::TaskState;
use domain::clock::ClockKind;
use domain::content::Sex;
use domain::handling::{Classification, Tlp};
use domain::menu::Menu;
use domain::procedure::Stage;
use domain::refusal::Refusal;
use domain::safeguard::{Finding, Gate};
use serde_json::{Map, Value, json};

/// A shape: its name and its members with their kinds.
type Shape = (&'static str, &'static [(&'static str, &'static str)]);

/// What is sent and answered.
#[rustfmt::skip] // a table reads better with a row a shape
const SHAPES: &[Shape] = &[
    ("WhoAmI", &[
        ("officer", "Officer"), ("party", "string"), ("instrument", "hash"), ("instruments", "[InstrumentLine]"),
        ("peers", "[string]"), ("now", "time"), ("demo", "boolean"),
    ]),
    ("InstrumentLine", &[("id", "string"), ("hash", "hash"), ("title", "Text"), ("parties", "[string]")]),
    ("Officer", &[("id", "string"), ("name", "string"), ("office", "string"), ("roles", "[Role]"), ("lang", "string")]),
    ("Person", &[("id", "string"), ("name", "string"), ("role", "Role")]),
    ("Prose", &[("original", "string"), ("texts", "{string}")]),
    ("CaseList", &[("cases", "[CaseLine]"), ("next", "string?")]),
    ("CaseLine", &[
        ("case", "string"), ("reference", "string?"), ("type_code", "string"), ("title", "Prose"), ("stage", "Stage"),
        ("direction", "string"), ("turn", "string"), ("ways_on", "[ActKind]"), ("yours", "boolean"), ("due_at", "time?"),
        ("level", "integer"), ("urgency", "Urgency"), ("mark", "Tlp"), ("our_office", "string"),
        ("their_office", "string"), ("peer", "string"), ("undelivered", "integer"), ("updated_at", "time"),
        ("exercise", "boolean"),
    ]),
    ("CaseFile", &[
        ("line", "CaseLine"), ("side", "string"), ("request", "Request"), ("requesting_office", "string"),
        ("requested_office", "string"), ("open", "[ActKind]"), ("clock", "Clock?"), ("gates", "[GateLine]"),
        ("gates_answered", "[GateAnswered]"), ("undertakings", "[Undertaking]"), ("questions", "[Question]"),
        ("steps", "[StepDone]"), ("rungs", "[RungReached]"), ("attachments", "[AttachmentLine]"),
        ("officer", "NamedOfficer?"), ("opened_at", "time"), ("delivered_at", "time?"), ("fingerprint", "hash"),
        ("instrument", "hash"),
        ("kept_until", "time?"), ("erased_at", "time?"),
        ("acts", "integer"), ("talk", "Talk"), ("assets", "[Asset]"), ("care", "Care"), ("continues", "string?"),
        ("continued_as", "[string]"), ("continuable_as", "[string]"), ("masked", "Masked?"), ("reveals", "[Reveal]"),
    ]),
    ("Status", &[("shared", "StatusShared"), ("hash", "hash?"), ("here", "StatusHere?")]),
    ("StatusShared", &[
        ("case", "string"), ("reference", "string?"), ("type_code", "string"), ("procedure", "string"),
        ("instrument", "hash"), ("sides", "[StatusSide]"), ("title", "Prose"), ("legal_basis", "Prose"), ("mark", "Tlp"),
        ("classification", "Classification"), ("urgency", "Urgency"), ("urgency_proposed", "Urgency"),
        ("exercise", "boolean"), ("stage", "Stage"), ("opened_at", "time"), ("delivered_at", "time?"),
        ("over_since", "time?"), ("ending", "StatusEnding?"), ("answers", "[StatusAnswer]"), ("steps", "[StatusStep]"),
        ("turn", "StatusTurn?"), ("clocks", "[StatusClock]"), ("level", "integer"),
        ("ladder", "[StatusRung]"), ("contacts", "[ContactNoted]"), ("gates", "[StatusGate]"), ("norms", "[StatusNorm]"),
        ("missing", "[StatusLack]"), ("acts", "{integer}"),
    ]),
    ("StatusEnding", &[("after", "Stage"), ("extent", "Extent?"), ("ground", "Ground?")]),
    ("StatusAnswer", &[("by", "string"), ("office", "string"), ("extent", "Extent?"), ("at", "time")]),
    ("StatusStep", &[
        ("step", "string"), ("item", "string?"), ("until", "date?"), ("by", "string"), ("office", "string"), ("at", "time"),
    ]),
    ("StatusSide", &[("party", "string"), ("office", "string"), ("next", "[ActKind]")]),
    ("StatusTurn", &[("party", "string"), ("offices", "[string]"), ("clock", "ClockKind")]),
    ("StatusClock", &[
        ("kind", "ClockKind"), ("party", "string"), ("started_at", "time"), ("pauses", "[StatusPause]"),
        ("due", "Deadline"), ("ended_at", "time?"),
    ]),
    ("StatusPause", &[("from", "time"), ("until", "time?"), ("left_wd", "integer")]),
    ("StatusRung", &[
        ("level", "integer"), ("at", "time"), ("by_officer", "boolean"), ("party", "string"), ("offices", "[string]"),
        ("due", "Deadline"), ("answered_at", "time?"),
    ]),
    ("StatusGate", &[("gate", "Gate"), ("finding", "Finding"), ("office", "string"), ("at", "time")]),
    ("StatusNorm", &[("by", "string"), ("norm", "string")]),
    ("StatusLack", &[
        ("party", "string"), ("kind", "string"), ("field", "string?"), ("want", "Prose?"), ("number", "integer?"),
        ("step", "string?"), ("level", "integer?"), ("due", "Deadline?"),
    ]),
    ("StatusHere", &[
        ("people", "[StatusPerson]"), ("undelivered", "integer"), ("answers_waiting", "integer"), ("notes", "integer"),
    ]),
    ("StatusPerson", &[("person", "Person"), ("at", "time")]),
    ("Talk", &[
        ("positions", "[Position]"), ("versions", "[Version]"), ("reservations", "[Position]"), ("agreed", "integer?"),
        ("items", "[AgendaItemTabled]"),
    ]),
    ("AgendaItemTabled", &[
        ("number", "integer"), ("by", "string"), ("topic", "Prose"), ("about", "About?"), ("at", "time"),
        ("outcome", "ItemOutcome?"),
    ]),
    ("ItemOutcome", &[("by", "string"), ("words", "Prose"), ("at", "time")]),
    ("ItemRef", &[("round", "string"), ("number", "integer")]),
    ("Task", &[
        ("owner", "string"), ("due_on", "date"), ("due_at", "time?"), ("item", "integer?"), ("done", "boolean"),
    ]),
    ("Position", &[("by", "string"), ("words", "Prose"), ("at", "time")]),
    ("Version", &[
        ("version", "integer"), ("by", "string"), ("text", "Prose"), ("note", "Prose?"), ("at", "time"), ("sha256", "hash"),
        ("signed", "[string]"),
    ]),
    ("Asset", &[("asset", "string"), ("holder", "string"), ("currency", "string"), ("sums", "{string}")]),
    ("Care", &[
        ("consents", "[Consent]"), ("retractions", "[Retraction]"), ("deletions", "[Deletion]"), ("norms", "[NormCited]"),
        ("contacts", "[ContactNoted]"), ("forwards", "[Forwarded]"),
    ]),
    ("Forwarded", &[
        ("by", "string"), ("seq", "integer"), ("from", "string"), ("to", "string"), ("masked", "Masked"), ("words", "Prose"),
        ("at", "time"),
    ]),
    ("Masked", &[("fields", "[string]"), ("files", "[hash]"), ("acts", "[ActRef]")]),
    ("Reveal", &[
        ("number", "integer"), ("office", "string"), ("by", "Person"), ("reason", "string"), ("at", "time"),
        ("answer", "RevealAnswer?"),
    ]),
    ("RevealAnswer", &[
        ("granted", "boolean"), ("office", "string"), ("by", "Person"), ("reason", "string"), ("at", "time"),
    ]),
    ("NoteList", &[("notes", "[Note]")]),
    ("Note", &[("by", "Person"), ("office", "string?"), ("at", "time"), ("words", "string")]),
    ("NoteAsked", &[("words", "string"), ("role", "Role?")]),
    ("RevealAsked", &[("reason", "string"), ("role", "Role?")]),
    ("RevealGiven", &[("granted", "boolean"), ("reason", "string"), ("role", "Role?")]),
    ("RevealList", &[("reveals", "[Reveal]")]),
    ("Consent", &[
        ("number", "integer"), ("by", "string"), ("kind", "ConsentKind"), ("recipient", "string"), ("what", "Prose"),
        ("due_at", "time?"), ("answer", "YesNoAnswer?"),
    ]),
    ("Retraction", &[
        ("number", "integer"), ("by", "string"), ("seq", "integer"), ("words", "Prose"), ("due_at", "time?"),
        ("recall", "boolean"), ("report", "ComplianceReport?"),
    ]),
    ("YesNoAnswer", &[("yes", "boolean"), ("words", "Prose"), ("at", "time")]),
    ("ComplianceReport", &[
        ("yes", "boolean"), ("words", "Prose"), ("at", "time"), ("recipients", "[RecipientReport]"),
    ]),
    ("RecipientReport", &[("recipient", "string"), ("complied", "boolean")]),
    ("Deletion", &[("by", "string"), ("erased", "[ActRef]"), ("at", "time")]),
    ("ActRef", &[("by", "string"), ("seq", "integer")]),
    ("NormCited", &[("by", "string"), ("norm", "string"), ("words", "Prose")]),
    ("ContactNoted", &[
        ("by", "string"), ("level", "integer"), ("means", "string"), ("words", "Prose"), ("at", "time"),
    ]),
    ("Clock", &[("kind", "ClockKind"), ("party", "string"), ("deadline", "Deadline?"), ("paused_left_wd", "integer?")]),
    ("Deadline", &[
        ("due_at", "time"), ("from", "time"), ("span", "Span"), ("zone", "string"), ("calendar", "string"),
        ("provisional", "boolean"),
    ]),
    ("Span", &[("unit", "string"), ("count", "integer?")]),
    ("GateLine", &[
        ("act", "ActKind"), ("gate", "Gate"), ("roles", "[Role]"), ("yours", "boolean"), ("answer", "GateAnswer?"),
    ]),
    ("GateAnswer", &[
        ("gate", "Gate"), ("finding", "Finding"), ("reason", "Prose"), ("by", "Person"), ("office", "string"), ("at", "time"),
    ]),
    ("GateAnswered", &[("party", "string"), ("answer", "GateAnswer")]),
    ("Undertaking", &[
        ("conditions", "[Condition]"), ("words", "Prose"), ("by", "string"), ("at", "time"), ("checks", "[UndertakingCheck]"),
        ("discharged", "Discharge?"), ("task", "Task?"),
    ]),
    ("UndertakingCheck", &[("by", "string"), ("kept", "boolean"), ("note", "Prose"), ("at", "time")]),
    ("Discharge", &[("reason", "Prose"), ("at", "time")]),
    ("Condition", &[("kind", "ConditionKind"), ("words", "Prose")]),
    ("Question", &[("number", "integer"), ("by", "string"), ("question", "Prose"), ("reply", "Prose?")]),
    ("StepDone", &[
        ("step", "string"), ("note", "Prose"), ("item", "string?"), ("until", "date?"), ("by", "string"), ("office", "string"),
        ("at", "time"), ("void", "boolean"),
    ]),
    ("LocalQuestions", &[
        ("subject", "string"), ("act", "ActKind"), ("questions", "[LocalQuestion]"), ("shielded", "boolean"),
        ("opens_at", "time?"), ("reply_leaves_at", "time?"), ("likeness", "boolean"),
    ]),
    ("LocalQuestion", &[
        ("question", "string"), ("gate", "Gate"), ("ask", "Text"), ("basis", "Text"), ("roles", "[Role]"),
        ("yours", "boolean"), ("answer", "LocalAnswer?"),
    ]),
    ("LocalAnswer", &[
        ("finding", "Finding"), ("reason", "string"), ("by", "Person"), ("office", "string"), ("at", "time"),
    ]),
    ("LocalGiven", &[("finding", "Finding"), ("reason", "string"), ("role", "Role?")]),
    ("LocalReply", &[("case", "string"), ("leaves_at", "time")]),
    ("RungReached", &[
        ("level", "integer"), ("at", "time"), ("side", "string"), ("reason", "Prose?"), ("answer_due_at", "time"),
        ("answer", "Prose?"), ("answered_at", "time?"),
    ]),
    ("NamedOfficer", &[("officer", "Person"), ("contact", "string"), ("reference", "string")]),
    ("ActList", &[("acts", "[Act]"), ("next", "integer?")]),
    ("Act", &[
        ("by", "string"), ("seq", "integer"), ("kind", "ActKind"), ("at", "time"), ("received_at", "time?"),
        ("office", "string"), ("officer", "Person?"), ("drafter", "Person?"), ("gates", "[GateAnswer]"),
        ("deed", "any"), ("stage", "Stage"), ("moot", "string?"), ("moot_said", "Text?"),
        ("log_index", "integer"), ("core_hash", "hash"), ("erased_at", "time?"),
        ("retracted", "string?"),
    ]),
    ("ActAsked", &[("deed", "Deed"), ("role", "Role?"), ("gates", "[GateAsked]?")]),
    ("GateAsked", &[("gate", "Gate"), ("finding", "Finding"), ("reason", "Prose"), ("role", "Role?")]),
    ("CaseGateAsked", &[
        ("act", "ActKind"), ("gate", "Gate"), ("finding", "Finding"), ("reason", "Prose"), ("role", "Role?"),
    ]),
    ("GateKept", &[("act", "ActKind"), ("answer", "GateAnswer")]),
    ("Done", &[("case", "string"), ("seq", "integer"), ("core_hash", "hash")]),
    ("AttachmentList", &[("attachments", "[AttachmentLine]")]),
    ("AttachmentLine", &[
        ("file", "Attachment"), ("by", "string"), ("act", "ActKind"), ("at", "time"), ("state", "string?"),
        ("retracted", "string?"),
    ]),
    ("Attachment", &[
        ("name", "string"), ("media_type", "string"), ("bytes", "integer"), ("sha256", "hash"), ("root", "hash"),
    ]),
    ("MatchAsked", &[("step", "any"), ("role", "Role?")]),
    ("MatchRun", &[
        ("case", "string"), ("learns", "string"), ("kinds", "[string]"), ("records_min", "integer"),
        ("left_case", "integer"), ("left_day", "integer"), ("key", "hash?"), ("list", "hash?"),
        ("batches", "[MatchBatch]"), ("audits", "[MatchAudit]"), ("ended", "integer"), ("next", "[string]"),
    ]),
    ("MatchBatch", &[
        ("number", "integer"), ("places", "integer"), ("transcript", "hash"), ("asked_at", "time"),
        ("received_at", "time?"), ("found", "[MatchHit]?"),
    ]),
    ("MatchHit", &[
        ("record", "string"), ("kinds", "[string]"), ("review_only", "boolean"), ("points", "integer"),
        ("reasons", "[string]"),
    ]),
    ("MatchAudit", &[
        ("number", "integer"), ("of", "string"), ("batch", "integer"), ("commitment", "hash"), ("share", "hash?"),
        ("revealed", "hash?"), ("places", "[integer]"), ("opened", "hash?"), ("finding", "string?"),
        ("words", "Prose?"), ("next", "string?"),
    ]),
    ("PreparedList", &[("prepared", "[Prepared]")]),
    ("Prepared", &[
        ("case", "string"), ("act", "ActKind"), ("version", "integer"), ("saved", "integer"), ("office", "string"),
        ("deed", "any"), ("drafter", "Person"), ("editors", "[string]"), ("standing", "string"), ("returned", "SentBack?"),
        ("gates", "[GateAnswer]"), ("gates_unanswered", "[Gate]"), ("earlier", "[GateAnswer]"), ("lacks", "string?"),
        ("lacks_said", "Text?"),
        ("acts_seen", "integer"), ("moved", "integer"), ("written_at", "time"),
    ]),
    ("SentBack", &[("by", "Person"), ("reason", "string"), ("at", "time")]),
    ("PreparedAsked", &[("over", "integer"), ("deed", "Deed"), ("hand_over", "boolean?"), ("role", "Role?")]),
    ("VersionAsked", &[("version", "integer"), ("role", "Role?")]),
    ("SignAsked", &[("version", "integer"), ("saved", "integer"), ("role", "Role?")]),
    ("BackAsked", &[("version", "integer"), ("reason", "string"), ("role", "Role?")]),
    ("PreparedGateAsked", &[
        ("version", "integer"), ("gate", "Gate"), ("finding", "Finding"), ("reason", "Prose"), ("role", "Role?"),
    ]),
    ("DraftList", &[("drafts", "[Draft]")]),
    ("Draft", &[
        ("id", "string"), ("version", "integer"), ("office", "string"), ("instrument", "hash"),
        ("request", "Request"), ("created_by", "Person"),
        ("gates", "[GateAnswer]"), ("gates_needed", "[Gate]"), ("handed_over", "boolean"), ("updated_at", "time"),
        ("missing", "[Missing]"), ("terms", "[TermDeparture]"),
    ]),
    ("TermDeparture", &[
        ("field", "string"), ("term", "string"), ("used_in", "string"), ("lacking_in", "string"), ("agreed", "[string]"),
    ]),
    ("NewDraft", &[("type_code", "string"), ("to", "string"), ("continues", "string?")]),
    ("SavedDraft", &[("version", "integer"), ("request", "Request")]),
    ("Signing", &[("role", "Role?")]),
    ("Check", &[("complete", "boolean"), ("missing", "[Missing]"), ("gates_unanswered", "[Gate]"), ("terms", "[TermDeparture]")]),
    ("Missing", &[("field", "string"), ("lack", "string"), ("lang", "string?"), ("max", "integer?"), ("bar", "string?"),
        ("mark", "string?")]),
    ("Request", &[
        ("type_code", "string?"), ("to", "string"), ("title", "Prose"), ("legal_basis", "Prose"), ("urgency", "Urgency"),
        ("urgency_reason", "Prose?"), ("needed_by", "date?"), ("purpose", "Prose"), ("evidential_use", "boolean"),
        ("mark", "Tlp"), ("classification", "Classification"), ("confidentiality", "Prose?"),
        ("personal_data", "boolean"), ("exercise", "boolean"), ("contact", "string"), ("fields", "{FieldValue}"),
        ("attachments", "[Attachment]?"), ("linked", "[string]"), ("continues", "string?"),
        ("drafter", "Person?"),
    ]),
    ("Instrument", &[
        ("id", "string"), ("version", "string"), ("hash", "hash"), ("title", "Text"), ("text_status", "Text"),
        ("langs", "[string]"), ("parties", "[Party]"), ("types", "[TypeLine]"), ("urgencies", "[UrgencyLine]"),
        ("gates", "[GateWords]"), ("grounds", "[GroundWords]"), ("ladder", "[Rung]"),
    ]),
    ("Party", &[
        ("id", "string"), ("name", "Text"), ("short", "Text"), ("capital", "Text"), ("zone", "string"),
        ("calendar", "string"), ("lang", "string"),
    ]),
    ("TypeLine", &[("code", "string"), ("name", "Text"), ("summary", "Text"), ("status", "string"), ("area", "string")]),
    ("UrgencyLine", &[("urgency", "Urgency"), ("name", "Text"), ("test", "Text")]),
    ("GateWords", &[("gate", "Gate"), ("title", "Text"), ("ask", "Text"), ("answer", "Text"), ("help", "Text")]),
    ("GroundWords", &[("ground", "Ground"), ("name", "Text"), ("help", "Text")]),
    ("Rung", &[
        ("level", "integer"), ("name", "Text"), ("raise", "Span"), ("raise_urgent", "Span"), ("answer", "Span"),
        ("answer_urgent", "Span"), ("offices", "{[string]}"),
    ]),
    ("OfficeList", &[("offices", "[Office]")]),
    ("Office", &[
        ("id", "string"), ("party", "string"), ("name", "Text"), ("short", "Text"), ("role", "Text"), ("level", "integer"),
        ("central", "boolean"), ("duty_24x7", "boolean"), ("counterparts", "[string]"), ("contact", "string"),
    ]),
    ("ClauseList", &[("clauses", "[Clause]")]),
    ("Clause", &[
        ("id", "string"), ("area", "string"), ("text", "Text"), ("capability", "Text"), ("indicator", "Text"),
        ("divergence", "Text?"), ("our_translation", "boolean"), ("offices", "{[string]}"), ("types", "[string]"),
    ]),
    ("RequestType", &[
        ("code", "string"), ("name", "Text"), ("summary", "Text"), ("status", "string"), ("procedure", "string"),
        ("area", "string"), ("clauses", "[string]"), ("legal_bases", "[Text]"), ("may_send", "[string]"),
        ("may_receive", "[string]"), ("may_execute", "[string]"), ("fields", "[Field]"), ("steps", "[Step]"),
        ("clocks", "{{Span}}"), ("usual_urgency", "Urgency"), ("grounds", "[GroundAdmitted]"), ("gates", "[GateBound]"),
        ("default_mark", "Tlp"), ("mark_min", "Tlp"), ("retention_months", "integer"), ("followup", "Text"),
        ("expires", "string?"), ("settles", "string?"), ("meeting", "Meeting?"), ("extras", "[ActKind]"),
        ("needs_texts", "[string]"), ("continues_as", "[string]"), ("words", "{Text}"),
    ]),
    ("Meeting", &[("dates", "string"), ("held", "string"), ("level", "integer?"), ("areas", "[string]")]),
    ("Field", &[
        ("id", "string"), ("label", "Text"), ("help", "Text"), ("kind", "string"), ("options", "[Option]?"),
        ("required", "boolean"), ("personal", "boolean"), ("ahead", "boolean"), ("chars_max", "integer"),
    ]),
    ("Option", &[("code", "string"), ("label", "Text")]),
    ("Step", &[
        ("code", "string"), ("name", "Text"), ("required", "boolean"), ("by", "string"), ("at", "[Stage]"),
        ("after", "[string]"), ("barred_by", "[string]"), ("before", "[ActKind]"), ("choice", "string?"),
        ("dated", "boolean"), ("ends", "[string]"), ("per", "[string]"), ("repeats", "boolean"), ("party", "string?"),
        ("offices", "[string]"), ("within", "Span?"),
    ]),
    ("GroundAdmitted", &[("ground", "Ground"), ("basis", "Text")]),
    ("GateBound", &[
        ("gate", "Gate"), ("at", "[ActKind]"), ("steps", "[string]"), ("only_personal", "boolean"),
        ("only_secret", "boolean"),
    ]),
    ("LogHeads", &[("logs", "[LogPair]")]),
    ("LogPair", &[("peer", "string"), ("instrument", "string"), ("own", "LogHead?"), ("mirror", "LogHead?")]),
    ("LogHead", &[
        ("origin", "string"), ("size", "integer"), ("root", "hash"), ("cosigned_size", "integer?"), ("note", "string"),
    ]),
    ("EventList", &[("events", "[Event]"), ("next", "integer?")]),
    ("Event", &[
        ("id", "integer"), ("acknowledged", "boolean"), ("at", "time"), ("level", "string"), ("code", "string"),
        ("case", "string?"), ("peer", "string?"), ("detail", "string"),
    ]),
    ("Computed", &[("line", "string"), ("sha256", "hash"), ("left_out", "integer"), ("report", "any")]),
    ("Reported", &[("line", "string"), ("standing", "string"), ("awaits", "string?"), ("computed", "Computed?")]),
    ("ContactList", &[("desks", "[DeskCheck]")]),
    ("DeskCheck", &[
        ("by", "string"), ("desk", "string"), ("type_code", "string"), ("standing", "string"), ("case", "string?"),
        ("at", "time?"),
    ]),
    ("RoundList", &[("rounds", "[Round]"), ("board", "[Commitment]")]),
    ("Round", &[
        ("line", "CaseLine"), ("from", "time?"), ("to", "time?"), ("held_at", "time?"), ("is_off", "boolean"),
        ("items", "[RoundItem]"), ("hash", "hash?"), ("agreed", "integer?"), ("draft", "Prose?"),
    ]),
    ("RoundItem", &[
        ("number", "integer?"), ("tabled_by", "string?"), ("level", "integer?"), ("carried_from", "string?"),
        ("topic", "Prose?"), ("case", "string?"), ("outcome", "ItemOutcome?"),
    ]),
    ("Commitment", &[
        ("case", "string"), ("number", "integer"), ("words", "Prose"), ("owner", "string"), ("due_on", "date"),
        ("due_at", "time?"), ("state", "TaskState"), ("exercise", "boolean"),
    ]),
    ("MissingItem", &[("field", "string"), ("want", "Prose")]),
    ("Interval", &[("from", "time"), ("to", "time")]),
    ("Money", &[("amount", "string"), ("currency", "string")]),
    ("Place", &[("words", "string"), ("position", "Coordinates?")]),
    ("Coordinates", &[("latitude_e5", "integer"), ("longitude_e5", "integer")]),
    ("NaturalPerson", &[
        ("names", "[string]"), ("born", "PartialDate"), ("birthplace", "string"), ("sex", "Sex"),
        ("nationalities", "[string]"), ("documents", "[IdentityDocument]"),
    ]),
    ("PartialDate", &[("year", "integer?"), ("month", "integer?"), ("day", "integer?")]),
    ("IdentityDocument", &[("kind", "string"), ("number", "string"), ("issuer", "string")]),
];

/// The deeds a person may do in a case, by name, with their members; `attachments` are roots of files staged before.
#[rustfmt::skip] // a table reads better with a row a shape
const DEEDS: &[Shape] = &[
    ("Advise", &[("advice", "Prose")]),
    ("Acknowledge", &[("reference", "string"), ("officer", "Person"), ("contact", "string")]),
    ("BeginReview", &[]),
    ("Transfer", &[("to", "string"), ("reason", "Prose")]),
    ("ReturnIncomplete", &[("items", "[MissingItem]")]),
    ("Supplement", &[("fields", "{FieldValue}"), ("attachments", "[hash]"), ("note", "Prose")]),
    ("OfferConditions", &[("conditions", "[Condition]")]),
    ("AcceptConditions", &[("undertaking", "Prose")]),
    ("Postpone", &[("reason", "Prose"), ("review_on", "date")]),
    ("Resume", &[]),
    ("Accept", &[("note", "Prose?")]),
    ("AcceptPart", &[("scope", "Prose")]),
    ("Refuse", &[("ground", "Ground"), ("reason", "Prose?"), ("considered", "Prose"), ("withheld", "boolean")]),
    ("Reconsider", &[("argument", "Prose")]),
    ("Uphold", &[("reason", "Prose")]),
    ("Reopen", &[("reason", "Prose")]),
    ("BeginExecution", &[]),
    ("Record", &[("step", "string"), ("note", "Prose"), ("item", "string?"), ("until", "date?")]),
    ("Preserve", &[("what", "Prose"), ("until", "time")]),
    ("Interim", &[("answer", "Prose"), ("attachments", "[hash]")]),
    ("Ask", &[("question", "Prose")]),
    ("Reply", &[("question", "integer"), ("answer", "Prose")]),
    ("Respond", &[("extent", "Extent"), ("answer", "Prose"), ("attachments", "[hash]")]),
    ("ReportOutcome", &[("usefulness", "integer"), ("used_for", "Prose")]),
    ("Close", &[("lesson", "Prose?")]),
    ("Withdraw", &[("reason", "Prose")]),
    ("ConfirmRelease", &[("note", "Prose")]),
    ("Regrade", &[("urgency", "Urgency"), ("reason", "Prose")]),
    ("Escalate", &[("level", "integer"), ("reason", "Prose?")]),
    ("AnswerEscalation", &[("level", "integer"), ("answer", "Prose")]),
    ("StatePosition", &[("position", "Prose")]),
    ("ProposeText", &[("text", "Prose"), ("note", "Prose?")]),
    ("Reserve", &[("reservation", "Prose")]),
    ("SignText", &[("version", "integer"), ("sha256", "hash")]),
    ("Authorise", &[("note", "Prose")]),
    ("Extend", &[("until", "date"), ("reason", "Prose")]),
    ("Adopt", &[("instrument", "hash"), ("reason", "Prose")]),
    ("Abort", &[("reason", "Prose")]),
    ("Conclude", &[("reason", "Prose")]),
    ("BookAsset", &[("asset", "string"), ("movement", "Movement"), ("amount", "Money"), ("note", "Prose")]),
    ("SeekConsent", &[("kind", "ConsentKind"), ("recipient", "string"), ("what", "Prose")]),
    ("GiveConsent", &[("number", "integer"), ("granted", "boolean"), ("words", "Prose")]),
    ("Forward", &[
        ("to", "string"), ("fields", "[string]"), ("files", "[hash]"), ("acts", "[ActRef]"), ("reason", "Prose"),
    ]),
    ("Recall", &[("seq", "integer"), ("reason", "Prose")]),
    ("Correct", &[("seq", "integer"), ("correction", "Prose")]),
    ("ReportCompliance", &[
        ("number", "integer"), ("complied", "boolean"), ("words", "Prose"), ("recipients", "[RecipientReport]"),
    ]),
    ("CheckUndertaking", &[("number", "integer"), ("kept", "boolean"), ("note", "Prose")]),
    ("DischargeUndertaking", &[("number", "integer"), ("reason", "Prose")]),
    ("TableItem", &[("topic", "Prose"), ("about", "About?")]),
    ("SettleItem", &[("number", "integer"), ("outcome", "Prose")]),
    ("Undertake", &[("what", "Prose"), ("owner", "string"), ("due_on", "date"), ("item", "integer?")]),
    ("CiteNorm", &[("norm", "string"), ("words", "Prose")]),
    ("LogContact", &[("level", "integer"), ("means", "string"), ("words", "Prose")]),
    ("Match", &[("step", "any")]),
];

/// What a field's value may be, by its kind.
#[rustfmt::skip] // a table reads better with a row a shape
const VALUES: &[(&str, &str)] = &[
    ("prose", "Prose"), ("line", "string"), ("choice", "string"), ("date", "date"), ("interval", "Interval"),
    ("yes-no", "boolean"), ("penalty", "Penalty"), ("indicators", "string"),
    ("person", "NaturalPerson"), ("office", "string"), ("place", "Place"), ("money", "Money"), ("items", "[string]"),
    ("parallel", "Prose"),
];

/// The members of a deed with their kinds in the notation of this module; `None` for one no person does.
pub(super) fn deed(name: &str) -> Option<&'static [(&'static str, &'static str)]> {
    DEEDS.iter().find(|(known, _)| *known == name).map(|(_, members)| *members)
}

/// The members of a shape with their kinds; `None` for what is none.
pub(super) fn shape(name: &str) -> Option<&'static [(&'static str, &'static str)]> {
    SHAPES.iter().find(|(known, _)| *known == name).map(|(_, members)| *members)
}

/// Every shape by its name.
pub(super) fn all() -> Map<String, Value> {
    let mut all: Map<String, Value> =
        SHAPES.iter().map(|(name, members)| ((*name).to_owned(), object(members))).collect();
    let mut put = |name: &str, schema: Value| {
        all.insert(name.to_owned(), schema);
    };
    put("Text", json!({ "type": "object", "additionalProperties": { "type": "string" } }));
    put(
        "Deed",
        json!({ "oneOf": DEEDS.iter().map(|(name, members)| tagged(name, &object(members))).collect::<Vec<_>>() }),
    );
    put(
        "FieldValue",
        json!({ "oneOf": VALUES.iter().map(|(tag, value)| tagged(tag, &kind(value))).collect::<Vec<_>>() }),
    );
    put(
        "Penalty",
        json!({ "oneOf": [
        { "type": "string", "enum": ["no-prison", "life", "death", "unknown"] },
        tagged("years-max", &json!({ "type": "integer" })),
    ] }),
    );
    put(
        "About",
        json!({ "oneOf": [tagged("Case", &json!({ "type": "string" })), tagged("Item", &reference("ItemRef"))] }),
    );
    put("Problem", problem());
    put("Stage", menu::<Stage>());
    put("ActKind", menu::<ActKind>());
    put("Role", menu::<Role>());
    put("Urgency", menu::<Urgency>());
    put("Ground", menu::<Ground>());
    put("Extent", menu::<Extent>());
    put("ConditionKind", menu::<ConditionKind>());
    put("ClockKind", menu::<ClockKind>());
    put("Tlp", menu::<Tlp>());
    put("Classification", menu::<Classification>());
    put("Gate", menu::<Gate>());
    put("Finding", menu::<Finding>());
    put("Movement", menu::<Movement>());
    put("ConsentKind", menu::<ConsentKind>());
    put("TaskState", menu::<TaskState>());
    put("Sex", menu::<Sex>());
    all
}

/// A reference to a shape.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The schema of a kind in the notation of this module.
pub(super) fn kind(kind: &str) -> Value {
    if let Some(inner) = kind.strip_suffix('?') {
        return json!({ "anyOf": [self::kind(inner), { "type": "null" }] });
    }
    if let Some(inner) = kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
        return json!({ "type": "array", "items": self::kind(inner) });
    }
    if let Some(inner) = kind.strip_prefix('{').and_then(|kind| kind.strip_suffix('}')) {
        return json!({ "type": "object", "additionalProperties": self::kind(inner) });
    }
    match kind {
        "string" | "integer" | "boolean" => json!({ "type": kind }),
        "date" => json!({ "type": "string", "format": "date" }),
        "time" => json!({ "type": "string", "format": "date-time" }),
        "hash" => json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }),
        "any" => json!({}),
        shape => reference(shape),
    }
}

fn object(members: &[(&str, &str)]) -> Value {
    let properties: Map<String, Value> =
        members.iter().map(|(name, kind)| ((*name).to_owned(), self::kind(kind))).collect();
    let required: Vec<&str> = members.iter().filter(|(_, kind)| !kind.ends_with('?')).map(|(name, _)| *name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// One member whose name says which it is.
fn tagged(tag: &str, schema: &Value) -> Value {
    json!({ "type": "object", "properties": { tag: schema }, "required": [tag], "additionalProperties": false })
}

fn menu<M: Menu>() -> Value {
    json!({ "type": "string", "enum": M::ALL.iter().map(|(_, code)| *code).collect::<Vec<_>>() })
}

/// A problem is open: each language of the face adds a `title_…` of its own, and a `detail_…` where we word it.
fn problem() -> Value {
    let held = domain::local::Held::CODES.iter().map(|code| format!("held-{code}"));
    let codes = super::problem::CODES.iter().chain(Refusal::CODES).chain(&["fault"]).map(|code| (*code).to_owned());
    let codes = codes.chain(held);
    json!({
        "type": "object",
        "properties": {
            "type": { "type": "string" },
            "status": { "type": "integer" },
            "code": { "type": "string", "examples": codes.collect::<Vec<_>>() },
            "title": { "type": "string" },
            "detail": { "type": "string" },
            "arguments": { "type": "object", "additionalProperties": { "type": "string" } },
            "missing": { "type": "array", "items": reference("Missing") },
        },
        "required": ["type", "status", "code", "title"],
        "additionalProperties": { "type": "string" },
    })
}
