// Reads a database file's header before SQLite opens it, so that a foreign or newer file is refused untouched.

internal import Glibc

/// The fields of an SQLite file's header that identify it. Source: sqlite.org/fileformat2.html, section 1.3.
struct DatabaseHeader: Hashable {
  let userVersion: Int
  let applicationID: Int
  /// Whether the schema has no table and no view.
  let isEmpty: Bool

  /// "FLDR".
  static let fairlead = 0x464C_4452

  enum Content: Hashable {
    /// An empty file: SQLite creates a database there.
    case nothing
    case database(DatabaseHeader)
    case notSQLite
    case unreadable(errno: Int32)
  }

  static func read(_ descriptor: CInt) -> Content {
    // The file header, and the page header of the schema's b-tree, which follows it on page 1.
    var bytes = [UInt8](repeating: 0, count: 108)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count >= 0 else { return .unreadable(errno: errno) }
    guard count > 0 else { return .nothing }
    guard count == bytes.count, bytes.starts(with: Array("SQLite format 3\0".utf8)) else { return .notSQLite }
    func number(at offset: Int) -> Int { bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
    let isEmpty = bytes[100] == 0x0D && bytes[103] == 0 && bytes[104] == 0
    return .database(
      DatabaseHeader(userVersion: number(at: 60), applicationID: number(at: 68), isEmpty: isEmpty))
  }
}
