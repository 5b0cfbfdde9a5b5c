//! The tree of products of an advisory: which are defined, and whether each once (6.1.1 to 6.1.5, 6.1.25, 6.1.31).
//!
//! Owns the tree. Must not know what is said of a product.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{list, text};
use crate::finding::{Code, Gathered, shown};

/// Deepest nesting of branches (§3.1.2.1 allows any; the largest published has seven).
const BRANCHES_DEPTH_MAX: usize = 30;
/// Most products made of products made of products; the published examples have two.
const COMBINED_DEPTH_MAX: usize = 64;
/// Words that make a version a span of versions (6.1.31).
const SPANS: &[&str] = &["<", "<=", ">", ">=", "after", "all", "before", "earlier", "later", "prior", "versions"];

/// What an advisory defines.
pub(super) struct Known {
    /// Product ids, with what makes one of others.
    pub(super) products: BTreeMap<String, Vec<String>>,
    /// Group ids, with their products.
    pub(super) groups: BTreeMap<String, Vec<String>>,
}

/// Judges the tree; answers what it defines.
pub(super) fn judge(tree: &Value, found: &mut Gathered) -> Known {
    let mut known = Known { products: BTreeMap::new(), groups: BTreeMap::new() };
    branches(tree, "/product_tree", 0, &mut known, found);
    for (place, product) in list(tree, "full_product_names").enumerate() {
        define(product, Vec::new(), &format!("/product_tree/full_product_names/{place}"), &mut known, found);
    }
    for (place, relationship) in list(tree, "relationships").enumerate() {
        let at = format!("/product_tree/relationships/{place}");
        let parts = ["product_reference", "relates_to_product_reference"];
        let of = parts.iter().filter_map(|key| text(relationship, &[key])).map(str::to_owned).collect();
        define(&relationship["full_product_name"], of, &format!("{at}/full_product_name"), &mut known, found);
    }
    for (place, relationship) in list(tree, "relationships").enumerate() {
        for key in ["product_reference", "relates_to_product_reference"] {
            let at = format!("/product_tree/relationships/{place}/{key}");
            known.product(&relationship[key], &at, found);
        }
    }
    known.circles(found);
    for (place, group) in list(tree, "product_groups").enumerate() {
        let at = format!("/product_tree/product_groups/{place}");
        let mut members = Vec::new();
        for (place, id) in list(group, "product_ids").enumerate() {
            known.product(id, &format!("{at}/product_ids/{place}"), found);
            members.extend(id.as_str().map(str::to_owned));
        }
        let id = text(group, &["group_id"]).unwrap_or_default().to_owned();
        if id.is_empty() {
            found.error(Code::MissingProperty, format!("{at}/group_id"), "a group has an id");
        } else if known.groups.insert(id.clone(), members).is_some() {
            found.error(Code::SameId, format!("{at}/group_id"), format!("`{}` is defined twice (6.1.5)", shown(&id)));
        }
    }
    known
}

impl Known {
    /// A product that is named must be defined (6.1.1).
    pub(super) fn product(&self, id: &Value, at: &str, found: &mut Gathered) {
        if !id.as_str().is_some_and(|id| self.products.contains_key(id)) {
            let words = format!("the product {} is defined nowhere (6.1.1)", shown(&id.to_string()));
            found.error(Code::BadId, at, words);
        }
    }

    /// The same of a group (6.1.4).
    pub(super) fn group(&self, id: &Value, at: &str, found: &mut Gathered) {
        if !id.as_str().is_some_and(|id| self.groups.contains_key(id)) {
            found.error(Code::BadId, at, format!("the group {} is defined nowhere (6.1.4)", shown(&id.to_string())));
        }
    }

    /// Nothing is made of itself (6.1.3).
    fn circles(&self, found: &mut Gathered) {
        // Each product is settled once all it is made of is: what never settles stands in a circle.
        let mut settled: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&String> = self.products.keys().collect();
        for _round in 0..COMBINED_DEPTH_MAX {
            let before = open.len();
            open.retain(|id| {
                let parts = self.products.get(*id).map(Vec::as_slice).unwrap_or_default();
                let ready =
                    parts.iter().all(|part| settled.contains(part.as_str()) || !self.products.contains_key(part));
                if ready {
                    settled.insert(id.as_str());
                }
                !ready
            });
            if open.is_empty() || open.len() == before {
                break;
            }
        }
        if let Some(id) = open.first() {
            let words = format!("`{}` is made of itself (6.1.3)", shown(id));
            found.error(Code::Conflict, "/product_tree/relationships", words);
        }
    }
}

fn branches(of: &Value, at: &str, depth: usize, known: &mut Known, found: &mut Gathered) {
    if depth > BRANCHES_DEPTH_MAX {
        found.error(Code::TooDeep, at, format!("branches deeper than {BRANCHES_DEPTH_MAX}"));
        return;
    }
    for (place, branch) in list(of, "branches").enumerate() {
        let here = format!("{at}/branches/{place}");
        let (category, name) = (text(branch, &["category"]).unwrap_or_default(), text(branch, &["name"]));
        if category.is_empty() || name.is_none() {
            found.error(Code::MissingProperty, here.as_str(), "a branch has a category and a name");
        }
        let name = name.unwrap_or_default().to_lowercase();
        let spans = name.split_whitespace().any(|word| SPANS.contains(&word) || word.starts_with(['<', '>']));
        if category == "product_version" && spans {
            found.error(Code::BadValue, format!("{here}/name"), "is a span, not one version (6.1.31)");
        }
        match branch.get("product") {
            Some(product) => define(product, Vec::new(), &format!("{here}/product"), known, found),
            None if branch.get("branches").is_none() => {
                found.error(Code::MissingProperty, here.as_str(), "a branch has branches or a product");
            }
            None => {}
        }
        branches(branch, &here, depth + 1, known, found);
    }
}

fn define(product: &Value, of: Vec<String>, at: &str, known: &mut Known, found: &mut Gathered) {
    let (id, name) = (text(product, &["product_id"]), text(product, &["name"]));
    let (Some(id), Some(_)) = (id, name) else {
        found.error(Code::MissingProperty, at, "a product has an id and a name");
        return;
    };
    if known.products.insert(id.to_owned(), of).is_some() {
        found.error(Code::SameId, format!("{at}/product_id"), format!("`{}` is defined twice (6.1.2)", shown(id)));
    }
    let helper = &product["product_identification_helper"];
    for (place, hashes) in list(helper, "hashes").enumerate() {
        let mut seen = BTreeSet::new();
        for hash in list(hashes, "file_hashes") {
            if !seen.insert(text(hash, &["algorithm"]).unwrap_or_default()) {
                let here = format!("{at}/product_identification_helper/hashes/{place}");
                found.error(Code::Repeated, here, "one algorithm twice for one file (6.1.25)");
            }
        }
    }
    if let Some(purl) = text(helper, &["purl"])
        && !is_purl(purl)
    {
        let here = format!("{at}/product_identification_helper/purl");
        found.error(Code::BadValue, here, "is no address of a package (6.1.13)");
    }
}

/// `pkg:type/name`, a namespace, version, qualifiers and subpath allowed.
fn is_purl(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("pkg:") else { return false };
    let rest = rest.split(['#', '?', '@']).next().unwrap_or_default();
    let parts: Vec<&str> = rest.trim_matches('/').split('/').collect();
    let kind = parts.first().copied().unwrap_or_default();
    // Some kinds of package have no name without its owner.
    let least = if matches!(kind, "github" | "bitbucket" | "maven" | "swift" | "composer") { 3 } else { 2 };
    parts.len() >= least
        && kind.starts_with(|c: char| c.is_ascii_alphabetic())
        && kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-".contains(&byte))
        && parts.iter().all(|part| !part.is_empty())
}
