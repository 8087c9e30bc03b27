// The clock that no one sets, and the identity of the start that it counts from.

internal import Glibc

/// Milliseconds since the machine started, suspension included. Source: clock_getres(2), CLOCK_BOOTTIME.
package func bootMilliseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_BOOTTIME, &time)
  return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
}

/// The kernel's name for this start of the machine; `nil` where it tells none. Source: random(4), boot_id.
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
