// A stage for commands: a console that records, a daemon that answers in the process, and nobody else.

@testable internal import FairleadCLI
internal import ExactJSON
internal import Testing

/// Records what is written, and answers what is asked.
final class RecordingConsole: Console {
  let outLayout: Layout
  let errLayout: Layout
  let isInteractive: Bool
  var isClosed = false
  private(set) var written = ""
  private(set) var told = ""
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
    told += text
    screen += text
  }

  /// How often a command may wait before nobody reads any more.
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

/// Answers requests with a function, and remembers them as they would stand on the wire.
final class ScriptedTransport: Transport {
  private(set) var requests: [String] = []
  private let answer: (String, JSONObject) -> Result<JSON, Failure>
  private let log: ScriptedLog?

  init(_ answer: @escaping (String, JSONObject) -> Result<JSON, Failure>, log: ScriptedLog?) {
    self.answer = answer
    self.log = log
  }

  func watch(_ params: JSONObject, reader: Int32?) throws(Failure) -> any Watch {
    requests.append("change.watch \(JSON.object(params).text)")
    guard let log else { throw .unreachable("cannot watch: the test has no log") }
    return try log.watch(after: params["after"]?.intValue)
  }

  func call(_ method: String, _ params: JSONObject) throws(Failure) -> JSON {
    requests.append("\(method) \(JSON.object(params).text)")
    return try answer(method, params).get()
  }
}

/// What a run of the command came to.
struct Outcome {
  let status: CommandStatus
  let out: String
  let err: String
  let screen: String
  let requests: [String]
  /// How long it waited each time, in milliseconds.
  let pauses: [Int]
}

/// Runs a command line against `answer`. `typed: nil` is no terminal; otherwise the lines that a person types.
func perform(
  _ words: [String], typed: [String]? = nil, outIsTerminal: Bool? = nil, environment: [String: String] = [:],
  pauses: Int = 0, log: ScriptedLog? = nil,
  answer: @escaping (String, JSONObject) -> Result<JSON, Failure> = { _, _ in .success([:]) }
) throws -> Outcome {
  let console = RecordingConsole(typed: typed, outIsTerminal: outIsTerminal)
  console.pauses = pauses
  let transport = ScriptedTransport(answer, log: log)
  let work = try #require(try CommandLineProgram.work(words))
  let status = CommandLineProgram.execute(
    work, environment: Environment(environment), console: console, transport: transport)
  return Outcome(
    status: status, out: console.written, err: console.told, screen: console.screen, requests: transport.requests,
    pauses: console.waits)
}

/// The same for words that stand one by one.
func run(
  _ words: String..., typed: [String]? = nil,
  answer: @escaping (String, JSONObject) -> Result<JSON, Failure> = { _, _ in .success([:]) }
) throws -> Outcome {
  try perform(words, typed: typed, answer: answer)
}

/// A refusal as the daemon sends it.
func refusal(_ kind: String, _ message: String, _ members: KeyValuePairs<String, JSON> = [:]) -> Failure {
  var data = JSONObject([.init(key: "kind", value: .string(kind))])
  for (key, value) in members { data[key] = value }
  let error: JSON = ["code": -32000, "message": .string(message), "data": .object(data)]
  guard let cause = DaemonError(error) else { return .failed("the test's own error is malformed") }
  return Failure(cause)
}
