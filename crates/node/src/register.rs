//! The register of protected persons: sealed at rest, kept by named officers, every look noted.
//!
//! Owns its rows and the record of who touched it. It is consulted for hints to our own officers alone; no answer to a
//! peer, and nothing done on receipt of anything, may read it.

use domain::act::Person;
use domain::local::{Held, KEEPERS, ProtectedPerson};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Batch, Reader, Store, Write};

use crate::Env;
use crate::fault::{Failure, Fault};
use crate::gates::commit_failure;
use crate::party::Node;

const ENTRY: &str = "protected";
const LOOK: &str = "protected-look";

/// Bytes of randomness in an entry's name.
const NAME_BYTES: usize = 8;

/// What somebody did with the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Touch {
    /// Read it.
    Read,
    /// Entered a person.
    Entered,
    /// Struck a person off.
    Struck,
}

impl Touch {
    /// Its stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Entered => "entered",
            Self::Struck => "struck",
        }
    }
}

/// One line of the record of who touched the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// Who.
    pub by: Person,
    /// When.
    pub at: Timestamp,
    /// What they did.
    pub what: Touch,
    /// The entry it concerned; none for a reading of the whole.
    pub entry: Option<String>,
}

impl Node {
    /// Enters a person.
    ///
    /// # Errors
    /// [`Held::NotYours`] when the role may not keep the register, [`Held::BadEntry`]; [`Failure::Fault`].
    pub fn protect(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        entry: &ProtectedPerson,
    ) -> Result<String, Failure> {
        keeper(&entry.by)?;
        entry.sound()?;
        let mut name = [0; NAME_BYTES];
        env.rng.fill_bytes(&mut name);
        let key: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
        let row = self.local_row(env, ENTRY.to_owned(), key.clone(), entry)?;
        let look = self.look(&*store.reader()?, env, &entry.by, Touch::Entered, Some(key.clone()))?;
        let batch = Batch { expect: Vec::new(), writes: vec![Write::PutLocal(row), look] };
        store.commit(&batch).map_err(commit_failure)?;
        Ok(key)
    }

    /// Strikes a person off.
    ///
    /// # Errors
    /// [`Held::NotYours`]; [`Failure::Fault`].
    pub fn unprotect(&self, store: &mut dyn Store, env: &mut Env<'_>, key: &str, by: &Person) -> Result<(), Failure> {
        keeper(by)?;
        let look = self.look(&*store.reader()?, env, by, Touch::Struck, Some(key.to_owned()))?;
        let remove = Write::RemoveLocal { kind: ENTRY.to_owned(), key: key.to_owned() };
        store.commit(&Batch { expect: Vec::new(), writes: vec![remove, look] }).map_err(commit_failure)
    }

    /// Shows the register to a named officer, and notes that it was shown.
    ///
    /// # Errors
    /// [`Held::NotYours`]; [`Failure::Fault`].
    pub fn read_register(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        by: &Person,
    ) -> Result<Vec<(String, ProtectedPerson)>, Failure> {
        keeper(by)?;
        let look = self.look(&*store.reader()?, env, by, Touch::Read, None)?;
        store.commit(&Batch { expect: Vec::new(), writes: vec![look] }).map_err(commit_failure)?;
        Ok(self.register(&*store.reader()?)?)
    }

    /// Who touched the register, newest first.
    ///
    /// # Errors
    /// [`Fault`] when a line cannot be read.
    pub fn looks(&self, reader: &dyn Reader) -> Result<Vec<Look>, Fault> {
        let mut rows = reader.local_list(LOOK)?;
        rows.sort_by(|a, b| b.key.cmp(&a.key));
        rows.iter().map(|row| self.open_local(row)).collect()
    }

    /// The entries, unseen by any officer: for comparing.
    pub(crate) fn register(&self, reader: &dyn Reader) -> Result<Vec<(String, ProtectedPerson)>, Fault> {
        let rows = reader.local_list(ENTRY)?;
        rows.iter().map(|row| Ok((row.key.clone(), self.open_local(row)?))).collect()
    }

    fn look(
        &self,
        reader: &dyn Reader,
        env: &mut Env<'_>,
        by: &Person,
        what: Touch,
        entry: Option<String>,
    ) -> Result<Write, Fault> {
        let number = reader.local_list(LOOK)?.len();
        let key = format!("{:020}-{number:08}", env.now.as_microsecond());
        let look = Look { by: by.clone(), at: env.now, what, entry };
        Ok(Write::PutLocal(self.local_row(env, LOOK.to_owned(), key, &look)?))
    }
}

fn keeper(by: &Person) -> Result<(), Held> {
    if KEEPERS.contains(&by.role) { Ok(()) } else { Err(Held::NotYours { role: by.role }) }
}
