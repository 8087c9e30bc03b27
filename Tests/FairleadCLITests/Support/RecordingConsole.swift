// A console for tests: it records what a command prints, and has prepared answers to its prompts.

@testable internal import FairleadCLI

/// Records what is printed, and answers prompts.
final class RecordingConsole: Console {
  let outLayout: Layout
  let errLayout: Layout
  let isInteractive: Bool
  var isClosed = false
  private(set) var written = ""
  private(set) var errors = ""
  /// Both streams as a terminal shows them.
  private(set) var screen = ""
  private var typed: [String]

  init(typed: [String]? = nil, outIsTerminal: Bool? = nil) {
    isInteractive = typed != nil
    outLayout = Layout(isTerminal: outIsTerminal ?? (typed != nil))
    errLayout = Layout(isTerminal: typed != nil)
    self.typed = typed ?? []
  }

  func out(_ text: String) {
    written += text
    screen += text
  }

  func err(_ text: String) {
    errors += text
    screen += text
  }

  /// How often a command may wait before its output counts as closed.
  var pauses = 0
  /// How long it waited each time.
  private(set) var waits: [Int] = []

  func pause(milliseconds: Int) -> Bool {
    waits.append(milliseconds)
    pauses -= 1
    return pauses >= 0
  }

  func readLine() -> String? { typed.isEmpty ? nil : typed.removeFirst() }
}
