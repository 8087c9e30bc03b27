// What a rule is: one file, one type, one entry of the catalogue.

package import FairleadModel

/// An entry of the catalogue: a type in a file of the same name under `Rules/`, in the folder of its subject. Its doc
/// comment is its section of `docs/rules.md`.
package protocol CatalogueEntry: Sendable {
  /// The catalogue's code, such as `MODE-03`: what reports, requests and the documentation call the rule.
  static var id: String { get }
  /// The finding's title: what happens, in a few words, whatever the certainty.
  static var title: String { get }
  /// Where the fact behind the rule comes from: a file, a KEP, an issue or an article of upstream's.
  static var source: String { get }
}

/// A rule that the engine asks.
///
/// A new rule is a file under `Rules/`, its test, and a line in `Catalogue.entries`; see `docs/adding-a-rule.md`.
package protocol Rule: CatalogueEntry {
  static var kind: RuleKind { get }
  /// Whether `--override` lets a change through that this rule blocks.
  static var isOverridable: Bool { get }
  /// The weaker rules that this one implies: where both fire, only this one's finding is shown, and names the other.
  static var folds: [any Rule.Type] { get }
  /// Whether what this rule warns of stays on the nodes after the change. A change whose way back fires such a rule
  /// cannot be undone cleanly.
  static var leavesBehind: Bool { get }
  /// The code with which AKS itself refuses what this rule blocks; `nil` where none is known.
  static var azureCode: String? { get }

  /// The finding, or `nil` where the rule does not apply. It is asked only where the change has an effect. A rule that
  /// cannot judge throws, and the change is refused: nothing is recorded without its report.
  static func evaluate(_ change: ConfigChange) throws -> Finding?

  /// What a person does about the finding before or after the change, beyond the steps that every change has. Asked only
  /// where the rule fires.
  static func steps(for change: ConfigChange) -> [Step]
}

package enum RuleKind: Sendable, Hashable {
  /// Judges the configuration as it would be afterwards; fires on creation too.
  case state
  /// Judges the move from one configuration to another; silent on creation, when there is no traffic to disrupt.
  case transition
}

extension Rule {
  package static var isOverridable: Bool { false }
  package static var folds: [any Rule.Type] { [] }
  package static var leavesBehind: Bool { false }
  package static var azureCode: String? { nil }
  package static func steps(for change: ConfigChange) -> [Step] { [] }

  /// A finding of this rule.
  ///
  /// A report in text is graded, and what it shows is written here: of a medium finding `detail` alone, and from high on
  /// all of the detail and `remedy` without `hint`, since the command is among the steps. Every other form of report
  /// shows all of it.
  ///
  /// - Parameters:
  ///   - detail: what happens to this cluster; two sentences at most where the finding can be medium.
  ///   - more: what else there is to say. It follows `detail` as it is, so it begins with a space, as `lastRunNote` does.
  ///   - remedy: what to do.
  ///   - hint: what `verify` shows and where to run it, as a sentence about "the command"; `nil` where that is plain.
  ///   - verify: one command that shows whether it is so.
  package static func finding(
    _ severity: Severity, _ certainty: Certainty = .will, detail: String, more: String = "", remedy: String,
    hint: String? = nil, verify: String
  ) -> Finding {
    // A record in the log keeps `brief` and `hint` beside the whole texts, so a finding has them only where the graded
    // report shows less. That adds up to 5.5 percent to the record of a change of mode; with every hint it was up to 8.
    let showsRemedy = severity >= .high
    return Finding(
      rule: id, severity: severity, certainty: certainty, title: title, detail: more.isEmpty ? detail : detail + more,
      brief: severity == .medium && !more.isEmpty ? detail : nil,
      remedy: showsRemedy ? remedy : whole(remedy, hint), hint: showsRemedy ? hint : nil, verify: verify, source: source
    )
  }

  /// A finding that depends on a fact that is not recorded: at most medium, and never blocking. A report in text shows
  /// its title and the flag that supplies `fact`.
  package static func unverified(
    _ fact: FactKey, severity: Severity = .medium, detail: String, remedy: String, hint: String? = nil, verify: String
  ) -> Finding {
    Finding(
      rule: id, severity: min(severity, .medium), certainty: .unknown, title: title, detail: detail,
      remedy: whole(remedy, hint), verify: verify, source: source, missingFact: fact)
  }

  private static func whole(_ remedy: String, _ hint: String?) -> String { hint.map { remedy + " " + $0 } ?? remedy }
}
