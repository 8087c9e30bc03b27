// Reads of a cluster's history: what they answer, and that they cost the same however long it is.

import FairleadModel
import LedgerTestSupport
import Testing

@testable import FairleadStore

@Suite("A long history")
struct LongHistoryTests {
  let fixture: LedgerFixture

  init() throws { fixture = try .withWeb() }

  /// Gives the cluster `count` configurations with kube-proxy disabled, no two alike in a row.
  private func disable(_ count: Int) throws {
    try fixture.grow("web", by: count) { cluster, _ in
      cluster.config = KubeProxyConfig(enabled: false, mode: cluster.config.mode == .ipvs ? .nftables : .ipvs)
    }
  }

  private func enable(_ mode: ProxyMode) throws {
    try fixture.grow("web", by: 1) { cluster, _ in cluster.config = KubeProxyConfig(mode: mode) }
  }

  private func revision() throws -> Int {
    try fixture.ledger.read { try $0.cluster(LedgerFixture.web)?.revision ?? 0 }
  }

  // MARK: The last mode

  private func lastMode() throws -> ProxyMode? {
    let revision = try revision()
    return try fixture.ledger.read { try $0.lastMode(of: LedgerFixture.web, upTo: revision) }
  }

  @Test("The mode that ran last is found among the last revisions; where none of them ran, none is known")
  func lastModeAnswers() throws {
    // A cluster is created with the defaults.
    #expect(try lastMode() == .iptables)
    try enable(.nftables)
    #expect(try lastMode() == .nftables)
    try disable(1)
    #expect(try lastMode() == .nftables)
    try disable(Limits.lastModeRevisions - 2)
    #expect(try lastMode() == .nftables)
    try disable(1)
    #expect(try lastMode() == nil)
    try enable(.ipvs)
    try disable(1)
    #expect(try lastMode() == .ipvs)
  }

  @Test("The mode that ran last is of a revision up to the one that is asked for")
  func lastModeOfState() throws {
    try disable(1)
    let revision = try revision()
    try enable(.nftables)
    #expect(try fixture.ledger.read { try $0.lastMode(of: LedgerFixture.web, upTo: revision) } == .iptables)
  }

  @Test("The mode that ran last costs the same, however long the history is")
  func lastModeCost() throws {
    func steps() throws -> Int {
      let revision = try revision()
      return try fixture.steps { _ = try $0.lastMode(of: LedgerFixture.web, upTo: revision) }
    }
    try disable(200)
    let short = try steps()
    try disable(2000)
    #expect(try steps() == short)
  }

  // MARK: Timeouts

  @Test("The documents that set timeouts cost the same, however long the history is")
  func timeoutsCost() throws {
    func setTimeouts(_ count: Int) throws {
      try fixture.grow("web", by: count) { cluster, number in
        cluster.config = KubeProxyConfig(mode: .ipvs, ipvs: IPVSConfig(timeouts: [.tcp: 100 + number % 2]))
      }
    }
    func steps() throws -> (count: Int, documents: Int) {
      let revision = try revision()
      var documents = 0
      let count = try fixture.steps {
        documents = try $0.documentsWithTimeouts(of: LedgerFixture.web, upTo: revision).count
      }
      return (count, documents)
    }
    try setTimeouts(200)
    let short = try steps()
    #expect(short.documents == Limits.timeoutRevisions)
    try setTimeouts(2000)
    #expect(try steps() == short)
  }

  @Test(
    "Both walk a range of the revisions' key, the newest first, and sort nothing",
    arguments: [LedgerReader.lastModeSQL, LedgerReader.timeoutsSQL])
  func plan(sql: String) throws {
    let plan = try fixture.sql("EXPLAIN QUERY PLAN " + sql.replacing("?", with: "1"))
    #expect(plan.count == 2)
    #expect(
      plan.first?.contains("SEARCH revision USING PRIMARY KEY (cluster_key=? AND revision>? AND revision<?)") == true,
      "\(plan)")
    #expect(plan.last?.contains("SEARCH change USING INTEGER PRIMARY KEY (rowid=?)") == true, "\(plan)")
  }

  // MARK: Times

  @Test("At each time the last change is found, as if all of them were looked at, also among changes of others")
  func times() throws {
    for count in [1, 2, 3, 20] {
      try fixture.create("other\(count)")
      try fixture.grow("other\(count)", by: count) { cluster, number in cluster.labels = Labels(["n": "\(number)"]) }
      try disable(count)
    }
    let all = try fixture.ledger.read { try $0.lastChanges(of: LedgerFixture.web, after: 0, limit: .max) }
    #expect(all.count == 27)
    let end = try #require(all.last?.at)
    var time = LedgerFixture.time.adding(seconds: -2)
    while time < end.adding(seconds: 3) {
      let expected = all.last { $0.at <= time }
      #expect(
        try fixture.ledger.read { try $0.change(of: LedgerFixture.web, at: time) }?.seq == expected?.seq, "\(time.text)"
      )
      time = time.adding(milliseconds: 500)
    }
    #expect(
      try fixture.ledger.read { try $0.change(of: ClusterKey(resourceGroup: "rg", name: "nobody"), at: end) } == nil)
  }

  @Test("A time costs a look or two more for a history of ten times the length, wherever it is")
  func timesCost() throws {
    func most() throws -> Int {
      let last = try fixture.lastSeq() / 3
      return try [-1, 0, 1, last / 2, last - 1, last, last + 1].map { seconds in
        try fixture.steps { _ = try $0.change(of: LedgerFixture.web, at: LedgerFixture.time.adding(seconds: seconds)) }
      }.max() ?? 0
    }
    try disable(200)
    let short = try most()
    try disable(2000)
    #expect(try most() < 2 * short)
  }
}
