// Users of this machine, for a program that is linked statically.

internal import Glibc

/// The users that /etc/passwd lists, read without the C library's lookups: those load libraries at run time, as
/// /etc/nsswitch.conf names them, and crash in a program that is linked statically. Users of a network's directory are not
/// among them. Source: passwd(5).
package struct LocalUsers: Sendable {
  private let users: [(name: String, uid: UInt32)]

  /// Reads the file at `path`. Who cannot be read is nobody: the list is empty then.
  package init(path: String = "/etc/passwd") {
    guard let file = fopen(path, "re") else {
      users = []
      return
    }
    defer { fclose(file) }
    var users: [(name: String, uid: UInt32)] = []
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, file) > 0, let line {
      let fields = String(cString: line).split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
      if fields.count == 4, let uid = UInt32(fields[2]) { users.append((String(fields[0]), uid)) }
    }
    self.users = users
  }

  package func uid(of name: String) -> UInt32? { users.first { $0.name == name }?.uid }

  package func name(of uid: UInt32) -> String? { users.first { $0.uid == uid }?.name }
}
