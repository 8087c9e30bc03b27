// What a plan reads of the file, and what that keeps others from.

import FairleadModel
import FairleadStore
import Testing

@testable import FairleadService

@Suite("What a plan is made on")
struct ReadViewTests {
  @Test(
    "a plan that takes long lets WAL checkpoints through, and any other has one snapshot", arguments: [true, false])
  func snapshot(isLong: Bool) throws {
    let fixture = try RegistryFixture.ready()
    try fixture.call("cluster.create", "rg/web")
    let seq = fixture.lastSeq
    try fixture.registry.published.withReadView(isLong: isLong) { view in
      #expect(try view.read { try $0.logEnd().seq } == seq)
      try fixture.call("cluster.update", "rg/web", #"{"labels":{"a":"b"}}"#)
      #expect(view.state.seq == seq)
      #expect(try view.read { try $0.logEnd().seq } == (isLong ? seq + 1 : seq))
      #expect(try (fixture.ledger.checkpoint().waiting == 0) == isLong)
    }
  }
}
