// One turn of the writer: the tickets that it takes into one group, and what came of each.

internal import FairleadModel

/// Used by one thread at a time.
final class Turn {
  private(set) var tickets: [WriteTicket] = []
  private(set) var outcomes: [Result<WriteOutcome, Refusal>] = []
  private let queue: () -> WriteTicket?
  private let deadline = ContinuousClock.now + .milliseconds(Limits.groupMilliseconds)
  private var takesMore = true

  init(_ queue: @escaping () -> WriteTicket?) { self.queue = queue }

  /// The first ticket without an outcome; `nil` where there is none, or the group has enough.
  func next() -> WriteTicket? { has(1) ? tickets[outcomes.count] : nil }

  /// Whether so many tickets have no outcome yet.
  func has(_ count: Int) -> Bool {
    while tickets.count < outcomes.count + count {
      guard takesMore, tickets.count < Limits.groupRequests, ContinuousClock.now < deadline, let ticket = queue() else {
        return false
      }
      tickets.append(ticket)
    }
    return true
  }

  /// Notes what came of the first ticket without an outcome.
  func note(_ outcome: Result<WriteOutcome, Refusal>) { outcomes.append(outcome) }

  /// Forgets the outcomes: the same tickets are to be tried again, and no others.
  func startOver() {
    outcomes = []
    takesMore = false
  }

  /// Gives everybody the outcome of their ticket.
  func answer() { for (ticket, outcome) in zip(tickets, outcomes) { ticket.answer(outcome) } }

  /// Gives everybody the same outcome. Where the turn did not even begin, nobody's own would come sooner by waiting: all who
  /// stand in the queue get it too.
  func answerAll(_ refusal: Refusal) {
    if tickets.isEmpty { while let ticket = queue() { tickets.append(ticket) } }
    for ticket in tickets { ticket.answer(.failure(refusal)) }
  }
}
