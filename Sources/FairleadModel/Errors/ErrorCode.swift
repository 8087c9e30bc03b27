// Every kind of error: the name that a program decides on, and its JSON-RPC number.

/// A kind of error. The raw value is `error.data.kind` on the wire; both it and `number` are part of the protocol and never
/// change their meaning.
package enum ErrorCode: String, Sendable, Hashable, CaseIterable {
  case parseError = "parse-error"
  case invalidRequest = "invalid-request"
  case unknownMethod = "unknown-method"
  case invalidParams = "invalid-params"
  case `internal`
  case notFound = "not-found"
  case alreadyExists = "already-exists"
  case conflict
  case blocked
  case prerequisite
  case denied
  case tooLarge = "too-large"
  case busy
  case unavailable
  case planStale = "plan-stale"
  case requestIDReused = "request-id-reused"

  /// The JSON-RPC error number, `error.code` on the wire: JSON-RPC 2.0's own below -32600, Fairlead's from -32001 on.
  package var number: Int {
    switch self {
    case .parseError: -32700
    case .invalidRequest: -32600
    case .unknownMethod: -32601
    case .invalidParams: -32602
    case .internal: -32603
    case .notFound: -32001
    case .alreadyExists: -32002
    case .conflict: -32003
    case .blocked: -32004
    case .prerequisite: -32005
    case .denied: -32006
    case .tooLarge: -32007
    case .busy: -32008
    case .unavailable: -32009
    case .planStale: -32010
    case .requestIDReused: -32011
    }
  }

  /// When a request is answered with it, for the service description.
  package var summary: String {
    switch self {
    case .parseError: "the line is not JSON"
    case .invalidRequest: "the line is JSON and no request"
    case .unknownMethod: "there is no such method"
    case .invalidParams: "a parameter is missing, unknown, or not what the method takes"
    case .internal: "something in the daemon failed; its log holds the detail under the incident"
    case .notFound: "what is named does not exist"
    case .alreadyExists: "what is to be created exists"
    case .conflict: "the base that a guard names has moved"
    case .blocked: "a rule refuses the change"
    case .prerequisite: "a gate is not met"
    case .denied: "the peer's role does not reach"
    case .tooLarge: "the line, or a part of it, is larger than the limit"
    case .busy: "the daemon is at a limit; try again"
    case .unavailable: "the daemon is stopping, or cannot write"
    case .planStale: "what the plan was made on has moved"
    case .requestIDReused: "the idempotency key stands for another request"
    }
  }
}
