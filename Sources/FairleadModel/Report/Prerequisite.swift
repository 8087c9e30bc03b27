// Something that must be true before a change may happen, and the command that makes it so.

package import ExactJSON

package struct Prerequisite: JSONEncodable, Sendable, Hashable {
  package enum ID: String, Sendable, Hashable, CaseIterable {
    case apiVersion = "api-version"
    case feature
    case provider
    case `extension`

    /// Whether an unmet one refuses the change. The extension gates only the `az` commands that a report prints.
    package var isGate: Bool {
      switch self {
      case .apiVersion, .feature, .provider: true
      case .extension: false
      }
    }
  }

  package let id: ID
  package let met: Bool
  package let detail: String
  /// What meets it; stays printed when it is met, for the record.
  package let command: String

  package init(id: ID, met: Bool, detail: String, command: String) {
    self.id = id
    self.met = met
    self.detail = detail
    self.command = command
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      id: try reader.requiredEnumValue("id"), met: try reader.requiredBool("met"),
      detail: try reader.requiredString("detail"), command: try reader.requiredString("command"))
  }

  package func write(to text: inout JSONWriter) {
    text.set("id", id.rawValue)
    text.set("met", met)
    text.set("detail", detail)
    text.set("command", command)
  }
}
