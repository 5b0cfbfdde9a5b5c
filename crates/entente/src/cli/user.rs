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
use node::people::{Officer, TokenLine};
use serde_json::json;
use store::Store;

use super::out::{self, say};
use super::{Ended, Trouble, Verdict, one_of};
use crate::app::{Clock, randomness};
use crate::home::Home;

const EXAMPLES: &str = "Examples:
  entente user add node --id m.hale --name \"M. Hale\" --office OFFICE --role drafter --role approver
  entente user add node --id siem --name \"Case system\" --office OFFICE --role drafter --token siem
  entente user list node
  entente user remove node --id m.hale
  entente user token add node --id m.hale --name siem
  entente user token list node
  entente user token revoke node 3f9a1c07

A token stands for its officer towards /api/v1 and `entente request`. It ends after a year, with its officer, or when it
is revoked; a running node heeds that at the next call.";

/// Digits of a token's number as shown, and the fewest by which one is named.
const TOKEN_DIGITS: usize = 8;

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
        #[arg(long = "role", required = true, value_name = "ROLE", value_parser = one_of::<Role>())]
        roles: Vec<Role>,
        /// The language of the officer's pages; by default the Party's own.
        #[arg(long)]
        lang: Option<String>,
        /// Somebody of the second track: reads what is marked TLP:CLEAR, and nothing else.
        #[arg(long)]
        second_track: bool,
        /// Also issue a token of this name for a program, and print it once.
        #[arg(long, value_name = "NAME")]
        token: Option<String>,
    },
    /// List the officers.
    List {
        /// The node's folder.
        dir: PathBuf,
    },
    /// Remove an officer, with every session and token. What the officer signed stays signed.
    Remove {
        /// The node's folder.
        dir: PathBuf,
        /// The officer.
        #[arg(long)]
        id: String,
    },
    /// The tokens of programs that act for an officer.
    #[command(after_help = EXAMPLES)]
    Token {
        #[command(subcommand)]
        what: TokenWhat,
    },
}

#[derive(Debug, Subcommand)]
enum TokenWhat {
    /// Issue a token and print it, once.
    Add {
        /// The node's folder.
        dir: PathBuf,
        /// The officer it acts for.
        #[arg(long)]
        id: String,
        /// What the program is called.
        #[arg(long)]
        name: String,
    },
    /// List the tokens, without their secrets.
    List {
        /// The node's folder.
        dir: PathBuf,
    },
    /// Revoke a token.
    Revoke {
        /// The node's folder.
        dir: PathBuf,
        /// Its number, as `list` shows it.
        token: String,
    },
}

/// Carries the command out.
///
/// # Errors
/// When the folder, a name, an office or a role cannot be used, or there is no such officer or token.
pub fn run(args: Args, as_json: bool) -> Ended {
    match args.what {
        What::Add { dir, id, name, office, roles, lang, second_track, token } => {
            let home = Home::open(&dir)?;
            let node = home.node()?;
            let own = node.instrument().party(node.me()).map(|party| party.lang.clone());
            let lang = match (lang, own) {
                (Some(lang), _) => Lang::new(&lang).map_err(misuse)?,
                (None, Some(own)) => own,
                (None, None) => {
                    return Err(Trouble(format!("`{}` is no Party to the instrument; give --lang", node.me())));
                }
            };
            let office = OfficeId::new(&office).map_err(misuse)?;
            let id = OfficerId::new(&id).map_err(misuse)?;
            let officer = Officer { id, name, office, roles, lang, second_track };
            add(&home, &officer, token.as_deref(), as_json)?;
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
        What::Remove { dir, id } => {
            let home = Home::open(&dir)?;
            let id = OfficerId::new(&id).map_err(misuse)?;
            if !home.node()?.remove_officer(&mut home.database()?, &id)? {
                return Err(unknown(&id));
            }
            if as_json {
                out::json(&json!({ "removed": id }));
            } else {
                say(format_args!("{id} removed, with every session and token"));
            }
        }
        What::Token { what } => token(what, as_json)?,
    }
    Ok(Verdict::Done)
}

fn add(home: &Home, officer: &Officer, token: Option<&str>, as_json: bool) -> Result<(), Trouble> {
    let (node, mut store, mut rng) = (home.node()?, home.database()?, randomness());
    let mut env = Env { now: Clock::real().now(), rng: &mut rng };
    node.put_officer(&mut store, &mut env, officer)?;
    let token = token.map(|label| node.issue_token(&mut store, &mut env, &officer.id, label)).transpose()?;
    if as_json {
        out::json(&json!({ "officer": officer, "token": token }));
    } else {
        say(line(officer));
        token.iter().for_each(|secret| say(shown_once(secret)));
    }
    Ok(())
}

fn token(what: TokenWhat, as_json: bool) -> Result<(), Trouble> {
    match what {
        TokenWhat::Add { dir, id, name } => {
            let home = Home::open(&dir)?;
            let (node, mut store, mut rng) = (home.node()?, home.database()?, randomness());
            let id = OfficerId::new(&id).map_err(misuse)?;
            if node.officer(&*store.reader()?, &id)?.is_none() {
                return Err(unknown(&id));
            }
            let mut env = Env { now: Clock::real().now(), rng: &mut rng };
            let secret = node.issue_token(&mut store, &mut env, &id, &name)?;
            if as_json {
                out::json(&json!({ "officer": id, "name": name, "token": secret }));
            } else {
                say(shown_once(&secret));
            }
        }
        TokenWhat::List { dir } => {
            let home = Home::open(&dir)?;
            let tokens = home.node()?.tokens(&*home.database_read_only()?)?;
            let shown = |token: &TokenLine| {
                json!({
                    "id": token.id, "officer": token.officer, "name": token.label, "expires_at": token.expires_at,
                })
            };
            if as_json {
                out::json(&tokens.iter().map(shown).collect::<Vec<_>>());
            } else {
                for TokenLine { id, officer, label, expires_at } in &tokens {
                    say(format_args!("{}  {officer}  {label}  until {expires_at}", &id.to_string()[..TOKEN_DIGITS]));
                }
            }
        }
        TokenWhat::Revoke { dir, token } => {
            let home = Home::open(&dir)?;
            let (node, mut store) = (home.node()?, home.database()?);
            let number = token.trim().to_ascii_lowercase();
            let mut meant = node.tokens(&*store.reader()?)?;
            meant.retain(|known| number.len() >= TOKEN_DIGITS && known.id.to_string().starts_with(&number));
            let [meant] = meant.as_slice() else {
                return Err(Trouble(format!(
                    "no one token has the number `{token}`; `entente user token list` shows them"
                )));
            };
            node.revoke_token(&mut store, &meant.id)?;
            if as_json {
                out::json(&json!({ "revoked": meant.id, "officer": meant.officer, "name": meant.label }));
            } else {
                say(format_args!("`{}` of {} revoked", meant.label, meant.officer));
            }
        }
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "given to map_err, which passes by value")]
fn misuse(why: domain::ids::BadName) -> Trouble {
    Trouble(why.to_string())
}

fn unknown(id: &OfficerId) -> Trouble {
    Trouble(format!("no officer `{id}` is here; `entente user list` names them"))
}

fn shown_once(secret: &str) -> String {
    format!("token (shown once, keep it secret): {secret}")
}

fn line(officer: &Officer) -> String {
    let roles: Vec<&str> = officer.roles.iter().map(|role| role.code()).collect();
    let track = if officer.second_track { "  track 2" } else { "" };
    format!("{}  {}  {}  {}{track}", officer.id, officer.name, officer.office, roles.join(", "))
}
