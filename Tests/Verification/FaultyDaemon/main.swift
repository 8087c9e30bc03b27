// The daemon with an injected fault, for the history checker to notice. No product contains it.

internal import Dispatch
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

func say(_ text: String) { FileHandle.standardError.write(Data("FaultyDaemon: \(text)\n".utf8)) }

guard let arguments = Arguments(Array(CommandLine.arguments.dropFirst())), let socket = arguments.socket,
  let database = arguments.database
else {
  let faults = InjectedFault.allCases.map(\.rawValue).joined(separator: "|")
  say("cannot take these arguments; usage: FaultyDaemon --socket PATH --database PATH [--fault \(faults)]")
  exit(64)
}
// It has no orderly stop, which is not what is tested here: SIGTERM ends it like SIGKILL.
do {
  var configuration = DaemonConfiguration(socket: socket, database: database)
  if let fault = arguments.fault { configuration.faults = fault.hooks }
  let daemon = try Daemon(configuration, log: { say($0) })
  say("ready on \(socket), database \(database)")
  // The daemon runs as long as this reference to it lives, which is until the process ends.
  withExtendedLifetime(daemon) { dispatchMain() }
} catch {
  say("\(error)")
  exit(1)
}
