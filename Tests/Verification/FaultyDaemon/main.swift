// The daemon with an injected fault, for the history checker to notice. No product contains it.

internal import FairleadServer
internal import Foundation

/// `FaultyDaemon --socket PATH --database PATH [--fault NAME]`; without a fault it is the real daemon.
struct Arguments {
  var socket: String?
  var database: String?
  var fault: InjectedFault?

  init?(_ words: [String]) {
    var rest = words[...]
    while let flag = rest.popFirst() {
      guard let value = rest.popFirst() else { return nil }
      switch flag {
      case "--socket": socket = value
      case "--database": database = value
      case "--fault":
        guard let named = InjectedFault(rawValue: value) else { return nil }
        fault = named
      default: return nil
      }
    }
  }
}

SignalThread.prepare()
let log = LineLog(name: "FaultyDaemon", descriptor: STDERR_FILENO)

func end(_ text: String, status: Int32) -> Never {
  log.line(text)
  log.flush(withinSeconds: StopLimits.flushSeconds)
  exit(status)
}

guard let arguments = Arguments(Array(CommandLine.arguments.dropFirst())), let socket = arguments.socket,
  let database = arguments.database
else {
  let faults = InjectedFault.allCases.map(\.rawValue).joined(separator: "|")
  end(
    "cannot take these arguments; usage: FaultyDaemon --socket PATH --database PATH [--fault \(faults)]", status: 64)
}
do {
  var configuration = DaemonConfiguration(socket: socket, database: database)
  if let fault = arguments.fault { configuration.faults = fault.hooks(say: log.line) }
  let progress = StopProgress()
  let signals = SignalThread(log: log, progress: progress)
  try signals.start()
  let daemon = try Daemon(configuration, log: log.line)
  daemon.watch(log)
  log.line("ready on \(socket), database \(database)")
  signals.waitForStop()
  try daemon.stop(progress)
  end("stopped", status: 0)
} catch {
  end("\(error)", status: 1)
}
