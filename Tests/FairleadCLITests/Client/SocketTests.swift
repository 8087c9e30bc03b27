// Which socket the command connects to, and its messages where it cannot connect.

internal import class DaemonTestSupport.Scratch
internal import ExactJSON
internal import FairleadModel
internal import Foundation
internal import Glibc
internal import Testing

@testable internal import FairleadCLI

@Suite("The socket")
struct SocketTests {
  private func address(
    flag: String? = nil, _ environment: [String: String] = [:], existing: Set<String> = []
  ) -> SocketAddress {
    .resolve(flag: flag, environment: Environment(environment), exists: existing.contains)
  }

  private let all = ["FAIRLEAD_SOCKET": "/env.sock", "XDG_RUNTIME_DIR": "/run/user/7"]

  @Test("the flag wins, then FAIRLEAD_SOCKET, then the user's own socket if it exists, then the system's")
  func order() {
    let own: Set = ["/run/user/7/fairlead.sock"]
    #expect(address(flag: "/f.sock", all, existing: own).path == "/f.sock")
    #expect(address(all, existing: own).path == "/env.sock")
    #expect(address(["XDG_RUNTIME_DIR": "/run/user/7"], existing: own).path == "/run/user/7/fairlead.sock")
    #expect(address(["XDG_RUNTIME_DIR": "/run/user/7/"], existing: own).path == "/run/user/7/fairlead.sock")
    #expect(address(["XDG_RUNTIME_DIR": "/run/user/7"]).path == "/run/fairlead/fairlead.sock")
    #expect(address().path == "/run/fairlead/fairlead.sock")
  }

  @Test("an empty flag and an empty variable count as none")
  func empty() {
    #expect(
      address(flag: "", ["FAIRLEAD_SOCKET": "", "XDG_RUNTIME_DIR": ""], existing: ["/fairlead.sock"]).path
        == SocketAddress.system)
  }

  private func message(_ path: String) throws -> String {
    let failure = try #require(throws: Failure.self) {
      _ = try Connection(to: SocketAddress(path: path, origin: .flag), DaemonTrust(Environment([:])))
    }
    #expect(failure.status == .unreachable)
    return FailureText.render(failure, Layout())
  }

  @Test(
    "a missing socket, one without a listener and a file that is not a socket give different messages, each with a hint"
  )
  func absence() throws {
    let scratch = try Scratch()
    #expect(
      try message(scratch.file("none.sock")) == """
        fairlead: cannot reach the daemon: there is no socket at \(scratch.file("none.sock"))
          Start it with 'fairleadd', or name its socket with --socket or FAIRLEAD_SOCKET.

        """)
    let listener = try Listener(listens: false)
    #expect(
      try message(listener.path) == """
        fairlead: cannot reach the daemon: nobody listens on \(listener.path)
          The daemon that made this socket has ended. Start 'fairleadd' again.

        """)
    try scratch.write("", to: "file")
    #expect(try message(scratch.file("file")).contains("is not a socket"))
  }

  @Test("the message says if the path comes from the environment")
  func origins() {
    func message(_ origin: SocketAddress.Origin, _ code: Int32) -> String {
      SocketAddress(path: "/x.sock", origin: origin).failure(errno: code, after: 1).message
    }
    #expect(message(.environment, ENOENT).hasSuffix("there is no socket at /x.sock (named by FAIRLEAD_SOCKET)"))
    #expect(message(.runtimeDirectory, EACCES).hasSuffix("/x.sock (found by XDG_RUNTIME_DIR)"))
    #expect(message(.system, ENOENT).hasSuffix("there is no socket at /x.sock"))
  }

  @Test("a socket without permission for the caller has its own message, with a hint", arguments: [EACCES, EPERM])
  func permission(code: Int32) {
    let failure = SocketAddress(path: "/run/f.sock", origin: .system).failure(errno: code, after: 1)
    #expect(failure.message == "cannot reach the daemon: you are not allowed to use the socket /run/f.sock")
    #expect(failure.hints.count == 1)
  }

  @Test("a path longer than the kernel accepts is refused before a connection is tried")
  func longPath() throws {
    let path = "/" + String(repeating: "x", count: 107)
    #expect(try message(path).hasPrefix("fairlead: cannot use this path for a socket: it has 108 bytes"))
    #expect(!SocketAddress(path: String(path.dropLast()), origin: .flag).isTooLong)
  }

  @Test("a request is sent as one line, and the next received line is its reply")
  func exchange() throws {
    let listener = try Listener()
    let served = listener.serve { line in
      #expect(line == "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"registry.health\",\"params\":{}}")
      return "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"status\":\"ok\",\"head\":1}}\n"
    }
    let transport = SocketTransport(path: listener.path)
    #expect(try transport.call("registry.health", JSONObject()) == ["status": "ok", "head": 1])
    served()
  }

  @Test(
    "a connection that closes before the reply says whether something may have been recorded",
    arguments: [
      ("cluster.get", [:], "nothing was recorded"), ("cluster.update", ["dryRun": true], "nothing was recorded"),
      ("cluster.update", [:], "It may have been recorded. Look before"),
      ("cluster.update", ["requestId": "k 1"], "Send it again with --request-id 'k 1'"),
    ] as [(String, JSON, String)])
  func closed(method: String, params: JSON, hint: String) throws {
    let listener = try Listener()
    let served = listener.serve { _ in "{\"jsonrpc\"" }
    let transport = SocketTransport(path: listener.path)
    let failure = try #require(throws: Failure.self) {
      _ = try transport.call(method, try #require(params.objectValue))
    }
    served()
    #expect(failure.status == .unreachable)
    #expect(
      failure.message == "cannot tell what came of it: the daemon closed the connection in the middle of its reply")
    #expect(failure.hints.joined().contains(hint))
  }

  @Test(
    "a malformed reply is refused with the reason",
    arguments: [
      ("nonsense", "it is not JSON: unexpected byte 111 at byte 1"), ("[]", "it is an array, not an object"),
      ("{}", "it does not say \"jsonrpc\":\"2.0\""),
      (#"{"jsonrpc":"2.0","id":2,"result":1}"#, "it answers another request"),
      (#"{"jsonrpc":"2.0","id":1}"#, "it has neither result nor error"),
      (#"{"jsonrpc":"2.0","id":1,"error":{}}"#, "its error has no message"),
    ])
  func malformed(line: String, why: String) {
    guard case .failure(.malformed(let reason)) = DaemonReply.result(in: Array(line.utf8), id: 1) else {
      Issue.record("it was understood")
      return
    }
    if line != "nonsense" { #expect(reason == why) } else { #expect(reason.hasPrefix("it is not JSON: ")) }
  }

  @Test("an error without an id is accepted as the reply to a line that the daemon could not read")
  func errorWithoutID() {
    let line =
      #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"cannot read","data":{"kind":"parse-error"}}}"#
    guard case .failure(.refused(let refusal)) = DaemonReply.result(in: Array(line.utf8), id: 1) else {
      Issue.record("it was not refused")
      return
    }
    #expect(refusal.kind == .parseError)
  }
}
