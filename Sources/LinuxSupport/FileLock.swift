// An advisory lock on a file, which says that a running process owns what the file represents.

internal import Glibc

/// An exclusive lock on a file that exists for this purpose, held until `release` is called or the process ends.
///
/// The kernel drops the lock of a process that dies, however it dies, so whoever gets the lock knows that no earlier holder is
/// alive. Source: flock(2): the lock belongs to the open file description and goes with its last descriptor.
///
/// The file is this user's alone, mode 0600: whoever may open it could hold the lock. Another user's file, one with further names
/// and what is no file are refused before a byte is changed; the mode is set once the lock is taken.
package struct FileLock: Sendable {
  package enum Holder: Sendable, Hashable {
    /// The process that wrote its pid into the file, as whoever takes a `FileLock` does.
    case owner(pid: Int32)
    /// Another program; its pid where the kernel tells it. What the file says is of an earlier holder then.
    case other(pid: Int32?)
  }

  package enum Failure: Error, Sendable, Hashable {
    /// Another process holds it.
    case held(by: Holder)
    /// What stands at the path is not this user's lock.
    case notOwn(FileFault)
    case system(errno: Int32)
  }

  /// What the holder's note was when the lock was taken: the lines after the pid. See `write(note:)`.
  package let note: String
  private let descriptor: CInt
  /// The line with this process's pid.
  private let pidLine: [UInt8]
  /// Whether the file can be written: not on a file system that is mounted read-only.
  private let isWritable: Bool

  /// Takes the lock at `path`, creating the file where needed, or fails at once.
  package init(path: String) throws(Failure) {
    // Whoever may write the folder can put another file at the path between any two calls. Trying ten times is for an
    // accident; against intent there is only a folder of one's own.
    for _ in 0..<10 {
      let opened = try Self.open(path)
      let status: FileStatus
      do throws(SystemError) {
        status = try FileStatus(descriptor: opened.descriptor)
      } catch {
        close(opened.descriptor)
        throw .system(errno: error.errno)
      }
      if let fault = status.fault(rootMayOwn: false), fault != .writableByAll {
        close(opened.descriptor)
        throw .notOwn(fault)
      }
      guard flock(opened.descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let error = errno
        let noted = Self.pid(in: opened.descriptor)
        close(opened.descriptor)
        guard error == EWOULDBLOCK else { throw .system(errno: error) }
        throw .held(by: Self.holder(of: status.identity, noted: noted))
      }
      guard (try? FileStatus(path: path))?.identity == status.identity else {
        close(opened.descriptor)
        continue
      }
      (descriptor, isWritable) = opened
      pidLine = Self.line(with: getpid())
      note = Self.note(in: descriptor)
      guard isWritable else { return }
      // From now on nobody else can open it. Who has it open already cannot take the lock while this process holds it.
      if status.mode != 0o600 { fchmod(descriptor, 0o600) }
      // The pid helps a person; nothing decides on it, so a full disk here is no reason to fail. It is written over the old
      // one, and not after a truncation: the note behind it has to stay whatever happens.
      Self.put(pidLine, in: descriptor)
      if note.isEmpty { ftruncate(descriptor, off_t(Self.pidLength)) }
      return
    }
    throw .system(errno: ESTALE)
  }

  /// Replaces the note, which stays when the lock is released. It should have the same length each time: it is written over
  /// the old one in place. A note that cannot be written is lost.
  ///
  /// The pid is written with it, in one call. Where somebody has emptied the file meanwhile, a note alone would be behind a
  /// gap, and nobody would find it.
  package func write(note: String) {
    guard isWritable else { return }
    var content: [UInt8] = []
    content.reserveCapacity(pidLine.count + note.utf8.count)
    content += pidLine
    content += note.utf8
    Self.put(content, in: descriptor)
  }

  /// Gives the lock up. The file stays: removing it would let two processes lock two different files under one name.
  package func release() { close(descriptor) }

  /// The note in the file at `path`, whoever holds the lock; empty where there is none to read.
  package static func note(at path: String) -> String {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    return note(in: descriptor)
  }

  // MARK: The file

  /// Ten digits and a line feed, so that each pid takes the place of the one before.
  private static let pidLength = 11

  private static func line(with pid: Int32) -> [UInt8] {
    let digits = String(pid)
    return Array((String(repeating: "0", count: pidLength - 1 - digits.utf8.count) + digits + "\n").utf8)
  }

  private static func put(_ bytes: [UInt8], in descriptor: CInt) {
    _ = retryingInterrupts { pwrite(descriptor, bytes, bytes.count, 0) }
  }

  /// The file at `path`, a new one or the one that is there. A file that is there and cannot be written is opened as it is where
  /// its file system is mounted read-only: flock(2) needs no write permission.
  private static func open(_ path: String) throws(Failure) -> (descriptor: CInt, isWritable: Bool) {
    let flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let new = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | flags, mode_t(0o600))
    if new >= 0 {
      // Whatever the umask took away.
      fchmod(new, 0o600)
      return (new, true)
    }
    guard errno == EEXIST else { throw .system(errno: errno) }
    // Looked at before it is opened: opening a device can have effects of its own.
    if let status = try? FileStatus(path: path), let fault = status.fault(rootMayOwn: false), fault != .writableByAll {
      throw .notOwn(fault)
    }
    let old = Glibc.open(path, O_RDWR | flags)
    if old >= 0 { return (old, true) }
    guard errno == EROFS else { throw .system(errno: errno) }
    let readOnly = Glibc.open(path, O_RDONLY | flags)
    guard readOnly >= 0 else { throw .system(errno: errno) }
    return (readOnly, false)
  }

  /// Who holds the lock on a file whose first line is the pid `noted`.
  private static func holder(of file: FileIdentity, noted: Int32?) -> Holder {
    if let noted, holdsFlock(noted, of: file) { return .owner(pid: noted) }
    return .other(pid: flockHolder(of: file))
  }

  private static func pid(in descriptor: CInt) -> Int32? {
    Int32(content(of: descriptor).prefix { $0 != "\n" })
  }

  private static func note(in descriptor: CInt) -> String {
    let content = content(of: descriptor)
    guard let end = content.firstIndex(of: "\n") else { return "" }
    return String(content[content.index(after: end)...])
  }

  private static func content(of descriptor: CInt) -> String {
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = retryingInterrupts { pread(descriptor, &bytes, bytes.count, 0) }
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
