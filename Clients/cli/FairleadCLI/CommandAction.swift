// What a command does once its command line is understood.

/// An action of the command line: plain values, and what is done with them.
///
/// It has none of the parser's property wrappers: making those takes longer than a request to the daemon.
protocol CommandAction {
  var common: CommonOptions { get }
  /// The form of output where neither an option nor the environment asks for one.
  static var defaultOutput: Output { get }
  func execute(in session: Session) throws(Failure) -> CommandStatus
}

extension CommandAction {
  static var defaultOutput: Output { .text }
}
