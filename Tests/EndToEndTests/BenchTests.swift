// `fairlead bench` as a process: its output, its exit code, and that it leaves no files or processes.

import ExactJSON
import Foundation
import Testing

@Suite("Bench end to end", .timeLimit(.minutes(10)))
struct BenchTests {
  private func bench(_ scratch: Scratch, _ words: String...) throws -> Finished {
    try Programs.run(Programs.path("fairlead"), ["bench", "--directory", scratch.path] + words, in: scratch)
  }

  /// The files in the folder other than those with the programs' output.
  private func leftovers(_ scratch: Scratch) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: scratch.path).filter { $0.hasPrefix("fairlead-") }
  }

  @Test("without --socket it starts a separate daemon, measures it, and removes it")
  func own() throws {
    let scratch = try Scratch()
    let finished = try bench(
      scratch, "--workload", "get,history,update,mixed", "--clients", "1,3", "--seconds", "1", "--pipeline", "2",
      "--check", "-o", "json")
    let json = try JSON(parsing: finished.output)
    #expect(finished.status == (json["passed"] == true ? 0 : 1), "\(finished.errors)")
    #expect(json["daemon"]?["own"] == true)
    #expect(json["fdatasync"]?["p50Ns"]?.intValue ?? 0 > 0)
    #expect(json["echo"]?.arrayValue?.compactMap { $0["clients"]?.intValue } == [1, 3])
    let figures = try #require(json["workloads"]?.arrayValue)
    let each = ["get", "history", "update", "mixed", "mixed: get", "mixed: update"]
    #expect(Set(figures.compactMap { $0["workload"]?.stringValue }) == Set(each))
    #expect(figures.count == 2 * each.count)
    for figure in figures {
      for key in ["count", "perSecond", "meanNs", "p50Ns", "p90Ns", "p99Ns", "p999Ns", "maxNs"] {
        #expect(figure[key]?.intValue ?? 0 > 0, "\(key) of \(figure.text)")
      }
    }
    #expect(json["checks"]?.arrayValue?.isEmpty == false)
    #expect(try leftovers(scratch) == [])
  }

  @Test("watch is measured, or reported as unknown to the daemon")
  func watch() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let methods = try daemon.connect().call("rpc.discover")["methods"]?.arrayValue ?? []
    let finished = try bench(
      daemon.scratch, "--workload", "watch", "--clients", "5", "--seconds", "1", "-o", "json")
    if methods.contains(where: { $0["name"] == "change.watch" }) {
      #expect(finished.status == 0, "\(finished.errors)")
      let figures = try JSON(parsing: finished.output)["workloads"]?.arrayValue ?? []
      #expect(
        figures.compactMap { $0["workload"]?.stringValue } == [
          "watch", "watch: last", "watch: from request", "watch: change",
        ])
    } else {
      #expect(finished.status == 1)
      #expect(finished.errors.contains("this daemon has no change.watch"))
    }
    #expect(try leftovers(daemon.scratch) == [])
  }

  @Test("with --socket the daemon is only read from, unless --write allows more")
  func live() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    try client.openGates()
    let before = try client.call("registry.health")["head"]
    let refused = try bench(daemon.scratch, "--socket", daemon.socket, "--workload", "update", "--seconds", "1")
    #expect(refused.status == 64)
    #expect(refused.errors.contains("--write"))

    let empty = try bench(daemon.scratch, "--socket", daemon.socket, "--seconds", "0.1")
    #expect(empty.status == 1)
    #expect(empty.errors.contains("this daemon has no cluster"))

    _ = try client.call("cluster.create", cluster("web", ["config": mode("IPVS")]))
    let reads = try bench(
      daemon.scratch, "--socket", daemon.socket, "--seconds", "0.2", "--clients", "2", "-o", "json")
    #expect(reads.status == 0, "\(reads.errors)")
    let json = try JSON(parsing: reads.output)
    #expect(json["daemon"]?["socket"] == .string(daemon.socket))
    #expect(json["workloads"]?.arrayValue?.compactMap { $0["workload"]?.stringValue } == ["get", "history"])
    #expect(try client.call("registry.health")["head"]?.intValue == (before?.intValue ?? 0) + 1)

    let writes = try bench(
      daemon.scratch, "--socket", daemon.socket, "--seconds", "0.2", "--clients", "2", "--workload", "update",
      "--write", "-o", "json")
    #expect(writes.status == 0, "\(writes.errors)")
    // The bench's clusters are deleted; their history stays.
    let names = try client.call("cluster.list")["items"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
    #expect(names == ["web"])
    #expect(try client.call("registry.health")["head"]?.intValue ?? 0 > (before?.intValue ?? 0) + 1)
  }

  @Test("a signal stops it, and it stops its daemon and removes its folder first", arguments: [SIGTERM, SIGINT])
  func interrupted(signal: Int32) throws {
    let scratch = try Scratch()
    let process = try Child(
      Programs.path("fairlead"),
      ["bench", "--directory", scratch.path, "--workload", "get", "--seconds", "600"])
    // Once its daemon answers, the benchmark is running.
    var socket: String?
    while process.isRunning, socket == nil {
      socket = try leftovers(scratch).map { scratch.file("\($0)/s") }.first { (try? LineClient(path: $0)) != nil }
      sched_yield()
    }
    let path = try #require(socket)
    process.send(signal: signal)
    #expect(process.wait() == -signal)
    #expect(try leftovers(scratch) == [])
    #expect((try? LineClient(path: path)) == nil)
  }
}
