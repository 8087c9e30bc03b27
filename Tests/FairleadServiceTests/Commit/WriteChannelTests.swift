// The channel between the stage that prepares a batch and the transaction that writes it.

import Dispatch
import FairleadModel
import FairleadStore
import Foundation
import Synchronization
import Testing

@testable import FairleadService

@Suite("The write channel")
struct WriteChannelTests {
  let fixture: RegistryFixture
  let channel = WriteChannel()

  init() throws { fixture = try RegistryFixture() }

  private struct Broken: Error {}

  /// Changes that follow the set-up's, as operations, made by another registry: the first creates a cluster, the others
  /// update it.
  private func operations(_ count: Int) throws -> [WriteOp] {
    let source = try RegistryFixture()
    try source.call("cluster.create", "rg/web")
    for number in 1..<max(2, count) {
      try source.call("cluster.update", "rg/web", #"{"labels":{"n":"\#(number)"}}"#)
    }
    return try (0..<count).map { number in
      let change = try source.registry.change(seq: source.firstSeq + number)
      return .append(change, report: change.report.text)
    }
  }

  /// Runs the producer on another thread, and returns its result.
  private func produce<Value: Sendable>(
    _ body: @escaping @Sendable (WriteChannel) throws -> Value
  ) -> BlockingResult<Result<Value, any Error>> {
    let result = BlockingResult<Result<Value, any Error>>()
    Thread.detachNewThread { [channel] in result.set(Result { try body(channel) }) }
    return result
  }

  /// How many changes are in the log beside those of the set-up.
  private func appended() throws -> Int { try fixture.ledger.read { try appended($0) } }

  private func appended(_ reader: LedgerReader) throws -> Int { try reader.logEnd().seq - fixture.firstSeq + 1 }

  @Test("operations are executed in their order, until the channel is closed")
  func order() throws {
    let operations = try operations(6)
    let producer = produce { channel in
      for operation in operations { try channel.put([operation]) }
      channel.close()
    }
    try fixture.ledger.write { try channel.drain(into: $0) }
    try producer.wait().get()
    #expect(try appended() == 6)
  }

  @Test("one thread can put everything, close the channel, and drain it")
  func oneThread() throws {
    try channel.put(try operations(3))
    channel.close()
    try fixture.ledger.write { try channel.drain(into: $0) }
    #expect(try appended() == 3)
  }

  @Test("a flush executes the operations so far and leaves the channel open")
  func flush() throws {
    let operations = try operations(2)
    try fixture.ledger.write { writer in
      try channel.put([operations[0]])
      try channel.flush(into: writer)
      #expect(try appended(writer.reader) == 1)
      try channel.put([operations[1]])
      channel.close()
      try channel.drain(into: writer)
    }
    #expect(try appended() == 2)
  }

  @Test("a read sees the operations before it, also in a transaction that is not committed yet")
  func reads() throws {
    let operations = try operations(2)
    let producer = produce { channel in
      defer { channel.close() }
      try channel.put([operations[0]])
      let first = try channel.read { try $0.logEnd().seq }
      try channel.put([operations[1]])
      return (first, try channel.read { try $0.logEnd().seq })
    }
    try fixture.ledger.write { try channel.drain(into: $0) }
    #expect(try producer.wait().get() == (fixture.firstSeq, fixture.firstSeq + 1))
  }

  @Test("an error of a read is thrown to the producer, and the channel stays usable")
  func readFails() throws {
    let operations = try operations(1)
    let producer = produce { channel in
      defer { channel.close() }
      #expect(throws: Broken.self) { try channel.read { _ in throw Broken() } }
      #expect(channel.isOpen)
      try channel.put(operations)
    }
    try fixture.ledger.write { try channel.drain(into: $0) }
    try producer.wait().get()
    #expect(try appended() == 1)
  }

  @Test("after a failed operation nothing more is executed, and both ends get its error")
  func operationFails() throws {
    let operations = try operations(2)
    let producer = produce { channel in
      // The second change does not follow the set-up.
      try channel.put([operations[1]])
      return try channel.read { try $0.logEnd().seq }
    }
    #expect(throws: LedgerError.self) { try fixture.ledger.write { try channel.drain(into: $0) } }
    #expect(throws: (any Error).self) { try producer.wait().get() }
    #expect(!channel.isOpen)
    #expect(throws: (any Error).self) { try channel.put(operations) }
    #expect(try appended() == 0)
  }

  @Test("cancelling a channel fails the waiting read and everything after it")
  func cancelled() throws {
    let waits = DispatchSemaphore(value: 0)
    let producer = produce { channel in
      waits.signal()
      return try channel.read { try $0.logEnd().seq }
    }
    waits.wait()
    channel.cancel(with: Broken())
    #expect(throws: Broken.self) { try producer.wait().get() }
    #expect(throws: Broken.self) { try channel.put([]) }
    #expect(throws: Broken.self) { try fixture.ledger.write { try channel.drain(into: $0) } }
    channel.close()
    #expect(!channel.isOpen)
  }

  /// A producer on another thread, which puts more than the channel holds; and what it signals when it comes back.
  private func overfill() -> DispatchSemaphore {
    let hasReturned = DispatchSemaphore(value: 0)
    DispatchQueue(label: "producer").async { [channel] in
      try? channel.put(Array(repeating: .savepoint, count: CommitLimits.channelItems))
      hasReturned.signal()
    }
    return hasReturned
  }

  @Test("a producer waits where too much is in the channel, and goes on when the channel is cancelled")
  func full() {
    let hasReturned = overfill()
    // Nothing would let it return, however long it has.
    #expect(hasReturned.wait(timeout: .now() + .milliseconds(20)) == .timedOut)
    channel.cancel(with: Broken())
    hasReturned.wait()
    #expect(throws: Broken.self) { try channel.put([.savepoint]) }
  }

  @Test("a producer that waits for room goes on when the consumer takes what is there")
  func room() throws {
    let hasReturned = overfill()
    // The second savepoint of one name is no error to SQLite.
    try fixture.ledger.write { writer in
      while hasReturned.wait(timeout: .now()) == .timedOut { try channel.flush(into: writer) }
    }
    #expect(try channel.putWithoutWaiting([.savepoint]) == false)
  }

  @Test("a channel keeps its first error")
  func cancelledTwice() throws {
    channel.cancel(with: Broken())
    channel.cancel(with: ChannelClosed())
    #expect(throws: Broken.self) { try channel.put([]) }
  }

  @Test("a closed channel accepts nothing more, and the operations in it can still be drained")
  func closed() throws {
    let operations = try operations(2)
    try channel.put([operations[0]])
    channel.close()
    channel.close()
    #expect(throws: ChannelClosed.self) { try channel.put([operations[1]]) }
    try fixture.ledger.write { try channel.drain(into: $0) }
    #expect(try appended() == 1)
  }
}
