// Fairlead by itself: reports, gets, durable updates, what clients cost each other, the command's own time, memory.

internal import LoadGenerator
internal import LinuxSupport

struct Alone {
  let servers: Servers
  let programs: String
  let scratch: String

  func measure() throws {
    let sync = try DiskProbe.fdatasync(in: scratch, rounds: 400, servers.interruption).percentile(50)
    print("fdatasync of 4 KiB, median of 400         \(sync / 1000) us")

    for sample in Judging.samples {
      let times = try Judging.measure(sample, rounds: 500)
      print("report without estimates, median          \(times.without) us\(sample.name)")
      print("report with estimates, median             \(times.with) us\(sample.name)")
    }

    let daemon = try servers.fairleadd(programs: programs, scratch: scratch)
    let workload = Workload(socket: "\(scratch)/s.sock", interruption: servers.interruption)
    try workload.prepare(clusters: 64)
    for clients in [1, 64] {
      let result = try workload.get(clients: clients, requests: clients == 1 ? 20_000 : 60_000)
      print(result.row("cluster.get, \(clients) client\(clients == 1 ? "" : "s")"))
    }
    for clients in [1, 8, 64] {
      let result = try workload.update(clients: clients, requests: 4_000)
      let ratio = Double(result.all.percentile(50)) / Double(sync)
      print(
        result.row("cluster.update, \(clients) client\(clients == 1 ? "" : "s")")
          + "   p50 = \(ratio.text(2)) fdatasync")
    }

    try Fairness(servers: servers, programs: programs, workload: workload).measure()

    let show = try servers.medianRun(
      "\(programs)/fairlead", ["show", "-g", "rg", "-n", "c0", "--socket", workload.socket], rounds: 100)
    print("fairlead show, whole process, median      \(show) us")
    try memory(daemon, workload)
  }

  /// Fairness alone, which takes half a minute.
  func measureFairness() throws {
    let daemon = try servers.fairleadd(programs: programs, scratch: scratch)
    let workload = Workload(socket: "\(scratch)/s.sock", interruption: servers.interruption)
    try workload.prepare(clusters: 64)
    try Fairness(servers: servers, programs: programs, workload: workload).measure()
    servers.stop(daemon)
  }

  private func memory(_ daemon: ChildProcess, _ workload: Workload) throws {
    print("filling 10,000 clusters to 10 revisions each ...")
    let start = monotonicNanoseconds()
    try workload.fill(clusters: 10_000, revisions: 10)
    let seconds = (monotonicNanoseconds() - start) / 1_000_000_000
    print("  100,000 changes in \(seconds) s; resident memory of fairleadd \(try resident(daemon)) KiB")
    try Fleet.measure(workload)
    print("  resident memory of fairleadd after that \(try resident(daemon)) KiB")
    servers.stop(daemon)
    let again = try servers.fairleadd(programs: programs, scratch: scratch)
    _ = try workload.expect(.result, Workload.requests.get(0))
    print("  after a restart \(try resident(again)) KiB")
    servers.stop(again)
  }

  private func resident(_ child: ChildProcess) throws -> Int {
    guard let size = residentKiB(of: child.pid) else { throw BenchError("fairleadd is gone") }
    return size
  }
}
