//! A request's form as a file to fill in: every part a type has, what it is for in every language, and what must be there.
//!
//! Owns the list of parts every type shares and the two forms of the file. Must not judge what was filled in: the node
//! does. What a type asks comes from the interface, and with it from the instrument.

use domain::handling::{Classification, Tlp};
use domain::menu::Menu;
use serde_json::{Map, Value, json};

use crate::i18n::Tongue;

/// One part of a request.
struct Part {
    /// Its place in the file, dotted.
    key: String,
    /// Its name and what it is for, a line a language.
    about: Vec<String>,
    required: bool,
    kind: Kind,
}

/// What a part takes.
enum Kind {
    /// Words in every language; the usual ones, if there are.
    Prose(Value),
    /// A value that may stand empty until it is filled in, and what it may be.
    Blank(String, Vec<String>),
    /// A value that cannot stand empty: only an example is shown.
    Example(&'static str),
    /// A value that stands unless it is changed, and what else it may be.
    Usual(Value, Vec<String>),
}

/// The file in TOML, with everything said in comments.
pub fn toml(rule: &Value, instrument: &Value, offices: &[String]) -> Vec<String> {
    let langs = langs(instrument);
    let mut lines = vec![format!("# {}: {}", plain(&rule["code"]), each(&rule["name"]).join(" · "))];
    lines.extend(each(&rule["summary"]).iter().map(|line| format!("# {line}")));
    lines.extend(Tongue::ALL.iter().map(|(tongue, _)| format!("# {}", tongue.t("template-how"))));
    lines.push(String::new());
    lines.push(format!("type_code = {}", quoted(&plain(&rule["code"]))));
    for part in parts(rule, instrument, offices) {
        lines.extend(lines_of(&part, &langs));
    }
    lines
}

/// The same for programs: the request as a file takes it, and beside it what each part is.
pub fn json(rule: &Value, instrument: &Value, offices: &[String]) -> Value {
    let langs = langs(instrument);
    let mut request = json!({ "type_code": rule["code"] });
    let mut about = Vec::new();
    for part in parts(rule, instrument, offices) {
        let value = match &part.kind {
            Kind::Prose(usual) => {
                let words =
                    |lang: &String| (lang.clone(), Value::from(usual[lang.as_str()].as_str().unwrap_or_default()));
                Some(Value::Object(langs.iter().map(words).collect()))
            }
            Kind::Blank(value, _) => Some(value.as_str().into()),
            Kind::Usual(value, _) => Some(value.clone()),
            Kind::Example(_) => None,
        };
        let choices = match &part.kind {
            Kind::Blank(_, choices) | Kind::Usual(_, choices) => choices.as_slice(),
            Kind::Prose(_) | Kind::Example(_) => &[],
        };
        let example = if let Kind::Example(example) = part.kind { Some(example) } else { None };
        about.push(json!({
            "key": part.key, "about": part.about, "required": part.required, "choices": choices, "example_toml": example,
        }));
        if let Some(value) = value.filter(|_| part.required || matches!(part.kind, Kind::Usual(..))) {
            put(&mut request, &part.key, value);
        }
    }
    json!({ "request": request, "parts": about })
}

/// The fields of a type as lines that are all left out until the # is taken away: what a supplement may say anew.
pub(super) fn fields_anew(rule: &Value, instrument: &Value) -> Vec<String> {
    let fields = fields(rule).into_iter();
    fields.flat_map(|field| lines_of(&Part { required: false, ..field }, &langs(instrument))).collect()
}

fn parts(rule: &Value, instrument: &Value, offices: &[String]) -> Vec<Part> {
    let mut parts = header(rule, instrument, offices);
    parts.extend(fields(rule));
    parts
}

fn fields(rule: &Value) -> Vec<Part> {
    let part = |field: &Value| Part {
        key: format!("fields.{}.{}", plain(&field["id"]), plain(&field["kind"])),
        about: both(&field["label"], &field["help"]),
        required: field["required"] == true,
        kind: kind_of(field),
    };
    rule["fields"].as_array().into_iter().flatten().map(part).collect()
}

/// A part in TOML, under what it is for.
fn lines_of(part: &Part, langs: &[String]) -> Vec<String> {
    let mut lines = vec![String::new(), need(part.required)];
    lines.extend(part.about.iter().map(|line| format!("# {line}")));
    // What may be left out stands as a comment, so that the file can be used before it is full.
    let mark = if part.required { "" } else { "# " };
    let key = &part.key;
    match &part.kind {
        Kind::Prose(usual) => lines.extend(langs.iter().map(|lang| {
            let words = usual[lang.as_str()].as_str().unwrap_or_default();
            format!("{mark}{key}.{lang} = {}", quoted(words))
        })),
        Kind::Blank(value, choices) => {
            lines.extend(choices.iter().map(|choice| format!("#   {choice}")));
            lines.push(format!("{mark}{key} = {}", quoted(value)));
        }
        Kind::Example(example) => lines.push(format!("# {key} = {example}")),
        Kind::Usual(value, choices) => {
            lines.extend(choices.iter().map(|choice| format!("#   {choice}")));
            lines.push(format!("{key} = {value}"));
        }
    }
    lines
}

/// Whether a part must be there, in the languages of the face.
pub(super) fn need(required: bool) -> String {
    let need = if required { "template-required" } else { "template-optional" };
    let need: Vec<String> = Tongue::ALL.iter().map(|(tongue, _)| tongue.t(need)).collect();
    format!("# [{}]", need.join(" · "))
}

/// What every type has, in the order of the form.
fn header(rule: &Value, instrument: &Value, offices: &[String]) -> Vec<Part> {
    let menu = |codes: Vec<&str>| codes.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let usual = plain(&rule["usual_urgency"]);
    let urgencies = instrument["urgencies"].as_array().into_iter().flatten();
    let urgencies = urgencies.map(|one| format!("{}  {}", plain(&one["urgency"]), each(&one["name"]).join(" · ")));
    let basis = rule["legal_bases"][0].clone();
    let to = if let [only] = offices { only.split(' ').next().unwrap_or_default().to_owned() } else { String::new() };
    // From the weakest the type allows; the menu goes from the freest to the strictest.
    let weakest = Tlp::from_code(&plain(&rule["mark_min"])).unwrap_or(Tlp::Clear);
    let marks = menu(Tlp::ALL.iter().filter(|(mark, _)| *mark >= weakest).map(|(_, code)| *code).collect());
    let carried = |level: &Classification| *level != Classification::Classified;
    let levels = menu(Classification::ALL.iter().filter(|(level, _)| carried(level)).map(|(_, code)| *code).collect());
    let personal = rule["fields"].as_array().into_iter().flatten().any(|field| field["personal"] == true);
    let part = |key: &str, name: &str, hint: &str, required: bool, kind: Kind| Part {
        key: key.to_owned(),
        about: said(name, hint),
        required,
        kind,
    };
    vec![
        part("to", "form-part-to", "", true, Kind::Blank(to, offices.to_vec())),
        part("title", "part-title", "form-hint-title", true, Kind::Prose(Value::Null)),
        part("legal_basis", "part-legal_basis", "", true, Kind::Prose(basis)),
        part("urgency", "form-part-urgency", "", true, Kind::Usual(usual.clone().into(), urgencies.collect())),
        part(
            "urgency_reason",
            "part-urgency_reason",
            "form-hint-urgency-reason",
            usual != "U3",
            Kind::Prose(Value::Null),
        ),
        part("needed_by", "part-needed_by", "form-hint-needed-by", usual == "U2", Kind::Example("2026-12-31")),
        part("purpose", "part-purpose", "form-hint-purpose", true, Kind::Prose(Value::Null)),
        part("evidential_use", "part-evidential_use", "", true, Kind::Usual(false.into(), Vec::new())),
        part("mark", "form-part-mark", "form-hint-mark", true, Kind::Usual(rule["default_mark"].clone(), marks)),
        part(
            "classification",
            "form-part-classification",
            "form-hint-classification",
            true,
            Kind::Usual(Classification::Official.code().into(), levels),
        ),
        part("confidentiality", "part-confidentiality", "form-hint-confidentiality", false, Kind::Prose(Value::Null)),
        part("personal_data", "form-part-personal-data", "", true, Kind::Usual(personal.into(), Vec::new())),
        part("exercise", "form-part-exercise", "", true, Kind::Usual(false.into(), Vec::new())),
        part("contact", "part-contact", "form-hint-contact", false, Kind::Blank(String::new(), Vec::new())),
        part("linked", "part-linked", "form-hint-linked", false, Kind::Example("[]")),
    ]
}

fn kind_of(field: &Value) -> Kind {
    match plain(&field["kind"]).as_str() {
        "prose" | "parallel" => Kind::Prose(Value::Null),
        "items" => Kind::Example("[\"first line\", \"second line\"]"),
        "money" => Kind::Example("{ amount = \"1250.50\", currency = \"GBP\" }"),
        "place" => {
            Kind::Example("{ words = \"address\", position = { latitude_e5 = 5150735, longitude_e5 = -12776 } }")
        }
        "person" => Kind::Example(
            "{ names = [\"usual name\"], born = { year = 1984, month = 3 }, birthplace = \"\", sex = \"unstated\", \
             nationalities = [], documents = [] }",
        ),
        "choice" => {
            let options = field["options"].as_array().into_iter().flatten();
            let option = |one: &Value| format!("{}  {}", plain(&one["code"]), each(&one["label"]).join(" · "));
            Kind::Blank(String::new(), options.map(option).collect())
        }
        "date" => Kind::Example("2026-12-31"),
        "interval" => Kind::Example("{ from = 2026-01-31T08:00:00Z, to = 2026-01-31T18:00:00Z }"),
        "yes-no" => Kind::Example("true"),
        "penalty" => Kind::Example("{ years-max = 5 }    # \"no-prison\", \"life\", \"death\", \"unknown\""),
        "indicators" => {
            let how = |(tongue, _): &(Tongue, &str)| tongue.t("template-indicators");
            Kind::Blank(String::new(), Tongue::ALL.iter().map(how).collect())
        }
        _ => Kind::Blank(String::new(), Vec::new()),
    }
}

/// A name and what it is for, in the languages of the face.
fn said(name: &str, hint: &str) -> Vec<String> {
    let line = |tongue: Tongue| match hint {
        "" => tongue.t(name),
        hint => format!("{}: {}", tongue.t(name), tongue.t(hint)),
    };
    Tongue::ALL.iter().map(|(tongue, _)| line(*tongue)).collect()
}

/// The same in the languages of the instrument.
fn both(label: &Value, help: &Value) -> Vec<String> {
    let names = label.as_object().into_iter().flatten();
    let line = |(lang, name): (&String, &Value)| match plain(&help[lang.as_str()]) {
        help if help.is_empty() => plain(name),
        help => format!("{}: {help}", plain(name)),
    };
    names.map(line).collect()
}

pub(super) fn each(text: &Value) -> Vec<String> {
    text.as_object().into_iter().flatten().map(|(_, words)| plain(words)).collect()
}

pub(super) fn langs(instrument: &Value) -> Vec<String> {
    instrument["langs"].as_array().into_iter().flatten().map(plain).collect()
}

/// Words fit for a comment: one line, no control characters.
pub(super) fn plain(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A basic string of TOML. JSON escapes a subset of what TOML does, in the same way.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Puts a value at a dotted place.
fn put(under: &mut Value, key: &str, value: Value) {
    let (first, rest) = key.split_once('.').map_or((key, None), |(first, rest)| (first, Some(rest)));
    let Some(members) = under.as_object_mut() else { return };
    match rest {
        None => _ = members.insert(first.to_owned(), value),
        Some(rest) => put(members.entry(first).or_insert_with(|| Value::Object(Map::new())), rest, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> Value {
        let field = |id: &str, kind: &str, required: bool| {
            json!({
                "id": id, "kind": kind, "required": required, "personal": false, "options": null,
                "label": { "en": id, "zh": "标签" }, "help": { "en": "line one\nline two", "zh": "说明" },
            })
        };
        json!({
            "code": "CY-INC", "name": { "en": "Incident" }, "summary": {}, "usual_urgency": "U3", "legal_bases": [],
            "default_mark": "TLP:AMBER", "mark_min": "TLP:AMBER",
            "fields": [
                field("seen", "prose", true), field("when", "interval", true), field("more", "line", false),
                field("stix", "indicators", false),
            ],
        })
    }

    #[test]
    fn the_file_can_be_read_before_it_is_filled_in() {
        let instrument = json!({ "langs": ["en", "zh"], "urgencies": [] });
        let text = toml(&rule(), &instrument, &["CN-MPS  Ministry".to_owned()]).join("\n");
        let table: toml::Table = toml::from_str(&text).unwrap_or_else(|why| panic!("{why}\n{text}"));
        assert_eq!(table["to"].as_str(), Some("CN-MPS"));
        assert_eq!(table["fields"]["seen"]["prose"]["zh"].as_str(), Some(""));
        assert!(table["fields"].get("more").is_none() && table["fields"].get("when").is_none(), "{text}");
        for words in ["# fields.when.interval = {", "# fields.more.line = ", "说明", "line one line two"] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(text.contains("#   TLP:AMBER+STRICT") && !text.contains("#   TLP:GREEN"), "marks it allows: {text}");
        let as_json = json(&rule(), &instrument, &[]);
        assert_eq!(as_json["request"]["fields"], json!({ "seen": { "prose": { "en": "", "zh": "" } } }));
        assert_eq!(as_json["parts"].as_array().map(Vec::len), Some(19));
    }
}
