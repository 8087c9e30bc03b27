-- Changes of registrations by their kind, and messages that a terminal or a comparison can trust.

-- Lists by kind. Changes of clusters, by far the most, have no entry, so that recording them costs nothing more. A record that
-- is not JSON has none either; it must not keep a damaged ledger from being opened.
CREATE INDEX change_by_kind ON change (iif(json_valid(record), json_extract(record, '$.kind'), NULL))
WHERE cluster_key IS NULL;

-- `message` in the two views below. json_extract ends a text at U+0000, and a terminal acts on control characters, so a message
-- that has one other than line feed and tab is shown as its JSON text, in quotes and with each of them escaped: U+0000 to
-- U+001F, U+007F to U+009F, the marks that change the direction of text (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to
-- U+2069), and the separators of lines and paragraphs (U+2028, U+2029). Newer daemons take no such message; older ones did.
--
-- The record has some of them as escapes, which the GLOBs find once double backslashes are out of the way, and the rest as they
-- are, which the recursion escapes.

-- A row is a change.
DROP VIEW audit_log;
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
  CASE
    WHEN record -> '$.message' GLOB '*[\' || char(127) || '-' || char(159) || char(1564) || char(8206) || char(8207) || char(8232) || '-' || char(8238) || char(8294) || '-' || char(8297) || ']*' AND (
      record -> '$.message' GLOB '*[' || char(127) || '-' || char(159) || char(1564) || char(8206) || char(8207) || char(8232) || '-' || char(8238) || char(8294) || '-' || char(8297) || ']*'
      OR replace(record -> '$.message', '\\', '') GLOB '*\[bfr]*'
      OR replace(record -> '$.message', '\\', '') GLOB '*\u000[0-8b-fB-F]*'
      OR replace(record -> '$.message', '\\', '') GLOB '*\u00[189]?*'
      OR replace(record -> '$.message', '\\', '') GLOB '*\u007[fF]*'
      OR replace(record -> '$.message', '\\', '') GLOB '*\u061[cC]*'
      OR replace(record -> '$.message', '\\', '') GLOB '*\u200[efEF]*'
      OR replace(record -> '$.message', '\\', '') GLOB '*\u202[89a-eA-E]*'
      OR replace(record -> '$.message', '\\', '') GLOB '*\u206[6-9]*')
    THEN (
      WITH RECURSIVE escaped (done, rest) AS (
        SELECT '', record -> '$.message'
        UNION ALL
        SELECT
          done || CASE
            WHEN rest GLOB '[' || char(127) || '-' || char(159) || char(1564) || char(8206) || char(8207) || char(8232) || '-' || char(8238) || char(8294) || '-' || char(8297) || ']*' THEN printf('\u%04x', unicode(rest))
            ELSE substr(rest, 1, 1)
          END,
          substr(rest, 2)
        FROM escaped
        WHERE rest <> '')
      SELECT done FROM escaped WHERE rest = '')
    ELSE json_extract(record, '$.message')
  END AS message,
  json_extract(record, '$.requestId')       AS request_id,
  json_extract(record, '$.report.verdict')  AS verdict,
  json_extract(record, '$.report.summary')  AS summary,
  -- A JSON array of rule ids; '[]' where nothing was overridden.
  json_extract(record, '$.report.overridden') AS overridden,
  prev_hash,
  hash
FROM change;

-- A row is a revision, a deleted cluster's too.
DROP VIEW cluster_history;
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
  CASE
    WHEN change.record -> '$.message' GLOB '*[\' || char(127) || '-' || char(159) || char(1564) || char(8206) || char(8207) || char(8232) || '-' || char(8238) || char(8294) || '-' || char(8297) || ']*' AND (
      change.record -> '$.message' GLOB '*[' || char(127) || '-' || char(159) || char(1564) || char(8206) || char(8207) || char(8232) || '-' || char(8238) || char(8294) || '-' || char(8297) || ']*'
      OR replace(change.record -> '$.message', '\\', '') GLOB '*\[bfr]*'
      OR replace(change.record -> '$.message', '\\', '') GLOB '*\u000[0-8b-fB-F]*'
      OR replace(change.record -> '$.message', '\\', '') GLOB '*\u00[189]?*'
      OR replace(change.record -> '$.message', '\\', '') GLOB '*\u007[fF]*'
      OR replace(change.record -> '$.message', '\\', '') GLOB '*\u061[cC]*'
      OR replace(change.record -> '$.message', '\\', '') GLOB '*\u200[efEF]*'
      OR replace(change.record -> '$.message', '\\', '') GLOB '*\u202[89a-eA-E]*'
      OR replace(change.record -> '$.message', '\\', '') GLOB '*\u206[6-9]*')
    THEN (
      WITH RECURSIVE escaped (done, rest) AS (
        SELECT '', change.record -> '$.message'
        UNION ALL
        SELECT
          done || CASE
            WHEN rest GLOB '[' || char(127) || '-' || char(159) || char(1564) || char(8206) || char(8207) || char(8232) || '-' || char(8238) || char(8294) || '-' || char(8297) || ']*' THEN printf('\u%04x', unicode(rest))
            ELSE substr(rest, 1, 1)
          END,
          substr(rest, 2)
        FROM escaped
        WHERE rest <> '')
      SELECT done FROM escaped WHERE rest = '')
    ELSE json_extract(change.record, '$.message')
  END AS message
FROM revision
JOIN cluster USING (cluster_key)
JOIN change ON change.seq = revision.seq;
