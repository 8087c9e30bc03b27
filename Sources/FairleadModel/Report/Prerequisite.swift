// A precondition of a change, and the command that fulfils it.

package import ExactJSON

package struct Prerequisite: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  package enum ID: String, Sendable, Hashable, CaseIterable {
    case apiVersion = "api-version"
    case feature
    case provider
    case `extension`

    /// Whether a change is refused while it is unmet. The extension only gates the `az` commands that a report prints.
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
  /// The command that fulfils it; shown also when it is met.
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
