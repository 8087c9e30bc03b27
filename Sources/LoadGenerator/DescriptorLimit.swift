// How many connections this process may have.

internal import Glibc

package enum DescriptorLimit {
  /// Takes as many descriptors as the system lets this process have; a shell gives fewer. What fails for want of one says so.
  package static func raise() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
