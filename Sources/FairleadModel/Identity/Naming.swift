// The spelling of the names that identify things, as Azure takes them.

/// What a name may look like. Sources: Azure's verified Terraform module for clusters; Azure's naming rules for the rest.
package enum NameRule: Sendable {
  case subscription
  case resourceGroup
  case cluster
  case namespace
  case feature
  case `extension`
  case version

  /// The rule in words, as the end of a sentence.
  package var description: String {
    switch self {
    case .subscription: "1 to 64 letters, digits, spaces, '-', '_', '.', '(' or ')'"
    case .resourceGroup: "1 to 90 letters, digits, '-', '_', '.', '(' or ')', and does not end in '.'"
    case .cluster: "1 to 63 letters, digits, '-' or '_', and starts and ends with a letter or digit"
    case .namespace: "1 to 128 letters, digits or '.', and starts with a letter"
    case .feature: "1 to 128 letters, digits, '-', '_' or '.'"
    case .extension: "1 to 64 letters, digits, '-', '_' or '.', and starts with a letter or digit"
    case .version: "1 to 64 letters, digits, '-', '+' or '.', and starts with a letter or digit"
    }
  }

  /// Refuses a name that Azure would refuse. `path` names the parameter.
  package func check(_ name: String, at path: String) throws(Refusal) {
    guard accepts(Array(name.utf8)) else {
      throw .invalid(path, "cannot take '\(name)' for \(path): it is \(description)")
    }
  }

  private func accepts(_ name: [UInt8]) -> Bool {
    guard let first = name.first, let last = name.last else { return false }
    switch self {
    case .subscription:
      return name.count <= 64 && name.allSatisfy { $0.isAlphanumeric || " -_.()".utf8.contains($0) } && first != 0x20
        && last != 0x20
    case .resourceGroup:
      return name.count <= 90 && name.allSatisfy { $0.isAlphanumeric || "-_.()".utf8.contains($0) }
        && last != UInt8(ascii: ".")
    case .cluster:
      return name.count <= 63 && name.allSatisfy { $0.isAlphanumeric || "-_".utf8.contains($0) } && first.isAlphanumeric
        && last.isAlphanumeric
    case .namespace:
      return name.count <= 128 && name.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: ".") } && first.isLetter
        && last.isAlphanumeric
    case .feature:
      return name.count <= 128 && name.allSatisfy { $0.isAlphanumeric || "-_.".utf8.contains($0) }
    case .extension:
      return name.count <= 64 && name.allSatisfy { $0.isAlphanumeric || "-_.".utf8.contains($0) }
        && first.isAlphanumeric
    case .version:
      return name.count <= 64 && name.allSatisfy { $0.isAlphanumeric || "-+.".utf8.contains($0) }
        && first.isAlphanumeric
    }
  }
}

extension UInt8 {
  package var isLetter: Bool { (0x41...0x5a).contains(self) || (0x61...0x7a).contains(self) }
  package var isDigit: Bool { (0x30...0x39).contains(self) }
  package var isAlphanumeric: Bool { isLetter || isDigit }
}

extension String {
  /// The name as Azure compares it: ASCII letters without case. Names are ASCII, which `NameRule` holds.
  package var folded: String { lowercased() }
}
