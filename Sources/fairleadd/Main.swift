// `fairleadd`: reads its options, and serves until a signal stops it.

internal import ArgumentParser
internal import Dispatch
internal import FairleadModel
internal import FairleadServer
internal import Foundation

@main
struct Fairleadd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fairleadd",
    abstract: "Keep the change ledger for kube-proxy, and serve it on a Unix socket.",
    discussion: """
      Fairlead records and judges; it never touches a cluster. The command 'fairlead' talks to this daemon.

      SIGTERM or SIGINT stops it: requests in hand are answered first.
      """,
    version: "fairleadd \(fairleadVersion)")

  @Option(help: ArgumentHelp("Where to listen. (env: FAIRLEAD_SOCKET)", valueName: "path"))
  var socket: String?

  @Option(help: ArgumentHelp("The ledger's SQLite file. (env: FAIRLEAD_DATABASE)", valueName: "path"))
  var database: String?

  @Option(
    help: ArgumentHelp(
      "A program to run, with the change as JSON on its standard input, whenever an unconfirmed change is taken back. (env: FAIRLEAD_EXEC_ON_REVERT)",
      valueName: "path"))
  var execOnRevert: String?

  @Option(help: "Seconds between asking for a registration and its settling.")
  var settle = 0

  func validate() throws {
    guard (0...86_400).contains(settle) else {
      throw ValidationError("--settle is from 0 to 86400 seconds, not \(settle).")
    }
  }

  func run() throws {
    let places = DefaultPaths(environment: ProcessInfo.processInfo.environment)
    let configuration = DaemonConfiguration(
      socket: try places.socket(named: socket), database: try places.database(named: database), settleSeconds: settle,
      execOnRevert: places.execOnRevert(named: execOnRevert))
    // Blocked before the first thread starts, so that a signal during start-up is kept and not lost.
    let stop = StopSignal()
    let daemon: Daemon
    do {
      daemon = try Daemon(configuration, log: Log.line)
    } catch {
      Log.line("\(error)")
      throw ExitCode.failure
    }
    Log.line("ready on \(configuration.socket), database \(configuration.database)")
    Log.line("stopping: \(stop.wait())")
    do {
      try daemon.stop()
    } catch {
      Log.line("\(error)")
      Log.line("stopped, and not everything is as it should be")
      throw ExitCode.failure
    }
    Log.line("stopped")
  }
}

/// Lines for an operator, on stderr.
enum Log {
  static func line(_ text: String) {
    // Not FileHandle, which traps where stderr is full or closed; a lost line must not end the daemon.
    let line = Array("fairleadd: \(text)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
  }
}
