// A headless Chromium for the tests, driven through the DevTools protocol over a pair of pipes.

import DaemonTestSupport
import ExactJSON
import Foundation
import Glibc
import LinuxSupport

/// Started with the first use, and ended with the last one as a whole process group, also if the test failed.
final class Browser {
  /// The program that `scripts/test --browser` names; without it the tests of this folder are skipped.
  static let program = ProcessInfo.processInfo.environment["FAIRLEAD_BROWSER"] ?? ""

  /// The time limit of one answer.
  private static let patience = 60.0

  var folder: String { scratch.path }
  private let scratch: Scratch
  private var process: Child?
  private let input: Int32
  private let output: Int32
  private var unread: [UInt8] = []
  private var number = 0
  /// Received events that no test has waited for yet, in order.
  private(set) var events: [JSON] = []

  init() throws {
    // Without this, writing to a browser that has ended would end the tests by SIGPIPE instead of being reported.
    signal(SIGPIPE, SIG_IGN)
    scratch = try Scratch()
    // The ends lie above 3 and 4, which the browser gets as its own.
    let commands = try makePipe(atLeast: 10)
    let answers = try makePipe(atLeast: 10)
    (input, output) = (commands.write, answers.read)
    defer {
      close(commands.read)
      close(answers.write)
    }
    let log = open(scratch.file("out"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard log >= 0 else { throw Failure("cannot write in \(scratch.path): \(describe(errno: errno))") }
    defer { close(log) }
    process = try Child(
      Self.program, Self.arguments(profile: scratch.file("profile")),
      environment: ["PATH": "/usr/bin:/bin", "HOME": scratch.path, "LC_ALL": "C.UTF-8"], output: .descriptor(log),
      errors: .descriptor(log), further: [commands.read, answers.write], leadsGroup: true)
  }

  deinit {
    // Asked to, it ends its own children first; the end of its output says that it is gone. If it does not end, `process`
    // kills the whole group.
    _ = try? call("Browser.close")
    while (try? read(for: "Browser.close", patience: 10)) != nil {}
    process = nil
    close(input)
    close(output)
  }

  private static func arguments(profile: String) -> [String] {
    [
      "--headless", "--remote-debugging-pipe", "--user-data-dir=\(profile)", "--no-first-run",
      "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
      "--disable-sync", "--disable-breakpad", "--disable-crash-reporter", "--disable-extensions", "--hide-scrollbars",
      // No name can be resolved, so that no request can leave the machine.
      "--host-resolver-rules=MAP * ~NOTFOUND",
    ] + (getuid() == 0 ? ["--no-sandbox"] : []) + ["about:blank"]
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
