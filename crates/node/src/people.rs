//! The Party's own people: officers, their sessions and the tokens of programs acting for them.
//!
//! Owns how they are kept: local rows, content sealed at rest, secrets as hashes only. Must not know pages, cookies or
//! what an officer may do: commands are judged by the domain. Nothing here ever leaves the building.

use domain::act::{Person, Role};
use domain::ids::{Hash32, OfficeId, OfficerId};
use domain::text::Lang;
use jiff::{SignedDuration, Timestamp};
use ledger::canon;
use ledger::hash::sha256;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::{Batch, CommitError, LocalRow, Reader, Store, Write};

use crate::party::Node;
use crate::{Env, Fault};

/// How long a session lasts: a working day with its evening, so that a screen left open signs itself out by morning.
pub const SESSION_LASTS: SignedDuration = SignedDuration::from_hours(12);
/// How long a program's token lasts: long enough to plan its renewal, short enough that a forgotten one dies.
pub const TOKEN_LASTS: SignedDuration = SignedDuration::from_hours(24 * 365);
/// Longest name of an officer, in bytes: it stands in every act the officer signs.
pub const OFFICER_NAME_BYTES_MAX: usize = 200;
/// Bytes of randomness in a secret: 256 bits.
const SECRET_BYTES: usize = 32;

const OFFICER: &str = "officer";
const SESSION: &str = "session";
const TOKEN: &str = "token";

/// An officer of one of our offices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Officer {
    /// The id within the Party.
    pub id: OfficerId,
    /// The name as the officer writes it; stands in the acts the officer signs.
    pub name: String,
    /// The office.
    pub office: OfficeId,
    /// What the officer may be in it; at least one.
    pub roles: Vec<Role>,
    /// The language the officer is shown.
    pub lang: Lang,
    /// Whether this is no official but somebody of the second track: reads what anybody may read, and nothing else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub second_track: bool,
}

/// Who a secret stands for, and until when.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pass {
    officer: OfficerId,
    expires_at: Timestamp,
    /// What the holder called it; empty for sessions.
    label: String,
}

/// A program's token as listed: never the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenLine {
    /// SHA-256 of the secret: its name, to revoke it by.
    pub id: Hash32,
    /// Whom it acts for.
    pub officer: OfficerId,
    /// What it was called when issued.
    pub label: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Officer {
    /// The officer in one of their roles, as acts name them; `None` when it is not one of theirs.
    #[must_use]
    pub fn person(&self, role: Role) -> Option<Person> {
        self.roles.contains(&role).then(|| Person { id: self.id.clone(), name: self.name.clone(), role })
    }
}

impl Node {
    /// Stores an officer, replacing the one of the same id.
    ///
    /// # Errors
    /// [`Fault::Setup`] when the office is not ours, or the name or roles are missing; [`Fault`] of the store.
    pub fn put_officer(&self, store: &mut dyn Store, env: &mut Env<'_>, officer: &Officer) -> Result<(), Fault> {
        let setup = |why: String| Err(Fault::Setup(why));
        if self
            .instrument_naming(&officer.office)
            .office(&officer.office)
            .is_none_or(|office| office.party != *self.me())
        {
            let me = self.me();
            return setup(format!(
                "office `{}` is none of `{me}` in the instrument; choose one of its own",
                officer.office
            ));
        }
        let name = officer.name.trim();
        if name.is_empty() || name.len() > OFFICER_NAME_BYTES_MAX || name.chars().any(char::is_control) {
            return setup(format!(
                "the name of `{}` must be 1 to {OFFICER_NAME_BYTES_MAX} bytes of plain text",
                officer.id
            ));
        }
        if officer.roles.is_empty() {
            return setup(format!("officer `{}` needs at least one role", officer.id));
        }
        self.put(store, env, OFFICER, officer.id.as_str(), officer)
    }

    /// An officer by id.
    ///
    /// # Errors
    /// [`Fault`] when the store or the record cannot be read.
    pub fn officer(&self, reader: &dyn Reader, id: &OfficerId) -> Result<Option<Officer>, Fault> {
        self.get(reader, OFFICER, id.as_str())
    }

    /// All officers, by id.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn officers(&self, reader: &dyn Reader) -> Result<Vec<Officer>, Fault> {
        reader.local_list(OFFICER)?.iter().map(|row| self.open_row(row)).collect()
    }

    /// Removes an officer with every session and token; answers whether there was one. What the officer signed stays
    /// signed.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn remove_officer(&self, store: &mut dyn Store, id: &OfficerId) -> Result<bool, Fault> {
        let reader = store.reader()?;
        if reader.local(OFFICER, id.as_str())?.is_none() {
            return Ok(false);
        }
        let mut writes = vec![gone(OFFICER, id.as_str())];
        for kind in [SESSION, TOKEN] {
            for row in reader.local_list(kind)? {
                if self.open_row::<Pass>(&row)?.officer == *id {
                    writes.push(gone(kind, &row.key));
                }
            }
        }
        drop(reader);
        commit_all(store, writes)?;
        Ok(true)
    }

    /// Opens a session for an officer that `lasts` so long and returns its secret (64 hexadecimal digits), which is kept as a hash only.
    /// Sessions that ended are swept out.
    ///
    /// # Errors
    /// [`Fault::Setup`] for an unknown officer; [`Fault`] of the store.
    pub fn open_session(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        id: &OfficerId,
        lasts: SignedDuration,
    ) -> Result<String, Fault> {
        let reader = store.reader()?;
        let now = env.now;
        for row in reader.local_list(SESSION)? {
            let pass: Pass = self.open_row(&row)?;
            if pass.expires_at <= now {
                remove(store, SESSION, &row.key)?;
            }
        }
        self.issue(store, env, SESSION, id, "", lasts)
    }

    /// The officer a session's secret stands for; `None` when it is unknown or has ended.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn session(&self, reader: &dyn Reader, secret: &str, now: Timestamp) -> Result<Option<Officer>, Fault> {
        self.holder(reader, SESSION, secret, now)
    }

    /// Ends a session; an unknown one is no error.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn close_session(&self, store: &mut dyn Store, secret: &str) -> Result<(), Fault> {
        remove(store, SESSION, &fingerprint(secret))
    }

    /// Issues a token for a program that acts for an officer and returns the secret, which is kept as a hash only.
    ///
    /// # Errors
    /// [`Fault::Setup`] for an unknown officer; [`Fault`] of the store.
    pub fn issue_token(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        id: &OfficerId,
        label: &str,
    ) -> Result<String, Fault> {
        self.issue(store, env, TOKEN, id, label, TOKEN_LASTS)
    }

    /// The officer a token stands for; `None` when it is unknown, revoked or has ended.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn bearer(&self, reader: &dyn Reader, secret: &str, now: Timestamp) -> Result<Option<Officer>, Fault> {
        self.holder(reader, TOKEN, secret, now)
    }

    /// All tokens, without their secrets.
    ///
    /// # Errors
    /// [`Fault`] when the store or a record cannot be read.
    pub fn tokens(&self, reader: &dyn Reader) -> Result<Vec<TokenLine>, Fault> {
        let line = |row: &LocalRow| {
            let pass: Pass = self.open_row(row)?;
            let id = Hash32::from_hex(&row.key).map_err(|why| Fault::record("token", why))?;
            Ok(TokenLine { id, officer: pass.officer, label: pass.label, expires_at: pass.expires_at })
        };
        reader.local_list(TOKEN)?.iter().map(line).collect()
    }

    /// Revokes a token by its id; an unknown one is no error.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn revoke_token(&self, store: &mut dyn Store, id: &Hash32) -> Result<(), Fault> {
        remove(store, TOKEN, &id.to_string())
    }

    fn issue(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        kind: &'static str,
        id: &OfficerId,
        label: &str,
        lasts: SignedDuration,
    ) -> Result<String, Fault> {
        if self.officer(&*store.reader()?, id)?.is_none() {
            return Err(Fault::Setup(format!("no officer `{id}` is here; add one with `entente user add`")));
        }
        let mut secret = [0; SECRET_BYTES];
        env.rng.fill_bytes(&mut secret);
        let secret = Hash32(secret).to_string();
        let expires_at = env.now.saturating_add(lasts).unwrap_or(Timestamp::MAX);
        let pass = Pass { officer: id.clone(), expires_at, label: label.to_owned() };
        self.put(store, env, kind, &fingerprint(&secret), &pass)?;
        Ok(secret)
    }

    fn holder(
        &self,
        reader: &dyn Reader,
        kind: &'static str,
        secret: &str,
        now: Timestamp,
    ) -> Result<Option<Officer>, Fault> {
        // Looked up by hash: how long it takes says nothing about how much of a guess was right.
        let Some(pass) = self.get::<Pass>(reader, kind, &fingerprint(secret))? else { return Ok(None) };
        if pass.expires_at <= now {
            return Ok(None);
        }
        self.officer(reader, &pass.officer)
    }

    fn put<T: Serialize>(
        &self,
        store: &mut dyn Store,
        env: &mut Env<'_>,
        kind: &'static str,
        key: &str,
        content: &T,
    ) -> Result<(), Fault> {
        let bytes = canon::to_vec(content).map_err(|why| Fault::record(kind, why))?;
        let bytes = self.wrap(env.rng, &label(kind, key), &bytes)?;
        let version = store.reader()?.local(kind, key)?.map_or(0, |row| row.version) + 1;
        let row = LocalRow { kind: kind.to_owned(), key: key.to_owned(), version, bytes };
        commit(store, Write::PutLocal(row))
    }

    fn get<T: DeserializeOwned>(&self, reader: &dyn Reader, kind: &str, key: &str) -> Result<Option<T>, Fault> {
        reader.local(kind, key)?.map(|row| self.open_row(&row)).transpose()
    }

    fn open_row<T: DeserializeOwned>(&self, row: &LocalRow) -> Result<T, Fault> {
        let label = label(&row.kind, &row.key);
        let bytes = self.unwrap(&label, &row.bytes)?;
        canon::from_slice(&bytes).map_err(|why| Fault::record(label, why.code()))
    }
}

fn remove(store: &mut dyn Store, kind: &str, key: &str) -> Result<(), Fault> {
    commit(store, gone(kind, key))
}

fn gone(kind: &str, key: &str) -> Write {
    Write::RemoveLocal { kind: kind.to_owned(), key: key.to_owned() }
}

fn commit(store: &mut dyn Store, write: Write) -> Result<(), Fault> {
    commit_all(store, vec![write])
}

fn commit_all(store: &mut dyn Store, writes: Vec<Write>) -> Result<(), Fault> {
    let batch = Batch { expect: Vec::new(), writes };
    store.commit(&batch).map_err(|error| match error {
        CommitError::Conflict(_) => Fault::Contended,
        CommitError::Fault(fault) => Fault::Store(fault),
    })
}

fn label(kind: &str, key: &str) -> String {
    format!("{kind}/{key}")
}

/// What a secret is kept under.
fn fingerprint(secret: &str) -> String {
    Hash32(sha256(&[b"entente/secret/1", secret.as_bytes()])).to_string()
}
