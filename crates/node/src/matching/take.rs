//! A step of a matching as a page, a program or a command line asks for it.
//!
//! Owns the menu of what can be asked for. Must not know how any of it is done.

use domain::act::{AuditFinding, Audited};
use domain::text::Prose;
use serde::Deserialize;
use store::{Chunks, Store};

use super::{Known, Stepping};
use crate::Env;
use crate::command::Done;
use crate::fault::Failure;
use crate::party::Node;

/// A step an officer takes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Taken {
    /// [`Node::match_epoch`].
    Epoch {},
    /// [`Node::match_list`].
    List {
        /// The records.
        records: Vec<Known>,
    },
    /// [`Node::match_evaluate`].
    Evaluate {},
    /// [`Node::match_ask`].
    Ask {
        /// What is known.
        person: Known,
    },
    /// [`Node::match_receive`], unless the batch was received, and [`Node::match_look`].
    Receive {},
    /// [`Node::match_draw`].
    Draw {
        /// Of what.
        of: Audited,
        /// Of which batch, from 1; 0 for the list.
        batch: u32,
    },
    /// [`Node::match_share`].
    Share {
        /// Which audit, from 1.
        audit: u32,
    },
    /// [`Node::match_reveal`].
    Reveal {
        /// Which audit, from 1.
        audit: u32,
    },
    /// [`Node::match_open`].
    Open {
        /// Which audit, from 1.
        audit: u32,
    },
    /// [`Node::match_find`].
    Find {
        /// Which audit, from 1.
        audit: u32,
        /// What was found.
        finding: AuditFinding,
        /// What follows from it.
        words: Prose,
    },
    /// [`Node::match_destroy`].
    Destroy {},
}

impl Node {
    /// Takes a step; answers the act, where one was entered: to look again is none.
    ///
    /// # Errors
    /// As the step's own function.
    pub fn match_take(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        chunks: &dyn Chunks,
        who: &Stepping,
        taken: Taken,
    ) -> Result<Option<Done>, Failure> {
        let done = match taken {
            Taken::Epoch {} => self.match_epoch(store, env, who)?,
            Taken::List { records } => self.match_list(store, env, chunks, who, records)?,
            Taken::Evaluate {} => self.match_evaluate(store, env, chunks, who)?,
            Taken::Ask { person } => self.match_ask(store, env, chunks, who, &person)?,
            Taken::Receive {} => {
                let waits = self.match_waits(&*store.reader()?, &who.case)?;
                let done = if waits { Some(self.match_receive(store, env, chunks, who)?) } else { None };
                self.match_look(store, env, chunks, &who.case)?;
                return Ok(done);
            }
            Taken::Draw { of, batch } => self.match_draw(store, env, who, of, batch)?,
            Taken::Share { audit } => self.match_share(store, env, who, audit)?,
            Taken::Reveal { audit } => self.match_reveal(store, env, who, audit)?,
            Taken::Open { audit } => self.match_open(store, env, chunks, who, audit)?,
            Taken::Find { audit, finding, words } => self.match_find(store, env, who, audit, (finding, words))?,
            Taken::Destroy {} => self.match_destroy(store, env, who)?,
        };
        Ok(Some(done))
    }
}
