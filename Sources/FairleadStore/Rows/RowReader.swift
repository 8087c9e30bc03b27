// Reads the columns of a row through SQLite's C API. A column that is not what the daemon writes is an error, and never a trap.

internal import ExactJSON
internal import FairleadModel
internal import GRDBSQLite

/// Whose row it is. Its key comes first in every selection, so that an error can name the row.
enum RowSubject {
  case change, cluster, revision, feature, provider, clientExtension
  /// Numbers that were computed from a table.
  case summary(of: String)
}

/// The columns of one row, read one after the other. GRDB's accessors end the process where a value is not of the type that is
/// asked for, and cost twice as much.
///
/// Errors name table, key and column, and show no byte of a value that is damaged.
struct RowReader {
  private let statement: OpaquePointer
  let subject: RowSubject
  private var column: CInt = -1

  init(_ statement: OpaquePointer, _ subject: RowSubject) {
    self.statement = statement
    self.subject = subject
  }

  // MARK: Columns

  mutating func int() throws(LedgerError) -> Int {
    column += 1
    guard sqlite3_column_type(statement, column) == SQLITE_INTEGER else { throw unexpectedType("an integer") }
    return Int(sqlite3_column_int64(statement, column))
  }

  mutating func optionalInt() throws(LedgerError) -> Int? { isNull ? skip() : try int() }

  /// The number of a change or a revision.
  mutating func sequenceNumber() throws(LedgerError) -> Int {
    let number = try int()
    guard SequenceNumber.range.contains(number) else { throw damage(in: "is no number of a change or a revision") }
    return number
  }

  mutating func optionalSequenceNumber() throws(LedgerError) -> Int? { isNull ? skip() : try sequenceNumber() }

  mutating func bool() throws(LedgerError) -> Bool {
    switch try int() {
    case 0: return false
    case 1: return true
    default: throw damage(in: "is neither 0 nor 1")
    }
  }

  mutating func text() throws(LedgerError) -> String {
    guard let text = String(validating: try bytes(), as: UTF8.self) else { throw damage(in: "is not UTF-8") }
    return text
  }

  mutating func optionalText() throws(LedgerError) -> String? { isNull ? skip() : try text() }

  /// A column's bytes, valid until the next step. They may be no UTF-8.
  mutating func bytes() throws(LedgerError) -> UnsafeBufferPointer<UInt8> {
    column += 1
    guard sqlite3_column_type(statement, column) == SQLITE_TEXT else { throw unexpectedType("text") }
    return UnsafeBufferPointer(
      start: sqlite3_column_text(statement, column), count: Int(sqlite3_column_bytes(statement, column)))
  }

  mutating func timestamp() throws(LedgerError) -> Timestamp {
    guard let timestamp = Timestamp(recorded: try text()) else { throw damage(in: "is not a time") }
    return timestamp
  }

  mutating func optionalTimestamp() throws(LedgerError) -> Timestamp? { isNull ? skip() : try timestamp() }

  /// One of the words of an enumeration.
  mutating func word<Word: RawRepresentable<String>>() throws(LedgerError) -> Word {
    guard let word = Word(bytesOf: try text()) else { throw damage(in: "is none of the words that it may be") }
    return word
  }

  /// A column of JSON.
  mutating func json<Value>(_ decode: (JSON) throws(Refusal) -> Value) throws(LedgerError) -> Value {
    let json: JSON
    do throws(JSONSyntaxError) {
      json = try JSON(parsing: try columnBytes())
    } catch {
      throw damage(in: "is not JSON", detail: error.explanation)
    }
    do throws(Refusal) {
      return try decode(json)
    } catch {
      throw damage(in: "holds what no fairleadd writes", detail: error.message)
    }
  }

  mutating func optionalJSON<Value>(_ decode: (JSON) throws(Refusal) -> Value) throws(LedgerError) -> Value? {
    isNull ? skip() : try json(decode)
  }

  private mutating func columnBytes() throws(JSONSyntaxError) -> UnsafeBufferPointer<UInt8> {
    // What is not text is no JSON either; an empty buffer says so.
    (try? bytes()) ?? UnsafeBufferPointer(start: nil, count: 0)
  }

  /// Whether the next column is NULL.
  var isNull: Bool { sqlite3_column_type(statement, column + 1) == SQLITE_NULL }

  private mutating func skip<Value>() -> Value? {
    column += 1
    return nil
  }

  // MARK: Damage

  /// What is wrong with the column that was read last.
  func damage(in what: String, detail: String? = nil) -> LedgerError {
    damage("its \(name(column)) \(what)", detail: detail)
  }

  /// What is wrong with the row. `detail` is for the log alone.
  func damage(_ what: String, detail: String? = nil) -> LedgerError {
    let isProjection =
      switch subject {
      case .cluster, .revision, .feature, .provider, .clientExtension: true
      case .change, .summary: false
      }
    return .damage("\(rowName): \(what)", isProjection: isProjection, detail: detail)
  }

  private func unexpectedType(_ expected: String) -> LedgerError { damage(in: "is not \(expected)") }

  private func name(_ column: CInt) -> String {
    sqlite3_column_name(statement, column).map { String(cString: $0) } ?? ""
  }

  /// `change 17`, `cluster default/rg/web`, `revision 3 of default/rg/web`.
  private var rowName: String {
    switch subject {
    case .change: "change \(shownNumber(0) ?? "of an unreadable number")"
    case .revision: "revision \(shownNumber(1) ?? "of an unreadable number") of \(key(0) ?? "a cluster")"
    case .cluster: row(of: "cluster")
    case .feature: row(of: "feature")
    case .provider: row(of: "provider")
    case .clientExtension: row(of: "extension")
    case .summary(let what): what
    }
  }

  private func row(of table: String) -> String {
    key(0).map { "the row of \($0) in the table \(table)" } ?? "a row of the table \(table) whose key is unreadable"
  }

  private func shownNumber(_ column: CInt) -> String? {
    sqlite3_column_type(statement, column) == SQLITE_INTEGER ? String(sqlite3_column_int64(statement, column)) : nil
  }

  /// A key, if it looks like one: an error must not carry what a terminal would act on.
  private func key(_ column: CInt) -> String? {
    guard sqlite3_column_type(statement, column) == SQLITE_TEXT, let start = sqlite3_column_text(statement, column)
    else { return nil }
    let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
    guard !bytes.isEmpty, bytes.count <= Limits.selectorBytes, bytes.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
      return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
