//! The script of an exercise, read from TOML: who plays, and what happens when.
//!
//! Owns the file format. Must not perform anything.

use std::collections::BTreeMap;

use domain::act::{ActKind, Role};
use domain::ids::{OfficeId, OfficerId, PartyId, TypeCode};
use domain::instrument::SourceFile;
use domain::menu::Menu;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::Value;

use super::cue::{Cue, What};
use crate::fault::Fault;
use crate::people::Officer;

/// An exercise.
#[derive(Debug, Clone)]
pub struct Script {
    performers: Vec<Performer>,
    matters: Vec<Matter>,
    words: BTreeMap<String, Value>,
    reasons: BTreeMap<String, Value>,
    assets: BTreeMap<String, Vec<u8>>,
}

/// An invented officer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Performer {
    /// The officer's id.
    pub id: OfficerId,
    /// The name, as the officer writes it.
    pub name: String,
    /// The office.
    pub office: OfficeId,
    /// The roles.
    pub roles: Vec<Role>,
}

/// One invented matter.
#[derive(Debug, Clone)]
pub struct Matter {
    /// Its name in the script.
    pub key: String,
    /// Its chapter's heading by language, when it is told as a story.
    pub chapter: BTreeMap<String, String>,
    /// The earlier matter whose case it goes on with, if it opens none.
    pub resumes: Option<String>,
    /// How long before the exercise opens it began.
    pub ago: SignedDuration,
    /// What happens, in order.
    pub cues: Vec<Cue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScript {
    #[serde(default)]
    person: Vec<Performer>,
    #[serde(default)]
    matter: Vec<RawMatter>,
    #[serde(default)]
    words: BTreeMap<String, Value>,
    #[serde(default)]
    reasons: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMatter {
    key: String,
    #[serde(default)]
    chapter: BTreeMap<String, String>,
    #[serde(default)]
    resumes: Option<String>,
    from: OfficeId,
    #[serde(default)]
    r#type: Option<TypeCode>,
    #[serde(default)]
    to: Option<OfficeId>,
    #[serde(default)]
    drafter: Option<OfficerId>,
    #[serde(default)]
    approver: Option<OfficerId>,
    /// `draft`, `handed-over`, `preconsult` or `submit`.
    #[serde(default = "submit")]
    opens: String,
    #[serde(default)]
    ago_h: i64,
    #[serde(default)]
    attach: Vec<String>,
    /// What an amendment changes in the instrument's own files.
    #[serde(default)]
    revise: Vec<Revision>,
    #[serde(default)]
    request: Option<Value>,
    #[serde(default)]
    reasons: BTreeMap<String, Value>,
    #[serde(default)]
    step: Vec<RawStep>,
}

/// One change an amendment makes: a text exchanged for another in a file of the version signed last.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// The file.
    pub file: String,
    /// The text as it stands.
    pub from: String,
    /// The text as it is to stand.
    pub to: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    #[serde(default)]
    after_h: i64,
    /// On top of the hours, where an emergency's clock leaves no whole one.
    #[serde(default)]
    after_min: i64,
    #[serde(default)]
    by: Option<OfficerId>,
    act: String,
    #[serde(default)]
    with: Value,
    #[serde(default)]
    attach: Vec<String>,
    #[serde(default)]
    reasons: BTreeMap<String, Value>,
    /// The code by which our own law holds the act back: it is tried, and must not go.
    #[serde(default)]
    held: Option<String>,
}

impl Script {
    /// Reads a script from its files; `assets` are the files it attaches, by name.
    ///
    /// # Errors
    /// [`Fault::Setup`] naming the file and what is wrong in it.
    pub fn read(files: &[SourceFile], assets: BTreeMap<String, Vec<u8>>) -> Result<Self, Fault> {
        let mut script = Self {
            performers: Vec::new(),
            matters: Vec::new(),
            words: BTreeMap::new(),
            reasons: BTreeMap::new(),
            assets,
        };
        for file in files {
            let wrong = |why: String| Fault::Setup(format!("exercise script `{}`: {why}", file.name));
            let raw: RawScript = toml::from_str(&file.text).map_err(|why| wrong(why.to_string()))?;
            script.performers.extend(raw.person);
            script.words.extend(raw.words);
            script.reasons.extend(raw.reasons);
            for matter in raw.matter {
                let key = matter.key.clone();
                let matter = read_matter(matter).map_err(|why| wrong(format!("matter `{key}`: {why}")))?;
                script.matters.push(matter);
            }
        }
        Ok(script)
    }

    /// Everybody who plays.
    #[must_use]
    pub fn performers(&self) -> &[Performer] {
        &self.performers
    }

    /// The officers of one Party, as its node keeps them.
    #[must_use]
    pub fn officers(&self, party: &PartyId, lang: &domain::text::Lang) -> Vec<Officer> {
        self.performers
            .iter()
            .filter(|performer| performer.office.party() == *party)
            .map(|performer| Officer {
                id: performer.id.clone(),
                name: performer.name.clone(),
                office: performer.office.clone(),
                roles: performer.roles.clone(),
                lang: lang.clone(),
                second_track: false,
            })
            .collect()
    }

    /// The matters, in the order of the script.
    #[must_use]
    pub fn matters(&self) -> &[Matter] {
        &self.matters
    }

    /// The place of the matter whose case this one is of: its own, or that of the one it resumes.
    pub(super) fn place_of(&self, place: usize) -> usize {
        let resumed = self.matters.get(place).and_then(|matter| matter.resumes.as_ref());
        let found = resumed.and_then(|key| self.matters.iter().position(|matter| matter.key == *key));
        found.unwrap_or(place)
    }

    pub(super) fn performer(&self, id: &OfficerId) -> Result<&Performer, Fault> {
        let found = self.performers.iter().find(|performer| performer.id == *id);
        found.ok_or_else(|| Fault::Setup(format!("exercise script: nobody is called `{id}`")))
    }

    /// Somebody of an office who has one of these roles, being none of `but`.
    pub(super) fn someone(&self, office: &OfficeId, roles: &[Role], but: &[&OfficerId]) -> Option<(&Performer, Role)> {
        let own =
            self.performers.iter().filter(|performer| performer.office == *office && !but.contains(&&performer.id));
        own.filter_map(|performer| {
            let role = roles.iter().find(|role| performer.roles.contains(role))?;
            Some((performer, *role))
        })
        .next()
    }

    /// The usual words of an act by its code, or of a fresh request by `open-` and its type; matters add their own.
    pub(super) fn words(&self, act: &str) -> Value {
        self.words.get(act).cloned().unwrap_or_else(|| Value::Object(serde_json::Map::new()))
    }

    /// The usual reasons of a safeguard's answer: `[reasons."SG-3 satisfied"]`, else `[reasons."SG-3"]`.
    pub(super) fn reason(&self, gate: &str, finding: &str) -> Value {
        let exact = self.reasons.get(&format!("{gate} {finding}"));
        exact.or_else(|| self.reasons.get(gate)).cloned().unwrap_or(Value::Null)
    }

    pub(super) fn asset(&self, name: &str) -> Result<&[u8], Fault> {
        let found = self.assets.get(name).map(Vec::as_slice);
        found.ok_or_else(|| Fault::Setup(format!("exercise script: there is no file `{name}`")))
    }
}

fn read_matter(raw: RawMatter) -> Result<Matter, String> {
    let (office, shared) = (raw.from, raw.reasons);
    let mut cues = Vec::new();
    match (raw.resumes.is_some(), raw.r#type, raw.to, raw.drafter, raw.request) {
        (true, None, None, None, None) => {}
        (false, Some(type_code), Some(to), Some(drafter), Some(request)) => {
            let by = raw.approver.unwrap_or_else(|| drafter.clone());
            let (attach, revise, until) = (raw.attach, raw.revise, raw.opens);
            let what = What::Open { type_code, to, drafter, request, attach, revise, until };
            cues.push(Cue {
                after: SignedDuration::ZERO,
                office: office.clone(),
                by,
                what,
                reasons: shared.clone(),
                held: None,
            });
        }
        _ => return Err("it opens a case with `type`, `to`, `drafter` and `request`, or `resumes` another".to_owned()),
    }
    for step in raw.step {
        let after = SignedDuration::from_hours(step.after_h) + SignedDuration::from_mins(step.after_min);
        let what = match step.act.as_str() {
            "wait" => What::Wait,
            "submit" => What::Submit,
            "own-law" => What::OwnLaw(serde_json::from_value(step.with).map_err(|why| why.to_string())?),
            "reply-fixed" => What::ReplyFixed,
            "match" => What::Match(step.with),
            code => What::Act {
                kind: ActKind::from_code(code).ok_or_else(|| format!("`{code}` is no act"))?,
                with: step.with,
                attach: step.attach,
            },
        };
        let by = match (step.by, &what) {
            (Some(by), _) => by,
            (None, What::Wait) if !cues.is_empty() => cues[0].by.clone(),
            (None, _) => return Err(format!("step `{}` names nobody", step.act)),
        };
        let mut reasons = shared.clone();
        reasons.extend(step.reasons);
        cues.push(Cue { after, office: office.clone(), by, what, reasons, held: step.held });
    }
    Ok(Matter {
        key: raw.key,
        chapter: raw.chapter,
        resumes: raw.resumes,
        ago: SignedDuration::from_hours(raw.ago_h),
        cues,
    })
}

fn submit() -> String {
    "submit".to_owned()
}
