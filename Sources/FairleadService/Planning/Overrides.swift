// Overrides of blocking findings: which are allowed, and what they leave of the verdict.

internal import ExactJSON
internal import FairleadImpact
internal import FairleadModel

enum Overrides {
  /// Refuses an override that is unknown, not allowed, unexplained, or of a rule that does not block this change.
  static func check(_ overrides: [String], message: String?, findings: [Finding]) throws(Refusal) {
    guard !overrides.isEmpty else { return }
    for rule in overrides {
      guard Catalogue.overridable.containsBytes(of: rule) else {
        throw .unknownValue(rule, at: "override", known: Catalogue.overridable)
      }
      guard let finding = findings.first(where: { $0.rule == rule }) else {
        throw .invalid("override", "cannot override \(rule): it does not fire on this change; leave the override out")
      }
      guard finding.severity == .blocked else {
        throw .invalid(
          "override",
          "cannot override \(rule): it fires as \(finding.severity.rawValue) and blocks nothing; leave the override out"
        )
      }
    }
    guard let message, message.hasVisibleCharacter else {
      throw .invalid("message", "cannot override \(overrides.joined(separator: ", ")) without a message that says why")
    }
  }

  /// The worst severity among findings that the change brings and that are not overridden.
  static func verdict(of findings: [Finding], overridden: [String]) -> Severity {
    findings.lazy.filter { !$0.standing && !overridden.contains($0.rule) }.map(\.severity).max() ?? .none
  }
}
