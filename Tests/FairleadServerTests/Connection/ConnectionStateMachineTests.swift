// The connection's state machine without a socket or a thread: order, waiting, fairness, back-pressure and closing.

import FairleadModel
@testable import FairleadServer
import NIOCore
import Testing

@Suite("The state machine of a connection")
struct ConnectionStateMachineTests {
  private let overlong = ByteBuffer(repeating: UInt8(ascii: "x"), count: Limits.lineBytes + 1)

  // MARK: Requests

  @Test("a read of memory is decoded, answered, written, flushed, and followed by the next read")
  func memoryRead() {
    var connection = ScriptedConnection()
    connection.receive("m")
    #expect(connection.actions() == ["decode", "start m0", "send m0", "flush"])
    #expect(connection.machine.readCompleted().map { "\($0)" } == "read")
    #expect(connection.actions() == [])
  }

  @Test("a request that is answered as it is decoded is written at once, and a notification has no reply")
  func answered() {
    var connection = ScriptedConnection()
    connection.receive("a", "n", "a")
    #expect(connection.actions() == ["decode", "send a", "decode", "decode", "send a", "flush"])
  }

  @Test("nothing is started while a worker answers a request", arguments: ["f", "p"])
  func worker(letter: String) {
    var connection = ScriptedConnection()
    connection.receive(letter, "m")
    #expect(connection.actions() == ["decode", "start \(letter)0"])
    #expect(connection.actions() == [])
    connection.answer(0, "x")
    #expect(connection.actions() == ["send x", "decode", "start m1", "send m1", "flush"])
  }

  @Test("a read that memory cannot answer is run by a worker like any other")
  func notInMemory() {
    var connection = ScriptedConnection()
    connection.answersMemory = false
    connection.receive("m", "a")
    #expect(connection.actions() == ["decode", "start m0"])
    connection.answer(0, "x")
    #expect(connection.actions() == ["send x", "decode", "send a", "flush"])
  }

  @Test("a long line is decoded by a worker, and no other line is started meanwhile")
  func longLine() {
    var connection = ScriptedConnection()
    connection.receive(String(repeating: "a", count: ServerLimits.loopDecodedBytes + 1), "m")
    #expect(connection.actions() == ["decode on worker"])
    #expect(connection.actions() == [])
    connection.machine.decoded(ScriptedConnection.decoded(Array("a".utf8)))
    #expect(connection.actions() == ["send a", "decode", "start m1", "send m1", "flush"])
  }

  @Test("changes are submitted together, and their replies are sent in order whichever is ready first")
  func changes() {
    var connection = ScriptedConnection()
    connection.receive("w", "w", "a")
    #expect(connection.actions() == ["decode", "start w0", "decode", "start w1", "decode"])
    connection.complete(1, "second")
    #expect(connection.actions() == [])
    connection.complete(0, "first")
    #expect(connection.actions() == ["send first", "send second", "send a", "flush"])
  }

  @Test("no more changes than the limit are in flight, and the next is started once one is done")
  func changesInFlight() {
    var connection = ScriptedConnection()
    for _ in 0...Limits.changesInFlight { connection.receive("w") }
    #expect(connection.actions().filter { $0.hasPrefix("start") }.count == Limits.changesInFlight)
    connection.complete(0, "done")
    #expect(connection.actions() == ["send done", "start w\(Limits.changesInFlight)", "flush"])
  }

  @Test("a read, a plan or a watch waits for the changes before it", arguments: ["m", "f", "p", "s"])
  func readsOwnChanges(letter: String) {
    var connection = ScriptedConnection()
    connection.receive("w", letter)
    #expect(connection.actions() == ["decode", "start w0", "decode"])
    connection.complete(0, "done")
    #expect(connection.actions().starts(with: ["send done", "start \(letter)1"]))
  }

  // MARK: Batches

  @Test("a batch is answered in one line once all of it is done, and the line after it waits")
  func batch() {
    var connection = ScriptedConnection()
    connection.receive("afn", "m")
    #expect(connection.actions() == ["decode", "start f1"])
    connection.answer(1, "f")
    #expect(connection.actions() == ["send [a,f]", "decode", "start m3", "send m3", "flush"])
  }

  @Test("once the replies to a batch are too long, the rest of it is rejected and not executed")
  func longBatch() {
    var connection = ScriptedConnection()
    connection.receive("fw", "w")
    #expect(connection.actions() == ["decode", "start f0"])
    connection.answer(0, String(repeating: "x", count: Limits.batchReplyBytes))
    let actions = connection.actions()
    #expect(actions.first == "reject 1")
    #expect(actions.dropFirst().first?.hasSuffix(" bytes") == true)
    #expect(actions.dropFirst(2) == ["decode", "start w2", "flush"])
  }

  @Test(
    "a batch's long replies count for that batch alone, while it waits for its last one", arguments: ["w", "ww"])
  func afterLongBatch(line: String) {
    var connection = ScriptedConnection()
    connection.receive("ww")
    #expect(connection.actions() == ["decode", "start w0", "start w1"])
    connection.complete(0, String(repeating: "x", count: Limits.batchReplyBytes))
    connection.receive(line)
    #expect(connection.actions().filter { $0.hasPrefix("start") || $0.hasPrefix("reject") }.first == "start w2")
  }

  // MARK: Fairness and back-pressure

  @Test("a connection yields after the limit of lines and requests of one pass, and continues in a later pass")
  func turns() {
    var connection = ScriptedConnection()
    for _ in 0..<100 { connection.receive("m") }
    let turn = ServerLimits.requestsPerPass
    for number in 1...3 {
      let actions = connection.actions()
      #expect(actions.filter { $0 == "decode" || $0.hasPrefix("start") }.count == turn)
      #expect(actions.filter { $0.hasPrefix("send") }.count == turn / 2)
      #expect(actions.suffix(2) == ["yield", "flush"], "turn \(number)")
      connection.machine.yieldEnded()
    }
  }

  @Test("a connection whose short requests have long replies lets the loop poll its channels after the limit of bytes")
  func longReplies() {
    var connection = ScriptedConnection()
    let reply = [UInt8](repeating: 0x78, count: ServerLimits.replyBytesPerPass / 4)
    connection.memoryReply = reply
    for _ in 0..<20 { connection.receive("m") }
    for number in 1...4 {
      let actions = connection.actions()
      #expect(actions.filter { $0 == "send \(reply.count) bytes" }.count == 4, "pass \(number)")
      #expect(actions.contains("poll") && !actions.contains("yield"))
      connection.machine.yieldEnded()
    }
    #expect(connection.actions().filter { $0.hasPrefix("send") }.count == 4)
    #expect(connection.actions().isEmpty, "every request is answered")
  }

  @Test("no second pass is scheduled while one is")
  func oneTurn() {
    var connection = ScriptedConnection()
    for _ in 0..<100 { connection.receive("m") }
    #expect(connection.actions().contains("yield"))
    #expect(!connection.actions().contains("yield"))
    connection.machine.yieldEnded()
    #expect(connection.actions().contains("yield"))
  }

  @Test("nothing is started while the channel is not writable, and replies that are due are still written")
  func blocked() {
    var connection = ScriptedConnection()
    connection.receive("w", "m")
    _ = connection.actions()
    connection.machine.writabilityChanged(isWritable: false)
    connection.complete(0, "done")
    #expect(connection.actions() == ["send done", "flush"])
    connection.machine.writabilityChanged(isWritable: true)
    #expect(connection.actions() == ["start m1", "send m1", "flush"])
  }

  @Test("nothing is read while the channel is not writable")
  func blockedReading() {
    var connection = ScriptedConnection()
    connection.machine.writabilityChanged(isWritable: false)
    #expect(connection.machine.readCompleted() == nil)
    #expect(connection.actions() == [])
    connection.machine.writabilityChanged(isWritable: true)
    #expect(connection.actions() == ["read"])
    #expect(connection.actions() == [])
  }

  @Test("a write that fills the channel's buffer stops the pass that it is in, and no pass starts within a pass")
  func reentrance() {
    var connection = ScriptedConnection()
    connection.onSend = { machine in
      machine.writabilityChanged(isWritable: false)
      if machine.beginPass() { Issue.record("a pass began within a pass") }
    }
    connection.receive("m", "m")
    #expect(connection.actions() == ["decode", "start m0", "send m0", "flush"])
    connection.machine.writabilityChanged(isWritable: true)
    #expect(connection.actions() == ["decode", "start m1", "send m1", "flush"])
  }

  // MARK: The end

  @Test("a peer that has stopped sending is answered, then the connection closes")
  func inputEnded() {
    var connection = ScriptedConnection()
    connection.receive("f")
    _ = connection.actions()
    connection.machine.inputEnded()
    #expect(connection.actions() == [])
    connection.answer(0, "x")
    #expect(connection.actions() == ["send x", "flush", "close after replies"])
    #expect(connection.actions() == [])
  }

  @Test("a change in flight holds the connection open until it is answered")
  func changeAtTheEnd() {
    var connection = ScriptedConnection()
    connection.receive("w")
    connection.machine.inputEnded()
    #expect(connection.actions() == ["decode", "start w0"])
    connection.complete(0, "done")
    #expect(connection.actions() == ["send done", "flush", "close after replies"])
  }

  @Test("when the daemon stops, the queued lines are answered, and no more is read")
  func drained() {
    var connection = ScriptedConnection()
    connection.receive("m", "m")
    #expect(connection.machine.drain() == 0)
    connection.receive("m")
    #expect(connection.machine.readCompleted() == nil)
    #expect(
      connection.actions()
        == ["decode", "start m0", "send m0", "decode", "start m1", "send m1", "flush", "close after replies"])
  }

  @Test("a connection that becomes active after the daemon began to stop is closed")
  func drainedEarly() {
    var machine = ConnectionStateMachine()
    #expect(machine.drain() == 0)
    #expect(machine.beginPass() == true)
    #expect(machine.nextAction() == nil)
    machine.activated()
    #expect(machine.beginPass() == true)
    #expect(machine.nextAction().map { "\($0)" } == "closeAfterReplies")
    #expect(machine.nextAction() == nil)
  }

  @Test("an over-long line is refused after the replies to the lines before it, and its rest is discarded")
  func tooLong() {
    var connection = ScriptedConnection()
    connection.receive("w")
    connection.machine.received(overlong)
    #expect(connection.actions() == ["decode", "start w0"])
    #expect(connection.machine.readCompleted().map { "\($0)" } == "read")
    connection.complete(0, "done")
    #expect(connection.actions() == ["send done", "refuse line, discard for 10 s", "flush"])
    connection.machine.discardDeadlinePassed()
    #expect(connection.actions() == ["close after replies"])
  }

  @Test("an over-long line that has ended by then is refused, and the connection is closed")
  func tooLongAndEnded() {
    var connection = ScriptedConnection()
    connection.machine.received(overlong)
    connection.receive("", "m")
    #expect(connection.actions() == ["refuse line", "flush", "close after replies"])
  }

  @Test("completions after the channel is closed are dropped")
  func gone() {
    var connection = ScriptedConnection()
    connection.receive("w", "f")
    _ = connection.actions()
    #expect(connection.machine.closed() == 0)
    connection.complete(0, "done")
    connection.machine.inputEnded()
    connection.machine.writabilityChanged(isWritable: true)
    #expect(connection.machine.readCompleted() == nil)
    #expect(connection.actions() == [])
  }
}
