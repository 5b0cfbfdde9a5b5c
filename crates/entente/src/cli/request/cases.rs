//! Cases as they are read: the list, one whole, its status report.
//!
//! Owns which calls that takes. Must not know the form of a line: see `print`, `show` and `standing`.

use std::path::Path;

use domain::menu::Menu;
use domain::procedure::Stage;
use serde_json::{Value, json};

use super::super::Trouble;
use super::act_template::Given;
use super::desk::{self, Desk, Said};
use super::print::{self, Place};
use super::{is_draft, show, standing};

/// The cases, soonest due first.
pub(super) async fn listed(
    desk: &mut Desk,
    waiting_us: bool,
    overdue: bool,
    stage: Option<Stage>,
    find: Option<String>,
) -> Result<Said, Trouble> {
    let mut asked = vec![("waiting_us", waiting_us.to_string()), ("overdue", overdue.to_string())];
    asked.extend(stage.map(|stage| ("stage", stage.code().to_owned())));
    asked.extend(find.map(|find| ("q", find)));
    let said = desk.get(&format!("/cases?{}", desk::query(&asked))).await?;
    let here = Place::of(desk.instrument(), desk.party());
    Ok(said.told(|cases| print::cases(cases, &here, desk.instrument())))
}

/// A case and what is known beside it.
pub(super) struct Known {
    /// The case.
    pub case: Value,
    rule: Value,
    offices: Vec<Value>,
    acts: Vec<Value>,
}

impl Known {
    /// Reads it; or the refusal.
    pub async fn of(desk: &mut Desk, id: &str) -> Result<Result<Self, Said>, Trouble> {
        let case = match desk.get(&format!("/cases/{id}")).await? {
            Said::Answered(case, _) => case,
            other @ (Said::Told(..) | Said::Refused(_)) => return Ok(Err(other)),
        };
        desk.under(&case["instrument"]).await?;
        let rule = desk.value(&desk.rule_path(&case["request"])).await?;
        let offices = desk.value(&desk.of_instrument("/offices")).await?;
        let offices = print::list(&offices, "offices").cloned().collect();
        let acts = acts_of(desk, id).await?;
        Ok(Ok(Self { case, rule, offices, acts }))
    }

    /// The same as a template takes it.
    pub fn given<'a>(&'a self, desk: &'a Desk) -> Given<'a> {
        Given {
            case: &self.case,
            rule: &self.rule,
            instrument: desk.instrument(),
            offices: &self.offices,
            acts: &self.acts,
            me: desk.me(),
            party: desk.party(),
        }
    }
}

/// A case or a draft with everything that is known of it.
pub(super) async fn whole(desk: &mut Desk, what: &str) -> Result<Said, Trouble> {
    let found = desk.get(&if is_draft(what) { format!("/drafts/{what}") } else { format!("/cases/{what}") }).await?;
    let Said::Answered(found, _) = found else { return Ok(found) };
    desk.under(&found["instrument"]).await?;
    let rule = desk.value(&desk.rule_path(&found["request"])).await?;
    let offices = desk.value(&desk.of_instrument("/offices")).await?;
    let acts = if is_draft(what) { Vec::new() } else { acts_of(desk, what).await? };
    let around = show::Around { instrument: desk.instrument(), rule: &rule, offices: &offices, acts: &acts };
    let lines = if is_draft(what) {
        print::draft(&found, desk.instrument()).into_iter().chain(show::draft(&found, &around)).collect()
    } else {
        show::case(&found, &around)
    };
    Ok(Said::Told(found, lines))
}

/// Every act of a case.
async fn acts_of(desk: &mut Desk, case: &str) -> Result<Vec<Value>, Trouble> {
    let (mut acts, mut next) = (Vec::new(), Some(0));
    while let Some(from) = next {
        let page = desk.value(&format!("/cases/{case}/acts?from={from}")).await?;
        acts.extend(page["acts"].as_array().cloned().unwrap_or_default());
        next = page["next"].as_u64();
    }
    Ok(acts)
}

/// Our own notes, after one that is added where there are words.
pub(super) async fn noted(desk: &mut Desk, case: &str, words: Option<&str>) -> Result<Said, Trouble> {
    let path = format!("/cases/{case}/notes");
    let said = match words {
        Some(words) => desk.post(&path, &json!({ "words": words })).await?,
        None => desk.get(&path).await?,
    };
    let here = Place::of(desk.instrument(), desk.party());
    let line = |note: &Value| {
        let (at, by) = (here.moment(&print::text(note, "at")), print::text(&note["by"], "name"));
        format!("{at}  {by}: {}", print::text(note, "words"))
    };
    Ok(said.told(|found| print::list(found, "notes").map(line).collect()))
}

/// Writes a file of a case to disk.
pub(super) async fn fetched(desk: &mut Desk, case: &str, root: &str, out: &Path) -> Result<Said, Trouble> {
    let bytes = desk.bytes(&format!("/cases/{case}/attachments/{root}")).await?;
    let unwritten = |why| Trouble(format!("cannot write `{}` ({why}); check the path", out.display()));
    std::fs::write(out, &bytes).map_err(unwritten)?;
    let shown = format!("{}  {} bytes", out.display(), bytes.len());
    Ok(Said::Told(json!({ "file": out, "bytes": bytes.len() }), vec![shown]))
}

/// The status report, with what its codes are called.
pub(super) async fn status_of(desk: &mut Desk, case: &str) -> Result<Said, Trouble> {
    let found = desk.get(&format!("/cases/{case}/status")).await?;
    let Said::Answered(found, _) = found else { return Ok(found) };
    desk.under(&found["shared"]["instrument"]).await?;
    let rule = desk.value(&desk.rule_path(&found["shared"])).await?;
    let offices = desk.value(&desk.of_instrument("/offices")).await?;
    let around = show::Around { instrument: desk.instrument(), rule: &rule, offices: &offices, acts: &[] };
    let lines = standing::report(&found, &around);
    Ok(Said::Told(found, lines))
}
