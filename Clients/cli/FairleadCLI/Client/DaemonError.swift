// An error reply of the daemon. Decisions rest on its kind, never on its text.

internal import ExactJSON
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
      return try Report(JSONObjectDecoder(value, allowedKeys: nil))
    } catch {
      return nil
    }
  }

  /// What a stale plan was overtaken by, a line each: the changes, or the parts where no change did it.
  private var moved: [String] {
    let changes = (data["changes"]?.arrayValue ?? []).compactMap { change -> String? in
      guard let seq = change["seq"]?.intValue, let summary = change["summary"]?.stringValue else { return nil }
      let actor = change["actor"]?["name"]?.stringValue.map { " by \($0)" } ?? ""
      let message = change["message"]?.stringValue.map { " (\($0))" } ?? ""
      return "Change \(seq)\(actor): \(summary)\(message)"
    }
    guard changes.isEmpty else { return changes }
    let parts = (data["moved"]?.arrayValue ?? []).compactMap(\.stringValue)
    return parts.isEmpty ? [] : ["What moved: \(parts.joined(separator: ", "))."]
  }

  /// What to do about it, where the kind says so.
  var hints: [String] {
    switch kind {
    case .planStale:
      return moved + ["Make the plan again and look at it before it is recorded."]
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
