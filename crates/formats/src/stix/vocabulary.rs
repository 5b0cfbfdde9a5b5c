//! STIX 2.1 as tables: its object types with the properties each must have, its times, its hashes and its markings.
//!
//! Owns the tables only; `object` and `property` read them. Must not decide anything.

/// What class of object a type is; the classes differ in the properties all their types share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Domain or relationship object: versioned (§3, §5).
    Domain,
    /// Cyber-observable: neither version nor times (§6).
    Observable,
    /// Marking definition: created, never modified (§7.2).
    Marking,
}

/// One object type.
pub(super) struct Kind {
    pub name: &'static str,
    pub class: Class,
    /// Properties it must have beyond those of its class.
    pub required: &'static [&'static str],
    /// At least one of these must stand, when any are named.
    pub one_of: &'static [&'static str],
}

const fn domain(name: &'static str, required: &'static [&'static str]) -> Kind {
    Kind { name, class: Class::Domain, required, one_of: &[] }
}

const fn observable(name: &'static str, required: &'static [&'static str]) -> Kind {
    Kind { name, class: Class::Observable, required, one_of: &[] }
}

const fn either(name: &'static str, class: Class, one_of: &'static [&'static str]) -> Kind {
    Kind { name, class, required: &[], one_of }
}

/// Every type of STIX 2.1 (§4 to §7).
pub(super) const KINDS: &[Kind] = &[
    domain("attack-pattern", &["name"]),
    domain("campaign", &["name"]),
    domain("course-of-action", &["name"]),
    domain("grouping", &["context", "object_refs"]),
    domain("identity", &["name"]),
    domain("incident", &["name"]),
    domain("indicator", &["pattern", "pattern_type", "valid_from"]),
    domain("infrastructure", &["name"]),
    domain("intrusion-set", &["name"]),
    either("location", Class::Domain, &["region", "country", "latitude"]),
    domain("malware", &["is_family"]),
    domain("malware-analysis", &["product"]),
    domain("note", &["content", "object_refs"]),
    Kind {
        name: "observed-data",
        class: Class::Domain,
        required: &["first_observed", "last_observed", "number_observed"],
        one_of: &["object_refs", "objects"],
    },
    domain("opinion", &["opinion", "object_refs"]),
    domain("report", &["name", "published", "object_refs"]),
    domain("threat-actor", &["name"]),
    domain("tool", &["name"]),
    domain("vulnerability", &["name"]),
    domain("relationship", &["relationship_type", "source_ref", "target_ref"]),
    domain("sighting", &["sighting_of_ref"]),
    domain("language-content", &["object_ref", "contents"]),
    domain("extension-definition", &["name", "schema", "version", "extension_types", "created_by_ref"]),
    either("artifact", Class::Observable, &["payload_bin", "url"]),
    observable("autonomous-system", &["number"]),
    observable("directory", &["path"]),
    observable("domain-name", &["value"]),
    observable("email-addr", &["value"]),
    observable("email-message", &["is_multipart"]),
    either("file", Class::Observable, &["hashes", "name"]),
    observable("ipv4-addr", &["value"]),
    observable("ipv6-addr", &["value"]),
    observable("mac-addr", &["value"]),
    observable("mutex", &["name"]),
    Kind {
        name: "network-traffic",
        class: Class::Observable,
        required: &["protocols"],
        one_of: &["src_ref", "dst_ref"],
    },
    observable("process", &[]),
    observable("software", &["name"]),
    observable("url", &["value"]),
    observable("user-account", &[]),
    observable("windows-registry-key", &[]),
    observable("x509-certificate", &[]),
    either("marking-definition", Class::Marking, &["definition_type", "extensions"]),
];

/// Top-level properties that are instants (§3.2 and the tables of §4 to §6).
pub(super) const TIMES: &[&str] = &[
    "created",
    "modified",
    "valid_from",
    "valid_until",
    "first_seen",
    "last_seen",
    "first_observed",
    "last_observed",
    "published",
    "submitted",
    "analysis_started",
    "analysis_ended",
    "start",
    "end",
    "ctime",
    "mtime",
    "atime",
    "date",
    "created_time",
    "modified_time",
    "account_created",
    "account_expires",
    "credential_last_changed",
    "account_first_login",
    "account_last_login",
    "validity_not_before",
    "validity_not_after",
    "start_time",
    "stop_time",
    "object_modified",
];

/// Pairs of instants of which the first must not lie after the second; the flag says that they must differ.
pub(super) const ORDERED: &[(&str, &str, bool)] = &[
    ("created", "modified", false),
    ("valid_from", "valid_until", true),
    ("first_seen", "last_seen", false),
    ("first_observed", "last_observed", false),
    ("analysis_started", "analysis_ended", false),
    ("start", "end", true),
    ("start_time", "stop_time", true),
];

/// Hash algorithms of the open vocabulary (§10.7) with the length of their value in hexadecimal digits.
pub(super) const HASHES: &[(&str, usize)] =
    &[("MD5", 32), ("SHA-1", 40), ("SHA-256", 64), ("SHA-512", 128), ("SHA3-256", 64), ("SHA3-512", 128)];

/// The TLP 1.0 markings, whose ids and meaning are fixed (§7.2.1.4).
pub(super) const TLP_1: &[(&str, &str)] = &[
    ("613f2e26-407d-48c7-9eca-b8e91df99dc9", "white"),
    ("34098fce-860f-48ae-8e50-ebd3cc5e41da", "green"),
    ("f88d31f6-486f-44da-b317-01333bde0b82", "amber"),
    ("5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "red"),
];

/// The TLP 2.0 markings (OASIS CTI common objects), fixed likewise.
pub(super) const TLP_2: &[(&str, &str)] = &[
    ("94868c89-83c2-464b-929b-a1a8aa3c8487", "clear"),
    ("bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "green"),
    ("55d920b0-5e8b-4f79-9ee9-91f868d9b421", "amber"),
    ("939a9414-2ddd-4d32-a0cd-375ea402b003", "amber+strict"),
    ("e828b379-4e03-4974-9ac4-e53a884c97c1", "red"),
];

/// The extension by which TLP 2.0 markings say what they are.
pub(super) const TLP_2_EXTENSION: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";
