#!/usr/bin/env python3
"""Counts a year again from an export of its acts, with nothing but the standard library, for the test that compares.

Reads tab-separated lines on standard input, acts of one case together and in the order both nodes fold them:
  case  type  exercise  asked_by  by  kind  at (s since 1970)  extent  ground  stage after it  moot
with the period's first and last second in argv. Writes a line for each type and asking Party with live matters:
  type  asked_by  made  settled  refused  pending  count  median_s  p90_s  longest_s
"""

import sys
from collections import Counter, defaultdict

EXTENT = {"full": "answered", "part": "answered-in-part", "not-executable": "not-executable"}
ENDS = {"withdraw": "withdrawn", "lapse": "lapsed", "abort": "aborted", "conclude": "concluded"}
OVER = {"closed", "lapsed"}


def fate(acts):
    """How a case was settled and when, or None; and the grounds it was refused on."""
    outcome, signed, over, refused = None, set(), None, []
    for act in acts:
        if act["moot"] == "1":
            continue
        kind, at = act["kind"], int(act["at"])
        if kind == "refuse":
            outcome = ("refused", at)
            refused.append((act["ground"], at))
        elif kind == "respond":
            outcome = (EXTENT[act["extent"]], at)
        elif kind in ENDS:
            outcome = (ENDS[kind], at)
        elif kind == "reopen":
            outcome = None
        elif kind == "propose-text":
            outcome, signed = None, set()
        elif kind == "sign-text":
            outcome = ("signed", at)
            signed.add(act["by"])
        over = (over or at) if act["stage"] in OVER else None
    if outcome and (outcome[0] != "signed" or len(signed) == 2):
        return outcome, refused
    if over:
        return ((outcome[0] if outcome else "concluded"), over), refused
    return None, refused


def rank(times, percent):
    place = max(-(-len(times) * percent // 100) - 1, 0)
    return times[place] if times else 0


def tally(counter):
    return ",".join(f"{key}={counter[key]}" for key in sorted(counter))


def main():
    first, last = int(sys.argv[1]), int(sys.argv[2])
    names = "case type exercise asked_by by kind at extent ground stage moot".split()
    cases = defaultdict(list)
    for line in sys.stdin:
        act = dict(zip(names, line.rstrip("\n").split("\t")))
        if int(act["at"]) <= last:
            cases[act["case"]].append(act)
    rows = defaultdict(lambda: {"made": 0, "settled": Counter(), "refused": Counter(), "pending": 0, "times": []})
    for acts in cases.values():
        head = acts[0]
        if head["exercise"] == "1":
            continue
        row, opened = rows[head["type"], head["asked_by"]], int(head["at"])
        row["made"] += opened > first
        settled, refused = fate(acts)
        if settled is None:
            row["pending"] += 1
        elif settled[1] > first:
            row["settled"][settled[0]] += 1
            row["times"].append(max(settled[1] - opened, 0))
            if settled[0] == "refused":
                grounds = [ground for ground, at in refused if at <= settled[1]]
                row["refused"][grounds[-1]] += 1
    for (code, party), row in sorted(rows.items()):
        times = sorted(row["times"])
        cells = [code, party, row["made"], tally(row["settled"]), tally(row["refused"]), row["pending"], len(times)]
        cells += [rank(times, 50), rank(times, 90), times[-1] if times else "-"]
        print("\t".join(str(cell) for cell in cells))


main()
