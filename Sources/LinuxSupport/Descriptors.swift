// File descriptors: pipes, files in memory, and how many of them a process may have.

internal import CLinuxSupport
internal import Glibc

/// Two ends of a pipe, closed by exec. Source: pipe(2).
/// - Parameter least: the lowest number that either end gets, which keeps the numbers below free for a child's own.
package func makePipe(atLeast least: Int32 = 0) throws(SystemError) -> (read: Int32, write: Int32) {
  var ends: [Int32] = [0, 0]
  guard pipe2(&ends, O_CLOEXEC) == 0 else { throw .last }
  for index in ends.indices where ends[index] < least {
    let moved = fcntl(ends[index], F_DUPFD_CLOEXEC, least)
    guard moved >= 0 else {
      let error = SystemError.last
      for end in ends { close(end) }
      throw error
    }
    close(ends[index])
    ends[index] = moved
  }
  return (ends[0], ends[1])
}

/// A file in memory that holds `content`, closed by exec, with its offset at the beginning. Nobody else can open it, since it
/// has no name. Source: memfd_create(2).
package func memoryFile(_ content: [UInt8]) throws(SystemError) -> Int32 {
  // MFD_CLOEXEC, which is a macro of a header that Swift does not see.
  let descriptor = memfd_create("fairlead", 1)
  guard descriptor >= 0 else { throw .last }
  do throws(SystemError) {
    try writeAll(content, to: descriptor)
  } catch {
    close(descriptor)
    throw error
  }
  lseek(descriptor, 0, SEEK_SET)
  return descriptor
}

/// Has reads through this descriptor leave the time of the file's last read as it is, where this process owns the file.
///
/// A file system that is mounted with `relatime`, which is the default, notes that time with the first read after each write. A
/// file that is read after each commit has its inode written with the next one for that: 0.15 more writes of the disk for each.
/// Source: open(2), O_NOATIME; mount(8), relatime.
package func leaveReadTimeAlone(_ descriptor: Int32) {
  // O_NOATIME, which is a macro of a header that Swift does not see.
  let flag: Int32 = 0o1_000_000
  let flags = fcntl(descriptor, F_GETFL)
  // It is refused for another user's file. Then reads cost what they cost.
  if flags >= 0 { _ = fcntl(descriptor, F_SETFL, flags | flag) }
}

/// Writes every byte, however many calls it takes. Source: write(2): it may take fewer bytes than it was given.
package func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
  var written = 0
  while written < bytes.count {
    let count = bytes.withUnsafeBytes { buffer in
      retryingInterrupts { write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written) }
    }
    guard count > 0 else { throw .last }
    written += count
  }
}

/// The same, on a descriptor that may block for good, or that somebody else who shares it has made non-blocking: then poll(2)
/// waits until it takes more.
package func writeAllWaiting(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { buffer in
      retryingInterrupts { write(descriptor, buffer.baseAddress, buffer.count) }
    }
    if count < 0 {
      guard errno == EAGAIN else { throw .last }
      var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard retryingInterrupts({ poll(&waiting, 1, -1) }) > 0 else { throw .last }
    }
    rest = rest.dropFirst(max(0, count))
  }
}

/// Raises this process's limit of open descriptors to the most that the system grants it without privileges, and returns how
/// many it may have; `nil` where the kernel does not say.
///
/// A shell usually grants 1,024, and a connection is a descriptor. Where the limit cannot be raised, whoever needs more meets
/// EMFILE. Source: getrlimit(2), RLIMIT_NOFILE: the soft limit may be raised up to the hard one.
@discardableResult
package func raiseDescriptorLimit() -> Int? {
  let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  var limit = rlimit()
  guard getrlimit(resource, &limit) == 0 else { return nil }
  let soft = limit.rlim_cur
  limit.rlim_cur = limit.rlim_max
  return Int(clamping: setrlimit(resource, &limit) == 0 ? limit.rlim_max : soft)
}

/// Whether this process and the machine have room for one more descriptor: the kernel is asked for a socket, which is closed
/// again. Source: socket(2), EMFILE and ENFILE. A descriptor that is duplicated would not need room in the machine's table.
package func hasFreeDescriptor() -> Bool {
  let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  if descriptor >= 0 { close(descriptor) }
  return descriptor >= 0
}
