//! `node.toml`: the few things an operator decides about one node.
//!
//! Owns its form and its reading. Must not know where the file lies (`home`) nor what listens (`serve`).

use std::net::SocketAddr;

use domain::ids::PartyId;
use serde::Deserialize;

/// What `node.toml` says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The Party this node serves.
    pub party: PartyId,
    /// Where officers and programs are served, host and port. Loopback unless a gateway with TLS stands before it.
    pub web: SocketAddr,
    /// Where other Parties' nodes are served, host and port.
    pub peer: SocketAddr,
    /// What other Parties dial, host and port: `peer` as seen from outside. Stands in our card.
    pub endpoint: String,
}

impl Config {
    /// Reads the text of a `node.toml`.
    ///
    /// # Errors
    /// The parser's own words with line and column, in one line.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string().trim().replace('\n', " "))
    }

    /// The text of a `node.toml` that says this.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Self { party, web, peer, endpoint } = self;
        format!(
            "# One node of Entente. Change addresses here while it is stopped; a new endpoint needs a new card.\n\
             party = \"{party}\"\n\
             # Officers and programs. Keep to loopback unless a gateway with TLS stands before it.\n\
             web = \"{web}\"\n\
             # Other Parties' nodes (mutual TLS).\n\
             peer = \"{peer}\"\n\
             # What other Parties dial to reach `peer`.\n\
             endpoint = \"{endpoint}\"\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_config_reads_back_and_faults_are_named() {
        fn check(text: &str, wanted: &str) {
            let got = Config::parse(text);
            match wanted {
                "" => assert_eq!(Config::parse(&got.expect("reads").to_text()), Config::parse(text)),
                part => assert!(got.clone().is_err_and(|e| e.contains(part)), "{got:?} lacks {part}"),
            }
        }
        let sound = "party = \"GB\"\nweb = \"127.0.0.1:1\"\npeer = \"[::1]:2\"\nendpoint = \"a.example:2\"\n";
        check(sound, "");
        check(&sound.replace("GB", "gb"), "not a valid party");
        check(&sound.replace("web", "wed"), "wed");
        check(&sound.replace("127.0.0.1:1", "here"), "socket address");
        check("party = ", "line 1");
    }
}
