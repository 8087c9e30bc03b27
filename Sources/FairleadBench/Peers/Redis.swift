// redis-server with every command on disk before its reply; it syncs the commands of many clients together.

internal import LoadGenerator

struct Redis: Peer {
  let payload: Payload
  private var socket = ""

  init(payload: Payload) { self.payload = payload }

  let name = "redis-server"
  let needs: (programs: [String], package: String)? = (["redis-server", "redis-cli"], "redis-server")

  mutating func start(in folder: String, _ servers: Servers) throws -> Target {
    socket = "\(folder)/redis.sock"
    let target = Target.unix(socket)
    _ = try servers.start(
      "redis-server",
      [
        "--port", "0", "--unixsocket", socket, "--dir", folder, "--appendonly", "yes", "--appendfsync", "always",
        // Neither snapshots nor rewrites of the log while it is measured.
        "--save", "", "--auto-aof-rewrite-percentage", "0",
      ], answersOn: target)
    let sets = (0..<Payload.nameCount).map { RequestTemplate(Self.command("SET", "c\($0)", payload.state)) }
    try fill(
      Load(.resp(replies: 1), .redis(bytes: 5)) { client, number, buffer in sets[client].append(number, to: &buffer) },
      on: target, servers)
    return target
  }

  /// MULTI, SET of the state, RPUSH of the record, EXEC, in one write; the length of the history shows that it was done.
  var update: Load? {
    let templates = (0..<Payload.nameCount).map {
      RequestTemplate(
        Self.command("MULTI") + Self.command("SET", "c\($0)", payload.state)
          + Self.command("RPUSH", "history:c\($0)", payload.record) + Self.command("EXEC"))
    }
    return Load(.resp(replies: 4), .redis(bytes: 34)) { templates[$0].append($1, to: &$2) }
  }

  var read: Load? {
    let templates = (0..<Payload.nameCount).map { RequestTemplate(Self.command("GET", "c\($0)")) }
    return Load(.resp(replies: 1), .redis(bytes: payload.state.utf8.count)) { templates[$0].append($1, to: &$2) }
  }

  var command: (program: String, arguments: [String])? { ("redis-cli", ["-s", socket, "GET", "c0"]) }

  private static func command(_ words: String...) -> String {
    "*\(words.count)\r\n" + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
  }
}
