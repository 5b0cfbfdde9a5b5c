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
pub use remedy::About;

mod act_template;
mod acts;
mod cases;
mod desk;
pub mod directory;
mod drafts;
mod input;
mod next;
mod own_law;
mod prepared;
mod print;
mod remedy;
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
  entente request note XX-CY-2026-0001 \"rang the desk\"           (stays in the house; without words, the notes there are)
  entente request fetch XX-CY-2026-0001 ROOT -o report.pdf
  entente request next XX-CY-2026-0001                           (what may be done now, and how)
  entente request do XX-CY-2026-0001 begin-review
  entente request do XX-CY-2026-0001 refuse --template > refuse.toml
  entente request do XX-CY-2026-0001 refuse --file refuse.toml
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
    /// Our own notes on a case; with words, add one. None of them ever leaves the node.
    Note {
        /// The case.
        case: String,
        /// What to note, in whatever language.
        words: Option<String>,
    },
    /// Write a file of a case to disk.
    Fetch {
        /// The case.
        case: String,
        /// The file's root, as `show` names it.
        root: String,
        /// Where it goes.
        #[arg(short, long, value_name = "FILE")]
        out: PathBuf,
    },
    /// What may be done in a case now: each act with its safeguards, the command for it and what it takes.
    Next {
        /// The case.
        case: String,
    },
    /// Do any act in a case; one that another officer signs is written and handed over.
    Do {
        /// The case.
        case: String,
        /// The act's code, such as `begin-review`; `next` names those open to you, any other word lists them all.
        #[arg(value_parser = one_of::<ActKind>(), hide_possible_values = true)]
        act: ActKind,
        /// Do nothing: print a file to fill in for --file, with every part named, its kind and its choices.
        #[arg(long, conflicts_with_all = ["file", "attach", "role"])]
        template: bool,
        /// The act's contents, JSON or TOML, as --template prints them; none for an act without any.
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
    desk.about = args.what.about();
    let about = desk.about.clone();
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
            let wanting = answer.get("complete") == Some(&Value::Bool(false));
            Ok(if wanting { Verdict::Wanting } else { Verdict::Done })
        }
        Said::Refused(problem) => {
            refused(&problem, &about, as_json);
            Ok(Verdict::Wanting)
        }
    }
}

/// Says why a call was refused, and what to do about it.
pub fn refused(problem: &Value, about: &About, as_json: bool) {
    if as_json {
        out::json(problem);
    } else {
        let lines = print::problem(problem).into_iter().chain(remedy::of(problem, about));
        lines.for_each(|line| out::complain(false, &line));
    }
}

impl What {
    /// What the command is about: what is refused is told with the command that helps.
    fn about(&self) -> About {
        let (subject, act) = match self {
            Self::Template { .. } | Self::New { .. } | Self::Drafts | Self::List { .. } => return About::default(),
            Self::Edit { draft, .. } | Self::Check { draft } | Self::Attach { draft, .. } => (draft, None),
            Self::Handover { draft, which } | Self::Discard { draft, which } | Self::Sign { draft, which } => {
                (draft, which.act)
            }
            Self::Gate { what, which, .. } => (what, which.act),
            Self::OwnLaw { what, act, .. } => (what, Some(*act)),
            Self::Prepared { case: Some(case), act } => (case, *act),
            Self::Prepared { case: None, .. } => return About::default(),
            Self::Back { case, which, .. } => (case, which.act),
            Self::Show { what } => (what, None),
            Self::Status { case }
            | Self::Acts { case }
            | Self::Next { case }
            | Self::Note { case, .. }
            | Self::Fetch { case, .. } => (case, None),
            Self::Do { case, act, .. } => (case, Some(*act)),
            Self::Ack { case, .. } => (case, Some(ActKind::Acknowledge)),
            Self::Answer { case, .. } => (case, Some(ActKind::Respond)),
        };
        About { subject: subject.clone(), act }
    }
}

async fn carry_out(desk: &mut Desk, what: What) -> Result<Said, Trouble> {
    match what {
        What::Template { type_code } => drafts::template_of(desk, &type_code).await,
        What::New { named, type_code, from, to, file } => {
            drafts::begun(desk, named.or(type_code), from, to, file).await
        }
        What::Edit { draft, file } => {
            let written = input::read(&file)?;
            match desk.get(&format!("/drafts/{draft}")).await? {
                Said::Answered(draft, _) => drafts::write(desk, draft, written).await,
                other @ (Said::Told(..) | Said::Refused(_)) => Ok(other),
            }
        }
        What::Drafts => {
            let said = desk.get("/drafts").await?;
            Ok(said.told(|drafts| print::drafts(drafts, desk.instrument())))
        }
        What::Check { draft } => {
            let said = desk.post(&format!("/drafts/{draft}/check"), &Value::Null).await?;
            Ok(said.told(|check| print::check(check, desk.instrument())))
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
            let said = desk.post(&format!("/drafts/{draft}/handover"), &Value::Null).await?;
            Ok(said.told(|draft| print::draft(draft, desk.instrument())))
        }
        What::Discard { draft, .. } => Ok(desk.delete(&format!("/drafts/{draft}")).await?.shown(print::nothing)),
        What::Gate { what, gate, finding, which, reason } => {
            acts::gate_answered(desk, &what, gate, finding, &which, &reason).await
        }
        What::OwnLaw { what, act, question, finding, reason, reply } => {
            let answer = question.zip(finding).zip(reason);
            acts::own_law_said(desk, &what, act, answer, reply).await
        }
        What::Sign { draft, .. } => {
            Ok(desk.post(&format!("/drafts/{draft}/submit"), &json!({})).await?.shown(print::done))
        }
        What::List { waiting_us, overdue, stage, find } => cases::listed(desk, waiting_us, overdue, stage, find).await,
        What::Show { what } => cases::whole(desk, &what).await,
        What::Note { case, words } => cases::noted(desk, &case, words.as_deref()).await,
        What::Fetch { case, root, out } => cases::fetched(desk, &case, &root, &out).await,
        What::Next { case } => next::acts(desk, &case).await,
        What::Acts { case } => {
            let said = desk.get(&format!("/cases/{case}/acts")).await?;
            let here = Place::of(desk.instrument(), desk.party());
            Ok(said.told(|acts| print::acts(acts, &here)))
        }
        What::Status { case } => cases::status_of(desk, &case).await,
        What::Do { case, act, template, file, attach, role } => {
            if template {
                return acts::template(desk, &case, act).await;
            }
            acts::done(desk, &case, act, file.as_deref(), &attach, role).await
        }
        What::Ack { case, reference, contact } => acts::acknowledged(desk, &case, &reference, &contact).await,
        What::Answer { case, extent, text, attach, keep } => {
            let contents =
                json!({ "extent": extent.code(), "answer": text.prose(desk.lang(), desk.langs())?, "attachments": [] });
            prepared::written(desk, &case, ActKind::Respond, contents, &attach, (None, !keep)).await
        }
    }
}

/// Drafts have names of their own kind, `d-` and digits; a case's begins with its Party.
fn is_draft(name: &str) -> bool {
    name.starts_with("d-")
}
