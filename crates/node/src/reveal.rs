//! Seeing behind a mask: asked with reasons, granted by a custodian, both signed and kept at home.
//!
//! Owns how an office of ours sees a case, and the record of what was revealed to whom. Nothing of it leaves the house. Must
//! not know what a mask takes out (`domain::case::masked`).

use domain::act::{ActKind, Person, Role};
use domain::case::{self, Mask};
use domain::ids::{CaseId, Hash32, OfficeId};
use domain::menu::Menu;
use domain::procedure::Side;
use domain::refusal::Refusal;
use jiff::Timestamp;
use ledger::canon;
use ledger::envelope::{authority_seal, open_authority_seal};
use ledger::hash::sha256;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::{Batch, Event, EventLevel, LocalRow, Reader, Store, Write};

use crate::Env;
use crate::dossier::Dossier;
use crate::fault::{Failure, Fault};
use crate::gates::commit_failure;
use crate::notes::NOTE_CHARS_MAX;
use crate::party::Node;
use crate::view::Viewer;

/// Who may grant or deny: those who answer for the law or decide in the office that has the whole case.
pub const CUSTODIANS: &[Role] = &[Role::LegalReviewer, Role::DecisionMaker, Role::Approver];

/// Most questions of one case: each is answered by a person.
const REVEALS_MAX: usize = 1_000;

/// A question whether an office may see behind the mask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reveal {
    /// The case.
    pub case: CaseId,
    /// The office that would see it whole.
    pub office: OfficeId,
    /// Who asks.
    pub by: Person,
    /// Why it must be seen, in whatever language.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// What the custodian said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revealed {
    /// The question, by the hash of what its office signed.
    pub asked: Hash32,
    /// Whether the office may.
    pub granted: bool,
    /// The office that has the whole case.
    pub office: OfficeId,
    /// The custodian.
    pub by: Person,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// A custodian's answer as it is given; when is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// Whether the office may see the case whole.
    pub granted: bool,
    /// The custodian's office: the one that has the case.
    pub office: OfficeId,
    /// The custodian.
    pub by: Person,
    /// Why.
    pub reason: String,
}

/// Both as kept: what each office signed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    office: OfficeId,
    asked: Vec<u8>,
    custodian: Option<OfficeId>,
    answered: Option<Vec<u8>>,
}

impl Node {
    /// Asks that an office which got a masked copy may see the case whole.
    ///
    /// # Errors
    /// [`Refusal::UnknownCase`] when the office has no masked copy of such a case; [`Refusal::NotYourRole`],
    /// [`Refusal::Wordless`] or [`Refusal::TooLong`]; [`Failure::Fault`].
    pub fn ask_reveal(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        case: &CaseId,
        (office, by): (&OfficeId, Person),
        reason: &str,
    ) -> Result<(), Failure> {
        let reader = store.reader()?;
        let dossier = self.load(&*reader, case)?.ok_or(Refusal::UnknownCase)?;
        let got = dossier.case.care.forwards.iter().any(|one| one.to == *office);
        let (_, mask) = self.seen_by(&*reader, dossier, office)?;
        if !got || mask.is_none() {
            return Err(Refusal::UnknownCase.into());
        }
        if by.role == Role::Auditor {
            let may = Role::ALL.iter().map(|(role, _)| *role).filter(|role| *role != Role::Auditor).collect();
            return Err(Refusal::NotYourRole { act: ActKind::Forward, role: by.role, may }.into());
        }
        let number = reader.local_list(&kind_of(case))?.len() + 1;
        drop(reader);
        if number > REVEALS_MAX {
            return Err(Refusal::TooLong { what: "reveals", max: REVEALS_MAX }.into());
        }
        let reason = worded(reason)?;
        let reveal = Reveal { case: case.clone(), office: office.clone(), by, reason, at: env.now };
        let asked = self.signed(office, &reveal)?;
        let kept = Kept { office: office.clone(), asked, custodian: None, answered: None };
        let open = LocalRow { kind: OPEN.to_owned(), key: open_key(case, number), version: 1, bytes: Vec::new() };
        self.keep(store, env, case, number, &kept, ("reveal-asked", Write::PutLocal(open)))
    }

    /// Grants or denies it, as a custodian of the office that has the whole case and never the one who asked.
    ///
    /// # Errors
    /// [`Refusal::NotCompetent`], [`Refusal::NotYourRole`], [`Refusal::FourEyes`], [`Refusal::UnknownNumber`] when nothing of
    /// that number is open, [`Refusal::Wordless`] or [`Refusal::TooLong`]; [`Failure::Fault`].
    pub fn answer_reveal(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        case: &CaseId,
        number: usize,
        ruling: Ruling,
    ) -> Result<(), Failure> {
        let Ruling { granted, office, by, reason } = ruling;
        let reader = store.reader()?;
        let dossier = self.load(&*reader, case)?.ok_or(Refusal::UnknownCase)?;
        let side = dossier.case.side(self.me()).unwrap_or(Side::Requesting);
        if *dossier.case.office(side) != office {
            return Err(Refusal::NotCompetent { office }.into());
        }
        if !CUSTODIANS.contains(&by.role) {
            return Err(Refusal::NotYourRole { act: ActKind::Forward, role: by.role, may: CUSTODIANS.to_vec() }.into());
        }
        let unknown = Refusal::UnknownNumber { act: ActKind::Forward, number: number as u64 };
        let row = reader.local(&kind_of(case), &key_of(number))?.ok_or_else(|| unknown.clone())?;
        drop(reader);
        let kept: Kept = self.open_local(&row)?;
        if kept.answered.is_some() {
            return Err(unknown.into());
        }
        let reveal: Reveal = self.opened(&kept.office, &kept.asked)?;
        if reveal.by.id == by.id {
            return Err(Refusal::FourEyes.into());
        }
        let reason = worded(&reason)?;
        let asked = Hash32(sha256(&[&kept.asked]));
        let revealed = Revealed { asked, granted, office: office.clone(), by, reason, at: env.now };
        let answered = Some(self.signed(&office, &revealed)?);
        let kept = Kept { custodian: Some(office), answered, ..kept };
        let code = if granted { "reveal-granted" } else { "reveal-denied" };
        let answered = Write::RemoveLocal { kind: OPEN.to_owned(), key: open_key(case, number) };
        self.keep(store, env, case, number, &kept, (code, answered))
    }

    /// Every question of a case with its answer, in the order asked; both seals are checked.
    ///
    /// # Errors
    /// [`Fault`] when one cannot be read, or its seal is not its office's.
    pub fn reveals(&self, reader: &dyn Reader, case: &CaseId) -> Result<Vec<(Reveal, Option<Revealed>)>, Fault> {
        let mut reveals = Vec::new();
        for row in reader.local_list(&kind_of(case))? {
            let kept: Kept = self.open_local(&row)?;
            let reveal: Reveal = self.opened(&kept.office, &kept.asked)?;
            let answer = match (&kept.custodian, &kept.answered) {
                (Some(office), Some(answered)) => Some(self.opened::<Revealed>(office, answered)?),
                _ => None,
            };
            let of_it = answer.as_ref().is_none_or(|answer| answer.asked.0 == sha256(&[&kept.asked]));
            if reveal.case != *case || !of_it {
                return Err(Fault::record(format!("{}/{}", row.kind, row.key), "signed for something else"));
            }
            reveals.push((reveal, answer));
        }
        Ok(reveals)
    }

    /// Which questions nobody has answered yet, by case and number: read off a note of each, so that a desk need not look
    /// through every case.
    pub(crate) fn open_reveals(&self, reader: &dyn Reader) -> Result<Vec<(CaseId, usize)>, Fault> {
        let read = |row: LocalRow| {
            let (case, number) = row.key.rsplit_once('/')?;
            Some((CaseId::new(case).ok()?, number.parse().ok()?))
        };
        Ok(reader.local_list(OPEN)?.into_iter().filter_map(read).collect())
    }

    /// A case as an office of ours sees it, and through which mask.
    ///
    /// # Errors
    /// [`Fault`] when a record cannot be read.
    pub fn seen_by(
        &self,
        reader: &dyn Reader,
        dossier: Dossier,
        office: &OfficeId,
    ) -> Result<(Dossier, Option<Mask>), Fault> {
        let side = dossier.case.side(self.me());
        let mask = side.and_then(|side| case::sight(&dossier.case, side, office));
        let Some(mask) = mask else { return Ok((dossier, None)) };
        // What was granted before the latest copy was granted of an earlier one.
        let copy = dossier.case.care.forwards.iter().rfind(|one| one.to == *office).map(|one| one.at);
        let opens = |(reveal, answer): &(Reveal, Option<Revealed>)| {
            let granted = answer.as_ref().filter(|answer| answer.granted).map(|answer| answer.at);
            reveal.office == *office && granted.is_some() && granted >= copy
        };
        if copy.is_some() && self.reveals(reader, &dossier.case.id)?.iter().any(opens) {
            return Ok((dossier, None));
        }
        let entries = case::masked(&dossier.entries, &mask);
        let folded = case::fold(self.instruments(), &entries);
        let case = folded.ok_or_else(|| Fault::record(dossier.case.id.as_str(), "nothing opens it"))?;
        Ok((Dossier { case, entries, ..dossier }, Some(mask)))
    }

    /// A case as a viewer sees it: an auditor reads everything, anybody else what their office does.
    pub(crate) fn shown_to(
        &self,
        reader: &dyn Reader,
        dossier: Dossier,
        viewer: &Viewer,
    ) -> Result<(Dossier, Option<Mask>), Fault> {
        if viewer.is_any(&[Role::Auditor]) {
            return Ok((dossier, None));
        }
        self.seen_by(reader, dossier, &viewer.office)
    }

    fn keep(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        case: &CaseId,
        number: usize,
        kept: &Kept,
        (code, note): (&str, Write),
    ) -> Result<(), Failure> {
        let row: LocalRow = self.local_row(env, kind_of(case), key_of(number), kept)?;
        let event = Event {
            at: env.now.into(),
            level: EventLevel::Info,
            code: code.to_owned(),
            case: Some(case.clone()),
            peer: None,
            detail: kept.office.to_string(),
        };
        let writes = vec![Write::PutLocal(row), Write::AddEvent(event), note];
        store.commit(&Batch { expect: Vec::new(), writes }).map_err(commit_failure)
    }

    fn signed<T: Serialize>(&self, office: &OfficeId, value: &T) -> Result<Vec<u8>, Fault> {
        let bytes = canon::to_vec(value).map_err(|why| Fault::record("reveal", why))?;
        let keys = self.keys().offices.get(office);
        let keys = keys.ok_or_else(|| Fault::Setup(format!("no keys for office `{office}`")))?;
        authority_seal(&bytes, &keys.sign).map_err(|why| Fault::Keys(why.to_string()))
    }

    fn opened<T: DeserializeOwned>(&self, office: &OfficeId, bytes: &[u8]) -> Result<T, Fault> {
        let keys = self.keys().offices.get(office);
        let keys = keys.ok_or_else(|| Fault::Setup(format!("no keys for office `{office}`")))?;
        let bytes = open_authority_seal(bytes, &keys.sign.verifying_key());
        let bytes = bytes.map_err(|why| Fault::record("reveal", why.code()))?;
        canon::from_slice(&bytes).map_err(|why| Fault::record("reveal", why.code()))
    }
}

fn worded(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::Wordless { what: "reason" });
    }
    if reason.chars().count() > NOTE_CHARS_MAX {
        return Err(Refusal::TooLong { what: "reason", max: NOTE_CHARS_MAX });
    }
    Ok(reason.to_owned())
}

/// Under which kind an open question is noted. The note has no content: the case and its number are in its name.
const OPEN: &str = "reveal-open";

/// The note of one open question.
fn open_key(case: &CaseId, number: usize) -> String {
    format!("{case}/{}", key_of(number))
}

/// What takes a case's notes of open questions away with the questions.
pub(crate) fn closing(case: &CaseId, kept: &LocalRow) -> Write {
    Write::RemoveLocal { kind: OPEN.to_owned(), key: format!("{case}/{}", kept.key) }
}

pub(crate) fn kind_of(case: &CaseId) -> String {
    format!("reveal:{case}")
}

/// Numbers sort as text.
fn key_of(number: usize) -> String {
    format!("{number:06}")
}
