//! `node.toml`: the few things an operator decides about one node.
//!
//! Owns its form and its reading. Must not know where the file lies (`home`) nor what listens (`serve`).

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

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
    /// Under which names officers' browsers call `web`, besides this machine's own: those of the gateway.
    #[serde(default)]
    pub names: Vec<HostName>,
}

/// A host's name as browsers send it, without a port; compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HostName(String);

/// Longest name of a host, in bytes (RFC 1035, 2.3.4).
const HOST_NAME_BYTES_MAX: usize = 253;

impl HostName {
    /// Whether a call's host is this one.
    #[must_use]
    pub fn is(&self, host: &str) -> bool {
        self.0.eq_ignore_ascii_case(host)
    }
}

impl FromStr for HostName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        let fits = !text.is_empty() && text.len() <= HOST_NAME_BYTES_MAX && text.bytes().all(plain);
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!("`{text}` is no host's name; give it without a port"))
        }
    }
}

impl TryFrom<String> for HostName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
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
        let Self { party, web, peer, endpoint, names } = self;
        let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        let names = names.join(", ");
        format!(
            "# One node of Entente. Change addresses here while it is stopped; a new endpoint needs a new card.\n\
             party = \"{party}\"\n\
             # Officers and programs. Keep to loopback unless a gateway with TLS stands before it.\n\
             web = \"{web}\"\n\
             # Under which names browsers reach `web` through the gateway, without port. Calls to other names are refused.\n\
             names = [{names}]\n\
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
        check(&format!("{sound}names = [\"desk.example\", \"b\"]\n"), "");
        check(&format!("{sound}names = [\"desk.example:443\"]\n"), "without a port");
        check(&sound.replace("GB", "gb"), "not a valid party");
        check(&sound.replace("web", "wed"), "wed");
        check(&sound.replace("127.0.0.1:1", "here"), "socket address");
        check("party = ", "line 1");
    }
}
