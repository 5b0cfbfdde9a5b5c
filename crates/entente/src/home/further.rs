//! The further instruments of a node: its Party has signed them with other Parties, each with cards of its own.
//!
//! Owns their folders, `further/ID/{instrument/, peers/*.json, card.json}`. Must not know what an instrument says.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::instrument::{Instrument, SourceFile};
use node::{Card, Node};

use super::{Home, HomeFault, SHOWN, files, read_cards, replace, sound};

/// The folder that holds one folder for each further instrument.
const FURTHER: &str = "further";

/// Most instruments beside the first: more agreements of this kind no state has.
const FURTHER_MAX: usize = 64;

/// One instrument in a node's folder: its files, the cards of its other Parties, and ours under it.
#[derive(Debug, Clone)]
pub struct Place {
    dir: PathBuf,
    /// What it says, as signed with the cards.
    pub instrument: Arc<Instrument>,
}

impl Place {
    /// Where our card under this instrument lies.
    #[must_use]
    pub fn card_path(&self) -> PathBuf {
        self.dir.join("card.json")
    }

    /// The cards of the other Parties under this instrument, by Party.
    ///
    /// # Errors
    /// [`HomeFault`] naming the first card that cannot be used.
    pub fn peers(&self) -> Result<Vec<Card>, HomeFault> {
        read_cards(&self.dir.join("peers"))
    }

    pub(super) fn put_peer(&self, card: &Card, text: &str) -> Result<(), HomeFault> {
        replace(&self.dir.join("peers").join(format!("{}.json", card.party)), text.as_bytes(), SHOWN)
    }
}

impl Home {
    /// Every instrument of this node with its place, the first one first.
    ///
    /// # Errors
    /// [`HomeFault`] when one of them cannot be read or has errors.
    pub fn places(&self) -> Result<Vec<Place>, HomeFault> {
        let mut places = vec![Place { dir: self.dir().to_owned(), instrument: self.instrument()? }];
        for dir in self.further()? {
            let at = dir.join("instrument");
            places.push(Place { instrument: Arc::new(sound(&files::read(&at)?, &at)?), dir });
        }
        Ok(places)
    }

    /// Signs a further instrument: from the next start the node works under it too. Answers our card for its other Parties.
    ///
    /// # Errors
    /// [`HomeFault`] when it has errors, does not name our Party, or is here already. Nothing is changed then.
    pub fn sign(&self, sources: &[SourceFile]) -> Result<Place, HomeFault> {
        let instrument = Arc::new(sound(sources, self.dir())?);
        let dir = self.dir().join(FURTHER).join(instrument.id().replace(['/', '\\', '.'], "-"));
        if dir.join("card.json").is_file() {
            return Err(HomeFault::new("this instrument is signed already", &dir, "a change of it is an amendment"));
        }
        // The node itself knows whether it can work under it; asked before anything is written.
        let unfit = |why: node::Fault| HomeFault::new(why.to_string(), self.dir(), "nothing was changed");
        let node = self.founded()?.with_further(Arc::clone(&instrument), Vec::new()).map_err(unfit)?;
        fs::create_dir_all(dir.join("peers")).map_err(|why| HomeFault::io("cannot make", &dir, &why))?;
        files::write(&dir.join("instrument"), sources)?;
        let place = Place { dir, instrument };
        // Last: a folder without a card is none yet, and the next try makes it whole.
        self.write_card_of(&node, &place)?;
        Ok(place)
    }

    /// Our card under every instrument, written anew.
    pub(super) fn write_cards(&self) -> Result<(), HomeFault> {
        let node = self.founded()?;
        self.places()?.iter().try_for_each(|place| self.write_card_of(&node, place))
    }

    /// The node with every instrument and every card.
    pub(super) fn founded(&self) -> Result<Node, HomeFault> {
        let mut places = self.places()?.into_iter();
        let first = places.next().map(|place| place.peers()).transpose()?.unwrap_or_default();
        let unfit = |why: node::Fault| HomeFault::new(why.to_string(), self.dir(), "run `entente doctor`");
        places.try_fold(self.node_with(first)?, |node, place| {
            node.with_further(Arc::clone(&place.instrument), place.peers()?).map_err(unfit)
        })
    }

    fn write_card_of(&self, node: &Node, place: &Place) -> Result<(), HomeFault> {
        let at = place.card_path();
        let again = |why: String| HomeFault::new(why, &at, "try again");
        let pin = self.identity()?.spki_sha256().map_err(|why| again(why.to_string()))?;
        let lineage = node.instruments().lineage(&place.instrument.hash());
        let lineage = lineage.unwrap_or_else(|| node.instruments().first());
        let text = node.card_file(lineage, &self.config().endpoint, pin).map_err(|why| again(why.to_string()))?;
        replace(&at, text.as_bytes(), SHOWN)
    }

    fn further(&self) -> Result<Vec<PathBuf>, HomeFault> {
        let dir: &Path = &self.dir().join(FURTHER);
        if !dir.is_dir() {
            return Ok(Vec::new());
        }
        let listing = fs::read_dir(dir).map_err(|why| HomeFault::io("cannot list", dir, &why))?;
        let mut found = Vec::new();
        for entry in listing {
            let at = entry.map_err(|why| HomeFault::io("cannot list", dir, &why))?.path();
            if at.join("card.json").is_file() {
                found.push(at);
            }
        }
        if found.len() > FURTHER_MAX {
            return Err(HomeFault::new(format!("more than {FURTHER_MAX} instruments"), dir, "remove what is none"));
        }
        found.sort();
        Ok(found)
    }
}
