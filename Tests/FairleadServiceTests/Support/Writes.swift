// Writes for the tests of queue and channel, which need neither a thread nor a registry.

import FairleadModel
import FairleadStore
import Testing

@testable import FairleadService

extension PendingWrite {
  /// A write that is known by its number: its process id has it.
  static func numbered(_ number: Int, bytes: Int = 0) -> PendingWrite {
    PendingWrite(
      .settle { _ in }, by: Actor(uid: 0, gid: 0, pid: Int32(number), name: "test"),
      arrival: Clocks(wall: Clock.start, boot: nil), bytes: bytes)
  }

  var number: Int { Int(actor.pid) }
}
