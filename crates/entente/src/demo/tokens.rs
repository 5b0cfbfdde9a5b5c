//! Tokens for programs in a demo: one for each persona, in a file beside the node.
//!
//! Owns that file. Must not be used outside a demo: there a token is shown once and kept by whoever asked for it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::app::App;
use crate::cli::Trouble;
use crate::home::{Home, HomeFault, replace};

/// Only the user who runs the demo may read them.
const PRIVATE: u32 = 0o600;

/// Where the tokens of a demo's node are, by officer; issued when there are none yet.
///
/// # Errors
/// [`Trouble`] when the store or the disk refuses.
pub(super) async fn kept(home: &Home, app: &App) -> Result<PathBuf, Trouble> {
    let at = home.dir().join("tokens.json");
    if at.is_file() {
        return Ok(at);
    }
    let issued = app.write(|node, store, env| {
        let officers = node.officers(&*store.reader()?)?;
        let mut issued = BTreeMap::new();
        for officer in officers {
            issued.insert(officer.id.to_string(), node.issue_token(store, env, &officer.id, "demo")?);
        }
        Ok::<_, node::Fault>(issued)
    });
    let text = serde_json::to_string_pretty(&issued.await?);
    let text = text.map_err(|why| HomeFault::new(why.to_string(), &at, "delete the demo's folder and try again"))?;
    replace(&at, text.as_bytes(), PRIVATE)?;
    Ok(at)
}
