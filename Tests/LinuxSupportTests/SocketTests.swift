// Unix addresses: what the kernel takes, and what it says when it does not.

import DaemonTestSupport
import Foundation
import LinuxSupport
import Testing

@Suite("Unix sockets")
struct SocketTests {
  @Test("a path of 107 bytes is an address, and one of 108 is too long")
  func length() throws {
    _ = try UnixAddress(String(repeating: "x", count: 107))
    #expect(throws: SystemError(errno: ENAMETOOLONG)) { try UnixAddress(String(repeating: "x", count: 108)) }
  }

  @Test("an empty path and one with a zero byte are no addresses", arguments: ["", "/tmp/a\0b", "\0abstract"])
  func zeros(path: String) { #expect(throws: SystemError(errno: EINVAL)) { try UnixAddress(path) } }

  @Test("a client reaches the listener at its path")
  func roundTrip() throws {
    let path = try Scratch().file("s")
    #expect(throws: SystemError(errno: ENOENT)) { try UnixSocket.connected(to: path) }
    let scratch = try Scratch()
    let listener = try UnixSocket.listening(at: scratch.file("s"), backlog: 1)
    defer { close(listener) }
    var prepared: Int32?
    let client = try UnixSocket.connected(to: scratch.file("s")) { prepared = $0 }
    defer { close(client) }
    #expect(prepared == client)
    let peer = accept(listener, nil, nil)
    defer { close(peer) }
    try writeAll(Array("hello".utf8), to: client)
    var bytes = [UInt8](repeating: 0, count: 16)
    #expect(recv(peer, &bytes, bytes.count, 0) == 5)
    #expect(bytes.prefix(5).elementsEqual("hello".utf8))
  }

  @Test("a path that is taken is not bound again, and one whose listener is gone refuses")
  func taken() throws {
    let scratch = try Scratch()
    let path = scratch.file("s")
    let listener = try UnixSocket.listening(at: path, backlog: 1)
    #expect(throws: SystemError(errno: EADDRINUSE)) { try UnixSocket.listening(at: path, backlog: 1) }
    close(listener)
    #expect(throws: SystemError(errno: ECONNREFUSED)) { try UnixSocket.connected(to: path) }
  }

  @Test("sockets are closed by exec, and block unless they are asked not to")
  func flags() throws {
    let blocking = try UnixSocket.make()
    let other = try UnixSocket.make(nonBlocking: true)
    defer {
      close(blocking)
      close(other)
    }
    #expect(fcntl(blocking, F_GETFD) == FD_CLOEXEC && fcntl(other, F_GETFD) == FD_CLOEXEC)
    #expect(fcntl(blocking, F_GETFL) & O_NONBLOCK == 0)
    #expect(fcntl(other, F_GETFL) & O_NONBLOCK != 0)
  }
}
