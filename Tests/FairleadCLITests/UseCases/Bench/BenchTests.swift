// `fairlead bench`: its options, its thresholds, and its output for given figures.

internal import ExactJSON
internal import Testing

@testable internal import FairleadCLI

@Suite("Bench")
struct BenchTests {
  private func plan(_ words: String...) throws -> BenchPlan {
    let command = try #require(try CommandLineProgram.command(for: ["bench"] + words) as? BenchCommand)
    return try BenchPlan(
      workloads: command.workload, clients: command.clients, seconds: command.seconds, inFlight: command.pipeline,
      socket: command.global.socket, directory: command.directory, check: command.check, write: command.write)
  }

  @Test("without options everything is measured, with 1 and 64 clients, on a separate daemon")
  func defaults() throws {
    let plan = try plan()
    #expect(plan.workloads == [.get, .history, .update, .mixed, .watch])
    #expect(plan.clients == [1, 64])
    #expect(plan.clusters == 64)
    #expect(plan.socket == nil)
    #expect(!plan.areNamed)
  }

  @Test("workloads may be named in one option or several, and each is measured once, in a fixed order")
  func workloads() throws {
    #expect(try plan("--workload", "Watch,get", "--workload", "get").workloads == [.get, .watch])
    #expect(try plan("--clients", "8,1,8").clients == [8, 1])
  }

  @Test("a daemon in use is written to only with --write")
  func live() throws {
    #expect(try plan("--socket", "/s").workloads == [.get, .history])
    #expect(try plan("--socket", "/s", "--write").workloads == BenchWorkload.allCases)
    #expect(try plan("--socket", "/s", "--write", "--workload", "mixed").workloads == [.mixed])
    for workload in BenchWorkload.allCases where workload.writes {
      let outcome = try fairlead("bench", "--socket", "/nowhere", "--workload", workload.rawValue)
      #expect(outcome.status == .usage)
      #expect(outcome.err.contains("cannot measure '\(workload.rawValue)' on a daemon that is in use"))
      #expect(outcome.err.contains("for ever"))
      #expect(outcome.err.contains("--write"))
    }
  }

  @Test(
    "contradictory options are refused before anything is started",
    arguments: [
      ["--workload", "gets"], ["--workload", "get,"], ["--clients", "0"], ["--clients", "1,"], ["--clients", "1001"],
      ["--clients", "many"], ["--seconds", "0"], ["--seconds", "nan"], ["--seconds", "1e9"], ["--pipeline", "0"],
      ["--pipeline", "1001"], ["--write"], ["--subscription", "prod"],
    ])
  func refusals(words: [String]) throws {
    let outcome = try fairlead(["bench"] + words)
    #expect(outcome.status == .usage)
    #expect(outcome.err.hasPrefix("fairlead: cannot "))
    #expect(outcome.out.isEmpty)
  }

  // MARK: - Thresholds

  private func times(p50: Int, p99: Int = 0) -> BenchTimes {
    BenchTimes(mean: p50, p50: p50, p90: p50, p99: max(p50, p99), p999: max(p50, p99), max: max(p50, p99))
  }

  private func figure(
    _ kind: BenchFigure.Kind, _ clients: Int, perSecond: Double = 0, p50: Int = 0, p99: Int = 0
  ) -> BenchFigure {
    BenchFigure(kind: kind, clients: clients, count: 10, perSecond: perSecond, times: times(p50: p50, p99: p99))
  }

  private func result(_ figures: [BenchFigure], sync: BenchTimes? = nil, inFlight: Int = 1) -> BenchResult {
    BenchResult(version: "1", seconds: 1, inFlight: inFlight, sync: sync, figures: figures)
  }

  private func passes(_ result: BenchResult) -> [Bool] { BenchThresholds.checks(result).map(\.passed) }

  @Test("a get is compared with the echo for the same number of clients")
  func gets() {
    let echoes = [figure(.echo, 1, perSecond: 8000), figure(.echo, 64, perSecond: 80_000)]
    #expect(passes(result(echoes + [figure(.workload(.get), 64, perSecond: 20_000)])) == [true])
    #expect(passes(result(echoes + [figure(.workload(.get), 64, perSecond: 19_999)])) == [false])
    #expect(passes(result(echoes + [figure(.workload(.get), 1, perSecond: 2000)])) == [true])
    #expect(passes(result(echoes + [figure(.workload(.history), 1, perSecond: 199)])) == [false])
  }

  @Test("an update is compared with the disk of the same run, with a higher limit for more clients")
  func updates() {
    let sync = times(p50: 1_000_000, p99: 5_000_000)
    func checks(_ clients: Int, p50: Int, p99: Int, inFlight: Int = 1) -> [Bool] {
      passes(result([figure(.workload(.update), clients, p50: p50, p99: p99)], sync: sync, inFlight: inFlight))
    }
    #expect(checks(1, p50: 2_500_000, p99: 21_000_000) == [true, true])
    #expect(checks(1, p50: 2_500_001, p99: 21_000_001) == [false, false])
    #expect(checks(64, p50: 34_000_000, p99: 84_000_000) == [true, true])
    #expect(checks(1, p50: 6_000_000, p99: 6_000_000, inFlight: 8) == [true, true])
    #expect(passes(result([figure(.workload(.update), 1, p50: 1)])) == [])
  }

  @Test("the checks include the latency of reads during updates and of watchers")
  func mixedAndWatch() {
    let update = figure(.mixedUpdate, 8, p50: 1000)
    #expect(passes(result([figure(.mixedGet, 8, p50: 1000), update])) == [true])
    #expect(passes(result([figure(.mixedGet, 8, p50: 1001), update])) == [false])
    #expect(passes(result([figure(.workload(.watch), 100, p50: 2_500_000)])) == [true])
    #expect(passes(result([figure(.workload(.watch), 100, p50: 2_500_001)])) == [false])
  }

  // MARK: - Output

  @Test("JSON has every figure, the disk, the load generator's cost, and the checks with --check")
  func json() throws {
    let sync = times(p50: 100_000)
    let measured = result(
      [figure(.echo, 1, perSecond: 40), figure(.workload(.get), 1, perSecond: 9.6, p50: 7)], sync: sync)
    let plain = measured.json(nil)
    #expect(plain["checks"] == nil)
    #expect(plain["passed"] == nil)
    let json = measured.json(BenchThresholds.checks(measured))
    #expect(json["daemon"] == ["version": "1", "own": true])
    #expect(json["milliseconds"] == 1000)
    #expect(json["fdatasync"]?["p50Ns"] == 100_000)
    #expect(json["echo"]?.arrayValue?.count == 1)
    #expect(
      json["workloads"] == [
        [
          "workload": "get", "clients": 1, "count": 10, "perSecond": 10, "meanNs": 7, "p50Ns": 7, "p90Ns": 7,
          "p99Ns": 7, "p999Ns": 7, "maxNs": 7,
        ]
      ])
    #expect(
      json["checks"] == [
        [
          "workload": "get", "clients": 1, "measure": "perSecond", "value": 9, "atLeast": 10, "passed": false,
          "reason": "1/4 of the echo",
        ]
      ])
    #expect(json["passed"] == false)
    #expect(result([]).json([])["fdatasync"] == .null)
  }

  @Test(
    "a time is printed with three digits",
    arguments: [
      (0, "0.00 us"), (999, "0.99 us"), (36_640, "36.6 us"), (163_200, "163 us"), (1_400_000, "1.40 ms"),
      (999_999_999, "999 ms"), (2_100_000_000, "2.10 s"),
    ])
  func time(nanoseconds: Int, text: String) { #expect(BenchText.time(nanoseconds) == text) }

  @Test("text says which daemon was measured, and the result of each comparison")
  func text() {
    let measured = result(
      [figure(.echo, 1, perSecond: 40), figure(.workload(.get), 1, perSecond: 20)], sync: times(p50: 100_000))
    let text = BenchText.text(measured, BenchThresholds.checks(measured), Layout())
    #expect(text.hasPrefix("fairleadd 1 of its own; one fdatasync takes 100 us, p99 100 us\n"))
    #expect(text.hasSuffix("pass  get, 1 client: 20/s, at least 10/s (1/4 of the echo)\n"))
  }
}
