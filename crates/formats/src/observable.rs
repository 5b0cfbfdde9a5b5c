//! Values to look for, as STIX, MISP, IODEF and tables name them: one list for all four.
//!
//! Owns the table and the simple patterns of STIX (§9) that say one value. Must not read a file.

/// One kind of value: our name, STIX's type and path, MISP's type and category, IODEF's category of address.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// The path of a STIX pattern; the object's type stands before the colon.
    pub(crate) path: &'static str,
    pub(crate) misp: &'static str,
    pub(crate) category: &'static str,
    /// The `category` of an IODEF address (RFC 7970 §3.18.1), where it is one.
    pub(crate) iodef: &'static str,
}

const fn kind(
    name: &'static str,
    path: &'static str,
    misp: &'static str,
    category: &'static str,
    iodef: &'static str,
) -> Kind {
    Kind { name, path, misp, category, iodef }
}

const NET: &str = "Network activity";
const LOAD: &str = "Payload delivery";

/// Every kind; the first that fits is taken.
pub(crate) const KINDS: &[Kind] = &[
    kind("ipv4", "ipv4-addr:value", "ip-dst", NET, "ipv4-addr"),
    kind("ipv6", "ipv6-addr:value", "ip-dst", NET, "ipv6-addr"),
    kind("domain", "domain-name:value", "domain", NET, ""),
    kind("url", "url:value", "url", NET, "site-uri"),
    kind("email", "email-addr:value", "email", LOAD, "e-mail"),
    kind("mac", "mac-addr:value", "mac-address", NET, "mac"),
    kind("md5", "file:hashes.MD5", "md5", LOAD, ""),
    kind("sha1", "file:hashes.'SHA-1'", "sha1", LOAD, ""),
    kind("sha256", "file:hashes.'SHA-256'", "sha256", LOAD, ""),
    kind("sha512", "file:hashes.'SHA-512'", "sha512", LOAD, ""),
    kind("file", "file:name", "filename", LOAD, ""),
    kind("as", "autonomous-system:number", "AS", NET, "asn"),
    kind("mutex", "mutex:name", "mutex", "Artifacts dropped", ""),
    kind("key", "windows-registry-key:key", "regkey", "Persistence mechanism", ""),
    kind("user", "user-account:account_login", "text", "Other", ""),
];

/// The kind of this name.
pub(crate) fn named(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// The kind of a value MISP gives under this type.
pub(crate) fn of_misp(kind: &str, value: &str) -> Option<&'static Kind> {
    let kind = match kind {
        "ip-src" | "ip-dst" => return named(if value.contains(':') { "ipv6" } else { "ipv4" }),
        "hostname" => "domain",
        "uri" => "url",
        "email-src" | "email-dst" => "email",
        other => other,
    };
    KINDS.iter().find(|known| known.misp == kind && known.name != "user")
}

/// A STIX pattern that says one value.
pub(crate) fn pattern(kind: &Kind, value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('\'', "\\'");
    if kind.name == "as" { format!("[{} = {value}]", kind.path) } else { format!("[{} = '{value}']", kind.path) }
}

/// The one value a STIX pattern says, if it says just one.
pub(crate) fn single(pattern: &str) -> Option<(&'static Kind, String)> {
    let inner = pattern.trim().strip_prefix('[')?.strip_suffix(']')?.trim();
    let (path, value) = inner.split_once('=')?;
    let plain = |path: &str| path.trim().replace(['\'', '"'], "");
    let kind = KINDS.iter().find(|kind| plain(kind.path) == plain(path))?;
    let value = value.trim();
    if kind.name == "as" {
        return value.parse::<u32>().ok().map(|number| (kind, number.to_string()));
    }
    let quoted = value.strip_prefix('\'')?.strip_suffix('\'')?;
    let mut text = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.push(chars.next()?),
            // An end of the text before the end of the pattern: it says more than one thing.
            '\'' => return None,
            _ => text.push(c),
        }
    }
    Some((kind, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_of_one_value_is_that_value_and_back() {
        for (name, value) in [("ipv4", "192.0.2.1"), ("file", "a'b\\c"), ("sha256", "00ff"), ("as", "64500")] {
            let kind = named(name).expect("in the table");
            let (read, said) = single(&pattern(kind, value)).unwrap_or_else(|| panic!("{name}"));
            assert_eq!((read.name, said.as_str()), (name, value));
        }
        for pattern in ["[a:b = 'c']", "[ipv4-addr:value = '1' OR ipv4-addr:value = '2']", "[file:name != 'x']", ""] {
            assert!(single(pattern).is_none(), "{pattern}");
        }
    }
}
