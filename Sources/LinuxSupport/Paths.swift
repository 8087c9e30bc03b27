// Paths: links followed, and temporary folders.

internal import Glibc

/// The path that `path` leads to, links followed; `path` itself where nothing is there yet. Source: realpath(3).
package func resolved(_ path: String) -> String {
  guard let real = realpath(path, nil) else { return path }
  defer { free(real) }
  return String(cString: real)
}

/// Makes a new folder in `parent` that only this user may use, and returns its path. Source: mkdtemp(3), which makes it with
/// mode 0700 under a name that nothing had.
/// - Parameter prefix: what the name begins with. Short where a socket goes into it: a socket's path has 107 bytes.
package func makeTemporaryFolder(in parent: String, prefix: String) throws(SystemError) -> String {
  var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else { throw .last }
  return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Gives a file another name. Source: rename(2).
package func rename(_ path: String, to other: String) throws(SystemError) {
  guard Glibc.rename(path, other) == 0 else { throw .last }
}

/// The folder that `path` is in: the part before the last slash.
package func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}
