// A connection that holds too much memory: what it has sent is dropped, what it is owed goes out, and it ends with a reason.

@testable import FairleadServer
import NIOCore
import Testing

@Suite("A connection that is put off")
struct PutOffTests {
  private var connection = ScriptedConnection()

  /// Runs a pass, and expects these actions.
  private mutating func expect(_ expected: [String], at location: SourceLocation = #_sourceLocation) {
    let actions = connection.actions()
    #expect(actions == expected, sourceLocation: location)
  }

  @Test("what it holds is what has come and is not answered")
  mutating func held() {
    #expect(connection.machine.heldBytes == 0)
    connection.receive("f", "mm")
    #expect(connection.machine.heldBytes == 3)
    connection.machine.received(ByteBuffer(string: "half a line"))
    #expect(connection.machine.heldBytes == 14)
    _ = connection.actions()
    // The read is with a worker, decoded.
    #expect(connection.machine.heldBytes == 11 + 2 + ServerLimits.decodedFactor)
    connection.answer(0, "x")
    _ = connection.actions()
    #expect(connection.machine.heldBytes == 11)
  }

  @Test("replies that wait for the rest of their batch count")
  mutating func batch() {
    connection.receive("ff")
    _ = connection.actions()
    connection.answer(0, String(repeating: "x", count: 100))
    _ = connection.actions()
    #expect(connection.machine.heldBytes == 101 + 2 * ServerLimits.decodedFactor)
  }

  @Test("half a line is dropped, the rest of it as it comes, and the peer is told")
  mutating func halfLine() {
    connection.machine.received(ByteBuffer(string: "half a line"))
    let watches = connection.machine.putOff(holding: 11)
    #expect(watches == 0)
    #expect(connection.machine.heldBytes == 0)
    expect(["refuse 11 bytes, discard for 10 s", "flush"])
    connection.machine.received(ByteBuffer(string: " and its end"))
    expect([])
    #expect(connection.machine.heldBytes == 0)
    connection.machine.received(ByteBuffer(string: "\n"))
    expect(["close after replies"])
  }

  @Test("lines that wait are dropped, and the request in hand is answered first")
  mutating func lines() {
    connection.receive("f", "m", "w")
    expect(["decode", "start f0"])
    _ = connection.machine.putOff(holding: 5)
    expect([])
    connection.answer(0, "x")
    expect(["send x", "refuse 5 bytes", "flush", "close after replies"])
  }

  @Test("changes in the queue are answered first")
  mutating func changes() {
    connection.receive("w", "w", "m")
    expect(["decode", "start w0", "decode", "start w1", "decode"])
    _ = connection.machine.putOff(holding: 5)
    connection.complete(1, "second")
    expect([])
    connection.complete(0, "first")
    let actions = connection.actions()
    #expect(Array(actions.prefix(2)) == ["send first", "send second"])
    #expect(Array(actions.suffix(3)) == ["refuse 5 bytes", "flush", "close after replies"])
  }

  @Test("the rest of a batch is rejected, so that its replies go out")
  mutating func restOfABatch() {
    connection.receive("ff")
    expect(["decode", "start f0"])
    _ = connection.machine.putOff(holding: 5)
    connection.answer(0, "x")
    expect(["reject 1", "send [x,x1]", "refuse 5 bytes", "flush", "close after replies"])
  }

  @Test("its watches end, and the hub is told how many")
  mutating func watches() {
    connection.receive("s", "s")
    _ = connection.actions()
    let ended = connection.machine.putOff(holding: 5)
    #expect(ended == 2)
    connection.publish()
    expect(["refuse 5 bytes", "flush", "close after replies"])
  }

  @Test("a peer that takes no replies cannot be told, and is closed at once")
  mutating func deaf() {
    connection.receive("f")
    _ = connection.actions()
    connection.machine.writabilityChanged(isWritable: false)
    #expect(connection.machine.peerLagsBehind)
    _ = connection.machine.putOff(holding: 5)
    expect(["close now"])
  }
}
