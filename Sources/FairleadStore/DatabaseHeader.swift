// Looks at a database file before SQLite does, so that a foreign or newer one is refused untouched.

internal import Glibc

/// The fields of an SQLite file's header that say whose it is. Source: sqlite.org/fileformat2.html, section 1.3.
struct DatabaseHeader: Hashable {
  let userVersion: Int
  let applicationID: Int

  /// "FLDR".
  static let fairlead = 0x464C_4452

  enum Content: Hashable {
    /// No file, or an empty one: SQLite makes a database of it.
    case nothing
    case database(DatabaseHeader)
    case somethingElse
    case unreadable(errno: Int32)
  }

  static func read(_ path: String) -> Content {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return errno == ENOENT ? .nothing : .unreadable(errno: errno) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { return .unreadable(errno: errno) }
    guard count > 0 else { return .nothing }
    guard count == 100, bytes.starts(with: Array("SQLite format 3\0".utf8)) else { return .somethingElse }
    func number(at offset: Int) -> Int { bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
    return .database(DatabaseHeader(userVersion: number(at: 60), applicationID: number(at: 68)))
  }
}
