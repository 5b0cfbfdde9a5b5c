//! Areas of CAP (§3.2.4): rings and circles in WGS 84, latitude first.
//!
//! Owns their form, and the turn of a ring to GeoJSON's order and back. Must not know what happens there.

use crate::finding::{Code, Gathered, shown};
use crate::xml::Element;

/// Most corners of one ring: a coast in full detail.
const CORNERS_MAX: usize = 100_000;
/// Largest radius in kilometres: half the globe's circumference.
const RADIUS_KM_MAX: f64 = 20_038.0;

/// Judges the geometry of an area.
pub(super) fn judge(area: &Element, at: &str, found: &mut Gathered) {
    for (place, polygon) in area.all("polygon").enumerate() {
        let text = polygon.text();
        if text.is_empty() {
            found.warning(Code::EmptyList, format!("{at}/polygon[{}]", place + 1), "has no corner");
        } else if let Err(why) = ring(&text) {
            found.error(Code::BadGeometry, format!("{at}/polygon[{}]", place + 1), why);
        }
    }
    for (place, text) in area.all("circle").map(Element::text).enumerate() {
        if !text.is_empty() && circle(&text).is_none() {
            let words = format!("`{}` is no `latitude,longitude radius` on the globe", shown(&text));
            found.error(Code::BadGeometry, format!("{at}/circle[{}]", place + 1), words);
        }
    }
    if let (Some(altitude), Some(ceiling)) = (area.said("altitude"), area.said("ceiling"))
        && let (Ok(low), Ok(high)) = (altitude.parse::<f64>(), ceiling.parse::<f64>())
        && low > high
    {
        found.error(Code::BadOrder, format!("{at}/ceiling"), "lies below the altitude");
    }
    if area.child("ceiling").is_some() && area.child("altitude").is_none() {
        found.error(Code::MissingProperty, format!("{at}/altitude"), "a ceiling stands beside an altitude only");
    }
}

/// The corners of a ring, latitude first.
///
/// # Errors
/// Why it is none.
pub(crate) fn ring(text: &str) -> Result<Vec<(f64, f64)>, String> {
    let mut corners = Vec::new();
    for pair in text.split_whitespace() {
        let corner = point(pair).ok_or_else(|| format!("`{}` is no `latitude,longitude` on the globe", shown(pair)))?;
        corners.push(corner);
        if corners.len() > CORNERS_MAX {
            return Err(format!("more than {CORNERS_MAX} corners"));
        }
    }
    if corners.len() < 4 {
        return Err("a ring has four corners at least, the first and the last being the same".to_owned());
    }
    if corners.first() != corners.last() {
        return Err("the last corner is not the first: the ring is open".to_owned());
    }
    Ok(corners)
}

/// A position `latitude,longitude`.
pub(crate) fn point(text: &str) -> Option<(f64, f64)> {
    let (latitude, longitude) = text.split_once(',')?;
    let (latitude, longitude) = (number(latitude)?, number(longitude)?);
    (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some((latitude, longitude))
}

/// A circle: its centre and its radius in kilometres.
pub(crate) fn circle(text: &str) -> Option<((f64, f64), f64)> {
    let mut parts = text.split_whitespace();
    let (centre, radius) = (point(parts.next()?)?, number(parts.next()?)?);
    (parts.next().is_none() && (0.0..=RADIUS_KM_MAX).contains(&radius)).then_some((centre, radius))
}

/// A plain decimal: no exponent, no infinity, no name.
fn number(text: &str) -> Option<f64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte));
    plain.then(|| text.parse().ok()).flatten().filter(|number: &f64| number.is_finite())
}

/// Corners as CAP writes them.
pub(crate) fn to_text(corners: &[(f64, f64)]) -> String {
    corners.iter().map(|(latitude, longitude)| format!("{latitude},{longitude}")).collect::<Vec<_>>().join(" ")
}
