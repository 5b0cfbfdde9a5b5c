#!/usr/bin/env python3
"""Makes readings.bin, the reading table of crate `matching`. Run again only when its sources change.

Sources: Debian's unicode-data (Unihan, Unicode licence) for Mandarin, Cantonese, Korean, Japanese, Vietnamese readings
and variants; the data of PyPI's taibun (Taiwanese-Chinese Online Dictionary and iTaigi, both via ChhoeTaigi, CC BY-SA 4.0)
for Min-Nan, kept in a file of its own, minnan.bin, so that its licence stays with it.

    apt-get install unicode-data && pip install taibun msgpack && python3 generate.py

The form, little-endian: "ERT1", u32 characters, u32 pool words, u32 variants, u32 bytes of syllables; then per character
u24 code point and u24 offset into the pool; per pool word u16 (0xFFFF ends a list; bit 15 marks a rarer reading, bits
0-14 number the syllable); per variant u24 from, u24 to; then the syllables, "system:text" joined by newlines.
"""
import bz2, collections, os, re, struct, sys, unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
UNICODE = "/usr/share/unicode/"


def unihan(name):
    for line in bz2.open(UNICODE + name, "rt", encoding="utf-8"):
        if line.startswith("U+"):
            cp, key, value = line.rstrip("\n").split("\t")
            yield chr(int(cp[2:], 16)), key, value


def toneless(text):
    text = unicodedata.normalize("NFD", text.lower())
    text = text.replace("u\u0308", "v").replace("đ", "d")
    return "".join(c for c in unicodedata.normalize("NFC", "".join(c for c in text if not unicodedata.combining(c))))


ONSET = "g kk n d tt r m b pp s ss  j jj ch k t p h".split(" ")
VOWEL = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split(" ")
CODA = " k k k n n n t l k m p l l p l m p p t t ng t t k t p t".split(" ")


def romaja(text):
    out = []
    for c in text:
        n = ord(c) - 0xAC00
        if not 0 <= n < 11172:
            return None
        out.append(ONSET[n // 588] + VOWEL[n % 588 // 28] + CODA[n % 28])
    return "".join(out)


def mandarin(fields):
    found = [toneless(fields["kMandarin"].split()[0])] if "kMandarin" in fields else []
    found += [toneless(x) for x in fields.get("kMandarin", "").split()[1:]]
    counts = [(toneless(a), int(n)) for a, n in re.findall(r"([^\s(]+)\((\d+)\)", fields.get("kHanyuPinlu", ""))]
    total = sum(n for _, n in counts) or 1
    found += [a for a, n in counts if n * 20 > total]
    found += [toneless(x) for part in fields.get("kXHC1983", "").split() for x in part.split(":")[1].split(",")]
    # No name is read ng, hm or r, and they would cut honest syllables in two.
    return [x for x in found if re.fullmatch("[a-zê]*[aeiouv][a-zê]*", x)]


def readings():
    fields = collections.defaultdict(dict)
    for c, key, value in unihan("Unihan_Readings.txt.bz2"):
        fields[c][key] = value
    for c, f in sorted(fields.items()):
        out = [("m", x) for x in mandarin(f)]
        out += [("c", re.sub(r"\d", "", x)) for x in f.get("kCantonese", "").split()]
        if "kHanyuPinlu" in f or "kXHC1983" in f or "kGradeLevel" in f:
            out += [("k", romaja(x.split(":")[0])) for x in f.get("kHangul", "").split()]
            out += [("v", toneless(x)) for x in f.get("kVietnamese", "").split()]
            for key in ("kJapaneseOn", "kJapaneseKun"):
                out += [("j", x.lower()) for x in f.get(key, "").split()[:3]]
        yield c, [(s, x) for s, x in out if x and re.fullmatch("[a-zê]+", x)]


def variants():
    """Each character's plainest form: simplified where there is one, else the most common of its variants."""
    keys = ("kSimplifiedVariant", "kZVariant", "kSemanticVariant", "kSpecializedSemanticVariant")
    common = {c for c, key, _ in unihan("Unihan_Readings.txt.bz2") if key == "kHanyuPinlu"}
    links = collections.defaultdict(list)
    for c, key, value in unihan("Unihan_Variants.txt.bz2"):
        if key in keys:
            for to in re.findall(r"U\+([0-9A-F]+)", value):
                to = chr(int(to, 16))
                # A common character never becomes another one but by simplification: 于 and 於 are two surnames.
                if to != c and (key == keys[0] or (c not in common and to in common)):
                    links[c].append((keys.index(key), to not in common, to))
    for c in sorted(set(links) - {"沈"}):  # a surname of its own, though dictionaries list it beside 沉
        to = sorted(links[c])[0][2]
        further = sorted(links.get(to, []))
        if further and further[0][0] == 0 and further[0][2] != c:
            to = further[0][2]
        if to != c:
            yield c, to


def minnan():
    import msgpack, taibun
    data = os.path.dirname(taibun.__file__) + "/data/"
    load = lambda name: msgpack.load(open(data + name, "rb"), strict_map_key=False)
    found = collections.defaultdict(list)
    for c, text in load("words.msgpack").items():
        if len(c) == 1:
            found[c] += text.split("/")
    for c, texts in load("prons.msgpack").items():
        for text in texts:
            found[c] += text.split("/")
    for c in sorted(found):
        if len(c) == 1 and 0x3400 <= ord(c) < 0x20000:
            texts = [re.sub("[^a-z]", "", toneless(x.replace("o͘", "oo").replace("ⁿ", "nn"))) for x in found[c]]
            yield c, [("h", x) for x in texts if x]


def write(name, rows, forms, marks_rarer):
    names, pool, at, chars = {}, [], {}, []
    for c, found in rows:
        words, seen = [], collections.Counter()
        for reading in dict.fromkeys(found):
            n = names.setdefault(reading, len(names))
            words.append(n | (0x8000 if marks_rarer and seen[reading[0]] else 0))
            seen[reading[0]] += 1
        if words:
            key = tuple(words)
            if key not in at:
                at[key] = len(pool)
                pool += words + [0xFFFF]
            chars.append((ord(c), at[key]))
    text = "\n".join(f"{s}:{x}" for s, x in names).encode()
    u24 = lambda n: struct.pack("<I", n)[:3]
    out = b"ERT1" + struct.pack("<IIII", len(chars), len(pool), len(forms), len(text))
    out += b"".join(u24(a) + u24(b) for a, b in chars) + struct.pack(f"<{len(pool)}H", *pool)
    out += b"".join(u24(ord(a)) + u24(ord(b)) for a, b in forms) + text
    open(os.path.join(HERE, name), "wb").write(out)
    print(name, len(chars), "characters,", len(names), "syllables,", len(forms), "variants,", len(out), "bytes", file=sys.stderr)


if __name__ == "__main__":
    write("readings.bin", readings(), list(variants()), True)
    write("minnan.bin", minnan(), [], True)
