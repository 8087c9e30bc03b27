// Runs rounds of random work against a real daemon, and verifies the history of each.

internal import ExactJSON
package import DaemonTestSupport
internal import Foundation
internal import Synchronization

/// A daemon in its own scratch folder, for one round or many.
package final class RoundRunner {
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

  /// Runs a round, and verifies its history.
  package func perform(_ plan: RunPlan) throws -> RunOutcome {
    rounds += 1
    guard let base = try daemon.connect().call("registry.health")["head"]?.intValue else {
      throw Failure("registry.health has no head")
    }
    let host = DaemonHost(
      socket: daemon.socket, patience: plan.patience, kills: kills(of: plan), clients: plan.clients, noisy: plan.noisy)
    // The refusals that are no violation. Only while it restarts may the daemon be busy or unavailable.
    var tolerated: Set = ["conflict", "not-found", "already-exists", "invalid-params"]
    if plan.kills > 0 { tolerated.formUnion(["busy", "unavailable"]) }
    let traces = Mutex<[Trace]>([])
    let life = host.isUp(pid: daemon.pid)
    for number in 1...plan.clients {
      let exchange = Exchange(host: host, trace: Trace(client: number), tolerates: tolerated)
      // Its own names, so that the verifier meets nothing of an earlier round.
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
    // A last kill tests the last acknowledgements too.
    if plan.kills > 0 {
      daemon.send(signal: SIGKILL)
      _ = try restart()
    }
    let all = traces.withLock { $0 }.sorted { $0.client < $1.client } + [auditor.trace]
    let (file, listed) = try readAtRest(after: base)
    let history = History(
      base: base, operations: all.flatMap(\.operations), watches: all.flatMap(\.watches), log: file.log,
      listed: listed, audited: file.audited)
    return RunOutcome(
      seed: plan.seed, history: history, violations: all.flatMap(\.violations) + Verifier.violations(in: history),
      abilities: abilities)
  }

  /// The file and the daemon's list. A client may have left with requests in flight, which are recorded between the reads: those
  /// are repeated until they agree. A difference that stays is the verifier's to report.
  private func readAtRest(after base: Int) throws -> (file: LedgerFile, listed: [JSON]) {
    var attempts = 0
    while true {
      let file = try LedgerFile(daemon.database, after: base, in: daemon.scratch)
      let listed = try LogAuditor.list(daemon, after: base)
      attempts += 1
      let agree = file.log.count == listed.count && file.audited.count == listed.count
      if agree || attempts == 20 { return (file, listed) }
    }
  }

  /// Whether clients lost their connections because the daemon crashed. A process that is ending accepts no connections, and
  /// may take long to say why.
  private func hasCrashed(_ traces: [Trace]) throws -> Bool {
    guard traces.contains(where: { $0.violations.contains { $0.kind == .lostConnection } }) else { return false }
    guard daemon.isRunning else { return true }
    do {
      return try daemon.connect().call("registry.health")["head"] == nil
    } catch {
      return true
    }
  }

  /// Restarts the daemon that was killed, and returns its process number.
  private func restart() throws -> Int32 {
    _ = daemon.wait()
    daemon = try RunningDaemon(program, in: daemon.scratch, arguments: arguments)
    return daemon.pid
  }

  /// The counts of acknowledged changes at which the daemon is killed. A step makes at least one such change on average, and the
  /// last count leaves work for after the kill.
  private func kills(of plan: RunPlan) -> [Int] {
    var random = SplitMix(seed: plan.seed)
    let distance = max(2, plan.clients * plan.steps / 2 / (plan.kills + 1))
    return (0..<plan.kills).map { distance * $0 + Int.random(in: distance / 2...distance, using: &random) }
  }

  private func thread(_ work: @escaping @Sendable () -> Void) {
    let thread = Thread(block: work)
    // The JSON parser recurses, and needs much stack in a debug build.
    thread.stackSize = 4 << 20
    thread.start()
  }
}

/// What the daemon under test supports, as it reports itself.
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
