// The one error that crosses layers: why a request is refused, as a symbol with typed detail and a sentence.

/// A refusal. `message` is for a person and starts with "cannot"; programs decide on `reason` alone.
package struct Refusal: Error, Sendable, Hashable {
  package enum Reason: Sendable, Hashable {
    case parseError
    case invalidRequest
    case unknownMethod(nearest: String?)
    /// `path` is where in `params` the value stands, `rule` the catalogue's id where a validation rule refused it.
    case invalidParams(path: String, nearest: String? = nil, rule: String? = nil)
    /// Something in Fairlead broke; the daemon's log holds the detail under the incident number.
    case internalError(incident: String)
    case notFound
    case alreadyExists
    /// A guard (`ifRevision`, `ifSeq`) named a base that has moved. `path` is the guard.
    case conflict(path: String, expected: Int, actual: Int)
    case blocked(Report)
    case prerequisite(Report)
    case denied(role: String, needed: String)
    case tooLarge(limit: Int)
    case busy(retryAfterMs: Int)
    case unavailable
    /// The plan that a digest stands for is no longer what would happen; `moved` names the parts that changed, and
    /// `changes` are those that moved them, in order.
    case planStale(moved: [String], changes: [Change])
    case requestIDReused
  }

  package let reason: Reason
  package let message: String
  /// Azure's own code for the same refusal, where it has one.
  package let azureCode: String?
  /// The refused changes of a request of many, this one first; empty for a request of one.
  package let among: [RefusedChange]

  package init(_ reason: Reason, _ message: String, azureCode: String? = nil, among: [RefusedChange] = []) {
    self.reason = reason
    self.message = message
    self.azureCode = azureCode
    self.among = among
  }

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
      path, "cannot take '\(word)' for \(path): it is one of \(known.joined(separator: ", "))\(suggestion)",
      nearest: guess, rule: rule, azureCode: azureCode)
  }

  /// A member that nobody reads, refused with the nearest name that somebody does.
  package static func unknownKey(_ key: String, in path: String, known: [String]) -> Refusal {
    let full = path.isEmpty ? key : "\(path).\(key)"
    let place = path.isEmpty ? "the parameters" : path
    let guess = FairleadModel.nearest(to: key, in: known)
    let list = known.isEmpty ? "it takes none" : "it takes \(known.joined(separator: ", "))"
    let help = guess.map { "did you mean '\($0)'?" } ?? list
    return .invalid(full, "cannot take '\(key)' in \(place): there is no such key; \(help)", nearest: guess)
  }
}

/// One of the changes for which a request of many was refused.
package struct RefusedChange: Sendable, Hashable {
  /// Its place in the request, from 0.
  package let index: Int
  package let subject: String
  package let message: String

  package init(index: Int, subject: String, message: String) {
    self.index = index
    self.subject = subject
    self.message = message
  }
}

extension Refusal {
  /// The reason, with the path that it names put below `place`.
  package func reason(below place: String) -> Reason {
    switch reason {
    case .invalidParams(let path, let nearest, let rule):
      .invalidParams(path: path.isEmpty ? place : "\(place).\(path)", nearest: nearest, rule: rule)
    case .conflict(let path, let expected, let actual):
      .conflict(path: "\(place).\(path)", expected: expected, actual: actual)
    case .parseError, .invalidRequest, .unknownMethod, .internalError, .notFound, .alreadyExists, .blocked,
      .prerequisite, .denied, .tooLarge, .busy, .unavailable, .planStale, .requestIDReused:
      reason
    }
  }
}
