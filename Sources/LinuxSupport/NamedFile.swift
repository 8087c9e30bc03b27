// Which file stands at a path, asked for without its times, so that writing it costs no more for that.

internal import CLinuxSupport
internal import Glibc

/// What stat(2) says of a file but for its times.
///
/// Since Linux 6.13 a file whose times somebody has asked for gets one of its own, to the nanosecond, with its next write. A
/// write-ahead log that is looked at with stat(2) around each commit is synchronised a third slower for it on ext4. Source:
/// Documentation/filesystems/multigrain-ts.rst.
package struct NamedFile: Sendable, Hashable {
  package let identity: FileIdentity
  /// How many names it has.
  package let names: Int
  /// Bytes.
  package let size: Int

  /// What stands at `path`; of a symbolic link itself, and not what it leads to.
  package init(path: String) throws(SystemError) {
    var status = statx()
    guard statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_NLINK | STATX_INO | STATX_SIZE, &status) == 0 else {
      let error = SystemError.last
      // An old kernel does not have it, and an old sandbox does not let it pass.
      guard error.errno == ENOSYS || error.errno == EPERM else { throw error }
      let status = try FileStatus(path: path)
      (identity, names, size) = (status.identity, status.names, status.size)
      return
    }
    identity = FileIdentity(
      major: UInt64(status.stx_dev_major), minor: UInt64(status.stx_dev_minor), inode: status.stx_ino)
    names = Int(status.stx_nlink)
    size = Int(status.stx_size)
  }
}
