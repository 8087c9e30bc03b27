// The daemon with a bug that is planted on purpose, for the checker of histories to find. No product has it.

internal import Dispatch
internal import FairleadServer
internal import FairleadService
internal import Foundation

/// `FaultyDaemon --socket PATH --database PATH [--fault NAME]`; without a fault it is the daemon as it is.
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
// Its own ways to stop are not what is tested: SIGTERM ends it as a kill does.
do {
  let daemon = try Daemon(
    DaemonConfiguration(socket: socket, database: database, fault: arguments.fault), log: { say($0) })
  say("ready on \(socket), database \(database)")
  // The daemon lives as long as somebody holds it, which is until the process ends.
  withExtendedLifetime(daemon) { dispatchMain() }
} catch {
  say("\(error)")
  exit(1)
}
