// A server that does nothing: the cost of the generator, the sockets and the kernel, so that the rest is the daemon's.

internal import Glibc

/// A thread that answers each line with a line of a given length, over pairs of Unix stream sockets.
package enum EchoServer {
  /// Measures the generator against the echo.
  /// - Parameters:
  ///   - requestBytes: the length of a request with its line feed.
  ///   - replyBytes: the length of a reply with its line feed.
  package static func measure(
    requestBytes: Int, replyBytes: Int, clients: Int, inFlight: Int, for length: RunLength,
    _ interruption: Interruption?
  ) throws(LoadError) -> LoadResult {
    var near: [Int32] = []
    var far: [Int32] = []
    for _ in 0..<clients {
      var pair: [Int32] = [0, 0]
      guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
        let code = errno
        for descriptor in near + far { close(descriptor) }
        throw .system("make a pair of sockets", errno: code)
      }
      near.append(pair[0])
      far.append(pair[1])
    }
    let thread: pthread_t
    do throws(LoadError) {
      thread = try start(EchoLoop(far, replyBytes: replyBytes))
    } catch {
      for descriptor in near + far { close(descriptor) }
      throw error
    }
    // The run closes its ends, which ends the thread.
    defer { pthread_join(thread, nil) }
    let request = [UInt8](repeating: UInt8(ascii: "x"), count: max(0, requestBytes - 1)) + [UInt8(ascii: "\n")]
    let load = Load(.lines, .length(replyBytes)) { _, _, buffer in buffer.append(contentsOf: request) }
    return try LoadRun.run(load, on: .connected(near), clients: clients, inFlight: inFlight, for: length, interruption)
  }

  private static func start(_ loop: EchoLoop) throws(LoadError) -> pthread_t {
    var thread = pthread_t()
    let handed = Unmanaged.passRetained(loop)
    let code = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<EchoLoop>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, handed.toOpaque())
    guard code == 0 else {
      handed.release()
      throw .system("start a thread", errno: code)
    }
    return thread
  }
}

/// The echo's loop, which ends when every peer has disconnected.
private final class EchoLoop {
  private var polls: [pollfd]
  private let reply: [UInt8]
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)
  private var replies: [UInt8] = []

  init(_ descriptors: [Int32], replyBytes: Int) {
    polls = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    reply = [UInt8](repeating: UInt8(ascii: "y"), count: max(0, replyBytes - 1)) + [UInt8(ascii: "\n")]
  }

  func run() {
    var open = polls.count
    while open > 0 {
      guard poll(&polls, nfds_t(polls.count), -1) > 0 else { continue }
      for index in polls.indices where polls[index].revents != 0 && !serve(polls[index].fd) {
        close(polls[index].fd)
        // poll ignores a negative descriptor.
        polls[index].fd = -1
        polls[index].revents = 0
        open -= 1
      }
    }
  }

  /// Answers the lines that have arrived; false where the peer has disconnected.
  private func serve(_ descriptor: Int32) -> Bool {
    let count = recv(descriptor, &chunk, chunk.count, 0)
    guard count > 0 else { return count < 0 && errno == EINTR }
    replies.removeAll(keepingCapacity: true)
    for byte in chunk[..<count] where byte == UInt8(ascii: "\n") { replies.append(contentsOf: reply) }
    var sent = 0
    while sent < replies.count {
      let more = replies.withUnsafeBytes {
        send(descriptor, $0.baseAddress.map { $0 + sent }, $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard more > 0 else { return more < 0 && errno == EINTR }
      sent += more
    }
    return true
  }
}
