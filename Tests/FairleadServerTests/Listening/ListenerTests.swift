// The listening socket: how many clients may connect before the daemon has accepted any.

import DaemonTestSupport
import FairleadModel
@testable import FairleadServer
import FairleadStore
import Foundation
import LinuxSupport
import NIOCore
import NIOPosix
import Testing

@Suite("The listening socket", .timeLimit(.minutes(5)))
struct ListenerTests {
  private static let clients = 1500

  /// The kernel's bound on every backlog. Source: listen(2).
  private static let somaxconn =
    Int(
      (try? String(contentsOfFile: "/proc/sys/net/core/somaxconn", encoding: .utf8))?
        .trimmingCharacters(in: .whitespacesAndNewlines) ?? "") ?? 0

  @Test(
    "1,500 clients that connect without blocking are all queued while the loop accepts none",
    .enabled(if: somaxconn >= clients, "net.core.somaxconn hides what the daemon asks for"))
  func backlog() throws {
    raiseDescriptorLimit()
    let scratch = try Scratch()
    let path = scratch.file("d.sock")
    let socket = try SocketFile(path: path)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let listener = try listen(on: socket, group: group, pause: { AcceptPause { _ in } }) { $0.close() }
    let (isBlocked, mayGoOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    group.next().execute {
      isBlocked.signal()
      mayGoOn.wait()
    }
    isBlocked.wait()

    let address = try UnixAddress(path)
    var descriptors: [CInt] = []
    var refusals: [CInt: Int] = [:]
    for _ in 0..<Self.clients {
      let descriptor = try UnixSocket.make(nonBlocking: true)
      descriptors.append(descriptor)
      do throws(SystemError) {
        try address.connect(descriptor)
      } catch  where error.errno != EINPROGRESS {
        refusals[error.errno, default: 0] += 1
      } catch {
        // It is being connected.
      }
    }
    #expect(refusals == [:], "connects refused, by errno")

    for descriptor in descriptors { close(descriptor) }
    mayGoOn.signal()
    try listener.close().wait()
    socket.remove()
    try group.syncShutdownGracefully()
  }

  @Test("taking the path lets nobody in: there is no socket before the daemon listens, and then a private one")
  func taken() throws {
    let scratch = try Scratch()
    let path = scratch.file("d.sock")
    let socket = try SocketFile(path: path)
    #expect(throws: SystemError(errno: ENOENT)) { try UnixSocket.connected(to: path) }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let listener = try listen(on: socket, group: group, pause: { AcceptPause { _ in } }) { $0.close() }
    close(try UnixSocket.connected(to: path))
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    try listener.close().wait()
    socket.remove()
    #expect(!FileManager.default.fileExists(atPath: path))
    try group.syncShutdownGracefully()
  }

  @Test("health says when the socket is gone or is another one, and when it is back")
  func gone() throws {
    let scratch = try Scratch()
    let path = scratch.file("d.sock")
    let socket = try SocketFile(path: path)
    let health = HealthBoard(now: { .now }, log: { _ in })
    func codes() -> [HealthCode] {
      socket.look(health)
      return health.reasons.map(\.code)
    }
    #expect(codes() == [], "it is not made yet")
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let listener = try listen(on: socket, group: group, pause: { AcceptPause { _ in } }) { $0.close() }
    #expect(codes() == [])
    try FileManager.default.moveItem(atPath: path, toPath: scratch.file("moved"))
    #expect(codes() == [.socketGone])
    #expect(health.reasons.first?.message.contains("nobody can connect") == true)
    try scratch.write("", to: "d.sock")
    #expect(codes() == [.socketGone])
    #expect(health.reasons.first?.message.contains("does not reach this daemon") == true)
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: scratch.file("moved"), toPath: path)
    #expect(codes() == [])
    try listener.close().wait()
    socket.remove()
    try group.syncShutdownGracefully()
  }

  @Test("the longest path that the kernel takes can be listened on")
  func longestPath() throws {
    let scratch = try Scratch()
    let path = scratch.file(String(repeating: "s", count: UnixAddress.longestPath - scratch.path.utf8.count - 1))
    // The lock beside it has a longer name, which is no socket's.
    let socket = try SocketFile(path: path)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let listener = try listen(on: socket, group: group, pause: { AcceptPause { _ in } }) { $0.close() }
    close(try UnixSocket.connected(to: path))
    try listener.close().wait()
    socket.remove()
    try group.syncShutdownGracefully()
  }
}
