//! The description of the interface (OpenAPI 3.1), made from the table of routes and the shapes it is served by.
//!
//! Owns the document's form. Must not know a route by name.

use axum::extract::State;
use domain::menu::Menu;
use serde_json::{Map, Value, json};

use super::{Answer, Gives, ROOT, ROUTES, Route, Takes, json, once, schema};
use crate::app::App;
use crate::i18n::Tongue;

pub(super) async fn give(State(_): State<App>) -> Answer {
    json(200, &document())
}

/// The whole document.
pub(super) fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.verb.to_lowercase()] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Entente",
            "version": "1",
            "summary": "One Party's node of a security-cooperation agreement.",
            "description": "Every call is made for a named officer; what they may do is judged by the instrument both \
                Parties signed. Problems carry a stable `code` (RFC 9457) and their words in every language.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": ROOT }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": schema::all(),
        },
    })
}

fn operation(route: &Route) -> Value {
    let mut operation = json!({
        "operationId": route.id,
        "summary": route.summary,
        "parameters": parameters(route),
        "responses": responses(route),
    });
    match route.takes {
        Takes::Nothing => {}
        Takes::Json(shape) => operation["requestBody"] = body("application/json", &schema::reference(shape)),
        // An empty schema: any bytes (OpenAPI 3.1, "Considerations for File Uploads").
        Takes::File => operation["requestBody"] = body("application/octet-stream", &json!({})),
    }
    if route.open {
        operation["security"] = json!([]);
    }
    operation
}

fn parameters(route: &Route) -> Vec<Value> {
    let named = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut list: Vec<Value> = named
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    for (name, kind, meaning) in route.asks {
        let required = !kind.ends_with('?');
        let schema = schema::kind(kind.trim_end_matches('?'));
        list.push(json!({
            "name": name, "in": "query", "required": required, "description": meaning, "schema": schema,
        }));
    }
    let tongues: Vec<&str> = Tongue::ALL.iter().map(|(_, code)| *code).collect();
    let meaning = format!("the language of a problem's title: {}", tongues.join(" or "));
    list.push(header("Accept-Language", &meaning));
    if route.repeatable {
        list.push(header(once::HEADER, "a name for this call, so that repeating it does it once"));
    }
    list
}

fn responses(route: &Route) -> Value {
    let mut responses = Map::new();
    let (status, answer) = match route.gives {
        Gives::Nothing => (204, json!({ "description": "done" })),
        Gives::Json(status, shape) => (status, answer("application/json", &schema::reference(shape))),
        Gives::Calendar => (200, answer("text/calendar", &json!({ "type": "string" }))),
        Gives::File => (200, answer("application/octet-stream", &json!({}))),
        Gives::Description => (200, answer("application/json", &json!({ "type": "object" }))),
    };
    responses.insert(status.to_string(), answer);
    let problem = answer_of("a problem", "application/problem+json", &schema::reference("Problem"));
    responses.insert("default".to_owned(), problem);
    Value::Object(responses)
}

fn header(name: &str, meaning: &str) -> Value {
    json!({ "name": name, "in": "header", "required": false, "description": meaning, "schema": { "type": "string" } })
}

fn body(kind: &str, schema: &Value) -> Value {
    json!({ "required": true, "content": { kind: { "schema": schema } } })
}

fn answer(kind: &str, schema: &Value) -> Value {
    answer_of("done", kind, schema)
}

fn answer_of(meaning: &str, kind: &str, schema: &Value) -> Value {
    json!({ "description": meaning, "content": { kind: { "schema": schema } } })
}
