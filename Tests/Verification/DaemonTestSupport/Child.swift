// A child process that ends with the test that started it.

internal import Glibc
internal import LinuxSupport

/// Waited for with `waitpid`: Foundation's `Process` learns about an end through its run loop, and has been seen to wait for a
/// program that had ended and was reaped. Not to be used by two threads at once.
package final class Child {
  /// What one of the standard streams is.
  package enum Stream {
    case nothing
    /// A file that exists: read from its beginning, or written from there.
    case file(String)
    /// A descriptor of this process, which stays its owner's to close.
    case descriptor(Int32)
  }

  package let pid: Int32
  private let leadsGroup: Bool
  /// `nil` until the program has been waited for.
  private var ending: ProcessEnding?

  /// Starts `program`, which is looked up in `PATH` where it has no slash, with no descriptors but the three and `further`,
  /// which it gets as 3, 4 and so on, and with every signal as a shell in the foreground would leave it.
  ///
  /// `environment` replaces this process's own; `folder` is where the program starts. One that leads a group takes the group
  /// with it when it is killed.
  package init(
    _ program: String, _ arguments: [String], in folder: String? = nil, environment: [String: String]? = nil,
    input: Stream = .nothing, output: Stream = .nothing, errors: Stream = .nothing, further: [Int32] = [],
    leadsGroup: Bool = false
  ) throws {
    self.leadsGroup = leadsGroup
    let spawn = Spawn(
      program, arguments, environment: environment?.map { "\($0)=\($1)" }, in: folder,
      streams: [input.reading, output.writing, errors.writing] + further.map { .descriptor($0) },
      leadsGroup: leadsGroup)
    do throws(SystemError) {
      pid = try spawn.start()
    } catch {
      throw Failure("cannot start \(program): \(describe(errno: error.errno))")
    }
  }

  deinit {
    guard ending == nil else { return }
    // Before it is waited for: until then its number is nobody else's, and the kill reaches what it left in its group.
    kill(leadsGroup ? -pid : pid, SIGKILL)
    wait()
  }

  /// Whether it has not ended yet.
  package var isRunning: Bool {
    if ending == nil, case .success(let ended?) = reapIfEnded(pid) { ending = ended }
    return ending == nil
  }

  /// Sends a signal, unless the program was waited for: its number may be another's then.
  package func send(signal: Int32) {
    if ending == nil { kill(pid, signal) }
  }

  /// Waits for the program to end, and returns its exit status, or the signal that ended it as a negative number.
  @discardableResult
  package func wait() -> Int32 {
    if ending == nil { ending = reap(pid) }
    switch ending {
    case .exited(let status): return status
    case .signalled(let number): return -number
    // Only this object waits for its number, so the kernel has kept a status.
    case nil: preconditionFailure("nobody else waits for process \(pid)")
    }
  }
}

extension Child.Stream {
  fileprivate var reading: Spawn.Stream {
    switch self {
    case .nothing: .null
    case .file(let path): .reading(path)
    case .descriptor(let number): .descriptor(number)
    }
  }

  fileprivate var writing: Spawn.Stream {
    if case .file(let path) = self { .writing(path) } else { reading }
  }
}
