// Binds the values of a written row directly through SQLite's C API.

internal import GRDB
internal import GRDBSQLite

/// The parameters of a statement, bound one after the other. GRDB's arguments box each value and check each string, which for
/// the three rows of a change took a third of the time that SQLite needs to write them.
struct RowBinder {
  private let statement: OpaquePointer?
  private var column: CInt = 0
  /// The first result code that was not SQLITE_OK.
  fileprivate var failure: CInt?

  fileprivate init(_ statement: OpaquePointer?) { self.statement = statement }

  mutating func bind(_ number: Int) { note(sqlite3_bind_int64(statement, next(), Int64(number))) }
  mutating func bind(_ flag: Bool) { bind(flag ? 1 : 0) }
  mutating func bind(_ number: Int?) { if let number { bind(number) } else { bindNull() } }
  mutating func bind(_ text: String?) { if let text { bind(bytes: text.utf8) } else { bindNull() } }
  mutating func bind(text: [UInt8]?) { if let text { bind(bytes: text) } else { bindNull() } }

  mutating func bindNull() { note(sqlite3_bind_null(statement, next())) }

  /// Text in UTF-8, which SQLite copies.
  private mutating func bind(bytes text: some Collection<UInt8>) {
    let column = next()
    let code =
      text.withContiguousStorageIfAvailable { bind($0, column) }
      ?? Array(text).withUnsafeBufferPointer { bind($0, column) }
    note(code)
  }

  private func bind(_ bytes: UnsafeBufferPointer<UInt8>, _ column: CInt) -> CInt {
    // SQLITE_TRANSIENT, a macro that Swift does not import: SQLite copies the bytes before this returns.
    let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    return bytes.withMemoryRebound(to: CChar.self) {
      // An empty buffer may have no base address, which SQLite would bind as NULL.
      $0.isEmpty
        ? sqlite3_bind_text(statement, column, "", 0, transient)
        : sqlite3_bind_text(statement, column, $0.baseAddress, CInt($0.count), transient)
    }
  }

  private mutating func next() -> CInt {
    column += 1
    return column
  }

  private mutating func note(_ code: CInt) { if code != SQLITE_OK { failure = failure ?? code } }
}

extension Database {
  /// Runs a statement that returns no rows, prepared once per connection.
  func run(_ sql: String, _ bind: (inout RowBinder) -> Void = { _ in }) throws {
    let statement = try prepared(sql)
    var binder = RowBinder(statement)
    bind(&binder)
    let code = binder.failure ?? sqlite3_step(statement)
    defer { sqlite3_reset(statement) }
    guard code == SQLITE_DONE else { throw lastError(sql) }
  }

  /// Binds the parameters of a statement that is stepped elsewhere.
  func bind(to statement: OpaquePointer, _ bind: (inout RowBinder) -> Void) throws {
    var binder = RowBinder(statement)
    bind(&binder)
    guard binder.failure == nil else { throw lastError("") }
  }
}
