// Events that a connection's state rules out: each closes the connection, and has no other effect.

@testable import FairleadServer
import Testing

@Suite("Impossible events of a connection")
struct ImpossibleEventTests {
  enum Impossible: String, CaseIterable {
    case activatedTwice
    case decodedWithoutALine
    case answeredWithoutARequest
    case answeredInAnotherSlot
    case answeredTwice
    case completedWithoutAChange
    case completedInAnotherSlot
    case completedTwice
    case completedInTheSlotOfARead
    case answeredInTheSlotOfAChange
    case yieldThatWasNotScheduled
    case historyThatWasNotRead
    case historyReadTwice
    case eventsWhileHistoryIsRead
  }

  /// A connection to which `event` has happened.
  private func connection(after event: Impossible) -> ScriptedConnection {
    var connection = ScriptedConnection()
    func start(_ lines: String) {
      for line in lines { connection.receive(String(line)) }
      _ = connection.actions()
    }
    switch event {
    case .activatedTwice: connection.machine.activated()
    case .decodedWithoutALine: connection.machine.decoded(.single(.answered(nil)))
    case .answeredWithoutARequest: connection.answer(0, "x")
    case .answeredInAnotherSlot:
      start("f")
      connection.answer(1, "x")
    case .answeredTwice:
      start("wf")
      start("")
      connection.complete(0, "done")
      _ = connection.actions()
      connection.answer(1, "x")
      connection.answer(1, "x")
    case .completedWithoutAChange: connection.complete(0, "x")
    case .completedInAnotherSlot:
      start("w")
      connection.complete(7, "x")
    case .completedTwice:
      start("ww")
      connection.complete(1, "x")
      connection.complete(1, "x")
    case .completedInTheSlotOfARead:
      start("f")
      connection.complete(0, "x")
    case .answeredInTheSlotOfAChange:
      start("w")
      connection.answer(0, "x")
    case .yieldThatWasNotScheduled: connection.machine.yieldEnded()
    case .historyThatWasNotRead:
      start("s")
      connection.machine.historyRead(1, [], through: 1)
    case .historyReadTwice:
      start("s")
      _ = connection.machine.needsHistory(1)
      _ = connection.machine.needsHistory(1)
    case .eventsWhileHistoryIsRead:
      start("s")
      _ = connection.machine.needsHistory(1)
      connection.machine.sentEvents(1, through: 1, spending: 1)
    }
    return connection
  }

  @Test("each closes its connection at once, without a further reply", arguments: Impossible.allCases)
  func closes(event: Impossible) {
    var connection = connection(after: event)
    #expect(connection.actions() == ["close now"])
    #expect(connection.actions() == [])
  }

  @Test("an impossible event after the channel is closed is dropped")
  func afterwards() {
    var connection = ScriptedConnection()
    #expect(connection.machine.closed() == 0)
    connection.complete(0, "x")
    connection.answer(0, "x")
    #expect(connection.actions() == [])
  }
}
