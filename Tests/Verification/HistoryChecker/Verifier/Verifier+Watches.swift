// Watches: complete, ordered, each change once, and never behind the replies on their own connection.

internal import ExactJSON

extension Verifier {
  mutating func checkWatches() {
    let operations = Dictionary(grouping: self.operations, by: \.connection)
    for watch in history.watches {
      let matching = index.all.filter { $0.seq > watch.after && watch.filter.matches($0) }
      checkEvents(watch, matching)
      checkOwnChanges(watch, matching, operations[watch.connection] ?? [])
    }
  }

  private mutating func checkEvents(_ watch: Watch, _ matching: [LogEntry]) {
    let wanted = Set(matching.map(\.seq))
    var seen: Set<Int> = []
    var last = watch.after
    for event in watch.events {
      guard wanted.contains(event.seq), index[event.seq]?.change == event.change.canonical else {
        seen.insert(event.seq)
        report(
          .watchStranger, [watch.operation],
          "the watch \(watch.operation) after change \(watch.after) brought what the log does not have for it: "
            + event.change.text)
        continue
      }
      guard seen.insert(event.seq).inserted else {
        report(.watchDuplicate, [watch.operation], "the watch \(watch.operation) brought change \(event.seq) twice")
        continue
      }
      if event.seq < last {
        report(
          .watchOrder, [watch.operation],
          "the watch \(watch.operation) brought change \(event.seq) after change \(last)")
      }
      last = max(last, event.seq)
    }
    // A connection that ended lost its last events; an event is missing only if a later one arrived.
    let horizon = max(watch.events.map(\.seq).max() ?? 0, watch.readUntil ?? 0)
    for entry in matching where entry.seq <= horizon && !seen.contains(entry.seq) {
      report(
        .watchGap, [watch.operation],
        "the watch \(watch.operation) brought change \(horizon), or was read until then, and left out \(entry.title)")
    }
  }

  /// A client's own change is reported no later than its reply, once the watch has reported everything before it.
  private mutating func checkOwnChanges(_ watch: Watch, _ matching: [LogEntry], _ operations: [Operation]) {
    let arrivals = Dictionary(watch.events.map { ($0.seq, $0) }) { first, _ in first }
    let backlog = matching.last { $0.seq <= watch.lastSeq }
    let wanted = Set(matching.map(\.seq))
    for operation in operations where operation.isChange && operation.id > watch.operation {
      guard let seq = operation.result?["seq"]?.intValue, wanted.contains(seq), let answer = operation.answer,
        requests[operation.message ?? ""]?.count == 1
      else { continue }
      if let backlog {
        guard let event = arrivals[backlog.seq], event.at <= operation.invoked else { continue }
      }
      let arrival = arrivals[seq]?.arrival
      if arrival.map({ $0 > answer.arrival }) ?? true {
        report(
          .watchLate, [watch.operation, operation.id],
          "\(operation.title) was answered with change \(seq) before the watch \(watch.operation) of the same connection "
            + "brought it")
      }
    }
  }
}
