// What the write-ahead log holds, and what keeps it from being moved into the database file.

internal import LinuxSupport

/// What the WAL holds, as its index says.
package struct WALFrames: Sendable, Hashable {
  /// Frames since the WAL was last begun anew, each with one page.
  package let written: Int
  /// How many of them, from the first one on, are in the database file as well.
  package let checkpointed: Int
  /// Counts commits, of every program, up to 2^32.
  package let commits: UInt32

  init(written: Int, checkpointed: Int, commits: UInt32 = 0) {
    self.written = written
    self.checkpointed = checkpointed
    self.commits = commits
  }

  /// Frames that wait for a WAL checkpoint.
  package var waiting: Int { max(0, written - checkpointed) }
}

/// Another program that keeps a WAL checkpoint from being complete.
package enum WALObstacle: Sendable, Hashable {
  /// It reads a snapshot that needs the database file as it is.
  case reader(OtherProgram)
  /// It holds the lock of checkpoints.
  case checkpoint(OtherProgram)

  package var program: OtherProgram {
    switch self {
    case .reader(let program), .checkpoint(let program): program
    }
  }
}

/// A program that holds a lock of the database and is not this daemon.
package struct OtherProgram: Sendable, Hashable, CustomStringConvertible {
  /// Its number; `nil` where the kernel does not tell it, as for a process in another PID namespace.
  package let pid: Int32?
  /// Its name; `nil` where it is not known.
  package let command: String?

  package init(pid: Int32?, command: String?) {
    self.pid = pid
    self.command = command
  }

  package var description: String {
    switch (command, pid) {
    case (let command?, let pid?): "\(command) (pid \(pid))"
    case (nil, _), (_, nil): describe(process: pid)
    }
  }
}
