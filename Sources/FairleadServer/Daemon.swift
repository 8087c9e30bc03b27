// The daemon: puts its parts together, and stops them in order.

internal import FairleadModel
package import FairleadService
internal import FairleadStore
internal import LinuxSupport
internal import Glibc
internal import NIOCore
internal import NIOPosix

/// A running daemon.
package final class Daemon: Sendable {
  package let registry: Registry
  private let ledger: Ledger
  private let socket: SocketFile
  private let group: MultiThreadedEventLoopGroup
  private let listener: any Channel
  private let connections: Connections
  private let workers: WorkerPool
  private let deadlines: DeadlineTimer
  private let hook: RevertHook?

  /// Opens the ledger, binds the socket, and serves; both are given up again where one of them fails.
  package init(_ configuration: DaemonConfiguration, log: @escaping @Sendable (String) -> Void) throws(StartError) {
    let descriptors = DescriptorBudget(limit: raiseDescriptorLimit())
    try descriptors.check()
    if let notice = descriptors.notice { log(notice) }
    let program = configuration.execOnRevert.map { HookProgram(path: $0, socket: configuration.socket) }
    try program?.check()
    do throws(LedgerError) {
      ledger = try Ledger(
        path: configuration.database, mayReplaceLost: configuration.mayReplaceLostLedger,
        health: HealthBoard(now: { .now }, log: log), log: log)
    } catch {
      throw StartError(error.message)
    }
    let ledger = ledger
    func giveUpLedger() { do throws(LedgerError) { try ledger.close() } catch { log(error.message) } }
    do throws(StartError) {
      socket = try SocketFile(path: configuration.socket)
    } catch {
      giveUpLedger()
      throw error
    }
    let hook = program.map { RevertHook($0, log: log) }
    // One loop: the state of all connections and watches is confined to it, without locks.
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let boot = bootID()
    let hub: WatchHub
    do {
      let lastSeq = try ledger.read { try $0.logEnd().seq }
      let newHub = WatchHub(lastSeq: lastSeq, loop: loop, showsToWatches: configuration.faults.showsToWatches)
      hub = newHub
      var hooks = CommitHooks()
      hooks.onCommit = { newHub.publish($0) }
      hooks.onForeignChanges = { newHub.skip(to: $0) }
      hooks.onRevert = { hook?.run($0) }
      hooks.beforeCommit = configuration.faults.beforeCommit
      registry = try Registry(
        ledger: ledger, settleSeconds: configuration.settleSeconds,
        system: Actor(uid: geteuid(), gid: getegid(), pid: getpid(), name: "system"), now: { .now },
        bootTime: { boot.map { BootTime(boot: $0, milliseconds: bootMilliseconds()) } },
        hooks: hooks, warmup: configuration.warmup, log: log)
    } catch {
      socket.remove()
      giveUpLedger()
      throw StartError((error as? LedgerError)?.message ?? "cannot read \(configuration.database): \(error)")
    }
    let registry = registry
    let deadlines = DeadlineTimer(registry: registry, log: log)
    self.deadlines = deadlines
    registry.onCorrection { [weak deadlines] in deadlines?.wake() }
    let names = UserNames(log: log)
    // The two that may connect, before anybody does.
    for uid in [0, geteuid()] { _ = names.name(of: uid, orLater: { _ in }) }
    let connections = Connections(limit: descriptors.connections, names: names)
    let dispatcher = Dispatcher(registry: registry, socketPath: configuration.socket, onDeadline: deadlines.wake)
    self.hook = hook
    self.connections = connections
    self.group = group
    let memory = MemoryBudget(limit: configuration.memoryBytes, loop: loop)
    do throws(StartError) {
      let workers = try WorkerPool(sizes: WorkerSizes(cores: System.coreCount), beforeStep: configuration.beforeStep)
      self.workers = workers
      // The last step: from here on clients get in, and a start that fails has none to break with.
      let pause: @Sendable () -> AcceptPause = { AcceptPause { registry.health.report(acceptError: $0) } }
      listener = try listen(on: socket, group: group, pause: pause) { channel in
        connections.accept(channel) {
          ConnectionHandler(peer: $0, dispatcher: dispatcher, workers: workers, hub: hub, memory: memory)
        }
      }
    } catch {
      deadlines.stop()
      registry.stop()
      socket.remove()
      giveUpLedger()
      throw error
    }
    registry.startWarmup()
    registry.monitor.start(checks: [registry.lookAtClock, { [socket] in socket.look(registry.health) }])
  }

  /// Takes what is wrong with the log into the daemon's health, from now on.
  package func watch(_ log: LineLog) {
    log.onTrouble { [health = registry.health] in health.report($0) }
  }

  /// Stops the daemon. Each part is stopped only once nothing can call it any more. `progress` is told what is waited for.
  /// Where the ledger cannot be closed as it should be, it throws a `LedgerError` after everything else is done.
  package func stop(_ progress: StopProgress = StopProgress()) throws {
    registry.health.stop()
    progress.beforeGivingUp { [hook] in hook?.kill() }
    progress.waits(for: "the listening socket")
    // No connection is accepted any more, and the path is free for the next daemon.
    try listener.close().wait()
    socket.remove()
    progress.waits(for: "the answers to what clients have sent")
    // What the open connections have sent is answered, for which they need every part below.
    try connections.drain(within: .seconds(ServerLimits.drainSeconds), on: group.next()).wait()
    progress.waits(for: "the changes in the queue")
    // Only the timer still calls the registry's writer.
    deadlines.stop()
    registry.stop()
    progress.waits(for: "reads and plans that are under way")
    // Reads and plans for connections that were closed with them under way.
    workers.stop()
    progress.waits(for: "the program of --exec-on-revert")
    // What the writer and the workers used.
    hook?.stop()
    progress.waits(for: "the event loop")
    try group.syncShutdownGracefully()
    progress.waits(for: "the database")
    try ledger.close()
    progress.waits(for: "the end of the process")
  }
}

extension Timestamp {
  /// The wall clock.
  static var now: Timestamp { Timestamp(milliseconds: wallMilliseconds()) }
}
