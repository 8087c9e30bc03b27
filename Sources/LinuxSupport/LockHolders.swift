// Who holds a lock on a file, as far as the kernel tells.

internal import Glibc

/// The process that holds a flock(2) on a file; `nil` where the kernel lists none, such as for a process of another container.
package func flockHolder(of file: FileIdentity) -> Int32? {
  // The two halves of a device's number, taken apart as in makedev(3).
  let major = (file.device >> 8 & 0xFFF) | (file.device >> 32 & ~0xFFF)
  let minor = (file.device & 0xFF) | (file.device >> 12 & ~0xFF)
  return flocks(ofInode: file.inode).first { $0.major == major && $0.minor == minor }?.pid
}

/// Whether a process holds a flock(2) on a file, of which only the number is compared: file systems such as btrfs tell
/// stat(2) another device than they list.
package func holdsFlock(_ pid: Int32, of file: FileIdentity) -> Bool {
  flocks(ofInode: file.inode).contains { $0.pid == pid }
}

/// The locks of flock(2) on files with this number, on any device.
/// Source: proc_locks(5), whose lines are "1: FLOCK ADVISORY WRITE 4242 08:01:1234 0 EOF".
private func flocks(ofInode inode: UInt64) -> [(pid: Int32, major: UInt64, minor: UInt64)] {
  guard let locks = fopen("/proc/locks", "r") else { return [] }
  defer { fclose(locks) }
  var found: [(pid: Int32, major: UInt64, minor: UInt64)] = []
  var line = [CChar](repeating: 0, count: 256)
  while fgets(&line, Int32(line.count), locks) != nil {
    let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      .split(whereSeparator: \.isWhitespace)
    guard words.count > 5, words[1] == "FLOCK", let pid = Int32(words[4]), pid > 0 else { continue }
    let place = words[5].split(separator: ":")
    guard place.count == 3, let major = UInt64(place[0], radix: 16), let minor = UInt64(place[1], radix: 16),
      UInt64(place[2]) == inode
    else { continue }
    found.append((pid, major, minor))
  }
  return found
}
