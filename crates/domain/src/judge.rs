//! The rules an act must keep, the same on both nodes.
//!
//! Owns the one judgement that `decide` passes on our acts and `admit` on the other Party's: `form` (is the act well
//! made?), `place` (does it fit the case as it stands?) and the safeguards. Must not know who is asking.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::act::{About, Act, ActKind, Author, Deed, Ground, RecipientReport, Role, VOCABULARY};
use crate::amendment::BUNDLE_BYTES_MAX;
use crate::case::{ACTS_MAX, Case, opening};
use crate::content::{self, Bar, FieldValue, LINE_CHARS_MAX, Lack, Missing, Request, carriage};
use crate::due;
use crate::handling::Classification;
use crate::ids::{Hash32, OfficeId, PartyId, TypeCode};
use crate::instrument::{Carries, Instrument, RequestType, TypeStatus, Versions};
use crate::procedure::{self, By, Side, Stage};
use crate::refusal::Refusal;
use crate::safeguard;
use crate::text::{Lang, Prose};

mod adoption;
mod chain;
mod continued;
mod form;
mod forward;
mod matching;
mod order;
mod report;
mod supplement;

pub use chain::chained;
pub use continued::{continues, may_continue};
use form::{form, listed};
pub use matching::MATCH_FILE_BYTES_MAX;

/// Most items of any list inside an act: missing items, conditions, gate answers.
pub const LIST_MAX: usize = 64;

/// The level whose offices answer a reconsideration: the central authorities.
pub const CENTRAL_LEVEL: u8 = 2;

/// Judges an act against the case its author saw, under the version of the instrument that case runs under; an opening, under
/// the version it names.
///
/// # Errors
/// The first rule it breaks.
pub fn judge(view: Option<&Case>, versions: &(impl Versions + ?Sized), act: &Act) -> Result<(), Refusal> {
    if act.version != VOCABULARY {
        return Err(Refusal::UnknownVersion { version: act.version });
    }
    let under = view.map_or(act.instrument, |case| case.instrument);
    let instrument = versions.version(&under).filter(|under| under.hash() == act.instrument);
    let instrument = instrument.ok_or(Refusal::WrongInstrument)?;
    form(instrument, act)?;
    match view {
        None => opens(instrument, act)?,
        Some(case) => {
            if case.record.len() >= ACTS_MAX {
                return Err(Refusal::CaseFull);
            }
            place(case, instrument, act)?;
            timely(case, instrument, act)?;
            adoption::judge(case, versions, act)?;
        }
    }
    let request = opening(&act.deed).or(view.map(|case| &case.request)).ok_or(Refusal::UnknownCase)?;
    let rule = rule(instrument, &request.type_code)?;
    carried(rule, request, act)?;
    contents(instrument, rule, view, act)?;
    prepared(act)?;
    safeguard::judge(view, request, rule, instrument.langs(), act)
}

/// Whether an act fits a case as it stands: the side, the hand, the stage, the office, and what may be done only once.
///
/// # Errors
/// The first rule it breaks; in a fold, that makes the act moot.
pub fn place(case: &Case, instrument: &Instrument, act: &Act) -> Result<(), Refusal> {
    let side = case.side(&act.by).ok_or_else(|| Refusal::NotAParty { party: act.by.clone() })?;
    hand(side, act, case)?;
    competent(case, instrument, side, act)?;
    match &act.deed {
        Deed::ReturnIncomplete { .. } if case.returned => Err(Refusal::AlreadyReturned),
        Deed::Reconsider { .. } if case.reconsidered => Err(Refusal::AlreadyReconsidered),
        Deed::Uphold { .. } | Deed::Reopen { .. } if refused_it(case, act) => Err(Refusal::OwnRefusal),
        Deed::Reply { question, .. } => open_question(case, side, *question),
        Deed::Escalate { level, .. } if *level != case.ladder.level + 1 || *level > TOP_LEVEL => {
            Err(Refusal::WrongLevel { level: *level })
        }
        Deed::AnswerEscalation { level, .. } => open_rung(case, side, *level),
        Deed::Submit { request } if request.to != case.requested_office => {
            Err(Refusal::NotCompetent { office: request.to.clone() })
        }
        _ => order::judge(case, instrument, side, act),
    }
}

/// Whether the officer who would reconsider a refusal is the one who refused: nobody looks at their own decision anew.
#[must_use]
pub fn refused_it(case: &Case, act: &Act) -> bool {
    act.author.officer().is_some_and(|person| case.refused_by.as_ref() == Some(&person.id))
}

/// The co-chairs: nobody stands above them.
pub const TOP_LEVEL: u8 = 4;

/// The type's rules, provided it is switched on.
///
/// # Errors
/// [`Refusal::UnknownType`] or [`Refusal::TypeNotOn`].
pub fn rule<'i>(instrument: &'i Instrument, code: &TypeCode) -> Result<&'i RequestType, Refusal> {
    let rule = instrument.request_type(code).ok_or_else(|| Refusal::UnknownType { type_code: code.clone() })?;
    if rule.status != TypeStatus::On {
        return Err(Refusal::TypeNotOn { type_code: code.clone() });
    }
    Ok(rule)
}

/// Whether the texts a type waits for are among those both sides have signed. The node that keeps the cases says which.
///
/// # Errors
/// [`Refusal::TextAwaited`] with the first that is not.
pub fn unlocked(rule: &RequestType, settled: &BTreeSet<String>) -> Result<(), Refusal> {
    match rule.needs_texts.iter().find(|text| !settled.contains(*text)) {
        Some(text) => Err(Refusal::TextAwaited { type_code: rule.code.clone(), text: text.clone() }),
        None => Ok(()),
    }
}

/// Whether two persons stand for an act that one writes and another signs, and one for every other.
fn prepared(act: &Act) -> Result<(), Refusal> {
    let kind = act.deed.kind();
    match (&act.author, kind.is_prepared()) {
        (Author::Officer(_), true) => Err(Refusal::Unprepared { act: kind }),
        (Author::Signatory { by, drafter }, true) if by.id == drafter.id => Err(Refusal::FourEyes),
        (Author::Signatory { drafter, .. }, true) => in_role(procedure::WRITING, act, drafter.role),
        (Author::Signatory { .. }, false) => Err(Refusal::WrongHand { act: kind }),
        (Author::Officer(_), false) | (Author::Machine, _) => Ok(()),
    }
}

/// What the first act of a case must be.
fn opens(instrument: &Instrument, act: &Act) -> Result<(), Refusal> {
    let request = opening(&act.deed).ok_or(Refusal::UnknownCase)?;
    if act.case.opened_by() != act.by {
        return Err(Refusal::NotAParty { party: act.by.clone() });
    }
    let rule = rule(instrument, &request.type_code)?;
    if !act.case.as_str().starts_with(&format!("{}-{}-", act.by, rule.series)) {
        return Err(Refusal::UnknownCase);
    }
    let row = procedure::rows(rule.procedure, Stage::Draft, act.deed.kind()).next();
    match (row, act.author.officer()) {
        (Some(row), Some(person)) => in_role(row.roles, act, person.role)?,
        _ => return Err(Refusal::WrongHand { act: act.deed.kind() }),
    }
    if !rule.may_send.contains(&act.office) {
        return Err(Refusal::NotCompetent { office: act.office.clone() });
    }
    if request.to.party() == act.by || !rule.may_receive.contains(&request.to) {
        return Err(Refusal::NotCompetent { office: request.to.clone() });
    }
    Ok(())
}

/// Whether this hand of this side may do this in this stage.
fn hand(side: Side, act: &Act, case: &Case) -> Result<(), Refusal> {
    let (kind, stage) = (act.deed.kind(), case.stage());
    let rows: Vec<_> = case.rows(kind).collect();
    if rows.is_empty() {
        return Err(Refusal::NotNow { act: kind, stage });
    }
    let late = case.turn().map(|(side, _)| side);
    let mut refusal = Refusal::NotYourSide { act: kind };
    for row in rows {
        match (row.by, act.author.officer()) {
            (By::Officer(wanted), Some(person)) if wanted == side => return in_role(row.roles, act, person.role),
            (By::EitherOfficer, Some(person)) => return in_role(row.roles, act, person.role),
            (By::Node(wanted), None) if wanted == side => return Ok(()),
            (By::WaitingNode, None) if late == Some(side.other()) => return Ok(()),
            (By::EitherNode, None) => return Ok(()),
            (By::Officer(wanted) | By::Node(wanted), _) if wanted == side => {
                refusal = Refusal::WrongHand { act: kind };
            }
            _ => {}
        }
    }
    Err(refusal)
}

fn in_role(roles: &[Role], act: &Act, role: Role) -> Result<(), Refusal> {
    if roles.contains(&role) {
        return Ok(());
    }
    Err(Refusal::NotYourRole { act: act.deed.kind(), role, may: roles.to_vec() })
}

/// Whether the office may do it: the one that has the case; the central authorities for a reconsideration; an office of
/// the level reached for an answer on the ladder.
fn competent(case: &Case, instrument: &Instrument, side: Side, act: &Act) -> Result<(), Refusal> {
    let at_level = |level: u8| {
        instrument
            .rung(level)
            .and_then(|rung| rung.offices.get(&act.by))
            .is_some_and(|offices| offices.contains(&act.office))
    };
    let own = *case.office(side) == act.office;
    let may = match &act.deed {
        Deed::Uphold { .. } | Deed::Reopen { .. } => at_level(CENTRAL_LEVEL),
        Deed::AnswerEscalation { level, .. } => holds(case, instrument, side, &act.office, *level),
        Deed::Escalate { .. } | Deed::LogContact { .. } => own || (1..=TOP_LEVEL).any(at_level),
        Deed::Record { step, .. } => own || lends(case, instrument, step, &act.office),
        // Whoever is to do a thing says that it is done.
        Deed::CheckUndertaking { number, .. } => own || owns_task(case, *number, &act.office),
        _ => own,
    };
    match &act.deed {
        Deed::AnswerEscalation { level, .. } if !may => {
            Err(Refusal::NotOfLevel { office: act.office.clone(), level: *level })
        }
        _ if !may => Err(Refusal::NotCompetent { office: act.office.clone() }),
        Deed::Transfer { to, .. }
            if !takes_over(rule(instrument, &case.type_code)?, &act.office).any(|one| one == to) =>
        {
            Err(Refusal::NotCompetent { office: to.clone() })
        }
        _ => Ok(()),
    }
}

/// The offices a matter of this type may be passed to by one that has it, each once: others of the same Party that may have it.
pub fn takes_over<'r>(rule: &'r RequestType, from: &'r OfficeId) -> impl Iterator<Item = &'r OfficeId> {
    let further = rule.may_execute.iter().filter(|office| !rule.may_receive.contains(office));
    rule.may_receive.iter().chain(further).filter(move |office| office.party() == from.party() && *office != from)
}

/// The levels of the ladder at which an answer of this office's side is owed and this office may give it, in their order.
#[must_use]
pub fn answerable(case: &Case, instrument: &Instrument, office: &OfficeId) -> Vec<u8> {
    let party = office.party();
    let Some(side) = case.side(&party) else { return Vec::new() };
    let owed = |level: u8| open_rung(case, side, level).is_ok();
    (1..=TOP_LEVEL).filter(|level| owed(*level) && holds(case, instrument, side, office, *level)).collect()
}

/// Whether an office answers at a level: one the instrument names there; at the foot, the one that has the case.
fn holds(case: &Case, instrument: &Instrument, side: Side, office: &OfficeId, level: u8) -> bool {
    let offices = instrument.rung(level).and_then(|rung| rung.offices.get(&office.party()));
    let own = case.office(side) == office && level < CENTRAL_LEVEL;
    own || offices.is_some_and(|offices| offices.contains(office))
}

/// Whether an office is its Party's central authority: it answers reconsiderations.
#[must_use]
pub fn is_central(instrument: &Instrument, office: &OfficeId) -> bool {
    let offices = instrument.rung(CENTRAL_LEVEL).and_then(|rung| rung.offices.get(&office.party()));
    offices.is_some_and(|offices| offices.contains(office))
}

/// Whether an office may prepare a safeguard answer for an act of its Party in a case: the one that has it, or one the
/// instrument lets do that act in another's case. Which of them acted is judged with the act (`safeguard::judge`).
#[must_use]
pub fn answers_in(case: &Case, instrument: &Instrument, kind: ActKind, office: &OfficeId) -> bool {
    let party = office.party();
    let Some(side) = case.side(&party) else { return false };
    let at_level = |level: u8| {
        let offices = instrument.rung(level).and_then(|rung| rung.offices.get(&party));
        offices.is_some_and(|offices| offices.contains(office))
    };
    case.office(side) == office
        || match kind {
            ActKind::Uphold | ActKind::Reopen => at_level(CENTRAL_LEVEL),
            ActKind::AnswerEscalation | ActKind::Escalate | ActKind::LogContact => (1..=TOP_LEVEL).any(at_level),
            ActKind::Record => {
                case.rule(instrument).is_some_and(|rule| rule.steps.iter().any(|step| step.offices.contains(office)))
            }
            _ => false,
        }
}

/// Whether an office does acts of this kind in a case, as far as the kind alone tells: what is asked before there is an act
/// to judge. A reconsideration is the central authority's alone, also where another office has the case.
#[must_use]
pub fn acts_in(case: &Case, instrument: &Instrument, kind: ActKind, office: &OfficeId) -> bool {
    let answers = answers_in(case, instrument, kind, office);
    answers && (!matches!(kind, ActKind::Uphold | ActKind::Reopen) || is_central(instrument, office))
}

/// Whether an undertaking is a thing this office is to do.
fn owns_task(case: &Case, number: u32, office: &OfficeId) -> bool {
    let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    let one = place.and_then(|place| case.care.undertakings.get(place));
    one.and_then(|one| one.task.as_ref()).is_some_and(|task| task.owner == *office)
}

/// Whether the instrument lets this office record that step of a matter another has: a court, a ministry.
fn lends(case: &Case, instrument: &Instrument, step: &str, office: &OfficeId) -> bool {
    let rule = case.rule(instrument);
    rule.and_then(|rule| rule.step(step)).is_some_and(|step| step.offices.contains(office))
}

/// What depends on the type and on what was said before.
fn contents(instrument: &Instrument, rule: &RequestType, view: Option<&Case>, act: &Act) -> Result<(), Refusal> {
    match &act.deed {
        Deed::Submit { request } => submittable(instrument, rule, view, request, act),
        Deed::Preconsult { request } => showable(instrument, rule, request),
        Deed::Supplement { fields, unable, .. } => {
            supplement::judge(instrument, rule, view, (fields, unable))?;
            planned(instrument, rule, fields, act)
        }
        Deed::Refuse { ground, withheld, .. } => admitted(rule, view, *ground, *withheld),
        Deed::Postpone { review_on, .. } => {
            ahead(instrument, act, *review_on)?;
            reviewed_in_time(act, *review_on)
        }
        Deed::Preserve { until, .. } => {
            switched_on(rule, view, act)?;
            if *until > act.at { Ok(()) } else { Err(Refusal::DateNotAhead) }
        }
        Deed::BookAsset { .. } | Deed::SettleItem { .. } => switched_on(rule, view, act),
        Deed::TableItem { about, .. } => {
            switched_on(rule, view, act)?;
            taken_up(view, about.as_ref())
        }
        Deed::Undertake { owner, due_on, .. } => {
            switched_on(rule, view, act)?;
            // A Party binds only itself.
            if owner.party() != act.by || instrument.office(owner).is_none() {
                return Err(Refusal::UnknownOffice { office: owner.clone() });
            }
            ahead(instrument, act, *due_on)
        }
        // In the author's view only: how a text was written does not undo a signature that stands.
        Deed::SignText { version, .. } => agreed_throughout(view, *version),
        Deed::Record { until: Some(day), .. } | Deed::Extend { until: day, .. } => ahead(instrument, act, *day),
        Deed::ProposeText { text, .. } => {
            whole(instrument, text)?;
            report::carries(view, rule, text)?;
            match view.and_then(|case| content::amendment(&case.request, rule)) {
                Some((hash, _)) if !named_in_full(text, hash) => Err(Refusal::TextWithoutHash),
                Some(_) | None => Ok(()),
            }
        }
        Deed::CiteNorm { norm, .. } if !instrument.norms().iter().any(|known| known.id == *norm) => {
            Err(Refusal::UnknownNorm { norm: norm.chars().take(LINE_CHARS_MAX).collect() })
        }
        Deed::LogContact { level, .. } if *level > TOP_LEVEL => Err(Refusal::WrongLevel { level: *level }),
        // In the author's view only: consent that crosses the report in the post was not used when it was made.
        Deed::ReportCompliance { complied: true, recipients, .. } => reached(view, act, recipients),
        Deed::Forward { .. } => forward::judge(instrument, rule, view, act),
        Deed::ReportOutcome { usefulness, .. } if !(1..=5).contains(usefulness) => Err(Refusal::BadScore),
        Deed::Regrade { urgency, .. } if !rule.clocks.contains_key(urgency) => {
            Err(Refusal::UrgencyNotOffered { urgency: *urgency })
        }
        _ => Ok(()),
    }
}

/// What an item takes up lies between the Parties of the meeting, and is not the meeting itself.
fn taken_up(view: Option<&Case>, about: Option<&About>) -> Result<(), Refusal> {
    let (Some(case), Some(about)) = (view, about) else { return Ok(()) };
    let named = match about {
        About::Case(named) => named,
        About::Item(item) => &item.round,
    };
    let ours = [&case.requesting, &case.requested].into_iter().any(|party| named.opened_by() == *party);
    if ours && *named != case.id { Ok(()) } else { Err(Refusal::UnknownCase) }
}

/// What still stands in brackets is not agreed, and nobody signs it.
fn agreed_throughout(view: Option<&Case>, version: u32) -> Result<(), Refusal> {
    let table = view.and_then(|case| case.talk.on_table()).filter(|(number, _)| *number == version);
    let open = table.map_or(0, |(_, text)| text.text.bracketed());
    if open == 0 { Ok(()) } else { Err(Refusal::BracketsOpen { version, count: open }) }
}

/// Acts that not every type has.
fn switched_on(rule: &RequestType, view: Option<&Case>, act: &Act) -> Result<(), Refusal> {
    let kind = act.deed.kind();
    if rule.extras.contains(&kind) {
        return Ok(());
    }
    Err(Refusal::NotNow { act: kind, stage: view.map_or(Stage::Draft, Case::stage) })
}

/// Every copy was reached only if that of every onward recipient was (SG-12).
fn reached(view: Option<&Case>, act: &Act, recipients: &[RecipientReport]) -> Result<(), Refusal> {
    let Some((case, side)) = view.and_then(|case| Some((case, case.side(&act.by)?))) else { return Ok(()) };
    let said = |name: &str| recipients.iter().any(|one| one.recipient == name && one.complied);
    let unreached = recipients.iter().find(|one| !one.complied).map(|one| one.recipient.as_str());
    let unnamed = || case.care.recipients(side).into_iter().find(|name| !said(name));
    match unreached.or_else(unnamed) {
        Some(name) => Err(Refusal::RecipientNotReached { recipient: name.to_owned() }),
        None => Ok(()),
    }
}

/// Whether a draft may be kept at all: nothing above the ceiling, and no material where only its hash may be.
///
/// # Errors
/// [`Refusal::AboveCeiling`] or [`Refusal::NotCarried`].
pub fn keepable(rule: &RequestType, request: &Request) -> Result<(), Refusal> {
    if request.classification == Classification::Classified {
        return Err(Refusal::AboveCeiling);
    }
    let material = |bar: &Bar| matches!(bar, Bar::File | Bar::Address | Bar::Bytes);
    let barred = carriage::barred(request, rule).into_iter().find_map(|one| match one.what {
        Lack::Barred(bar) if material(&bar) => Some(Refusal::NotCarried { place: one.field, bar }),
        _ => None,
    });
    barred.map_or(Ok(()), Err)
}

/// Whether any file may travel in such a matter, asked before the first byte of one is taken in.
///
/// # Errors
/// [`Refusal::NotCarried`].
pub fn takes_files(rule: &RequestType, request: &Request) -> Result<(), Refusal> {
    match rule.carries(request) {
        Carries::HashesOnly => Err(Refusal::NotCarried { place: "attachments".to_owned(), bar: Bar::File }),
        Carries::Anything | Carries::Documents => Ok(()),
    }
}

/// What the matter would hold with this act, and what the act carries beside it, is nothing its type bars.
fn carried(rule: &RequestType, request: &Request, act: &Act) -> Result<(), Refusal> {
    let whole = carriage::supplemented(request, &act.deed);
    let standing = whole.as_ref().unwrap_or(request);
    let holds = if whole.is_some() || opening(&act.deed).is_some() {
        carriage::barred(standing, rule).into_iter().next()
    } else {
        None
    };
    match holds.or_else(|| carriage::barred_act(act, standing, rule)) {
        Some(one) => Err(barred(one)),
        None => Ok(()),
    }
}

/// The refusal of one thing a type bars.
fn barred(one: Missing) -> Refusal {
    match one.what {
        Lack::Barred(Bar::Mark(_)) => Refusal::MarkTooWeak,
        Lack::Barred(bar) => Refusal::NotCarried { place: one.field, bar },
        _ => Refusal::Incomplete { missing: vec![one] },
    }
}

fn submittable(
    instrument: &Instrument,
    rule: &RequestType,
    view: Option<&Case>,
    request: &Request,
    act: &Act,
) -> Result<(), Refusal> {
    ceiling(rule, request)?;
    if view.is_some_and(|case| case.type_code != request.type_code) {
        return Err(Refusal::UnknownType { type_code: request.type_code.clone() });
    }
    if !rule.clocks.contains_key(&request.urgency) {
        return Err(Refusal::UrgencyNotOffered { urgency: request.urgency });
    }
    let missing = content::missing(request, rule, instrument.langs());
    if !missing.is_empty() {
        return Err(Refusal::Incomplete { missing });
    }
    if act.author.officer().is_some_and(|signatory| signatory.id == request.drafter.id) {
        return Err(Refusal::FourEyes);
    }
    // What is over before it is sent would lapse unread.
    let end = rule.expires.as_ref().and_then(|field| request.fields.get(field));
    if let Some(FieldValue::Date(day)) = end {
        ahead(instrument, act, *day)?;
    }
    if let Some((_, day)) = content::amendment(request, rule) {
        ahead(instrument, act, day)?;
        if request.attachments.iter().any(|file| file.bytes > BUNDLE_BYTES_MAX as u64) {
            return Err(Refusal::TooLong { what: "attachment", max: BUNDLE_BYTES_MAX });
        }
    }
    report::proposable(rule, request, act)?;
    planned(instrument, rule, &request.fields, act)?;
    match request.needed_by {
        Some(date) => ahead(instrument, act, date),
        None => Ok(()),
    }
}

/// The parts of a request whose day would be refused if `party` sent it now: said while it is written, before others have
/// answered for it.
#[must_use]
pub fn passed(
    instrument: &Instrument,
    rule: &RequestType,
    request: &Request,
    party: &PartyId,
    now: Timestamp,
) -> Vec<Missing> {
    let Some(party) = instrument.party(party) else { return Vec::new() };
    let local = |at: Timestamp| party.calendar.local(at).date();
    let own = rule.fields.iter().filter(|field| {
        let amends = rule.amends.as_ref().map(|amends| &amends.from);
        field.ahead || rule.expires.as_ref() == Some(&field.id) || amends == Some(&field.id)
    });
    let of_field = |id: &str| match request.fields.get(id) {
        Some(FieldValue::Date(day)) => Some(*day),
        Some(FieldValue::Interval { from, .. }) => Some(local(*from)),
        _ => None,
    };
    let mut days: Vec<(&str, Option<Date>)> = vec![("needed_by", request.needed_by)];
    days.extend(own.map(|field| (field.id.as_str(), of_field(&field.id))));
    let gone = days.into_iter().filter(|(_, day)| day.is_some_and(|day| day < local(now)));
    gone.map(|(field, _)| Missing { field: field.to_owned(), what: Lack::Passed }).collect()
}

/// The days of a plan lie ahead when it is proposed: what has begun can no longer be agreed.
fn planned(
    instrument: &Instrument,
    rule: &RequestType,
    fields: &BTreeMap<String, FieldValue>,
    act: &Act,
) -> Result<(), Refusal> {
    let party = instrument.party(&act.by).ok_or_else(|| Refusal::NotAParty { party: act.by.clone() })?;
    for field in rule.fields.iter().filter(|field| field.ahead) {
        match fields.get(&field.id) {
            Some(FieldValue::Date(day)) => ahead(instrument, act, *day)?,
            Some(FieldValue::Interval { from, .. }) => ahead(instrument, act, party.calendar.local(*from).date())?,
            _ => {}
        }
    }
    Ok(())
}

/// A draft shown for advice may lack anything, but holds nothing that no request may hold.
fn showable(instrument: &Instrument, rule: &RequestType, request: &Request) -> Result<(), Refusal> {
    ceiling(rule, request)?;
    let mut wrong = content::missing(request, rule, instrument.langs());
    wrong.retain(|missing| matches!(missing.what, Lack::TooLong(_) | Lack::WrongKind | Lack::Unknown));
    if wrong.is_empty() { Ok(()) } else { Err(Refusal::Incomplete { missing: wrong }) }
}

/// The ceiling of promise 8, and the weakest mark the type allows.
///
/// # Errors
/// [`Refusal::AboveCeiling`] or [`Refusal::MarkTooWeak`].
pub fn ceiling(rule: &RequestType, request: &Request) -> Result<(), Refusal> {
    if request.classification == Classification::Classified {
        return Err(Refusal::AboveCeiling);
    }
    if request.mark < rule.mark_min {
        return Err(Refusal::MarkTooWeak);
    }
    Ok(())
}

fn admitted(rule: &RequestType, view: Option<&Case>, ground: Ground, withheld: bool) -> Result<(), Refusal> {
    // A withheld reason is no reason: RF-16 stands beside the ground, where the type admits it, never in its place.
    if !rule.admits(ground) || ground == Ground::Withheld {
        return Err(Refusal::GroundNotAdmitted { ground });
    }
    if withheld && !(rule.admits(Ground::Withheld) && withholdable(ground)) {
        return Err(Refusal::ReasonNotWithholdable { ground });
    }
    if open_ground(view, ground) { Ok(()) } else { Err(Refusal::NotReturnedBefore) }
}

/// Whether a ground can be there as the case stands: incomplete after notice only where notice was given, by the one
/// itemised return (domain reference §2.2, RF-12). What is never supplied lapses by its own clock and needs no refusal.
#[must_use]
pub fn open_ground(view: Option<&Case>, ground: Ground) -> bool {
    ground != Ground::Incomplete || view.is_some_and(|case| case.returned)
}

/// The grounds whose reason may be withheld.
#[must_use]
pub fn withholdable(ground: Ground) -> bool {
    matches!(ground, Ground::EssentialInterests | Ground::IllTreatment)
}

/// A date named in an act must not lie in the past where the requested side lives.
fn ahead(instrument: &Instrument, act: &Act, date: jiff::civil::Date) -> Result<(), Refusal> {
    let party = instrument.party(&act.by).ok_or_else(|| Refusal::NotAParty { party: act.by.clone() })?;
    let today = party.calendar.local(act.at).date();
    if date >= today { Ok(()) } else { Err(Refusal::DateNotAhead) }
}

/// Longest wait before what was postponed is looked at again, in days: a clock that runs out when everybody has retired is none.
const REVIEW_DAYS_MAX: i64 = 366;

fn reviewed_in_time(act: &Act, review_on: jiff::civil::Date) -> Result<(), Refusal> {
    let wait = jiff::tz::TimeZone::UTC.to_datetime(act.at).date().duration_until(review_on);
    if wait.as_hours() / 24 > REVIEW_DAYS_MAX {
        Err(Refusal::ReviewTooFar { days_max: REVIEW_DAYS_MAX })
    } else {
        Ok(())
    }
}

/// A text both are to sign stands in every language of the instrument.
fn whole(instrument: &Instrument, text: &Prose) -> Result<(), Refusal> {
    let empty = |lang: &&Lang| text.texts.get(*lang).is_none_or(|words| words.trim().is_empty());
    match instrument.langs().iter().find(empty) {
        Some(lang) => {
            let what = Lack::Translation(lang.clone());
            Err(Refusal::Incomplete { missing: vec![Missing { field: "text".to_owned(), what }] })
        }
        None if text.texts.len() > instrument.langs().len() => {
            Err(Refusal::TooLong { what: "text", max: instrument.langs().len() })
        }
        None => Ok(()),
    }
}

/// The text both sign says in every language which version it brings in, so that the signatures cover it.
fn named_in_full(text: &Prose, hash: Hash32) -> bool {
    let digits = hash.to_string();
    text.texts.values().all(|words| words.contains(&digits))
}

/// A node's own acts must be due by the clock they claim ran out.
fn timely(case: &Case, instrument: &Instrument, act: &Act) -> Result<(), Refusal> {
    if act.at < case.opened_at && act.by == case.requesting {
        return Err(Refusal::ImpossibleTime);
    }
    match act.author {
        Author::Officer(_) | Author::Signatory { .. } => Ok(()),
        // How long contents are kept is agreed: no certificate stands before that time is over.
        Author::Machine if matches!(act.deed, Deed::CertifyDeletion { .. }) => {
            let over = due::kept_until(case, instrument, &act.by).is_some_and(|until| until <= act.at);
            if over { Ok(()) } else { Err(Refusal::NotYetDue) }
        }
        Author::Machine if due::due(case, instrument, &act.by, act.at).contains(&act.deed) => Ok(()),
        Author::Machine => Err(Refusal::NotYetDue),
    }
}

fn open_question(case: &Case, side: Side, question: u32) -> Result<(), Refusal> {
    let place = usize::try_from(question).ok().and_then(|number| number.checked_sub(1));
    match place.and_then(|place| case.questions.get(place)) {
        Some(asked) if asked.by != side && asked.reply.is_none() => Ok(()),
        _ => Err(Refusal::UnknownQuestion { question }),
    }
}

fn open_rung(case: &Case, side: Side, level: u8) -> Result<(), Refusal> {
    let open = case.rungs.iter().any(|rung| rung.level == level && rung.side == side && rung.answer.is_none());
    if open { Ok(()) } else { Err(Refusal::WrongLevel { level }) }
}
