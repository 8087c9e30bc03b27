// Who holds a lock on a file, as far as the kernel tells.

internal import Glibc

/// The process that holds a flock(2) on a file; `nil` where the kernel lists none, such as for a process of another container.
/// Source: proc_locks(5), whose lines are "1: FLOCK ADVISORY WRITE 4242 08:01:1234 0 EOF".
package func flockHolder(of file: FileIdentity) -> Int32? {
  guard let locks = fopen("/proc/locks", "r") else { return nil }
  defer { fclose(locks) }
  // The two halves of a device's number, taken apart as in makedev(3).
  let major = (file.device >> 8 & 0xFFF) | (file.device >> 32 & ~0xFFF)
  let minor = (file.device & 0xFF) | (file.device >> 12 & ~0xFF)
  var line = [CChar](repeating: 0, count: 256)
  while fgets(&line, Int32(line.count), locks) != nil {
    let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      .split(whereSeparator: \.isWhitespace)
    guard words.count > 5, words[1] == "FLOCK", let pid = Int32(words[4]), pid > 0 else { continue }
    let place = words[5].split(separator: ":")
    guard place.count == 3, UInt64(place[0], radix: 16) == major, UInt64(place[1], radix: 16) == minor,
      UInt64(place[2]) == file.inode
    else { continue }
    return pid
  }
  return nil
}
