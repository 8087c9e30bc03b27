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
    /// No file, or an empty one: SQLite creates a database there.
    case nothing
    case database(DatabaseHeader)
    case notSQLite
    /// A directory, a pipe, a device.
    case notAFile
    /// A file with hard links. Under its second name it would have another lock and another WAL, which SQLite forbids
    /// (howtocorrupt.html, 2.5).
    case linked(names: Int)
    case unreadable(errno: Int32)
  }

  static func read(_ path: String) -> Content {
    // O_NONBLOCK, since opening a pipe without a writer would block.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return errno == ENOENT ? .nothing : .unreadable(errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .unreadable(errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { return .notAFile }
    guard status.st_nlink <= 1 else { return .linked(names: Int(status.st_nlink)) }
    // The file header, and the page header of the schema's b-tree, which follows it on page 1.
    var bytes = [UInt8](repeating: 0, count: 108)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { return .unreadable(errno: errno) }
    guard count > 0 else { return .nothing }
    guard count == bytes.count, bytes.starts(with: Array("SQLite format 3\0".utf8)) else { return .notSQLite }
    func number(at offset: Int) -> Int { bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
    let isEmpty = bytes[100] == 0x0D && bytes[103] == 0 && bytes[104] == 0
    return .database(
      DatabaseHeader(userVersion: number(at: 60), applicationID: number(at: 68), isEmpty: isEmpty))
  }
}
