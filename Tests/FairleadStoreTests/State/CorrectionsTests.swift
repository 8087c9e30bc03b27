// Clusters that memory takes from the log, since their rows say something else.

import ExactJSON
import FairleadModel
import LedgerTestSupport
import Testing

@testable import FairleadStore

@Suite("Corrections")
struct CorrectionsTests {
  let fixture: LedgerFixture

  init() throws {
    fixture = try LedgerFixture()
    for name in ["a", "b", "c", "d"] { try fixture.create(name) }
  }

  private func key(_ name: String) -> String { "default/rg/\(name)" }

  @Test("are handed out between two keys, in order, and without those that have changed or that the log does not have")
  func ranges() throws {
    let next = try fixture.makeCreate("c")
    try fixture.ledger.read { reader in
      var (state, _, _) = try reader.currentState(chunk: .max)
      for name in ["d", "b", "a", "c"] { state.correct(key(name), try reader.loggedCluster(key(name))) }
      state.correct(key("bb"), nil)
      #expect(state.corrections.entries(after: "", through: nil).map(\.folded) == ["a", "b", "c", "d"].map(key))
      #expect(state.corrections.entries(after: key("a"), through: key("c")).map(\.folded) == ["b", "c"].map(key))
      #expect(state.corrections.entries(after: key("d"), through: nil).isEmpty)
      #expect(state.corrections.contains(key("bb")) && state.corrections.entry(key("bb")) == nil)
      state.apply(next)
      #expect(state.corrections.entries(after: key("a"), through: nil).map(\.folded) == ["b", "d"].map(key))
      #expect(!state.corrections.contains(key("c")))
    }
  }

  @Test("outlast a warm-up that reads the rows")
  func warmup() throws {
    try execute(
      fixture.path,
      "INSERT INTO cluster SELECT 'default/rg/z', subscription, resource_group, 'z', revision, config, effective, facts, labels, "
        + "created_at, updated_at, updated_seq, deleted, NULL, NULL, NULL, NULL, NULL, NULL FROM cluster WHERE name = 'a'"
    )
    try fixture.ledger.read { reader in
      var (state, warmup, _) = try reader.currentState(chunk: 1)
      let logged = try reader.loggedCluster(key("c"))
      state.correct(key("c"), logged)
      state.correct(key("z"), nil)
      let z = ClusterKey(resourceGroup: "rg", name: "z")
      func expectCorrected() {
        guard case .entry(nil) = state.cluster(z) else { return #expect(Bool(false), "z is not corrected") }
        guard case .entry(let c?) = state.cluster(ClusterKey(resourceGroup: "rg", name: "c")) else {
          return #expect(Bool(false), "c is not corrected")
        }
        #expect(c === logged)
      }
      expectCorrected()
      while warmup?.isComplete == false { try warmup?.read(100, from: reader) }
      state.merge(try #require(warmup))
      #expect(state.isComplete)
      expectCorrected()
    }
  }

  @Test(
    "the clusters of the last changes are found by the numbers of the changes, and not in an index of the whole log")
  func changedClusters() throws {
    let plan = try fixture.sql(
      "EXPLAIN QUERY PLAN " + LedgerReader.changedClustersSQL.replacing("?", with: "'1'"))
    #expect(plan.first?.contains("SEARCH change USING INTEGER PRIMARY KEY (rowid>?)") == true, "\(plan)")
    #expect(
      try fixture.ledger.read { try $0.changedClusters(after: 2, keysAfter: "", through: key("c")) } == [key("c")])
  }
}
