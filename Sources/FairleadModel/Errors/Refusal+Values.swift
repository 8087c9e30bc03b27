// Refusals of a value, a word or a key, worded in one way.

internal import ExactJSON

extension Refusal {
  /// A value that is not what the parameter takes.
  package static func invalid(
    _ path: String, _ message: String, nearest: String? = nil, rule: String? = nil, azureCode: String? = nil
  ) -> Refusal {
    Refusal(.invalidParams(path: path, nearest: nearest, rule: rule), message, azureCode: azureCode)
  }

  /// A word that is none of `known`, refused with the nearest of them.
  package static func unknownValue(
    _ word: String, at path: String, known: [String], rule: String? = nil, azureCode: String? = nil
  ) -> Refusal {
    let guess = FairleadModel.nearest(to: word, in: known)
    let suggestion = guess.map { "; did you mean '\($0)'?" } ?? ""
    return .invalid(
      path, "cannot take '\(word.excerpt)' for \(path): it is one of \(known.joined(separator: ", "))\(suggestion)",
      nearest: guess, rule: rule, azureCode: azureCode)
  }

  /// A member that nobody reads, refused with the nearest name that is read.
  package static func unknownKey(_ key: String, in path: String, known: [String]) -> Refusal {
    let full = path.isEmpty ? key.excerpt : "\(path).\(key.excerpt)"
    let place = path.isEmpty ? "the parameters" : path
    let guess = FairleadModel.nearest(to: key, in: known)
    let list = known.isEmpty ? "it takes none" : "it takes \(known.joined(separator: ", "))"
    let help = guess.map { "did you mean '\($0)'?" } ?? list
    return .invalid(full, "cannot take '\(key.excerpt)' in \(place): there is no such key; \(help)", nearest: guess)
  }
}
