// How a command reaches the daemon: one request, one result.

internal import ExactJSON
internal import FairleadModel
internal import FairleadWire
internal import LinuxSupport

/// Something that answers requests. Tests answer them in the process.
protocol Transport {
  func call(_ method: String, _ params: JSONObject) throws(Failure) -> JSON
  /// Begins `change.watch`; `reader` is the descriptor that its changes will be written to, where there is one.
  func watch(_ params: JSONObject, reader: Int32?) throws(Failure) -> any Watch
  /// The same daemon, for requests that all together are answered within `seconds` from now, or fail.
  func answering(within seconds: Int) -> any Transport
}

/// The daemon behind a socket. Each request has its own connection: a command sends few, and a connection costs
/// less than keeping one open would save.
struct SocketTransport: Transport {
  let address: SocketAddress
  let trust: DaemonTrust
  var limits = ExchangeLimits.standard

  func answering(within seconds: Int) -> any Transport {
    SocketTransport(address: address, trust: trust, limits: ExchangeLimits(within: seconds))
  }

  func call(_ method: String, _ params: JSONObject) throws(Failure) -> JSON {
    let id: JSON = 1
    let request = Request(id: id, method: method, params: params)
    let line = request.line
    guard line.count <= Limits.lineBytes + 1 else {
      throw .usage("cannot send this request: it has \(line.count) bytes, and the daemon takes \(Limits.lineBytes)")
    }
    let connection = try Connection(to: address, trust, limits)
    let answer: [UInt8]
    do throws(Connection.Broken) {
      answer = try connection.exchange(line)
    } catch {
      throw Self.failure(error, request, connection.peer)
    }
    do throws(DaemonReply.NotUnderstood) {
      return try DaemonReply.result(in: answer, id: id).get()
    } catch {
      switch error {
      case .refused(let refusal): throw Failure(refusal, method: method, params: params)
      case .malformed(let why):
        throw .unreachable("cannot understand the daemon's reply: \(why)", hints: Self.doubts(request))
      }
    }
  }

  func watch(_ params: JSONObject, reader: Int32?) throws(Failure) -> any Watch {
    try SocketWatch(to: address, trust, params, reader: reader)
  }

  private static func failure(_ broken: Connection.Broken, _ request: Request, _ peer: UnixPeer) -> Failure {
    switch broken {
    case .closed(let partial):
      let when = partial ? "in the middle of its reply" : "before it replied"
      return .unreachable(
        "cannot tell what came of it: the daemon closed the connection \(when)", hints: doubts(request))
    case .silent(let seconds, let partial):
      // Not that it took the connection: one that waits in the kernel's queue is connected as well.
      let said = partial ? "has not ended its reply" : "has not replied"
      return .unreachable(
        "cannot tell what came of it: the daemon (process \(peer.pid)) listens, and \(said) to "
          + "\(request.method) within \(seconds) s",
        hints: doubts(request))
    case .tooLong(let bytes):
      return .unreachable(
        "cannot take the daemon's reply: it has more than \(bytes) bytes in one line, which no reply of fairleadd has",
        hints: ["Process \(peer.pid) sent it: see what that is."] + doubts(request))
    case .system(let code):
      return .unreachable("cannot tell what came of it: \(describe(errno: code))", hints: doubts(request))
    }
  }

  /// Whether something may have been recorded, and how to see.
  static func doubts(_ request: Request) -> [String] {
    let role = Method.all.first { $0.name == request.method }?.role
    // Whoever asks how the daemon is has nothing else to ask it.
    if request.method == "registry.health" || request.method == "registry.describe" {
      return [
        "It was a question only: nothing was recorded. See what the daemon's process does, and what its log says last."
      ]
    }
    guard role != .read, request.params["dryRun"] != .bool(true) else {
      return ["It was a question only: nothing was recorded. 'fairlead status' shows whether the daemon is well."]
    }
    if let key = request.params["requestId"]?.stringValue {
      return ["It may have been recorded. Send it again with \(spelled("--request-id", key)): it is recorded once."]
    }
    return ["It may have been recorded. Look before you send it again: 'fairlead log' shows every change."]
  }
}
