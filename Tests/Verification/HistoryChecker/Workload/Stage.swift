// A real daemon, the rounds that are run against it, and the histories that they leave.

internal import ExactJSON
package import DaemonTestSupport
internal import Foundation
internal import Synchronization

/// A daemon in a folder of its own, for one round or many.
package final class Stage {
  package private(set) var daemon: RunningDaemon
  private let program: String
  private let arguments: [String]
  private let abilities: Abilities
  private var rounds = 0
  /// Sockets that the daemon had open before anybody connected.
  package let socketsAtStart: Int

  /// Starts `program` of this build, with its gates opened.
  package init(_ program: String = "fairleadd", arguments: [String] = []) throws {
    self.program = program
    self.arguments = arguments
    daemon = try RunningDaemon(program, in: Scratch(), arguments: arguments)
    socketsAtStart = try Cost.sockets(of: daemon)
    let client = try daemon.connect()
    try client.openGates()
    abilities = try Abilities(of: client)
  }

  /// Runs a round, and verifies what was seen.
  package func perform(_ plan: RunPlan) throws -> RunOutcome {
    rounds += 1
    guard let base = try daemon.connect().call("registry.health")["head"]?.intValue else {
      throw Failure("registry.health does not tell the head")
    }
    let host = DaemonHost(
      socket: daemon.socket, patience: plan.patience, kills: kills(of: plan), clients: plan.clients, noisy: plan.noisy)
    // What no client may be refused: a daemon may be short of time while it comes up again, and at no other time.
    var tolerated: Set = ["conflict", "not-found", "already-exists", "invalid-params"]
    if plan.kills > 0 { tolerated.formUnion(["busy", "unavailable"]) }
    let traces = Mutex<[Trace]>([])
    let life = host.isUp(pid: daemon.pid)
    for number in 1...plan.clients {
      let exchange = Exchange(host: host, trace: Trace(client: number), tolerates: tolerated)
      // Names of its own, so that nothing of an earlier round is in the way of the verifier.
      let asker = Asker(group: "r\(rounds)", clusters: plan.clusters, base: base)
      thread { [abilities] in
        var client = Client(
          number: number, seed: plan.seed, steps: plan.steps, abilities: abilities, exchange: exchange, asker: asker)
        let trace = client.run()
        traces.withLock { $0.append(trace) }
        host.done()
      }
    }
    for number in 0..<plan.noisy {
      thread {
        var noise = GarbageClient(number: plan.clients + 1 + number, seed: plan.seed, steps: plan.steps, host: host)
        let trace = noise.run()
        traces.withLock { $0.append(trace) }
        host.done(noisy: true)
      }
    }
    var auditor = LogAuditor(Exchange(host: host, trace: Trace(client: 0), tolerates: tolerated), base: base)
    do {
      auditor.readLog(life)
      while case .killed = host.waitForNews() { auditor.readLog(host.isUp(pid: try restart())) }
    } catch {
      host.abort("\(error)")
      throw error
    }
    if try hasCrashed(traces.withLock { $0 }) {
      let status = daemon.wait()
      throw Failure("the daemon ended by itself, with \(status), under \(plan): \(try daemon.lastWords())")
    }
    // The last acknowledgements are put to the test as well.
    if plan.kills > 0 {
      daemon.send(signal: SIGKILL)
      _ = try restart()
    }
    let all = traces.withLock { $0 }.sorted { $0.client < $1.client } + [auditor.trace]
    let file = try LedgerFile(daemon.database, after: base, in: daemon.scratch)
    let history = History(
      base: base, operations: all.flatMap(\.operations), watches: all.flatMap(\.watches), log: file.log,
      listed: try LogAuditor.list(daemon, after: base), audited: file.audited)
    return RunOutcome(
      seed: plan.seed, history: history, violations: all.flatMap(\.violations) + Verifier.violations(in: history),
      abilities: abilities)
  }

  /// Whether clients lost their connections since there is no daemon any more. A process that is on its way to its end
  /// takes no connections, and may take long to say why.
  private func hasCrashed(_ traces: [Trace]) throws -> Bool {
    guard traces.contains(where: { $0.violations.contains { $0.kind == .lostConnection } }) else { return false }
    guard daemon.isRunning else { return true }
    do {
      return try daemon.connect().call("registry.health")["head"] == nil
    } catch {
      return true
    }
  }

  /// Starts the daemon that was killed again, and returns its number.
  private func restart() throws -> Int32 {
    _ = daemon.wait()
    daemon = try RunningDaemon(program, in: daemon.scratch, arguments: arguments)
    return daemon.pid
  }

  /// The numbers of acknowledged changes at which the daemon is killed. A step makes one such change or more on average, and
  /// the last of them leaves the clients work for after it.
  private func kills(of plan: RunPlan) -> [Int] {
    var random = SplitMix(seed: plan.seed)
    let distance = max(2, plan.clients * plan.steps / 2 / (plan.kills + 1))
    return (0..<plan.kills).map { distance * $0 + Int.random(in: distance / 2...distance, using: &random) }
  }

  private func thread(_ work: @escaping @Sendable () -> Void) {
    let thread = Thread(block: work)
    // The parser of JSON recurses, and a debug build takes room for it.
    thread.stackSize = 4 << 20
    thread.start()
  }
}

/// What the daemon that is tested can do, as it says itself.
package struct Abilities: Sendable {
  package let watches: Bool
  package let batches: Bool

  init(of client: LineClient) throws {
    let methods = try client.call("rpc.discover")["methods"]?.arrayValue ?? []
    watches = methods.contains { $0["name"] == "change.watch" }
    client.send(#"[{"jsonrpc":"2.0","id":1,"method":"registry.health"}]"# + "\n")
    guard let reply = try client.readLine() else { throw Failure("a batch ended the connection") }
    batches = try JSON(parsing: reply).arrayValue != nil
  }
}
