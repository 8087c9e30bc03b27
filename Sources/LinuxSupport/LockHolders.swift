// Who holds a lock on a file, as far as the kernel tells.

internal import Glibc

/// The process that holds a flock(2) on a file; `nil` where the kernel lists none, such as for a process of another container.
package func flockHolder(of file: FileIdentity) -> Int32? {
  flocks().first { $0.file == file }?.pid
}

/// Whether a process holds a flock(2) on a file, of which only the number is compared: file systems such as btrfs tell
/// stat(2) another device than they list.
package func holdsFlock(_ pid: Int32, of file: FileIdentity) -> Bool {
  flocks().contains { $0.pid == pid && $0.file.inode == file.inode }
}

/// A process as a message names it that says who is in the way; `nil` is one that the kernel does not name.
package func describe(process pid: Int32?) -> String { pid.map { "the process \($0)" } ?? "another program" }

/// The locks of flock(2) on all files.
/// Source: proc_locks(5), whose lines are "1: FLOCK ADVISORY WRITE 4242 08:01:1234 0 EOF".
private func flocks() -> [(pid: Int32, file: FileIdentity)] {
  guard let locks = fopen("/proc/locks", "r") else { return [] }
  defer { fclose(locks) }
  var found: [(pid: Int32, file: FileIdentity)] = []
  var line = [CChar](repeating: 0, count: 256)
  while fgets(&line, Int32(line.count), locks) != nil {
    let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      .split(whereSeparator: \.isWhitespace)
    guard words.count > 5, words[1] == "FLOCK", let pid = Int32(words[4]), pid > 0 else { continue }
    let place = words[5].split(separator: ":")
    guard place.count == 3, let major = UInt64(place[0], radix: 16), let minor = UInt64(place[1], radix: 16),
      let inode = UInt64(place[2])
    else { continue }
    found.append((pid, FileIdentity(major: major, minor: minor, inode: inode)))
  }
  return found
}
