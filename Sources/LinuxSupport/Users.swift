// Names of users, as the system knows them.

internal import Glibc

/// The login name of `uid`, or its number as text where the system knows none. It may ask a service on the network, and take as
/// long as that takes. Source: getpwuid_r(3).
package func userName(of uid: UInt32) -> String {
  withEntry(of: uid) { entry in entry.pw_name.map { String(cString: $0) } } ?? String(uid)
}

/// The home folder of `uid`; `nil` where the system knows none. It may take as long as `userName`.
package func homeFolder(of uid: UInt32) -> String? {
  withEntry(of: uid) { entry in entry.pw_dir.map { String(cString: $0) } }
}

private func withEntry<Value>(of uid: UInt32, _ body: (passwd) -> Value?) -> Value? {
  var entry = passwd()
  var result: UnsafeMutablePointer<passwd>?
  // Entries with long fields need more room; the size doubles until it fits or the system has another error.
  var size = 1024
  while size <= 1 << 20 {
    var buffer = [CChar](repeating: 0, count: size)
    // `entry` points into the buffer, so it is used while the buffer is held in place.
    let (status, value) = buffer.withUnsafeMutableBufferPointer { buffer -> (Int32, Value?) in
      guard let start = buffer.baseAddress else { return (EINVAL, nil) }
      let status = getpwuid_r(uid, &entry, start, buffer.count, &result)
      return (status, status == 0 && result != nil ? body(entry) : nil)
    }
    guard status == ERANGE else { return value }
    size *= 2
  }
  return nil
}
