// Reads what the daemon sends: the line that answers a request, and the values in it.

internal import ExactJSON
internal import FairleadModel

enum DaemonReply {
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

  /// Reads a value of the protocol out of a result.
  static func read<Value>(
    _ value: JSON, _ make: (JSONObjectDecoder) throws(Refusal) -> Value
  ) throws(Failure) -> Value {
    do throws(Refusal) {
      return try make(JSONObjectDecoder(value, allowedKeys: nil))
    } catch {
      throw .unreachable(
        "cannot understand the daemon's reply: \(error.message)",
        hints: ["The daemon may be of another version than this command; '-o json' shows what it says."])
    }
  }
}
