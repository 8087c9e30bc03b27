// A transport without a socket: a function answers the requests, with refusals as the daemon sends them.

@testable internal import FairleadCLI
internal import ExactJSON

/// A function that answers requests, given by method and parameters, as the daemon would.
typealias ScriptedDaemon = (String, JSONObject) -> Result<JSON, Failure>

/// Answers requests with a function, and records them as they would be on the wire.
final class ScriptedTransport: Transport {
  private(set) var requests: [String] = []
  /// What the last `answering(within:)` asked for.
  private(set) var secondsToAnswer: Int?
  private let answer: ScriptedDaemon
  private let log: ScriptedLog?

  init(_ answer: @escaping ScriptedDaemon, log: ScriptedLog?) {
    self.answer = answer
    self.log = log
  }

  func watch(_ params: JSONObject, reader: Int32?) throws(Failure) -> any Watch {
    requests.append("change.watch \(JSON.object(params).text)")
    guard let log else { throw .unreachable("cannot watch: the test has no log") }
    return try log.watch(after: params["after"]?.intValue)
  }

  func answering(within seconds: Int) -> any Transport {
    secondsToAnswer = seconds
    return self
  }

  func call(_ method: String, _ params: JSONObject) throws(Failure) -> JSON {
    requests.append("\(method) \(JSON.object(params).text)")
    switch answer(method, params) {
    case .success(let result): return result
    case .failure(let failure):
      // As with the socket's transport, a refusal has the hints for its request.
      throw failure.cause.map { Failure($0, method: method, params: params) } ?? failure
    }
  }
}

/// A refusal as the daemon sends it.
func refusal(_ kind: String, _ message: String, _ members: KeyValuePairs<String, JSON> = [:]) -> Failure {
  var data = JSONObject([.init(key: "kind", value: .string(kind))])
  for (key, value) in members { data[key] = value }
  let error: JSON = ["code": -32000, "message": .string(message), "data": .object(data)]
  guard let cause = DaemonError(error) else { return .failed("the test's own error is malformed") }
  return Failure(cause, method: "", params: JSONObject())
}
