// Removes a folder with what is in it, without following a link.

internal import Glibc

/// Removes the folder at `path` and everything in it. Symbolic links are removed and never followed, whoever exchanges a folder
/// for one meanwhile. Source: openat(2), O_NOFOLLOW; unlinkat(2).
/// - Throws: the first error; ELOOP where folders are nested more than eight deep, since each of them is open meanwhile. What
///   can be removed is, all the same.
package func removeFolder(_ path: String) throws(SystemError) {
  try removeFolder(path, in: AT_FDCWD, depth: 0)
}

private func removeFolder(_ name: UnsafePointer<CChar>, in parent: Int32, depth: Int) throws(SystemError) {
  guard depth < 8 else { throw SystemError(errno: ELOOP) }
  let descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
  guard descriptor >= 0 else { throw .last }
  guard let folder = fdopendir(descriptor) else {
    let error = SystemError.last
    close(descriptor)
    throw error
  }
  defer { closedir(folder) }
  var failure: SystemError?
  while let entry = readdir(folder) {
    // As bytes: a name need not be UTF-8.
    let error = withUnsafePointer(to: &entry.pointee.d_name) { name in
      name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
        removeEntry($0, in: descriptor, depth: depth)
      }
    }
    failure = failure ?? error
  }
  guard unlinkat(parent, name, AT_REMOVEDIR) == 0 else { throw failure ?? .last }
}

/// Returns why it cannot be removed; `nil` where it was, and for the folder itself and the one above.
private func removeEntry(_ name: UnsafePointer<CChar>, in folder: Int32, depth: Int) -> SystemError? {
  if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || unlinkat(folder, name, 0) == 0 { return nil }
  // Whether it is a folder, the kernel says: EISDIR (unlink(2) on Linux).
  let error = SystemError.last
  guard error.errno == EISDIR else { return error }
  do throws(SystemError) {
    try removeFolder(name, in: folder, depth: depth + 1)
    return nil
  } catch {
    return error
  }
}
