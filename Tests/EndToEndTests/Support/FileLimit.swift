// A limit on how long the files of a running program may grow, as a disk that has no more room.

/// The kernel's limit on the size of a file that the process writes, as setrlimit(2) has it; `nil` takes it away.
func limitFiles(of daemon: RunningDaemon, toBytes bytes: Int?) throws {
  // The hard limit stays, so that the other can be raised again by anybody.
  let limit = bytes.map { "\($0):unlimited" } ?? "unlimited"
  let finished = try Programs.run("prlimit", ["--pid", "\(daemon.pid)", "--fsize=\(limit)"], in: daemon.scratch)
  guard finished.status == 0 else { throw Failure("prlimit: \(finished.errors)") }
}
