// A registry on a real file with clocks that a test sets, which takes requests and answers as on the wire.

import DaemonTestSupport
import ExactJSON
import FairleadModel
import FairleadService
import FairleadStore
import FairleadWire
import LedgerTestSupport
import Testing

extension Actor {
  static let alice = Actor(uid: 1000, gid: 1000, pid: 4242, name: "alice")
  static let bob = Actor(uid: 1001, gid: 1001, pid: 5353, name: "bob")
  static let system = Actor(uid: 0, gid: 0, pid: 1, name: "system")
}

/// A registry on a new file, which can be closed and opened again.
final class RegistryFixture {
  static let provider = "Microsoft.ContainerService"
  static let feature = "Microsoft.ContainerService/KubeProxyConfigurationPreview"
  /// An update to NFTABLES that waits 600 seconds to be confirmed.
  static let toNFTables = #"{"config":{"mode":"NFTABLES"},"confirmWithinSeconds":600}"#

  let folder: Scratch
  let clock = Clock()
  let log = LogSpy()
  let reverts = RevertSpy()
  private(set) var ledger: Ledger
  private(set) var registry: Registry
  private var isOpen = true
  /// How clusters are loaded from the next opening on: all at the start, unless a test controls the warm-up.
  var warmup: WarmupPolicy
  /// The number of the test's first change, after those of its set-up.
  private(set) var firstSeq = 1

  var path: String { ledger.path }

  convenience init(settle: Int = 0) throws { try self.init(at: Scratch(), settle: settle) }

  /// On a ledger of which only the first cluster is in memory; a test loads more.
  convenience init(unloaded folder: Scratch) throws { try self.init(at: folder, warmup: .manual(chunk: 1)) }

  /// On the ledger of a folder, which is created where there is none.
  init(at folder: Scratch, settle: Int = 0, warmup: WarmupPolicy = .manual(chunk: .max)) throws {
    self.folder = folder
    self.warmup = warmup
    ledger = try Self.ledger(folder.file("fairlead.db"), clock, log)
    registry = try Self.registry(ledger, settle, warmup, clock, log, reverts)
    endSetUp()
  }

  deinit { try? close() }

  /// With every gate of the default subscription open.
  static func ready() throws -> RegistryFixture {
    let fixture = try RegistryFixture()
    try fixture.call("feature.register", feature)
    try fixture.call("provider.register", provider)
    fixture.endSetUp()
    return fixture
  }

  /// With every gate open, and `rg/web` at revision 2, NFTABLES, which waits 600 seconds from 11:06:40 to be confirmed;
  /// and the number of the change that waits.
  static func waiting() throws -> (fixture: RegistryFixture, armed: Int) {
    let fixture = try ready()
    try fixture.call(
      "cluster.create", "rg/web", #"{"config":{"mode":"IPTABLES"},"facts":{"kubernetesVersion":"1.34"}}"#)
    return (fixture, try fixture.record("cluster.update", "rg/web", toNFTables))
  }

  /// Ends the set-up: the test's changes are those from here on.
  func endSetUp() { firstSeq = lastSeq + 1 }

  /// Closes the ledger and opens it again, as a restart of the daemon does.
  func reopen(settle: Int = 0) throws {
    try close()
    try open(settle: settle)
  }

  func close() throws {
    guard isOpen else { return }
    isOpen = false
    try ledger.close()
  }

  /// Opens the ledger after a close.
  func open(settle: Int = 0) throws {
    isOpen = true
    ledger = try Self.ledger(path, clock, log)
    registry = try Self.registry(ledger, settle, warmup, clock, log, reverts)
  }

  private static func ledger(_ path: String, _ clock: Clock, _ log: LogSpy) throws -> Ledger {
    try Ledger(path: path, health: HealthBoard(now: { clock.now }, log: { log.log($0) }))
  }

  private static func registry(
    _ ledger: Ledger, _ settle: Int, _ warmup: WarmupPolicy, _ clock: Clock, _ log: LogSpy, _ reverts: RevertSpy
  ) throws -> Registry {
    var hooks = CommitHooks()
    hooks.onRevert = { reverts.add($0) }
    return try Registry(
      ledger: ledger, settleSeconds: settle, system: .system, now: { clock.now }, bootTime: { clock.boot },
      hooks: hooks, warmup: warmup, log: { log.log($0) })
  }

  // MARK: Requests

  /// The result of a request. `subject` is short for the members that name it: `rg/web`, `sub/rg/web`,
  /// `Namespace/Feature`, `Namespace`, or an extension's name.
  @discardableResult
  func call(_ method: String, _ subject: String? = nil, _ params: String = "{}", as actor: Actor = .alice) throws
    -> JSON
  {
    // What the health board says is no failure of the request: the clock of a fixture goes back, for instance.
    let board = ["attention (", "no changes are taken (", "changes are taken again"]
    defer {
      for line in log.takeLines() where !board.contains(where: line.hasPrefix) {
        Issue.record("\(method) \(subject ?? "") \(params): \(line)")
      }
    }
    return try ask(registry, method, subject, params, as: actor)
  }

  /// Requests a change, which must be recorded, and returns its number.
  @discardableResult
  func record(
    _ method: String, _ subject: String? = nil, _ params: String = "{}", as actor: Actor = .alice,
    at location: SourceLocation = #_sourceLocation
  ) throws -> Int {
    try #require(try call(method, subject, params, as: actor).seq, sourceLocation: location)
  }

  /// The error that a request is answered with, as the wire encodes it. Its message starts with "cannot".
  @discardableResult
  func refuse(
    _ method: String, _ subject: String? = nil, _ params: String = "{}", as actor: Actor = .alice,
    at location: SourceLocation = #_sourceLocation
  ) throws -> JSON {
    do {
      let result = try call(method, subject, params, as: actor)
      Issue.record("not refused: \(result.text)", sourceLocation: location)
      return .null
    } catch let refusal as Refusal {
      #expect(refusal.message.hasPrefix("cannot "), sourceLocation: location)
      return refusal.wireJSON
    }
  }

  /// Reverts what nobody confirmed by its deadline once `seconds` have passed, and returns the seconds that are left until
  /// the next deadline.
  @discardableResult
  func revertDue(after seconds: Int = 0) throws -> Int? {
    clock.advance(seconds)
    return try registry.revertDue().map { $0 / 1000 }
  }

  /// Takes the registration steps that are due once `seconds` have passed, and returns when the next one is.
  @discardableResult
  func settle(after seconds: Int = 0) throws -> String? {
    clock.advance(seconds)
    return try registry.settleDue()?.text
  }

  /// Loads the clusters that are not in memory yet.
  func finishWarmup() throws { while try registry.continueWarmup() {} }

  /// The number of the last change.
  var lastSeq: Int { registry.lastSeq }

  /// The number of the last change by `method`, which must be in the log.
  func lastSeq(of method: String, at location: SourceLocation = #_sourceLocation) throws -> Int {
    let rows = try sql("SELECT max(seq) FROM audit_log WHERE method = '\(method)'")
    return try #require(rows.first.flatMap { Int($0) }, sourceLocation: location)
  }

  // MARK: The file

  /// Columns of the audit log, of the changes that the test itself made and of those that they brought about.
  func auditLog(_ columns: String) throws -> [String] {
    try sql("SELECT \(columns) FROM audit_log WHERE seq >= \(firstSeq) ORDER BY seq")
  }

  /// Rows of the file as another program sees them, printed like the sqlite3 shell does.
  func sql(_ query: String) throws -> [String] { try LedgerTestSupport.sql(path, query) }

  /// Every row of every table, as text.
  func tables() throws -> [String] { try LedgerTestSupport.tables(path) }
}
