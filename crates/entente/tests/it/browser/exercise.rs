//! The demo as it is started by anybody: the program itself, two nodes, free ports.
//!
//! Owns starting and ending it, and signing in on either side. Must not know what is done there.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::driver::{Tab, folder, listen};

/// One Party's node as the browser sees it.
#[derive(Debug, Clone)]
pub(crate) struct House {
    /// The address of its pages, without a slash at the end.
    pub(crate) url: String,
}

/// A running demo.
pub(crate) struct Exercise {
    child: Child,
    dir: PathBuf,
    /// Its nodes, in the order of the instrument.
    pub(crate) houses: [House; 2],
}

impl Exercise {
    /// Starts the demo in a fresh folder.
    pub(crate) fn start() -> Self {
        let dir = folder("demo");
        let spawned = Command::new(env!("CARGO_BIN_EXE_entente"))
            .args(["demo", "--gb-port", "0", "--cn-port", "0", "--dir"])
            .arg(&dir)
            .stdout(Stdio::piped())
            .spawn();
        let mut child = spawned.expect("the program starts");
        let mut urls = Vec::new();
        let houses = listen(&mut child, "the demo", |line| {
            let url = line.split_whitespace().find(|word| word.starts_with("http://"))?;
            urls.push(House { url: url.trim_end_matches('/').to_owned() });
            <[House; 2]>::try_from(urls.clone()).ok()
        });
        Self { child, dir, houses }
    }
}

impl Drop for Exercise {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
        _ = fs::remove_dir_all(&self.dir);
    }
}

impl House {
    /// The address of a page.
    pub(crate) fn page(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Opens a page as whoever is signed in.
    pub(crate) async fn open(&self, tab: &Tab, path: &str) {
        tab.open(&self.page(path)).await;
    }

    /// Signs in as a persona, with the one click of the demo, and lands on the desk.
    pub(crate) async fn enter(&self, tab: &Tab, officer: &str) {
        self.open(tab, "/sign-in").await;
        tab.follow(&format!("button[name=officer][value='{officer}']")).await;
        assert_eq!(tab.path().await, "/desk", "{officer} begins at the desk");
    }
}
