// A load generator: so many connections, one request in flight on each, one thread that polls.

import Glibc

struct LoadResult {
  let perSecond: Int
  let median: Int
  let p99: Int

  func row(_ name: String) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.utf8.count))
    }
    return padded(name, 28) + padded("\(perSecond)/s", 12) + padded("p50 \(median) us", 14) + "p99 \(p99) us"
  }
}

enum Load {
  /// Sends `requests` requests over `clients` connections. `line` makes the next request of a client, with its line feed.
  /// A reply that is an error ends the run: figures of refusals are no figures.
  static func run(
    socket: String, clients: Int, requests: Int, _ line: (_ client: Int, _ number: Int) -> [UInt8]
  ) throws -> LoadResult {
    var connections = try (0..<clients).map { _ in try BenchConnection(path: socket) }
    defer { for connection in connections { connection.end() } }
    var polls = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    var latencies: [Int] = []
    latencies.reserveCapacity(requests)
    var sent = 0
    let start = Clock.microseconds()
    for index in connections.indices where sent < requests {
      try connections[index].send(line(index, sent))
      sent += 1
    }
    while latencies.count < requests {
      guard poll(&polls, nfds_t(polls.count), 10_000) > 0 else { throw BenchError("no reply in 10 s") }
      for index in polls.indices where polls[index].revents != 0 {
        guard let latency = try connections[index].receive() else { continue }
        latencies.append(latency)
        if sent < requests {
          try connections[index].send(line(index, sent))
          sent += 1
        }
      }
    }
    let duration = max(1, Clock.microseconds() - start)
    return LoadResult(
      perSecond: requests * 1_000_000 / duration, median: latencies.percentile(0.5), p99: latencies.percentile(0.99))
  }

  /// Sends one request, and fails where it is refused.
  static func expectAnswer(socket: String, _ line: [UInt8]) throws {
    _ = try run(socket: socket, clients: 1, requests: 1) { _, _ in line }
  }
}

struct BenchConnection {
  let descriptor: CInt
  private var buffer: [UInt8] = []
  private var sentAt = 0

  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard connected == 0 else { throw BenchError("cannot connect to \(path)") }
  }

  mutating func send(_ line: [UInt8]) throws {
    sentAt = Clock.microseconds()
    guard Glibc.send(descriptor, line, line.count, 0) == line.count else { throw BenchError("a request was cut short") }
  }

  /// The latency of the reply, once it is complete.
  mutating func receive() throws -> Int? {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(descriptor, &chunk, chunk.count, 0)
    guard count > 0 else { throw BenchError("the daemon closed the connection") }
    buffer.append(contentsOf: chunk[..<count])
    guard buffer.last == UInt8(ascii: "\n") else { return nil }
    // An error stands right behind the id; a result that mentions one stands further on.
    let head = String(decoding: buffer.prefix(48), as: UTF8.self)
    guard !head.contains("\"error\"") else { throw BenchError(String(decoding: buffer, as: UTF8.self)) }
    buffer.removeAll(keepingCapacity: true)
    return Clock.microseconds() - sentAt
  }

  func end() { close(descriptor) }
}
