// Reads the line that answers a request.

internal import ExactJSON

enum Answer {
  enum NotUnderstood: Error, Sendable, Hashable {
    case refused(DaemonError)
    /// The end of a sentence that says why.
    case malformed(String)
  }

  /// The `result` of a reply. A reply with `id: null` answers a line that the daemon could not read.
  static func result(in line: [UInt8], id: JSON) -> Result<JSON, NotUnderstood> {
    let reply: JSON
    do throws(JSONSyntaxError) {
      reply = try JSON(parsing: line)
    } catch {
      return .failure(.malformed("it is not JSON: \(error.explanation)"))
    }
    guard let object = reply.objectValue else { return .failure(.malformed("it is \(reply.typeName), not an object")) }
    guard object["jsonrpc"] == "2.0" else { return .failure(.malformed("it does not say \"jsonrpc\":\"2.0\"")) }
    if let error = object["error"] {
      guard let refusal = DaemonError(error) else { return .failure(.malformed("its error has no message")) }
      return .failure(.refused(refusal))
    }
    guard object["id"] == id else { return .failure(.malformed("it answers another request")) }
    guard let result = object["result"] else { return .failure(.malformed("it has neither result nor error")) }
    return .success(result)
  }
}
