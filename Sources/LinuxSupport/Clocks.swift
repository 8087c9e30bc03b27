// The clocks of the kernel: the wall clock, the clock since the boot that nobody can set, and the one for measuring.

internal import Glibc

/// Milliseconds since 1970-01-01T00:00:00Z by the wall clock, which people and NTP set. Source: clock_gettime(2),
/// CLOCK_REALTIME. In nanoseconds the year 2262 would not fit.
package func wallMilliseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
}

/// Milliseconds since the machine started, suspension included. Nobody can set this clock. Source: clock_gettime(2),
/// CLOCK_BOOTTIME.
package func bootMilliseconds() -> Int { nanoseconds(CLOCK_BOOTTIME) / 1_000_000 }

/// Nanoseconds since some moment in the past, suspension not counted: what durations are measured by. Source:
/// clock_gettime(2), CLOCK_MONOTONIC.
package func monotonicNanoseconds() -> Int { nanoseconds(CLOCK_MONOTONIC) }

/// The kernel's name for this start of the machine; `nil` where it has none. Source: random(4), boot_id.
package func bootID() -> String? {
  let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 64)
  let count = read(descriptor, &bytes, bytes.count)
  guard count > 0 else { return nil }
  let id = String(decoding: bytes.prefix(count).prefix { $0 > 0x20 }, as: UTF8.self)
  return id.isEmpty ? nil : id
}

private func nanoseconds(_ clock: clockid_t) -> Int {
  var time = timespec()
  clock_gettime(clock, &time)
  return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
}
