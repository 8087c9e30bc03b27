// Programs that run while something is measured, and programs that are measured as a whole.

internal import LoadGenerator
internal import LinuxSupport
internal import Glibc

/// The programs that were started and must be ended, also where the measurement fails or is interrupted.
final class Servers {
  private var running: [ChildProcess] = []
  let interruption: Interruption

  init(_ interruption: Interruption) { self.interruption = interruption }

  /// Starts a program, and returns once `target` takes connections.
  func start(_ program: String, _ arguments: [String], answersOn target: Target) throws -> ChildProcess {
    guard !target.answers else { throw BenchError("cannot start \(program): something else answers in its place") }
    let child = try ChildProcess(program, arguments, output: Streams.null, errors: Streams.null)
    running.append(child)
    for _ in 0..<1500 {
      try interruption.check()
      if target.answers { return child }
      if child.hasEnded() {
        running.removeLast()
        break
      }
      usleep(10_000)
    }
    throw BenchError("\(program) did not start: \(([program] + arguments).joined(separator: " "))")
  }

  /// Starts a program, and returns once it has said something on its standard output.
  func start(_ program: String, _ arguments: [String]) throws -> ChildProcess {
    let (child, reading) = try piped { try ChildProcess(program, arguments, output: $0, errors: Streams.errors) }
    defer { close(reading) }
    var polled = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
    while poll(&polled, 1, 50) <= 0 { try interruption.check() }
    guard polled.revents & Int16(POLLIN) != 0 else { throw BenchError("\(program) ended without a word") }
    return child
  }

  /// Starts a program with the writing end of a pipe; the caller closes the reading end.
  private func piped(_ start: (_ writing: Spawn.Stream) throws -> ChildProcess) throws -> (ChildProcess, reading: Int32)
  {
    let ends: (read: Int32, write: Int32)
    do throws(SystemError) { ends = try makePipe() } catch { throw LoadError.system("make a pipe", errno: error.errno) }
    defer { close(ends.write) }
    do {
      let child = try start(.descriptor(ends.write))
      running.append(child)
      return (child, ends.read)
    } catch {
      close(ends.read)
      throw error
    }
  }

  /// `fairleadd` with its socket and its ledger in `scratch`.
  func fairleadd(programs: String, scratch: String) throws -> ChildProcess {
    let socket = "\(scratch)/s.sock"
    return try start(
      "\(programs)/fairleadd", ["--socket", socket, "--database", "\(scratch)/ledger.db"], answersOn: .unix(socket))
  }

  /// The same, and returns as soon as it says that it is ready.
  func fairleaddReady(programs: String, scratch: String) throws -> ChildProcess {
    let (child, reading) = try piped {
      try ChildProcess(
        "\(programs)/fairleadd", ["--socket", "\(scratch)/s.sock", "--database", "\(scratch)/ledger.db"],
        output: Streams.null, errors: $0)
    }
    defer { close(reading) }
    var said: [UInt8] = []
    var bytes = [UInt8](repeating: 0, count: 4096)
    while !String(decoding: said, as: UTF8.self).contains("ready on") {
      let count = read(reading, &bytes, bytes.count)
      guard count > 0 else { throw BenchError("fairleadd did not start: \(String(decoding: said, as: UTF8.self))") }
      said += bytes[..<count]
    }
    return child
  }

  func stop(_ child: ChildProcess) {
    running.removeAll { $0.pid == child.pid }
    child.stop()
  }

  func stopAll() {
    for child in running.reversed() { child.stop() }
    running = []
  }

  /// The median wall time in microseconds of a program from its start to its end.
  func medianRun(_ program: String, _ arguments: [String], rounds: Int) throws -> Int {
    try (0..<rounds).map { _ in
      try interruption.check()
      let start = monotonicNanoseconds()
      let child = try ChildProcess(program, arguments, output: Streams.null, errors: Streams.null)
      let status = child.wait()
      let time = (monotonicNanoseconds() - start) / 1000
      guard status == .exited(status: 0) else {
        throw BenchError("\(program) \(arguments.joined(separator: " ")) failed")
      }
      return time
    }.median
  }
}
