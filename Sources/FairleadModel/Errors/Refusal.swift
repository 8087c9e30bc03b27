// The one error that crosses layers: why a request is refused, as a code with typed detail and a sentence.

package import ExactJSON

/// A refusal. `message` is for a person and starts with "cannot"; programs decide on `code` and on the typed detail.
package struct Refusal: Error, Sendable, Hashable {
  package let reason: Reason
  package let message: String
  /// Azure's own code for the same refusal, where it has one.
  package let azureCode: String?
  /// The refused changes of a request with several changes, the one that decided first; empty for a request with one.
  package let among: [RefusedChange]

  package init(_ reason: Reason, _ message: String, azureCode: String? = nil, among: [RefusedChange] = []) {
    self.reason = reason
    self.message = message
    self.azureCode = azureCode
    self.among = among
  }

  package var code: ErrorCode { reason.code }
  package var detail: Detail { reason.detail }

  /// A code with the detail that goes with it. Made by the functions below, so that no code has another code's detail.
  package struct Reason: Sendable, Hashable {
    package let code: ErrorCode
    package let detail: Detail

    private init(_ code: ErrorCode, _ detail: Detail = .none) {
      self.code = code
      self.detail = detail
    }

    /// A code whose detail is a type that this file does not know.
    package init(_ code: ErrorCode, attaching attachment: some RefusalAttachment) {
      self.init(code, .attachment(AnyRefusalAttachment(attachment)))
    }

    package static let parseError = Reason(.parseError)
    package static let invalidRequest = Reason(.invalidRequest)
    package static let notFound = Reason(.notFound)
    package static let alreadyExists = Reason(.alreadyExists)
    package static let unavailable = Reason(.unavailable)
    package static let requestIDReused = Reason(.requestIDReused)

    /// `nearest` is the name of what is there, and may have been meant.
    package static func missing(nearest: String?) -> Reason {
      nearest == nil ? .notFound : Reason(.notFound, .name(nearest: nearest))
    }

    package static func unknownMethod(nearest: String?) -> Reason { Reason(.unknownMethod, .name(nearest: nearest)) }

    /// `path` is where in `params` the value is, `rule` the catalogue's id where a validation rule refused it.
    package static func invalidParams(path: String, nearest: String? = nil, rule: String? = nil) -> Reason {
      Reason(.invalidParams, .parameter(path: path, nearest: nearest, rule: rule))
    }

    /// Something in Fairlead failed; the daemon's log holds the detail under the incident number.
    package static func internalError(incident: String) -> Reason { Reason(.internal, .incident(incident)) }

    /// A guard (`ifRevision`, `ifSeq`) named a base that has moved. `path` is the guard.
    package static func conflict(path: String, expected: Int, actual: Int) -> Reason {
      Reason(.conflict, .guarded(path: path, expected: expected, actual: actual))
    }

    package static func denied(role: String, needed: String) -> Reason {
      Reason(.denied, .role(role, needed: needed))
    }

    /// `limit` is in the unit of the limit that was passed: bytes for a line.
    package static func tooLarge(limit: Int) -> Reason { Reason(.tooLarge, .limit(limit)) }
    package static func busy(retryAfterMs: Int) -> Reason { Reason(.busy, .retry(afterMs: retryAfterMs)) }

    /// The same reason, with the path that it names placed below `place`.
    package func below(_ place: String) -> Reason {
      switch detail {
      case .parameter(let path, let nearest, let rule):
        Reason(code, .parameter(path: path.isEmpty ? place : "\(place).\(path)", nearest: nearest, rule: rule))
      case .guarded(let path, let expected, let actual):
        Reason(code, .guarded(path: "\(place).\(path)", expected: expected, actual: actual))
      case .none, .name, .incident, .role, .limit, .retry, .attachment: self
      }
    }
  }

  /// What a program needs besides the code to act on a refusal.
  package enum Detail: Sendable, Hashable {
    case none
    case name(nearest: String?)
    case parameter(path: String, nearest: String?, rule: String?)
    case guarded(path: String, expected: Int, actual: Int)
    case incident(String)
    case role(String, needed: String)
    case limit(Int)
    case retry(afterMs: Int)
    case attachment(AnyRefusalAttachment)
  }
}

/// A larger value that a refusal carries, of a type that is defined in terms of refusals itself: a report, or the changes that
/// made a plan stale. `Answers/Refusal+Attachments.swift` adopts it, which keeps this file below all others.
package protocol RefusalAttachment: Sendable, Hashable {
  /// Writes the members that it adds to the error's `data`.
  func writeErrorMembers(to text: inout JSONWriter)
}

/// An attachment of any type. Equal where type and value are.
package struct AnyRefusalAttachment: Sendable, Hashable {
  package let value: any RefusalAttachment

  init(_ value: some RefusalAttachment) { self.value = value }

  package static func == (a: AnyRefusalAttachment, b: AnyRefusalAttachment) -> Bool {
    AnyHashable(a.value) == AnyHashable(b.value)
  }

  package func hash(into hasher: inout Hasher) { value.hash(into: &hasher) }
}

/// One of the changes for which a request of several was refused.
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
