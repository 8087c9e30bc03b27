// Names the subcommand that a misspelt one was probably meant to be; the parser knows options only.

internal import ArgumentParser
internal import FairleadModel

enum Suggestion {
  /// The nearest subcommand to the first word that is none, with the commands that lead to it.
  static func subcommand(for arguments: [String]) -> String? {
    var command: any ParsableCommand.Type = Fairlead.self
    var path = ["fairlead"]
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if word.hasPrefix("-") {
        if ["-o", "--output", "--socket", "--subscription"].contains(word) { _ = rest.popFirst() }
        continue
      }
      let subcommands = command.configuration.subcommands
      guard !subcommands.isEmpty, word != "help" else { return nil }
      if let next = subcommands.first(where: { names($0).contains(word) }) {
        command = next
        path.append(word)
      } else {
        return nearest(to: word, in: subcommands.flatMap(names)).map { (path + [$0]).joined(separator: " ") }
      }
    }
    return nil
  }

  private static func names(_ command: any ParsableCommand.Type) -> [String] {
    [command.configuration.commandName ?? ""] + command.configuration.aliases
  }
}
