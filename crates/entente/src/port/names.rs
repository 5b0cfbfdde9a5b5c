//! Under which names a node's pages answer: a page of another house, whose name was made to lead to this machine (DNS
//! rebinding), must not be able to read ours as if they were its own.
//!
//! Owns the list and the reading of `Host`. Must not know pages. Ports are not compared: whoever can choose the name can
//! choose the port, and a forwarded port is as good as its own.

use std::net::IpAddr;

use hyper::Request;
use hyper::header::HOST;
use hyper::http::uri::Authority;

use crate::config::{Config, HostName};

/// The name every browser takes for this machine without asking anybody.
const LOCALHOST: &str = "localhost";

/// The names of one node's pages.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    bound: IpAddr,
    named: Vec<HostName>,
}

impl Names {
    /// The names of a node: its own address, this machine's, and those its operator gave it.
    pub(crate) fn of(config: &Config) -> Self {
        Self { bound: config.web.ip(), named: config.names.clone() }
    }

    /// Whether a call was made to one of our names. One that names nobody, or two, was made by no browser.
    pub(super) fn admit<B>(&self, call: &Request<B>) -> bool {
        let mut hosts = call.headers().get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
        let Some(host) = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok()) else { return false };
        // A target in full stands above the header (RFC 9112, 3.2.2).
        self.answer_to(&host) && call.uri().authority().is_none_or(|target| self.answer_to(target))
    }

    fn answer_to(&self, authority: &Authority) -> bool {
        if authority.as_str().contains('@') {
            return false;
        }
        let host = authority.host();
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        match bare.parse::<IpAddr>() {
            // Nobody's name leads to an address written in digits. A node on every address answers on each.
            Ok(ip) => ip.is_loopback() || ip == self.bound || self.bound.is_unspecified(),
            Err(_) => host.eq_ignore_ascii_case(LOCALHOST) || self.named.iter().any(|name| name.is(host)),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::PartyId;

    use super::*;

    #[test]
    fn only_our_own_names_are_answered_to() {
        fn check(web: &str, hosts: &[&str], target: &str, admitted: bool) {
            let config = Config {
                party: PartyId::new("GB").expect("a party"),
                web: web.parse().expect("an address"),
                peer: web.parse().expect("an address"),
                endpoint: web.to_owned(),
                names: vec!["desk.example".parse().expect("a name")],
            };
            let mut call = Request::get(target).body(()).expect("a call");
            for host in hosts {
                call.headers_mut().append(HOST, host.parse().expect("a header"));
            }
            assert_eq!(Names::of(&config).admit(&call), admitted, "{web} {hosts:?} {target}");
        }
        let demo = "127.0.0.1:7001";
        for host in ["127.0.0.1:7001", "localhost:7001", "LOCALHOST", "[::1]:7001", "desk.example", "Desk.Example:8443"]
        {
            check(demo, &[host], "/desk", true);
        }
        for host in [
            "evil.example:7001",
            "localhost.evil.example:7001",
            "desk.example.evil.example",
            "evil.example#localhost",
            "localhost:7001@evil.example",
            "evil@localhost",
            "10.0.0.1:7001",
            "[::2]",
            "0.0.0.0",
            "localhost.",
            "",
        ] {
            check(demo, &[host], "/desk", false);
        }
        check(demo, &[], "/desk", false);
        check(demo, &["localhost", "localhost"], "/desk", false);
        check(demo, &["localhost"], "http://evil.example/desk", false);
        check(demo, &["evil.example"], "http://localhost/desk", false);
        check(demo, &["localhost"], "http://localhost:7001/desk", true);
        check("10.0.0.1:80", &["10.0.0.1"], "/", true);
        check("10.0.0.1:80", &["10.0.0.2"], "/", false);
        check("0.0.0.0:80", &["10.0.0.2"], "/", true);
        check("0.0.0.0:80", &["evil.example"], "/", false);
        check("[::]:80", &["[2001:db8::1]"], "/", true);
    }
}
