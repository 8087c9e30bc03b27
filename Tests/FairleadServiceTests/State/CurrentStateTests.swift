// The state in memory equals the file's, whether it grew with the changes or was read from the file.

import ExactJSON
import FairleadModel
import FairleadService
import Foundation
import LedgerTestSupport
import Testing

@testable import FairleadStore

@Suite("CurrentState in memory")
struct CurrentStateTests {
  @Test(
    "After a random history, the state in memory equals the one that a start reads",
    arguments: [5, 99])
  func same(seed: UInt64) throws {
    let fixture = try RegistryFixture()
    var history = RandomHistory(seed: seed)
    try history.run(250, on: fixture)
    var grown = CurrentState.empty
    for seq in 1...fixture.lastSeq { grown.apply(try fixture.registry.change(seq: seq)) }
    let read = try fixture.ledger.read { try $0.currentState(chunk: .max).state }
    #expect(read.seq == grown.seq)
    #expect(read.at == grown.at)
    #expect(read.nextSettle?.pending == grown.nextSettle?.pending)
    let keys = try fixture.sql("SELECT subscription || '/' || resource_group || '/' || name FROM cluster").map {
      let parts = $0.split(separator: "/").map(String.init)
      return ClusterKey(subscription: parts[0], resourceGroup: parts[1], name: parts[2])
    }
    #expect(!keys.isEmpty)
    for key in keys {
      let (one, other) = (try #require(read.loaded(key)), try #require(grown.loaded(key)))
      #expect(String(decoding: one.text, as: UTF8.self) == String(decoding: other.text, as: UTF8.self))
      #expect(try one.cluster(named: key) == other.cluster(named: key))
      #expect(one.updatedSeq == other.updatedSeq && one.deleted == other.deleted)
    }
  }

  @Test("So does the state that a warm-up reads in chunks of any size", arguments: [1, 2, 7, 1000])
  func chunks(chunk: Int) throws {
    let fixture = try RegistryFixture()
    var history = RandomHistory(seed: 31)
    try history.run(120, on: fixture)
    try fixture.ledger.read { reader in
      let whole = try reader.currentState(chunk: .max).state
      var (state, warmup, _) = try reader.currentState(chunk: chunk)
      while var next = warmup, !next.isComplete {
        try next.read(chunk, from: reader)
        warmup = next
      }
      if let warmup { state.merge(warmup) }
      #expect(state.isComplete && whole.isComplete)
      for text in try fixture.sql("SELECT cluster_key FROM cluster") {
        let parts = text.split(separator: "/").map(String.init)
        let key = ClusterKey(subscription: parts[0], resourceGroup: parts[1], name: parts[2])
        let (one, other) = (try #require(state.loaded(key)), try #require(whole.loaded(key)))
        #expect(one.text == other.text && one.pendingConfirm == other.pendingConfirm)
        #expect(try reader.clusterEntry(key)?.text == one.text)
      }
    }
  }
}

extension CurrentState {
  /// The entry of a cluster in memory.
  fileprivate func loaded(_ key: ClusterKey) -> ClusterEntry? {
    guard case .entry(let head) = cluster(key) else { return nil }
    return head
  }
}
