#!/usr/bin/env python3
"""Counts a year again from an export of both logs, with nothing but the standard library: for the test that compares.

  recount.py INSTRUMENT-FOLDER FIRST-DAY LAST-DAY < export

The export has a line for each leaf of each log, in its order, `leaf TAB party TAB hex`, and one for each act,
`act TAB {core, kind, stage, moot, act}`: `stage` is the one its case was in after it, `moot` whether it had no effect, both as
the record of the case says. Which acts count, in which order, what became of a matter and every figure are found here.
Writes a line for each row of the table of types and for each clause's figure that needs no calendar.
"""

import json
import sys
import tomllib
from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path

SENT, RECEIVED = 1, 2
EXTENT = {"full": "answered", "part": "answered-in-part", "not-executable": "not-executable"}
ENDS = {"withdraw": "withdrawn", "lapse": "lapsed", "abort": "aborted", "conclude": "concluded"}
OVER = {"closed", "lapsed"}


def cbor(data, at=0):
    """One item of the few kinds a leaf is made of, and where the next begins."""
    major, short = data[at] >> 5, data[at] & 31
    at += 1
    if major == 7:
        return {20: False, 21: True, 22: None}[short], at
    if short >= 24:
        wide = 1 << (short - 24)
        short, at = int.from_bytes(data[at : at + wide], "big"), at + wide
    if major == 0:
        return short, at
    if major in (2, 3):
        return data[at : at + short], at + short
    assert major == 4, "no part of a leaf"
    items = []
    for _ in range(short):
        item, at = cbor(data, at)
        items.append(item)
    return items, at


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def counted(acts, sent, received, last):
    """The acts of a case that count: in both logs, signed in time, each with all that its author had before it."""
    acts = [one for one in acts if one["at"] <= last and one["core"] in sent[one["by"]]]
    acts = [one for one in acts if any(one["core"] in cores for by, cores in received.items() if by != one["by"])]
    opener = acts[0]["case"].split("-")[0] if acts else ""
    acts.sort(key=lambda one: (one["seq"] + sum(one["seen"].values()), one["by"] != opener, one["by"], one["seq"]))
    heads, whole = Counter(), []
    for one in acts:
        if one["seq"] == heads[one["by"]] + 1 and all(seen <= heads[by] for by, seen in one["seen"].items()):
            heads[one["by"]] = one["seq"]
            whole.append(one)
    return whole


class Matter:
    """What became of one case."""

    def __init__(self, acts):
        head = acts[0]
        self.acts = [one for one in acts if not one["moot"]]
        request = head["deed"]["request"]
        self.type, self.asked_by, self.exercise = request["type_code"], head["by"], request["exercise"]
        self.opened, self.useful, self.lesson, self.over = head["at"], None, False, None
        self.refused, outcome, signed = [], None, set()
        for one in self.acts:
            kind, at, deed = one["kind"], one["at"], one["deed"]
            if kind == "refuse":
                outcome = ("refused", at)
                self.refused.append((deed["ground"], at))
            elif kind == "respond":
                outcome = (EXTENT[deed["extent"]], at)
            elif kind in ENDS:
                outcome = (ENDS[kind], at)
            elif kind == "reopen":
                outcome = None
            elif kind == "propose-text":
                outcome, signed = None, set()
            elif kind == "sign-text":
                outcome = ("signed", at)
                signed.add(one["by"])
            elif kind == "report-outcome":
                self.useful = (deed["usefulness"], at)
            elif kind == "close":
                self.lesson = deed["lesson"] is not None
            self.over = (self.over or at) if one["stage"] in OVER else None
        self.ended_as = outcome[0] if outcome else "concluded"
        over = (self.ended_as, self.over) if self.over else None
        self.settled = outcome if outcome and (outcome[0] != "signed" or len(signed) == 2) else over

    def did(self, kind):
        return any(one["kind"] == kind for one in self.acts)

    def took(self, step):
        return [one["at"] for one in self.acts if one["kind"] == "record" and one["deed"]["step"] == step]


def seconds(later, earlier):
    return max(int((later - earlier).total_seconds()), 0)


def spread(times):
    times = sorted(times)
    rank = lambda percent: times[max(-(-len(times) * percent // 100) - 1, 0)] if times else 0
    return f"{len(times)}:{rank(50)}:{rank(90)}"


def tally(rows):
    counts = Counter(rows)
    return ",".join(f"{key}={counts[key]}" for key in sorted(counts)) or "-"


def share(among, has):
    among = list(among)
    return f"{sum(map(bool, map(has, among)))}/{len(among)}"


def since(instants, last):
    return str((last - max(instants)).days) if instants else "-"


def figure(measure, matters, party, book, first, last):
    """One cell of one clause; None for what needs calendars, agendas or pairs of offices."""
    within = lambda at: first < at <= last
    opened = [one for one in matters if within(one.opened)]
    ended = [one for one in matters if one.over and within(one.over)]
    delivered = opened  # what stands in both logs was delivered
    match measure["of"]:
        case "raised":
            return str(len(opened))
        case "by-area":
            return tally(book["area"][one.type] for one in opened)
        case "time-to-close":
            return spread(seconds(one.over, one.opened) for one in ended)
        case "outcomes":
            return tally(one.ended_as for one in ended)
        case "grounds":
            return tally(ground for one in matters for ground, at in one.refused if within(at))
        case "levels":
            return None if not matters else tally(
                f"L{act['deed']['level']}" for one in matters for act in one.acts
                if act["kind"] == "escalate" and within(act["at"]))
        case "complete-at-first":
            return share(delivered, lambda one: not one.did("return-incomplete"))
        case "with-act":
            return share(opened, lambda one: one.did(measure["act"]))
        case "with-step":
            return share(opened, lambda one: one.took(measure["step"]))
        case "usefulness":
            return tally(str(one.useful[0]) for one in matters if one.useful and within(one.useful[1]))
        case "lessons":
            return share(ended, lambda one: one.lesson)
        case "settled":
            return share(ended, lambda one: one.ended_as == "signed")
        case "active":
            return share(matters, lambda one: one.over is None)
        case "since-last":
            return since([one.over for one in matters if one.over], last)
        case "since-step":
            return since([at for one in matters for at in one.took(measure["step"])], last)
        case "owned":
            return share(book["clauses"], lambda clause: clause["offices"].get(party))
    return None


def main():
    folder, first, last = Path(sys.argv[1]), instant(sys.argv[2] + "T00:00:00Z"), instant(sys.argv[3] + "T00:00:00Z")
    last += timedelta(days=1)
    read = lambda path: tomllib.loads(path.read_text("utf-8"))
    book = {"clauses": read(folder / "clauses.toml")["clause"], "area": {}}
    for path in sorted((folder / "types").glob("*.toml")):
        for code, one in read(path)["types"].items():
            book["area"][code] = one["area"]
            for clause in book["clauses"]:
                # A clause may name its types, and a type its clauses.
                if clause["id"] in one.get("clauses", []) and code not in clause.setdefault("types", []):
                    clause["types"].append(code)
    sent, received, cases, parties = defaultdict(set), defaultdict(set), defaultdict(list), set()
    for line in sys.stdin:
        what, rest = line.rstrip("\n").split("\t", 1)
        if what == "leaf":
            party, leaf = rest.split("\t")
            leaf, _ = cbor(bytes.fromhex(leaf))
            parties.add(party)
            {SENT: sent, RECEIVED: received}.get(leaf[1], defaultdict(set))[party].add(leaf[3].hex())
        else:
            one = json.loads(rest)
            act = one["act"]
            (name, deed), = act["deed"].items()
            at = instant(act["at"])
            cases[act["case"]].append(one | {**act, "deed": deed, "at": at})
    matters = [Matter(acts) for acts in (counted(acts, sent, received, last) for acts in cases.values()) if acts]
    matters = [one for one in matters if not one.exercise]
    for code in sorted({one.type for one in matters}):
        rows = []
        for party in sorted(parties):
            mine = [one for one in matters if (one.type, one.asked_by) == (code, party)]
            settled = [one for one in mine if one.settled and first < one.settled[1] <= last]
            grounds = [[g for g, at in one.refused if at <= one.settled[1]][-1] for one in settled if one.settled[0] == "refused"]
            times = [seconds(one.settled[1], one.opened) for one in settled]
            made = sum(first < one.opened <= last for one in mine)
            pending = sum(one.settled is None for one in mine)
            cells = [made, tally(one.settled[0] for one in settled), tally(grounds), pending, spread(times), max(times, default="-")]
            rows.append("\t".join(map(str, ["type", code, party, *cells])))
        print("\n".join(rows))
    for clause in book["clauses"]:
        for measure in clause.get("measures", []):
            types = measure.get("types", clause.get("types", [])) or (book["area"] if "types" in measure else [])
            parameter = next((str(measure[key]) for key in ("act", "step", "wait", "days") if key in measure), "")
            for party in sorted(parties):
                mine = [one for one in matters if one.asked_by == party and one.type in types]
                cell = figure(measure, mine, party, book, first, last)
                if cell is not None:
                    print("\t".join(["clause", clause["id"], measure["of"], parameter, party, cell]))


main()
