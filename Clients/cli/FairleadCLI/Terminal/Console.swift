// Where a command writes and asks: the two output streams and the person behind the terminal.

/// A console. Tests record what is written and answer what is asked.
protocol Console: AnyObject {
  /// How text is laid out on stdout and on stderr.
  var outLayout: Layout { get }
  var errLayout: Layout { get }
  /// Whether a person can be asked: stdin and stderr are terminals.
  var isInteractive: Bool { get }
  /// Whether nobody reads stdout any more.
  var isClosed: Bool { get }

  func out(_ text: String)
  func err(_ text: String)
  /// A line from stdin without its line feed; `nil` at its end.
  func readLine() -> String?
  /// Waits, and returns whether somebody still reads stdout.
  func pause(milliseconds: Int) -> Bool
  /// The descriptor of stdout; `nil` for a console that has none.
  var outDescriptor: Int32? { get }
  /// What went wrong with stdout; `nil` while nothing did. A reader that closed the pipe is no failure.
  var outFailure: String? { get }
}

extension Console {
  /// Writes one line of advice or information to stderr.
  func note(_ text: String) { err("fairlead: \(sanitized(text))\n") }
}

/// The width, the colours and the folding of one stream.
struct Layout: Sendable, Hashable {
  /// Columns to wrap at.
  var width: Int
  var hasColour: Bool
  /// Whether it is a terminal. Elsewhere a row of a list is never folded.
  var isTerminal: Bool

  init(width: Int = 80, hasColour: Bool = false, isTerminal: Bool = false) {
    self.width = width
    self.hasColour = hasColour
    self.isTerminal = isTerminal
  }

  /// The layout of a stream. `columns` is the terminal's width; a stream that is no terminal gets 80.
  init(isTerminal: Bool, columns: Int?, environment: Environment) {
    self.init(
      width: isTerminal ? max(40, columns ?? 80) : 80,
      hasColour: isTerminal && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb", isTerminal: isTerminal)
  }
}

extension Console {
  var outFailure: String? { nil }
  var outDescriptor: Int32? { nil }
}
