// The JSON-RPC 2.0 envelope: a request is one line, and so is its reply.

package import ExactJSON
package import FairleadModel

/// A request as the client sent it, before its method is looked up.
package struct Request: Sendable, Hashable {
  /// `nil` for a notification, which gets no reply.
  package let id: JSON?
  package let method: String
  package let params: JSONObject

  package init(id: JSON?, method: String, params: JSONObject) {
    self.id = id
    self.method = method
    self.params = params
  }

  /// The error for a line that is no request. `id` goes into the reply: the line's own, or null where it could not be read.
  package struct Malformed: Error, Sendable, Hashable {
    package let id: JSON
    package let refusal: Refusal
  }

  private static let members = ["jsonrpc", "id", "method", "params"]
  private static let longestMember = members.map(\.utf8.count).max() ?? 0

  /// Decodes one request: the value of a line, or an item of its batch.
  package init(_ value: JSON) throws(Malformed) {
    guard case .object(let object) = value else {
      throw Malformed(
        id: .null, refusal: Refusal(.invalidRequest, "cannot take \(value.typeName): a request is an object"))
    }
    var (id, version, method, params, unknown): (JSON?, JSON?, JSON?, JSON?, String?)
    for member in object.members {
      // A longer key is none of these, and is not compared, which would take long for some: see `String.hasSameBytes`.
      switch member.key.utf8.count <= Self.longestMember ? member.key : "" {
      case "jsonrpc": version = member.value
      case "id": id = member.value
      case "method": method = member.value
      case "params": params = member.value
      default: unknown = unknown ?? member.key
      }
    }
    switch id {
    case nil, .null, .string, .integer: break
    case .number(let lexeme):
      throw Malformed(
        id: .null,
        refusal: Refusal(
          .invalidRequest,
          JSON.isFractional(lexeme)
            ? "cannot take \(lexeme.excerpt) for id: it is a string or a whole number, written without fraction and exponent"
            : "cannot take \(lexeme.excerpt) for id: it is a string or an integer, \(JSON.notAnInteger(lexeme)); send it as a string"
        ))
    case .bool, .array, .object:
      throw Malformed(
        id: .null, refusal: Refusal(.invalidRequest, "cannot take this id: it is a string or a whole number"))
    }
    func malformed(_ message: String) -> Malformed {
      Malformed(id: id ?? .null, refusal: Refusal(.invalidRequest, message))
    }
    if let unknown {
      let guess = nearest(to: unknown, in: Self.members).map { "; did you mean '\($0)'?" } ?? ""
      throw malformed("cannot take '\(unknown.excerpt)' in a request: there is no such member\(guess)")
    }
    guard case .string("2.0") = version else {
      throw malformed("cannot take a request without \"jsonrpc\":\"2.0\"")
    }
    guard case .string(let method) = method else {
      throw malformed("cannot take a request whose method is not a string")
    }
    switch params {
    case nil: self.init(id: id, method: method, params: JSONObject())
    case .object(let params): self.init(id: id, method: method, params: params)
    default: throw malformed("cannot take these params: they are an object of named parameters")
    }
  }

  static func refusal(for error: JSONSyntaxError) -> Refusal {
    switch error.reason {
    case .duplicateKey: Refusal(.invalidRequest, "cannot take this line: \(error.explanation)")
    case .empty, .unexpectedEnd, .unexpectedByte, .trailingContent, .invalidNumber, .invalidEscape, .loneSurrogate,
      .controlCharacterInString, .invalidUTF8, .utf16, .tooDeep:
      Refusal(.parseError, "cannot read this line as JSON: \(error.explanation)")
    case .tooManyMembers(let limit), .textTooLong(let limit):
      Refusal(.tooLarge(limit: limit), "cannot take this line: \(error.explanation)")
    }
  }

  /// The line that sends this request, with its line feed.
  package var line: [UInt8] {
    var builder = JSONObjectBuilder()
    builder.set("jsonrpc", "2.0")
    builder.set("id", ifPresent: id)
    builder.set("method", method)
    builder.set("params", .object(params))
    return builder.json.bytes + [UInt8(ascii: "\n")]
  }
}

/// A reply to one request.
package struct Reply: Sendable, Hashable {
  package let id: JSON
  package let outcome: Result<JSON, Refusal>

  package init(id: JSON, outcome: Result<JSON, Refusal>) {
    self.id = id
    self.outcome = outcome
  }

  /// The reply as one line, with its line feed.
  package var line: [UInt8] {
    switch outcome {
    case .success(let result): Self.line(id: id, result: result.bytes)
    case .failure(let refusal): Self.line(id: id, "error", WireError(refusal: refusal).text)
    }
  }

  /// The line of a reply whose result has been encoded already.
  package static func line(id: JSON, result: [UInt8]) -> [UInt8] { line(id: id, "result", result) }

  private static func line(id: JSON, _ key: String, _ value: [UInt8]) -> [UInt8] {
    var text = JSONWriter(capacity: value.count + 64)
    text.beginObject()
    text.set("jsonrpc", "2.0")
    text.set("id", id)
    text.set(key, encoded: value)
    text.endObject()
    text.endLine()
    return text.finish()
  }
}
