// Labels on the command line: `k=v` sets or selects one, `k-` removes one.

internal import ExactJSON
internal import FairleadModel

enum LabelSyntax {
  /// Labels to set and to remove, for the `labels` of a change.
  static func patch(_ words: [String]) throws(Failure) -> JSONObject {
    var labels = JSONObject()
    for word in words {
      if let (key, value) = split(word) {
        labels[key] = .string(value)
      } else if word.hasSuffix("-"), word.count > 1 {
        labels[String(word.dropLast())] = .null
      } else {
        throw .usage("cannot take '\(word)' for --label: it is key=value to set a label, or key- to remove one")
      }
    }
    return labels
  }

  /// Labels that a cluster must carry, for a list.
  static func selection(_ words: [String]) throws(Failure) -> JSONObject {
    var labels = JSONObject()
    for word in words {
      guard let (key, value) = split(word) else {
        throw .usage("cannot take '\(word)' for --label: it is key=value")
      }
      labels[key] = .string(value)
    }
    return labels
  }

  /// The labels that were meant by `env=prod,tier=gold`, as each is given; `nil` for a word that means one. Lists print several
  /// labels so, and as an argument it is one label, whose value is `prod,tier=gold`.
  static func joined(_ word: String) -> [String]? {
    var parts: [String] = []
    for part in word.split(separator: ",", omittingEmptySubsequences: false) {
      guard let (key, _) = split(String(part)), key.utf8.allSatisfy(isKeyByte) else { return nil }
      parts.append(String(part))
    }
    return parts.count > 1 ? parts : nil
  }

  /// A byte of a label's key.
  private static func isKeyByte(_ byte: UInt8) -> Bool { byte.isAlphanumeric || "-_./".utf8.contains(byte) }

  private static func split(_ word: String) -> (key: String, value: String)? {
    // By its byte: a mark that follows it would be one character with it.
    guard let mark = word.utf8.firstIndex(of: UInt8(ascii: "=")), mark > word.startIndex else { return nil }
    return (String(word[..<mark]), String(word[word.utf8.index(after: mark)...]))
  }
}
