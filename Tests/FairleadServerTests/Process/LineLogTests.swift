// The daemon's log on descriptors that nobody reads, that fail, and that somebody else shares.

import DaemonTestSupport
@testable import FairleadServer
import Foundation
import LinuxSupport
import Synchronization
import Testing

@Suite("The log", .timeLimit(.minutes(5)))
struct LineLogTests {
  /// What the log says is wrong with it, in order.
  private final class Troubles: Sendable {
    private let all = Mutex<[LogTrouble]>([])
    private let arrived = DispatchSemaphore(value: 0)

    func add(_ trouble: LogTrouble) {
      all.withLock { $0.append(trouble) }
      arrived.signal()
    }

    /// Waits until a report comes for which `isWanted` holds.
    func first(where isWanted: (LogTrouble) -> Bool) -> LogTrouble? {
      while arrived.wait(timeout: .now() + 60) == .success {
        let next = all.withLock { $0.removeFirst() }
        if isWanted(next) { return next }
      }
      return nil
    }
  }

  private func line(from descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") { bytes.append(byte) }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("lines are written in their order, each behind the program's name")
  func order() throws {
    let (end, pipe) = try makePipe()
    let log = LineLog(name: "d", descriptor: pipe)
    for number in 1...3 { log.line("line \(number)") }
    #expect((1...3).map { _ in line(from: end) } == ["d: line 1", "d: line 2", "d: line 3"])
    close(end)
    close(pipe)
  }

  @Test("nobody waits for a pipe that nobody reads; what was dropped is counted, reported, and said once it is read")
  func fullPipe() throws {
    let (end, pipe) = try makePipe()
    // Full from the start, so that how much of the log is taken does not depend on who runs first.
    #expect(fcntl(pipe, F_SETFL, O_NONBLOCK) == 0)
    var filled = 0
    while write(pipe, "x", 1) == 1 { filled += 1 }
    #expect(fcntl(pipe, F_SETFL, 0) == 0)
    var limits = LineLog.Limits()
    limits.lines = 10
    let log = LineLog(name: "d", descriptor: pipe, limits: limits)
    let troubles = Troubles()
    log.onTrouble(troubles.add)
    let text = String(repeating: "y", count: 1000)
    for _ in 0..<500 { log.line(text) }
    // The queue takes ten, and one more where the thread has taken the first by then, whose write does not end.
    let dropping = troubles.first { if case .dropping(let count, _) = $0 { count >= 489 } else { false } }
    #expect(dropping != nil)
    // Comes back although not a byte can be written.
    log.flush(withinSeconds: 0.05)

    var skipped = [UInt8](repeating: 0, count: filled)
    while filled > 0 { filled -= max(0, read(end, &skipped, filled)) }
    // What the queue took before it was full, and what is missing, are all that was logged.
    var (taken, missing) = (0, 0)
    while taken + missing < 500 {
      let next = line(from: end)
      if next == "d: \(text)" {
        taken += 1
      } else {
        let words = next.split(separator: " ")
        #expect(next.contains(" missing here: since "))
        missing += try #require(Int(words[1]))
      }
    }
    #expect(taken + missing == 500 && missing >= 489)
    #expect(troubles.first { $0 == .none } == LogTrouble.none)
    log.line("after")
    #expect(line(from: end) == "d: after")
    close(end)
    close(pipe)
  }

  @Test("a descriptor that fails is reported with its error, and so is its end")
  func failing() throws {
    let (end, pipe) = try makePipe()
    signal(SIGPIPE, SIG_IGN)
    close(end)
    let log = LineLog(name: "d", descriptor: pipe)
    let troubles = Troubles()
    log.onTrouble(troubles.add)
    log.line("lost")
    let failing = troubles.first { if case .failing = $0 { true } else { false } }
    guard case .failing(let code, let count, _) = failing else {
      throw Failure("no report: \(String(describing: failing))")
    }
    #expect(code == EPIPE && count == 1)
    // Its number leads to a pipe with a reader from here on.
    let (newEnd, newPipe) = try makePipe()
    #expect(dup2(newPipe, pipe) == pipe)
    log.line("found")
    #expect(line(from: newEnd).hasPrefix("d: 1 line is missing here: since "))
    #expect(line(from: newEnd) == "d: found")
    #expect(troubles.first { $0 == .none } == LogTrouble.none)
    for descriptor in [newEnd, newPipe, pipe] { close(descriptor) }
  }

  @Test("a descriptor that somebody has made non-blocking loses nothing")
  func nonBlocking() throws {
    let (end, pipe) = try makePipe()
    #expect(fcntl(pipe, F_SETFL, O_NONBLOCK) == 0)
    let log = LineLog(name: "d", descriptor: pipe)
    let text = String(repeating: "y", count: 2000)
    for number in 0..<100 { log.line("\(number) \(text)") }
    for number in 0..<100 { #expect(line(from: end) == "d: \(number) \(text)") }
    close(end)
    close(pipe)
  }

  @Test(
    "a line is one line without anything that a terminal acts on",
    arguments: [
      ("a\nb", "a\\u{a}b"), ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"), ("a\u{9b}b\u{7f}", "a\\u{9b}b\\u{7f}"),
      ("a\u{202e}b\u{2028}", "a\\u{202e}b\\u{2028}"), ("zażółć 🚂\tb", "zażółć 🚂\\u{9}b"),
    ])
  func controlCharacters(text: String, written: String) {
    #expect(String(decoding: LogLine.bytes(text, from: "d"), as: UTF8.self) == "d: \(written)\n")
  }

  @Test("a long line is cut between two characters, so that one write takes it")
  func longLine() {
    for padding in 0..<4 {
      let text = String(repeating: "x", count: padding) + String(repeating: "🚂", count: 5000)
      let bytes = LogLine.bytes(text, from: "d")
      #expect(bytes.count <= 4096 && bytes.count > 4080)
      let line = String(validating: bytes, as: UTF8.self)
      #expect(line?.hasSuffix("🚂 ... (cut)\n") == true)
    }
    #expect(LogLine.bytes(String(repeating: "x", count: 4092), from: "d").count == 4096)
  }
}
