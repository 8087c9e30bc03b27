// Reads a command line in its plainest form without the parser, whose reflection takes longer than all else that a
// command does.

internal import ArgumentParser

/// The words after a command's name, each option a name and a value apart. A command takes out what it knows.
///
/// This is a short cut and never a second opinion: what is not of this form, or not of this command, is for the parser,
/// which has the last word on every other form, on help and on each refusal.
struct PlainWords {
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
    var found: Int?
    for (index, option) in options.enumerated() where option.name == name || option.name == short {
      guard found == nil else { return nil }
      found = index
    }
    return found.map { options.remove(at: $0).value }
  }

  /// Takes an option's value as another type. What cannot be one is left.
  mutating func take<Value>(_ name: String, _ short: String? = nil, as make: (String) -> Value?) -> Value? {
    let before = self
    guard let word = take(name, short) else { return nil }
    let value = make(word)
    if value == nil { self = before }
    return value
  }

  /// Takes the first word that is of no option.
  mutating func takeArgument() -> String? { arguments.isEmpty ? nil : arguments.removeFirst() }
}

/// A command that can be read from plain words.
protocol PlainCommand: FairleadCommand {
  /// The command with what it knows of the words; `nil` where the words do not make it.
  init?(_ words: inout PlainWords)
}

extension PlainWords {
  private static let commands: [any PlainCommand.Type] = [
    ShowCommand.self, ListCommand.self, HistoryCommand.self, LogCommand.self, ReportCommand.self, StatusCommand.self,
  ]

  /// The command that `arguments` name in the plain form; `nil` is for the parser.
  static func command(_ arguments: [String]) -> (any FairleadCommand)? {
    guard let name = arguments.first, let type = commands.first(where: { $0.configuration.commandName == name }),
      var words = PlainWords(arguments.dropFirst()), let command = type.init(&words), words.isEmpty
    else { return nil }
    return command
  }
}
