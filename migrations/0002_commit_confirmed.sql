-- Commit confirmed: a revision that the daemon takes back unless somebody confirms it in time.
--
-- The columns are the projection of `pendingConfirm` in a change's record, like all of `cluster`. They are set together,
-- and only while a revision waits.

-- The change that is to be confirmed, the revision that it made, and the one that comes back.
ALTER TABLE cluster ADD COLUMN confirm_seq INTEGER REFERENCES change (seq);
ALTER TABLE cluster ADD COLUMN confirm_revision INTEGER;
ALTER TABLE cluster ADD COLUMN confirm_restores INTEGER;
-- The deadline by the wall clock: UTC, ISO 8601 with milliseconds.
ALTER TABLE cluster ADD COLUMN confirm_deadline TEXT
  CHECK ((confirm_deadline IS NULL) = (confirm_seq IS NULL)
    AND (confirm_deadline IS NULL) = (confirm_revision IS NULL)
    AND (confirm_deadline IS NULL) = (confirm_restores IS NULL)
    AND (confirm_deadline IS NULL OR (confirm_restores < revision AND confirm_revision = revision AND NOT deleted)));
-- The boot in which it was set, and the deadline in milliseconds of its clock; NULL where the system has no such clock.
ALTER TABLE cluster ADD COLUMN confirm_boot TEXT;
ALTER TABLE cluster ADD COLUMN confirm_boot_deadline INTEGER
  CHECK ((confirm_boot IS NULL) = (confirm_boot_deadline IS NULL)
    AND (confirm_boot IS NULL OR confirm_deadline IS NOT NULL));

-- Before every change the daemon asks which deadline is the next, by either clock.
CREATE INDEX cluster_by_deadline ON cluster (confirm_deadline) WHERE confirm_deadline IS NOT NULL;
CREATE INDEX cluster_by_boot_deadline ON cluster (confirm_boot, confirm_boot_deadline) WHERE confirm_deadline IS NOT NULL;

-- A row is a cluster as it is, in effective values. A NULL timeout is "what the kernel has"; a `confirm_deadline` says that
-- the revision is taken back then unless it is confirmed.
DROP VIEW cluster_current;
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
  updated_at,
  confirm_deadline,
  confirm_seq
FROM cluster
WHERE NOT deleted;
