// One step that a person takes before, during or after a change.

package import ExactJSON

/// A report ends with its steps, in the order in which they are to be taken.
package struct Step: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  package enum Phase: String, Sendable, Hashable, CaseIterable {
    /// Before the change is applied to the cluster.
    case before
    /// Applying it to the cluster.
    case during
    /// Once it is in effect.
    case after
    /// Only if it has to be rolled back.
    case back
  }

  package let phase: Phase
  /// What to do and why, as an imperative sentence.
  package let text: String
  /// To be run as they are, one after the other; empty where the step is no command.
  package let commands: [String]
  /// The rules whose findings ask for it.
  package var rules: [String]

  package init(_ phase: Phase, _ text: String, commands: [String] = [], rules: [String] = []) {
    self.phase = phase
    self.text = text
    self.commands = commands
    self.rules = rules
  }

  init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      try reader.requiredEnumValue("phase"), try reader.requiredString("text"),
      commands: try reader.strings("commands") ?? [], rules: try reader.strings("rules") ?? [])
  }

  package func write(to text: inout JSONWriter) {
    text.set("phase", phase.rawValue)
    text.set("text", self.text)
    text.set("commands", commands)
    if !rules.isEmpty { text.set("rules", rules) }
  }
}
