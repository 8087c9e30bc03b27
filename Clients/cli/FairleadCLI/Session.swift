// What one run of a command works with: the console, the daemon, and the form of its output.

internal import ExactJSON

struct Session {
  let console: any Console
  let transport: any Transport
  let output: Output

  /// The session that the options and the environment ask for. Tests pass their own transport.
  init(
    _ options: CommonOptions, defaultOutput: Output, environment: Environment, console: any Console,
    transport: (any Transport)? = nil
  ) throws(Failure) {
    self.console = console
    output = try options.output(default: defaultOutput, environment: environment)
    self.transport =
      transport
      ?? SocketTransport(
        address: .resolve(flag: options.socket, environment: environment), trust: DaemonTrust(environment))
  }

  private init(console: any Console, transport: any Transport, output: Output) {
    (self.console, self.transport, self.output) = (console, transport, output)
  }

  /// The same session with another form of output.
  func writing(_ output: Output) -> Session { Session(console: console, transport: transport, output: output) }

  func call(_ method: String, _ params: JSONObject = JSONObject()) throws(Failure) -> JSON {
    try transport.call(method, params)
  }

  /// Writes a document to stdout in the form that was asked for.
  func show(_ document: Document) throws(Failure) {
    console.out(try output.render(document, console.outLayout))
  }
}
