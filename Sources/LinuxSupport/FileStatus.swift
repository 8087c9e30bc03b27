// What the kernel says about a file: which one it is, whose, who may use it, and how long it is.

internal import Glibc

/// Which file it is, whatever its names. A number is given to another file once the file is deleted and nobody has it open.
/// Source: inode(7).
package struct FileIdentity: Sendable, Hashable {
  package let device: UInt64
  package let inode: UInt64
}

extension FileIdentity {
  /// A file on the device of these two numbers, of which stat(2) makes one. Source: gnu_dev_makedev in glibc's
  /// bits/sysmacros.h.
  init(major: UInt64, minor: UInt64, inode: UInt64) {
    let device = (minor & 0xFF) | (major & 0xFFF) << 8 | (minor & ~0xFF) << 12 | (major & ~0xFFF) << 32
    self.init(device: device, inode: inode)
  }
}

/// A file's status, as stat(2) gives it; of a symbolic link its own, and not that of what it leads to.
package struct FileStatus: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case regular, folder, link, socket, other
  }

  package let identity: FileIdentity
  package let kind: Kind
  /// How many names it has: 0 once the last one is removed.
  package let names: Int
  package let owner: UInt32
  package let group: UInt32
  /// The twelve bits of chmod(2).
  package let mode: UInt32
  /// Bytes.
  package let size: Int
  /// When its content was last modified, by the wall clock. Only to be compared: a clock may show any year.
  package let modified: Moment

  package struct Moment: Sendable, Hashable {
    let seconds: Int
    let nanoseconds: Int
  }

  /// Of what stands at `path`.
  package init(path: String) throws(SystemError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw .last }
    self.init(status)
  }

  /// Of an open file.
  package init(descriptor: Int32) throws(SystemError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .last }
    self.init(status)
  }

  private init(_ status: stat) {
    identity = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .folder
      case S_IFLNK: .link
      case S_IFSOCK: .socket
      default: .other
      }
    names = Int(status.st_nlink)
    (owner, group) = (status.st_uid, status.st_gid)
    mode = UInt32(status.st_mode & 0o7777)
    size = Int(status.st_size)
    modified = Moment(seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }

  package var everyoneMayRead: Bool { mode & 0o004 != 0 }
  package var everyoneMayWrite: Bool { mode & 0o002 != 0 }
  package var groupMayRead: Bool { mode & 0o040 != 0 }
  package var groupMayWrite: Bool { mode & 0o020 != 0 }
  /// Whether only a file's owner may rename and remove it in this folder. Source: inode(7), the sticky bit.
  package var isSticky: Bool { mode & 0o1000 != 0 }
}

/// Why a file cannot be one that only this process's user can have made and written.
package enum FileFault: Error, Sendable, Hashable {
  case symbolicLink
  case notRegular
  case owner(uid: UInt32)
  case names(Int)
  /// Any user may write it.
  case writableByAll
}

extension FileStatus {
  /// The first fault of a file that should be this user's alone. `rootMayOwn` admits a file of root's.
  package func fault(rootMayOwn: Bool) -> FileFault? {
    if kind == .link { return .symbolicLink }
    if kind != .regular { return .notRegular }
    if owner != geteuid(), !(rootMayOwn && owner == 0) { return .owner(uid: owner) }
    if names > 1 { return .names(names) }
    return everyoneMayWrite ? .writableByAll : nil
  }
}

extension FileFault: CustomStringConvertible {
  /// A clause with "it" for the file.
  package var description: String {
    switch self {
    case .symbolicLink: "it is a symbolic link"
    case .notRegular: "it is not a file"
    case .owner(let uid): "it belongs to the user \(userName(of: uid)), and this is \(userName(of: geteuid()))"
    case .names(let count): "the file has \(count) names (hard links)"
    case .writableByAll: "every user may write it"
    }
  }
}

/// Whether an open file is on a file system that is mounted read-only. Source: statvfs(3), ST_RDONLY, which is 1.
package func isOnReadOnlyFileSystem(descriptor: Int32) -> Bool {
  var system = statvfs()
  return fstatvfs(descriptor, &system) == 0 && system.f_flag & 1 != 0
}

/// Where an open file is now, as the kernel knows it; `nil` where its last name was removed. Source: proc_pid_fd(5).
package func currentPath(descriptor: Int32) -> String? {
  var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
  let count = readlink("/proc/self/fd/\(descriptor)", &bytes, bytes.count)
  guard count > 0, let status = try? FileStatus(descriptor: descriptor), status.names > 0 else { return nil }
  return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
