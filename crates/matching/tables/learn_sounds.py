#!/usr/bin/env python3
"""Makes sounds.tsv: which letters the onset and the rime of a Mandarin syllable write in foreign names.

    python3 learn_sounds.py PAIRS.csv [--part dev]      PAIRS: columns han, latin, label, han_entity

Expectation-maximisation over all ways of cutting the letters into one piece for the onset and one for the rime of each
character, begun from a table of near sounds. Only counts leave this script: no name can be read back from sounds.tsv.
"""
import collections, csv, hashlib, math, os, re, sys, unicodedata
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import generate

# Weight of the table of near sounds against counts, and the least share worth a line; both chosen on a part held out.
PRIOR, LEAST = 15.0, 0.001
INITIALS = "zh ch sh b p m f d t n l g k h j q x r z c s w y".split()
NEAR = {"b": "b p v", "p": "p b ph", "m": "m", "f": "f ph v h", "d": "d t th dd", "t": "t d th tt", "n": "n nn kn gn", "l": "l r ll rr rh",
        "g": "g k c gu gg", "k": "k c ck ch q x cc qu kh", "h": "h ch kh g j x wh", "j": "j g c k z dj gi ji", "q": "ch ts c j k tch cz",
        "x": "s sh x c h sch ch hs ss", "zh": "j g zh ch dj dz", "ch": "ch tch cz c", "sh": "sh s ch sch sz x", "r": "r j zh l g rh",
        "z": "z s ts dz zz", "c": "ts z c s tz cz", "s": "s z c th ss sc ce x", "w": "w v u wh o hu", "y": "y i j e ll", "": ""}


def fold(text):
    text = re.sub(r"\[.*?\]|\(.*?\)", "", text)
    if "," in text:
        a, b = text.split(",", 1)
        text = b + " " + a
    text = unicodedata.normalize("NFKD", text.lower())
    text = text.translate(str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae"}))
    text = "".join(c for c in text if not unicodedata.combining(c)).replace("'", "")
    return re.findall("[a-z]+", text)


def split(syllable):
    onset = next((i for i in INITIALS if syllable.startswith(i)), "")
    return onset, syllable[len(onset):]


def main():
    path, dev = sys.argv[1], "--part" in sys.argv
    main_reading = {c: next((x for s, x in found if s == "m"), None) for c, found in generate.readings()}
    pairs, seen = [], collections.Counter()
    for row in csv.DictReader(open(path, encoding="utf-8")):
        part = int(hashlib.sha256(("inner:" + row["han_entity"]).encode()).hexdigest(), 16) % 100
        if row["label"] == "1" and not (dev and part < 40):
            chars = [split(main_reading[c]) for c in row["han"] if main_reading.get(c)]
            if 2 <= len(chars) <= 12:
                pairs.append((row["han_entity"], chars, fold(row["latin"])))
                seen[row["han_entity"]] += 1
    letters = collections.Counter(x for _, _, words in pairs for w in words for x in w)
    total = sum(letters.values())
    back = {x: math.log(letters[x] / total) for x in letters}
    onsets, rimes = {}, {}

    def first(kind, key, chunk):
        if kind == "o":
            near = NEAR[key].split()
            return 0.3 if chunk in near else (0.02 if chunk == "" else 0.002 * 0.1 ** len(chunk))
        coda = key[-1:] in ("n", "g")
        vowels = all(x in "aeiouyw" for x in chunk.rstrip("nmgrhl"))
        has = chunk.endswith(("n", "m", "ng"))
        base = 0.2 ** max(0, len(chunk) - 2) * (0.1 if vowels else 0.001)
        return base * (1.0 if coda == has else 0.15)

    def prob(kind, key, chunk):
        table = onsets if kind == "o" else rimes
        return table[key].get(chunk, 1e-6 * 0.05 ** len(chunk)) if key in table else first(kind, key, chunk)

    for turn in range(7):
        co, cr = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
        like = 0
        for entity, chars, words in pairs:
            text = "".join(words)
            ends = {sum(map(len, words[:i + 1])) for i in range(len(words))}
            starts = {0} | ends
            size = {sum(map(len, words[:i])): len(words[i]) for i in range(len(words))}
            n, m = len(text), len(chars)
            cost, step = {}, {}
            word_end = lambda i: min(e for e in ends if e > i) if i < n else n
            arcs = collections.defaultdict(list)
            for k, (o, r) in enumerate(chars):
                for i in range(n + 1):
                    stop = word_end(i)
                    for a in range(i, min(stop, i + 3) + 1):
                        po = prob("o", o, text[i:a])
                        if po < 1e-7:
                            continue
                        for b in range(a, min(stop, a + 4) + 1):
                            p = po * prob("r", r, text[a:b])
                            if p > 1e-9:
                                arcs[i, k].append((b, p, text[i:a], text[a:b]))
            forward = collections.defaultdict(float)
            forward[0, 0] = 1.0
            order = [(i, k) for i in range(n + 1) for k in range(m + 1)]
            skip = lambda i: math.exp(sum(back[x] for x in text[i:i + size[i]])) * 0.3 if i in size else 0
            for i, k in order:
                f = forward[i, k]
                if f == 0:
                    continue
                if i in size:
                    forward[i + size[i], k] += f * skip(i)
                if k < m:
                    for b, p, _, _ in arcs[i, k]:
                        forward[b, k + 1] += f * p
            backward = collections.defaultdict(float)
            backward[n, m] = 1.0
            for i, k in reversed(order):
                t = backward[i, k]
                if i in size:
                    t += skip(i) * backward[i + size[i], k]
                if k < m:
                    t += sum(p * backward[b, k + 1] for b, p, _, _ in arcs[i, k])
                backward[i, k] = t
            z = forward[n, m]
            if z < 1e-290:
                continue
            like += math.log(z)
            weight = 1 / seen[entity]
            for i, k in order:
                if k < m and forward[i, k] > 0:
                    for b, p, on, ri in arcs[i, k]:
                        g = forward[i, k] * p * backward[b, k + 1] / z * weight
                        if g > 1e-4:
                            co[chars[k][0]][on] += g
                            cr[chars[k][1]][ri] += g
        print(turn, round(like), file=sys.stderr)

        def normal(counts, kind):
            out = {}
            for key, found in counts.items():
                prior = {c: first(kind, key, c) for c in set(found) | (set(NEAR[key].split()) if kind == "o" else set())}
                s = sum(prior.values()) or 1
                t = sum(found.values()) + PRIOR
                out[key] = {c: (found[c] + PRIOR * prior[c] / s) / t for c in prior}
            return out
        onsets, rimes = normal(co, "o"), normal(cr, "r")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "sounds.tsv"), "w") as out:
        out.write("# Made by learn_sounds.py: o onset / r rime, letters, cost in tenths of a nat; b letter, its cost in any name.\n")
        for x in sorted(back):
            out.write(f"b\t{x}\t\t{round(-10 * back[x])}\n")
        for kind, table in (("o", onsets), ("r", rimes)):
            for key in sorted(table):
                for chunk, p in sorted(table[key].items(), key=lambda cp: (-cp[1], cp[0])):
                    if p > LEAST:
                        out.write(f"{kind}\t{key}\t{chunk}\t{round(-10 * math.log(p))}\n")


main()
