// Suggests a subcommand for a misspelt one; the parser suggests options only.

internal import ArgumentParser
internal import FairleadModel

enum SubcommandSuggestion {
  /// The nearest subcommand to the first word that is none, below the commands that the words before it name.
  static func nearest(to arguments: [String], in root: any ParsableCommand.Type) -> String? {
    var command = root
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
        return FairleadModel.nearest(to: word, in: subcommands.flatMap(names)).map {
          (path + [$0]).joined(separator: " ")
        }
      }
    }
    return nil
  }

  private static func names(_ command: any ParsableCommand.Type) -> [String] {
    [command.configuration.commandName ?? ""] + command.configuration.aliases
  }
}
