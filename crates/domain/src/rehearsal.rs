//! What could be said next in a case: well-formed commands for exercises, the simulator and property tests.
//!
//! Owns the invention of contents that satisfy the instrument, out of a source of choices it is given. Must not judge
//! (`judge` does) nor know randomness: the same choices make the same commands.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::act::{ActKind, Author, Condition, ConditionKind, Deed, Extent, Ground, MissingItem, Person, Role, Urgency};
use crate::asset::Money;
use crate::case::Case;
use crate::content::{
    Attachment, FieldValue, NaturalPerson, PartialDate, Penalty, Place, Request, Sensitivity, Sex, carriage,
};
use crate::decide::Command;
use crate::handling::Classification;
use crate::ids::{Hash32, OfficeId, OfficerId, PartyId};
use crate::instrument::{Field, FieldKind, Form, Instrument, RequestType};
use crate::judge::{self, TOP_LEVEL};
use crate::menu::Menu;
use crate::procedure::{self, Side};
use crate::report::ReportLine;
use crate::safeguard::{self, Finding, Gate, GateAnswer};
use crate::text::Prose;

mod together;

/// Invents what could be said under an instrument.
pub struct Rehearsal<'i, 'p> {
    instrument: &'i Instrument,
    pick: &'p mut dyn FnMut(usize) -> usize,
}

impl<'i, 'p> Rehearsal<'i, 'p> {
    /// A rehearsal under `instrument`; `pick(n)` chooses a number below `n`, which is never 0.
    pub fn new(instrument: &'i Instrument, pick: &'p mut dyn FnMut(usize) -> usize) -> Self {
        Self { instrument, pick }
    }

    /// A type in force with an office of `from` that may send it and one of `to` that may receive it.
    pub fn opening(&mut self, from: &PartyId, to: &PartyId) -> Option<(&'i RequestType, OfficeId, OfficeId)> {
        let rules: Vec<&RequestType> = self
            .instrument
            .types()
            .values()
            .filter(|rule| judge::rule(self.instrument, &rule.code).is_ok())
            .filter(|rule| !of(&rule.may_send, from).is_empty() && !of(&rule.may_receive, to).is_empty())
            .collect();
        let rule = *self.one(&rules)?;
        let (sender, receiver) = self.offices(rule, from, to)?;
        Some((rule, sender, receiver))
    }

    /// An office of `from` that may send a type and one of `to` that may receive it.
    pub fn offices(&mut self, rule: &RequestType, from: &PartyId, to: &PartyId) -> Option<(OfficeId, OfficeId)> {
        let sender = (*self.one(&of(&rule.may_send, from))?).clone();
        let receiver = (*self.one(&of(&rule.may_receive, to))?).clone();
        Some((sender, receiver))
    }

    /// A complete request of a type, drafted in the office `from` at `now`.
    pub fn request(&mut self, rule: &RequestType, from: &OfficeId, to: &OfficeId, now: Timestamp) -> Request {
        let urgencies: Vec<Urgency> = rule.clocks.keys().copied().collect();
        let urgency = self.one(&urgencies).copied().unwrap_or(rule.usual_urgency);
        let days = 10 + self.number(40);
        let personal_data = self.coin();
        let fields =
            rule.fields.iter().filter_map(|field| self.value(field, now).map(|value| (field.id.clone(), value)));
        let mut fields: BTreeMap<String, FieldValue> = fields.collect();
        // What ends by itself has not ended before it is sent.
        if let Some(end) = &rule.expires {
            fields.insert(end.clone(), FieldValue::Date(self.day(&from.party(), now, days)));
        }
        // The version it brings in is a file nobody has here: one that could be.
        if let Some(amends) = &rule.amends {
            fields.insert(amends.from.clone(), FieldValue::Date(self.day(&from.party(), now, days)));
        }
        // No node computes this report: it has the form of one.
        if let Some(line) = &rule.reports {
            fields.insert(line.clone(), FieldValue::Line(self.report_line(from, to, now)));
        }
        let attachments = rule.amends.iter().map(|_| self.bundle()).collect();
        let mut request = Request {
            type_code: rule.code.clone(),
            to: to.clone(),
            title: self.words("matter"),
            legal_basis: self.words("basis"),
            urgency,
            urgency_reason: (urgency != Urgency::U3).then(|| self.words("urgent")),
            needed_by: (urgency == Urgency::U2).then(|| self.day(&from.party(), now, days)),
            purpose: self.words("purpose"),
            evidential_use: self.coin(),
            mark: rule.default_mark.max(rule.mark_min),
            classification: Classification::Official,
            confidentiality: None,
            personal_data,
            exercise: true,
            contact: "desk".to_owned(),
            fields,
            attachments,
            linked: Vec::new(),
            continues: None,
            drafter: officer(from, Role::Drafter),
        };
        request.confidentiality = request.evidential_use.then(|| request.purpose.clone());
        // Where nothing may leave before an assurance, nobody sends what needs one.
        if rule.gates_at(ActKind::Submit).any(|gate| gate == Gate::DeathPenalty) {
            let told = request.fields.values_mut().filter(|value| matches!(value, FieldValue::Penalty(_)));
            told.for_each(|value| *value = FieldValue::Penalty(Penalty::YearsMax(7)));
        }
        self.within_limits(rule, &mut request, now);
        request
    }

    /// A line a report between two Parties could have, of a month that is over.
    fn report_line(&mut self, from: &OfficeId, to: &OfficeId, now: Timestamp) -> String {
        let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let ago = |days: i64| today.saturating_sub(jiff::Span::new().days(days));
        let logs = [from.party(), to.party()].map(|party| (party, self.number(500) as u64));
        let line = ReportLine { first: ago(31), last: ago(1), logs: logs.into(), sha256: Hash32([7; 32]) };
        line.to_string()
    }

    /// Takes out what the type bars from such a request, puts in what it asks for, and marks it accordingly.
    fn within_limits(&mut self, rule: &RequestType, request: &mut Request, now: Timestamp) {
        for limit in &rule.limits {
            if !limit.holds(request) {
                continue;
            }
            limit.empty.iter().for_each(|id| drop(request.fields.remove(id)));
            for field in limit.needs.iter().filter_map(|id| rule.field(id)) {
                let demanded = Field { required: true, ..field.clone() };
                let value = self.value(&demanded, now).map(|value| (field.id.clone(), value));
                request.fields.extend(value);
            }
            request.personal_data &= limit.personal;
        }
        let holds = |field: &&Field| field.holds_persons() && request.fields.contains_key(&field.id);
        request.personal_data |= rule.fields.iter().any(|field| holds(&field));
        request.mark = rule.default_mark.max(rule.mark_for(request));
    }

    /// A command that `side` may give in the case at `now`, acting in `role`; `None` when the record leaves no way to
    /// do that act, however well it were worded.
    pub fn command(&mut self, case: &Case, side: Side, role: Role, act: ActKind, now: Timestamp) -> Option<Command> {
        let rule = case.rule(self.instrument)?;
        let deed = self.deed(case, rule, side, act, now)?;
        let partial = matches!(deed, Deed::Respond { extent: Extent::Part | Extent::NotExecutable, .. });
        if !partial && !case.steps.lacking(rule, &case.requested, &case.request, act).is_empty() {
            return None;
        }
        let office = self.office(case, side, &deed)?;
        let request = crate::case::opening(&deed).unwrap_or(&case.request).clone();
        let gates = self.gates(rule, Some(case), &request, &deed, &office, now)?;
        let author = author(act, officer(&office, role), &office);
        Some(Command { case: case.id.clone(), office, author, gates, deed })
    }

    /// The command by which a side would have a case go on under a version.
    pub fn adoption(&mut self, case: &Case, side: Side, role: Role, instrument: Hash32) -> Command {
        let office = case.office(side).clone();
        let author = Author::Officer(officer(&office, role));
        let deed = Deed::Adopt { instrument, reason: self.words("reason") };
        Command { case: case.id.clone(), office, author, gates: Vec::new(), deed }
    }

    /// Answers to every safeguard the type binds to an act; `None` when the record forbids one of them.
    pub fn gates(
        &mut self,
        rule: &RequestType,
        case: Option<&Case>,
        request: &Request,
        deed: &Deed,
        office: &OfficeId,
        now: Timestamp,
    ) -> Option<Vec<GateAnswer>> {
        let bound: Vec<Gate> = rule.gates_for(deed, Sensitivity::FULL).collect();
        let death = safeguard::death_possible(request, rule);
        if bound.contains(&Gate::DeathPenalty) && death && !safeguard::assured(case) {
            return None;
        }
        let mut answers = Vec::new();
        for gate in bound {
            let idle = safeguard::may_be_idle(gate, request, rule);
            let mut roles = safeguard::answerers(gate).to_vec();
            if deed.kind().is_prepared() && gate != Gate::HumanDecision {
                // One officer a role: whoever signs what a colleague wrote is not asked about it.
                roles.retain(|role| *role != Role::DecisionMaker);
            }
            let role = *self.one(&roles)?;
            answers.push(GateAnswer {
                gate,
                finding: if idle && self.coin() { Finding::NotEngaged } else { Finding::Satisfied },
                reason: self.words("reason"),
                by: officer(office, role),
                office: office.clone(),
                at: now,
            });
        }
        Some(answers)
    }

    fn deed(&mut self, case: &Case, rule: &RequestType, side: Side, act: ActKind, now: Timestamp) -> Option<Deed> {
        Some(match act {
            ActKind::Submit => {
                let request = self.request(rule, case.office(side), case.office(side.other()), now);
                Deed::Submit { request: Box::new(request) }
            }
            ActKind::Advise => Deed::Advise { advice: self.words("advice") },
            ActKind::Acknowledge => Deed::Acknowledge {
                reference: format!("REF-{}", self.number(1_000)),
                officer: officer(case.office(side), Role::Intake),
                contact: "desk".to_owned(),
            },
            ActKind::BeginReview => Deed::BeginReview {},
            ActKind::ReturnIncomplete if !case.returned => Deed::ReturnIncomplete {
                items: vec![MissingItem { field: "other".to_owned(), want: self.words("want") }],
            },
            ActKind::Supplement => {
                let field = self.one(&rule.fields)?;
                let fields = self.value(field, now).map(|value| (field.id.clone(), value)).into_iter().collect();
                let note = self.words("note");
                let with = |fields| Deed::Supplement {
                    fields,
                    attachments: Vec::new(),
                    unable: BTreeMap::new(),
                    note: note.clone(),
                };
                let deed = with(fields);
                let whole = carriage::supplemented(&case.request, &deed);
                if whole.is_some_and(|whole| carriage::barred(&whole, rule).is_empty()) {
                    return Some(deed);
                }
                with(BTreeMap::new())
            }
            ActKind::DeclineConditions => Deed::DeclineConditions { reason: self.words("reason") },
            ActKind::AcceptConditions => Deed::AcceptConditions { undertaking: self.words("undertaking") },
            ActKind::Resume => Deed::Resume {},
            ActKind::Reconsider if !case.reconsidered => Deed::Reconsider { argument: self.words("argument") },
            ActKind::BeginExecution => Deed::BeginExecution {},
            ActKind::Interim => Deed::Interim { answer: self.words("answer"), attachments: Vec::new() },
            ActKind::Ask => Deed::Ask { question: self.words("question") },
            // What takes both sides, each does once.
            ActKind::ReportOutcome if !case.both.get(&act).is_some_and(|done| done.contains(&side)) => {
                let usefulness = u8::try_from(1 + self.number(5)).unwrap_or(1);
                Deed::ReportOutcome { usefulness, used_for: self.words("use") }
            }
            ActKind::Withdraw if case.is_bound(rule, side) => return None,
            ActKind::Close => Deed::Close { lesson: self.coin().then(|| self.words("lesson")) },
            ActKind::Withdraw if case.leaves_to_withdraw(rule) => Deed::Withdraw { reason: self.words("reason") },
            ActKind::ConfirmRelease => Deed::ConfirmRelease { note: self.words("note") },
            ActKind::Escalate if case.ladder.level < TOP_LEVEL => {
                Deed::Escalate { level: case.ladder.level + 1, reason: Some(self.words("reason")) }
            }
            _ => return self.decision(case, rule, side, act, now),
        })
    }

    /// The deeds that choose among what the instrument or the record lists.
    fn decision(&mut self, case: &Case, rule: &RequestType, side: Side, act: ActKind, now: Timestamp) -> Option<Deed> {
        let party = case.party(side);
        Some(match act {
            ActKind::Transfer => {
                let others: Vec<&OfficeId> = judge::takes_over(rule, case.office(side)).collect();
                Deed::Transfer { to: (*self.one(&others)?).clone(), reason: self.words("reason") }
            }
            ActKind::OfferConditions => {
                let kinds: Vec<ConditionKind> = ConditionKind::ALL.iter().map(|(kind, _)| *kind).collect();
                let kind = *self.one(&kinds)?;
                Deed::OfferConditions { conditions: vec![Condition { kind, words: self.words("condition") }] }
            }
            ActKind::Postpone => {
                let days = 1 + self.number(20);
                Deed::Postpone { reason: self.words("reason"), review_on: self.day(party, now, days) }
            }
            ActKind::Accept => Deed::Accept { note: self.coin().then(|| self.words("note")) },
            ActKind::AcceptPart => Deed::AcceptPart { scope: self.words("scope") },
            ActKind::Refuse => {
                let grounds: Vec<Ground> = rule.grounds.iter().map(|admitted| admitted.ground).collect();
                let open = |one: &Ground| *one != Ground::Withheld && judge::open_ground(Some(case), *one);
                let reasons: Vec<Ground> = grounds.iter().copied().filter(open).collect();
                let ground = *self.one(&reasons)?;
                let withheld = grounds.contains(&Ground::Withheld) && judge::withholdable(ground) && self.coin();
                let reason = (!withheld).then(|| self.words("reason"));
                Deed::Refuse { ground, reason, considered: self.words("considered"), withheld }
            }
            ActKind::Uphold => Deed::Uphold { reason: self.words("reason") },
            ActKind::Reopen => Deed::Reopen { reason: self.words("reason") },
            ActKind::Record => return self.step(case, rule, side, now),
            ActKind::Preserve if rule.extras.contains(&ActKind::Preserve) => {
                let hours = i64::try_from(1 + self.number(200)).unwrap_or(1);
                let until = now.saturating_add(SignedDuration::from_hours(hours)).ok()?;
                Deed::Preserve { what: self.words("what"), until }
            }
            ActKind::Reply => {
                let open = case.questions.iter().position(|asked| asked.by != side && asked.reply.is_none())?;
                Deed::Reply { question: u32::try_from(open + 1).ok()?, answer: self.words("answer") }
            }
            ActKind::Respond => {
                let lacking = case.steps.lacking(rule, &case.requested, &case.request, ActKind::Respond);
                let first = case.steps.first_of(rule, &case.requested, &case.request, ActKind::Respond);
                let extents: &[Extent] = match (lacking.is_empty(), first.is_empty()) {
                    (true, _) => &[Extent::Full, Extent::Part, Extent::NotExecutable],
                    (false, true) => &[Extent::Part, Extent::NotExecutable],
                    (false, false) => &[Extent::NotExecutable],
                };
                let extent = *self.one(extents)?;
                Deed::Respond { extent, answer: self.words("answer"), attachments: Vec::new() }
            }
            ActKind::Regrade => {
                let urgencies: Vec<Urgency> = rule.clocks.keys().copied().collect();
                Deed::Regrade { urgency: *self.one(&urgencies)?, reason: self.words("reason") }
            }
            ActKind::AnswerEscalation => {
                let open = case.rungs.iter().find(|rung| rung.side == side && rung.answer.is_none())?;
                Deed::AnswerEscalation { level: open.level, answer: self.words("answer") }
            }
            // Used up (a second return, a fifth level), the beginning of a case, or a node's own act.
            _ => return self.together(case, side, act, now),
        })
    }

    /// An office of the side that may do the deed.
    fn office(&mut self, case: &Case, side: Side, deed: &Deed) -> Option<OfficeId> {
        let level = match deed {
            Deed::Uphold { .. } | Deed::Reopen { .. } => 2,
            Deed::AnswerEscalation { level, .. } if *level >= 2 => *level,
            _ => return Some(case.office(side).clone()),
        };
        let offices = self.instrument.rung(level)?.offices.get(case.party(side))?;
        // Whoever refused does not reconsider it, and each office has one who decides.
        let refused = |office: &OfficeId| case.refused_by == Some(officer(office, Role::DecisionMaker).id);
        let others: Vec<OfficeId> = offices.iter().filter(|office| level != 2 || !refused(office)).cloned().collect();
        self.one(&others).cloned()
    }

    /// A value of a field; sometimes none where none is demanded.
    fn value(&mut self, field: &Field, now: Timestamp) -> Option<FieldValue> {
        if !field.required && self.coin() {
            return None;
        }
        if field.form == Form::Hash {
            let hash = format!("{:064x}", 1 + self.number(1_000));
            let many = field.kind == FieldKind::Items;
            return Some(if many { FieldValue::Items(vec![hash]) } else { FieldValue::Line(hash) });
        }
        Some(match &field.kind {
            FieldKind::Prose => FieldValue::Prose(self.words("text")),
            FieldKind::Line => FieldValue::Line(format!("line {}", self.number(100))),
            FieldKind::Choice { options } => FieldValue::Choice(self.one(options)?.0.clone()),
            FieldKind::Date => FieldValue::Date(Date::constant(2016, 6, 13)),
            FieldKind::Interval => FieldValue::Interval { from: now, to: now },
            FieldKind::YesNo => FieldValue::YesNo(self.coin()),
            FieldKind::Penalty => {
                let penalties =
                    [Penalty::NoPrison, Penalty::YearsMax(7), Penalty::Life, Penalty::Death, Penalty::Unknown];
                FieldValue::Penalty(*self.one(&penalties)?)
            }
            FieldKind::Indicators => FieldValue::Indicators("{\"type\":\"bundle\"}".to_owned()),
            FieldKind::Person => FieldValue::Person(Box::new(NaturalPerson {
                names: vec![format!("person {}", self.number(100))],
                born: PartialDate { year: Some(1980), month: None, day: None },
                birthplace: String::new(),
                sex: Sex::Unstated,
                nationalities: Vec::new(),
                documents: Vec::new(),
            })),
            FieldKind::Office => {
                let offices: Vec<&OfficeId> = self.instrument.offices().keys().collect();
                FieldValue::Office((*self.one(&offices)?).clone())
            }
            FieldKind::Place => {
                FieldValue::Place(Place { words: format!("place {}", self.number(100)), position: None })
            }
            FieldKind::Money => FieldValue::Money(Money::new(&format!("{}", 1 + self.number(1_000)), "GBP").ok()?),
            FieldKind::Items => FieldValue::Items(vec![format!("item {}", self.number(100)), "another".to_owned()]),
            FieldKind::Parallel => FieldValue::Parallel(self.words("text")),
        })
    }

    /// A file such as a new version of the instrument travels in.
    fn bundle(&mut self) -> Attachment {
        let hash = |seed: usize| Hash32([u8::try_from(seed).unwrap_or(0); 32]);
        Attachment {
            name: "version.txt".to_owned(),
            media_type: "text/plain".to_owned(),
            bytes: 1,
            sha256: hash(self.number(250)),
            root: hash(self.number(250)),
            sealed_bytes: 17,
            chunk_bytes: 1 << 20,
            key: vec![0; 32],
        }
    }

    /// A few words in every language of the instrument.
    fn words(&mut self, what: &str) -> Prose {
        let number = self.number(1_000);
        let langs = self.instrument.langs();
        let texts = langs.iter().map(|lang| (lang.clone(), format!("{what} {number} ({lang})")));
        let texts: BTreeMap<_, _> = texts.collect();
        let original = self.one(langs).unwrap_or(&langs[0]).clone();
        Prose { original, texts }
    }

    /// So many days after `now` where the Party lives.
    fn day(&self, party: &PartyId, now: Timestamp, days: usize) -> Date {
        let days = i64::try_from(days).unwrap_or(1);
        let later = now.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(now);
        self.instrument.party(party).map_or(Date::MAX, |party| party.calendar.local(later).date())
    }

    fn one<'l, T>(&mut self, list: &'l [T]) -> Option<&'l T> {
        if list.is_empty() { None } else { list.get((self.pick)(list.len())) }
    }

    fn number(&mut self, below: usize) -> usize {
        (self.pick)(below)
    }

    fn coin(&mut self) -> bool {
        (self.pick)(2) == 1
    }
}

fn of<'l>(list: &'l [OfficeId], party: &PartyId) -> Vec<&'l OfficeId> {
    list.iter().filter(|office| office.party() == *party).collect()
}

/// The officer who holds a role in an office: one each.
#[must_use]
pub fn officer(office: &OfficeId, role: Role) -> Person {
    let name: String =
        format!("{}.{office}", role.code()).to_lowercase().chars().take(crate::ids::NAME_BYTES_MAX).collect();
    let id = OfficerId::new(&name).expect("role codes and office ids are letters, digits and hyphens");
    Person { id, name, role }
}

/// Who enters an act of this kind when `by` signs it: where another writes it, with the drafter of that office.
#[must_use]
pub fn author(act: ActKind, by: Person, office: &OfficeId) -> Author {
    if act.is_prepared() {
        Author::Signatory { by, drafter: officer(office, Role::Drafter) }
    } else {
        Author::Officer(by)
    }
}

/// Every role with each act an officer of `side` may do in it from the case's stage: the buttons of all their pages.
#[must_use]
pub fn buttons(case: &Case, side: Side) -> Vec<(Role, ActKind)> {
    let of = |role: Role| {
        procedure::open_to(case.procedure, case.stage(), side, role).into_iter().map(move |act| (role, act))
    };
    Role::ALL.iter().flat_map(|(role, _)| of(*role)).collect()
}
