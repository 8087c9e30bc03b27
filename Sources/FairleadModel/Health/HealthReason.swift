// Why the daemon is not well: one condition that holds, as `registry.health` reports it.

package import ExactJSON

/// A condition that holds.
package struct HealthReason: Sendable, Hashable {
  /// A process that causes the condition.
  package struct Culprit: Sendable, Hashable {
    package let pid: Int32
    /// Its command, as the kernel names it; empty where that cannot be read.
    package let command: String

    package init(pid: Int32, command: String) {
      self.pid = pid
      self.command = command
    }

    var json: JSON { ["pid": .integer(Int(pid)), "command": .string(command)] }
  }

  package let code: HealthCode
  /// When it was noticed first.
  package let since: Timestamp
  /// What is wrong, in one sentence that names the thing.
  package let message: String
  /// What a person does about it.
  package let remedy: String
  /// Who causes it, where the kernel says so.
  package let by: Culprit?

  package init(
    code: HealthCode, since: Timestamp, message: String, remedy: String, by culprit: Culprit? = nil
  ) {
    self.code = code
    self.since = since
    self.message = message
    self.remedy = remedy
    by = culprit
  }

  package var json: JSON {
    var builder = JSONObjectBuilder()
    builder.set("code", code.rawValue)
    builder.set("since", since.text)
    builder.set("message", message)
    builder.set("remedy", remedy)
    builder.set("by", ifPresent: by?.json)
    return builder.json
  }
}
