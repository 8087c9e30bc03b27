// The lines that wait to be written, as a value: what is queued, what was dropped, and what is wrong.

internal import DequeModule
package import FairleadModel
internal import LinuxSupport

/// What is wrong with the log.
package enum LogTrouble: Sendable, Hashable {
  case none
  /// A line has been in the hands of the system since then, and those behind it wait.
  case stalled(since: Timestamp)
  /// So many lines were dropped since then, because they are not taken as fast as they come, or not at all.
  case dropping(count: Int, since: Timestamp)
  /// Writing fails with this errno, and so many lines are lost since then.
  case failing(errno: Int32, count: Int, since: Timestamp)
}

struct LogQueue {
  enum Entry {
    case line([UInt8])
    /// In place of lines that are missing there.
    case gap(count: Int, since: Timestamp)

    func bytes(from name: String) -> [UInt8] {
      switch self {
      case .line(let bytes): bytes
      case .gap(let count, let since):
        LogLine.bytes(
          "\(count) \(count == 1 ? "line is" : "lines are") missing here: since \(since.text) the log took no more",
          from: name)
      }
    }
  }

  private struct Lost {
    var count: Int
    var since: Timestamp
  }

  private var entries = Deque<Entry>()
  private var bytes = 0
  private var isWriting = false
  /// When the write that is under way began, by `monotonicNanoseconds`.
  private var writeBegan = 0
  private var stalledSince: Timestamp?
  /// Lines that no gap in the queue stands for yet.
  private var lost: Lost?
  /// All lines since the last time that nothing was wrong.
  private var missing: Lost?
  private var failure: Int32?
  private var isDropping = false
  private var isClosed = false
  private var waiters: [@Sendable () -> Void] = []
  private enum Report { case none, due, queued }
  private var reporting = Report.none

  /// Whether the last write failed.
  var isFailing: Bool { failure != nil }

  // MARK: Adding

  /// Adds a line, or counts it as dropped; returns whether there is something to write.
  mutating func add(_ line: [UInt8], limits: LineLog.Limits, now: Timestamp) -> Bool {
    // Once lines were dropped, half of the queue must be free again: each gap that is shown stands for many lines.
    let share = isDropping ? 2 : 1
    guard !isClosed, entries.count < limits.lines / share, bytes + line.count <= limits.bytes / share else {
      isDropping = true
      lose(1, since: now)
      return false
    }
    isDropping = false
    addGap()
    append(.line(line), bytes: line.count)
    return true
  }

  /// Nothing is written any more.
  mutating func close() { isClosed = true }

  /// Has the next write tried although there is no line: the gap takes its place.
  mutating func retry() { addGap() }

  private mutating func append(_ entry: Entry, bytes count: Int) {
    entries.append(entry)
    bytes += count
  }

  private mutating func addGap() {
    guard let lost else { return }
    append(.gap(count: lost.count, since: lost.since), bytes: 0)
    self.lost = nil
  }

  private mutating func lose(_ count: Int, since: Timestamp) {
    lost = Lost(count: (lost?.count ?? 0) + count, since: lost?.since ?? since)
    missing = Lost(count: (missing?.count ?? 0) + count, since: missing?.since ?? since)
    changed()
  }

  // MARK: Writing

  /// What is to be written now; `nil` where there is nothing.
  mutating func next() -> Entry? {
    if entries.isEmpty, failure == nil { addGap() }
    guard let entry = entries.popFirst() else {
      wakeWaiters()
      return nil
    }
    if case .line(let line) = entry { bytes -= line.count }
    isWriting = true
    writeBegan = monotonicNanoseconds()
    return entry
  }

  /// Notices that a write has been under way for longer than it may.
  mutating func look(now: Timestamp) {
    guard isWriting, stalledSince == nil else { return }
    let milliseconds = (monotonicNanoseconds() - writeBegan) / 1_000_000
    guard milliseconds >= ServerLimits.logPatienceMs else { return }
    stalledSince = Timestamp(milliseconds: now.milliseconds - milliseconds)
    changed()
  }

  /// `next` was written, or failed with `error`, and is missing then.
  mutating func wrote(_ entry: Entry, error: SystemError?, now: Timestamp) {
    isWriting = false
    if stalledSince != nil {
      stalledSince = nil
      changed()
    }
    if let error {
      if failure != error.errno {
        failure = error.errno
        changed()
      }
      switch entry {
      case .line: lose(1, since: now)
      case .gap(let count, let since):
        // Counted among the missing already.
        lost = Lost(count: count + (lost?.count ?? 0), since: since)
      }
      return
    }
    if failure != nil {
      failure = nil
      changed()
    }
    if lost == nil, missing != nil, !entries.contains(where: { if case .gap = $0 { true } else { false } }) {
      missing = nil
      changed()
    }
  }

  /// Calls `waiter` once everything is written that is queued now; `false` where that is so already.
  mutating func whenEmpty(_ waiter: @escaping @Sendable () -> Void) -> Bool {
    guard isWriting || !entries.isEmpty else { return false }
    waiters.append(waiter)
    return true
  }

  private mutating func wakeWaiters() {
    for waiter in waiters { waiter() }
    waiters = []
  }

  // MARK: Reporting

  var trouble: LogTrouble {
    if let failure, let missing { return .failing(errno: failure, count: missing.count, since: missing.since) }
    if let missing { return .dropping(count: missing.count, since: missing.since) }
    if let stalledSince { return .stalled(since: stalledSince) }
    return .none
  }

  private mutating func changed() { if reporting == .none { reporting = .due } }

  /// Has the trouble reported to somebody who has heard of none yet.
  mutating func reportAnyway() { changed() }

  /// Whether a report is to be made of what has changed. Those that are not taken yet are one report.
  mutating func mustReport() -> Bool {
    guard reporting == .due else { return false }
    reporting = .queued
    return true
  }

  mutating func takeReport() -> LogTrouble {
    reporting = .none
    return trouble
  }
}
