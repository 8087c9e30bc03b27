// The environment variables that the command reads.

internal import Glibc

struct Environment: Sendable, Hashable {
  private struct Variable: Sendable, Hashable {
    let name: String
    let value: String
  }

  /// An array, searched linearly: there are six at most, and only instantiating a dictionary's type costs more at start.
  private var variables: [Variable] = []

  init(_ values: [String: String]) { variables = values.map { Variable(name: $0.key, value: $0.value) } }

  private init() {}

  /// The value of a variable; an empty one counts as not set.
  subscript(name: String) -> String? {
    variables.first { $0.name == name && !$0.value.isEmpty }?.value
  }

  /// The variables of this process, as far as the command reads them.
  static var process: Environment {
    var environment = Environment()
    let names = [
      "FAIRLEAD_OUTPUT", "FAIRLEAD_SOCKET", "FAIRLEAD_DAEMON_USER", "XDG_RUNTIME_DIR", "NO_COLOR", "TERM",
    ]
    for name in names {
      if let value = getenv(name) { environment.variables.append(Variable(name: name, value: String(cString: value))) }
    }
    return environment
  }
}
