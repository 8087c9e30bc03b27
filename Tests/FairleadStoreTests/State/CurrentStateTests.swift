// The current state and its warm-up: a merge keeps newer entries, and entries are encoded like clusters on the wire.

import FairleadModel
import FairleadStore
import LedgerTestSupport
import Testing

@Suite("The current state")
struct CurrentStateTests {
  let fixture: LedgerFixture

  init() throws { fixture = try LedgerFixture() }

  private func key(_ name: String) -> ClusterKey { ClusterKey(resourceGroup: "rg", name: name) }

  /// The last change of a cluster in memory.
  private func updatedSeq(_ name: String, in state: CurrentState) -> Int? {
    guard case .entry(let entry) = state.cluster(key(name)) else { return nil }
    return entry?.updatedSeq
  }

  @Test(
    "a merge keeps a change that was recorded after the warm-up read its cluster, whether the warm-up caught up or not")
  func newer() throws {
    let created = try ["a", "b", "c"].map { try fixture.create($0).seq }
    var (state, warmup, _) = try fixture.ledger.read { try $0.currentState(chunk: 1) }
    for _ in 1...3 { try fixture.ledger.read { try warmup?.read(1, from: $0) } }
    let first = try fixture.label("a", ["a": "b"])
    state.apply(first)
    warmup?.catchUp(with: state)
    let second = try fixture.label("b", ["a": "b"])
    state.apply(second)
    state.merge(try #require(warmup))
    #expect(state.isComplete)
    #expect(["a", "b", "c"].map { updatedSeq($0, in: state) } == [first.seq, second.seq, created[2]])
  }

  @Test("a warm-up that is incomplete, or of another state, is not merged")
  func otherState() throws {
    for name in ["a", "b"] { try fixture.create(name) }
    var (state, warmup, _) = try fixture.ledger.read { try $0.currentState(chunk: 1) }
    state.merge(try #require(warmup))
    #expect(!state.isComplete)
    try fixture.create("c")
    var (later, laterWarmup, _) = try fixture.ledger.read { try $0.currentState(chunk: 1) }
    for _ in 1...2 { try fixture.ledger.read { try warmup?.read(1, from: $0) } }
    for _ in 1...3 { try fixture.ledger.read { try laterWarmup?.read(1, from: $0) } }
    later.merge(try #require(warmup))
    #expect(!later.isComplete)
    later.merge(try #require(laterWarmup))
    #expect(later.isComplete)
  }

  @Test("a cluster that is not read yet is unknown to memory, and does not exist once memory is complete")
  func notLoaded() throws {
    for name in ["a", "b"] { try fixture.create(name) }
    let (partial, _, _) = try fixture.ledger.read { try $0.currentState(chunk: 1) }
    guard case .notLoaded = partial.cluster(key("nobody")) else {
      Issue.record("an incomplete state knows that there is no such cluster")
      return
    }
    #expect(try fixture.ledger.read { try partial.cluster(key("b"), in: $0) }?.updatedSeq == 2)
    let (complete, rest, _) = try fixture.ledger.read { try $0.currentState(chunk: 3) }
    #expect(rest == nil)
    guard case .entry(nil) = complete.cluster(key("nobody")) else {
      Issue.record("a complete state has to be asked no further")
      return
    }
  }

  @Test("a line break that another program wrote into a row does not split the protocol's line")
  func lineBreak() throws {
    try fixture.create("web", labels: ["a": "b"])
    let before = try fixture.ledger.read { try $0.clusterEntry(key("web")) }?.text
    try fixture.close()
    try execute(fixture.path, #"UPDATE cluster SET labels = '{' || char(10) || ' "a": "b" }'"#)
    try fixture.open()
    let after = try fixture.ledger.read { try $0.clusterEntry(key("web")) }?.text
    #expect(after != nil && after == before)
  }
}
