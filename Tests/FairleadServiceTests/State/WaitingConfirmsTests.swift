// What a health check says about changes that wait to be confirmed, from memory, against the file.

import ExactJSON
import FairleadModel
import FairleadService
import Testing

@Suite("The changes that wait to be confirmed, in memory")
struct WaitingConfirmsTests {
  let fixture: RegistryFixture

  init() throws {
    fixture = try .ready()
    for name in ["a", "b", "c"] {
      try fixture.call(
        "cluster.create", "rg/\(name)",
        #"{"config":{"mode":"IPTABLES"},"facts":{"kubernetesVersion":"1.34"}}"#)
    }
  }

  private func arm(_ name: String, seconds: Int) throws {
    try fixture.call(
      "cluster.update", "rg/\(name)", #"{"config":{"mode":"NFTABLES"},"confirmWithinSeconds":\#(seconds)}"#)
  }

  /// How many wait, once memory and file are seen to agree on it and on the first deadline.
  private func pending(_ location: SourceLocation = #_sourceLocation) throws -> Int {
    let pending = fixture.registry.pendingConfirms
    #expect(
      try fixture.sql("SELECT count(*), min(confirm_deadline) FROM cluster WHERE confirm_deadline IS NOT NULL")
        == ["\(pending.count)|\(pending.first?.text ?? "")"], sourceLocation: location)
    return pending.count
  }

  @Test("they are counted, the earliest deadline first, whichever way a wait ends")
  func ends() throws {
    #expect(try pending() == 0)
    try arm("a", seconds: 600)
    try arm("b", seconds: 60)
    try arm("c", seconds: 300)
    #expect(try pending() == 3)
    try fixture.call("cluster.confirm", "rg/b")
    #expect(try pending() == 2)
    try fixture.call("cluster.rollback", "rg/c", #"{"toRevision":1}"#)
    #expect(try pending() == 1)
    try fixture.revertDue(after: 600)
    #expect(try pending() == 0)
  }

  @Test("a deadline that ended and one that was set again are not mixed up")
  func again() throws {
    for seconds in [50, 500, 50, 40] {
      try arm("a", seconds: seconds)
      try arm("b", seconds: 100)
      #expect(try pending() == 2)
      for name in ["a", "b"] { try fixture.call("cluster.rollback", "rg/\(name)", #"{"toRevision":1}"#) }
      #expect(try pending() == 0)
    }
  }

  @Test("they are read from the file at a start")
  func restart() throws {
    try arm("a", seconds: 600)
    try arm("b", seconds: 60)
    try fixture.reopen()
    #expect(try pending() == 2)
    try fixture.call("cluster.confirm", "rg/b")
    #expect(try pending() == 1)
  }
}
