// Heads: what is kept in memory is what the file says, however it came to be there.

import FairleadJSON
import FairleadModel
import FairleadService
import FairleadStore
import Foundation
import Testing

@Suite("Heads in memory")
struct HeadsTests {
  @Test(
    "After a random history, those that grew with it and those that are read at a start are the same",
    arguments: [5, 99])
  func same(seed: UInt64) throws {
    let bench = try Bench()
    var history = RandomHistory(seed: seed)
    try history.run(250, on: bench)
    var grown = Heads.empty
    for seq in 1...bench.head { grown.apply(try bench.registry.change(seq: seq)) }
    let read = try bench.ledger.read { try $0.heads() }
    #expect(read.seq == grown.seq)
    #expect(read.at == grown.at)
    #expect(read.nextSettle?.pending == grown.nextSettle?.pending)
    let keys = try bench.sql("SELECT subscription || '/' || resource_group || '/' || name FROM cluster").map {
      let parts = $0.split(separator: "/").map(String.init)
      return ClusterKey(subscription: parts[0], resourceGroup: parts[1], name: parts[2])
    }
    #expect(!keys.isEmpty)
    for key in keys {
      let (one, other) = (try #require(read.cluster(key)), try #require(grown.cluster(key)))
      #expect(String(decoding: one.text, as: UTF8.self) == String(decoding: other.text, as: UTF8.self))
      #expect(try one.cluster() == other.cluster())
      #expect(one.updatedSeq == other.updatedSeq && one.deleted == other.deleted)
    }
  }

  @Test("A line break that somebody put into a row does not break the protocol's line")
  func lineBreak() throws {
    let bench = try Bench.ready()
    try bench.call("cluster.create", "rg/web", #"{"labels":{"a":"b"}}"#)
    let before = try bench.call("cluster.get", "rg/web").text
    try bench.close()
    try execute(bench.path, #"UPDATE cluster SET labels = '{' || char(10) || ' "a": "b" }'"#)
    try bench.open()
    #expect(try bench.call("cluster.get", "rg/web").text == before)
    #expect(try bench.registry.clusterText(ClusterKey(resourceGroup: "rg", name: "web")) == Array(before.utf8))
  }
}
