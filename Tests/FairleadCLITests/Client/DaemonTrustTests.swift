// Whom the command believes, how long it waits, and how much it takes: against a socket of the test's own.

internal import ExactJSON
internal import FairleadModel
internal import Glibc
internal import LinuxSupport
internal import Testing

@testable internal import FairleadCLI

@Suite("Trust in the daemon")
struct DaemonTrustTests {
  private func refusal(of uid: UInt32, _ environment: [String: String] = [:]) -> Failure? {
    do throws(Failure) {
      try DaemonTrust(Environment(environment)).check(UnixPeer(pid: 42, uid: uid), at: "/x.sock")
      return nil
    } catch {
      return error
    }
  }

  /// A number that no user of a test machine has.
  private static let stranger: UInt32 = 3_999_999_999

  @Test("root, the caller and the daemon's user are believed, the user by name or number")
  func known() {
    #expect(refusal(of: 0) == nil)
    #expect(refusal(of: geteuid()) == nil)
    #expect(refusal(of: Self.stranger, ["FAIRLEAD_DAEMON_USER": String(Self.stranger)]) == nil)
    #expect(LocalUsers().uid(of: "nobody").map { refusal(of: $0, ["FAIRLEAD_DAEMON_USER": "nobody"]) == nil } ?? true)
  }

  @Test("anybody else is refused, with the socket, the user, the process and what to do")
  func stranger() throws {
    let failure = try #require(refusal(of: Self.stranger))
    #expect(failure.status == .unreachable)
    #expect(
      failure.message
        == "cannot trust what listens on /x.sock: process 42 of the user 3999999999 does; nothing was sent to it")
    #expect(failure.hints.joined().contains("FAIRLEAD_DAEMON_USER=3999999999"))
    let named = try #require(refusal(of: Self.stranger, ["FAIRLEAD_DAEMON_USER": "no-such-user-here"]))
    #expect(
      named.hints.joined().contains("no-such-user-here, whom FAIRLEAD_DAEMON_USER names and /etc/passwd does not have")
    )
  }

  @Test("the kernel names who listens")
  func peer() throws {
    let listener = try Listener()
    let descriptor = try UnixSocket.connected(to: listener.path)
    defer { close(descriptor) }
    #expect(try UnixPeer.of(descriptor) == UnixPeer(pid: getpid(), uid: geteuid(), gid: getegid()))
  }

  @Test("a reply that does not end is cut off at the limit, which the message names")
  func endless() throws {
    let listener = try Listener()
    let served = listener.serve { _ in String(repeating: "x", count: 1 << 20) }
    var limits = ExchangeLimits.standard
    limits.lineBytes = 100_000
    let transport = SocketTransport(path: listener.path, limits: limits)
    let failure = try #require(throws: Failure.self) { _ = try transport.call("cluster.list", JSONObject()) }
    served()
    #expect(failure.status == .unreachable)
    #expect(failure.message.hasPrefix("cannot take the daemon's reply: it has more than 100000 bytes in one line"))
    #expect(failure.hints.first == "Process \(getpid()) sent it: see what that is.")
  }

  @Test(
    "a daemon that takes a request and does not answer is given up after the time, and the message says what was waited for"
  )
  func silent() throws {
    let listener = try Listener()
    let transport = SocketTransport(path: listener.path).answering(within: 1)
    let failure = try #require(throws: Failure.self) { _ = try transport.call("registry.health", JSONObject()) }
    #expect(failure.status == .unreachable)
    #expect(
      failure.message
        == "cannot tell what came of it: the daemon (process \(getpid())) listens, and has not "
        + "replied to registry.health within 1 s")
    // The time is for all requests together.
    let second = try #require(throws: Failure.self) { _ = try transport.call("registry.describe", JSONObject()) }
    #expect(second.status == .unreachable)
  }

  @Test("a daemon whose queue of connections is full is given up after the time as well")
  func full() throws {
    let listener = try Listener()
    // The backlog is 1: two connections are taken by the kernel, the next one waits.
    let waiting = try (0..<2).map { _ in try UnixSocket.connected(to: listener.path) }
    defer { for descriptor in waiting { close(descriptor) } }
    let transport = SocketTransport(path: listener.path).answering(within: 1)
    let failure = try #require(throws: Failure.self) { _ = try transport.call("registry.health", JSONObject()) }
    #expect(
      failure.message.hasPrefix("cannot reach the daemon: nobody took the connection on \(listener.path) within 1 s"))
  }

  @Test("status waits 5 seconds unless --timeout says otherwise")
  func timeout() throws {
    #expect(try (CommandLineProgram.action(for: ["status"]) as? StatusAction)?.timeout == 5)
    #expect(try (CommandLineProgram.action(for: ["status", "--timeout", "7"]) as? StatusAction)?.timeout == 7)
    #expect(throws: (any Error).self) { try CommandLineProgram.action(for: ["status", "--timeout", "0"]) }
  }
}
