//! As much of JSON Schema as the description uses: does an answer fit its shape, and does every reference lead somewhere?
//!
//! Owns the checking. Must not know the interface; knows nothing of the tables the description was made from.

use serde_json::Value;

/// Where `value` does not fit the named shape of the document.
pub(crate) fn faults(doc: &Value, shape: &str, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(doc, &doc["components"]["schemas"][shape], value, shape, &mut found);
    found
}

/// Every reference of the document that leads nowhere.
pub(crate) fn dangling(doc: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(doc, doc, &mut found);
    found
}

fn walk(doc: &Value, here: &Value, found: &mut Vec<String>) {
    match here {
        Value::Object(members) => {
            if let Some(to) = members.get("$ref").and_then(Value::as_str)
                && doc.pointer(to.trim_start_matches('#')).is_none()
            {
                found.push(to.to_owned());
            }
            members.values().for_each(|member| walk(doc, member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| walk(doc, item, found)),
        _ => {}
    }
}

fn check(doc: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(to) = schema["$ref"].as_str() {
        match doc.pointer(to.trim_start_matches('#')) {
            Some(schema) => check(doc, schema, value, at, found),
            None => found.push(format!("{at}: {to} leads nowhere")),
        }
        return;
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(choices) = schema[choice].as_array() {
            let fits = |schema: &&Value| {
                let mut wrong = Vec::new();
                check(doc, schema, value, at, &mut wrong);
                wrong.is_empty()
            };
            let fitting = choices.iter().filter(fits).count();
            if fitting == 0 || (choice == "oneOf" && fitting > 1) {
                found.push(format!("{at}: fits {fitting} of the choices: {value}"));
            }
        }
    }
    if let Some(codes) = schema["enum"].as_array()
        && !codes.contains(value)
    {
        found.push(format!("{at}: {value} is not on the menu"));
    }
    let fits = match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some(other) => panic!("{other} is no type we write"),
        None => true,
    };
    if !fits {
        found.push(format!("{at}: {value} is no {}", schema["type"]));
        return;
    }
    for (place, item) in value.as_array().into_iter().flatten().enumerate() {
        check(doc, &schema["items"], item, &format!("{at}/{place}"), found);
    }
    if let Some(members) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                found.push(format!("{at}/{name}: missing"));
            }
        }
        for (name, member) in members {
            let here = format!("{at}/{name}");
            match (&schema["properties"][name], &schema["additionalProperties"]) {
                (Value::Null, Value::Bool(false)) => found.push(format!("{here}: not described")),
                (Value::Null, other) => check(doc, other, member, &here, found),
                (known, _) => check(doc, known, member, &here, found),
            }
        }
    }
}
