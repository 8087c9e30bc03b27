// What the tests of the service share: a registry on a real file under a clock that stands still, asked as on the wire.

import ExactJSON
import FairleadModel
import FairleadService
import FairleadStore
import FairleadWire
import Foundation
import GRDB
import Synchronization
import Testing

/// Two clocks that move only when a test says so.
final class Clock: Sendable {
  static let start = Timestamp(milliseconds: 1_795_000_000_000)

  private let time = Mutex((wall: Clock.start, boot: BootTime(boot: "boot-1", milliseconds: 5_000_000)))

  var now: Timestamp { time.withLock { $0.wall } }
  var boot: BootTime { time.withLock { $0.boot } }

  /// Time passes; less than none is a wall clock that is set back.
  func advance(_ seconds: Int) {
    time.withLock { time in
      time.wall = time.wall.adding(seconds: seconds)
      time.boot = time.boot.adding(seconds: max(0, seconds))
    }
  }

  /// Somebody sets the wall clock, and no time passes.
  func setWall(by seconds: Int) { time.withLock { $0.wall = $0.wall.adding(seconds: seconds) } }

  /// The machine starts again, `seconds` later.
  func reboot(_ boot: String = "boot-2", after seconds: Int) {
    time.withLock { time in
      time.wall = time.wall.adding(seconds: seconds)
      time.boot = BootTime(boot: boot, milliseconds: 20_000)
    }
  }

  func advance(to other: Clock) {
    let (wall, boot) = (other.now, other.boot)
    time.withLock { $0 = (wall, boot) }
  }
}

/// A temporary directory of its own, removed with this value.
final class Folder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "fairlead-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ content: Data, to name: String) throws { try content.write(to: URL(fileURLWithPath: file(name))) }
}

extension Actor {
  static let alice = Actor(uid: 1000, gid: 1000, pid: 4242, name: "alice")
  static let bob = Actor(uid: 1001, gid: 1001, pid: 5353, name: "bob")
  static let system = Actor(uid: 0, gid: 0, pid: 1, name: "system")
}

/// A registry on a file of its own, which can be closed and opened again.
final class RegistryFixture {
  static let provider = "Microsoft.ContainerService"
  static let feature = "Microsoft.ContainerService/KubeProxyConfigurationPreview"

  let folder: Folder
  let clock = Clock()
  let incidents = LogSpy()
  /// The changes of which the registry said that they took something back.
  let reverts = LogSpy()
  private(set) var ledger: Ledger
  private var isOpen = true
  /// How clusters come into memory from the next opening on: all of them with it, unless a test wants to see it happen.
  var loading = HeadsLoading.byHand(atOnce: .max)
  private(set) var registry: Registry

  var path: String { ledger.path }

  convenience init(settle: Int = 0) throws { try self.init(at: Folder(), settle: settle) }

  /// On a ledger of which one cluster is loaded, and more where a test says so.
  convenience init(unloaded folder: Folder) throws { try self.init(at: folder, loading: .byHand(atOnce: 1)) }

  /// On the ledger of a folder, which is created where there is none.
  init(at folder: Folder, settle: Int = 0, loading: HeadsLoading = .byHand(atOnce: .max)) throws {
    self.folder = folder
    self.loading = loading
    ledger = try Ledger(path: folder.file("fairlead.db"))
    registry = try Self.registry(ledger, settle, loading, clock, incidents, reverts)
  }

  deinit { try? close() }

  /// A bench whose default subscription has every gate open: changes 1 to 4.
  static func ready() throws -> RegistryFixture {
    let bench = try RegistryFixture()
    try bench.call("feature.register", feature)
    try bench.call("provider.register", provider)
    return bench
  }

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
    ledger = try Ledger(path: path)
    registry = try Self.registry(ledger, settle, loading, clock, incidents, reverts)
  }

  private static func registry(
    _ ledger: Ledger, _ settle: Int, _ loading: HeadsLoading, _ clock: Clock, _ incidents: LogSpy,
    _ reverts: LogSpy
  ) throws -> Registry {
    try Registry(
      ledger: ledger, settleSeconds: settle, system: .system, now: { clock.now }, bootTime: { clock.boot },
      onRevert: { reverts.note("\($0.seq) \($0.subject)") }, loading: loading, log: { incidents.note($0) })
  }

  // MARK: Asking

  /// The result of a request. `subject` is short for the members that name it: `rg/web`, `sub/rg/web`,
  /// `Namespace/Feature`, `Namespace`, or an extension's name.
  @discardableResult
  func call(_ method: String, _ subject: String? = nil, _ params: String = "{}", as actor: Actor = .alice) throws
    -> JSON
  {
    defer { for line in incidents.taken() { Issue.record("\(method) \(subject ?? "") \(params): \(line)") } }
    return try ask(registry, method, subject, params, as: actor)
  }

  /// The error that a request is answered with, in the wire's shape. Its message starts with "cannot".
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

  /// Takes back what nobody confirmed by its deadline once `seconds` have passed, and answers the seconds that are left
  /// until the next one.
  @discardableResult
  func takeBack(after seconds: Int = 0) throws -> Int? {
    clock.advance(seconds)
    return try registry.revertDue().map { $0 / 1000 }
  }

  /// Takes the registration steps that are due once `seconds` have passed, and answers when the next one is.
  @discardableResult
  func settle(after seconds: Int = 0) throws -> String? {
    clock.advance(seconds)
    return try registry.settleDue()?.text
  }

  /// Loads all that is not in memory yet.
  func load() throws { while try registry.loadMore() {} }

  /// The number of the last change.
  var head: Int { registry.head }

  // MARK: Looking

  /// Rows of the file as another program sees them, printed like the stock shell does.
  func sql(_ query: String) throws -> [String] { try FairleadServiceTests.sql(path, query) }

  /// Every row of every table, as text.
  func tables() throws -> [String] { try FairleadServiceTests.tables(path) }
}

/// What the registry logged under an incident's number.
final class LogSpy: Sendable {
  private let lines = Mutex<[String]>([])

  func note(_ line: String) { lines.withLock { $0.append(line) } }

  /// What was logged since the last look.
  func taken() -> [String] {
    lines.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }
}

/// Asks `registry`, and answers what the wire would carry as its result.
func ask(
  _ registry: Registry, _ method: String, _ subject: String? = nil, _ params: String = "{}", as actor: Actor = .alice
) throws -> JSON {
  var object = subject.map { named($0, of: method) } ?? JSONObject()
  for member in try JSON(parsing: params).objectValue?.members ?? [] { object.append(member.key, member.value) }
  switch try Method.named(method).call(object) {
  case .change(let request, let options): return try registry.change(request, options, by: actor).json
  case .apply(let request): return try registry.apply(request, by: actor) { $0.json }.json
  case .read(let read): return try result(of: read, in: registry)
  case .watch: throw Refusal(.invalidRequest, "cannot watch without a connection")
  }
}

private func named(_ subject: String, of method: String) -> JSONObject {
  let keys: [String] =
    switch method.prefix(while: { $0 != "." }) {
    case "feature": ["namespace", "name"]
    case "provider": ["namespace"]
    case "extension": ["name"]
    default: ["resourceGroup", "name"]
    }
  let parts = subject.split(separator: "/").map(String.init)
  let names = parts.count > keys.count ? ["subscription"] + keys : keys
  return JSONObject(zip(names, parts).map { JSONObject.Member(key: $0, value: .string($1)) })
}

/// The reads that the service answers, as the server binds them.
private func result(of read: ReadRequest, in registry: Registry) throws -> JSON {
  switch read {
  case .cluster(let key, let moment): try registry.cluster(key, moment).json
  case .clusters(let filter, let page): text(try registry.clusters(filter, page)) { $0.json }
  case .history(let key, let page): numbers(try registry.history(key, page)) { $0.json }
  case .diff(let key, let from, let to): try registry.diff(key, from: from, to: to).json
  case .feature(let key): registry.feature(key).json
  case .features(let filter, let page): text(try registry.features(filter, page)) { $0.json }
  case .provider(let key): registry.provider(key).json
  case .providers(let filter, let page): text(try registry.providers(filter, page)) { $0.json }
  case .extension(let name): try registry.clientExtension(name).json
  case .extensions(let page): text(try registry.clientExtensions(page)) { $0.json }
  case .change(let seq): try registry.change(seq: seq).json
  case .changes(let filter, let page): numbers(try registry.changes(filter, page)) { $0.json }
  case .report(let seq): try registry.change(seq: seq).report.json
  case .describe, .health, .discover: .null
  }
}

private func text<Item>(_ listing: Listing<Item, String>, _ item: (Item) -> JSON) -> JSON {
  listing.json(item: item) { .string($0) }
}

private func numbers<Item>(_ listing: Listing<Item, Int>, _ item: (Item) -> JSON) -> JSON {
  listing.json(item: item) { .integer($0) }
}

// MARK: Looking into answers

extension JSON {
  /// The value at a dotted path, in which a number is an index: `report.findings.0.rule`.
  func at(_ path: String) -> JSON? {
    path.split(separator: ".").reduce(self) { value, step in
      guard let index = Int(step) else { return value?[String(step)] }
      return value?.arrayValue.flatMap { $0.indices.contains(index) ? $0[index] : nil }
    }
  }

  func string(_ path: String) -> String? { at(path)?.stringValue }
  func int(_ path: String) -> Int? { at(path)?.intValue }
  func bool(_ path: String) -> Bool? { at(path)?.boolValue }
  func items(_ path: String) -> [JSON] { at(path)?.arrayValue ?? [] }
  func strings(_ path: String) -> [String] { items(path).compactMap(\.stringValue) }

  /// The commands of a report's steps of one phase.
  func commands(_ phase: String) -> [String] {
    items("report.sequence").filter { $0["phase"]?.stringValue == phase }
      .flatMap { ($0["commands"]?.arrayValue ?? []).compactMap(\.stringValue) }
  }

  /// The kind of an error.
  var kind: String? { string("data.kind") }
  /// The message of an error.
  var message: String { string("message") ?? "" }
  var verdict: String? { string("report.verdict") }
  /// The rules of a report's findings; a standing one in parentheses.
  var rules: [String] {
    items("report.findings").map { $0["standing"] == true ? "(\($0.string("rule") ?? ""))" : $0.string("rule") ?? "" }
  }
  /// The rows of a report's diff, as `path: before -> after`.
  var diff: [String] {
    items("report.diff").map { "\($0.string("path") ?? ""): \($0["before"]?.text ?? "") -> \($0["after"]?.text ?? "")" }
  }
}

// MARK: Looking into files

private func readOnly<Value>(_ path: String, _ body: (Database) throws -> Value) throws -> Value {
  var configuration = Configuration()
  configuration.readonly = true
  return try DatabaseQueue(path: path, configuration: configuration).read(body)
}

/// Rows with their columns joined by '|', NULL as nothing.
func sql(_ path: String, _ query: String) throws -> [String] {
  try readOnly(path) { try Row.fetchAll($0, sql: query).map(printed) }
}

private func printed(_ row: Row) -> String {
  row.map { _, value in
    switch value.storage {
    case .null: ""
    case .int64(let number): String(number)
    case .double(let number): String(number)
    case .string(let text): text
    case .blob(let data): "\(data.count) bytes"
    }
  }
  .joined(separator: "|")
}

/// Every row of every table of a ledger, as text, in the order of the keys.
func tables(_ path: String) throws -> [String] {
  let orders = [
    "change": "seq", "revision": "cluster_key, revision", "cluster": "cluster_key", "feature": "feature_key",
    "provider": "provider_key", "extension": "extension_key",
  ]
  return try readOnly(path) { db in
    try orders.sorted { $0.key < $1.key }.flatMap { table, order in
      try Row.fetchAll(db, sql: "SELECT * FROM \(table) ORDER BY \(order)").map { "\(table) \(printed($0))" }
    }
  }
}

/// Executes as the stock shell would: with foreign keys off, and no idea of what a ledger is.
func execute(_ path: String, _ sql: String, inTransaction: Bool = true) throws {
  var configuration = Configuration()
  configuration.foreignKeysEnabled = false
  let queue = try DatabaseQueue(path: path, configuration: configuration)
  if inTransaction {
    try queue.write { try $0.execute(sql: sql) }
  } else {
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
  }
}

func bytes(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }
