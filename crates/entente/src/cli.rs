//! The command line: what there is, how it ends, and one file for each command.
//!
//! Owns the habits common to all: `--json`, exit codes (0 done, 1 found wanting, 2 misuse), errors that say what, where
//! and the remedy. Must not hold the work of any command.

use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use domain::menu::Menu;

use crate::home::HomeFault;

pub mod backup;
pub mod check;
pub mod convert;
pub mod doctor;
pub mod init;
pub mod ledger;
pub mod matching;
pub mod out;
pub mod peer;
pub mod purge;
pub mod report;
pub mod request;
pub mod serve;
pub mod sign;
mod sim;
pub mod user;

const EXAMPLES: &str = "Examples:
  entente demo                                  two nodes on this machine, in your browser
  entente check instruments/*                   every finding in an instrument
  entente init --party GB --instrument F node   a node's folder
  entente serve node                            run it
  entente ledger verify node                    audit its logs offline
  entente ledger export --case ID -o BUNDLE     one case with its proofs, for a third person
  entente match names a.csv b.csv -o links.csv  who stands in both lists, in any script

Exit status: 0 done, 1 found wanting, 2 misuse.";

/// A security-cooperation agreement between states, as running software: each Party its own node, no centre.
#[derive(Debug, Parser)]
#[command(name = "entente", version, after_help = EXAMPLES)]
struct Cli {
    /// Answer in JSON, for programs.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run two nodes on this machine, seeded, with pages to open.
    Demo(crate::demo::Args),
    /// Check an instrument or a calendar and list every finding.
    Check(check::Args),
    /// A file of one format in another, with every loss listed.
    Convert(convert::Args),
    /// Make a node's folder: keys, certificate, instrument, database.
    Init(init::Args),
    /// Begin an instrument: the files of an example, to be changed.
    Begin(sign::Begin),
    /// Sign a further instrument, which a node then works under beside its first.
    Sign(sign::Args),
    /// Run the node of a folder until it is stopped.
    Serve(serve::Args),
    /// The other Parties' nodes.
    Peer(peer::Args),
    /// Requests and answers, without a browser.
    Request(request::Args),
    /// Meetings, their agendas, commitments, and the calendar of an office.
    Round(request::rounds::Args),
    /// Offices with their counterparts, and whether their desks answer.
    Directory(request::directory::Args),
    /// The Party's own officers.
    User(user::Args),
    /// The tamper-evident logs.
    Ledger(ledger::Args),
    /// Names compared across scripts, and two lists linked, on this machine.
    #[command(name = "match")]
    Matching(matching::Args),
    /// Erase contents whose time is over, in the folder of a stopped node.
    Purge(purge::Args),
    /// The account of a period: every clause counted, in both directions.
    Report(report::Args),
    /// Write a node's folder into one encrypted file, while the node runs.
    Backup(backup::Args),
    /// Make a node's folder from a backup and the seed.
    Restore(backup::Restore),
    /// Look a node's folder over and say what is wrong with it.
    Doctor(doctor::Args),
    /// Run the production node in a simulated world that does its worst.
    Sim(sim::Args),
}

/// How a command that could be carried out ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Done, or everything holds: exit status 0.
    Done,
    /// It was done and something was found wanting: exit status 1.
    Wanting,
}

/// Why a command could not be carried out: exit status 2. Says what, where and the remedy.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Trouble(pub String);

/// How a command ends.
pub type Ended = Result<Verdict, Trouble>;

impl From<HomeFault> for Trouble {
    fn from(fault: HomeFault) -> Self {
        Self(fault.to_string())
    }
}

impl From<node::Fault> for Trouble {
    fn from(fault: node::Fault) -> Self {
        Self(fault.to_string())
    }
}

impl From<store::Fault> for Trouble {
    fn from(fault: store::Fault) -> Self {
        Self(fault.to_string())
    }
}

/// Reads the command line, carries it out and says how it ended.
#[must_use]
pub fn run() -> ExitCode {
    let asked = with_examples(Cli::command(), "entente").try_get_matches();
    let cli = match asked.and_then(|asked| Cli::from_arg_matches(&asked)) {
        Ok(cli) => cli,
        Err(shown) => {
            // Help and version are what was asked for; everything else is misuse, which clap numbers 2.
            let _closed = shown.print();
            return ExitCode::from(u8::try_from(shown.exit_code()).unwrap_or(2));
        }
    };
    let filter = tracing_subscriber::EnvFilter::try_from_env("ENTENTE_LOG");
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match carry_out(cli.command, cli.json) {
        Ok(Verdict::Done) => ExitCode::SUCCESS,
        Ok(Verdict::Wanting) => ExitCode::FAILURE,
        Err(trouble) => {
            out::complain(cli.json, &trouble.0);
            ExitCode::from(2)
        }
    }
}

/// One of a closed menu, by its code: help lists the codes, and so does the answer to any other.
fn one_of<M: Menu + Send + Sync + 'static>() -> impl TypedValueParser<Value = M> {
    let codes = M::ALL.iter().map(|(_, code)| *code);
    PossibleValuesParser::new(codes).try_map(|code| M::from_code(&code).ok_or("no such code"))
}

/// Gives every command below the examples that name it, unless it has its own.
fn with_examples(command: clap::Command, path: &str) -> clap::Command {
    let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| {
        let path = format!("{path} {name}");
        let own: Vec<&str> =
            examples.lines().filter(|line| format!("{} ", line.trim()).contains(&format!("{path} "))).collect();
        let own = if own.is_empty() { None } else { Some(format!("Examples:\n{}", own.join("\n"))) };
        command.mut_subcommand(name, |sub| {
            let sub = match (sub.get_after_help().is_none(), own) {
                (true, Some(own)) => sub.after_help(own),
                (true, None) | (false, _) => sub,
            };
            with_examples(sub, &path)
        })
    })
}

fn carry_out(command: Command, json: bool) -> Ended {
    match command {
        Command::Demo(args) => in_runtime(crate::demo::run(args, json)),
        Command::Check(args) => check::run(&args, json),
        Command::Convert(args) => convert::run(&args, json),
        Command::Init(args) => init::run(args, json),
        Command::Begin(args) => sign::begin(&args, json),
        Command::Sign(args) => sign::run(&args, json),
        Command::Serve(args) => in_runtime(serve::run(args, json)),
        Command::Peer(args) => in_runtime(peer::run(args, json)),
        Command::Round(args) => in_runtime(request::rounds::run(args, json)),
        Command::Directory(args) => in_runtime(request::directory::run(args, json)),
        Command::Request(args) => in_runtime(request::run(args, json)),
        Command::User(args) => user::run(args, json),
        Command::Ledger(args) => ledger::run(args, json),
        Command::Matching(args) => matching::run(args, json),
        Command::Purge(args) => purge::run(&args, json),
        Command::Report(args) => report::run(&args, json),
        Command::Backup(args) => backup::run(&args, json),
        Command::Restore(args) => backup::restore(&args, json),
        Command::Doctor(args) => doctor::run(&args, json),
        Command::Sim(args) => sim::run(&args, json),
    }
}

/// Runs an async command on a runtime of its own.
///
/// # Errors
/// The command's, or that the system gives no threads.
pub fn in_runtime(work: impl Future<Output = Ended>) -> Ended {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|why| Trouble(format!("the system gives no threads: {why}; free some")))?.block_on(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever asks any command for help is shown how it is called.
    #[test]
    fn every_command_has_an_example_of_its_own() {
        fn check(command: &clap::Command, path: &str) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("Examples:") && help.contains(path), "`{path} --help` has no example of it");
            for sub in command.get_subcommands() {
                check(sub, &format!("{path} {}", sub.get_name()));
            }
        }
        check(&with_examples(Cli::command(), "entente"), "entente");
    }
}
