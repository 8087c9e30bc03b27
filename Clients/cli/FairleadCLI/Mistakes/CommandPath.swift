// Follows the words of a command line down the tree of commands.

internal import ArgumentParser

/// The command that a command line names, for what is wrong with it.
///
/// It stops at the first option that stands before the command and is not one of those that all commands take: what follows that
/// may be its value.
struct CommandPath {
  private(set) var command: any ParsableCommand.Type
  /// The names down to it: `fairlead`, `plan`, `update`.
  private(set) var names = ["fairlead"]
  /// The words after it.
  private(set) var rest: ArraySlice<String>
  /// The word that should name a command below it, and names none.
  private(set) var unknown: String?
  /// Whether the command line is `fairlead help ...`.
  private(set) var asksForHelp = false

  /// Options that may stand before a command, and whether a value follows.
  private static let early = [
    "-o": true, "--output": true, "--socket": true, "--subscription": true, "-h": false, "--help": false,
    "--version": false,
  ]

  init(_ arguments: [String], in root: any ParsableCommand.Type) {
    command = root
    rest = arguments[...]
    while let word = rest.first {
      if word.hasPrefix("-") {
        guard let hasValue = Self.early[String(word.prefix { $0 != "=" })] else { return }
        rest.removeFirst()
        if hasValue, !word.contains("=") { _ = rest.popFirst() }
      } else if names.count == 1, !asksForHelp, word == "help" {
        asksForHelp = true
        rest.removeFirst()
      } else if let next = command.configuration.subcommands.first(where: { Self.names(of: $0).contains(word) }) {
        command = next
        names.append(word)
        rest.removeFirst()
      } else {
        // A command without subcommands has arguments of its own; help has none but commands.
        if asksForHelp || !subcommands.isEmpty { unknown = word }
        return
      }
    }
  }

  /// The command as it is typed.
  var text: String { names.joined(separator: " ") }

  /// The names of what is below the command, aliases included.
  var subcommands: [String] { command.configuration.subcommands.flatMap(Self.names) }

  private static func names(of command: any ParsableCommand.Type) -> [String] {
    [command.configuration.commandName ?? ""] + command.configuration.aliases
  }
}
