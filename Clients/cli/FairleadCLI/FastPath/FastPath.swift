// The fast path: reads six commands in their simplest form without the parser. This folder is all of it.
//
// ArgumentParser reflects on every option of every command before it reads a word, which takes longer than everything
// else that `fairlead show` does. A test holds that both read the same action out of a command line; what is not of the
// simplest form goes to the parser.

/// An action that the fast path can read.
protocol FastPathAction: CommandAction {
  /// The action, with its words taken; `nil` where something that it needs is missing.
  init?(_ words: inout FastPathArguments)
}

enum FastPath {
  /// The action that `arguments` ask for in the simplest form; `nil` is for the parser.
  static func action(for arguments: [String]) -> (any CommandAction)? {
    guard let name = arguments.first else { return nil }
    let words = arguments.dropFirst()
    switch name {
    case "show": return read(ShowAction.self, words)
    case "list": return read(ListAction.self, words)
    case "history": return read(HistoryAction.self, words)
    case "log": return read(LogAction.self, words)
    case "report": return read(ReportAction.self, words)
    case "status": return read(StatusAction.self, words)
    default: return nil
    }
  }

  private static func read<Action: FastPathAction>(
    _: Action.Type, _ words: ArraySlice<String>
  ) -> (any CommandAction)? {
    guard var words = FastPathArguments(words), let action = Action(&words), words.isEmpty else { return nil }
    return action
  }
}
