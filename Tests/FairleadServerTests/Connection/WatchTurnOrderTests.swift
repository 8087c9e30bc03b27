// A connection whose watches have more to send than fits into a turn or into its channel.

@testable import FairleadServer
import Testing

@Suite("Turns of a connection's watches")
struct WatchTurnOrderTests {
  /// A connection with two watches that have sent everything, and sends two events in a turn.
  private func watching() -> ScriptedConnection {
    var connection = ScriptedConnection()
    connection.receive("s", "s")
    _ = connection.actions()
    connection.eventsPerTurn = 2
    return connection
  }

  @Test("a spent turn ends the events, and another one continues with the watch that is furthest behind")
  func turns() {
    var connection = watching()
    for _ in 1...3 { connection.publish() }
    #expect(connection.actions() == ["events of 1 after 0", "request turn", "flush"])
    #expect(connection.actions() == [])
    connection.machine.turnBegan()
    #expect(connection.actions() == ["events of 2 after 0", "request turn", "flush"])
    connection.machine.turnBegan()
    #expect(connection.actions() == ["events of 1 after 2", "request turn", "flush"])
    connection.machine.turnBegan()
    #expect(connection.actions() == ["events of 2 after 2", "flush"])
    connection.machine.turnBegan()
    #expect(connection.actions() == [])
  }

  @Test("while it waits for its turn, requests are answered, and no pass sends further events")
  func requests() {
    var connection = watching()
    for _ in 1...3 { connection.publish() }
    _ = connection.actions()
    connection.receive("m")
    #expect(connection.actions() == ["decode", "start m2", "send m2", "flush"])
  }

  @Test("the reply to a change waits for as many turns as the connection's watches need to send it")
  func ownChange() {
    var connection = watching()
    connection.receive("w")
    _ = connection.actions()
    connection.publish()
    connection.complete(2, "done", seq: 1)
    #expect(connection.actions() == ["events of 1 after 0", "request turn", "flush"])
    connection.machine.turnBegan()
    #expect(connection.actions() == ["events of 2 after 0", "send done", "flush"])
  }

  @Test("a watch whose peer lags behind stops where it is, and continues there")
  func lag() {
    var connection = watching()
    for _ in 1...3 { connection.publish() }
    connection.onEvents = { $0.writabilityChanged(isWritable: false) }
    #expect(connection.actions() == ["events of 1 after 0", "flush"])
    connection.machine.turnBegan()
    #expect(connection.actions() == [])
    connection.onEvents = nil
    connection.eventsPerTurn = nil
    connection.machine.writabilityChanged(isWritable: true)
    #expect(connection.actions() == ["events of 2 after 0", "events of 1 after 2", "flush"])
  }
}
