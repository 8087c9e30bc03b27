// What a failed system call leaves behind: an errno, and the C library's words for it.

internal import Glibc

/// The `errno` of a call that failed. Programs decide on the number; `describe(errno:)` is for a person.
package struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
  package let errno: Int32

  package init(errno: Int32) { self.errno = errno }

  package var description: String { describe(errno: errno) }

  /// Whether there is no room on the disk, or none for this user.
  package var isOutOfRoom: Bool { errno == ENOSPC || errno == EDQUOT }

  package var isReadOnlyFileSystem: Bool { errno == EROFS }

  /// Whether something was in the place of what was to be made.
  package var isExisting: Bool { errno == EEXIST }

  /// The error of the call that failed last on this thread. To be read before anything else is called (errno(3)).
  package static var last: SystemError { SystemError(errno: Glibc.errno) }
}

/// What the C library says about an `errno`, such as "No such file or directory". Source: strerror(3), which has a text for
/// any number.
package func describe(errno code: Int32) -> String { String(cString: strerror(code)) }

/// Calls `body` again while a signal interrupts it. Source: signal(7): a handler may end a slow call with EINTR.
package func retryingInterrupts<Result: SignedInteger>(_ body: () -> Result) -> Result {
  while true {
    let result = body()
    if result >= 0 || errno != EINTR { return result }
  }
}
