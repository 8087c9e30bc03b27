// New folders for what lasts no longer than a measurement.

internal import Glibc

package enum TemporaryFolder {
  /// What mkdtemp and mkstemp replace.
  static let mark = String(repeating: "X", count: 6)

  /// Makes a folder of nobody else's in `parent`; its name begins with `prefix`.
  package static func make(in parent: String, prefix: String) throws(LoadError) -> String {
    var template = Array("\(parent)/\(prefix)\(mark)".utf8CString)
    guard mkdtemp(&template) != nil else { throw .system("make a folder in \(parent)", errno: errno) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
