// The tickets of one group, and what came of each.

internal import FairleadModel

/// Used by one thread at a time.
final class Turn {
  private(set) var tickets: [WriteTicket] = []
  private var outcomes: [Result<WriteOutcome, Refusal>] = []

  func take(_ ticket: WriteTicket) { tickets.append(ticket) }

  /// Notes what came of the first ticket without an outcome.
  func note(_ outcome: Result<WriteOutcome, Refusal>) { outcomes.append(outcome) }

  /// Forgets the outcomes: the tickets are to be tried again.
  func startOver() { outcomes = [] }

  /// Gives everybody the outcome of their ticket.
  func answer() { for (ticket, outcome) in zip(tickets, outcomes) { ticket.answer(outcome) } }
}
