// A ledger on a real file, to which tests append changes without a registry.

import DaemonTestSupport
import ExactJSON
import FairleadModel
import FairleadStore
import LedgerTestSupport

/// A ledger on a new file, which can be closed and opened again.
final class LedgerFixture {
  static let time = Timestamp(milliseconds: 1_795_000_000_000)
  static let web = ClusterKey(resourceGroup: "rg", name: "web")
  private static let alice = Actor(uid: 1000, gid: 1000, pid: 4242, name: "alice")

  let folder: Scratch
  private(set) var ledger: Ledger
  private var isOpen = true

  var path: String { ledger.path }

  /// On the ledger of a folder, which is created where there is none.
  init(at folder: Scratch) throws {
    self.folder = folder
    ledger = try Ledger(path: folder.file("fairlead.db"))
  }

  convenience init() throws { try self.init(at: Scratch()) }

  /// With the cluster `web`.
  static func withWeb() throws -> LedgerFixture {
    let fixture = try LedgerFixture()
    try fixture.create("web")
    return fixture
  }

  deinit { try? close() }

  func close() throws {
    guard isOpen else { return }
    isOpen = false
    try ledger.close()
  }

  /// Opens the ledger after a close.
  func open() throws {
    isOpen = true
    ledger = try Ledger(path: path)
  }

  /// The number of the last change.
  func lastSeq() throws -> Int { try ledger.read { try $0.logEnd().seq } }

  func change(_ seq: Int) throws -> Change? { try ledger.read { try $0.change(seq: seq) } }

  // MARK: Changes

  /// Appends a change that creates `rg/<name>`, and returns it.
  @discardableResult
  func create(_ name: String, labels: [String: String] = [:], requestID: String? = nil) throws -> Change {
    try append(makeCreate(name, labels: labels, requestID: requestID))
  }

  /// The same change without appending it.
  func makeCreate(_ name: String, labels: [String: String] = [:], requestID: String? = nil) throws -> Change {
    try make("cluster.create", requestID: requestID) { seq in
      var cluster = Cluster(
        key: ClusterKey(resourceGroup: "rg", name: name), revision: 1, config: .empty, createdAt: Self.time,
        updatedAt: Self.time, updatedSeq: seq)
      cluster.labels = Labels(labels)
      return (cluster, Self.revision(of: cluster, .create))
    }
  }

  /// Appends a change that gives `rg/<name>` a new revision in `mode`, which waits to be confirmed if `pending` says so.
  @discardableResult
  func update(
    _ name: String, mode: ProxyMode, pending: ((_ seq: Int, _ revision: Int) -> PendingConfirm)? = nil
  ) throws -> Change {
    try append(
      make("cluster.update") { seq in
        var cluster = try self.cluster(name)
        cluster.revision += 1
        cluster.config = KubeProxyConfig(mode: mode)
        cluster.updatedSeq = seq
        cluster.pendingConfirm = pending?(seq, cluster.revision)
        return (cluster, Self.revision(of: cluster, .update))
      })
  }

  /// Appends a change that sets labels of `rg/<name>`, which makes no revision.
  @discardableResult
  func label(_ name: String, _ labels: [String: String]) throws -> Change {
    try append(
      make("cluster.update") { seq in
        var cluster = try self.cluster(name)
        cluster.labels = Labels(labels)
        cluster.updatedSeq = seq
        return (cluster, nil)
      })
  }

  /// Appends `count` changes of `rg/<name>` in one transaction, up to three of them at one time. Each begins as the cluster after the
  /// one before it, with its own number in `updatedSeq`, and is a revision where `step` changes the configuration.
  func grow(_ name: String, by count: Int, _ step: (_ cluster: inout Cluster, _ number: Int) -> Void) throws {
    var cluster = try cluster(name)
    let last = try lastSeq()
    var changes: [Change] = []
    for number in 1...count {
      let before = cluster
      cluster.updatedSeq = last + number
      step(&cluster, number)
      let isRevision = cluster.config != before.config
      if isRevision { cluster.revision += 1 }
      changes.append(
        Self.change(
          cluster.updatedSeq, "cluster.update", at: Self.time.adding(seconds: cluster.updatedSeq / 3), cluster,
          isRevision ? Self.revision(of: cluster, .update) : nil))
    }
    try ledger.write { writer in
      for change in changes { try writer.append(change, report: change.report.text) }
    }
  }

  private func cluster(_ name: String) throws -> Cluster {
    let key = ClusterKey(resourceGroup: "rg", name: name)
    guard let cluster = try ledger.read({ try $0.cluster(key) }) else { throw NoSuchCluster(name: name) }
    return cluster
  }

  private struct NoSuchCluster: Error { let name: String }

  private func append(_ change: Change) throws -> Change {
    try ledger.write { try $0.append(change, report: change.report.text) }
    return change
  }

  private func make(
    _ method: String, requestID: String? = nil, _ effects: (_ seq: Int) throws -> (Cluster, Revision?)
  ) throws -> Change {
    let seq = try lastSeq() + 1
    let (cluster, revision) = try effects(seq)
    return Self.change(seq, method, requestID: requestID, at: Self.time, cluster, revision)
  }

  private static func change(
    _ seq: Int, _ method: String, requestID: String? = nil, at: Timestamp, _ cluster: Cluster, _ revision: Revision?
  ) -> Change {
    let subject = cluster.key.display
    return Change(
      seq: seq, at: at, method: method, kind: .cluster, subject: subject, actor: alice, message: nil,
      requestID: requestID, params: JSON.object(JSONObject()),
      report: Report(
        seq: seq, subject: subject, verdict: .none, summary: "\(method) \(subject)", affected: Affected(clusters: 1)),
      effects: Effects(cluster: cluster, revision: revision))
  }

  private static func revision(of cluster: Cluster, _ origin: Origin) -> Revision {
    Revision(
      revision: cluster.revision, baseRevision: origin == .create ? nil : cluster.revision - 1, origin: origin,
      config: cluster.config, seq: cluster.updatedSeq, at: time, actor: alice, message: nil, restores: nil)
  }

  // MARK: The file

  /// Rows of the file as another program sees them, printed like the sqlite3 shell does.
  func sql(_ query: String) throws -> [String] { try LedgerTestSupport.sql(path, query) }

  /// Every row of every table, as text.
  func tables() throws -> [String] { try LedgerTestSupport.tables(path) }
}

/// The text of a migration.
func migration(_ name: String) throws -> String { try Repository.text("migrations/\(name)") }
