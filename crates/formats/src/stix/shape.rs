//! What kind of value each property of STIX 2.1 holds, at the top and within (§2, §4 to §7, extensions of §6 among them).
//!
//! Owns the table: names of properties mean one kind throughout the standard, so that one table serves all types. Must not
//! know which type has which property; properties of others' making are not judged.

use serde_json::{Map, Value};

use super::property;
use super::vocabulary::{Class, KINDS};
use crate::finding::{Code, Gathered, shown};

/// A kind of value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Text,
    Texts,
    Flag,
    Whole,
    Number,
    Instant,
    /// Hexadecimal digits, two a byte (§2.8).
    Hex,
    /// Base64 (§2.1).
    Binary,
    Hashes,
    Reference,
    References,
    /// One of a closed list.
    Choice(&'static [&'static str]),
    /// An object whose members are judged in turn.
    Part,
    /// A list of such.
    Parts,
    /// An object of others' keys (§2.4), not empty.
    Dictionary,
    /// The same, each value a text.
    DictionaryOfText,
    /// The same, each value a text or a list of text.
    DictionaryOfTexts,
    /// The same, each value a list of text.
    DictionaryOfLists,
    /// The same, each value a whole number.
    DictionaryOfWhole,
    /// The same, each value a text or a whole number.
    DictionaryOfSimple,
    /// The same, each value an object that is not empty.
    DictionaryOfParts,
}

use Shape::{
    Binary, Choice, Dictionary, DictionaryOfLists, DictionaryOfParts, DictionaryOfSimple, DictionaryOfText,
    DictionaryOfTexts, DictionaryOfWhole, Flag, Hashes, Hex, Instant, Number, Part, Parts, Reference, References, Text,
    Texts, Whole,
};

/// Each name with its kind; what the endings of a name say stands in [`by_ending`].
const SHAPES: &[(Shape, &[&str])] = &[
    (
        Text,
        &[
            "account_login",
            "account_type",
            "administrative_area",
            "analysis_definition_version",
            "analysis_engine_version",
            "authority_key_identifier",
            "basic_constraints",
            "body",
            "certificate_policies",
            "city",
            "comment",
            "configuration_version",
            "content_disposition",
            "content_type",
            "country",
            "cpe",
            "credential",
            "crl_distribution_points",
            "cwd",
            "data",
            "decryption_key",
            "definition_type",
            "description",
            "display_name",
            "extended_key_usage",
            "external_id",
            "group_name",
            "home_dir",
            "imphash",
            "inhibit_any_policy",
            "issuer",
            "issuer_alternative_name",
            "key",
            "key_usage",
            "kill_chain_name",
            "message_id",
            "mime_type",
            "name",
            "name_constraints",
            "name_enc",
            "owner_sid",
            "path_enc",
            "pdfid0",
            "pdfid1",
            "phase_name",
            "policy_constraints",
            "policy_mappings",
            "postal_code",
            "priority",
            "region",
            "request_method",
            "request_value",
            "request_version",
            "result",
            "result_name",
            "rir",
            "serial_number",
            "service_name",
            "shell",
            "sid",
            "signature_algorithm",
            "source_name",
            "statement",
            "street_address",
            "subject_alternative_name",
            "subject_directory_attributes",
            "subject_key_identifier",
            "subject_public_key_algorithm",
            "subject_public_key_modulus",
            "swid",
            "url",
            "user_id",
            "vendor",
            "version",
            "window_title",
        ],
    ),
    (Texts, &["descriptions", "extension_properties", "groups", "languages", "modules", "received_lines", "selectors"]),
    (Flag, &["aslr_enabled", "dep_enabled", "is_blocking", "is_listening", "is_optimized", "summary"]),
    (
        Whole,
        &[
            "base_of_code",
            "bits_per_pixel",
            "gid",
            "image_height",
            "image_width",
            "size",
            "message_body_length",
            "socket_descriptor",
            "socket_handle",
            "subject_public_key_exponent",
        ],
    ),
    (Number, &["entropy", "precision"]),
    (Instant, &["private_key_usage_period_not_after", "private_key_usage_period_not_before", "time_date_stamp"]),
    (Binary, &["payload_bin"]),
    (Hashes, &["hashes", "file_header_hashes"]),
    (Part, &["archive-ext", "http-request-ext", "icmp-ext", "ntfs-ext", "optional_header", "pdf-ext"]),
    (Part, &["raster-image-ext", "socket-ext", "tcp-ext", "unix-account-ext", "windows-pebinary-ext"]),
    (Part, &["windows-process-ext", "windows-service-ext", "x509-certificate-ext", "x509_v3_extensions"]),
    (
        Parts,
        &[
            "alternate_data_streams",
            "body_multipart",
            "external_references",
            "granular_markings",
            "kill_chain_phases",
            "sections",
            "values",
        ],
    ),
    (Dictionary, &["definition", "exif_tags", "startup_info"]),
    (DictionaryOfSimple, &["ipfix"]),
    (DictionaryOfWhole, &["options"]),
    (DictionaryOfLists, &["request_header"]),
    (DictionaryOfText, &["document_info_dict", "environment_variables"]),
    (DictionaryOfTexts, &["additional_header_fields"]),
    (DictionaryOfParts, &["contents", "extensions"]),
    (
        Choice(&["AF_UNSPEC", "AF_INET", "AF_IPX", "AF_APPLETALK", "AF_NETBIOS", "AF_INET6", "AF_IRDA", "AF_BTH"]),
        &["address_family"],
    ),
    (Choice(&["SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW", "SOCK_RDM", "SOCK_SEQPACKET"]), &["socket_type"]),
    (Choice(&["low", "medium", "high", "system"]), &["integrity_level"]),
    (
        Choice(&[
            "SERVICE_AUTO_START",
            "SERVICE_BOOT_START",
            "SERVICE_DEMAND_START",
            "SERVICE_DISABLED",
            "SERVICE_SYSTEM_ALERT",
        ]),
        &["start_type"],
    ),
    (
        Choice(&[
            "SERVICE_KERNEL_DRIVER",
            "SERVICE_FILE_SYSTEM_DRIVER",
            "SERVICE_WIN32_OWN_PROCESS",
            "SERVICE_WIN32_SHARE_PROCESS",
        ]),
        &["service_type"],
    ),
    (
        Choice(&[
            "SERVICE_CONTINUE_PENDING",
            "SERVICE_PAUSE_PENDING",
            "SERVICE_PAUSED",
            "SERVICE_RUNNING",
            "SERVICE_START_PENDING",
            "SERVICE_STOP_PENDING",
            "SERVICE_STOPPED",
        ]),
        &["service_status"],
    ),
    (Choice(&["AES-256-GCM", "ChaCha20-Poly1305", "mime-type-indicated"]), &["encryption_algorithm"]),
    (
        Choice(&[
            "REG_NONE",
            "REG_SZ",
            "REG_EXPAND_SZ",
            "REG_BINARY",
            "REG_DWORD",
            "REG_DWORD_BIG_ENDIAN",
            "REG_DWORD_LITTLE_ENDIAN",
            "REG_LINK",
            "REG_MULTI_SZ",
            "REG_RESOURCE_LIST",
            "REG_FULL_RESOURCE_DESCRIPTION",
            "REG_RESOURCE_REQUIREMENTS_LIST",
            "REG_QWORD",
            "REG_INVALID_TYPE",
        ]),
        &["data_type"],
    ),
];

/// What a part must have: its name, and members of which each, or where the flag says so one, must stand.
const NEEDS: &[(&str, bool, &[&str])] = &[
    ("archive-ext", false, &["contains_refs"]),
    ("http-request-ext", false, &["request_method", "request_value"]),
    ("icmp-ext", false, &["icmp_type_hex", "icmp_code_hex"]),
    ("socket-ext", false, &["address_family"]),
    ("windows-pebinary-ext", false, &["pe_type"]),
    ("alternate_data_streams", false, &["name"]),
    ("sections", false, &["name"]),
    ("body_multipart", true, &["body", "body_raw_ref"]),
    ("values", true, &["name", "data", "data_type"]),
];

/// References that name certain types only, by the type they stand in where the name is not enough (§4 to §6).
const OF_TYPES: &[(&str, &str, &[&str])] = &[
    ("granular_markings", "marking_ref", &["marking-definition"]),
    ("malware", "operating_system_refs", &["software"]),
    ("malware", "sample_refs", &["artifact", "file"]),
    ("malware-analysis", "host_vm_ref", &["software"]),
    ("malware-analysis", "operating_system_ref", &["software"]),
    ("malware-analysis", "installed_software_refs", &["software"]),
    ("malware-analysis", "sample_ref", &["artifact", "file", "network-traffic"]),
    ("sighting", "observed_data_refs", &["observed-data"]),
    ("sighting", "where_sighted_refs", &["identity", "location"]),
    ("email-message", "from_ref", &["email-addr"]),
    ("email-message", "sender_ref", &["email-addr"]),
    ("email-message", "to_refs", &["email-addr"]),
    ("email-message", "cc_refs", &["email-addr"]),
    ("email-message", "bcc_refs", &["email-addr"]),
    ("email-message", "raw_email_ref", &["artifact"]),
    ("body_multipart", "body_raw_ref", &["artifact", "file"]),
    ("email-addr", "belongs_to_ref", &["user-account"]),
    ("domain-name", "resolves_to_refs", &["domain-name", "ipv4-addr", "ipv6-addr"]),
    ("ipv4-addr", "resolves_to_refs", &["mac-addr"]),
    ("ipv6-addr", "resolves_to_refs", &["mac-addr"]),
    ("ipv4-addr", "belongs_to_refs", &["autonomous-system"]),
    ("ipv6-addr", "belongs_to_refs", &["autonomous-system"]),
    ("directory", "contains_refs", &["directory", "file"]),
    ("file", "parent_directory_ref", &["directory"]),
    ("file", "content_ref", &["artifact"]),
    ("network-traffic", "src_payload_ref", &["artifact"]),
    ("network-traffic", "dst_payload_ref", &["artifact"]),
    ("network-traffic", "encapsulates_refs", &["network-traffic"]),
    ("network-traffic", "encapsulated_by_ref", &["network-traffic"]),
    ("network-traffic", "src_ref", &["domain-name", "ipv4-addr", "ipv6-addr", "mac-addr"]),
    ("network-traffic", "dst_ref", &["domain-name", "ipv4-addr", "ipv6-addr", "mac-addr"]),
    ("http-request-ext", "message_body_data_ref", &["artifact"]),
    ("process", "opened_connection_refs", &["network-traffic"]),
    ("process", "creator_user_ref", &["user-account"]),
    ("process", "image_ref", &["file"]),
    ("process", "parent_ref", &["process"]),
    ("process", "child_refs", &["process"]),
    ("windows-service-ext", "service_dll_refs", &["file"]),
    ("windows-registry-key", "creator_user_ref", &["user-account"]),
];

/// Judges the members of an object of a known type, or of a part of one, `of` being its name.
pub(super) fn judge(of: &str, members: &Map<String, Value>, at: &str, found: &mut Gathered) {
    for (key, value) in members {
        let here = format!("{at}/{}", property::escaped(key));
        if let Some(shape) = of_name(key) {
            self::value(key, shape, value, &here, found);
        }
        let wanted = OF_TYPES.iter().find(|(part, name, _)| *part == of && name == key).map(|(_, _, types)| types);
        let seen_only = of == "observed-data" && key == "object_refs";
        let ids = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let fits = |id: &str| {
            let kind = id.split("--").next().unwrap_or_default();
            // What was seen is observables, and how they hang together (§4.14).
            let seen = !seen_only || matches!(kind, "relationship" | "sighting") || !is_domain(kind);
            seen && wanted.is_none_or(|types| types.contains(&kind))
        };
        if let Some(id) = ids.iter().filter_map(Value::as_str).find(|id| !fits(id)) {
            let words = format!("`{}` names nothing that may stand here", shown(id));
            found.error(Code::BadId, here, words);
        }
    }
}

fn is_domain(kind: &str) -> bool {
    KINDS.iter().any(|known| known.name == kind && known.class == Class::Domain)
}

fn of_name(name: &str) -> Option<Shape> {
    let named = SHAPES.iter().find(|(_, names)| names.contains(&name)).map(|(shape, _)| *shape);
    named.or_else(|| by_ending(name))
}

fn by_ending(name: &str) -> Option<Shape> {
    let begins = |with: &[&str]| with.iter().any(|with| name.starts_with(with));
    if name.starts_with("x_") {
        None
    } else if name.ends_with("_hex") {
        Some(Hex)
    } else if name.ends_with("_ref") {
        Some(Reference)
    } else if name.ends_with("_refs") {
        Some(References)
    } else if begins(&["number_of_", "size_of_", "major_", "minor_"]) {
        Some(Whole)
    } else {
        None
    }
}

fn value(key: &str, shape: Shape, value: &Value, at: &str, found: &mut Gathered) {
    let all = |fits: &dyn Fn(&Value) -> bool| value.as_array().is_some_and(|items| items.iter().all(fits));
    let map = |fits: &dyn Fn(&Value) -> bool| {
        value.as_object().is_some_and(|members| !members.is_empty() && members.values().all(fits))
    };
    let texts = |value: &Value| value.as_array().is_some_and(|items| items.iter().all(Value::is_string));
    let whole = |value: &Value| value.is_i64() || value.is_u64();
    let id = |value: &Value| value.as_str().is_some_and(property::is_identifier);
    let (fits, wanted) = match shape {
        Text => (value.is_string(), "a text"),
        Texts => (all(&Value::is_string), "a list of texts"),
        Flag => (value.is_boolean(), "true or false"),
        Whole => (value.is_u64(), "a whole number from nothing"),
        Number => (value.is_number(), "a number"),
        Instant => {
            property::instant(value, at, found);
            return;
        }
        Hex => (value.as_str().is_some_and(is_hex), "hexadecimal digits, two a byte"),
        Binary => (value.as_str().is_some_and(is_base64), "base64"),
        Hashes => {
            property::hashes(value, at, found);
            return;
        }
        Reference => (id(value), "an identifier"),
        References => (all(&id), "a list of identifiers"),
        Choice(choices) => {
            if !value.as_str().is_some_and(|text| choices.contains(&text)) {
                found.error(Code::BadChoice, at, format!("must be one of {}", choices.join(", ")));
            }
            return;
        }
        Part => match value.as_object().filter(|members| !members.is_empty()) {
            Some(members) => {
                part(key, members, at, found);
                return;
            }
            None => (false, "an object that says something"),
        },
        Parts => match value.as_array() {
            Some(items) => {
                for (place, item) in items.iter().enumerate() {
                    let here = format!("{at}/{place}");
                    match item.as_object().filter(|members| !members.is_empty()) {
                        Some(members) => part(key, members, &here, found),
                        None => found.error(Code::WrongKind, here, "must be an object that says something"),
                    }
                }
                return;
            }
            None => (false, "a list of objects"),
        },
        Dictionary => (map(&|_| true), "an object that says something"),
        DictionaryOfLists => (map(&texts), "an object of lists of texts"),
        DictionaryOfWhole => (map(&whole), "an object of whole numbers"),
        DictionaryOfSimple => (map(&|value| value.is_string() || whole(value)), "an object of texts or whole numbers"),
        DictionaryOfText => (map(&Value::is_string), "an object of texts"),
        DictionaryOfTexts => (map(&|value| value.is_string() || texts(value)), "an object of texts or lists of texts"),
        DictionaryOfParts => {
            parts(value, at, found);
            return;
        }
    };
    if !fits {
        found.error(Code::WrongKind, at, format!("must be {wanted}"));
    }
}

fn parts(value: &Value, at: &str, found: &mut Gathered) {
    let Some(members) = value.as_object().filter(|members| !members.is_empty()) else {
        found.error(Code::WrongKind, at, "must be an object that says something");
        return;
    };
    for (name, member) in members {
        let here = format!("{at}/{}", property::escaped(name));
        match member.as_object().filter(|members| !members.is_empty()) {
            Some(members) if of_name(name) == Some(Part) => part(name, members, &here, found),
            Some(_) => {}
            None => found.error(Code::WrongKind, here, "must be an object that says something"),
        }
    }
}

fn part(name: &str, members: &Map<String, Value>, at: &str, found: &mut Gathered) {
    for (_, one_of, needed) in NEEDS.iter().filter(|(part, _, _)| *part == name) {
        let has = |key: &&&str| members.contains_key(**key);
        let missing = if *one_of { !needed.iter().any(|key| has(&key)) } else { !needed.iter().all(|key| has(&key)) };
        if missing {
            let words = format!("{} of {} must be given", if *one_of { "one" } else { "each" }, needed.join(", "));
            found.error(Code::MissingProperty, at, words);
        }
    }
    judge(name, members, at, found);
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_kind_is_held_to_at_any_depth() {
        fn check(of: &str, members: Value, wanted: Option<&str>) {
            let mut found = Gathered::default();
            judge(of, members.as_object().expect("members"), "", &mut found);
            let got = found.into_read(Some(())).findings.first().map(|finding| finding.code);
            assert_eq!(got, wanted, "{of} {members}");
        }
        let marking = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487";
        for (of, members, wanted) in [
            ("software", json!({"version": "1", "languages": ["en"], "x_own": {}}), None),
            ("software", json!({"version": 1}), Some("wrong-kind")),
            ("software", json!({"languages": "en"}), Some("wrong-kind")),
            ("file", json!({"magic_number_hex": "abc"}), Some("wrong-kind")),
            ("artifact", json!({"payload_bin": "a"}), Some("wrong-kind")),
            ("artifact", json!({"encryption_algorithm": "ROT13"}), Some("bad-choice")),
            ("file", json!({"extensions": {}}), Some("wrong-kind")),
            ("file", json!({"extensions": {"archive-ext": {"comment": "c"}}}), Some("missing-property")),
            (
                "file",
                json!({"extensions": {"windows-pebinary-ext": {"pe_type": "exe", "sections": [{"size": 1}]}}}),
                Some("missing-property"),
            ),
            (
                "file",
                json!({"extensions": {"ntfs-ext": {"alternate_data_streams": [{"name": 5}]}}}),
                Some("wrong-kind"),
            ),
            ("file", json!({"extensions": {"pdf-ext": {"version": 1.7}}}), Some("wrong-kind")),
            ("windows-registry-key", json!({"values": [{}]}), Some("wrong-kind")),
            ("windows-registry-key", json!({"values": [{"data_type": "REG_X"}]}), Some("bad-choice")),
            ("email-message", json!({"from_ref": marking}), Some("bad-id")),
            ("email-message", json!({"body_multipart": [{"content_type": "text/plain"}]}), Some("missing-property")),
            ("process", json!({"environment_variables": {"A": 1}}), Some("wrong-kind")),
        ] {
            check(of, members, wanted);
        }
    }
}
