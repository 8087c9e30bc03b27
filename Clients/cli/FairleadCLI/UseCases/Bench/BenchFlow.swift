// `fairlead bench` from start to end: a daemon, its clusters, the measurements, and the removal of everything.

internal import ExactJSON
internal import LoadGenerator
internal import FairleadModel
internal import Glibc
internal import LinuxSupport

struct BenchFlow {
  let plan: BenchPlan
  let session: Session

  func run() throws(Failure) -> CommandStatus {
    let interruption = Interruption()
    raiseDescriptorLimit()
    let outcome: Result<BenchResult, Failure>
    do throws(Failure) {
      outcome = .success(try plan.socket == nil ? measureOwn(interruption) : measureLive(interruption))
    } catch {
      outcome = .failure(error)
    }
    clearProgress()
    // Everything is removed: now a signal that came meanwhile may end the process.
    interruption.die()
    return try show(try outcome.get())
  }

  private func measureOwn(_ interruption: Interruption) throws(Failure) -> BenchResult {
    let folder = plan.directory ?? Self.scratch
    let sync = try Self.sync(in: folder, interruption)
    showProgress("starting a daemon in \(folder)")
    let daemon = try ScratchDaemon(in: folder, interruption)
    defer { daemon.remove() }
    let target = Target.unix(daemon.socket)
    do throws(LoadError) {
      let clusters = try BenchClusters.make(
        BenchClusters.names(), plan, on: target, opensGates: true, interruption)
      return try measure(target, daemon.socket, clusters, sync, interruption)
    } catch {
      throw failure(error)
    }
  }

  private func measureLive(_ interruption: Interruption) throws(Failure) -> BenchResult {
    guard let socket = plan.socket else { return try measureOwn(interruption) }
    let transport = SocketTransport(
      address: SocketAddress(path: socket, origin: .flag), trust: DaemonTrust(.process))
    let description = try transport.call("registry.describe", JSONObject())
    let writes = plan.workloads.contains { $0.writes }
    let sync = writes ? try liveSync(description, interruption) : nil
    let target = Target.unix(socket)
    guard writes else {
      let clusters = try BenchClusters.existing(transport)
      do throws(LoadError) {
        return try measure(target, socket, clusters, sync, interruption)
      } catch {
        throw failure(error)
      }
    }
    do throws(LoadError) {
      let names = BenchClusters.names()
      let outcome = Result { () throws(LoadError) in
        let clusters = try BenchClusters.make(names, plan, on: target, opensGates: false, interruption)
        return try measure(target, socket, clusters, sync, interruption)
      }
      showProgress("deleting the clusters that were made")
      try BenchClusters.delete(names, plan, on: target)
      return try outcome.get()
    } catch {
      throw failure(error)
    }
  }

  private func measure(
    _ target: Target, _ socket: String, _ clusters: BenchClusters, _ sync: BenchTimes?, _ interruption: Interruption
  ) throws(LoadError) -> BenchResult {
    let describe = try LoadRun.ask(ClusterRequests.line("registry.describe", ""), on: target, interruption)
    guard case .success(let description) = DaemonReply.result(in: Array(describe.dropLast()), id: 1) else {
      throw .refused(describe)
    }
    let run = BenchRun(
      plan: plan, target: target, clusters: clusters, interruption: interruption, progress: showProgress,
      note: { text in
        clearProgress()
        session.console.note(text)
      })
    let figures = try run.figures()
    return BenchResult(
      version: description["version"]?.stringValue ?? "-", socket: plan.socket, seconds: plan.seconds,
      inFlight: plan.inFlight, sync: sync, figures: figures)
  }

  /// The disk of a running daemon: the folder that --directory names, or the ledger's folder if this process may write there.
  private func liveSync(_ description: JSON, _ interruption: Interruption) throws(Failure) -> BenchTimes? {
    if let directory = plan.directory { return try Self.sync(in: directory, interruption) }
    let database = description["database"]?.stringValue ?? ""
    let folder = database.split(separator: "/").dropLast().map { "/\($0)" }.joined()
    if !folder.isEmpty, access(folder, W_OK) == 0 { return try Self.sync(in: folder, interruption) }
    guard plan.check else { return nil }
    throw .usage(
      "cannot check against a disk that cannot be measured: the ledger's folder is not yours to write in",
      hints: ["Name another folder on the same disk with --directory, or leave --check out."])
  }

  private static func sync(in folder: String, _ interruption: Interruption) throws(Failure) -> BenchTimes {
    do throws(LoadError) {
      return BenchTimes(try DiskProbe.fdatasync(in: folder, rounds: 200, interruption))
    } catch {
      throw Failure(error)
    }
  }

  /// $TMPDIR, or the folder for temporary files that is on a disk: /tmp is often in memory.
  private static var scratch: String {
    if let folder = getenv("TMPDIR").map({ String(cString: $0) }), !folder.isEmpty { return folder }
    return access("/var/tmp", W_OK) == 0 ? "/var/tmp" : "/tmp"
  }

  private func failure(_ error: LoadError) -> Failure {
    guard error.isUnknownMethod else { return Failure(error) }
    return Failure(
      .failed, "cannot measure 'watch': this daemon has no change.watch",
      hints: ["It is older than this command. Name the other workloads with --workload."])
  }

  private func show(_ result: BenchResult) throws(Failure) -> CommandStatus {
    let checks = plan.check ? BenchThresholds.checks(result) : nil
    try session.show(
      Document(
        json: result.json(checks),
        table: { (form) throws(Failure) in Table(result.figures, BenchText.columns, for: form) },
        text: { (layout) throws(Failure) in BenchText.text(result, checks, layout) }))
    let failed = (checks ?? []).filter { !$0.passed }
    if session.output != .text { for check in failed { session.console.note("missed: \(BenchText.sentence(check))") } }
    return failed.isEmpty ? .done : .failed
  }

  // MARK: - Progress, for a person at a terminal

  private func showProgress(_ text: String) {
    if session.console.errLayout.isTerminal { session.console.err("\r\u{1B}[K\(sanitized(text)) ...") }
  }

  private func clearProgress() {
    if session.console.errLayout.isTerminal { session.console.err("\r\u{1B}[K") }
  }
}
