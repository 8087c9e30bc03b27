// An error reply of the daemon. Decisions rest on its kind, never on its text.

internal import ExactJSON
internal import FairleadModel

struct DaemonError: Error, Sendable, Hashable {
  /// The `error` member as it came.
  let raw: JSON
  let message: String
  /// `nil` for a kind that this command does not know.
  let kind: ErrorCode?

  init?(_ error: JSON) {
    guard error.objectValue != nil, let message = error["message"]?.stringValue else { return nil }
    raw = error
    self.message = message
    kind = error["data"]?["kind"]?.stringValue.flatMap(ErrorCode.init(rawValue:))
  }

  /// The typed detail of the error.
  var data: JSON { raw["data"] ?? .null }

  /// The parameter that was refused.
  var invalidPath: String? { kind == .invalidParams ? data["path"]?.stringValue : nil }

  /// Whether a guard names a base that is older than the current one, and so will never be met again.
  var hasMovedOn: Bool {
    guard kind == .conflict, let expected = data["expected"]?.intValue, let actual = data["actual"]?.intValue else {
      return false
    }
    return actual > expected
  }

  /// Whether the same request may succeed a moment later.
  var isTemporary: Bool { kind == .busy || kind == .unavailable }

  /// The report of a change that a rule or a gate refuses.
  var report: Report? {
    guard kind == .blocked || kind == .prerequisite, let value = data["report"] else { return nil }
    do throws(Refusal) {
      return try Report(JSONObjectDecoder(value, allowedKeys: nil))
    } catch {
      return nil
    }
  }
}
