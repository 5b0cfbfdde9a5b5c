//! A container of named members in one file: a ZIP that any tool opens and that has one spelling. It owns the bytes of
//! the container and every limit on it; it must not know what a member says.
//!
//! Members are stored, never compressed, so nothing unfolds to more than is there. Every header field that could vary has
//! one value (no dates, no attributes, no comments, no extra fields), the kind stands first as in ASiC, ODF and EPUB, the
//! other members follow by name. A reader rebuilds what it read and compares: no byte is without meaning.

use thiserror::Error;

/// The largest container, in bytes: a case full of acts at their largest, with proofs.
pub const PACK_BYTES_MAX: usize = 256 << 20;
/// Members of one container: a case full of acts (2,048) with a dozen members each, and some. ZIP itself ends at 65,535.
pub const MEMBERS_MAX: usize = 32_768;
/// The longest name, in bytes: three short folders and a file.
pub const NAME_BYTES_MAX: usize = 128;
/// The member that says what kind of container it is: always the first.
pub const KIND: &str = "mimetype";

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const LOCAL_BYTES: usize = 30;
/// ZIP 2.0: the lowest version there is a reader for.
const VERSION: u16 = 20;
/// 1 January 1980, the first day ZIP can say: the container carries no time of its own.
const DAY: u16 = 0x0021;

/// One member of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member<'a> {
    /// Its name: lower and upper case letters, digits and `-_./`, never absolute, never upwards.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// Why bytes are no container, or members make none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PackFault {
    /// More bytes than [`PACK_BYTES_MAX`].
    #[error("the container exceeds its limit of {PACK_BYTES_MAX} bytes")]
    Oversized,
    /// More members than [`MEMBERS_MAX`].
    #[error("the container has more members than its limit of {MEMBERS_MAX}")]
    TooMany,
    /// Another kind of container, or none.
    #[error("it is no container of this kind: the first member must be `{KIND}` and say `{0}`")]
    Kind(&'static str),
    /// It ends before what it announces.
    #[error("the container ends within {0}")]
    Truncated(String),
    /// A header with a field that has one value and has another, or a compressed or encrypted member.
    #[error("the header of {0} is not the one spelling of this container")]
    Header(String),
    /// A name that is a path out of the folder, too long, or of other characters.
    #[error("{0} has a name no member may have")]
    Name(String),
    /// Names repeat or are out of order.
    #[error("`{0}` stands twice, or not where its name belongs")]
    Order(String),
    /// The content is not what its checksum says.
    #[error("`{0}` was altered: its content is not what its checksum says")]
    Altered(String),
    /// What follows the last member is not the list of the members.
    #[error("the list of members at the end is not that of the members there are")]
    List,
}

/// Writes a container of `kind`; members are put in order.
///
/// # Errors
/// [`PackFault`] for a name that may not be, one that stands twice, or too much.
pub fn pack(kind: &'static str, members: &[Member<'_>]) -> Result<Vec<u8>, PackFault> {
    let mut sorted = members.to_vec();
    sorted.sort_by_key(|member| member.name);
    let all: Vec<Member<'_>> = std::iter::once(Member { name: KIND, bytes: kind.as_bytes() }).chain(sorted).collect();
    if all.len() > MEMBERS_MAX {
        return Err(PackFault::TooMany);
    }
    let sum: usize = all.iter().map(|member| member.bytes.len() + 2 * member.name.len() + 128).sum();
    if sum > PACK_BYTES_MAX {
        return Err(PackFault::Oversized);
    }
    let mut out = Vec::with_capacity(sum);
    let mut list = Vec::new();
    for (place, member) in all.iter().enumerate() {
        in_order(&all[..place], member.name)?;
        let at = out.len() as u32;
        let crc = crc32(member.bytes);
        list.extend(listed(member, crc, at));
        out.extend(local(member.name, member.bytes.len() as u32, crc));
        out.extend(member.bytes);
    }
    let (start, length) = (out.len() as u32, list.len() as u32);
    out.extend(list);
    out.extend(end(all.len() as u16, length, start));
    Ok(out)
}

/// Takes a container of `kind` apart. Nothing is copied: members point into `input`.
///
/// # Errors
/// [`PackFault`] for the first thing that is not as [`pack`] writes it.
pub fn unpack<'a>(kind: &'static str, input: &'a [u8]) -> Result<Vec<Member<'a>>, PackFault> {
    if input.len() > PACK_BYTES_MAX {
        return Err(PackFault::Oversized);
    }
    let mut members: Vec<Member<'a>> = Vec::new();
    let mut list = Vec::new();
    let mut at = 0;
    while number(input, at, 4) == Some(u64::from(LOCAL)) {
        if members.len() == MEMBERS_MAX {
            return Err(PackFault::TooMany);
        }
        let (member, crc) = member(input, at, members.len())?;
        if members.is_empty() && (member.name != KIND || member.bytes != kind.as_bytes()) {
            return Err(PackFault::Kind(kind));
        }
        in_order(&members, member.name)?;
        list.extend(listed(&member, crc, at as u32));
        at += LOCAL_BYTES + member.name.len() + member.bytes.len();
        members.push(member);
    }
    if members.is_empty() {
        return Err(PackFault::Kind(kind));
    }
    let tail = end(members.len() as u16, list.len() as u32, at as u32);
    list.extend(tail);
    if input.get(at..) == Some(list.as_slice()) { Ok(members[1..].to_vec()) } else { Err(PackFault::List) }
}

/// Reads the member whose header begins at `at`, and its checksum.
fn member(input: &[u8], at: usize, place: usize) -> Result<(Member<'_>, u32), PackFault> {
    let nth = || format!("member {}", place + 1);
    let truncated = || PackFault::Truncated(nth());
    let header = input.get(at..at + LOCAL_BYTES).ok_or_else(truncated)?;
    let field = |from, width| number(header, from, width).unwrap_or(0);
    let (bytes, name) = (field(18, 4) as usize, field(26, 2) as usize);
    if name > NAME_BYTES_MAX {
        return Err(PackFault::Name(nth()));
    }
    let name_at = at + LOCAL_BYTES;
    let name = input.get(name_at..name_at + name).ok_or_else(truncated)?;
    let name = std::str::from_utf8(name).ok().filter(|name| is_name(name)).ok_or_else(|| PackFault::Name(nth()))?;
    let from = name_at + name.len();
    let content = from.checked_add(bytes).and_then(|to| input.get(from..to));
    let content = content.ok_or_else(|| PackFault::Truncated(format!("`{name}`")))?;
    let crc = crc32(content);
    let wanted = local(name, content.len() as u32, crc);
    if header == wanted.get(..LOCAL_BYTES).unwrap_or_default() {
        return Ok((Member { name, bytes: content }, crc));
    }
    let altered = header[..14] == wanted[..14] && header[18..] == wanted[18..LOCAL_BYTES];
    Err(if altered { PackFault::Altered(name.to_owned()) } else { PackFault::Header(format!("`{name}`")) })
}

/// The next name: usable, and after those before it; the kind only first.
fn in_order(before: &[Member<'_>], name: &str) -> Result<(), PackFault> {
    if !is_name(name) {
        return Err(PackFault::Name(format!("`{name}`")));
    }
    let follows = match before {
        [] => name == KIND,
        [_] => name != KIND,
        [.., last] => name > last.name && name != KIND,
    };
    if follows { Ok(()) } else { Err(PackFault::Order(name.to_owned())) }
}

/// Letters, digits and `-_.` in parts between single slashes; no part is all dots, so no name leads anywhere.
fn is_name(name: &str) -> bool {
    let usable = |part: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        part.bytes().all(plain) && part.bytes().any(|byte| byte != b'.')
    };
    name.len() <= NAME_BYTES_MAX && name.split('/').all(usable)
}

/// A member's header with its name.
fn local(name: &str, bytes: u32, crc: u32) -> Vec<u8> {
    let mut out = LOCAL.to_le_bytes().to_vec();
    out.extend(common(name, bytes, crc));
    out.extend(name.as_bytes());
    out
}

/// The fields both lists of a ZIP share: version, no flags, stored, one day, checksum, both lengths, no extra field.
fn common(name: &str, bytes: u32, crc: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(LOCAL_BYTES);
    [VERSION, 0, 0, 0, DAY].iter().for_each(|field| out.extend(field.to_le_bytes()));
    [crc, bytes, bytes].iter().for_each(|field| out.extend(field.to_le_bytes()));
    [name.len() as u16, 0].iter().for_each(|field| out.extend(field.to_le_bytes()));
    out
}

/// A member's line in the list at the end.
fn listed(member: &Member<'_>, crc: u32, at: u32) -> Vec<u8> {
    let mut out = CENTRAL.to_le_bytes().to_vec();
    out.extend(VERSION.to_le_bytes());
    out.extend(common(member.name, member.bytes.len() as u32, crc));
    // No comment, one disk, no attributes.
    out.extend([0; 10]);
    out.extend(at.to_le_bytes());
    out.extend(member.name.as_bytes());
    out
}

fn end(members: u16, length: u32, start: u32) -> Vec<u8> {
    let mut out = END.to_le_bytes().to_vec();
    [0, 0, members, members].iter().for_each(|field| out.extend(field.to_le_bytes()));
    [length, start].iter().for_each(|field| out.extend(field.to_le_bytes()));
    out.extend([0; 2]);
    out
}

/// A little-endian number of up to 4 bytes.
fn number(input: &[u8], at: usize, width: usize) -> Option<u64> {
    let bytes = input.get(at..at.checked_add(width)?)?;
    Some(bytes.iter().rev().fold(0, |n, byte| n << 8 | u64::from(*byte)))
}

/// The checksum of ZIP (CRC-32 of ISO-HDLC). It finds accidents and names the member; proofs are elsewhere.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| crc >> 8 ^ CRC_TABLE[usize::from(crc as u8 ^ byte)])
}

const CRC_TABLE: [u32; 256] = crc_table();

const fn crc_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut n = 0;
    while n < 256 {
        let (mut crc, mut bit) = (n as u32, 0);
        while bit < 8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
            bit += 1;
        }
        table[n] = crc;
        n += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: &str = "application/vnd.example+zip";

    fn sample() -> Vec<u8> {
        let member = |name, bytes| Member { name, bytes };
        pack(SOME, &[member("b/two.txt", b"two"), member("a.json", b"{}"), member("b/empty", b"")]).expect("packs")
    }

    /// A byte changed, left out, doubled or cut off is noticed, whichever it is.
    #[test]
    fn no_byte_is_without_meaning() {
        let packed = sample();
        let names: Vec<&str> = unpack(SOME, &packed).expect("unpacks").iter().map(|member| member.name).collect();
        assert_eq!(names, ["a.json", "b/empty", "b/two.txt"]);
        for at in 0..packed.len() {
            for bit in 0..8 {
                let mut altered = packed.clone();
                altered[at] ^= 1 << bit;
                unpack(SOME, &altered).expect_err("an altered container");
            }
            unpack(SOME, &packed[..at]).expect_err("a cut container");
            unpack(SOME, &[&packed[..at], &packed[at + 1..]].concat()).expect_err("a byte is missing");
            unpack(SOME, &[&packed[..=at], &packed[at..]].concat()).expect_err("a byte too many");
        }
        unpack(SOME, &[&packed[..], b"x"].concat()).expect_err("something after the end");
        unpack(SOME, &[b"x", &packed[..]].concat()).expect_err("something before the beginning");
    }

    #[test]
    fn hostile_containers_are_refused_by_name() {
        let packed = sample();
        let check = |edit: &dyn Fn(&mut Vec<u8>), want: &str| {
            let mut bytes = packed.clone();
            edit(&mut bytes);
            let got = unpack(SOME, &bytes).expect_err("a hostile container").to_string();
            assert!(got.contains(want), "`{got}` lacks `{want}`");
        };
        let second = LOCAL_BYTES + KIND.len() + SOME.len();
        check(&|bytes| bytes.clear(), "no container of this kind");
        check(&|bytes| bytes[8] = 8, "the header of `mimetype`");
        check(&|bytes| bytes[second + 8] = 8, "the header of `a.json`");
        check(&|bytes| bytes[second + 6] = 1, "the header of `a.json`");
        check(&|bytes| bytes[second + 18..second + 22].fill(0xff), "ends within `a.json`");
        check(&|bytes| bytes[second + 26..second + 28].fill(0xff), "member 2 has a name no member may have");
        check(&|bytes| bytes[second + LOCAL_BYTES] = b'/', "member 2 has a name no member may have");
        check(&|bytes| bytes[second + LOCAL_BYTES + 6] ^= 1, "`a.json` was altered");
        check(&|bytes| bytes.truncate(second + 12), "ends within member 2");
        check(&|bytes| bytes.truncate(second), "the list of members");
        let one = |name| pack(SOME, &[Member { name, bytes: b"" }]).map(drop);
        for name in ["", "/a", "a/", "a//b", "..", "a/../b", "./a", "a\\b", "C:a", "a b", "ä", "mimetype"] {
            one(name).expect_err(name);
        }
        one(&"a".repeat(NAME_BYTES_MAX + 1)).expect_err("a long name");
        let twice = [Member { name: "a", bytes: b"1" }, Member { name: "a", bytes: b"2" }];
        assert_eq!(pack(SOME, &twice), Err(PackFault::Order("a".into())));
        let many: Vec<String> = (0..MEMBERS_MAX).map(|n| format!("{n:06}")).collect();
        let many: Vec<Member<'_>> = many.iter().map(|name| Member { name, bytes: b"" }).collect();
        assert_eq!(pack(SOME, &many), Err(PackFault::TooMany));
        let full = pack(SOME, &many[1..]).expect("as many as there may be");
        assert_eq!(unpack(SOME, &full).map(|members| members.len()), Ok(MEMBERS_MAX - 1));
    }

    #[test]
    fn checksum_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
