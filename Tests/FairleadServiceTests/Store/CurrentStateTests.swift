// CurrentState: what is kept in memory is what the file says, however it came to be there.

import ExactJSON
import FairleadModel
import FairleadService
import Foundation
import Testing

@testable import FairleadStore

@Suite("CurrentState in memory")
struct CurrentStateTests {
  @Test(
    "After a random history, those that grew with it and those that are read at a start are the same",
    arguments: [5, 99])
  func same(seed: UInt64) throws {
    let bench = try RegistryFixture()
    var history = RandomHistory(seed: seed)
    try history.run(250, on: bench)
    var grown = CurrentState.empty
    for seq in 1...bench.head { grown.apply(try bench.registry.change(seq: seq)) }
    let read = try bench.ledger.read { try $0.heads(atOnce: .max).heads }
    #expect(read.seq == grown.seq)
    #expect(read.at == grown.at)
    #expect(read.nextSettle?.pending == grown.nextSettle?.pending)
    let keys = try bench.sql("SELECT subscription || '/' || resource_group || '/' || name FROM cluster").map {
      let parts = $0.split(separator: "/").map(String.init)
      return ClusterKey(subscription: parts[0], resourceGroup: parts[1], name: parts[2])
    }
    #expect(!keys.isEmpty)
    for key in keys {
      let (one, other) = (try #require(read.loaded(key)), try #require(grown.loaded(key)))
      #expect(String(decoding: one.text, as: UTF8.self) == String(decoding: other.text, as: UTF8.self))
      #expect(try one.cluster() == other.cluster())
      #expect(one.updatedSeq == other.updatedSeq && one.deleted == other.deleted)
    }
  }

  @Test("Those that are loaded so many at a time are the same as well", arguments: [1, 2, 7, 1000])
  func parts(atOnce: Int) throws {
    let bench = try RegistryFixture()
    var history = RandomHistory(seed: 31)
    try history.run(120, on: bench)
    try bench.ledger.read { reader in
      let whole = try reader.heads(atOnce: .max).heads
      var (heads, load) = try reader.heads(atOnce: atOnce)
      while var next = load, !next.isComplete {
        try next.read(atOnce, from: reader)
        load = next
      }
      if let load { heads.merge(load) }
      #expect(heads.isComplete && whole.isComplete)
      for text in try bench.sql("SELECT cluster_key FROM cluster") {
        let parts = text.split(separator: "/").map(String.init)
        let key = ClusterKey(subscription: parts[0], resourceGroup: parts[1], name: parts[2])
        let (one, other) = (try #require(heads.loaded(key)), try #require(whole.loaded(key)))
        #expect(one.text == other.text && one.pendingConfirm == other.pendingConfirm)
        #expect(try reader.clusterEntry(key)?.text == one.text)
      }
    }
  }

  @Test("What changed after a load was read, or after it caught up, stays as it is now")
  func changedMeanwhile() throws {
    let bench = try RegistryFixture.ready()
    let keys = ["a", "b", "c"].map { ClusterKey(resourceGroup: "rg", name: $0) }
    for name in ["a", "b", "c"] { try bench.call("cluster.create", "rg/\(name)") }
    var (heads, load) = try bench.ledger.read { try $0.heads(atOnce: 1) }
    for _ in 1...3 { try bench.ledger.read { try load?.read(1, from: $0) } }
    let other = try bench.ledger.read { try Warmup(for: $0.heads(atOnce: 1).heads) }
    for name in ["a", "b"] {
      try bench.call("cluster.update", "rg/\(name)", #"{"labels":{"a":"b"}}"#)
      heads.apply(try bench.registry.change(seq: bench.head))
      if name == "a" { load?.catchUp(with: heads) }
    }
    heads.merge(try #require(other))
    #expect(!heads.isComplete)
    heads.merge(try #require(load))
    #expect(heads.isComplete)
    #expect(keys.map { heads.loaded($0)?.updatedSeq } == [8, 9, 7])
  }

  @Test("A line break that somebody put into a row does not break the protocol's line")
  func lineBreak() throws {
    let bench = try RegistryFixture.ready()
    try bench.call("cluster.create", "rg/web", #"{"labels":{"a":"b"}}"#)
    let before = try bench.call("cluster.get", "rg/web").text
    try bench.close()
    try execute(bench.path, #"UPDATE cluster SET labels = '{' || char(10) || ' "a": "b" }'"#)
    try bench.open()
    #expect(try bench.call("cluster.get", "rg/web").text == before)
    #expect(try bench.registry.clusterText(ClusterKey(resourceGroup: "rg", name: "web")) == Array(before.utf8))
  }
}

extension CurrentState {
  /// The head of a cluster that is in memory.
  fileprivate func loaded(_ key: ClusterKey) -> ClusterEntry? {
    guard case .entry(let head) = cluster(key) else { return nil }
    return head
  }
}
