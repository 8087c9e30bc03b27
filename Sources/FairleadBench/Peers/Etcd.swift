// etcd, one member, through the gateway that speaks JSON over HTTP.

internal import LoadGenerator
internal import Glibc

struct Etcd: Peer {
  let payload: Payload
  private var port: UInt16 = 0

  init(payload: Payload) { self.payload = payload }

  let name = "etcd"
  let needs: (programs: [String], package: String)? = (["etcd", "etcdctl"], "etcd-server etcd-client")

  mutating func start(in folder: String, _ servers: Servers) throws -> Target {
    let ports = try Self.freePorts(2)
    port = ports[0]
    let clients = "http://127.0.0.1:\(ports[0])"
    let peers = "http://127.0.0.1:\(ports[1])"
    let target = Target.loopback(port: port)
    _ = try servers.start(
      "etcd",
      [
        "--data-dir", "\(folder)/etcd", "--listen-client-urls", clients, "--advertise-client-urls", clients,
        "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", "default=\(peers)",
        "--log-level", "error",
      ], answersOn: target)
    guard let update else { return target }
    // It accepts connections a little earlier than changes.
    for attempt in 0... {
      do {
        try fill(update, on: target, servers)
        break
      } catch {
        if attempt == 50 { throw error }
        try servers.interruption.check()
        usleep(100_000)
      }
    }
    return target
  }

  /// A transaction of two puts. The history's key ends in six digits, which are valid base64 as they are.
  var update: Load? {
    let state = Text.base64(payload.state)
    let record = Text.base64(payload.record)
    let templates = (0..<Payload.nameCount).map {
      Self.post(
        "txn",
        #"{"success":[{"requestPut":{"key":"\#(Self.key($0))","value":"\#(state)"}},"#
          + #"{"requestPut":{"key":"\#(Text.base64("history/\($0 / 10)\($0 % 10)--"))AA######","value":"\#(record)"}}]}"#
      )
    }
    return Load(.http, .etcdChange) { templates[$0].append($1, to: &$2) }
  }

  var read: Load? {
    let templates = (0..<Payload.nameCount).map { Self.post("range", #"{"key":"\#(Self.key($0))"}"#) }
    return Load(.http, .etcdKey) { templates[$0].append($1, to: &$2) }
  }

  var command: (program: String, arguments: [String])? {
    ("etcdctl", ["--endpoints", "127.0.0.1:\(port)", "get", "c0"])
  }

  private static func key(_ number: Int) -> String { Text.base64("c\(number)") }

  private static func post(_ method: String, _ body: String) -> RequestTemplate {
    RequestTemplate(
      "POST /v3/kv/\(method) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
  }

  /// Ports of the loopback that are free at this moment.
  private static func freePorts(_ count: Int) throws -> [UInt16] {
    var held: [Int32] = []
    defer { for descriptor in held { close(descriptor) } }
    return try (0..<count).map { _ in
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      held.append(descriptor)
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let isBound = withUnsafeMutablePointer(to: &name) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
        }
      }
      guard isBound else { throw BenchError("cannot get a port of the loopback") }
      return UInt16(bigEndian: name.sin_port)
    }
  }
}
