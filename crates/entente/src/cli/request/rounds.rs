//! `entente round`: meetings, commitments and the calendar of an office, without a browser.
//!
//! Owns its arguments and the form of its lines. What is said and done at a meeting is done in its case (`entente request`).
//! Must not compute an agenda: `/api/v1` gives it.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::Value;

use super::desk::{Desk, Reach, Said};
use super::print::{Place, list, plain, text, tongue, type_named, words};
use crate::cli::out::{self, say};
use crate::cli::{Ended, Trouble, Verdict};

const EXAMPLES: &str = "Examples:
  entente round list                         (meetings to come and held, with their agendas)
  entente round board                        (commitments: what is late first)
  entente round draft XX-PLN-2026-0001       (a first draft of the text, from what was settled and committed to)
  entente round calendar -o office.ics       (meetings and deadlines of your office, iCalendar)
  entente request new DLG-PLN --to XX-OFFICE (call a meeting; table-item, settle-item, undertake are acts of its case)";

/// Which of the commands of a meeting.
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
    /// The meetings with their agendas, those to come first.
    List,
    /// The commitments: what is late first, then by the day they are due.
    Board,
    /// A first draft of a meeting's text, put together from its outcomes and commitments.
    Draft {
        /// The meeting's case.
        case: String,
    },
    /// The calendar of your office.
    Calendar {
        /// The file to write.
        #[arg(short, long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// Carries the command out.
///
/// # Errors
/// When the node cannot be reached, or the file cannot be written.
pub async fn run(args: Args, as_json: bool) -> Ended {
    let mut desk = Desk::open(&args.reach).await?;
    let ended = carry_out(&mut desk, args.what, args.reach.names_instrument(), as_json).await;
    desk.close().await;
    ended
}

async fn carry_out(desk: &mut Desk, what: What, named: bool, as_json: bool) -> Ended {
    if let What::Calendar { out } = &what {
        // Without an instrument named, everything the office has.
        let calendar = match named {
            true => desk.of_instrument("/calendar"),
            false => "/calendar".to_owned(),
        };
        let bytes = desk.bytes(&calendar).await?;
        std::fs::write(out, bytes)
            .map_err(|why| Trouble(format!("cannot write `{}` ({why}); check the path", out.display())))?;
        return Ok(Verdict::Done);
    }
    let found = match desk.get("/rounds").await? {
        Said::Answered(found, _) | Said::Told(found, _) => found,
        Said::Refused(why) => {
            super::refused(&why, &super::About::default(), as_json);
            return Ok(Verdict::Wanting);
        }
    };
    let here = Place::of(desk.instrument(), desk.party());
    let (shown, lines): (Value, Vec<String>) = match &what {
        What::List => (
            found["rounds"].clone(),
            list(&found, "rounds").flat_map(|one| round(one, &here, desk.instrument())).collect(),
        ),
        What::Board => (found["board"].clone(), list(&found, "board").map(commitment).collect()),
        What::Draft { case } => {
            let named = list(&found, "rounds").find(|one| text(&one["line"], "case") == *case);
            let named = named.ok_or_else(|| Trouble(tongue().with("round-none", &[("case", case)])))?;
            let draft = named["draft"].clone();
            let texts = draft["texts"].as_object().into_iter().flatten();
            let lines = |(lang, words): (&String, &Value)| {
                let words = words.as_str().unwrap_or_default().lines().map(|line| plain(&line.into()));
                std::iter::once(format!("{lang}:")).chain(words).collect::<Vec<_>>()
            };
            (draft.clone(), texts.flat_map(lines).collect())
        }
        What::Calendar { .. } => (Value::Null, Vec::new()),
    };
    if as_json {
        out::json(&shown);
    } else {
        lines.iter().for_each(say);
    }
    let wanting = matches!(what, What::Draft { .. }) && shown.is_null();
    Ok(if wanting { Verdict::Wanting } else { Verdict::Done })
}

fn round(round: &Value, here: &Place, instrument: &Value) -> Vec<String> {
    let line = &round["line"];
    let when = round["held_at"].as_str().or(round["from"].as_str()).map(|at| here.moment(at)).unwrap_or_default();
    let when = match round["held_at"].is_null() {
        true => when,
        false => tongue().with("round-held-at", &[("at", &when)]),
    };
    let mut lines = vec![
        format!("{}  {}  {when}", text(line, "case"), type_named(line, instrument)),
        format!("  {}", words(&line["title"])),
    ];
    for item in list(round, "items") {
        let number = item["number"].as_u64().map_or_else(|| "–".to_owned(), |number| format!("{number}."));
        let level = item["level"].as_u64().map(|level| format!("  L{level}")).unwrap_or_default();
        let case = item["case"].as_str().map(|case| format!("  {}", plain(&case.into()))).unwrap_or_default();
        let state = tongue().t(if item["outcome"].is_null() { "rounds-open" } else { "round-item-settled" });
        lines.push(format!("  {number} {}{case}{level}  {state}", words(&item["topic"])));
    }
    if let Some(hash) = round["hash"].as_str() {
        lines.push(format!("  agenda SHA-256 {hash}"));
    }
    lines
}

fn commitment(one: &Value) -> String {
    let (due, owner) = (text(one, "due_on"), text(one, "owner"));
    let state = tongue().t(&format!("task-{}", text(one, "state")));
    let place = format!("{} ({})", text(one, "case"), one["number"]);
    format!("{state}  {due}  {owner}  {}  {place}", words(&one["words"]))
}
