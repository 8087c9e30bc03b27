// Copies an open file, which need not have a name.

internal import Glibc

/// Copies an open file's content into a new file, mode 0600, which is on disk when this returns. Fails with EEXIST where
/// something is at `path`. What was written of a copy that fails is removed.
package func copyFile(descriptor: Int32, toNew path: String) throws(SystemError) {
  let copy = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode_t(0o600))
  guard copy >= 0 else { throw .last }
  defer { close(copy) }
  do throws(SystemError) {
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    while true {
      let count = retryingInterrupts { pread(descriptor, &buffer, buffer.count, off_t(offset)) }
      guard count >= 0 else { throw .last }
      if count == 0 { break }
      try writeAll(Array(buffer[..<count]), to: copy)
      offset += count
    }
    guard fsync(copy) == 0 else { throw .last }
  } catch {
    unlink(path)
    throw error
  }
}

/// Bytes that this user may still write on the file system of an open file; 0 where that is not known.
package func freeBytes(descriptor: Int32) -> Int {
  var system = statvfs()
  return fstatvfs(descriptor, &system) == 0 ? freeBytes(system) : 0
}

/// The same of the file at `path`.
package func freeBytes(path: String) -> Int {
  var system = statvfs()
  return statvfs(path, &system) == 0 ? freeBytes(system) : 0
}

private func freeBytes(_ system: statvfs) -> Int { Int(system.f_bavail) * Int(system.f_frsize) }
