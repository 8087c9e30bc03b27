// What a report says up front of a change that takes itself back unless it is confirmed.

package import ExactJSON

package struct ConfirmNotice: JSONEncodable, Sendable, Hashable {
  /// How long the change waits; `nil` on a report of another change, made while one waits already.
  package let seconds: Int?
  /// `nil` on a plan: the time runs from the commit.
  package let deadline: Timestamp?
  /// The revision whose configuration comes back.
  package let restores: Int
  /// The rules that would fire on the way back and say what stays on the nodes.
  package let caveats: [String]
  /// The command that keeps the change.
  package let command: String

  package init(seconds: Int?, deadline: Timestamp?, restores: Int, caveats: [String], command: String) {
    self.seconds = seconds
    self.deadline = deadline
    self.restores = restores
    self.caveats = caveats
    self.command = command
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      seconds: try reader.integer("seconds"),
      deadline: try reader.value("deadline").map { (_) throws(Refusal) in try reader.timestamp("deadline") },
      restores: try reader.requiredInteger("restores"), caveats: try reader.strings("caveats") ?? [],
      command: try reader.requiredString("command"))
  }

  package func write(to text: inout JSONWriter) {
    text.set("seconds", ifPresent: seconds)
    text.set("deadline", ifPresent: deadline?.text)
    text.set("restores", restores)
    text.set("caveats", caveats)
    text.set("command", command)
  }
}
