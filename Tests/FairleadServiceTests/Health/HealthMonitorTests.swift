// What the monitor notices without a request, and that it notices the end as well.

import DaemonTestSupport
import Dispatch
import ExactJSON
import FairleadModel
import FairleadStore
import Foundation
import Glibc
import LedgerTestSupport
import Testing

@testable import FairleadService

@Suite("The health monitor", .timeLimit(.minutes(5)))
struct HealthMonitorTests {
  private let fixture: RegistryFixture
  private let shell: SQLiteShell

  init() throws {
    fixture = try RegistryFixture()
    try fixture.call("cluster.create", "rg/web")
    shell = try SQLiteShell(fixture.path)
  }

  private var registry: Registry { fixture.registry }

  /// One look, and what it asked the commit stage for.
  private func look() {
    registry.monitor.look()
    let isDone = DispatchSemaphore(value: 0)
    registry.pipeline.whenResting { isDone.signal() }
    isDone.wait()
  }

  /// Looks until `condition` holds; the suite's time limit ends what never does.
  private func lookUntil(_ condition: () -> Bool) {
    repeat {
      look()
      usleep(1000)
    } while !condition()
  }

  private func reason(_ code: HealthCode) -> HealthReason? { registry.health.reason(code) }

  private var sqlite3: HealthReason.Culprit { HealthReason.Culprit(pid: shell.pid, command: "sqlite3") }

  @Test("another program that keeps the write lock is named without a change, and forgotten once it lets go")
  func locked() throws {
    try shell.execute("BEGIN IMMEDIATE")
    look()
    // A shell may write for a moment.
    #expect(reason(.locked) == nil)
    lookUntil { reason(.locked) != nil }
    #expect(reason(.locked)?.by == sqlite3)
    #expect(registry.health.status(isLoading: false) == .readOnly)
    try shell.execute("ROLLBACK")
    look()
    #expect(registry.health.reasons == [])
    _ = fixture.log.takeLines()
  }

  @Test("a change that another program's lock kept out says so at once, and a change that works ends it")
  func lockedChange() throws {
    try shell.execute("BEGIN IMMEDIATE")
    #expect(throws: Refusal.self) { try ask(registry, "cluster.update", "rg/web", #"{"labels":{"a":"b"}}"#) }
    #expect(reason(.locked)?.by == sqlite3)
    try shell.execute("ROLLBACK")
    _ = fixture.log.takeLines()
    _ = try ask(registry, "cluster.update", "rg/web", #"{"labels":{"a":"b"}}"#)
    #expect(registry.health.reasons == [])
  }

  @Test("a reader that pins the WAL is named, and when it ends the checkpoint is made up for without a change")
  func pinned() throws {
    try shell.execute("BEGIN; SELECT count(*) FROM change")
    try fixture.call("cluster.update", "rg/web", #"{"labels":{"a":"b"}}"#)
    registry.pipeline.checkpoints.run()
    #expect(reason(.walPinned)?.by == sqlite3)
    #expect(registry.health.status(isLoading: false) == .degraded)
    look()
    #expect(reason(.walPinned) != nil && registry.monitor.wal.pages > 0)
    try shell.execute("COMMIT")
    lookUntil { reason(.walPinned) == nil }
    look()
    #expect(registry.monitor.wal.pages == 0)
    #expect(registry.monitor.wal.since == nil)
    _ = fixture.log.takeLines()
  }

  @Test("pages that wait have an age, which begins anew with a complete checkpoint")
  func age() throws {
    look()
    let began = fixture.clock.now
    #expect(registry.monitor.wal.pages > 0 && registry.monitor.wal.bytes > 0)
    #expect(registry.monitor.wal.since == began)
    fixture.clock.advance(60)
    look()
    #expect(registry.monitor.wal.since == began)
    registry.pipeline.checkpoints.run()
    try fixture.call("cluster.update", "rg/web", #"{"labels":{"a":"b"}}"#)
    look()
    #expect(registry.monitor.wal.since == fixture.clock.now)
  }

  @Test("what another program writes into the log is published without a change of the daemon's own, and said")
  func foreign() throws {
    let seq = fixture.lastSeq + 1
    try execute(
      fixture.path,
      """
      INSERT INTO change (seq, at, cluster_key, actor_uid, record)
      SELECT \(seq), at, NULL, actor_uid, json_set(record, '$.seq', \(seq)) FROM change WHERE seq = 1
      """)
    #expect(fixture.lastSeq == seq - 1)
    look()
    #expect(fixture.lastSeq == seq)
    #expect(reason(.foreignChange)?.message.contains("change \(seq)") == true)
    #expect(registry.health.status(isLoading: false) == .degraded)
    _ = fixture.log.takeLines()
  }

  @Test("a batch without changes publishes what another program wrote as well")
  func foreignAndRefused() throws {
    let seq = fixture.lastSeq + 1
    try execute(
      fixture.path,
      """
      INSERT INTO change (seq, at, cluster_key, actor_uid, record)
      SELECT \(seq), at, NULL, actor_uid, json_set(record, '$.seq', \(seq)) FROM change WHERE seq = 1
      """)
    #expect(throws: Refusal.self) { try ask(registry, "cluster.create", "rg/web") }
    #expect(fixture.lastSeq == seq)
    _ = fixture.log.takeLines()
  }

  private static let trigger =
    "CREATE TRIGGER evil AFTER INSERT ON change BEGIN UPDATE cluster SET labels = '{}'; END"

  @Test("a trigger that somebody makes is found without a change, and so is its end")
  func foreignTrigger() throws {
    try shell.execute(Self.trigger)
    look()
    #expect(reason(.foreignTrigger)?.message.contains("the trigger evil on change") == true)
    try shell.execute("DROP TRIGGER evil")
    look()
    #expect(registry.health.reasons == [])
    try fixture.call("cluster.update", "rg/web", #"{"labels":{"a":"b"}}"#)
    _ = fixture.log.takeLines()
  }

  @Test("no change is recorded with a trigger of somebody's, also before a look has found it")
  func foreignTriggerAtOnce() throws {
    let last = fixture.lastSeq
    try shell.execute(Self.trigger)
    #expect(throws: Refusal.self) { try ask(registry, "cluster.update", "rg/web", #"{"labels":{"a":"b"}}"#) }
    #expect(fixture.lastSeq == last)
    #expect(try fixture.sql("SELECT max(seq) FROM change") == ["\(last)"])
    _ = fixture.log.takeLines()
  }

  @Test("rows that another program changes are noticed and corrected without a restart")
  func foreignRows() throws {
    try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPTABLES"}}"#)
    fixture.warmup = .background(chunk: 256)
    try fixture.reopen()
    defer { registry.stop() }
    let deadline = """
      confirm_seq = 1, confirm_revision = 2, confirm_restores = 1, confirm_deadline = '2999-01-01T00:00:00.000Z'
      """
    try shell.execute("UPDATE cluster SET labels = '{\"x\":\"y\"}', \(deadline)")
    lookUntil { reason(.projectionDiffers) != nil }
    #expect(reason(.projectionDiffers)?.message.contains("the row of default/rg/web in the table cluster") == true)
    _ = fixture.log.takeLines()
    #expect(try fixture.call("cluster.list").text.contains(#""x""#) == false)
  }

  @Test(
    "a copy that is put over the database right after another program's checkpoint stops changes, also beside a lock")
  func copiedAfterCheckpoint() throws {
    try shell.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    let copy = try #require(bytes(fixture.path))
    for label in ["a", "b", "c"] { try fixture.call("cluster.update", "rg/web", #"{"labels":{"a":"\#(label)"}}"#) }
    look()
    #expect(registry.health.reasons == [])
    try shell.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    let file = try FileHandle(forWritingTo: URL(filePath: fixture.path))
    try file.write(contentsOf: copy)
    try file.close()
    // Later than a tick of the file system's clock.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: 60)], ofItemAtPath: fixture.path)
    try shell.execute("BEGIN IMMEDIATE")
    look()
    #expect(reason(.corrupt)?.message.contains("the log ends with change 1 now") == true)
    #expect(registry.health.status(isLoading: false) == .readOnly)
    try shell.execute("ROLLBACK")
    #expect(throws: LedgerError.self) { try fixture.close() }
    _ = fixture.log.takeLines()
  }

  @Test("the daemon's own commits have nothing compared again")
  func ownCommits() throws {
    let before = try fixture.ledger.dataVersion()
    try fixture.call("cluster.update", "rg/web", #"{"labels":{"a":"b"}}"#)
    registry.pipeline.checkpoints.run()
    try fixture.call("cluster.update", "rg/web", #"{"labels":{"a":"c"}}"#)
    #expect(try fixture.ledger.dataVersion() == before)
    try shell.execute("UPDATE cluster SET labels = '{}'")
    #expect(try fixture.ledger.dataVersion() != before)
  }

  @Test("an idle daemon has nothing to say")
  func idle() {
    for _ in 0..<3 { look() }
    #expect(registry.health.reasons == [])
    #expect(fixture.log.takeLines() == [])
  }

  @Test("a commit that does not go on is reported with its step, and one that does is not")
  func stalled() {
    let progress = registry.pipeline.progress
    // The stage itself says what it does until it rests, also after the look that asks it for what is new.
    look()
    let isResting = DispatchSemaphore(value: 0)
    registry.pipeline.whenResting { isResting.signal() }
    isResting.wait()
    progress.enter(.syncing)
    look()
    #expect(reason(.commitStalled) == nil)
    lookUntil { reason(.commitStalled) != nil }
    #expect(reason(.commitStalled)?.message.contains("waiting for the disk") == true)
    progress.advance()
    look()
    #expect(reason(.commitStalled) == nil)
    progress.enter(.resting)
    _ = fixture.log.takeLines()
  }

  @Test("a commit may wait longer for the disk the more its batch has written")
  func patience() {
    let progress = CommitProgress()
    progress.enter(.writing)
    for _ in 0..<10_000 { progress.advance() }
    progress.enter(.syncing)
    #expect(progress.now.rows == 10_000)
    #expect(CommitProgress.Step.syncing.patience(rows: 10_000) == .seconds(11))
    progress.enter(.writing)
    #expect(progress.now.rows == 0)
    #expect(CommitProgress.Step.waitingForLock.patience(rows: 10_000) == .seconds(1))
  }
}
