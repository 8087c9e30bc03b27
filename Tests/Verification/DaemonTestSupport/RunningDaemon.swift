// A real `fairleadd` in its own process.

internal import Foundation
internal import LinuxSupport

/// A daemon that a test started, and that ends with it.
package final class RunningDaemon {
  package let scratch: Scratch
  package let socket: String
  package let database: String
  private let process: Child
  private let log = Pipe()
  /// What has been read of its log and not been returned.
  private var said = Data()

  /// Starts a daemon, and returns once it says that it is ready.
  package init(
    _ program: String = "fairleadd", in scratch: Scratch, socket: String? = nil, database: String? = nil,
    arguments: [String] = [], environment: [String: String] = [:]
  ) throws {
    self.scratch = scratch
    self.socket = socket ?? scratch.file("s.sock")
    self.database = database ?? scratch.file("ledger.db")
    process = try Child(
      Programs.path(program), ["--socket", self.socket, "--database", self.database] + arguments,
      environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
      errors: .descriptor(log.fileHandleForWriting.fileDescriptor))
    try log.fileHandleForWriting.close()
    _ = try waitForLog("ready on")
  }

  /// Waits for a line of its log that contains `text`, and returns what it has logged up to the end of that line since the last
  /// time.
  package func waitForLog(_ text: String) throws -> String {
    while true {
      if let found = said.firstRange(of: Data(text.utf8)), let end = said[found.upperBound...].firstIndex(of: 0x0A) {
        defer { said = Data(said[(end + 1)...]) }
        return String(decoding: said[...end], as: UTF8.self)
      }
      let more = log.fileHandleForReading.availableData
      guard !more.isEmpty else {
        throw Failure("the daemon ended without '\(text)': \(String(decoding: said, as: UTF8.self))")
      }
      said.append(more)
    }
  }

  package var pid: Int32 { process.pid }

  package func connect() throws -> LineClient { try LineClient(path: socket) }

  package func send(signal: Int32) { process.send(signal: signal) }

  /// Waits for the process to end, and returns its exit status, or the signal that ended it as a negative number.
  package func wait() -> Int32 { process.wait() }

  /// Whether nothing has ended it yet.
  package var isRunning: Bool { process.isRunning }

  /// What it has written to its log since `waitForLog`, or since it was ready. Waits for its end.
  package func lastWords() throws -> String {
    defer { said = Data() }
    return String(decoding: said + (try log.fileHandleForReading.readToEnd() ?? Data()), as: UTF8.self)
  }

  /// Asks it to stop, and waits.
  @discardableResult
  package func stop() -> Int32 {
    send(signal: SIGTERM)
    return wait()
  }

  /// Resident memory in KiB, as the kernel counts it.
  package func residentKiB() throws -> Int {
    guard let number = LinuxSupport.residentKiB(of: pid) else { throw Failure("no VmRSS in /proc/\(pid)/status") }
    return number
  }

  /// Runs `fairlead` against this daemon.
  package func fairlead(
    _ arguments: [String], environment: [String: String] = [:], input: String? = nil
  ) throws -> Finished {
    try Programs.run(
      Programs.path("fairlead"), arguments, in: scratch,
      environment: ["FAIRLEAD_SOCKET": socket].merging(environment) { $1 }, input: input)
  }
}
