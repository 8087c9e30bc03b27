// A watch over the daemon's socket: changes on one connection, as they come.

internal import ExactJSON
internal import FairleadModel
internal import FairleadWire
internal import LinuxSupport

/// What a watch receives next.
enum WatchEvent: Sendable, Hashable {
  /// Changes in order, in the shape of the log.
  case changes([JSON])
  /// Nobody reads the stream that the changes are written to any more.
  case readerGone
}

/// The changes of the registry from some point on. A watch ends only when its connection does, as a failure.
protocol Watch: AnyObject {
  /// The registry's last change when the watch began.
  var lastSeq: Int { get }
  /// Waits for more, as long as it takes.
  func next() throws(Failure) -> WatchEvent
}

/// A watch over the daemon's socket.
final class SocketWatch: Watch {
  private(set) var lastSeq = 0
  private let connection: Connection
  /// The descriptor that the changes are written to.
  private let reader: Int32?
  /// The beginning of a line whose end has not arrived yet.
  private var partialLine: [UInt8] = []
  /// Changes that arrived together with the answer.
  private var earlyChanges: [JSON] = []

  /// A watch has no end. A change is a line of some hundred bytes.
  private static let limits: ExchangeLimits = {
    var limits = ExchangeLimits.standard
    limits.lineBytes = 8 << 20
    limits.total = Int(Int32.max)
    return limits
  }()

  init(
    to address: SocketAddress, _ trust: DaemonTrust, _ params: JSONObject, reader: Int32?
  ) throws(Failure) {
    connection = try Connection(to: address, trust, Self.limits)
    self.reader = reader
    let id: JSON = 1
    try Self.receiving { () throws(Connection.Broken) in
      try connection.send(Request(id: id, method: "change.watch", params: params).line)
    }
    var lines: ArraySlice<[UInt8]> = []
    while lines.isEmpty { lines = try read() }
    switch DaemonReply.result(in: lines.removeFirst(), id: id) {
    case .success(let result):
      guard let head = result["head"]?.intValue else { throw Self.notUnderstood("change.watch answered no head") }
      self.lastSeq = head
    case .failure(.refused(let refusal)): throw Failure(refusal, method: "change.watch", params: params)
    case .failure(.malformed(let why)): throw Self.notUnderstood(why)
    }
    earlyChanges = try Self.changes(in: lines)
  }

  func next() throws(Failure) -> WatchEvent {
    if !earlyChanges.isEmpty {
      defer { earlyChanges = [] }
      return .changes(earlyChanges)
    }
    let isRead = try Self.receiving { () throws(Connection.Broken) in try connection.wait(whileReading: reader) }
    return isRead ? .changes(try Self.changes(in: read())) : .readerGone
  }

  /// Reads once, and returns the lines that are complete.
  private func read() throws(Failure) -> ArraySlice<[UInt8]> {
    let piece = try Self.receiving { () throws(Connection.Broken) in try connection.read() }
    var lines = piece.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
    lines[0] = partialLine + lines[0]
    partialLine = lines.removeLast()
    guard partialLine.count <= Self.limits.lineBytes else {
      throw Self.notUnderstood("a line has more than \(Self.limits.lineBytes) bytes")
    }
    return lines[...]
  }

  /// The changes in the lines. Notifications of other kinds are ignored.
  private static func changes(in lines: ArraySlice<[UInt8]>) throws(Failure) -> [JSON] {
    var changes: [JSON] = []
    for line in lines {
      let message: JSON
      do throws(JSONSyntaxError) {
        message = try JSON(parsing: line)
      } catch {
        throw notUnderstood("it is not JSON: \(error.explanation)")
      }
      guard let method = message["method"]?.stringValue else {
        throw notUnderstood("it answers a request that was not sent")
      }
      guard method == "change.event" else { continue }
      guard var change = message["params"]?.objectValue, change["seq"]?.intValue != nil else {
        throw notUnderstood("a change has no number")
      }
      change["subscription"] = nil
      changes.append(.object(change))
    }
    return changes
  }

  private static func notUnderstood(_ why: String) -> Failure {
    .unreachable("cannot understand the daemon's watch: \(why)")
  }

  private static func receiving<Value>(
    _ body: () throws(Connection.Broken) -> Value
  ) throws(Failure) -> Value {
    do throws(Connection.Broken) {
      return try body()
    } catch {
      switch error {
      case .closed: throw .unreachable("cannot hear of more changes: the daemon closed the connection")
      case .silent(let seconds, _):
        throw .unreachable("cannot hear of changes: the daemon has said nothing for \(seconds) seconds")
      case .tooLong(let bytes): throw notUnderstood("a line has more than \(bytes) bytes")
      case .system(let code): throw .unreachable("cannot hear of more changes: \(describe(errno: code))")
      }
    }
  }
}
