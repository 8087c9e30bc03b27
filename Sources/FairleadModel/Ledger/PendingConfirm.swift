// The deadline of a change that is reverted unless it is confirmed in time.

package import ExactJSON

/// A revision that waits to be confirmed, and the deadline after which the daemon reverts it.
package struct PendingConfirm: JSONObjectDecodable, LedgerEncodable, Sendable, Hashable {
  /// The change that is to be confirmed, and the revision that it made.
  package let seq: Int
  package let revision: Int
  /// The revision whose configuration a revert restores.
  package let restores: Int
  /// By the wall clock: shown to people, and decisive after a restart of the machine.
  package let deadline: Timestamp
  /// By the clock of the boot in which the change was made: decisive as long as that boot lasts, so that setting the wall clock
  /// does not move a deadline. It is recorded and not shown.
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
      seq: try reader.requiredSequenceNumber("seq"), revision: try reader.requiredSequenceNumber("revision"),
      restores: try reader.requiredSequenceNumber("restores"), deadline: try reader.recordedTimestamp("deadline"),
      bootDeadline: try boot.map { (r) throws(Refusal) in
        BootTime(boot: try r.requiredString("id"), milliseconds: try r.requiredInteger("deadlineMs"))
      })
  }

  /// Whether a cluster at `revision`, which change `updatedSeq` updated last, can wait for this.
  package func canBe(ofRevision revision: Int, updatedSeq: Int) -> Bool {
    seq <= updatedSeq && self.revision == revision && restores < revision
  }

  /// Milliseconds until the deadline; 0 or less once it has passed. Any numbers may stand in a table that another program wrote.
  package func remaining(_ clocks: Clocks) -> Int {
    let (deadline, now) =
      if let boot = clocks.boot, let bootDeadline, boot.boot == bootDeadline.boot {
        (bootDeadline.milliseconds, boot.milliseconds)
      } else {
        (deadline.milliseconds, clocks.wall.milliseconds)
      }
    let (remaining, overflows) = deadline.subtractingReportingOverflow(now)
    return overflows ? (deadline < 0 ? .min : .max) : remaining
  }

  package func write(to text: inout JSONWriter) {
    text.set("seq", seq)
    text.set("revision", revision)
    text.set("restores", restores)
    text.set("deadline", deadline.text)
  }

  /// Adds the deadline by the boot's clock, which decides in the same boot.
  package func encodeForLedger(to text: inout JSONWriter) {
    write(to: &text)
    guard let bootDeadline else { return }
    text.beginObject("boot")
    text.set("id", bootDeadline.boot)
    text.set("deadlineMs", bootDeadline.milliseconds)
    text.endObject()
  }
}
