//! MISP's attribute types by category (core format, section on attributes; the list is `describeTypes` of MISP 2.5).
//!
//! Owns the table only. Must not decide anything.

/// Each category with the types it may hold, a semicolon between.
pub(super) const CATEGORIES: &[(&str, &str)] = &[
    ("Internal reference", "anonymised; comment; git-commit-id; hex; link; other; text"),
    (
        "Targeting data",
        "anonymised; comment; target-email; target-external; target-location; target-machine; target-org; \
         target-user",
    ),
    ("Antivirus detection", "anonymised; attachment; comment; hex; link; other; text"),
    (
        "Payload delivery",
        "AS; anonymised; attachment; authentihash; azure-application-id; cdhash; chrome-extension-id; \
         comment; cpe; domain; edge-extension-id; email; email-attachment; email-body; email-dst; \
         email-dst-display-name; email-header; email-message-id; email-mime-boundary; email-reply-to; \
         email-src; email-src-display-name; email-subject; email-thread-index; email-x-mailer; filename; \
         filename-pattern; filename|authentihash; filename|impfuzzy; filename|imphash; filename|md5; \
         filename|pehash; filename|sha1; filename|sha224; filename|sha256; filename|sha3-224; \
         filename|sha3-256; filename|sha3-384; filename|sha3-512; filename|sha384; filename|sha512; \
         filename|sha512/224; filename|sha512/256; filename|ssdeep; filename|tlsh; filename|vhash; hassh-md5; \
         hasshserver-md5; hex; hostname; hostname|port; impfuzzy; imphash; ip-dst; ip-dst|port; ip-src; \
         ip-src|port; ja3-fingerprint-md5; jarm-fingerprint; link; mac-address; mac-eui-64; malware-sample; \
         malware-type; md5; mime-type; mobile-application-id; onion-address; other; pattern-in-file; \
         pattern-in-traffic; pehash; sha1; sha224; sha256; sha3-224; sha3-256; sha3-384; sha3-512; sha384; \
         sha512; sha512/224; sha512/256; sigma; ssdeep; stix2-pattern; telfhash; text; tlsh; url; user-agent; \
         vhash; vulnerability; weakness; whois-registrant-email; x509-fingerprint-md5; x509-fingerprint-sha1; \
         x509-fingerprint-sha256; yara",
    ),
    (
        "Artifacts dropped",
        "anonymised; attachment; authentihash; cdhash; comment; cookie; filename; filename-pattern; \
         filename|authentihash; filename|impfuzzy; filename|imphash; filename|md5; filename|pehash; \
         filename|sha1; filename|sha224; filename|sha256; filename|sha3-224; filename|sha3-256; \
         filename|sha3-384; filename|sha3-512; filename|sha384; filename|sha512; filename|sha512/224; \
         filename|sha512/256; filename|ssdeep; filename|tlsh; filename|vhash; gene; hex; impfuzzy; imphash; \
         kusto-query; malware-sample; md5; mime-type; mutex; named pipe; other; pattern-in-file; \
         pattern-in-memory; pdb; pgp-private-key; pgp-public-key; process-state; regkey; regkey|value; sha1; \
         sha224; sha256; sha3-224; sha3-256; sha3-384; sha3-512; sha384; sha512; sha512/224; sha512/256; \
         sigma; ssdeep; stix2-pattern; telfhash; text; vhash; windows-scheduled-task; \
         windows-service-displayname; windows-service-name; x509-fingerprint-md5; x509-fingerprint-sha1; \
         x509-fingerprint-sha256; yara",
    ),
    (
        "Payload installation",
        "anonymised; attachment; authentihash; azure-application-id; cdhash; chrome-extension-id; comment; \
         cpe; edge-extension-id; filename; filename-pattern; filename|authentihash; filename|impfuzzy; \
         filename|imphash; filename|md5; filename|pehash; filename|sha1; filename|sha224; filename|sha256; \
         filename|sha3-224; filename|sha3-256; filename|sha3-384; filename|sha3-512; filename|sha384; \
         filename|sha512; filename|sha512/224; filename|sha512/256; filename|ssdeep; filename|tlsh; \
         filename|vhash; hex; impfuzzy; imphash; malware-sample; malware-type; md5; mime-type; \
         mobile-application-id; other; pattern-in-file; pattern-in-memory; pattern-in-traffic; pehash; sha1; \
         sha224; sha256; sha3-224; sha3-256; sha3-384; sha3-512; sha384; sha512; sha512/224; sha512/256; \
         sigma; ssdeep; stix2-pattern; telfhash; text; tlsh; vhash; vulnerability; weakness; \
         x509-fingerprint-md5; x509-fingerprint-sha1; x509-fingerprint-sha256; yara",
    ),
    ("Persistence mechanism", "anonymised; comment; filename; hex; other; regkey; regkey|value; text"),
    (
        "Network activity",
        "AS; anonymised; attachment; bro; comment; community-id; cookie; dkim; dkim-signature; dom-hash; \
         domain; domain|ip; email; email-dst; email-src; email-subject; eppn; favicon-mmh3; filename-pattern; \
         hassh-md5; hasshserver-md5; hex; hostname; hostname|port; http-method; ip-dst; ip-dst|port; ip-src; \
         ip-src|port; ja3-fingerprint-md5; jarm-fingerprint; mac-address; mac-eui-64; onion-address; other; \
         pattern-in-file; pattern-in-traffic; port; snort; ssh-fingerprint; stix2-pattern; suricata; text; \
         uri; url; user-agent; x509-fingerprint-md5; x509-fingerprint-sha1; x509-fingerprint-sha256; zeek",
    ),
    ("Payload type", "anonymised; comment; other; text"),
    (
        "Attribution",
        "anonymised; campaign-id; campaign-name; comment; dns-soa-email; email; other; text; threat-actor; \
         whois-creation-date; whois-registrant-email; whois-registrant-name; whois-registrant-org; \
         whois-registrant-phone; whois-registrar; x509-fingerprint-md5; x509-fingerprint-sha1; \
         x509-fingerprint-sha256",
    ),
    (
        "External analysis",
        "AS; anonymised; attachment; bro; comment; community-id; cortex; cpe; dom-hash; domain; domain|ip; \
         filename; filename-pattern; filename|md5; filename|sha1; filename|sha256; filename|sha3-224; \
         filename|sha3-256; filename|sha3-384; filename|sha3-512; github-repository; hassh-md5; \
         hasshserver-md5; hostname; ip-dst; ip-dst|port; ip-src; ip-src|port; ja3-fingerprint-md5; \
         jarm-fingerprint; link; mac-address; mac-eui-64; malware-sample; md5; onion-address; other; \
         pattern-in-file; pattern-in-memory; pattern-in-traffic; regkey; regkey|value; sha1; sha256; \
         sha3-224; sha3-256; sha3-384; sha3-512; snort; suricata; text; url; user-agent; vulnerability; \
         weakness; x509-fingerprint-md5; x509-fingerprint-sha1; x509-fingerprint-sha256; zeek",
    ),
    (
        "Financial fraud",
        "aba-rtn; anonymised; bank-account-nr; bic; bin; btc; cc-number; comment; dash; hex; iban; other; \
         phone-number; prtn; text; xmr",
    ),
    ("Support Tool", "anonymised; attachment; comment; hex; link; other; text"),
    (
        "Social network",
        "anonymised; comment; email; email-dst; email-src; eppn; github-organisation; github-repository; \
         github-username; jabber-id; other; pgp-private-key; pgp-public-key; text; twitter-id; \
         whois-registrant-email",
    ),
    (
        "Person",
        "anonymised; comment; country-of-residence; date-of-birth; email; first-name; frequent-flyer-number; \
         full-name; gender; identity-card-number; issue-date-of-the-visa; last-name; middle-name; \
         nationality; other; passenger-name-record-locator-number; passport-country; passport-expiration; \
         passport-number; payment-details; pgp-private-key; pgp-public-key; phone-number; place-of-birth; \
         place-port-of-clearance; place-port-of-onward-foreign-destination; \
         place-port-of-original-embarkation; primary-residence; redress-number; special-service-request; \
         text; travel-details; visa-number",
    ),
    (
        "Other",
        "anonymised; boolean; comment; counter; cpe; datetime; float; hex; integer; other; pgp-private-key; \
         pgp-public-key; phone-number; port; size-in-bytes; text; uuid",
    ),
];
