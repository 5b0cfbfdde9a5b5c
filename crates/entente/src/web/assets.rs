//! The files the pages load: one style sheet, one own script, htmx, one mark.
//!
//! Owns their names, which carry a hash of their content so that browsers may keep them for ever. Must not read disks:
//! everything is in the program.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::Stop;

/// One file.
struct Asset {
    stem: &'static str,
    ending: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
}

const ASSETS: &[Asset] = &[
    Asset {
        stem: "entente",
        ending: "css",
        media_type: "text/css; charset=utf-8",
        bytes: include_bytes!("../../assets/entente.css"),
    },
    Asset {
        stem: "entente",
        ending: "js",
        media_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/entente.js"),
    },
    Asset {
        stem: "htmx",
        ending: "js",
        media_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/htmx-2.0.11.min.js"),
    },
    Asset { stem: "mark", ending: "svg", media_type: "image/svg+xml", bytes: include_bytes!("../../assets/mark.svg") },
];

static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let name = |asset: &Asset| {
        let hash: String = Sha256::digest(asset.bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        format!("{}.{hash}.{}", asset.stem, asset.ending)
    };
    ASSETS.iter().map(name).collect()
});

/// The address of an asset by its plain name, for example `entente.css`.
#[must_use]
pub fn address(plain: &str) -> String {
    let named = ASSETS.iter().zip(NAMES.iter());
    let found =
        named.into_iter().find(|(asset, _)| plain.strip_suffix(asset.ending) == Some(&format!("{}.", asset.stem)));
    found.map_or_else(|| format!("/assets/{plain}"), |(_, name)| format!("/assets/{name}"))
}

/// Answers with an asset.
pub async fn serve(Path(name): Path<String>) -> Response {
    let found = ASSETS.iter().zip(NAMES.iter()).find(|(_, known)| **known == name);
    let Some((asset, _)) = found else { return Stop::NotFound.into_response() };
    let headers =
        [(header::CONTENT_TYPE, asset.media_type), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, asset.bytes).into_response()
}
