// A headless Chromium of a test's own, driven through the DevTools protocol over a pair of pipes.

import ExactJSON
import Foundation
import Glibc

/// Why a test's own machinery could not go on.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Starts with the first use and ends with the last: the whole group of processes goes, whatever became of the test.
final class Browser {
  /// What `scripts/test --browser` says to use; without it the tests of this folder are skipped.
  static let program = ProcessInfo.processInfo.environment["FAIRLEAD_BROWSER"] ?? ""

  /// No single answer may take longer.
  private static let patience = 60.0

  let folder: String
  private let pid: pid_t
  private let input: Int32
  private let output: Int32
  private var unread: [UInt8] = []
  private var number = 0
  /// What came without being asked for, in order.
  private(set) var events: [JSON] = []

  init() throws {
    // A browser that died is to be reported, not to take the tests with it.
    signal(SIGPIPE, SIG_IGN)
    var template = Array("/tmp/fairlead-pages-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure("mkdtemp: \(String(cString: strerror(errno)))") }
    folder = template.withUnsafeBufferPointer {
      String(decoding: $0.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    let (theirInput, ourInput) = try Self.pipe()
    let (ourOutput, theirOutput) = try Self.pipe()
    (input, output) = (ourInput, ourOutput)
    pid = try Self.spawn(folder: folder, reading: theirInput, writing: theirOutput)
    close(theirInput)
    close(theirOutput)
  }

  deinit {
    // Asked to, it ends its own children first; the end of its output says that it is gone. If it will not, the whole
    // group goes.
    _ = try? call("Browser.close")
    while (try? read(for: "Browser.close", patience: 10)) != nil {}
    kill(-pid, SIGKILL)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    close(input)
    close(output)
    // A child may still be writing; what is left of a folder in /tmp harms no test.
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// A pipe whose ends lie above 3 and 4, where the browser wants its own.
  private static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard Glibc.pipe(&ends) == 0 else { throw Failure("pipe: \(String(cString: strerror(errno)))") }
    let high = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
    ends.forEach { close($0) }
    return (high[0], high[1])
  }

  private static func spawn(folder: String, reading: Int32, writing: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "\(folder)/out", O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    posix_spawn_file_actions_adddup2(&actions, reading, 3)
    posix_spawn_file_actions_adddup2(&actions, writing, 4)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    let words =
      [
        program, "--headless", "--remote-debugging-pipe", "--user-data-dir=\(folder)/profile", "--no-first-run",
        "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-breakpad", "--disable-crash-reporter", "--disable-extensions", "--hide-scrollbars",
        // Whatever still wanted to leave would find no name.
        "--host-resolver-rules=MAP * ~NOTFOUND",
      ] + (getuid() == 0 ? ["--no-sandbox"] : []) + ["about:blank"]
    let settings = ["PATH=/usr/bin:/bin", "HOME=\(folder)", "LC_ALL=C.UTF-8"]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var environment: [UnsafeMutablePointer<CChar>?] = settings.map { strdup($0) } + [nil]
    defer { (arguments + environment).forEach { free($0) } }
    var pid: pid_t = 0
    let error = posix_spawn(&pid, program, &actions, &attributes, &arguments, &environment)
    guard error == 0 else { throw Failure("cannot start \(program): \(String(cString: strerror(error)))") }
    return pid
  }

  /// Sends a command and waits for its answer; events on the way are kept.
  @discardableResult
  func call(_ method: String, _ params: JSON = [:], session: String? = nil) throws -> JSON {
    number += 1
    var message: JSONObject = ["id": .integer(number), "method": .string(method), "params": params]
    if let session { message["sessionId"] = .string(session) }
    var bytes = Array(JSON.object(message).text.utf8) + [0]
    while !bytes.isEmpty {
      let count = write(input, bytes, bytes.count)
      guard count > 0 else { throw Failure("Chromium takes no commands: \(said)") }
      bytes.removeFirst(count)
    }
    while true {
      let answer = try read(for: method)
      guard answer["id"] == .integer(number) else {
        events.append(answer)
        continue
      }
      guard let result = answer["result"] else { throw Failure("\(method): \(answer.text)") }
      return result
    }
  }

  /// Waits for an event, in what came already or what comes next.
  func wait(for method: String, session: String) throws {
    func isIt(_ event: JSON) -> Bool { event["method"] == .string(method) && event["sessionId"] == .string(session) }
    guard !events.contains(where: isIt) else { return }
    while true {
      let event = try read(for: method)
      events.append(event)
      if isIt(event) { return }
    }
  }

  private func read(for what: String, patience: Double = Browser.patience) throws -> JSON {
    let deadline = Date(timeIntervalSinceNow: patience)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var searched = 0
    while true {
      if let end = unread[searched...].firstIndex(of: 0) {
        let message = Array(unread[..<end])
        unread.removeSubrange(...end)
        return try JSON(parsing: message)
      }
      searched = unread.count
      var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      let left = Int32(max(deadline.timeIntervalSinceNow, 0) * 1000)
      guard poll(&waiting, 1, left) > 0 else { throw Failure("Chromium does not answer \(what): \(said)") }
      let count = Glibc.read(output, &chunk, chunk.count)
      guard count > 0 else { throw Failure("Chromium ended before it answered \(what): \(said)") }
      unread += chunk[..<count]
    }
  }

  private var said: String { (try? String(contentsOfFile: "\(folder)/out", encoding: .utf8)) ?? "" }
}
