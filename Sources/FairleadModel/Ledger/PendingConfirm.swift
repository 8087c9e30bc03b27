// A change that takes itself back unless somebody confirms it in time, and the two clocks that say when.

package import ExactJSON

/// What a cluster waits for: a confirmation of its revision, or the deadline with which the daemon takes it back.
package struct PendingConfirm: LedgerEncodable, Sendable, Hashable {
  /// The change that is to be confirmed, and the revision that it made.
  package let seq: Int
  package let revision: Int
  /// The revision whose configuration comes back.
  package let restores: Int
  /// By the wall clock: what people are told, and what decides after a restart of the machine.
  package let deadline: Timestamp
  /// By the clock of the boot in which the change was made: what decides as long as that boot lasts, so that setting the
  /// wall clock moves no deadline. It is kept in the record and not shown.
  package let bootDeadline: BootTime?

  package init(seq: Int, revision: Int, restores: Int, deadline: Timestamp, bootDeadline: BootTime?) {
    self.seq = seq
    self.revision = revision
    self.restores = restores
    self.deadline = deadline
    self.bootDeadline = bootDeadline
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    let boot = try reader.object("boot", allowedKeys: nil)
    self.init(
      seq: try reader.requiredInteger("seq"), revision: try reader.requiredInteger("revision"),
      restores: try reader.requiredInteger("restores"), deadline: try reader.timestamp("deadline"),
      bootDeadline: try boot.map { (r) throws(Refusal) in
        BootTime(boot: try r.requiredString("id"), milliseconds: try r.requiredInteger("deadlineMs"))
      })
  }

  /// Milliseconds until the deadline; 0 or less once it has passed.
  package func remaining(_ clocks: Clocks) -> Int {
    if let boot = clocks.boot, let bootDeadline, boot.boot == bootDeadline.boot {
      return bootDeadline.milliseconds - boot.milliseconds
    }
    return deadline.milliseconds - clocks.wall.milliseconds
  }

  package func write(to text: inout JSONWriter) {
    text.set("seq", seq)
    text.set("revision", revision)
    text.set("restores", restores)
    text.set("deadline", deadline.text)
  }

  /// With what a daemon of the same boot goes by.
  package func encodeForLedger(to text: inout JSONWriter) {
    write(to: &text)
    guard let bootDeadline else { return }
    text.beginObject("boot")
    text.set("id", bootDeadline.boot)
    text.set("deadlineMs", bootDeadline.milliseconds)
    text.endObject()
  }
}
