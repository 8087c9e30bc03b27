// What became of a change that waited to be confirmed, in histories of any length.

import FairleadModel
import FairleadStore
import Testing

@Suite("The end of a wait")
struct EndedConfirmTests {
  let fixture: LedgerFixture

  init() throws { fixture = try .withWeb() }

  private func label(_ count: Int) throws {
    guard count > 0 else { return }
    try fixture.grow("web", by: count) { cluster, number in
      cluster.labels = Labels(["n": "\(cluster.updatedSeq) \(number)"])
    }
  }

  /// Changes the configuration, which waits from then on, and returns the number of the change.
  private func arm() throws -> Int {
    try fixture.grow("web", by: 1) { cluster, _ in
      cluster.config = KubeProxyConfig(mode: cluster.config.mode == .ipvs ? .nftables : .ipvs)
      cluster.pendingConfirm = PendingConfirm(
        seq: cluster.updatedSeq, revision: cluster.revision + 1, restores: cluster.revision,
        deadline: LedgerFixture.time.adding(seconds: 600), bootDeadline: nil)
    }
    return try fixture.lastSeq()
  }

  /// Ends the wait as a confirm does, and returns the number of the change.
  private func confirm() throws -> Int {
    try fixture.grow("web", by: 1) { cluster, _ in cluster.pendingConfirm = nil }
    return try fixture.lastSeq()
  }

  private func ended(_ seq: Int? = nil, of key: ClusterKey = LedgerFixture.web) throws -> EndedConfirm {
    try fixture.ledger.read { try $0.endedConfirm(of: key, seq: seq) }
  }

  private func expectEnded(_ seq: Int?, armed: Int, end: Int, at location: SourceLocation = #_sourceLocation) throws {
    guard case .ended(let pending, by: let change) = try ended(seq) else {
      Issue.record("\(seq ?? 0): not found", sourceLocation: location)
      return
    }
    #expect(pending.seq == armed, sourceLocation: location)
    #expect(change.seq == end, sourceLocation: location)
  }

  @Test(
    "is found by the number of the change that waited, whatever was recorded before, during and after the wait",
    arguments: [0, 1, 2, 30, 63, 64, 300])
  func byNumber(others: Int) throws {
    try label(others)
    let first = try arm()
    try label(others)
    let firstEnd = try confirm()
    try label(others)
    // A change that waits after another one ends the wait of that one.
    let second = try arm()
    let third = try arm()
    try label(others)
    let thirdEnd = try confirm()
    try label(others)
    try expectEnded(first, armed: first, end: firstEnd)
    try expectEnded(second, armed: second, end: third)
    try expectEnded(third, armed: third, end: thirdEnd)
    for other in [1, firstEnd, thirdEnd] + (others > 0 ? [first - 1, first + 1, thirdEnd + 1] : []) {
      #expect(try ended(other) == .never, "\(other)")
    }
  }

  @Test("without a number is that of the last change that waited, among the last changes of the cluster")
  func last() throws {
    _ = try (arm(), confirm())
    let (armed, end) = try (arm(), confirm())
    try expectEnded(nil, armed: armed, end: end)
    // The one that armed is the last of those that are looked at.
    try label(Limits.endedConfirmChanges - 2)
    try expectEnded(nil, armed: armed, end: end)
    try label(1)
    #expect(try ended() == .notAmongTheLast)
    try expectEnded(armed, armed: armed, end: end)
  }

  @Test("of a cluster that never waited, of another cluster's change, and of a number that is none, is none")
  func none() throws {
    try fixture.create("api")
    let (armed, _) = try (arm(), confirm())
    let api = ClusterKey(resourceGroup: "rg", name: "api")
    #expect(try ended(of: api) == .never)
    #expect(try ended(of: ClusterKey(resourceGroup: "rg", name: "other")) == .never)
    #expect(try ended(armed, of: api) == .never)
    for number in [Int.min, -1, 0, 1_000_000, Int.max] { #expect(try ended(number) == .never, "\(number)") }
  }

  @Test("costs the same, or a look more for twice the history, however long that is")
  func cost() throws {
    func steps(_ seq: Int?) throws -> Int {
      try fixture.steps { _ = try $0.endedConfirm(of: LedgerFixture.web, seq: seq) }
    }
    let short = try arm()
    try label(200)
    let shortEnd = try confirm()
    try label(200)
    let (last, number) = try (steps(nil), steps(short))
    let long = try arm()
    try label(2000)
    let longEnd = try confirm()
    try label(2000)
    #expect(try steps(nil) == last)
    try expectEnded(short, armed: short, end: shortEnd)
    try expectEnded(long, armed: long, end: longEnd)
    #expect(try steps(short) < 2 * number)
    #expect(try steps(long) < 2 * number)
    #expect(try steps(shortEnd) < number)
  }
}
