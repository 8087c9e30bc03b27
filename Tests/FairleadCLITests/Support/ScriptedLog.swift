// A fake log for watches, whose changes and lost connections a test scripts.

@testable internal import FairleadCLI
internal import ExactJSON

final class ScriptedLog {
  enum Step {
    /// Changes are recorded.
    case grows(Int)
    /// The connection of the current watch ends.
    case breaks
    /// The next request to watch is refused.
    case refuses(Failure)
  }

  private var lastSeq: Int
  private var steps: [Step]
  private let change: (Int) -> JSON

  /// A log of `lastSeq` changes; `change` makes the one of a number. After the last step the output counts as closed.
  init(lastSeq: Int = 0, _ steps: [Step], change: @escaping (Int) -> JSON = changeJSON) {
    self.lastSeq = lastSeq
    self.steps = steps
    self.change = change
  }

  func watch(after seq: Int?) throws(Failure) -> any Watch {
    if case .refuses(let failure)? = steps.first {
      steps.removeFirst()
      throw failure
    }
    return View(self, last: seq ?? lastSeq)
  }

  /// One watch.
  private final class View: Watch {
    let lastSeq: Int
    private let log: ScriptedLog
    private var last: Int

    init(_ log: ScriptedLog, last: Int) {
      lastSeq = log.lastSeq
      self.log = log
      self.last = last
    }

    func next() throws(Failure) -> WatchEvent {
      while last >= log.lastSeq {
        switch log.steps.first {
        case nil: return .readerGone
        case .grows(let count): log.lastSeq += count
        case .breaks:
          log.steps.removeFirst()
          throw .unreachable("cannot hear of more changes: the daemon closed the connection")
        case .refuses: throw .unreachable("cannot go on: the test's log refuses only new watches")
        }
        log.steps.removeFirst()
      }
      defer { last = log.lastSeq }
      return .changes((last + 1...log.lastSeq).map(log.change))
    }
  }
}

/// A change of prod/web as the wire has it.
func changeJSON(_ seq: Int) -> JSON {
  [
    "seq": .integer(seq), "at": "2026-11-22T21:04:45.000Z", "method": "cluster.update", "kind": "cluster",
    "subject": "prod/web", "actor": ["uid": 1, "gid": 1, "pid": 1, "name": "ann"], "message": .null, "verdict": "low",
    "summary": .string("update prod/web: step \(seq)"), "overridden": [],
  ]
}
