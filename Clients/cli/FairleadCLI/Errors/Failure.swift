// Why a command fails: the only error type that crosses this module.

internal import ExactJSON
internal import FairleadModel

/// A failure with its exit code. `message` is one line for a person and starts with "cannot".
struct Failure: Error, Sendable, Hashable {
  var status: CommandStatus
  var message: String
  /// Lines below the message that say what to do.
  var hints: [String]
  /// The daemon's error, where it was the daemon that refused.
  var cause: DaemonError?

  init(_ status: CommandStatus, _ message: String, hints: [String] = [], cause: DaemonError? = nil) {
    self.status = status
    self.message = message
    self.hints = hints
    self.cause = cause
  }

  static func usage(_ message: String, hints: [String] = []) -> Failure { Failure(.usage, message, hints: hints) }
  static func failed(_ message: String) -> Failure { Failure(.failed, message) }
  static func unreachable(_ message: String, hints: [String] = []) -> Failure {
    Failure(.unreachable, message, hints: hints)
  }

  /// The failure of a request that the daemon refused.
  /// - Parameters:
  ///   - method: The method of the request, which decides what there is to do.
  ///   - params: Its parameters.
  init(_ cause: DaemonError, method: String, params: JSONObject) {
    self.init(
      CommandStatus(cause.kind), cause.message, hints: cause.hints(method: method, params: params), cause: cause)
  }

  /// A value that the model refuses, found before anything was sent.
  init(_ refusal: Refusal) { self.init(.usage, refusal.message) }

  /// The same failure, which names where the document came from if it is the document that was refused.
  func naming(document: String?) -> Failure {
    guard let document, let path = cause?.invalidPath, path == "config" || path.hasPrefix("config.") else {
      return self
    }
    var named = self
    named.message += " (in \(document))"
    return named
  }
}
