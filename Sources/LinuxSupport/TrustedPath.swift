// Who besides root and this user could replace a file, by writing it or a folder on the way to it.

internal import Glibc

/// Why a file is not safe to run: a part of its path that somebody else may change.
package struct UntrustedPath: Error, Sendable, Hashable {
  package enum Reason: Sendable, Hashable {
    /// It belongs to another user than root and this process's.
    case owner(uid: UInt32)
    /// Its group or others may write it.
    case writable
    /// It cannot be looked at.
    case system(errno: Int32)
  }

  /// The part: the file, a symbolic link, or a folder above one of them.
  package let path: String
  package let reason: Reason
}

/// Checks the absolute path `path` and every folder above it, symbolic links followed one by one and checked as well: each
/// belongs to root or to this process's user, and neither its group nor others may write it.
///
/// A folder with the sticky bit may be written by others: there they may make files, but not rename or remove what is somebody
/// else's (inode(7), S_ISVTX), and what is in it is checked in its turn. A symbolic link's own mode means nothing
/// (symlink(7)); its owner counts, who can replace it even in a sticky folder.
package func checkOnlyOwnersCanReplace(_ path: String) throws(UntrustedPath) {
  var left = Array(path.split(separator: "/").reversed())
  var folder = ""
  // As many as the kernel follows before it gives up. Source: path_resolution(7).
  var linksLeft = 40
  try check("/")
  while let name = left.popLast() {
    if name == "." { continue }
    if name == ".." {
      folder = String(folder.prefix(upTo: folder.lastIndex(of: "/") ?? folder.startIndex))
      continue
    }
    let part = "\(folder)/\(name)"
    guard let target = try check(part) else {
      folder = part
      continue
    }
    linksLeft -= 1
    guard linksLeft > 0 else { throw UntrustedPath(path: part, reason: .system(errno: ELOOP)) }
    if target.hasPrefix("/") { folder = "" }
    left += target.split(separator: "/").reversed()
  }
}

/// Checks one part. Returns where it leads if it is a symbolic link.
@discardableResult
private func check(_ part: String) throws(UntrustedPath) -> String? {
  var status = stat()
  guard lstat(part, &status) == 0 else { throw UntrustedPath(path: part, reason: .system(errno: errno)) }
  guard status.st_uid == 0 || status.st_uid == geteuid() else {
    throw UntrustedPath(path: part, reason: .owner(uid: status.st_uid))
  }
  let kind = status.st_mode & S_IFMT
  if kind == S_IFLNK {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(part, &bytes, bytes.count)
    guard count >= 0 else { throw UntrustedPath(path: part, reason: .system(errno: errno)) }
    return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
  let isSticky = kind == S_IFDIR && status.st_mode & S_ISVTX != 0
  guard isSticky || status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
    throw UntrustedPath(path: part, reason: .writable)
  }
  return nil
}
