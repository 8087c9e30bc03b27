// A Unix socket that answers as a scripted daemon would.

internal import class DaemonTestSupport.Scratch
internal import Dispatch
internal import Glibc
internal import LinuxSupport

@testable internal import FairleadCLI

/// A Unix socket in a folder of its own, which answers one connection.
final class Listener: Sendable {
  let path: String
  private let folder: Scratch
  private let descriptor: Int32

  /// One that does not listen is what an ended daemon leaves behind.
  init(listens: Bool = true) throws {
    folder = try Scratch()
    path = folder.file("d.sock")
    if listens {
      descriptor = try UnixSocket.listening(at: path, backlog: 1)
    } else {
      descriptor = try UnixSocket.make()
      try UnixAddress(path).bind(descriptor)
    }
  }

  deinit { close(descriptor) }

  /// Accepts one connection on another thread, reads a line, sends what `answer` says, and closes. The function that is
  /// returned waits for that.
  func serve(_ answer: @escaping @Sendable (String) -> String) -> () -> Void {
    let descriptor = descriptor
    let thread = DispatchWorkItem {
      let peer = accept(descriptor, nil, nil)
      var line: [UInt8] = []
      var byte: UInt8 = 0
      while recv(peer, &byte, 1, 0) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
      let reply = Array(answer(String(decoding: line, as: UTF8.self)).utf8)
      _ = send(peer, reply, reply.count, Int32(MSG_NOSIGNAL))
      close(peer)
    }
    DispatchQueue.global().async(execute: thread)
    return { thread.wait() }
  }
}

extension SocketTransport {
  /// A transport to the socket at `path`, as without any variable of the environment.
  init(path: String, limits: ExchangeLimits = .standard) {
    self.init(
      address: SocketAddress(path: path, origin: .flag), trust: DaemonTrust(Environment([:])), limits: limits)
  }
}
