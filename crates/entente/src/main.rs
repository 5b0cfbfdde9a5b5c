//! The `entente` command. Owns nothing but the way in: the command line is in the library's `cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    entente::cli::run()
}
