// Labels on the command line: `k=v` sets or selects one, `k-` removes one.

internal import ExactJSON

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

  private static func split(_ word: String) -> (key: String, value: String)? {
    // By its byte: a mark that follows it would be one character with it.
    guard let mark = word.utf8.firstIndex(of: UInt8(ascii: "=")), mark > word.startIndex else { return nil }
    return (String(word[..<mark]), String(word[word.utf8.index(after: mark)...]))
  }
}
