-- The tables of the house. Columns are TEXT, BIGINT and bytes; times are microseconds since 1970; a truth is 0 or 1.
-- Only the name of the bytes type (BLOB) differs between the databases.
CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE case_row (
  case_id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, type_code TEXT NOT NULL, series TEXT NOT NULL,
  peer TEXT NOT NULL, direction BIGINT NOT NULL, stage TEXT NOT NULL, turn TEXT NOT NULL, level BIGINT NOT NULL,
  urgency TEXT NOT NULL, mark TEXT NOT NULL, our_office TEXT NOT NULL, their_office TEXT NOT NULL, due_at BIGINT,
  opened_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, undelivered BIGINT NOT NULL, exercise BIGINT NOT NULL,
  summary BLOB NOT NULL);
CREATE INDEX case_row_due ON case_row (due_at);
CREATE INDEX case_row_due_order ON case_row (COALESCE(due_at, 9223372036854775807), case_id);
CREATE INDEX case_row_updated ON case_row ((-updated_at), case_id);
CREATE INDEX case_row_turn ON case_row (turn);

CREATE TABLE act (
  case_id TEXT NOT NULL, party TEXT NOT NULL, seq BIGINT NOT NULL, core_hash BLOB NOT NULL UNIQUE,
  kind TEXT NOT NULL, at BIGINT NOT NULL, received_at BIGINT, logged_index BIGINT NOT NULL, body_hash BLOB NOT NULL,
  PRIMARY KEY (case_id, party, seq));

CREATE TABLE body (hash BLOB NOT NULL PRIMARY KEY, bytes BLOB, purge_at BIGINT);
CREATE INDEX body_purge ON body (purge_at);

CREATE TABLE envelope (core_hash BLOB NOT NULL PRIMARY KEY, bytes BLOB NOT NULL);

CREATE TABLE receipt (
  core_hash BLOB NOT NULL, given BIGINT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (core_hash, given));

CREATE TABLE leaf (
  log TEXT NOT NULL, idx BIGINT NOT NULL, bytes BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (log, idx));

CREATE TABLE tree_hash (
  log TEXT NOT NULL, level BIGINT NOT NULL, idx BIGINT NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (log, level, idx));

CREATE TABLE checkpoint (
  log TEXT NOT NULL, size BIGINT NOT NULL, note BLOB NOT NULL, cosigned BLOB, PRIMARY KEY (log, size));

CREATE TABLE parcel (
  core_hash BLOB NOT NULL PRIMARY KEY, peer TEXT NOT NULL, lane BIGINT NOT NULL, case_id TEXT NOT NULL,
  party_seq BIGINT NOT NULL, created_at BIGINT NOT NULL, due_at BIGINT NOT NULL, tries BIGINT NOT NULL,
  expires_at BIGINT NOT NULL, state TEXT NOT NULL);
CREATE INDEX parcel_due ON parcel (state, peer, due_at);
CREATE INDEX parcel_order ON parcel (peer, case_id, party_seq);

CREATE TABLE parked (
  peer TEXT NOT NULL, case_id TEXT NOT NULL, seq BIGINT NOT NULL, bytes BLOB NOT NULL, arrived_at BIGINT NOT NULL,
  PRIMARY KEY (peer, case_id, seq));

CREATE TABLE timer (case_id TEXT NOT NULL, kind TEXT NOT NULL, due_at BIGINT NOT NULL, PRIMARY KEY (case_id, kind));
CREATE INDEX timer_due ON timer (due_at);

CREATE TABLE draft (
  draft_id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, owner_office TEXT NOT NULL, created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL, bytes BLOB NOT NULL);

CREATE TABLE local (
  kind TEXT NOT NULL, name TEXT NOT NULL, version BIGINT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (kind, name));

CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL);

CREATE TABLE blob (
  root BLOB NOT NULL PRIMARY KEY, size BIGINT NOT NULL, chunk_bytes BIGINT NOT NULL, case_id TEXT,
  state TEXT NOT NULL, meta BLOB NOT NULL, created_at BIGINT NOT NULL);
CREATE INDEX blob_case ON blob (case_id);
CREATE INDEX blob_state ON blob (state);

CREATE TABLE event (
  id BIGINT NOT NULL PRIMARY KEY, at BIGINT NOT NULL, level TEXT NOT NULL, code TEXT NOT NULL, case_id TEXT,
  peer TEXT, detail TEXT NOT NULL, acknowledged BIGINT NOT NULL);
CREATE INDEX event_open ON event (acknowledged, id);

CREATE TABLE term (case_id TEXT NOT NULL, term TEXT NOT NULL, PRIMARY KEY (term, case_id));
CREATE INDEX term_case ON term (case_id);

CREATE TABLE idempotency (name TEXT NOT NULL PRIMARY KEY, at BIGINT NOT NULL, bytes BLOB NOT NULL);
CREATE INDEX idempotency_at ON idempotency (at);
