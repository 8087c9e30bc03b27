// What a report says first about a change that is reverted unless it is confirmed.

package import ExactJSON

package struct ConfirmNotice: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  /// How long the change waits for its confirmation; `nil` on the report of another change that is made meanwhile.
  package let seconds: Int?
  /// `nil` on a plan, since the time runs from the commit.
  package let deadline: Timestamp?
  /// The revision whose configuration a revert restores.
  package let restores: Int
  /// The rules that would fire on the revert and say what stays on the nodes.
  package let caveats: [String]
  /// The command that confirms the change.
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
      deadline: try reader.value("deadline").map { (_) throws(Refusal) in try reader.recordedTimestamp("deadline") },
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
