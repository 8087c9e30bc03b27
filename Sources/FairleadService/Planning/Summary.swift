// The line that says what a change does and how bad it is.

internal import ExactJSON
internal import FairleadModel

enum Summary {
  /// `update prod/web: mode IPTABLES -> NFTABLES (1 high, 1 low)`
  static func text(
    _ verb: String, _ subject: String, diff: [DiffEntry], findings: [Finding], isRecorded: Bool,
    overridden: [String] = []
  ) -> String {
    guard isRecorded else { return "\(verb) \(subject): nothing to record" }
    let counts = counts(findings, overridden)
    return "\(verb) \(subject): \(what(verb, diff))\(counts.isEmpty ? "" : " (\(counts))")"
  }

  private static func what(_ verb: String, _ diff: [DiffEntry]) -> String {
    let parts: [String]
    switch verb {
    case "delete": return "the record ends"
    case "create":
      // There is no value before, and values that AKS defaults to are left out.
      parts = diff.filter { !$0.afterIsDefault && !$0.path.hasPrefix("facts.") && !$0.path.hasPrefix("labels.") }
        .map { "\(name($0.path)) \(value($0.after))" }
      if parts.isEmpty { return "AKS's defaults" }
    default:
      parts = diff.map { "\(name($0.path)) \(value($0.before)) -> \(value($0.after))" }
      if parts.isEmpty { return "no effect" }
    }
    let shown = parts.prefix(3).joined(separator: ", ")
    return parts.count > 3 ? "\(shown) and \(parts.count - 3) more" : shown
  }

  private static func counts(_ findings: [Finding], _ overridden: [String]) -> String {
    var (known, standing): ([Severity], [Severity]) = ([], [])
    var (unknown, letThrough) = (0, 0)
    for finding in findings {
      let isOverridden = overridden.contains(finding.rule)
      if isOverridden { letThrough += 1 }
      if finding.standing {
        standing.append(finding.severity)
      } else if finding.certainty == .unknown {
        unknown += 1
      } else if !isOverridden {
        known.append(finding.severity)
      }
    }
    var parts: [String] = []
    for severity in Severity.worstFirst where severity != .none {
      let count = known.count { $0 == severity }
      if count > 0 { parts.append("\(count) \(severity.rawValue)") }
    }
    if unknown > 0 { parts.append("\(unknown) unknown") }
    if letThrough > 0 { parts.append("\(letThrough) overridden") }
    if let worst = standing.max() {
      parts.append("\(standing.count) standing" + (worst >= .high ? ", the worst \(worst.rawValue)" : ""))
    }
    return parts.joined(separator: ", ")
  }

  private static func name(_ path: String) -> String {
    path.hasPrefix("ipvsConfig.") ? String(path[path.utf8.index(path.startIndex, offsetBy: 11)...]) : path
  }

  private static func value(_ value: JSON) -> String {
    switch value {
    case .null: "unset"
    case .string(let text): text
    case .bool, .integer, .number, .array, .object: value.text
    }
  }
}
