// Where the SQL of a batch goes: operations that write, and reads of the file that are made while it is prepared.

internal import FairleadModel
internal import FairleadStore

/// One operation in a write transaction.
enum WriteOp: Sendable {
  case savepoint, releaseSavepoint, rollbackToSavepoint
  /// `report` is the change's report, encoded.
  case append(Change, report: [UInt8])
}

/// Takes the operations of a batch in their order. Reads see what the operations before them have written.
protocol WriteSink: LedgerReading {
  /// Takes operations, now or later. Where one fails, this call throws, or a later one does, or the transaction.
  func put(_ operations: [WriteOp]) throws
  /// Whether the transaction is still open.
  var isOpen: Bool { get }
}

/// No write of the batch can be committed: SQLite rolled the transaction back by itself, as it does on a full or broken disk,
/// or it refused a row of a batch without savepoints.
struct BatchAborted: Error {
  let cause: any Error

  init(_ error: any Error) { cause = (error as? BatchAborted)?.cause ?? error }
}

/// Executes each operation when it is put.
struct ImmediateSink: WriteSink {
  let writer: LedgerWriter

  func put(_ operations: [WriteOp]) throws { for operation in operations { try writer.execute(operation) } }

  func read<Value: Sendable>(_ body: @escaping @Sendable (LedgerReader) throws -> Value) throws -> Value {
    try body(writer.reader)
  }

  var isOpen: Bool { writer.isOpen }
}

/// Puts operations into a channel that the same thread drains later: when it reads, and when the batch is prepared. So the
/// prepare stage can begin with the next batch before the rows of this one are written.
struct BufferedSink: WriteSink {
  let channel: WriteChannel
  let writer: LedgerWriter

  func put(_ operations: [WriteOp]) throws {
    if try channel.putWithoutWaiting(operations) { try channel.flush(into: writer) }
  }

  func read<Value: Sendable>(_ body: @escaping @Sendable (LedgerReader) throws -> Value) throws -> Value {
    // A row of an earlier request, such as a settling registration before the change, that fails here is no failure of the
    // request that reads.
    do { try channel.flush(into: writer) } catch { throw BatchAborted(error) }
    return try body(writer.reader)
  }

  var isOpen: Bool { writer.isOpen }
}

extension LedgerWriter {
  func execute(_ operation: WriteOp) throws {
    switch operation {
    case .savepoint: try savepoint()
    case .releaseSavepoint: try releaseSavepoint()
    case .rollbackToSavepoint: try rollbackToSavepoint()
    case .append(let change, let report): try append(change, report: report)
    }
  }
}
