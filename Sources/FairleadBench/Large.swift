// A ledger of 100,000 clusters and 1,000,000 changes: how soon a daemon is ready on it, and how fast it answers meanwhile.

internal import LoadGenerator
internal import LinuxSupport
internal import Glibc

struct Large {
  let servers: Servers
  let programs: String
  let scratch: String

  private static let clusters = 100_000
  private static let revisions = 10
  /// Starts of each sort.
  private static let starts = 5

  private var ledger: String { "\(scratch)/ledger.db" }
  private var workload: Workload { Workload(socket: "\(scratch)/s.sock", interruption: servers.interruption) }

  /// Measures the ledger in the folder, which is created where there is none: that takes some ten minutes and 7 GB.
  func measure() throws {
    if access(ledger, F_OK) != 0 { try fill() }
    print("a ledger of \(try size() / 1_000_000) MB, medians of \(Self.starts) starts")
    try measure("in the page cache")
    guard dropCaches() else { return print("all caches dropped: skipped, since only root may do that") }
    try measure("all caches dropped") { _ = dropCaches() }
  }

  private func fill() throws {
    let daemon = try servers.fairleadd(programs: programs, scratch: scratch)
    try workload.prepare(clusters: 64)
    Progress.say("filling \(Self.clusters) clusters to \(Self.revisions) revisions each ...")
    try workload.fill(clusters: Self.clusters, revisions: Self.revisions)
    servers.stop(daemon)
  }

  private func measure(_ name: String, before: () -> Void = {}) throws {
    var starts: [Start] = []
    // The first brings the file into the page cache, and does not count.
    for number in 0...Self.starts {
      before()
      starts.append(try start(number))
    }
    starts.removeFirst()
    func row(_ what: String, _ unit: String, _ value: (Start) -> Int) {
      let values = starts.map(value)
      print("\(name): \(what)".padded(64) + "\(values.median) \(unit) (\(values.min() ?? 0)-\(values.max() ?? 0))")
    }
    row("ready", "ms") { $0.ready / 1000 }
    row("then get of a cluster that is not loaded", "us") { $0.get }
    row("update while loading, p50", "us") { $0.updates.percentile(50) / 1000 }
    row("update while loading, p99", "us") { $0.updates.percentile(99) / 1000 }
    row("all loaded after", "ms") { $0.loaded / 1000 }
    row("update once loaded, p50", "us") { $0.later.percentile(50) / 1000 }
    row("update once loaded, p99", "us") { $0.later.percentile(99) / 1000 }
    row("resident memory then", "KiB") { $0.resident }
  }

  // MARK: One start

  /// Times in microseconds: until it is ready, and from then on.
  private struct Start {
    var ready = 0
    var get = 0
    var loaded = 0
    var updates = Latencies()
    var later = Latencies()
    var resident = 0
  }

  private func start(_ number: Int) throws -> Start {
    var start = Start()
    let began = monotonicNanoseconds()
    func elapsed() -> Int { (monotonicNanoseconds() - began) / 1000 }
    let daemon = try servers.fairleaddReady(programs: programs, scratch: scratch)
    start.ready = elapsed()
    let asked = elapsed()
    _ = try workload.expect(.result, Workload.requests.get(Self.clusters - 1 - number))
    start.get = elapsed() - asked
    repeat { start.updates.add(try updates(from: start.updates.count)) } while try isLoading()
    start.loaded = elapsed() - start.ready
    start.later = try updates(from: start.updates.count, count: 500)
    guard let resident = residentKiB(of: daemon.pid) else { throw BenchError("fairleadd is gone") }
    start.resident = resident
    servers.stop(daemon)
    return start
  }

  /// Updates by one client, each of another cluster, spread over the file.
  private func updates(from first: Int, count: Int = 20) throws -> Latencies {
    try workload.run(.recorded, clients: 1, requests: count) { _, number, buffer in
      let cluster = (first + number) * 7919 % Self.clusters
      Workload.requests.update(cluster).append(Self.value, to: &buffer)
    }.all
  }

  /// A value that no earlier update had: an update without effect is not recorded.
  private static var value: Int { monotonicNanoseconds() / 1_000_000_000 }

  private func isLoading() throws -> Bool {
    let reply = try LoadRun.ask(
      ClusterRequests.line("registry.health", ""), on: .unix("\(scratch)/s.sock"), servers.interruption)
    return String(decoding: reply, as: UTF8.self).contains("\"loadedClusters\":")
  }

  // MARK: The machine

  private func size() throws -> Int {
    var status = stat()
    guard stat(ledger, &status) == 0 else { throw BenchError("cannot look at \(ledger)") }
    return Int(status.st_size)
  }

  /// Drops the kernel's page cache, dentries and inodes; `false` where this user may not.
  private func dropCaches() -> Bool {
    sync()
    let descriptor = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return write(descriptor, "3", 1) == 1
  }
}
