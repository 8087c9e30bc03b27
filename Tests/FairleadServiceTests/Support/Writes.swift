// Writes for the tests of queue and channel, which need neither a thread nor a registry.

import ExactJSON
import FairleadModel
import FairleadStore
import Testing

@testable import FairleadService

extension PendingWrite {
  /// A write that is known by its number: its process id has it.
  static func numbered(_ number: Int, bytes: Int = 0, from sender: AnyObject? = nil) -> PendingWrite {
    PendingWrite(
      .settle { _ in {} }, by: Actor(uid: 0, gid: 0, pid: Int32(number), name: "test"),
      arrival: Clocks(wall: Clock.start, boot: nil), bytes: bytes, from: sender.map(ObjectIdentifier.init))
  }

  /// An apply of so many changes, whose number is the same.
  static func apply(changes: Int) -> PendingWrite {
    let items = (0..<changes).map { number in
      ApplyRequest.Item(
        request: .deleteCluster(ClusterKey(resourceGroup: "rg", name: "c\(number)")), options: ChangeOptions())
    }
    return PendingWrite(
      .apply(ApplyRequest(changes: items), encode: { _ in .null }, { _ in {} }),
      by: Actor(uid: 0, gid: 0, pid: Int32(changes), name: "test"), arrival: Clocks(wall: Clock.start, boot: nil))
  }

  var number: Int { Int(actor.pid) }
}
