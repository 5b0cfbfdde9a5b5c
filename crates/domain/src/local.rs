//! What never leaves the building: the questions of our own law, the register of protected persons, and the one form in
//! which a person of whom nothing is said is answered.
//!
//! Owns `Policy` (read from a Party's own file), the local judgement and the fixed reply. Nothing here may enter an act, an
//! envelope, a receipt or anything said to a peer, so nothing here is a `Refusal`: what it holds back is a `Held`, which no
//! peer's door knows. Must not know storage, screens or bytes.

use jiff::civil::Time;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};

use crate::act::{ActKind, Deed, Extent, Ground, Person, Role};
use crate::calendar::Calendar;
use crate::case::Case;
use crate::content::{FieldValue, NaturalPerson, PROSE_CHARS_MAX, Request};
use crate::deadline::{self, Span};
use crate::ids::{OfficeId, PartyId, TypeCode};
use crate::instrument::RequestType;
use crate::procedure::{self, To};
use crate::safeguard::{self, Finding, Gate};
use crate::text::{Lang, Prose, Text};

/// A Party's own law, as its own file says it. Made by `Policy::load` only (`instrument::read_policy`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub(crate) party: PartyId,
    pub(crate) title: Text,
    pub(crate) questions: Vec<Question>,
    pub(crate) shield: Option<Shield>,
}

/// A question of our own law, asked of a named person before an act of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its name in the file; answers carry it.
    pub id: String,
    /// Which safeguard it serves.
    pub gate: Gate,
    /// The question.
    pub ask: Text,
    /// The law it comes from.
    pub basis: Text,
    /// Before which acts of ours.
    pub at: Vec<ActKind>,
    /// For which types; for all when none is named.
    pub types: Vec<TypeCode>,
    /// Whose answer counts.
    pub roles: Vec<Role>,
    /// Only where the matter holds personal data.
    pub only_personal: bool,
    /// Only where a person is described.
    pub only_person: bool,
}

/// How requests about a person are answered so that nobody learns whom we protect: alike in form, and at the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shield {
    /// How many days of our calendar after receipt anything of substance may first leave.
    pub after: Span,
    /// At which hour of our day.
    pub release: Time,
    /// The fixed form, type by type.
    pub replies: Vec<FixedReply>,
}

/// What everyone is told of whom nothing is said, protected or unknown: the same words to the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedReply {
    /// For which types.
    pub types: Vec<TypeCode>,
    /// The step recorded before the answer, where the type has one.
    pub step: Option<String>,
    /// Steps that would say the same in other words; they are never recorded.
    pub never: Vec<String>,
    /// The ground, where the type is answered by a refusal.
    pub ground: Option<Ground>,
    /// The answer.
    pub words: Text,
    /// The reasons given with every safeguard and, for a refusal, what was considered.
    pub reasons: Text,
}

/// A named person's answer to a question of our own law. It never leaves the house.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalAnswer {
    /// The question, by its name in the policy.
    pub question: String,
    /// What was found. To the shield's question, `not-satisfied` says that the person is protected.
    pub finding: Finding,
    /// Why, in whatever language: only our own house reads it.
    pub reason: String,
    /// Who answers for it.
    pub by: Person,
    /// In which office.
    pub office: OfficeId,
    /// When.
    pub at: Timestamp,
}

/// A person whose presence here is told to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProtectedPerson {
    /// Every name known, in any script.
    pub names: Vec<String>,
    /// Numbers of documents.
    pub documents: Vec<String>,
    /// What the entry rests on, for our own officers.
    pub note: String,
    /// Who entered it.
    pub by: Person,
    /// When.
    pub at: Timestamp,
}

/// Why our own house holds an act back. Words are made from the code, and only on our own pages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("held back by our own law: {}", self.code())]
#[expect(missing_docs, reason = "each is named by its code, which has its words")]
pub enum Held {
    Unanswered { question: String },
    Closed { question: String },
    Role { question: String, role: Role },
    Reasonless { question: String },
    FourEyes { question: String },
    Contradicted { question: String },
    UnknownQuestion { question: String },
    NotBefore { at: Timestamp },
    FixedForm,
    NotShielded,
    ReplyWaits,
    NoReply,
    NotYours { role: Role },
    BadEntry,
}

/// The roles that may see and keep the register of protected persons.
pub const KEEPERS: &[Role] = &[Role::LegalReviewer, Role::DecisionMaker];

/// What leaves at once even from a shielded case: it says nothing of the person asked about.
const NEUTRAL: &[ActKind] = &[
    ActKind::Acknowledge,
    ActKind::AnswerEscalation,
    ActKind::ReportCompliance,
    ActKind::CertifyDeletion,
    ActKind::ConfirmRelease,
    ActKind::Close,
    // The version a case runs under is the same question whoever is asked about; left open for one person, it would tell.
    ActKind::Adopt,
    // Every step of a matching is the same whoever is in the list: the receipt is signed before anybody has looked.
    ActKind::Match,
];

/// Makes a deed of the way.
type Onward = fn() -> Deed;

/// The way to an answer, each taken where the procedure has it.
const TOWARDS: &[(ActKind, Onward)] = &[
    (ActKind::BeginReview, || Deed::BeginReview {}),
    (ActKind::Accept, || Deed::Accept { note: None }),
    (ActKind::BeginExecution, || Deed::BeginExecution {}),
];

impl Policy {
    /// Whose law it is.
    #[must_use]
    pub fn party(&self) -> &PartyId {
        &self.party
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> &Text {
        &self.title
    }

    /// Its questions, in the order of the file.
    #[must_use]
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// One question by its name.
    #[must_use]
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// The shield and the fixed reply for a type, when the file has them.
    #[must_use]
    pub fn shield(&self, code: &TypeCode) -> Option<(&Shield, &FixedReply)> {
        let shield = self.shield.as_ref()?;
        let reply = shield.replies.iter().find(|reply| reply.types.contains(code))?;
        Some((shield, reply))
    }

    /// The shield's question for a type.
    #[must_use]
    pub fn shield_question(&self, code: &TypeCode) -> Option<&Question> {
        self.questions.iter().find(|question| question.gate == Gate::AsylumShield && question.of(code))
    }

    /// The questions that bind an act of ours. In a shielded case the shield's own question is asked once for the whole
    /// case, so it is not among them.
    pub fn questions_for<'p>(
        &'p self,
        request: &'p Request,
        act: ActKind,
        shielded: bool,
    ) -> impl Iterator<Item = &'p Question> {
        let binds = move |question: &&Question| {
            question.at.contains(&act)
                && question.of(&request.type_code)
                && (request.personal_data || !question.only_personal)
                && (describes_person(request) || !question.only_person)
                && !(shielded && question.gate == Gate::AsylumShield)
        };
        self.questions.iter().filter(binds)
    }

    /// Whether our own law lets an act go: every question that binds it answered by one who may, with reasons, and yes.
    ///
    /// # Errors
    /// The first question that holds it back.
    pub fn judge(&self, request: &Request, act: ActKind, shielded: bool, answers: &[LocalAnswer]) -> Result<(), Held> {
        for question in self.questions_for(request, act, shielded) {
            let id = || question.id.clone();
            let answer = answers.iter().find(|answer| answer.question == question.id);
            let answer = answer.ok_or_else(|| Held::Unanswered { question: id() })?;
            question.takes(answer)?;
            if act == ActKind::Submit && request.drafter.id == answer.by.id {
                return Err(Held::FourEyes { question: id() });
            }
            if answer.finding == Finding::NotSatisfied {
                return Err(Held::Closed { question: id() });
            }
        }
        Ok(())
    }
}

impl Question {
    fn of(&self, code: &TypeCode) -> bool {
        self.types.is_empty() || self.types.contains(code)
    }

    /// Whether an answer is one at all: by a role that counts, with reasons of a sensible length.
    ///
    /// # Errors
    /// [`Held::Role`] or [`Held::Reasonless`].
    pub fn takes(&self, answer: &LocalAnswer) -> Result<(), Held> {
        if !self.roles.contains(&answer.by.role) {
            return Err(Held::Role { question: self.id.clone(), role: answer.by.role });
        }
        let chars = answer.reason.chars().count();
        if answer.reason.trim().is_empty() || chars > PROSE_CHARS_MAX {
            return Err(Held::Reasonless { question: self.id.clone() });
        }
        Ok(())
    }
}

impl Shield {
    /// When anything of substance may next leave, for a request received then: at the fixed hour of the day so many days
    /// after, or of the next working day once that has passed. It turns on the receipt alone, never on who was asked about
    /// or how long anybody thought.
    #[must_use]
    pub fn release_at(&self, received_at: Timestamp, now: Timestamp, calendar: &Calendar) -> Timestamp {
        let first = self.first_release(received_at, calendar);
        if now <= first {
            return first;
        }
        let today = calendar.local(now).date();
        let this = calendar.instant(today, self.release);
        if calendar.is_working(today) && now <= this {
            return this;
        }
        calendar.instant(calendar.add_working_days(today, 1).0, self.release)
    }

    /// The first of those instants.
    #[must_use]
    pub fn first_release(&self, received_at: Timestamp, calendar: &Calendar) -> Timestamp {
        let due: Zoned = calendar.local(deadline::after(self.after, received_at, None, calendar).due_at);
        calendar.instant(calendar.working_from(due.date()), self.release)
    }
}

impl FixedReply {
    /// Whether a deed is of the fixed form, or says nothing of the person.
    #[must_use]
    pub fn is_neutral(deed: &Deed) -> bool {
        Self::leaves_at_once(deed.kind())
    }

    /// The same for every deed of a kind.
    #[must_use]
    pub fn leaves_at_once(kind: ActKind) -> bool {
        NEUTRAL.contains(&kind)
    }

    /// Whether a deed says in other words what only the fixed form may say.
    #[must_use]
    pub fn says_nothing(&self, deed: &Deed) -> bool {
        match deed {
            Deed::Respond { extent, .. } => *extent == Extent::NotExecutable,
            Deed::Record { step, .. } => self.step.as_ref() == Some(step) || self.never.contains(step),
            Deed::Refuse { ground, .. } => *ground == Ground::NotExecutable || self.ground == Some(*ground),
            // Advice on a draft speaks of the person before anybody asked: nobody's draft is advised on otherwise.
            Deed::Advise { .. } => true,
            Deed::GiveConsent { granted, .. } => !granted,
            _ => false,
        }
    }

    /// Whether the fixed form was given in a case.
    #[must_use]
    pub fn given<'d>(&self, langs: &[Lang], mut ours: impl Iterator<Item = &'d Deed>) -> bool {
        let forms = [self.answer(langs), self.refusal(langs)];
        ours.any(|deed| forms.contains(deed))
    }

    /// What is left to say in the fixed form as a case stands: the way to the answer, the answer, and the same words to
    /// every question put since, to a draft shown for advice, to whoever seeks consent or a reconsideration. It turns on the case alone.
    #[must_use]
    pub fn deeds(&self, case: &Case, rule: &RequestType, langs: &[Lang], us: &PartyId) -> Vec<Deed> {
        let side = case.side(us);
        let mut deeds: Vec<Deed> = Vec::new();
        for (question, number) in case.questions.iter().zip(1u32..) {
            if Some(question.by) != side && question.reply.is_none() && case.rows(ActKind::Reply).next().is_some() {
                deeds.push(Deed::Reply { question: number, answer: prose(&self.words, langs) });
            }
        }
        for (consent, number) in case.care.consents.iter().zip(1u32..) {
            if Some(consent.by) != side && consent.answer.is_none() && case.rows(ActKind::GiveConsent).next().is_some()
            {
                deeds.push(Deed::GiveConsent { number, granted: false, words: prose(&self.words, langs) });
            }
        }
        if case.rows(ActKind::Advise).next().is_some() {
            deeds.push(Deed::Advise { advice: prose(&self.words, langs) });
        }
        let last = self.last(case, rule, langs);
        let mut way: Vec<Deed> = Vec::new();
        let mut stage = case.stage();
        let row = |stage, act| procedure::rows(case.procedure, stage, act).next();
        while row(stage, last.kind()).is_none() {
            let onward = TOWARDS.iter().find_map(|(act, deed)| match row(stage, *act)?.to {
                To::Stage(next) if next != stage => Some((next, deed())),
                _ => None,
            });
            let Some((next, deed)) = onward else { break };
            stage = next;
            way.push(deed);
        }
        if row(stage, last.kind()).is_some() {
            let answers = last.kind() == ActKind::Respond;
            let step = self.step.as_ref().filter(|step| answers && rule.step(step).is_some());
            let recorded = |step: &&String| case.steps.has(step);
            let step = step.filter(|step| !recorded(step));
            let record = |step: &String| Deed::Record {
                step: step.clone(),
                note: prose(&self.words, langs),
                item: None,
                until: None,
            };
            way.extend(step.map(record));
            way.push(last);
            deeds.extend(way);
        }
        if case.rows(ActKind::Uphold).next().is_some() {
            deeds.push(Deed::Uphold { reason: prose(&self.words, langs) });
        }
        deeds
    }

    /// The answer, or the refusal: as the file says, and a refusal in the same words where SG-3 lets nobody be answered.
    fn last(&self, case: &Case, rule: &RequestType, langs: &[Lang]) -> Deed {
        let barred = safeguard::death_possible(&case.request, rule) && !safeguard::assured(Some(case));
        let refusable = rule.admits(Ground::NotExecutable);
        if self.ground.is_some() || barred && refusable { self.refusal(langs) } else { self.answer(langs) }
    }

    fn answer(&self, langs: &[Lang]) -> Deed {
        Deed::Respond { extent: Extent::NotExecutable, answer: prose(&self.words, langs), attachments: Vec::new() }
    }

    fn refusal(&self, langs: &[Lang]) -> Deed {
        Deed::Refuse {
            ground: self.ground.unwrap_or(Ground::NotExecutable),
            reason: Some(prose(&self.words, langs)),
            considered: prose(&self.reasons, langs),
            withheld: false,
        }
    }

    /// The words everyone is told.
    #[must_use]
    pub fn said(&self, langs: &[Lang]) -> Prose {
        prose(&self.words, langs)
    }

    /// The reasons that stand with every safeguard of the fixed form.
    #[must_use]
    pub fn reasons(&self, langs: &[Lang]) -> Prose {
        prose(&self.reasons, langs)
    }
}

impl ProtectedPerson {
    /// Whether an entry can be found by anything: a name or a document, and why it is there.
    ///
    /// # Errors
    /// [`Held::BadEntry`].
    pub fn sound(&self) -> Result<(), Held> {
        let keys = self.names.iter().chain(&self.documents);
        let usable = keys.clone().any(|key| !folded(key).is_empty());
        let short =
            keys.clone().count() <= ENTRY_KEYS_MAX && keys.clone().all(|key| key.chars().count() <= ENTRY_CHARS_MAX);
        let noted = !self.note.trim().is_empty() && self.note.chars().count() <= PROSE_CHARS_MAX;
        if usable && short && noted { Ok(()) } else { Err(Held::BadEntry) }
    }

    /// Whether a request may concern this person: the same name or document, letter for letter but for case and spacing.
    /// A hint for the officer who answers, never an answer.
    #[must_use]
    pub fn may_be_in(&self, request: &Request) -> bool {
        self.shares_document(request) || {
            let names: Vec<String> = self.names.iter().map(|name| folded(name)).collect();
            persons(request).any(|person| person.names.iter().any(|name| names.contains(&folded(name))))
        }
    }

    /// Whether a request names a document of this person. Who answers against that must be mistaken.
    #[must_use]
    pub fn shares_document(&self, request: &Request) -> bool {
        let numbers: Vec<String> = self.documents.iter().map(|number| folded(number)).collect();
        persons(request).any(|person| person.documents.iter().any(|one| numbers.contains(&folded(&one.number))))
    }
}

/// Most names and documents of one entry.
pub const ENTRY_KEYS_MAX: usize = 64;
/// Most characters of a name or a document's number.
pub const ENTRY_CHARS_MAX: usize = 300;

/// Whether a request describes a natural person.
#[must_use]
pub fn describes_person(request: &Request) -> bool {
    persons(request).next().is_some()
}

fn persons(request: &Request) -> impl Iterator<Item = &NaturalPerson> {
    request.fields.values().filter_map(|value| match value {
        FieldValue::Person(person) => Some(person.as_ref()),
        _ => None,
    })
}

/// Letters and digits alone, in lower case.
fn folded(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn prose(text: &Text, langs: &[Lang]) -> Prose {
    let original = langs.first().or_else(|| text.iter().next().map(|(lang, _)| lang));
    let original = original.cloned().expect("a text has the instrument's languages, of which there is one at least");
    Prose { original, texts: text.iter().map(|(lang, words)| (lang.clone(), words.to_owned())).collect() }
}

impl Held {
    /// Its stable code; pages have words for each.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unanswered { .. } => "unanswered",
            Self::Closed { .. } => "closed",
            Self::Role { .. } => "role",
            Self::Reasonless { .. } => "reasonless",
            Self::FourEyes { .. } => "four-eyes",
            Self::Contradicted { .. } => "contradicted",
            Self::UnknownQuestion { .. } => "unknown-question",
            Self::NotBefore { .. } => "not-before",
            Self::FixedForm => "fixed-form",
            Self::NotShielded => "not-shielded",
            Self::ReplyWaits => "reply-waits",
            Self::NoReply => "no-reply",
            Self::NotYours { .. } => "not-yours",
            Self::BadEntry => "bad-entry",
        }
    }

    /// Every code, for the test that each has its words.
    pub const CODES: &'static [&'static str] = &[
        "unanswered",
        "closed",
        "role",
        "reasonless",
        "four-eyes",
        "contradicted",
        "unknown-question",
        "not-before",
        "fixed-form",
        "not-shielded",
        "reply-waits",
        "no-reply",
        "not-yours",
        "bad-entry",
    ];
}
