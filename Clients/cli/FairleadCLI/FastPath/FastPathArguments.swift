// The fast path's reading of a command line in its simplest form: `--option value` pairs and arguments.

internal import FairleadModel

/// The words after a command's name: options as pairs of a name and a value, and arguments. A command takes out those
/// that it knows.
///
/// Only the simplest form is read. Every other form, help and all refusals are the parser's.
struct FastPathArguments {
  private struct Option {
    let name: String
    let value: String
  }

  private var options: [Option] = []
  private var arguments: [String] = []

  /// `nil` where an option has no value, or one that looks like an option.
  init?(_ words: ArraySlice<String>) {
    var words = words
    while let word = words.popFirst() {
      if word.utf8.first != UInt8(ascii: "-") {
        arguments.append(word)
      } else if let value = words.popFirst(), value.utf8.first != UInt8(ascii: "-") {
        options.append(Option(name: word, value: value))
      } else {
        return nil
      }
    }
  }

  /// Whether every word has been taken.
  var isEmpty: Bool { options.isEmpty && arguments.isEmpty }

  /// Takes an option's value. An option that is given twice is left for the parser.
  mutating func take(_ name: String, _ short: String? = nil) -> String? {
    guard let index = place(name, short) else { return nil }
    return options.remove(at: index).value
  }

  /// Takes an option's value as another type. A value that cannot be converted is left for the parser.
  mutating func take<Value>(_ name: String, _ short: String? = nil, as make: (String) -> Value?) -> Value? {
    guard let index = place(name, short), let value = make(options[index].value) else { return nil }
    options.remove(at: index)
    return value
  }

  /// Takes the first word that belongs to no option.
  mutating func takeArgument() -> String? { arguments.isEmpty ? nil : arguments.removeFirst() }

  private func place(_ name: String, _ short: String?) -> Int? {
    var found: Int?
    for (index, option) in options.enumerated() where option.name == name || option.name == short {
      guard found == nil else { return nil }
      found = index
    }
    return found
  }
}

extension FastPathArguments {
  mutating func takeCommonOptions() -> CommonOptions {
    CommonOptions(
      subscription: take("--subscription"), socket: take("--socket"),
      output: take("--output", "-o", as: Output.init(argument:)))
  }

  mutating func takeCluster(_ common: CommonOptions) -> ClusterKey? {
    guard let group = take("--resource-group", "-g"), let name = take("--name", "-n") else { return nil }
    return common.key(resourceGroup: group, name: name)
  }

  mutating func takeLimit() -> Int? { take("--limit") { word in Int(word).flatMap { $0 < 1 ? nil : $0 } } }
}
