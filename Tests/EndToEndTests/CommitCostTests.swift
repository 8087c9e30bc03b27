// What recording costs the daemon: twice the changes take at most two and a half times the processor time.

import DaemonTestSupport
import ExactJSON
import FairleadModel
import Testing

@Suite("The cost of recording", .timeLimit(.minutes(5)))
struct CommitCostTests {
  private func expectProportional(
    _ what: String, _ count: Int, _ params: (_ count: Int, _ run: Int) -> JSONObject
  ) throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    var run = 0
    func apply(_ count: Int) throws {
      run += 1
      let answer = try client.call("cluster.apply", .object(params(count, run)))
      #expect(answer["totals"]?["changes"] == .integer(count), "\(answer.text.prefix(300))")
    }
    let excess = try ProcessorTime.excess(
      by: { try ProcessorTime.ofProcess(daemon.pid) }, half: { try apply(count / 2) }, whole: { try apply(count) })
    #expect(excess == nil, "\(what)")
    daemon.stop()
  }

  private func changes(_ count: Int, _ method: String, _ more: JSONObject = [:], name: (Int) -> String) -> JSON {
    .array(
      (0..<count).map { number in
        var params: JSONObject = ["resourceGroup": "rg", "name": .string(name(number))]
        for member in more.members { params[member.key] = member.value }
        return ["method": .string(method), "params": .object(params)]
      })
  }

  @Test("an apply of new clusters, with as many labels as a cluster may have")
  func creates() throws {
    let labels = JSON.object(
      JSONObject((0..<Limits.labels).map { .init(key: "label-\($0)", value: .string("value \($0)")) }))
    try expectProportional("creates", 400) { count, run in
      ["detail": "summary", "changes": changes(count, "cluster.create", ["labels": labels]) { "c\(run)-\($0)" }]
    }
  }

  @Test("an apply that records what is not refused, where nearly all is")
  func refusals() throws {
    try expectProportional("refusals", 2000) { count, _ in
      ["detail": "summary", "atomic": false, "changes": changes(count, "cluster.update") { "none-\($0)" }]
    }
  }
}
