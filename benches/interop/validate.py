#!/usr/bin/env python3
"""What other people's programs say of our output: every conversion of every committed sample, judged by their own checkers.

    python3 -m venv v && v/bin/pip install -r benches/interop/requirements.txt
    v/bin/python benches/interop/validate.py target/debug/entente [--schemas DIR]

DIR holds the official schemas, which are not given on with this repository: cap/cap12.xsd, goaml/goAMLSchema.xsd,
iodef/iodef-2.0.local.xsd, akn/final-akomantoso30.xsd, csaf/schema/csaf_json_schema.json, sanctions/un-sc-sanctions.xsd.
Prints a table; exit 1 if any checker refuses what we wrote.
"""
import argparse, collections, json, pathlib, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FORMATS = "stix misp cap csv mrz geojson ical un uk csaf goaml goaml4 iodef akn clml".split()


def stix(path, schemas):
    from stix2validator import ValidationOptions, validate_file
    result = validate_file(str(path), ValidationOptions(version="2.1"))
    errors = [str(e) for r in getattr(result, "_object_results", []) or [result.object_results] for e in r.errors or []] \
        if not result.is_valid else []
    return [] if result.is_valid else errors or ["invalid"]


def misp(path, schemas):
    from pymisp import MISPEvent
    whole = json.loads(path.read_text())
    for event in whole.get("response", [whole]):
        read = MISPEvent()
        read.from_dict(**event)
        read.to_json()
    return []


def xsd(name, version11=False):
    def check(path, schemas):
        import xmlschema
        if schemas is None or not (schemas / name).exists():
            return None
        kind = xmlschema.XMLSchema11 if version11 else xmlschema.XMLSchema
        if name not in CACHE:
            CACHE[name] = kind(str(schemas / name))
        return [str(e.reason) + " @ " + str(e.path) for e in CACHE[name].iter_errors(str(path))][:3]
    return check


CACHE = {}


def cap(path, schemas):
    errors = xsd("cap/cap12.xsd")(path, schemas) or []
    if "cap:1.2" not in path.read_text():
        return None
    from capvalidator import validate_cap_message
    result = validate_cap_message(path.read_bytes(), strict=False)
    ok = getattr(result, "passed", result)
    return errors + ([] if ok else [str(getattr(result, "msg", result))])


def ical(path, schemas):
    from icalendar import Calendar
    calendars = Calendar.from_ical(path.read_bytes(), multiple=True)
    return [str(e) for c in calendars for part in c.walk() for e in getattr(part, "errors", [])]


def geojson(path, schemas):
    from geojson_pydantic import FeatureCollection
    from geojson_pydantic.geometries import parse_geometry_obj
    whole = json.loads(path.read_text())
    if whole["type"] == "FeatureCollection":
        FeatureCollection(**whole)
    elif whole["type"] != "Feature":
        parse_geometry_obj(whole)
    return []


def mrz(path, schemas):
    from mrz.checker.td1 import TD1CodeChecker
    from mrz.checker.td2 import TD2CodeChecker
    from mrz.checker.td3 import TD3CodeChecker
    kinds = {30: (3, TD1CodeChecker), 36: (2, TD2CodeChecker), 44: (2, TD3CodeChecker)}
    lines, wrong = path.read_text().split(), []
    while lines:
        count, checker = kinds[len(lines[0])]
        zone, lines = "\n".join(lines[:count]), lines[count:]
        # Utopia is no country of that list; the digits are what is asked.
        report = checker(zone)
        falses = [name for name in report.report.falses if "Country" not in str(name) and "country" not in str(name)
                  and "Nationality" not in str(name) and "nationality" not in str(name)]
        wrong += [str(f) for f in falses]
    return wrong


def csaf(path, schemas):
    import jsonschema
    name = "csaf/schema/csaf_json_schema.json"
    if schemas is None or not (schemas / name).exists():
        return None
    schema = json.loads((schemas / name).read_text())
    schema = json.loads(json.dumps(schema).replace("https://www.first.org/cvss/", "urn:none:"))
    strip(schema)
    return [e.message[:100] for e in jsonschema.Draft202012Validator(schema).iter_errors(json.loads(path.read_text()))][:3]


def strip(node):
    """Schemas elsewhere are not fetched."""
    if isinstance(node, dict):
        if str(node.get("$ref", "")).startswith("urn:none:"):
            node.pop("$ref")
        # Of two schemas that are not there, both fit.
        if "oneOf" in node:
            node["anyOf"] = node.pop("oneOf")
        for value in node.values():
            strip(value)
    elif isinstance(node, list):
        for value in node:
            strip(value)


CHECKERS = {
    "stix": ("stix2-validator", stix), "misp": ("PyMISP", misp), "cap": ("XSD 1.2, capvalidator", cap),
    "ical": ("icalendar", ical), "geojson": ("geojson-pydantic", geojson), "mrz": ("mrz", mrz),
    "csaf": ("JSON schema", csaf), "goaml": ("XSD 5.0.2", xsd("goaml/goAMLSchema.xsd", True)),
    "iodef": ("XSD 2.0", xsd("iodef/iodef-2.0.local.xsd")), "akn": ("XSD 3.0", xsd("akn/final-akomantoso30.xsd")),
    "un": ("XSD of the list", xsd("sanctions/un-sc-sanctions.xsd")),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("entente")
    parser.add_argument("--schemas", type=pathlib.Path)
    parser.add_argument("-v", action="store_true")
    args = parser.parse_args()
    totals, bad = collections.OrderedDict(), []
    with tempfile.TemporaryDirectory() as folder:
        for source in FORMATS:
            home = ROOT / "testdata" / ("stix" if source == "stix" else f"interop/{source}")
            samples = [p for p in sorted(home.glob("*")) if p.is_file() and p.suffix not in (".md", "") and "LICEN" not in p.name]
            for target in FORMATS:
                for sample in samples:
                    out = pathlib.Path(folder) / f"{sample.stem}.{target}"
                    done = subprocess.run([args.entente, "convert", "--from", source, "--to", target, "-o", out, sample],
                                          capture_output=True, text=True)
                    if done.returncode == 2 and "has a place in" in done.stderr:
                        break
                    if not out.exists():
                        continue
                    key = (source, target)
                    checked, passed, name = totals.get(key, (0, 0, ""))
                    name, checker = CHECKERS.get(target, ("", None))
                    try:
                        errors = checker(out, args.schemas) if checker else None
                    except Exception as why:  # whatever it is, their program cannot read ours
                        errors = [f"{type(why).__name__}: {why}"]
                    if errors is not None:
                        checked, passed = checked + 1, passed + (not errors)
                    totals[key] = (checked, passed, name)
                    if errors:
                        bad.append((source, target, sample.name, errors))
                    out.unlink()
    print("| from | to | checker | checked | accepted |\n|---|---|---|---|---|")
    for (source, target), (checked, passed, name) in totals.items():
        if checked:
            print(f"| {source} | {target} | {name} | {checked} | {passed} |")
    for source, target, name, errors in bad:
        print(f"\n{source} > {target}, {name}:")
        for error in errors[:3]:
            print("  ", " ".join(str(error).split())[:300])
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
