// Processor time as a measure of cost: what other programs do on the machine does not count in it.

internal import Glibc

/// What an input costs, and whether twice the input costs more than twice as much.
package enum ProcessorTime {
  /// What twice the input may take, in times.
  private static let ratio = 2.5
  /// Nanoseconds that do not count: a cold cache, and the kernel's pages for a buffer that grows. The largest inputs of the tests
  /// take some 7 ms by half in a debug build, so that a cost which grows with their square is far above it.
  private static let floor = 4_000_000.0
  /// Runs of which the least counts: chance only adds to the time.
  private static let runs = 12

  /// Nanoseconds of the processor that this thread has used. Source: clock_gettime(2), CLOCK_THREAD_CPUTIME_ID.
  package static func ofThisThread() -> Double { nanoseconds(CLOCK_THREAD_CPUTIME_ID) }

  /// Nanoseconds of the processor that all threads of a process have used. Source: clock_getcpuclockid(3).
  package static func ofProcess(_ pid: Int32) throws(Failure) -> Double {
    var clock = clockid_t()
    guard clock_getcpuclockid(pid, &clock) == 0 else { throw Failure("no processor clock of process \(pid)") }
    return nanoseconds(clock)
  }

  /// `nil` if `whole`, the work on an input, takes at most two and a half times of what `half`, the work on half of it, takes;
  /// otherwise what both took. Cheap inputs are worked on once.
  package static func excess(
    by clock: () throws -> Double, half: () throws -> Void, whole: () throws -> Void
  ) rethrows -> String? {
    func cost(_ work: () throws -> Void) throws -> Double {
      let start = try clock()
      try work()
      return try clock() - start
    }
    var (least, most) = (Double.infinity, Double.infinity)
    for _ in 0..<runs {
      least = min(least, try cost(half))
      most = min(most, try cost(whole))
      if most <= ratio * least + floor { return nil }
    }
    return "half takes \(Int(least / 1000)) us of the processor, the whole \(Int(most / 1000)) us"
  }

  /// The same for work on this thread.
  package static func excess(half: () throws -> Void, whole: () throws -> Void) rethrows -> String? {
    try excess(by: { ofThisThread() }, half: half, whole: whole)
  }

  private static func nanoseconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }
}
