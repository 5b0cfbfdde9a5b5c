//! `entente request`: requests and answers without a browser, at a running node or in a stopped one's folder.
//!
//! Owns its arguments and what each command calls. Must not know how a call reaches the node (`desk`), nor judge anything:
//! every command is one or two calls of `/api/v1`.

use std::path::PathBuf;

use clap::Subcommand;
use domain::act::{ActKind, Extent, Role};
use domain::menu::Menu;
use domain::procedure::Stage;
use domain::safeguard::{Finding, Gate};
use serde_json::{Value, json};

use super::out::{self, say};
use super::{Ended, Trouble, Verdict, one_of};
pub use desk::{Desk, Reach, Said};
use input::Words;
use prepared::Version;
use print::Place;

mod desk;
mod input;
mod own_law;
mod prepared;
mod print;
pub mod rounds;
mod show;
mod standing;
mod template;

const EXAMPLES: &str = "Examples:
  export ENTENTE_NODE=http://127.0.0.1:7001 ENTENTE_TOKEN=…      (entente user add … --token NAME prints one)
  entente request template CY-INC > request.toml                 (fill it in: every part is explained in it)
  entente request new --file request.toml
  entente request new MLA-EVD --from XX-CY-2026-0001 --to XX-CENTRAL (continues a case: shared contents come along)
  entente request drafts
  entente request edit d-7f3a91c2d4e5 --file request.toml        (what the file leaves out stays)
  entente request attach d-7f3a91c2d4e5 letter.pdf
  entente request check d-7f3a91c2d4e5
  entente request handover d-7f3a91c2d4e5
  entente request gate d-7f3a91c2d4e5 --gate SG-1 --finding satisfied --text-en \"…\" --text-zh \"…\"
  entente request own-law d-7f3a91c2d4e5                         (what our own law asks, if the node has a policy)
  entente request own-law XX-FU-2026-0001 --act accept --question rights --finding satisfied --reason \"…\"
  entente request sign d-7f3a91c2d4e5
  entente request discard d-7f3a91c2d4e5
  entente request list --waiting-us
  entente request show XX-CY-2026-0001
  entente request acts XX-CY-2026-0001
  entente request status XX-CY-2026-0001
  entente request ack XX-CY-2026-0001 --reference R/17 --contact \"desk, any hour\"
  entente request do XX-CY-2026-0001 begin-review
  entente request gate XX-CY-2026-0001 --act accept --gate SG-1 --finding satisfied --text-en \"…\" --text-zh \"…\"
  entente request answer XX-CY-2026-0001 --text-en \"…\" --text-zh \"…\" --attach report.pdf
                                                                 (written and handed over: another reviews, a third signs)
  entente request prepared XX-CY-2026-0001 respond               (what would be sent, and its version)
  entente request gate XX-CY-2026-0001 --act respond --version 1 --gate SG-7 --finding satisfied --text-en \"…\" --text-zh \"…\"
  entente request back XX-CY-2026-0001 --act respond --version 1 --reason \"which host?\"
  entente request sign XX-CY-2026-0001 --act respond --version 1
  entente request list --dir node --as m.hale                    (a stopped node's folder)

A file is TOML when its name ends in .toml, else JSON. Words in several languages are written { en = \"…\", zh = \"…\" };
a bundle of indicators may be named by its own file: fields.ID.indicators-file = \"bundle.json\".
Exit status: 0 done, 1 refused or incomplete, 2 misuse.";

/// Which of the request commands.
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
    /// Print a file to fill in for `new`: every part of a type, explained in every language. TOML, or with --json the
    /// request under `request` and what its parts are under `parts`.
    Template {
        /// The request type's code; any other word lists the types there are.
        #[arg(value_name = "TYPE")]
        type_code: String,
    },
    /// Begin a request; with a file, write it too. A file that cannot be used leaves no draft behind.
    New {
        /// The request type's code; by default what the file says.
        #[arg(value_name = "TYPE", conflicts_with = "type_code")]
        named: Option<String>,
        /// The same.
        #[arg(long = "type", value_name = "CODE")]
        type_code: Option<String>,
        /// The case it continues: what both types share is carried over, and the link stands in the signed request.
        #[arg(long, value_name = "CASE")]
        from: Option<String>,
        /// The office asked, one of those `template TYPE` lists; by default what the file says.
        #[arg(long)]
        to: Option<String>,
        /// What is written so far, JSON or TOML.
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// Write into a draft what a file says; what it leaves out stays.
    Edit {
        /// The draft.
        draft: String,
        /// JSON or TOML.
        #[arg(long)]
        file: PathBuf,
    },
    /// The drafts of your office.
    Drafts,
    /// What keeps a draft from being complete.
    Check {
        /// The draft.
        draft: String,
    },
    /// Attach a file to a draft.
    Attach {
        /// The draft.
        draft: String,
        /// The file.
        file: PathBuf,
    },
    /// What is being prepared for signature in your office: all of it, or one act of a case as it would be sent.
    Prepared {
        /// The case.
        case: Option<String>,
        /// The act, such as `respond`.
        #[arg(value_parser = one_of::<ActKind>(), hide_possible_values = true)]
        act: Option<ActKind>,
    },
    /// Hand over for signature: a draft, or with --act what is being prepared in a case.
    Handover {
        /// The draft or the case.
        draft: String,
        #[command(flatten)]
        which: Version,
    },
    /// Send what is being prepared back to whoever wrote it.
    Back {
        /// The case.
        case: String,
        #[command(flatten)]
        which: Version,
        /// What should change; it stays in the house.
        #[arg(long)]
        reason: String,
    },
    /// Throw a draft away, or with --act what is being prepared in a case.
    Discard {
        /// The draft or the case.
        draft: String,
        #[command(flatten)]
        which: Version,
    },
    /// Answer a safeguard question of a draft, or of a coming act of a case.
    Gate {
        /// The draft or the case.
        what: String,
        /// The safeguard's code.
        #[arg(long, value_parser = one_of::<Gate>())]
        gate: Gate,
        /// What you found.
        #[arg(long, value_parser = one_of::<Finding>())]
        finding: Finding,
        #[command(flatten)]
        which: Version,
        #[command(flatten)]
        reason: Words,
    },
    /// What our own law asks before an act; with --question, answer it. Nothing of it leaves the node.
    OwnLaw {
        /// The draft or the case.
        what: String,
        /// For a case: the act it stands before, one of those `show` names.
        #[arg(long, value_parser = one_of::<ActKind>(), hide_possible_values = true, default_value = "submit")]
        act: ActKind,
        /// The question you answer, by its name.
        #[arg(long, requires_all = ["finding", "reason"], conflicts_with = "reply")]
        question: Option<String>,
        /// What you found.
        #[arg(long, value_parser = one_of::<Finding>())]
        finding: Option<Finding>,
        /// Why, in whatever language.
        #[arg(long)]
        reason: Option<String>,
        /// Give the fixed reply of a shielded case.
        #[arg(long)]
        reply: bool,
    },
    /// Sign and send: a draft, or with --act what is being prepared in a case.
    #[command(alias = "send")]
    Sign {
        /// The draft or the case.
        draft: String,
        #[command(flatten)]
        which: Version,
    },
    /// The cases, soonest due first.
    List {
        /// Only where it is our move.
        #[arg(long)]
        waiting_us: bool,
        /// Only with something overdue.
        #[arg(long)]
        overdue: bool,
        /// Only at this stage.
        #[arg(long, value_parser = one_of::<Stage>())]
        stage: Option<Stage>,
        /// Only with all of these words.
        #[arg(long)]
        find: Option<String>,
    },
    /// A case whole, or a draft.
    Show {
        /// The case or the draft.
        what: String,
    },
    /// The status report of a case: both sides have the same, with the same hash.
    Status {
        /// The case.
        case: String,
    },
    /// The acts of a case.
    Acts {
        /// The case.
        case: String,
    },
    /// Do any act in a case; one that another officer signs is written and handed over.
    Do {
        /// The case.
        case: String,
        /// The act's code, such as `begin-review`; `show` names those open to you, any other word lists them all.
        #[arg(value_parser = one_of::<ActKind>(), hide_possible_values = true)]
        act: ActKind,
        /// The act's contents, JSON or TOML; none for an act without any.
        #[arg(long)]
        file: Option<PathBuf>,
        /// A file to send with it; more than once for several.
        #[arg(long)]
        attach: Vec<PathBuf>,
        /// The role to act in, if you have several that may.
        #[arg(long, value_parser = one_of::<Role>())]
        role: Option<Role>,
    },
    /// Acknowledge a request: a reference and a named officer, you.
    Ack {
        /// The case.
        case: String,
        /// Our own reference.
        #[arg(long)]
        reference: String,
        /// How to reach the desk at any hour.
        #[arg(long)]
        contact: String,
    },
    /// Write the answer to a request and hand it over: others answer its safeguards, another officer signs.
    Answer {
        /// The case.
        case: String,
        /// How far the answer goes.
        #[arg(long, value_parser = one_of::<Extent>(), default_value = "full")]
        extent: Extent,
        #[command(flatten)]
        text: Words,
        /// A file to send with it; more than once for several.
        #[arg(long)]
        attach: Vec<PathBuf>,
        /// Save it only, to go on writing.
        #[arg(long)]
        keep: bool,
    },
}

/// Carries the command out.
///
/// # Errors
/// When the node cannot be reached, a file cannot be read, or the call makes no sense.
pub async fn run(args: Args, as_json: bool) -> Ended {
    let mut desk = Desk::open(&args.reach).await?;
    let said = carry_out(&mut desk, args.what).await;
    desk.close().await;
    match said? {
        Said::Answered(answer, how) => {
            if as_json {
                out::json(&answer);
            } else {
                how(&answer).iter().for_each(say);
            }
            let wanting = answer.get("complete") == Some(&Value::Bool(false));
            Ok(if wanting { Verdict::Wanting } else { Verdict::Done })
        }
        Said::Told(answer, lines) => {
            if as_json {
                out::json(&answer);
            } else {
                lines.iter().for_each(say);
            }
            Ok(Verdict::Done)
        }
        Said::Refused(problem) => {
            refused(&problem, as_json);
            Ok(Verdict::Wanting)
        }
    }
}

/// Says why a call was refused.
pub fn refused(problem: &Value, as_json: bool) {
    if as_json {
        out::json(problem);
    } else {
        print::problem(problem).iter().for_each(|line| out::complain(false, line));
    }
}

async fn carry_out(desk: &mut Desk, what: What) -> Result<Said, Trouble> {
    match what {
        What::Template { type_code } => template_of(desk, &type_code).await,
        What::New { named, type_code, from, to, file } => begun(desk, named.or(type_code), from, to, file).await,
        What::Edit { draft, file } => {
            let written = input::read(&file)?;
            match desk.get(&format!("/drafts/{draft}")).await? {
                Said::Answered(draft, _) => write(desk, draft, written).await,
                other @ (Said::Told(..) | Said::Refused(_)) => Ok(other),
            }
        }
        What::Drafts => Ok(desk.get("/drafts").await?.shown(print::drafts)),
        What::Check { draft } => {
            Ok(desk.post(&format!("/drafts/{draft}/check"), &Value::Null).await?.shown(print::check))
        }
        What::Attach { draft, file } => {
            Ok(desk.upload(&format!("/drafts/{draft}/attachments"), &file).await?.shown(print::attachment))
        }
        What::Prepared { case, act } => prepared::shown(desk, case.as_deref(), act).await,
        What::Back { case, which, reason } => prepared::sent_back(desk, &case, &which, &reason).await,
        What::Handover { draft: case, which } if !is_draft(&case) => prepared::handed_over(desk, &case, &which).await,
        What::Discard { draft: case, which } if !is_draft(&case) => prepared::discarded(desk, &case, &which).await,
        What::Sign { draft: case, which } if !is_draft(&case) => prepared::signed(desk, &case, &which).await,
        What::Handover { draft, .. } => {
            Ok(desk.post(&format!("/drafts/{draft}/handover"), &Value::Null).await?.shown(print::draft))
        }
        What::Discard { draft, .. } => Ok(desk.delete(&format!("/drafts/{draft}")).await?.shown(print::nothing)),
        What::Gate { what, gate, finding, which, reason } => {
            gate_answered(desk, &what, gate, finding, &which, &reason).await
        }
        What::OwnLaw { what, act, question, finding, reason, reply } => {
            let answer = question.zip(finding).zip(reason);
            own_law_said(desk, &what, act, answer, reply).await
        }
        What::Sign { draft, .. } => {
            Ok(desk.post(&format!("/drafts/{draft}/submit"), &json!({})).await?.shown(print::done))
        }
        What::List { waiting_us, overdue, stage, find } => listed(desk, waiting_us, overdue, stage, find).await,
        What::Show { what } => whole(desk, &what).await,
        What::Acts { case } => {
            let said = desk.get(&format!("/cases/{case}/acts")).await?;
            let here = Place::of(desk.instrument(), desk.party());
            Ok(said.told(|acts| print::acts(acts, &here)))
        }
        What::Status { case } => status_of(desk, &case).await,
        What::Do { case, act, file, attach, role } => {
            let contents = file.map_or_else(|| Ok(json!({})), |file| input::read(&file))?;
            if act.is_prepared() {
                return prepared::written(desk, &case, act, contents, &attach, (role, true)).await;
            }
            act_done(desk, &case, act, contents, &attach, role).await
        }
        What::Ack { case, reference, contact } => {
            let officer = json!({ "id": desk.me()["id"], "name": desk.me()["name"], "role": Role::Intake.code() });
            let contents = json!({ "reference": reference, "officer": officer, "contact": contact });
            act_done(desk, &case, ActKind::Acknowledge, contents, &[], None).await
        }
        What::Answer { case, extent, text, attach, keep } => {
            let contents = json!({ "extent": extent.code(), "answer": text.prose(desk.lang())?, "attachments": [] });
            prepared::written(desk, &case, ActKind::Respond, contents, &attach, (None, !keep)).await
        }
    }
}

/// The cases, soonest due first.
async fn listed(
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
    Ok(said.told(|cases| print::cases(cases, &here)))
}

/// Begins a draft of what the command line and the file say.
async fn begun(
    desk: &mut Desk,
    type_code: Option<String>,
    from: Option<String>,
    to: Option<String>,
    file: Option<PathBuf>,
) -> Result<Said, Trouble> {
    let written = file.map(|file| input::read(&file)).transpose()?;
    let to = match (&type_code, &from, to) {
        // Who continues a case asks the office the instrument names first, unless another is named.
        (Some(code), Some(_), None) if written.is_none() => first_asked(desk, code).await?,
        (_, _, to) => to,
    };
    begin(desk, type_code, to, from, written).await
}

/// Begins a draft and writes it. What cannot be written is thrown away again: an empty draft is of use to nobody.
async fn begin(
    desk: &mut Desk,
    type_code: Option<String>,
    to: Option<String>,
    from: Option<String>,
    mut written: Option<Value>,
) -> Result<Said, Trouble> {
    let mut wanted = |given: Option<String>, name: &str, flag: &str| {
        let said = written.as_mut().and_then(Value::as_object_mut).and_then(|members| members.remove(name));
        let said = said.as_ref().and_then(Value::as_str).filter(|said| !said.is_empty()).map(str::to_owned);
        match (given, said) {
            (Some(given), Some(said)) if given != said => {
                Err(Trouble(format!("the file says {name} = `{said}` and {flag} says `{given}`; give one of them")))
            }
            (Some(one), _) | (None, Some(one)) => Ok(Some(one)),
            (None, None) => Ok(None),
        }
    };
    let (type_code, to) = (wanted(type_code, "type_code", "--type")?, wanted(to, "to", "--to")?);
    let (type_code, to) = named(desk, type_code, to).await?;
    let begun = desk.post("/drafts", &json!({ "type_code": type_code, "to": to, "continues": from })).await?;
    let Said::Answered(draft, _) = begun else { return Ok(begun) };
    let Some(written) = written else { return Ok(Said::Answered(draft, print::draft)) };
    let id = draft["id"].as_str().unwrap_or_default().to_owned();
    let said = write(desk, draft, written).await;
    if !matches!(said, Ok(Said::Answered(..))) {
        let gone = desk.delete(&format!("/drafts/{id}")).await;
        if !matches!(gone, Ok(Said::Answered(..))) {
            out::complain(false, &format!("the draft `{id}` could not be thrown away again; discard it"));
        }
    }
    said
}

/// The type and the office of a new request; what is not named, or is none, is told with what there is to choose from.
async fn named(desk: &mut Desk, type_code: Option<String>, to: Option<String>) -> Result<(String, String), Trouble> {
    let no_office = "no office is named: give --to OFFICE, or write `to` in the file";
    let Some(type_code) = type_code else {
        let also = if to.is_none() { format!("; and {no_office}") } else { String::new() };
        let types = types(desk.instrument()).join("\n  ");
        return Err(Trouble(format!(
            "no request type is named: give --type CODE, or write `type_code` in the file{also}. The types are:\n  {types}"
        )));
    };
    known_type(desk.instrument(), &type_code)?;
    let Some(to) = to else {
        let rule = desk.value(&format!("/types/{type_code}")).await?;
        let offices = askable(desk, &rule).await?.join("\n  ");
        return Err(Trouble(format!("{no_office}. {type_code} may be sent to:\n  {offices}")));
    };
    Ok((type_code, to))
}

/// That the instrument has the type; else which it has.
fn known_type(instrument: &Value, type_code: &str) -> Result<(), Trouble> {
    let known = print::list(instrument, "types").any(|one| print::text(one, "code") == type_code);
    if known {
        return Ok(());
    }
    let types = types(instrument).join("\n  ");
    Err(Trouble(format!("the instrument has no request type `{type_code}`; give one of these:\n  {types}")))
}

/// The types of the instrument, a line each.
fn types(instrument: &Value) -> Vec<String> {
    print::list(instrument, "types")
        .map(|one| format!("{:<10} {}", print::text(one, "code"), print::own(&one["name"])))
        .collect()
}

/// The first office of the other side that a type may be put to.
async fn first_asked(desk: &mut Desk, type_code: &str) -> Result<Option<String>, Trouble> {
    let rule = desk.value(&format!("/types/{type_code}")).await?;
    let ours = format!("{}-", desk.party());
    let offices = rule["may_receive"].as_array().into_iter().flatten().filter_map(Value::as_str);
    Ok(offices.filter(|office| !office.starts_with(&ours)).map(str::to_owned).next())
}

async fn template_of(desk: &mut Desk, type_code: &str) -> Result<Said, Trouble> {
    known_type(desk.instrument(), type_code)?;
    let rule = desk.value(&format!("/types/{type_code}")).await?;
    let offices = askable(desk, &rule).await?;
    let lines = template::toml(&rule, desk.instrument(), &offices);
    Ok(Said::Told(template::json(&rule, desk.instrument(), &offices), lines))
}

/// The other Party's offices that may be asked for something of this type, a line each.
async fn askable(desk: &mut Desk, rule: &Value) -> Result<Vec<String>, Trouble> {
    let offices = desk.value("/offices").await?;
    let us = desk.party().to_owned();
    let may = |office: &&Value| rule["may_receive"].as_array().is_some_and(|list| list.contains(&office["id"]));
    let theirs = |office: &&Value| office["party"].as_str() != Some(us.as_str());
    let line = |office: &Value| {
        let names = office["name"].as_object().into_iter().flatten().filter_map(|(_, name)| name.as_str());
        format!("{}  {}", office["id"].as_str().unwrap_or_default(), names.collect::<Vec<_>>().join(" · "))
    };
    let offices = offices["offices"].as_array().into_iter().flatten().filter(may).filter(theirs);
    Ok(offices.map(line).collect())
}

/// A case or a draft with everything that is known of it.
async fn whole(desk: &mut Desk, what: &str) -> Result<Said, Trouble> {
    let found = desk.get(&if is_draft(what) { format!("/drafts/{what}") } else { format!("/cases/{what}") }).await?;
    let Said::Answered(found, _) = found else { return Ok(found) };
    let code = found["request"]["type_code"].as_str().unwrap_or_default().to_owned();
    let rule = desk.value(&format!("/types/{code}")).await?;
    let (instrument, offices) = (desk.value("/instrument").await?, desk.value("/offices").await?);
    let mut acts = Vec::new();
    let mut next = if is_draft(what) { None } else { Some(0) };
    while let Some(from) = next {
        let page = desk.value(&format!("/cases/{what}/acts?from={from}")).await?;
        acts.extend(page["acts"].as_array().cloned().unwrap_or_default());
        next = page["next"].as_u64();
    }
    let around = show::Around { instrument: &instrument, rule: &rule, offices: &offices, acts: &acts };
    let lines = if is_draft(what) {
        print::draft(&found).into_iter().chain(show::draft(&found, &around)).collect()
    } else {
        show::case(&found, &around)
    };
    Ok(Said::Told(found, lines))
}

/// The status report, with what its codes are called.
async fn status_of(desk: &mut Desk, case: &str) -> Result<Said, Trouble> {
    let found = desk.get(&format!("/cases/{case}/status")).await?;
    let Said::Answered(found, _) = found else { return Ok(found) };
    let code = found["shared"]["type_code"].as_str().unwrap_or_default().to_owned();
    let rule = desk.value(&format!("/types/{code}")).await?;
    let (instrument, offices) = (desk.value("/instrument").await?, desk.value("/offices").await?);
    let around = show::Around { instrument: &instrument, rule: &rule, offices: &offices, acts: &[] };
    let lines = standing::report(&found, &around);
    Ok(Said::Told(found, lines))
}

/// Lays what a file says over a draft's request and saves it.
async fn write(desk: &mut Desk, draft: Value, written: Value) -> Result<Said, Trouble> {
    let mut request = draft["request"].clone();
    input::overlay(&mut request, input::spoken(written, desk.lang(), desk.langs()))?;
    let id = draft["id"].as_str().unwrap_or_default();
    let body = json!({ "version": draft["version"], "request": request });
    Ok(desk.put(&format!("/drafts/{id}"), &body).await?.shown(print::draft))
}

async fn gate_answered(
    desk: &mut Desk,
    what: &str,
    gate: Gate,
    finding: Finding,
    which: &Version,
    reason: &Words,
) -> Result<Said, Trouble> {
    let mut body = json!({ "gate": gate.code(), "finding": finding.code(), "reason": reason.prose(desk.lang())? });
    if is_draft(what) {
        return Ok(desk.post(&format!("/drafts/{what}/gates"), &body).await?.shown(print::draft));
    }
    if which.act.is_some_and(ActKind::is_prepared) {
        return prepared::answered(desk, what, which, body).await;
    }
    let act = which
        .act
        .ok_or_else(|| Trouble("a safeguard of a case is answered for an act; name it with --act".to_owned()))?;
    body["act"] = act.code().into();
    Ok(desk.post(&format!("/cases/{what}/gates"), &body).await?.shown(print::gate_kept))
}

/// The questions of our own law, after an answer to one where there is one; or the fixed reply.
async fn own_law_said(
    desk: &mut Desk,
    what: &str,
    act: ActKind,
    answer: Option<((String, Finding), String)>,
    reply: bool,
) -> Result<Said, Trouble> {
    if reply {
        return Ok(desk.post(&format!("/local/{what}/reply"), &Value::Null).await?.shown(own_law::reply));
    }
    let path = format!("/local/{what}/{}", act.code());
    let said = match answer {
        Some(((question, finding), reason)) => {
            let body = json!({ "finding": finding.code(), "reason": reason });
            desk.post(&format!("{path}/{question}"), &body).await?
        }
        None => desk.get(&path).await?,
    };
    Ok(said.shown(own_law::questions))
}

async fn act_done(
    desk: &mut Desk,
    case: &str,
    act: ActKind,
    contents: Value,
    attach: &[PathBuf],
    role: Option<Role>,
) -> Result<Said, Trouble> {
    let mut contents = input::spoken(contents, desk.lang(), desk.langs());
    match staged(desk, case, attach).await? {
        Ok(roots) if roots.is_empty() => {}
        Ok(roots) => contents["attachments"] = Value::Array(roots),
        Err(refused) => return Ok(refused),
    }
    let mut body = json!({ "deed": { input::deed_name(act): contents } });
    if let Some(role) = role {
        body["role"] = role.code().into();
    }
    Ok(desk.post(&format!("/cases/{case}/acts"), &body).await?.shown(print::done))
}

/// The files sent in for an act of a case, by their roots; or the refusal of one.
async fn staged(desk: &mut Desk, case: &str, files: &[PathBuf]) -> Result<Result<Vec<Value>, Said>, Trouble> {
    let mut roots = Vec::new();
    for file in files {
        match desk.upload(&format!("/cases/{case}/attachments"), file).await? {
            Said::Answered(staged, _) => roots.push(staged["root"].clone()),
            other @ (Said::Told(..) | Said::Refused(_)) => return Ok(Err(other)),
        }
    }
    Ok(Ok(roots))
}

/// Drafts have names of their own kind, `d-` and digits; a case's begins with its Party.
fn is_draft(name: &str) -> bool {
    name.starts_with("d-")
}
