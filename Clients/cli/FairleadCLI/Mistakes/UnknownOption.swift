// An option that a command does not have: which one is meant, or how that is said here.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

enum UnknownOption {
  /// The failure for the first option that the command does not have; `nil` where it has all of them, or takes any.
  static func failure(_ path: CommandPath) -> Failure? {
    guard let options = CommandOptions(of: path.command), !options.takesAny else { return nil }
    var rest = path.rest
    while let word = rest.popFirst(), word != "--" {
      let flag = String(word.prefix { $0 != "=" })
      guard isOption(word) else { continue }
      guard let hasValue = options.hasValue[flag] else {
        let long = options.hasValue.keys.filter { $0.hasPrefix("--") }.sorted()
        let hint = ForeignFlags.hint(for: flag, among: long)
        let guess = hint == nil ? nearest(to: flag, in: long) : nil
        return .usage(
          "cannot take '\(flag)' with '\(path.text)': there is no such option"
            + (guess.map { "; did you mean '\($0)'?" } ?? ""),
          hints: [hint ?? whereOptionsAre(path)])
      }
      if hasValue, flag == word, let value = rest.first, !isOption(value) { rest.removeFirst() }
    }
    return nil
  }

  private static func whereOptionsAre(_ path: CommandPath) -> String {
    if path.names.count == 1 {
      return "The options of a command come after its name; 'fairlead --help' lists the commands."
    }
    guard path.subcommands.isEmpty else {
      return "'\(path.text)' has \(path.subcommands.joined(separator: ", ")); options come after that."
    }
    return "'\(path.text) --help' lists the options."
  }

  /// A word such as `--mode` or `-g`. `-1` is a number, and of `-abc` the parser has to say what it is.
  private static func isOption(_ word: String) -> Bool {
    if word.hasPrefix("--") { return word.count > 2 }
    guard word.count == 2, word.hasPrefix("-"), let letter = word.last else { return false }
    return letter.isLetter
  }
}

/// The options of a command, from the parser's own description of it.
private struct CommandOptions {
  /// By `--name` or `-n`: whether a value follows.
  private(set) var hasValue: [String: Bool] = [:]
  /// Whether the command looks at unknown options itself.
  private(set) var takesAny = false

  /// `nil` where the description is not understood.
  init?(of command: any ParsableCommand.Type) {
    let description: JSON
    do throws(JSONSyntaxError) {
      description = try JSON(parsing: command._dumpHelp())
    } catch {
      return nil
    }
    guard let arguments = description["command"]?["arguments"]?.arrayValue else { return nil }
    for argument in arguments {
      if argument["parsingStrategy"] == "allUnrecognized" { takesAny = true }
      for name in argument["names"]?.arrayValue ?? [] {
        guard let text = name["name"]?.stringValue else { continue }
        hasValue[(name["kind"] == "long" ? "--" : "-") + text] = argument["kind"] == "option"
      }
    }
    // The description of a command alone lacks what the root adds to all.
    for name in ["-h", "--help", "--version"] { hasValue[name] = false }
  }
}
