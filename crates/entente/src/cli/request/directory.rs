//! `entente directory`: the offices of every Party and whether their desks answer, without a browser.
//!
//! Owns its arguments and the form of its lines. Must not judge whether a desk is vacant: `/api/v1` gives it. A check is a
//! request like any other; who begins or answers one does so with `entente request`.

use clap::Subcommand;
use serde_json::{Value, json};

use super::desk::{Desk, Reach, query};
use super::print::{Place, list, own, text, tongue};
use crate::cli::out::{self, say};
use crate::cli::{Ended, Trouble, Verdict};

const EXAMPLES: &str = "Examples:
  entente directory offices                  (every office, by the level it answers at, with its counterparts)
  entente directory offices --party XX
  entente directory checks                   (does each desk answer? what is due, asked, answered, vacant)
  entente directory checks --vacant
  entente directory checks --mine            (only the checks your office makes or answers, each with its next command)
  entente request new CHK --to XX-OFFICE     (begin a check, where the instrument's type of check is CHK)
  entente request ack CASE --reference R/17 --contact \"desk, any hour\"     (answer one)

Exit status of `checks`: 0 every desk answers or has time to, 1 a desk is vacant, 2 misuse.";

/// Which of the directory's commands.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    reach: Reach,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The offices with their counterparts and how to reach them.
    Offices {
        /// Only of this Party.
        #[arg(long)]
        party: Option<String>,
    },
    /// What the last contact check says of each desk, whoever made it.
    Checks {
        /// By exercises instead of live checks.
        #[arg(long)]
        exercise: bool,
        /// Only desks that do not answer.
        #[arg(long)]
        vacant: bool,
        /// Only checks your office makes or answers.
        #[arg(long)]
        mine: bool,
    },
}

/// Carries the command out.
///
/// # Errors
/// When the node cannot be reached or does not know the caller.
pub async fn run(args: Args, as_json: bool) -> Ended {
    let mut desk = Desk::open(&args.reach).await?;
    let found = match args.what {
        What::Offices { party } => offices(&mut desk, party.as_deref()).await,
        What::Checks { exercise, vacant, mine } => checks(&mut desk, exercise, (vacant, mine)).await,
    };
    desk.close().await;
    let (answer, lines, verdict) = found?;
    if as_json {
        out::json(&answer);
    } else {
        lines.iter().for_each(say);
    }
    Ok(verdict)
}

type Found = (Value, Vec<String>, Verdict);

async fn offices(desk: &mut Desk, party: Option<&str>) -> Result<Found, Trouble> {
    let found = desk.value(&desk.of_instrument("/offices")).await?;
    let all: Vec<&Value> = list(&found, "offices").collect();
    let mut kept: Vec<&Value> =
        all.iter().copied().filter(|office| party.is_none_or(|party| office["party"] == party)).collect();
    if kept.is_empty() {
        let parties = list(desk.instrument(), "parties").map(|one| text(one, "id")).collect::<Vec<_>>().join(", ");
        return Err(Trouble(tongue().with("directory-no-party", &[("parties", &parties)])));
    }
    kept.sort_by_key(|office| (office["level"].as_u64(), text(office, "party"), text(office, "id")));
    let mut lines = Vec::new();
    let mut level = None;
    for office in &kept {
        if level != office["level"].as_u64() {
            level = office["level"].as_u64();
            let rung = list(desk.instrument(), "ladder").find(|rung| rung["level"] == office["level"]);
            let name = rung.map(|rung| own(&rung["name"])).unwrap_or_default();
            lines.push(format!("L{} {name}", office["level"]));
        }
        lines.extend(office_lines(office));
    }
    Ok((json!({ "offices": kept }), lines, Verdict::Done))
}

fn office_lines(office: &Value) -> Vec<String> {
    let duty = if office["duty_24x7"] == true { format!("  · {}", tongue().t("office-duty")) } else { String::new() };
    let mut lines = vec![
        format!("  {}  {}", text(office, "id"), own(&office["name"])),
        format!("    {}", own(&office["role"])),
        format!("    {}{duty}", text(office, "contact")),
    ];
    let others: Vec<String> = list(office, "counterparts").map(super::print::plain).collect();
    lines.push(match others.is_empty() {
        true => format!("    {}", tongue().t("office-alone")),
        false => format!("    {}: {}", tongue().t("office-counterparts"), others.join(", ")),
    });
    lines
}

async fn checks(desk: &mut Desk, exercise: bool, (vacant, mine): (bool, bool)) -> Result<Found, Trouble> {
    let offices = desk.value(&desk.of_instrument("/offices")).await?;
    let path = desk.of_instrument("/contacts");
    let mut found = desk.value(&format!("{path}&{}", query(&[("exercise", exercise.to_string())]))).await?;
    let office = text(desk.me(), "office");
    let kept = |check: &Value| {
        (!vacant || check["standing"] == "vacant")
            && (!mine || [text(check, "by"), text(check, "desk")].contains(&office))
    };
    if let Some(all) = found["desks"].as_array_mut() {
        all.retain(kept);
    }
    let here = Place::of(desk.instrument(), desk.party());
    let name = |id: &str| {
        let known = list(&offices, "offices").find(|one| text(one, "id") == id);
        known.map_or_else(|| id.to_owned(), |one| format!("{} ({id})", own(&one["name"])))
    };
    let mut lines = Vec::new();
    for check in list(&found, "desks") {
        let when = check["at"].as_str().map_or_else(|| tongue().t("desk-check-never"), |at| here.moment(at));
        let key = format!("desk-check-{}", text(check, "standing"));
        let (of, by) = (name(&text(check, "desk")), name(&text(check, "by")));
        lines.push(tongue().with(&key, &[("office", &of), ("by", &by), ("when", &when)]));
        lines.extend(next(check, &office));
    }
    if lines.is_empty() {
        lines.push(tongue().t("directory-none"));
    }
    let alarm = list(&found, "desks").any(|check| check["standing"] == "vacant");
    Ok((found, lines, if alarm { Verdict::Wanting } else { Verdict::Done }))
}

/// The command that goes on with a check, for the office whose turn it is.
fn next(check: &Value, office: &str) -> Option<String> {
    let (by, to, case) = (text(check, "by"), text(check, "desk"), text(check, "case"));
    let command = match text(check, "standing").as_str() {
        "due" if by == office => format!("entente request new {} --to {to}", text(check, "type_code")),
        "asked" | "vacant" if to == office => {
            format!("entente request ack {case} --reference REFERENCE --contact \"…\"")
        }
        "due" => return None,
        _ => format!("entente request status {case}"),
    };
    Some(format!("  {command}"))
}
