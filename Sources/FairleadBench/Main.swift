// Measures a release build of Fairlead on this machine, and prints what it found; `scripts/bench` runs it.

import Glibc

/// Where the numbers come from: real programs, a real socket, a real disk.
@main
struct FairleadBench {
  static func main() throws {
    guard CommandLine.arguments.count == 3 else {
      throw BenchError("usage: FairleadBench FOLDER-OF-PROGRAMS SCRATCH-FOLDER")
    }
    let programs = CommandLine.arguments[1]
    let scratch = CommandLine.arguments[2]
    signal(SIGPIPE, SIG_IGN)

    let sync = try Disk.medianFdatasync(in: scratch, rounds: 400)
    print("fdatasync of 4 KiB, median of 400         \(sync) us")

    for sample in Judging.samples {
      let times = try Judging.measure(sample, rounds: 500)
      print("report without estimates, median          \(times.without) us\(sample.name)")
      print("report with estimates, median             \(times.with) us\(sample.name)")
    }

    let daemon = try Child.daemon(programs: programs, scratch: scratch)
    defer { daemon.stop() }
    let socket = "\(scratch)/s.sock"
    try Workload.prepare(socket: socket, clusters: 64)
    let line = Workload.get
    for clients in [1, 64] {
      let result = try Load.run(socket: socket, clients: clients, requests: clients == 1 ? 20_000 : 60_000, line)
      print(result.row("cluster.get, \(clients) client\(clients == 1 ? "" : "s")"))
    }
    for clients in [1, 8, 64] {
      let result = try Load.run(socket: socket, clients: clients, requests: 4_000, Workload.update)
      let ratio = Double(result.median) / Double(sync)
      let rounded = (ratio * 100).rounded() / 100
      print(result.row("cluster.update, \(clients) client\(clients == 1 ? "" : "s")") + "   p50 = \(rounded) fdatasync")
    }

    let show = try Child.medianRun(
      "\(programs)/fairlead", ["show", "-g", "rg", "-n", "c0", "--socket", socket], rounds: 100)
    print("fairlead show, whole process, median      \(show) us")
    let sqlite = "/usr/bin/sqlite3"
    if access(sqlite, X_OK) == 0 {
      let version = try Child.medianRun(sqlite, ["--version"], rounds: 100)
      print("sqlite3 --version, to compare             \(version) us")
    }

    print("filling 10,000 clusters to 10 revisions each ...")
    let start = Clock.microseconds()
    try Workload.fill(socket: socket, clusters: 10_000, revisions: 10)
    let seconds = (Clock.microseconds() - start) / 1_000_000
    print("  100,000 changes in \(seconds) s; resident memory of fairleadd \(try daemon.residentKiB()) KiB")
    try Fleet.measure(socket: socket)
    print("  resident memory of fairleadd after that \(try daemon.residentKiB()) KiB")
    daemon.stop()
    let again = try Child.daemon(programs: programs, scratch: scratch)
    try Load.expectAnswer(socket: socket, Workload.get(client: 0, number: 0))
    print("  after a restart \(try again.residentKiB()) KiB")
    again.stop()
  }
}
