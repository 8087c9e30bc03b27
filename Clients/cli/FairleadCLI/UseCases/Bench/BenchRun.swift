// Runs the workloads of a plan one after the other against one daemon.

internal import ExactJSON
internal import LoadGenerator
internal import FairleadModel
internal import FairleadWire

struct BenchRun {
  let plan: BenchPlan
  let target: Target
  let clusters: BenchClusters
  let interruption: Interruption
  /// Called before each measurement.
  let progress: (String) -> Void
  /// Called with what a person should know afterwards.
  let note: (String) -> Void

  /// What was measured, in order: for each number of clients the echo and then each workload.
  func figures() throws(LoadError) -> [BenchFigure] {
    var figures: [BenchFigure] = []
    for clients in plan.clients {
      progress("echo, \(clients) clients")
      figures.append(try echo(clients))
    }
    for workload in plan.workloads {
      var number = 0
      let load = self.load(workload)
      for clients in plan.clients {
        progress("\(workload.rawValue), \(clients) clients")
        if let load {
          figures += try measure(workload, load, clients)
        } else {
          do throws(LoadError) {
            figures += try watch(clients, from: &number)
          } catch {
            guard !plan.areNamed, error.isUnknownMethod else { throw error }
            note("skipping watch: this daemon has no change.watch")
            break
          }
        }
      }
    }
    return figures
  }

  /// The load of a workload; none for a watch, which is more than requests and replies. Loads that write number their
  /// changes from different starts, so that none repeats the change before it.
  private func load(_ workload: BenchWorkload) -> Load? {
    let (gets, histories, updates) = (clusters.gets, clusters.histories, clusters.updates)
    switch workload {
    case .get: return Load(.lines, .result) { gets[$0 % gets.count].append($1, to: &$2) }
    case .history: return Load(.lines, .result) { histories[$0 % histories.count].append($1, to: &$2) }
    case .update: return Load(.lines, .recorded) { updates[$0 % updates.count].append($1, to: &$2) }
    case .mixed:
      return Load(.lines, kinds: [.result, .recorded], from: 30_000) { client, number, buffer in
        let isUpdate = number % 10 == 9
        let templates = isUpdate ? updates : gets
        templates[client % templates.count].append(number, to: &buffer)
        return isUpdate ? 1 : 0
      }
    case .watch: return nil
    }
  }

  private func measure(_ workload: BenchWorkload, _ load: Load, _ clients: Int) throws(LoadError) -> [BenchFigure] {
    // A warm-up of a twentieth of the time, which does not count: the first requests find caches cold.
    _ = try run(load, clients, plan.seconds / 20)
    let result = try run(load, clients, plan.seconds)
    var figures = [figure(.workload(workload), clients, result.all, result.perSecond)]
    if workload == .mixed {
      figures.append(figure(.mixedGet, clients, result.kinds[0], result.perSecond(kind: 0)))
      figures.append(figure(.mixedUpdate, clients, result.kinds[1], result.perSecond(kind: 1)))
    }
    return figures
  }

  private func run(_ load: Load, _ clients: Int, _ seconds: Double) throws(LoadError) -> LoadResult {
    try LoadRun.run(
      load, on: target, clients: clients, inFlight: plan.inFlight, for: .seconds(seconds), interruption)
  }

  private func watch(_ clients: Int, from number: inout Int) throws(LoadError) -> [BenchFigure] {
    guard let watch = clusters.watch, let change = clusters.updates.first else { return [] }
    let result = try WatchRun.run(
      watch: watch, change: change, from: 60_000 + number, on: target, watchers: clients, for: .seconds(plan.seconds),
      interruption)
    number += result.change.count
    let changes = Double(result.change.count) * 1e9 / Double(max(1, result.nanoseconds))
    return [
      figure(.workload(.watch), clients, result.afterReply, result.eventsPerSecond),
      figure(.watchLast, clients, result.last, changes),
      figure(.watchFromRequest, clients, result.afterRequest, result.eventsPerSecond),
      figure(.watchChange, clients, result.change, changes),
    ]
  }

  /// The load generator against an echo server, with lines as long as those of a get.
  private func echo(_ clients: Int) throws(LoadError) -> BenchFigure {
    let get = clusters.gets[0]
    let reply = try LoadRun.ask(get, on: target, interruption)
    let result = try EchoServer.measure(
      requestBytes: get.count, replyBytes: reply.count, clients: clients, inFlight: plan.inFlight,
      for: .seconds(plan.seconds / 2), interruption)
    return figure(.echo, clients, result.all, result.perSecond)
  }

  private func figure(
    _ kind: BenchFigure.Kind, _ clients: Int, _ latencies: Latencies, _ perSecond: Double
  ) -> BenchFigure {
    BenchFigure(
      kind: kind, clients: clients, count: latencies.count, perSecond: perSecond, times: BenchTimes(latencies))
  }
}

extension LoadError {
  /// Whether the daemon refused because it has no such method.
  var isUnknownMethod: Bool {
    guard case .refused(let reply) = self, case .failure(.refused(let cause)) = DaemonReply.result(in: reply, id: 1)
    else {
      return false
    }
    return cause.kind == .unknownMethod
  }
}
