// Azure's rules for names.

internal import ExactJSON

/// What a name may look like. Sources: Azure's verified Terraform module for clusters; Azure's naming rules for the rest. Letters
/// and digits are ASCII, but in a resource group, of which the REST API has the pattern `^[-\w\._\(\)]+$`.
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
    guard accepts(name) else {
      // A person who reads 'café' sees letters only.
      let letters = name.isASCII || self == .resourceGroup ? "" : "; its letters are A to Z"
      throw .invalid(path, "cannot take '\(name.excerpt)' for \(path): it is \(description)\(letters)")
    }
  }

  func accepts(_ name: String) -> Bool {
    guard let first = name.utf8.first, let last = name.utf8.last else { return false }
    let count = name.utf8.count
    switch self {
    case .subscription: return count <= 64 && NameBytes(" -_.()").hold(name) && first != 0x20 && last != 0x20
    case .resourceGroup: return last != UInt8(ascii: ".") && Self.isResourceGroup(name)
    case .cluster: return count <= 63 && NameBytes("-_").hold(name) && first.isAlphanumeric && last.isAlphanumeric
    case .namespace: return count <= 128 && NameBytes(".").hold(name) && first.isLetter && last.isAlphanumeric
    case .feature: return count <= 128 && NameBytes("-_.").hold(name)
    case .extension: return count <= 64 && NameBytes("-_.").hold(name) && first.isAlphanumeric
    case .version: return count <= 64 && NameBytes("-+.").hold(name) && first.isAlphanumeric
    }
  }

  private static func isResourceGroup(_ name: String) -> Bool {
    let plain = NameBytes("-_.()")
    guard !plain.hold(name) else { return name.utf8.count <= 90 }
    // A code point has at most four bytes.
    guard name.utf8.count <= 360, name.unicodeScalars.count <= 90 else { return false }
    var isFirst = true
    return name.unicodeScalars.allSatisfy { scalar in
      defer { isFirst = false }
      return scalar.isASCII ? plain.contains(UInt8(truncatingIfNeeded: scalar.value)) : scalar.isNamed(isFirst: isFirst)
    }
  }
}

extension Unicode.Scalar {
  /// Whether it is what Azure takes besides ASCII: a letter, a decimal digit, or a mark on the letter before it, as 'é' has one
  /// where it is written as two code points. What shows nothing is refused although Unicode counts some of it as letters.
  fileprivate func isNamed(isFirst: Bool) -> Bool {
    guard !properties.isDefaultIgnorableCodePoint else { return false }
    return switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
    case .nonspacingMark: !isFirst
    default: false
    }
  }
}
