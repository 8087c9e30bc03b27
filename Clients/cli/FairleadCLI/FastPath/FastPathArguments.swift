// Reads a command line in its plainest form without the parser, whose reflection takes longer than all else that a
// command does.

internal import FairleadModel

/// The words after a command's name, each option a name and a value apart. A command takes out what it knows.
///
/// This is a short cut and never a second opinion: what is not of this form, or not of this command, is for the parser,
/// which has the last word on every other form, on help and on each refusal.
struct FastPathArguments {
  private struct Option {
    let name: String
    let value: String
  }

  private var options: [Option] = []
  private var arguments: [String] = []

  /// `nil` where an option has no value or one that looks like an option.
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

  /// Takes an option's value. One that is given twice is left, and so is for the parser.
  mutating func take(_ name: String, _ short: String? = nil) -> String? {
    guard let index = place(name, short) else { return nil }
    return options.remove(at: index).value
  }

  /// Takes an option's value as another type. What cannot be one is left.
  mutating func take<Value>(_ name: String, _ short: String? = nil, as make: (String) -> Value?) -> Value? {
    guard let index = place(name, short), let value = make(options[index].value) else { return nil }
    options.remove(at: index)
    return value
  }

  /// Takes the first word that is of no option.
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

/// CommandAction that plain words can ask for.
protocol FastPathAction: CommandAction {
  /// The work, with its words taken; `nil` where something that it cannot do without is missing.
  init?(_ words: inout FastPathArguments)
}

/// The command that the parser reads for the same work.
protocol FastPathCommand: FairleadCommand {
  associatedtype Plain: FastPathAction
  var work: Plain { get }
}

extension FastPathCommand {
  func execute(in session: Session) throws(Failure) -> CommandStatus { try work.execute(in: session) }
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

  /// The work that `arguments` ask for in the plain form; `nil` is for the parser.
  static func work(_ arguments: [String]) -> (any CommandAction)? {
    guard let name = arguments.first else { return nil }
    let words = arguments.dropFirst()
    switch name {
    case "show": return work(ShowAction.self, words)
    case "list": return work(ListAction.self, words)
    case "history": return work(HistoryAction.self, words)
    case "log": return work(LogAction.self, words)
    case "report": return work(ReportAction.self, words)
    case "status": return work(StatusAction.self, words)
    default: return nil
    }
  }

  private static func work<Plain: FastPathAction>(_: Plain.Type, _ words: ArraySlice<String>) -> (any CommandAction)? {
    guard var words = FastPathArguments(words), let work = Plain(&words), words.isEmpty else { return nil }
    return work
  }
}
