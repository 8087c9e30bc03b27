// The SQL of a group: rows that are written and history that is read, in the order in which that is asked for.

internal import FairleadModel
internal import FairleadStore

/// A step that writes.
enum RowStep: Sendable {
  /// Sets a mark, keeps what was written since, or goes back to it.
  case savepoint, releaseSavepoint, rollbackToSavepoint
  /// `report` is the text of the change's report.
  case append(Change, report: [UInt8])
}

/// What plans are made on beside the heads.
protocol History {
  /// Runs `body` on the file as it stands after everything that was asked for before. Rethrows what `body` throws.
  func read<Value>(_ body: @escaping (LedgerReader) throws -> Value) throws -> Value
}

/// Where a group's SQL goes.
protocol Rows: History {
  /// Takes steps. Where one fails, this throws, or whatever is asked for next does.
  func put(_ steps: [RowStep]) throws
  /// Whether the transaction goes on.
  var isOpen: Bool { get }
}

/// Straight into the transaction, on the thread that asks.
struct DirectRows: Rows {
  let writer: LedgerWriter

  func put(_ steps: [RowStep]) throws { for step in steps { try writer.take(step) } }
  func read<Value>(_ body: @escaping (LedgerReader) throws -> Value) throws -> Value { try body(writer.reader) }
  var isOpen: Bool { writer.isOpen }
}

/// Into the transaction on the thread that asks, but not before somebody reads or all is planned.
final class DeferredRows: Rows {
  private let writer: LedgerWriter
  private var steps: [RowStep] = []

  init(writer: LedgerWriter) { self.writer = writer }

  func put(_ steps: [RowStep]) { self.steps += steps }

  func read<Value>(_ body: @escaping (LedgerReader) throws -> Value) throws -> Value {
    // Who reads must not take a failure of others' rows for its own.
    do { try write() } catch { throw GroupLost.with(error) }
    return try body(writer.reader)
  }

  var isOpen: Bool { writer.isOpen }

  /// Writes what was put.
  func write() throws {
    defer { steps = [] }
    for step in steps { try writer.take(step) }
  }
}

extension LedgerWriter {
  func take(_ step: RowStep) throws {
    switch step {
    case .savepoint: try savepoint()
    case .releaseSavepoint: try releaseSavepoint()
    case .rollbackToSavepoint: try rollbackToSavepoint()
    case .append(let change, let report): try append(change, report: report)
    }
  }
}

extension LedgerReader: History {
  func read<Value>(_ body: @escaping (LedgerReader) throws -> Value) throws -> Value { try body(self) }
}
