// The clock that everything here is measured by.

internal import Glibc

/// Time that only goes forward.
package enum Clock {
  /// Nanoseconds since some moment in the past.
  package static func nanoseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
