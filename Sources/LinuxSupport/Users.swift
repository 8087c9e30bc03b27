// Names of users, as the system knows them.

internal import Glibc

/// The login name of `uid`, or its number as text where the system knows none. Source: getpwuid_r(3).
package func userName(of uid: UInt32) -> String {
  var entry = passwd()
  var result: UnsafeMutablePointer<passwd>?
  // Entries with long fields need more room; the size doubles until it fits or the system has another error.
  var size = 1024
  while size <= 1 << 20 {
    var buffer = [CChar](repeating: 0, count: size)
    let status = getpwuid_r(uid, &entry, &buffer, buffer.count, &result)
    if status == 0, result != nil, let name = entry.pw_name { return String(cString: name) }
    guard status == ERANGE else { break }
    size *= 2
  }
  return String(uid)
}

/// The number of the user `name`; `nil` where the system knows no such user. Source: getpwnam_r(3).
package func userID(named name: String) -> UInt32? {
  var entry = passwd()
  var result: UnsafeMutablePointer<passwd>?
  var size = 1024
  while size <= 1 << 20 {
    var buffer = [CChar](repeating: 0, count: size)
    let status = getpwnam_r(name, &entry, &buffer, buffer.count, &result)
    if status == 0 { return result == nil ? nil : entry.pw_uid }
    guard status == ERANGE else { break }
    size *= 2
  }
  return nil
}
