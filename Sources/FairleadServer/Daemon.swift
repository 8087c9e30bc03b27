// The daemon put together: one function that wires everything, and one that takes it down in order.

internal import FairleadModel
package import FairleadService
internal import FairleadStore
internal import LinuxSupport
internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Where a daemon lives and how it behaves.
package struct DaemonConfiguration: Sendable {
  package var socket: String
  package var database: String
  /// Seconds between asking for a registration and its settling.
  package var settleSeconds: Int
  /// The program that hears of each revert; an absolute path.
  package var execOnRevert: String?
  /// How the heads of clusters come into memory.
  package var loading: HeadsLoading
  /// A bug for the checker of histories to find; `nil` in every daemon that anybody uses.
  package var fault: InjectedFault?

  package init(
    socket: String, database: String, settleSeconds: Int = 0, execOnRevert: String? = nil,
    loading: HeadsLoading = .behind(atOnce: Limits.headsAtOnce), fault: InjectedFault? = nil
  ) {
    self.socket = socket
    self.database = database
    self.settleSeconds = settleSeconds
    self.execOnRevert = execOnRevert
    self.loading = loading
    self.fault = fault
  }
}

/// A running daemon.
package final class Daemon: Sendable {
  package let registry: Registry
  private let ledger: Ledger
  private let socket: SocketFile
  private let group: MultiThreadedEventLoopGroup
  private let listener: any Channel
  private let connections: Connections
  private let workers: WorkerPool
  private let settler: DeadlineTimer
  private let hook: RevertHook?

  /// Opens the ledger, binds the socket, and serves. Fails with one sentence, and then leaves nothing behind.
  package init(_ configuration: DaemonConfiguration, log: @escaping @Sendable (String) -> Void) throws(StartError) {
    if let path = configuration.execOnRevert { try RevertHook.check(path) }
    raiseFileLimit()
    do throws(LedgerError) {
      ledger = try Ledger(path: configuration.database)
    } catch {
      throw StartError(error.message)
    }
    let ledger = ledger
    do throws(StartError) {
      socket = try SocketFile(path: configuration.socket)
    } catch {
      do throws(LedgerError) { try ledger.close() } catch { log(error.message) }
      throw error
    }
    let hook = configuration.execOnRevert.map { RevertHook(path: $0, log: log) }
    // One loop: all that connections and watches hold is confined to it.
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let mailbox = Mailbox(loop: loop)
    let boot = bootID()
    let hub: WatchHub
    do {
      let head = try ledger.read { try $0.logEnd().seq }
      let newHub = WatchHub(head: head, mailbox: mailbox, loop: loop, fault: configuration.fault)
      hub = newHub
      registry = try Registry(
        ledger: ledger, settleSeconds: configuration.settleSeconds,
        system: Actor(uid: geteuid(), gid: getegid(), pid: getpid(), name: "system"), now: { .now },
        bootTime: { boot.map { BootTime(boot: $0, milliseconds: bootMilliseconds()) } },
        onCommit: { newHub.publish($0) }, onRevert: { hook?.tell($0) }, loading: configuration.loading,
        fault: configuration.fault, log: log)
    } catch {
      socket.remove()
      do throws(LedgerError) { try ledger.close() } catch { log(error.message) }
      throw StartError((error as? LedgerError)?.message ?? "cannot read \(configuration.database): \(error)")
    }
    let registry = registry
    let settler = DeadlineTimer(registry: registry, log: log)
    let workers = WorkerPool(count: max(2, System.coreCount))
    let connections = Connections()
    let dispatcher = Dispatcher(registry: registry, socketPath: configuration.socket, onDeadline: settler.wake)
    self.settler = settler
    self.hook = hook
    self.workers = workers
    self.connections = connections
    self.group = group
    do {
      listener = try ServerBootstrap(group: group)
        .childChannelOption(.autoRead, value: false)
        .childChannelOption(.allowRemoteHalfClosure, value: true)
        .childChannelInitializer { channel in
          connections.accept(channel) {
            ConnectionHandler(peer: $0, dispatcher: dispatcher, workers: workers, mailbox: mailbox, hub: hub)
          }
        }
        .withBoundSocket(socket.descriptor)
        .wait()
    } catch {
      throw StartError("cannot listen on \(configuration.socket): \(error)")
    }
    registry.startLoading()
  }

  /// Takes no more connections and no more requests, answers those in hand, and gives socket and database up.
  package func stop() throws {
    try listener.close().wait()
    socket.remove()
    try connections.drain(within: .seconds(Int64(Limits.drainSeconds)), on: group.next()).wait()
    settler.stop()
    registry.stop()
    try workers.stop()
    hook?.stop()
    try group.syncShutdownGracefully()
    try ledger.close()
  }
}

extension Timestamp {
  /// The wall clock.
  static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000)
  }
}

/// A connection is a file descriptor, and the usual soft limit of 1024 is below `Limits.connections`.
private func raiseFileLimit() {
  var limit = rlimit()
  guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
  limit.rlim_cur = limit.rlim_max
  _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
