// A full disk: only durable changes are acknowledged, reads continue, and changes are accepted again once there is room.

import ExactJSON
import DaemonTestSupport
import Foundation
import Testing

@Suite("A full disk", .timeLimit(.minutes(10)))
struct FullDiskTests {
  private func request(_ name: String) -> String {
    let request: JSON = [
      "jsonrpc": "2.0", "id": .string(name), "method": "cluster.create",
      "params": ["resourceGroup": "rg", "name": .string(name)],
    ]
    return request.text + "\n"
  }

  @Test("changes are refused as unavailable, reads continue, and every acknowledged change survives a kill")
  func full() throws {
    let scratch = try Scratch()
    let daemon = try RunningDaemon(in: scratch)
    let client = try daemon.connect()
    _ = try client.call("cluster.create", cluster("before"))
    // Smaller than the WAL already is, so that the next page does not fit.
    try limitFiles(of: daemon, toBytes: 4096)
    for name in ["a", "b"] { client.send(request(name)) }
    for _ in 0..<2 {
      let reply = try JSON(parsing: try #require(try client.readLine()))
      #expect(reply["error"]?["data"]?["kind"] == "unavailable", "\(reply.text)")
    }
    #expect(try client.call("cluster.get", cluster("before"))["revision"] == 1)
    #expect(try client.call("registry.health")["head"] == 1)
    try limitFiles(of: daemon, toBytes: nil)
    #expect(try client.call("cluster.create", cluster("after"))["seq"] == 2)
    #expect(try client.call("registry.health")["status"] == "ok")
    daemon.send(signal: SIGKILL)
    _ = daemon.wait()
    let next = try RunningDaemon(in: scratch)
    let subjects = try next.connect().call("change.list")["items"]?.arrayValue?.compactMap {
      $0["subject"]?.stringValue
    }
    #expect(subjects == ["rg/before", "rg/after"])
    #expect(next.stop() == 0)
  }
}
