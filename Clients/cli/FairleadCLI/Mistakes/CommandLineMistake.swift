// What is wrong with a command line, where the parser would blame something else or nothing at all.
//
// The parser reads options before it knows the command: of `fairlead updat -g prod` it says that there is no option '-g', and
// to `fairlead help updat` it shows the root's help.

internal import ArgumentParser
internal import FairleadModel

enum CommandLineMistake {
  /// The failure of a command line that the parser did not take, or took for a request of help; `nil` where the parser is right.
  static func failure(
    of arguments: [String], showsHelp: Bool, in root: any ParsableCommand.Type
  ) -> Failure? {
    let path = CommandPath(arguments, in: root)
    if let word = path.unknown { return path.asksForHelp ? noHelp(for: word, path) : noCommand(word, path) }
    return showsHelp ? nil : UnknownOption.failure(path)
  }

  private static func noCommand(_ word: String, _ path: CommandPath) -> Failure {
    let guess = nearest(to: word, in: path.subcommands).map { "; did you mean '\(path.text) \($0)'?" } ?? ""
    let others =
      path.names.count == 1
      ? "'fairlead --help' lists the commands."
      : "'\(path.text)' has \(path.subcommands.joined(separator: ", "))."
    return .usage(
      "cannot run '\(path.text) \(word)': there is no such command\(guess)", hints: guess.isEmpty ? [others] : [])
  }

  private static func noHelp(for word: String, _ path: CommandPath) -> Failure {
    let command = path.names.dropFirst()
    let topic = (command + [word]).joined(separator: " ")
    let guess = nearest(to: word, in: path.subcommands).map { (["fairlead", "help"] + command + [$0]) }
    let suggestion = guess.map { "; did you mean '\($0.joined(separator: " "))'?" } ?? ""
    return .usage(
      "cannot help with '\(topic)': there is no such command\(suggestion)",
      hints: guess == nil ? [elsewhere(word) ?? "'\(path.text) --help' says what there is."] : [])
  }

  /// Where a topic is explained that is no command.
  private static func elsewhere(_ topic: String) -> String? {
    if RuleBook.section(of: topic) != nil { return "'fairlead explain \(topic)' explains the rule." }
    switch topic.lowercased() {
    case "rule", "rules": return "'fairlead explain' lists the rules."
    case "exit", "exit-code", "exit-codes", "exitcodes", "status": return "'fairlead --help' lists the exit codes."
    default: return nil
    }
  }
}
