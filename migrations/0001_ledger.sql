-- Fairlead's ledger, first version.
--
-- The table `change` is the source: an append-only log of self-contained records. Every other table is a projection of
-- it, written in the same transaction, and can be rebuilt from it to the same content. The audit_* and *_current and
-- cluster_history views are the contract with people who open this file; see docs/audit.md.

-- "FLDR", so that file(1) and the daemon know whose database this is.
PRAGMA application_id = 1179403346;

-- ---------------------------------------------------------------------------------------------------------------------
-- The log

CREATE TABLE change (
  -- Global and dense: the trigger below refuses a gap.
  seq         INTEGER PRIMARY KEY CHECK (seq > 0),
  -- UTC, ISO 8601 with milliseconds; never earlier than the change before, so that text order is log order.
  at          TEXT    NOT NULL,
  -- subscription/resource group/name without case; NULL for a change of a registration.
  cluster_key TEXT,
  -- Whose request it was, and the idempotency key that it carried.
  actor_uid   INTEGER NOT NULL,
  request_id  TEXT,
  -- The record: who, when, why, what was asked, what it was judged to do, what it did.
  record      TEXT    NOT NULL CHECK (json_valid(record)),
  -- The place of the hash chain: SHA3-256 over the previous hash and the record's text.
  prev_hash   TEXT,
  hash        TEXT
) STRICT;

CREATE UNIQUE INDEX change_by_request ON change (actor_uid, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX change_by_cluster ON change (cluster_key, seq) WHERE cluster_key IS NOT NULL;

CREATE TRIGGER change_is_dense BEFORE INSERT ON change
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM change)
BEGIN SELECT raise(ABORT, 'the log is append-only: seq must be the next number'); END;

-- INSERT OR REPLACE would remove the older change without asking the trigger for DELETE.
CREATE TRIGGER change_stands_for_one_request BEFORE INSERT ON change
WHEN EXISTS (SELECT 1 FROM change WHERE actor_uid = NEW.actor_uid AND request_id = NEW.request_id)
BEGIN SELECT raise(ABORT, 'the log is append-only: a request id stands for one change'); END;

CREATE TRIGGER change_is_never_rewritten BEFORE UPDATE ON change
BEGIN SELECT raise(ABORT, 'the log is append-only: a change is never rewritten'); END;

CREATE TRIGGER change_is_never_removed BEFORE DELETE ON change
BEGIN SELECT raise(ABORT, 'the log is append-only: a change is never removed'); END;

-- ---------------------------------------------------------------------------------------------------------------------
-- Projections

-- One row per revision. The primary key is the compare-and-swap: two writers cannot both make revision 7.
CREATE TABLE revision (
  cluster_key   TEXT    NOT NULL,
  revision      INTEGER NOT NULL CHECK (revision > 0),
  base_revision INTEGER CHECK (base_revision = revision - 1),
  origin        TEXT    NOT NULL CHECK (origin IN ('create', 'update', 'rollback', 'revert', 'import', 'delete')),
  -- The sparse document; NULL for the tombstone of a deleted cluster.
  config        TEXT    CHECK (config IS NULL OR json_valid(config)),
  -- The revision whose configuration a rollback brought back.
  restores      INTEGER CHECK (restores < revision),
  seq           INTEGER NOT NULL REFERENCES change (seq),
  PRIMARY KEY (cluster_key, revision),
  CHECK ((config IS NULL) = (origin = 'delete'))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER revision_is_dense BEFORE INSERT ON revision
WHEN NEW.revision <> (SELECT coalesce(max(revision), 0) + 1 FROM revision WHERE cluster_key = NEW.cluster_key)
BEGIN SELECT raise(ABORT, 'revisions are dense: it must be the next number of its cluster'); END;

CREATE TRIGGER revision_is_never_rewritten BEFORE UPDATE ON revision
BEGIN SELECT raise(ABORT, 'a revision is never rewritten'); END;

CREATE TRIGGER revision_is_never_removed BEFORE DELETE ON revision
BEGIN SELECT raise(ABORT, 'a revision is never removed'); END;

-- Heads of the clusters, deleted ones included.
CREATE TABLE cluster (
  cluster_key    TEXT    NOT NULL PRIMARY KEY,
  -- The identity as it was written.
  subscription   TEXT    NOT NULL,
  resource_group TEXT    NOT NULL,
  name           TEXT    NOT NULL,
  revision       INTEGER NOT NULL CHECK (revision > 0),
  -- The document as it is recorded, and its effective values with the defaults filled in.
  config         TEXT    NOT NULL CHECK (json_valid(config)),
  effective      TEXT    NOT NULL CHECK (json_valid(effective)),
  facts          TEXT    NOT NULL CHECK (json_valid(facts)),
  labels         TEXT    NOT NULL CHECK (json_valid(labels)),
  created_at     TEXT    NOT NULL,
  updated_at     TEXT    NOT NULL,
  updated_seq    INTEGER NOT NULL REFERENCES change (seq),
  deleted        INTEGER NOT NULL CHECK (deleted IN (0, 1)),
  FOREIGN KEY (cluster_key, revision) REFERENCES revision (cluster_key, revision)
) STRICT, WITHOUT ROWID;

-- Registrations. settle_seq and settle_due_at belong to a step that was asked for and has not settled.
CREATE TABLE feature (
  feature_key    TEXT    NOT NULL PRIMARY KEY,
  subscription   TEXT    NOT NULL,
  namespace      TEXT    NOT NULL,
  name           TEXT    NOT NULL,
  state          TEXT    NOT NULL
    CHECK (state IN ('NotRegistered', 'Registering', 'Registered', 'Unregistering', 'Unregistered')),
  -- Whether the provider has picked the registration up.
  propagated     INTEGER NOT NULL CHECK (propagated IN (0, 1)),
  since          TEXT    NOT NULL,
  updated_seq    INTEGER NOT NULL REFERENCES change (seq),
  registered_seq INTEGER REFERENCES change (seq),
  settle_seq     INTEGER REFERENCES change (seq),
  settle_due_at  TEXT,
  CHECK ((settle_seq IS NULL) = (settle_due_at IS NULL)),
  CHECK (propagated = 0 OR state = 'Registered')
) STRICT, WITHOUT ROWID;

CREATE TABLE provider (
  provider_key  TEXT    NOT NULL PRIMARY KEY,
  subscription  TEXT    NOT NULL,
  namespace     TEXT    NOT NULL,
  state         TEXT    NOT NULL CHECK (state IN ('NotRegistered', 'Registering', 'Registered', 'Unregistering')),
  since         TEXT    NOT NULL,
  updated_seq   INTEGER NOT NULL REFERENCES change (seq),
  settle_seq    INTEGER REFERENCES change (seq),
  settle_due_at TEXT,
  CHECK ((settle_seq IS NULL) = (settle_due_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE extension (
  extension_key TEXT    NOT NULL PRIMARY KEY,
  name          TEXT    NOT NULL,
  version       TEXT    NOT NULL,
  since         TEXT    NOT NULL,
  updated_seq   INTEGER NOT NULL REFERENCES change (seq)
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------------------------------------------------------------
-- Audit views. They read the records themselves, so that what they show is what the log holds.

-- A row is a change.
CREATE VIEW audit_log AS
SELECT
  seq,
  json_extract(record, '$.at')              AS at,
  json_extract(record, '$.method')          AS method,
  json_extract(record, '$.kind')            AS kind,
  json_extract(record, '$.subject')         AS subject,
  json_extract(record, '$.revision')        AS revision,
  json_extract(record, '$.actor.uid')       AS actor_uid,
  json_extract(record, '$.actor.gid')       AS actor_gid,
  json_extract(record, '$.actor.pid')       AS actor_pid,
  json_extract(record, '$.actor.name')      AS actor_name,
  json_extract(record, '$.message')         AS message,
  json_extract(record, '$.requestId')       AS request_id,
  json_extract(record, '$.report.verdict')  AS verdict,
  json_extract(record, '$.report.summary')  AS summary,
  -- A JSON array of rule ids; '[]' where nothing was overridden.
  json_extract(record, '$.report.overridden') AS overridden,
  prev_hash,
  hash
FROM change;

-- A row is a finding of a change's report.
CREATE VIEW audit_finding AS
SELECT
  change.seq,
  json_extract(finding.value, '$.rule')      AS rule,
  json_extract(finding.value, '$.severity')  AS severity,
  json_extract(finding.value, '$.certainty') AS certainty,
  json_extract(finding.value, '$.title')     AS title,
  json_extract(finding.value, '$.detail')    AS detail,
  json_extract(finding.value, '$.source')    AS source,
  coalesce(json_extract(finding.value, '$.standing'), 0) AS standing
FROM change, json_each(change.record, '$.report.findings') AS finding;

-- A row is one effective value that a change moved. NULL is "not there".
CREATE VIEW audit_diff AS
SELECT
  change.seq,
  json_extract(entry.value, '$.path')   AS path,
  json_extract(entry.value, '$.before') AS before,
  json_extract(entry.value, '$.after')  AS after
FROM change, json_each(change.record, '$.report.diff') AS entry;

-- A row is a cluster as it is, in effective values. A NULL timeout is "what the kernel has".
CREATE VIEW cluster_current AS
SELECT
  subscription,
  resource_group,
  name,
  revision,
  json_extract(effective, '$.enabled')                         AS enabled,
  json_extract(effective, '$.mode')                            AS mode,
  json_extract(effective, '$.ipvsConfig.scheduler')            AS scheduler,
  json_extract(effective, '$.ipvsConfig.tcpTimeoutSeconds')    AS tcp_timeout_seconds,
  json_extract(effective, '$.ipvsConfig.tcpFinTimeoutSeconds') AS tcp_fin_timeout_seconds,
  json_extract(effective, '$.ipvsConfig.udpTimeoutSeconds')    AS udp_timeout_seconds,
  config,
  facts,
  labels,
  updated_seq,
  updated_at
FROM cluster
WHERE NOT deleted;

-- A row is a revision, a deleted cluster's too.
CREATE VIEW cluster_history AS
SELECT
  cluster.subscription,
  cluster.resource_group,
  cluster.name,
  revision.revision,
  revision.base_revision,
  revision.origin,
  revision.config,
  revision.restores,
  revision.seq,
  json_extract(change.record, '$.at')         AS at,
  json_extract(change.record, '$.actor.name') AS actor_name,
  json_extract(change.record, '$.message')    AS message
FROM revision
JOIN cluster USING (cluster_key)
JOIN change ON change.seq = revision.seq;

CREATE VIEW feature_current AS
SELECT subscription, namespace, name, namespace || '/' || name AS key, state, propagated, since, updated_seq FROM feature;

CREATE VIEW provider_current AS
SELECT subscription, namespace, namespace AS key, state, since, updated_seq FROM provider;

-- `state` is the version in use.
CREATE VIEW extension_current AS
SELECT name, name AS key, version AS state, version, since, updated_seq FROM extension;
