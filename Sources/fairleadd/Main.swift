// `fairleadd`: reads its options, and serves until a signal stops it.

internal import ArgumentParser
internal import FairleadModel
internal import FairleadServer
internal import Foundation
internal import Glibc
internal import LinuxSupport

@main
struct Fairleadd: ParsableCommand {
  private static let commandName = "fairleadd"

  static let configuration = CommandConfiguration(
    commandName: commandName,
    abstract: "Keep the change ledger for kube-proxy, and serve it on a Unix socket.",
    discussion: """
      Fairlead records and judges; it never touches a cluster. The command 'fairlead' talks to this daemon.

      SIGTERM or SIGINT stops it: requests in hand are answered first, and after \(StopLimits.seconds) seconds it ends in any case. \
      A second one ends it at once. So do SIGKILL, SIGQUIT, SIGABRT and the faults, such as SIGSEGV; no other signal ends it.
      """,
    version: "fairleadd \(fairleadVersion)")

  @Option(help: ArgumentHelp("Where to listen. (env: FAIRLEAD_SOCKET)", valueName: "path"))
  var socket: String?

  @Option(help: ArgumentHelp("The ledger's SQLite file. (env: FAIRLEAD_DATABASE)", valueName: "path"))
  var database: String?

  @Flag(help: "Begin a new, empty ledger also where traces of an earlier one are, whose file is gone.")
  var create = false

  @Option(
    help: ArgumentHelp(
      "A program to run, with the change as JSON on its standard input, whenever an unconfirmed change is taken back. (env: FAIRLEAD_EXEC_ON_REVERT)",
      valueName: "path"))
  var execOnRevert: String?

  @Option(help: "Seconds between asking for a registration and its settling.")
  var settle = 0

  @Flag(
    help: ArgumentHelp(
      "Make every table but the log anew from the log, say what differed, and end. No daemon may run meanwhile."))
  var rebuild = false

  func validate() throws {
    guard (0...86_400).contains(settle) else {
      throw ValidationError("--settle is from 0 to 86400 seconds, not \(settle).")
    }
  }

  /// What cannot be undone comes late: until the options are understood, signals have their usual effect, and nothing is made.
  static func main() {
    openStandardDescriptors()
    refuseVanishedArguments()
    do {
      var command = try parseAsRoot(joiningNegativeNumbers(Array(CommandLine.arguments.dropFirst())))
      guard let daemon = command as? Fairleadd else {
        // What ArgumentParser does by itself, such as its completion scripts.
        return try command.run()
      }
      let configuration = try daemon.configuration()
      if daemon.rebuild { Glibc.exit(rebuild(configuration.database)) }
      // Before the first thread starts, which the log's is.
      SignalThread.prepare()
      let log = LineLog(name: commandName, descriptor: STDERR_FILENO)
      let status = serve(configuration, log)
      log.flush(withinSeconds: StopLimits.flushSeconds)
      Glibc.exit(status)
    } catch {
      exit(withError: error)
    }
  }

  /// A library that is preloaded and sets environment variables hides the arguments from Swift's runtime. Without them the
  /// default ledger would be opened, or made.
  private static func refuseVanishedArguments() {
    guard let given = kernelArguments(), given != CommandLine.arguments else { return }
    let text =
      "\(commandName): cannot start: it was given \(given.count - 1) arguments and sees \(max(0, CommandLine.argc - 1)) of them, "
      + "as happens with a preloaded library that sets environment variables; start it without LD_PRELOAD\n"
    do throws(SystemError) {
      try writeAll(Array(text.utf8), to: STDERR_FILENO)
    } catch {
      // Nobody is there to read it. The status says that it did not start.
    }
    Glibc.exit(EXIT_FAILURE)
  }

  private func configuration() throws -> DaemonConfiguration {
    let places = DefaultPaths(environment: ProcessInfo.processInfo.environment)
    return DaemonConfiguration(
      socket: try places.socket(named: socket), database: try places.database(named: database),
      mayReplaceLostLedger: create, settleSeconds: settle, execOnRevert: places.execOnRevert(named: execOnRevert))
  }

  /// Makes the tables beside the log anew; returns the exit status.
  private static func rebuild(_ database: String) -> Int32 {
    let log = LineLog(name: commandName, descriptor: STDERR_FILENO)
    defer { log.flush(withinSeconds: StopLimits.flushSeconds) }
    do {
      let report = try rebuildProjections(of: database, log: log.line)
      for line in report.lines { print(line) }
      guard let loss = report.loss else { return EXIT_SUCCESS }
      log.line(loss)
      return EXIT_FAILURE
    } catch {
      log.line("\(error)")
      return EXIT_FAILURE
    }
  }

  /// Serves until a signal; returns the exit status.
  private static func serve(_ configuration: DaemonConfiguration, _ log: LineLog) -> Int32 {
    let progress = StopProgress()
    let signals = SignalThread(log: log, progress: progress)
    do {
      // Before the daemon: a start may take long, and is stopped like everything else.
      try signals.start()
      let daemon = try Daemon(configuration, log: log.line)
      daemon.watch(log)
      log.line("ready on \(configuration.socket), database \(configuration.database)")
      signals.waitForStop()
      return stop(daemon, progress, log)
    } catch {
      log.line("\(error)")
      return EXIT_FAILURE
    }
  }

  private static func stop(_ daemon: Daemon, _ progress: StopProgress, _ log: LineLog) -> Int32 {
    do {
      try daemon.stop(progress)
    } catch {
      log.line("\(error)")
      log.line("stopped, and not everything is as it should be")
      return EXIT_FAILURE
    }
    log.line("stopped")
    return EXIT_SUCCESS
  }
}
