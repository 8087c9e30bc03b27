// An error reply of the daemon. Decisions rest on its kind, never on its text.

internal import FairleadJSON
internal import FairleadModel
internal import FairleadWire

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

  private var data: JSON { raw["data"] ?? .null }

  /// The parameter that was refused.
  var invalidPath: String? { kind == .invalidParams ? data["path"]?.stringValue : nil }

  /// Whether a guard names a base that is behind what stands, and so will never be met again.
  var hasMovedOn: Bool {
    guard kind == .conflict, let expected = data["expected"]?.intValue, let actual = data["actual"]?.intValue else {
      return false
    }
    return actual > expected
  }

  /// Whether the same question may well be answered a moment later.
  var isPassing: Bool { kind == .busy || kind == .unavailable }

  /// The report of a change that a rule or a gate refuses.
  var report: Report? {
    guard kind == .blocked || kind == .prerequisite, let value = data["report"] else { return nil }
    do throws(Refusal) {
      return try Report(ObjectReader(value, known: nil))
    } catch {
      return nil
    }
  }

  /// What to do about it, where the kind says so.
  var hints: [String] {
    switch kind {
    case .planStale:
      let moved = (data["moved"]?.arrayValue ?? []).compactMap(\.stringValue)
      let parts = moved.isEmpty ? [] : ["What moved: \(moved.joined(separator: ", "))."]
      return parts + ["Make the plan again and look at it before it is recorded."]
    case .busy: return data["retryAfterMs"]?.intValue.map { ["Try again in \($0) ms."] } ?? []
    case .internal: return data["incident"]?.stringValue.map { ["The daemon's log has it as incident \($0)."] } ?? []
    case .prerequisite: return ["Nothing was recorded. The report names what is to be done first."]
    case .blocked: return ["Nothing was recorded."]
    case .parseError, .invalidRequest, .unknownMethod, .invalidParams, .notFound, .alreadyExists, .conflict, .denied,
      .tooLarge, .unavailable, .requestIDReused, nil:
      return []
    }
  }
}
