// `fairlead bench`: how fast a daemon is on this machine, and whether that is as fast as it should be.

internal import ArgumentParser
internal import ExactJSON

struct BenchCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure how fast a daemon is on this machine and disk.",
    discussion: """
      It starts a fairleadd of its own in a scratch folder, measures it, and removes both; with --directory on the disk \
      that the ledger is on. With --socket it measures the daemon that runs there, and only reads, unless --write allows \
      changes: those are recorded on clusters of their own, and stay in that ledger for ever.

      Workloads, each at each number of clients:
        get      cluster.get, each client of a cluster of its own
        history  a page of 20 revisions
        update   a durable change with its report, each client of its own cluster
        mixed    nine gets and one update in turn
        watch    one client changes a cluster, all others watch it

      The times are from a request to its reply; those of watch are from the reply of a change to the event at a watcher. \
      'echo' is the load generator against a server that does nothing: what is above it is the daemon.

      --check compares with what the same run measured of this machine, and ends with 1 if anything is missed. S is one \
      fdatasync, n the requests under way at once (clients x --pipeline):
        get      at least 1/4 of the echo's rate
        history  at least 1/40 of the echo's rate
        update   p50 at most 2 S + 0.5 ms x n: the sync in hand, then its own,
                 and judging each change of the group; p99 at most twice that,
                 by the 99th percentile of S
        mixed    the gets' p50 at most the updates': a read waits for no disk
        watch    p50 at most 0.5 ms + 20 us for each watcher
      docs/performance.md has the reasons.

      Examples:
        fairlead bench --check --directory /var/lib/fairlead
        fairlead bench --workload get,update --clients 1,8,64 --seconds 10 -o json
        fairlead bench --socket /run/fairlead/fairlead.sock --workload get
      """)

  @Option(
    help: ArgumentHelp(
      "get, history, update, mixed or watch; several with commas, may be repeated. All of them where none is named.",
      valueName: "words"))
  var workload: [String] = []

  @Option(help: ArgumentHelp("How many clients at once; several numbers with commas.", valueName: "n"))
  var clients = "1,64"

  @Option(help: ArgumentHelp("How long each measurement goes on, fractions allowed.", valueName: "s"))
  var seconds = 2.0

  @Option(help: ArgumentHelp("Requests under way on each connection.", valueName: "n"))
  var pipeline = 1

  @Option(
    help: ArgumentHelp(
      "Where the scratch ledger is written; with --socket, a folder on that daemon's disk. $TMPDIR or /var/tmp where it "
        + "is not named.", valueName: "folder"), completion: .directory)
  var directory: String?

  @Flag(help: "Compare with the thresholds, and end with 1 if any is missed.")
  var check = false

  @Flag(help: "With --socket: allow workloads that record changes, which stay for ever.")
  var write = false

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    guard global.namedSubscription == nil else {
      throw .usage("cannot take --subscription with bench: it measures clusters of its own")
    }
    let plan = try BenchPlan(
      workloads: workload, clients: clients, seconds: seconds, inFlight: pipeline, socket: global.socket,
      directory: directory, check: check, write: write)
    return try BenchFlow(plan: plan, session: session).run()
  }
}
