//! `entente user`: the Party's own officers and the tokens of programs acting for them.
//!
//! Owns its arguments and what is shown. Must not know how officers are kept.

use std::path::PathBuf;

use clap::Subcommand;
use domain::act::Role;
use domain::ids::{OfficeId, OfficerId};
use domain::menu::Menu;
use domain::text::Lang;
use node::Env;
use node::people::Officer;
use serde_json::json;

use super::out::{self, say};
use super::{Ended, Trouble, Verdict};
use crate::app::{Clock, randomness};
use crate::home::Home;

const EXAMPLES: &str = "Examples:
  entente user add node --id m.hale --name \"M. Hale\" --office OFFICE --role drafter --role approver
  entente user add node --id siem --name \"Case system\" --office OFFICE --role drafter --token siem
  entente user list node";

/// Which of the user commands.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Add an officer, or replace the one of the same id.
    Add {
        /// The node's folder.
        dir: PathBuf,
        /// Lower-case letters, digits, dots and hyphens.
        #[arg(long)]
        id: String,
        /// The name as the officer signs it.
        #[arg(long)]
        name: String,
        /// One of our offices, as the instrument names it.
        #[arg(long)]
        office: String,
        /// What the officer may be; more than once for several.
        #[arg(long = "role", required = true, value_name = "ROLE", value_parser = role)]
        roles: Vec<Role>,
        /// The language of the officer's pages; by default the Party's own.
        #[arg(long)]
        lang: Option<String>,
        /// Also issue a token of this name for a program, and print it once.
        #[arg(long, value_name = "NAME")]
        token: Option<String>,
    },
    /// List the officers.
    List {
        /// The node's folder.
        dir: PathBuf,
    },
}

/// Carries the command out.
///
/// # Errors
/// When the folder, a name, an office or a role cannot be used.
pub fn run(args: Args, as_json: bool) -> Ended {
    match args.what {
        What::Add { dir, id, name, office, roles, lang, token } => {
            let misuse = |why: domain::ids::BadName| Trouble(why.to_string());
            let home = Home::open(&dir)?;
            let (node, mut store, mut rng) = (home.node()?, home.database()?, randomness());
            let own = node.instrument().party(node.me()).map(|party| party.lang.clone());
            let lang = match (lang, own) {
                (Some(lang), _) => Lang::new(&lang).map_err(misuse)?,
                (None, Some(own)) => own,
                (None, None) => return Err(Trouble(format!("`{}` is no Party to the instrument", node.me()))),
            };
            let id = OfficerId::new(&id).map_err(misuse)?;
            let office = OfficeId::new(&office).map_err(misuse)?;
            let officer = Officer { id, name, office, roles, lang };
            let mut env = Env { now: Clock::real().now(), rng: &mut rng };
            node.put_officer(&mut store, &mut env, &officer)?;
            let token = match token {
                Some(label) => Some(node.issue_token(&mut store, &mut env, &officer.id, &label)?),
                None => None,
            };
            if as_json {
                out::json(&json!({ "officer": officer, "token": token }));
            } else {
                say(line(&officer));
                if let Some(token) = token {
                    say(format_args!("token (shown once, keep it secret): {token}"));
                }
            }
        }
        What::List { dir } => {
            let home = Home::open(&dir)?;
            let officers = home.node()?.officers(&*home.database_read_only()?)?;
            if as_json {
                out::json(&officers);
            } else {
                officers.iter().for_each(|officer| say(line(officer)));
            }
        }
    }
    Ok(Verdict::Done)
}

fn line(officer: &Officer) -> String {
    let roles: Vec<&str> = officer.roles.iter().map(|role| role.code()).collect();
    format!("{}  {}  {}  {}", officer.id, officer.name, officer.office, roles.join(", "))
}

fn role(text: &str) -> Result<Role, String> {
    let known = || Role::ALL.iter().map(|(_, code)| *code).collect::<Vec<_>>().join(", ");
    Role::from_code(text).ok_or_else(|| format!("no such role; one of {}", known()))
}
