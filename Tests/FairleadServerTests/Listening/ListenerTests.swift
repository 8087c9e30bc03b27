// The listening socket: how many clients may connect before the daemon has accepted any.

@testable import FairleadServer
import Foundation
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
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = min(limit.rlim_max, 8192)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let path = NSTemporaryDirectory() + "fl-listen-\(getpid()).sock"
    defer { unlink(path + ".lock") }
    let socket = try SocketFile(path: path)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let listener = try listen(on: socket, group: group) { $0.close() }
    let (isBlocked, mayGoOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    group.next().execute {
      isBlocked.signal()
      mayGoOn.wait()
    }
    isBlocked.wait()

    var descriptors: [CInt] = []
    var refusals: [CInt: Int] = [:]
    for _ in 0..<Self.clients {
      let (descriptor, error) = connectWithoutBlocking(path)
      descriptors.append(descriptor)
      if error != 0 { refusals[error, default: 0] += 1 }
    }
    #expect(refusals == [:], "connects refused, by errno")

    for descriptor in descriptors { close(descriptor) }
    mayGoOn.signal()
    try listener.close().wait()
    socket.remove()
    try group.syncShutdownGracefully()
  }

  /// A descriptor, and 0 where it is connected or being connected; else why not.
  private func connectWithoutBlocking(_ path: String) -> (descriptor: CInt, error: CInt) {
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { return (descriptor, errno) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return (descriptor, connected == 0 || errno == EINPROGRESS ? 0 : errno)
  }
}
