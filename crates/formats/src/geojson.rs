//! GeoJSON (RFC 7946): places and areas, longitude first.
//!
//! Owns the rules of geometry and the turn to CAP's order of coordinates. Must not know what stands at a place.

use std::collections::BTreeSet;

use domain::menu::Menu;
use serde_json::{Map, Value, json};

use crate::cap::geometry;
use crate::finding::{Code, Gathered, Loss, LossCode, Reading, Refused, shown};
use crate::json;
use crate::record::{Account, Key, Record, Subject};

/// Largest file read: a country's protected sites with their outlines.
pub const FILE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Most positions of one file.
pub const POSITIONS_MAX: usize = 1_000_000;
/// Deepest nesting of collections (RFC 7946 §3.1.8 advises against any).
const COLLECTIONS_DEPTH_MAX: usize = 8;

/// An object of GeoJSON that was judged sound, as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Places {
    whole: Value,
}

/// Reads a geometry, a feature or a collection of features.
///
/// # Errors
/// [`Refused`] by what is wrong first; never panics.
pub fn read(bytes: &[u8]) -> Result<Reading<Places>, Refused> {
    let mut found = Gathered::default();
    let whole = json::read(bytes, FILE_BYTES_MAX, &mut found);
    if let Some(whole) = &whole {
        let mut judge = Judge { positions: 0, found: &mut found };
        judge.object(whole, "", 0);
    }
    found.ruled(whole.map(|whole| Places { whole }))
}

/// Writes it; foreign members are in it. Nothing is lost.
#[must_use]
pub fn write(map: &Places) -> (Vec<u8>, Vec<Loss>) {
    (json::write(&map.whole), Vec::new())
}

struct Judge<'f> {
    positions: usize,
    found: &'f mut Gathered,
}

impl Judge<'_> {
    fn object(&mut self, value: &Value, at: &str, depth: usize) {
        let Some(object) = value.as_object() else {
            self.found.error(Code::WrongKind, at, "must be an object");
            return;
        };
        let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
        match kind {
            "FeatureCollection" if depth == 0 => {
                self.foreign(object, &["geometry", "properties", "coordinates", "geometries"], at);
                self.each(object, "features", at, |judge, item, at| judge.feature(item, at));
            }
            "Feature" if depth == 0 => self.feature(value, at),
            _ => self.geometry(value, at, depth),
        }
        if object.contains_key("crs") {
            self.found.warning(Code::NotBySchema, format!("{at}/crs"), "positions are WGS 84 whatever is said (§4)");
        }
        self.bounds(object, at);
    }

    /// Members that mean another kind of object may not stand in this one (§7.1).
    fn foreign(&mut self, object: &Map<String, Value>, forbidden: &[&str], at: &str) {
        for key in forbidden.iter().filter(|key| object.contains_key(**key)) {
            self.found.error(Code::BadName, format!("{at}/{key}"), "means another kind of object (§7.1)");
        }
    }

    fn each(&mut self, object: &Map<String, Value>, key: &str, at: &str, judge: impl Fn(&mut Self, &Value, &str)) {
        match object.get(key) {
            Some(Value::Array(items)) => {
                for (place, item) in items.iter().enumerate() {
                    judge(self, item, &format!("{at}/{key}/{place}"));
                }
            }
            Some(_) => self.found.error(Code::WrongKind, format!("{at}/{key}"), "must be a list"),
            None => self.found.error(Code::MissingProperty, format!("{at}/{key}"), format!("`{key}` must be given")),
        }
    }

    fn feature(&mut self, value: &Value, at: &str) {
        let Some(feature) =
            value.as_object().filter(|feature| feature.get("type").is_some_and(|kind| kind == "Feature"))
        else {
            self.found.error(Code::BadType, format!("{at}/type"), "must be `Feature`");
            return;
        };
        self.foreign(feature, &["features", "coordinates", "geometries"], at);
        match feature.get("geometry") {
            None => self.found.error(Code::MissingProperty, format!("{at}/geometry"), "must be given, or null"),
            Some(Value::Null) => {}
            Some(geometry) => self.geometry(geometry, &format!("{at}/geometry"), 1),
        }
        match feature.get("properties") {
            None => self.found.error(Code::MissingProperty, format!("{at}/properties"), "must be given, or null"),
            Some(Value::Null | Value::Object(_)) => {}
            Some(_) => self.found.error(Code::WrongKind, format!("{at}/properties"), "must be an object or null"),
        }
        if feature.get("id").is_some_and(|id| !id.is_string() && !id.is_number()) {
            self.found.error(Code::WrongKind, format!("{at}/id"), "must be a text or a number");
        }
        self.bounds(feature, at);
    }

    fn geometry(&mut self, value: &Value, at: &str, depth: usize) {
        let Some(geometry) = value.as_object() else {
            self.found.error(Code::WrongKind, at, "must be an object");
            return;
        };
        let kind = geometry.get("type").and_then(Value::as_str).unwrap_or_default();
        if kind == "GeometryCollection" {
            if depth >= COLLECTIONS_DEPTH_MAX {
                self.found.error(Code::TooDeep, at, format!("more than {COLLECTIONS_DEPTH_MAX} collections deep"));
                return;
            }
            self.foreign(geometry, &["coordinates", "geometry", "properties", "features"], at);
            self.each(geometry, "geometries", at, |judge, item, at| judge.geometry(item, at, depth + 1));
            return;
        }
        let level = match kind {
            "Point" => 0,
            "MultiPoint" | "LineString" => 1,
            "MultiLineString" | "Polygon" => 2,
            "MultiPolygon" => 3,
            _ => {
                self.found.error(Code::BadType, format!("{at}/type"), format!("there is no `{}`", shown(kind)));
                return;
            }
        };
        self.foreign(geometry, &["geometries", "geometry", "properties", "features"], at);
        match geometry.get("coordinates") {
            Some(coordinates) => self.nested(coordinates, level, kind, &format!("{at}/coordinates")),
            None => self.found.error(Code::MissingProperty, format!("{at}/coordinates"), "must be given"),
        }
        self.bounds(geometry, at);
    }

    fn nested(&mut self, value: &Value, level: usize, kind: &str, at: &str) {
        let Some(items) = value.as_array() else {
            self.found.error(Code::WrongKind, at, "must be a list");
            return;
        };
        if level == 0 {
            self.position(items, at);
            return;
        }
        if level == 1 {
            let ring = kind.ends_with("Polygon");
            let least = if ring {
                4
            } else if kind == "MultiPoint" {
                0
            } else {
                2
            };
            if items.len() < least {
                self.found.error(Code::BadGeometry, at, format!("has {least} positions at least"));
            } else if ring && items.first() != items.last() {
                self.found.error(Code::BadGeometry, at, "the last position is not the first: the ring is open");
            }
        }
        for (place, item) in items.iter().enumerate() {
            let here = format!("{at}/{place}");
            self.nested(item, level - 1, kind, &here);
            let turns_wrong = level == 2 && kind.ends_with("Polygon") && (area(item) > 0.0) != (place == 0);
            if turns_wrong && area(item) != 0.0 {
                let words = "an outer ring turns to the left and a hole to the right (§3.1.6)";
                self.found.warning(Code::NotBySchema, here, words);
            }
        }
    }

    fn position(&mut self, numbers: &[Value], at: &str) {
        self.positions += 1;
        if self.positions == POSITIONS_MAX + 1 {
            self.found.error(Code::TooManyValues, at, format!("more than {POSITIONS_MAX} positions"));
        }
        let read: Vec<f64> = numbers.iter().filter_map(Value::as_f64).collect();
        if read.len() != numbers.len() || read.len() < 2 {
            self.found.error(Code::BadGeometry, at, "a position is two or three numbers");
            return;
        }
        if read.len() > 3 {
            self.found.warning(Code::NotBySchema, at, "a position is two or three numbers");
        }
        if read[0].abs() > 180.0 || read[1].abs() > 90.0 {
            // Others draw maps beyond the date line; what is off the globe is told, and becomes no area of an alert.
            self.found.warning(Code::BadGeometry, at, "lies off the globe: longitude first, then latitude");
        }
    }

    fn bounds(&mut self, object: &Map<String, Value>, at: &str) {
        let Some(bounds) = object.get("bbox") else { return };
        let numbers: Vec<f64> = bounds.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        let fits = bounds.as_array().is_some_and(|items| items.len() == numbers.len());
        if !fits || !matches!(numbers.len(), 4 | 6) {
            self.found.error(Code::BadGeometry, format!("{at}/bbox"), "has four or six numbers");
            return;
        }
        // From west to east may cross the date line; from south to north crosses nothing (§5).
        let half = numbers.len() / 2;
        if numbers[1] > numbers[half + 1] {
            self.found.error(Code::BadOrder, format!("{at}/bbox"), "its south lies north of its north");
        }
    }
}

/// Twice the signed area of a ring; positive where it turns to the left.
fn area(ring: &Value) -> f64 {
    let points: Vec<(f64, f64)> = positions(ring);
    points.windows(2).map(|pair| pair[0].0 * pair[1].1 - pair[1].0 * pair[0].1).sum()
}

fn positions(list: &Value) -> Vec<(f64, f64)> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(|item| Some((item.get(0)?.as_f64()?, item.get(1)?.as_f64()?))).collect()
}

/// The features as records of sites.
pub(crate) fn records(map: &Places, account: &mut Account) -> Vec<Record> {
    let features = match map.whole.get("features").and_then(Value::as_array) {
        Some(features) => features.clone(),
        None if map.whole.get("type").is_some_and(|kind| kind == "Feature") => vec![map.whole.clone()],
        None => vec![json!({ "type": "Feature", "geometry": map.whole })],
    };
    if let Some(whole) = map.whole.as_object().filter(|whole| whole.contains_key("features")) {
        let mut rest = whole.clone();
        rest.remove("features");
        rest.remove("type");
        account.leave_json(&Value::Object(rest), "");
    }
    let mut records = Vec::new();
    for mut feature in features.into_iter().filter_map(|feature| feature.as_object().cloned()) {
        feature.remove("type");
        let mut record = Record::new(Subject::Site);
        if let Some(id) = feature.remove("id") {
            record.put(Key::Id, id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        }
        if let Some(Value::Object(properties)) = feature.get_mut("properties") {
            for key in [Key::Name, Key::Description, Key::Area, Key::Country, Key::Kind] {
                if let Some(text) = properties.get(key.code()).and_then(Value::as_str).map(str::to_owned) {
                    properties.remove(key.code());
                    record.put(key, text);
                }
            }
        }
        if let Some(geometry) = feature.remove("geometry") {
            take_geometry(&geometry, &mut record, account);
        }
        account.leave_json(&Value::Object(feature), "/features/*");
        records.push(record);
    }
    records
}

fn take_geometry(geometry: &Value, record: &mut Record, account: &mut Account) {
    let coordinates = geometry.get("coordinates").unwrap_or(&Value::Null);
    let turned = |list: &Value| {
        let points: Vec<(f64, f64)> = positions(list).into_iter().map(|(lon, lat)| (lat, lon)).collect();
        geometry::to_text(&points)
    };
    if has_height(coordinates) {
        account.lose(LossCode::NotCarried, "/features/*/geometry/coordinates (height)", "");
    }
    match geometry.get("type").and_then(Value::as_str).unwrap_or_default() {
        "Point" => put_point(&turned(&json!([coordinates])), record, account),
        "MultiPoint" => {
            for point in coordinates.as_array().into_iter().flatten() {
                put_point(&turned(&json!([point])), record, account);
            }
        }
        kind @ ("Polygon" | "MultiPolygon") => {
            let one = json!([coordinates]);
            let polygons = if kind == "Polygon" { &one } else { coordinates };
            for polygon in polygons.as_array().into_iter().flatten() {
                let rings: Vec<&Value> = polygon.as_array().into_iter().flatten().collect();
                let outer = rings.first().map(|ring| turned(ring)).unwrap_or_default();
                match geometry::ring(&outer) {
                    Ok(_) => record.put(Key::Polygon, outer),
                    Err(_) => account.lose(LossCode::LeftOut, "/features/*/geometry[Polygon]", &outer),
                }
                for _hole in rings.iter().skip(1) {
                    account.lose(LossCode::NotCarried, "/features/*/geometry (hole)", "");
                }
            }
        }
        other => account.lose(LossCode::NotCarried, format!("/features/*/geometry[{}]", shown(other)), ""),
    }
}

fn put_point(text: &str, record: &mut Record, account: &mut Account) {
    match geometry::point(text) {
        Some(_) => record.put(Key::Point, text),
        None => account.lose(LossCode::LeftOut, "/features/*/geometry[Point]", text),
    }
}

fn has_height(value: &Value) -> bool {
    match value.as_array() {
        Some(items) if items.iter().all(Value::is_number) => items.len() > 2,
        Some(items) => items.iter().any(has_height),
        None => false,
    }
}

/// A collection of features of the records that have a place.
pub(crate) fn of_records(records: Vec<Record>, account: &mut Account) -> Option<Places> {
    let mut features = Vec::new();
    for mut record in records {
        if !matches!(record.subject, Subject::Site | Subject::Alert) {
            account.refuse(&record);
            continue;
        }
        let mut geometries: Vec<Value> = Vec::new();
        let turned = |(latitude, longitude): (f64, f64)| json!([longitude, latitude]);
        for text in record.values(Key::Polygon) {
            let Ok(mut ring) = geometry::ring(&text) else {
                account.lose(LossCode::LeftOut, "polygon", &text);
                continue;
            };
            let mut made = Value::Array(ring.iter().copied().map(turned).collect());
            if area(&made) < 0.0 {
                ring.reverse();
                made = Value::Array(ring.into_iter().map(turned).collect());
            }
            geometries.push(json!({ "type": "Polygon", "coordinates": [made] }));
        }
        for text in record.values(Key::Circle) {
            if let Some((centre, _)) = geometry::circle(&text) {
                account.lose(LossCode::Coarser, "circle", &text);
                geometries.push(json!({ "type": "Point", "coordinates": turned(centre) }));
            }
        }
        let points: Vec<String> = record.values(Key::Point);
        let points = points.iter().filter_map(|text| geometry::point(text));
        geometries.extend(points.map(|point| json!({ "type": "Point", "coordinates": turned(point) })));
        let geometry = match geometries.len() {
            0 => Value::Null,
            1 => geometries.remove(0),
            _ => json!({ "type": "GeometryCollection", "geometries": geometries }),
        };
        features.push(feature(&mut record, geometry));
        account.leave(&record);
    }
    (!features.is_empty()).then(|| Places { whole: json!({ "type": "FeatureCollection", "features": features }) })
}

/// Every fact becomes a property of its code: a feature's properties are free.
fn feature(record: &mut Record, geometry: Value) -> Value {
    let id = record.take(Key::Id);
    let mut properties = Map::new();
    let keys: BTreeSet<Key> = record.left().iter().map(|fact| fact.key).collect();
    for key in keys {
        let mut values = record.values(key);
        let value = match values.len() {
            0 => continue,
            1 => Value::String(values.remove(0)),
            _ => json!(values),
        };
        properties.insert(key.code().to_owned(), value);
    }
    let mut feature = json!({ "type": "Feature", "geometry": geometry, "properties": properties });
    if let (Some(id), Some(feature)) = (id, feature.as_object_mut()) {
        feature.insert("id".to_owned(), Value::String(id));
    }
    feature
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_refuses_by_its_name() {
        fn check(text: &str, wanted: Option<&str>) {
            let got = read(text.as_bytes());
            assert_eq!(got.as_ref().err().map(|refused| refused.first.code), wanted, "{text}");
        }
        for (text, wanted) in [
            (r#"{"type":"Point","coordinates":[1,2]}"#, None),
            (r#"{"type":"Point","coordinates":[1,2,3]}"#, None),
            (r#"{"type":"Point","coordinates":[1]}"#, Some("bad-geometry")),
            (r#"{"type":"Point","coordinates":["1","2"]}"#, Some("bad-geometry")),
            (r#"{"type":"Point","coordinates":[181,2]}"#, None),
            (r#"{"type":"Point"}"#, Some("missing-property")),
            (r#"{"type":"Dot","coordinates":[1,2]}"#, Some("bad-type")),
            (r#"{"type":"LineString","coordinates":[[1,2]]}"#, Some("bad-geometry")),
            (r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}"#, Some("bad-geometry")),
            (r#"{"type":"Feature","geometry":null,"properties":null}"#, None),
            (r#"{"type":"Feature","geometry":null}"#, Some("missing-property")),
            (r#"{"type":"FeatureCollection","features":{}}"#, Some("wrong-kind")),
            (r#"{"type":"FeatureCollection","features":[],"coordinates":[]}"#, Some("bad-name")),
            (r#"{"type":"Point","coordinates":[1,2],"bbox":[1]}"#, Some("bad-geometry")),
            (r#"{"type":"Point","coordinates":[1,2],"bbox":[179,-2,-179,2]}"#, None),
            (r#"{"type":"Point","coordinates":[1,2],"bbox":[0,2,1,-2]}"#, Some("bad-order")),
            ("[]", Some("wrong-kind")),
        ] {
            check(text, wanted);
        }
    }

    #[test]
    fn a_ring_that_turns_the_wrong_way_is_said() {
        let text = r#"{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[0,0]]]}"#;
        let reading = read(text.as_bytes()).expect("readers take both");
        assert_eq!(reading.findings.iter().map(|f| f.code).collect::<Vec<_>>(), ["not-by-schema"]);
    }
}
