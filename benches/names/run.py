#!/usr/bin/env python3
"""Accuracy of name comparison beside what anybody can install, in one run.

    python3 -m venv names && names/bin/pip install -r benches/names/requirements.txt
    cargo build --release
    names/bin/python benches/names/run.py DATA [--entente target/release/entente]

DATA is a folder with pairs_han_latin_chinese.csv, pairs_han_latin_translit.csv, pairs_latin_latin.csv, febrl4a.csv and
febrl4b.csv (columns as in testdata/names). Every matcher sees the same pairs. Each set is split by the person: a threshold
is chosen on 60 in 100 of the persons, and every figure printed is of the other 40. The table of foreign sounds was learned
on all of DATA; for a figure of the second set that nothing has seen, first run learn_sounds.py DATA/... --part dev and build.
"""
import argparse, collections, csv, hashlib, json, os, subprocess, sys, tempfile, time

NOT_DECIDABLE = "pos_english_given"


def held_out(entity):
    return int(hashlib.sha256(("inner:" + entity).encode()).hexdigest(), 16) % 100 < 40


def load(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Ours:
    def __init__(self, program):
        self.program = program

    def __call__(self, pairs):
        with tempfile.TemporaryDirectory() as dir:
            asked, told = os.path.join(dir, "pairs.csv"), os.path.join(dir, "out.csv")
            with open(asked, "w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([("left", "right"), *pairs])
            subprocess.run([self.program, "match", "score", asked, "-o", told, "--lang", "code"], check=True, stdout=subprocess.DEVNULL)
            with open(told, encoding="utf-8") as file:
                return [float(row["score"]) for row in csv.DictReader(file)]


def spelled(text, cache, romanise):
    if text not in cache:
        cache[text] = romanise(text) if any("\u3400" <= c <= "\u9fff" for c in text) else [text.lower().replace("-", " ").replace(",", " ")]
    return cache[text]


def by_rapidfuzz(scorers, romanise):
    cache = {}

    def score(pairs):
        out = []
        for a, b in pairs:
            left, right = spelled(a, cache, romanise), spelled(b, cache, romanise)
            out.append(max(s(x, y) for s in scorers for x in left for y in right))
        return out
    return score


def orders(syllables):
    if not syllables:
        return [""]
    return ["".join(syllables), " ".join([syllables[0], "".join(syllables[1:])]), " ".join(["".join(syllables[1:]), syllables[0]])]


def peers():
    from rapidfuzz import fuzz
    from pypinyin import lazy_pinyin
    import ToJyutping
    pinyin = lambda text: orders(lazy_pinyin(text))
    jyutping = lambda text: orders(["".join(c for c in (j or "") if c.isalpha()) for _, j in ToJyutping.get_jyutping_list(text)])
    both = lambda text: pinyin(text) + jyutping(text)
    found = {
        "rapidfuzz ratio on pinyin": by_rapidfuzz([fuzz.ratio], pinyin),
        "rapidfuzz WRatio on pinyin": by_rapidfuzz([fuzz.WRatio], pinyin),
        "rapidfuzz token_set on pinyin": by_rapidfuzz([fuzz.token_set_ratio], pinyin),
        "rapidfuzz ratio on pinyin + Jyutping": by_rapidfuzz([fuzz.ratio], both),
    }
    try:
        from sinonym import ChineseNameDetector
        found["sinonym, normal forms equal"] = by_sinonym(ChineseNameDetector())
    except Exception as why:
        print(f"sinonym is left out: {why}", file=sys.stderr)
    try:
        found.update(by_nomenklatura())
    except Exception as why:
        print(f"nomenklatura is left out: {why}", file=sys.stderr)
    return found


def by_sinonym(detector):
    cache = {}

    def normal(text):
        if text not in cache:
            try:
                found = detector.normalize_name(text)
                cache[text] = str(found.result).lower() if found.success else None
            except Exception:
                cache[text] = None
        return cache[text]
    return lambda pairs: [float(normal(a) is not None and normal(a) == normal(b)) for a, b in pairs]


def by_nomenklatura():
    from followthemoney import model
    from nomenklatura.matching import get_algorithm
    from nomenklatura.matching.types import ScoringConfig

    def person(name):
        return model.get_proxy({"id": "x" + hashlib.sha1(name.encode()).hexdigest(), "schema": "Person", "properties": {"name": [name]}})

    def of(code):
        algorithm = get_algorithm(code)
        config = algorithm.default_config() if hasattr(algorithm, "default_config") else ScoringConfig.defaults()
        return lambda pairs: [algorithm.compare(person(a), person(b), config).score for a, b in pairs]
    return {f"nomenklatura {code}": of(code) for code in ("name-based", "logic-v1", "logic-v2", "regression-v1")}


def rates(threshold, rows):
    tp = sum(s >= threshold and r["label"] == "1" for r, s in rows)
    fp = sum(s >= threshold and r["label"] == "0" for r, s in rows)
    fn = sum(s < threshold and r["label"] == "1" for r, s in rows)
    p, q = tp / max(tp + fp, 1), tp / max(tp + fn, 1)
    return p, q, 2 * p * q / max(p + q, 1e-9)


def best(rows):
    rows = sorted(rows, key=lambda rs: -rs[1])
    total, tp, seen, top = sum(r["label"] == "1" for r, _ in rows), 0, 0, (-1.0, 0.0)
    for at, (row, score) in enumerate(rows):
        tp, seen = tp + (row["label"] == "1"), seen + 1
        if at + 1 == len(rows) or rows[at + 1][1] != score:
            top = max(top, (2 * tp / (seen + total), score))
    return top[1]


def recall_at(precision, rows):
    return max((rates(t, rows)[1] for t in {s for _, s in rows} if rates(t, rows)[0] >= precision), default=0.0)


def table(title, rows, pair, entity, matchers, regions):
    print(f"\n### {title}\n")
    held = [r for r in rows if held_out(r[entity])]
    positives = sum(r["label"] == "1" for r in held)
    print(f"{positives} positives and {len(held) - positives} negatives held out; threshold chosen on {len(rows) - len(held)} other pairs.\n")
    print("| matcher | precision | recall | F1 | recall at precision 0.99 | F1 without undecidable |" + (" recall " + " / ".join(regions) + " |" if regions else ""))
    print("|---|---|---|---|---|---|" + ("---|" if regions else ""))
    for name, matcher in matchers.items():
        start = time.process_time()
        scored = list(zip(rows, matcher([(r[pair[0]], r[pair[1]]) for r in rows])))
        dev, out = ([x for x in scored if held_out(x[0][entity]) == flag] for flag in (False, True))
        threshold = best(dev)
        p, q, f = rates(threshold, out)
        excl = rates(threshold, [x for x in out if x[0]["kind"] != NOT_DECIDABLE])[2]
        line = f"| {name} | {p:.3f} | {q:.3f} | {f:.3f} | {recall_at(0.99, out):.3f} | {excl:.3f} |"
        if regions:
            region = lambda g: [x for x in out if x[0]["region"] == g and x[0]["label"] == "1"]
            line += " " + " / ".join(f"{rates(threshold, region(g))[1]:.2f}" for g in regions) + " |"
        print(line, flush=True)
        print(f"{name}: {time.process_time() - start:.1f} s", file=sys.stderr)


def febrl(folder, program):
    """Links the two FEBRL files by everything but the social security number; threshold from one half of the persons."""
    print("\n### FEBRL 4, two lists linked\n")
    rows = {side: [{k.strip(): v.strip() for k, v in r.items()} for r in load(folder, f"febrl4{side}.csv")] for side in "ab"}
    with tempfile.TemporaryDirectory() as dir:
        for side in "ab":
            with open(os.path.join(dir, side), "w", encoding="utf-8", newline="") as file:
                out = csv.writer(file)
                out.writerow(["id", "surname", "given", "dob", "address"])
                for r in rows[side]:
                    address = " ".join(r[k] for k in ("street_number", "address_1", "address_2", "suburb", "postcode", "state"))
                    out.writerow([r["rec_id"], r["surname"], r["given_name"], r["date_of_birth"], address])
        told = os.path.join(dir, "out")
        subprocess.run([program, "match", "names", os.path.join(dir, "a"), os.path.join(dir, "b"), "-o", told, "--lang", "code"], check=True, stdout=subprocess.DEVNULL)
        links = [(x["id_a"], x["id_b"], float(x["score"])) for x in csv.DictReader(open(told, encoding="utf-8"))]
    person = lambda rec: rec.split("-")[1]
    a, b = ({person(r["rec_id"]) for r in rows[side]} for side in "ab")

    def measure(part, threshold):
        true = {p for p in a & b if held_out(p) == part}
        found = [(person(x), person(y)) for x, y, s in links if s >= threshold and held_out(person(x)) == part]
        tp = sum(x == y for x, y in found)
        p, q = tp / max(len(found), 1), tp / max(len(true), 1)
        return p, q, 2 * p * q / max(p + q, 1e-9)
    threshold = max(sorted({s for _, _, s in links}), key=lambda t: measure(False, t)[2])
    p, q, f = measure(True, threshold)
    print(f"precision {p:.4f}, recall {q:.4f}, F1 {f:.4f} on the persons held out; threshold {threshold:.4f} from the others.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data")
    parser.add_argument("--entente", default="target/release/entente")
    parser.add_argument("--only", choices=["ours"], help="leave the peers out")
    args = parser.parse_args()
    matchers = {"**entente**": Ours(args.entente)}
    if not args.only:
        matchers.update(peers())
    regions = ["hk", "mo", "my", "sg", "tw", "prc", "author", "cedict"]
    table("Chinese names: characters against letters", load(args.data, "pairs_han_latin_chinese.csv"), ("han", "latin"), "han_entity", matchers, regions)
    table("Foreign names written in characters", load(args.data, "pairs_han_latin_translit.csv"), ("han", "latin"), "han_entity", matchers, [])
    table("Letters against letters, Chinese persons", load(args.data, "pairs_latin_latin.csv"), ("a", "b"), "a_entity", matchers, [])
    febrl(args.data, args.entente)


main()
