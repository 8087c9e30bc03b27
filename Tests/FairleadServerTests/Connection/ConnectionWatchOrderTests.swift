// The order of events and replies on a connection that has watches and makes changes.

import FairleadModel
@testable import FairleadServer
import Testing

@Suite("Watches and replies of one connection")
struct ConnectionWatchOrderTests {
  /// A connection with a watch that has sent everything.
  private func watching() -> ScriptedConnection {
    var connection = ScriptedConnection()
    connection.receive("s")
    _ = connection.actions()
    return connection
  }

  @Test("a watch begins after its reply, and then follows the hub")
  func begins() {
    var connection = ScriptedConnection()
    connection.receive("s")
    #expect(connection.actions() == ["decode", "start s0", "send s0", "follow hub", "flush"])
    connection.publish()
    #expect(connection.actions() == ["events of 1 after 0", "flush"])
    #expect(connection.actions() == [])
  }

  @Test("a watch in a batch begins after the batch's line")
  func inBatch() {
    var connection = ScriptedConnection()
    connection.receive("sf")
    #expect(connection.actions() == ["decode", "start s0", "start f1"])
    connection.publish()
    #expect(connection.actions() == [])
    connection.answer(1, "f")
    #expect(connection.actions() == ["send [s0,f]", "follow hub", "events of 1 after 0", "flush"])
  }

  @Test("the reply to a change waits until the connection's watches have sent the change")
  func beforeReply() {
    var connection = watching()
    connection.receive("w")
    #expect(connection.actions() == ["decode", "start w1"])
    connection.publish()
    connection.complete(1, "done", seq: 1)
    #expect(connection.actions() == ["events of 1 after 0", "send done", "flush"])
  }

  @Test("it waits also if the hub publishes later, the channel is not writable, or a watch reads the log")
  func waits() {
    var connection = watching()
    connection.receive("w")
    _ = connection.actions()
    connection.complete(1, "done", seq: 1)
    #expect(connection.actions() == [])
    connection.machine.writabilityChanged(isWritable: false)
    connection.publish()
    #expect(connection.actions() == [])
    #expect(connection.needsHistory(1) == true)
    connection.machine.writabilityChanged(isWritable: true)
    #expect(connection.actions() == [])
    connection.machine.historyRead(1, [], through: 1)
    #expect(connection.actions() == ["page of 0 for 1 after 0", "send done", "flush"])
  }

  @Test("the reply to a refused change does not wait for a watch, since it has no number")
  func refused() {
    var connection = watching()
    connection.receive("w")
    _ = connection.actions()
    connection.publish()
    connection.complete(1, "refused", seq: nil)
    #expect(connection.actions() == ["send refused", "events of 1 after 0", "flush"])
  }

  @Test("a watch keeps the connection open after the end of the input, until the daemon stops")
  func staysOpen() {
    var connection = watching()
    connection.machine.inputEnded()
    #expect(connection.actions() == [])
    connection.publish()
    #expect(connection.actions() == ["events of 1 after 0", "flush"])
    #expect(connection.machine.drain() == 1)
    #expect(connection.actions() == ["close after replies"])
  }

  @Test("no watch begins once the daemon stops, and opened ones are still closed")
  func drained() {
    var connection = ScriptedConnection()
    connection.receive("s")
    #expect(connection.machine.drain() == 0)
    #expect(connection.actions() == ["decode", "start s0", "send s0", "flush", "close after replies"])
    #expect(connection.machine.closed() == 1)
  }

  @Test("a page of the log is flushed, and the events after it follow")
  func history() {
    var connection = watching()
    #expect(connection.needsHistory(1) == true)
    connection.publish()
    connection.publish()
    #expect(connection.actions() == [])
    connection.machine.historyRead(1, [], through: 1)
    #expect(connection.actions() == ["page of 0 for 1 after 0", "events of 1 after 1", "flush"])
  }

  @Test("a page that fills the channel's buffer is written whole before the events after it")
  func blockedHistory() {
    var connection = watching()
    #expect(connection.needsHistory(1) == true)
    connection.publish()
    connection.machine.historyRead(1, [], through: 0)
    connection.onSend = { machine in
      machine.writabilityChanged(isWritable: false)
      if machine.beginPass() { Issue.record("a pass began within a page") }
    }
    #expect(connection.actions() == ["page of 0 for 1 after 0", "flush"])
    connection.machine.writabilityChanged(isWritable: true)
    #expect(connection.actions() == ["events of 1 after 0", "flush"])
  }

  @Test("a page waits while the channel is not writable")
  func waitingHistory() {
    var connection = watching()
    #expect(connection.needsHistory(1) == true)
    connection.machine.writabilityChanged(isWritable: false)
    connection.machine.historyRead(1, [], through: 0)
    #expect(connection.actions() == [])
    connection.machine.writabilityChanged(isWritable: true)
    #expect(connection.actions() == ["page of 0 for 1 after 0", "flush"])
  }

  @Test("a page of the log for a watch that has ended is not sent")
  func lateHistory() {
    var connection = watching()
    #expect(connection.needsHistory(1) == true)
    #expect(connection.machine.drain() == 1)
    connection.machine.historyRead(1, [], through: 9)
    #expect(connection.actions() == ["close after replies"])
  }
}
