// Looks at a database file before SQLite does, so that a foreign or newer one is refused untouched.

internal import Glibc

/// The fields of an SQLite file's header that say whose it is. Source: sqlite.org/fileformat2.html, section 1.3.
struct DatabaseHeader: Hashable {
  let userVersion: Int
  let applicationID: Int
  /// Whether there is nothing in it: no table, no view.
  let isEmpty: Bool

  /// "FLDR".
  static let fairlead = 0x464C_4452

  enum Content: Hashable {
    /// No file, or an empty one: SQLite makes a database of it.
    case nothing
    case database(DatabaseHeader)
    case notSQLite
    /// A directory, a pipe, a device.
    case notAFile
    /// Under a second name it would have another lock and another log: SQLite forbids it (howtocorrupt.html, 2.5).
    case linked(names: Int)
    case unreadable(errno: Int32)
  }

  static func read(_ path: String) -> Content {
    // A pipe that nobody writes to would block.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return errno == ENOENT ? .nothing : .unreadable(errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .unreadable(errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { return .notAFile }
    guard status.st_nlink <= 1 else { return .linked(names: Int(status.st_nlink)) }
    // The header, and the beginning of the page that it stands on, which holds the schema.
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
