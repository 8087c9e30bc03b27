// The environment variables that the command reads.

internal import Glibc

struct Environment: Sendable, Hashable {
  private let values: [String: String]

  init(_ values: [String: String]) { self.values = values }

  /// The value of a variable; an empty one counts as not set.
  subscript(name: String) -> String? {
    guard let value = values[name], !value.isEmpty else { return nil }
    return value
  }

  /// The variables of this process, as far as the command reads them.
  static var process: Environment {
    var values: [String: String] = [:]
    for name in ["FAIRLEAD_OUTPUT", "FAIRLEAD_SOCKET", "XDG_RUNTIME_DIR", "NO_COLOR", "TERM"] {
      if let value = getenv(name) { values[name] = String(cString: value) }
    }
    return Environment(values)
  }
}
