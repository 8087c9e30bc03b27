// ovsdb-server: the closest relative, a configuration database that speaks JSON on a Unix socket.

internal import ExactJSON
internal import LinuxSupport
internal import LoadGenerator
internal import Glibc

struct Ovsdb: Peer {
  let payload: Payload

  let name = "ovsdb-server"
  let needs: (programs: [String], package: String)? = (["ovsdb-server", "ovsdb-tool"], "openvswitch-common")

  private static let schema = """
    {"name":"fairlead","version":"1.0.0","tables":{
      "Head":{"isRoot":true,"indexes":[["name"]],"columns":{
        "name":{"type":"string"},"revision":{"type":"integer"},"document":{"type":"string"}}},
      "History":{"isRoot":true,"columns":{
        "name":{"type":"string"},"revision":{"type":"integer"},"record":{"type":"string"}}}}}
    """

  mutating func start(in folder: String, _ servers: Servers) throws -> Target {
    let schema = "\(folder)/schema.json"
    guard let file = fopen(schema, "w") else { throw BenchError("cannot write \(schema)") }
    fputs(Self.schema, file)
    fclose(file)
    let database = "\(folder)/ovs.db"
    let tool = try ChildProcess(
      "ovsdb-tool", ["create", database, schema], output: Streams.null, errors: Streams.errors)
    guard tool.wait() == .exited(status: 0) else { throw BenchError("ovsdb-tool cannot make a database") }
    let target = Target.unix("\(folder)/ovs.sock")
    _ = try servers.start(
      "ovsdb-server",
      [
        "--remote=punix:\(folder)/ovs.sock", "--unixctl=\(folder)/ovs.ctl", "--no-chdir", "-vsyslog:off",
        "-vconsole:off", database,
      ], answersOn: target)
    let inserts = (0..<Payload.nameCount).map {
      transact(#"{"op":"insert","table":"Head","row":{\#(named($0)),"revision":1,"document":\#(state)}}"#)
    }
    // The reply to an insert has a uuid and no count; the reply to the read after it has a row.
    let load = Load(.braces, .ovsdbRow) { client, number, buffer in inserts[client].append(number, to: &buffer) }
    try fill(load, on: target, servers)
    return target
  }

  var update: Load? {
    let templates = (0..<Payload.nameCount).map {
      RequestTemplate(
        #"{"id":1,"method":"transact","params":["fairlead","#
          + #"{"op":"update","table":"Head","where":[["name","==","c\#($0)"]],"row":{"revision":######,"document":\#(state)}},"#
          + #"{"op":"insert","table":"History","row":{\#(named($0)),"revision":1,"record":\#(record)}},"#
          + #"{"op":"commit","durable":true}]}"#)
    }
    return Load(.braces, .ovsdbChange) { templates[$0].append($1, to: &$2) }
  }

  var read: Load? {
    let templates = (0..<Payload.nameCount).map {
      RequestTemplate(
        #"{"id":1,"method":"transact","params":["fairlead",\#(Self.select("c\($0)"))]}"#)
    }
    return Load(.braces, .ovsdbRow) { templates[$0].append($1, to: &$2) }
  }

  private func transact(_ insert: String) -> RequestTemplate {
    RequestTemplate(
      #"{"id":1,"method":"transact","params":["fairlead",\#(insert),"#
        + #"{"op":"select","table":"Head","where":[],"columns":["name"]}]}"#)
  }

  private static func select(_ name: String) -> String {
    #"{"op":"select","table":"Head","where":[["name","==","\#(name)"]],"columns":["document"]}"#
  }

  private func named(_ number: Int) -> String { #""name":"c\#(number)""# }
  private var state: String { JSON.string(payload.state).text }
  private var record: String { JSON.string(payload.record).text }
}
