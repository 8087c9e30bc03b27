// Simulates a full disk: limits how large the files of a running program may grow.

/// The kernel's limit on the size of a file that the process writes, as setrlimit(2) has it; `nil` takes it away.
func limitFiles(of daemon: RunningDaemon, toBytes bytes: Int?) throws {
  // The hard limit stays, so that the soft one can be raised again without privileges.
  let limit = bytes.map { "\($0):unlimited" } ?? "unlimited"
  let finished = try Programs.run("prlimit", ["--pid", "\(daemon.pid)", "--fsize=\(limit)"], in: daemon.scratch)
  guard finished.status == 0 else { throw Failure("prlimit: \(finished.errors)") }
}
