// What is wrong with the process, as conditions of the daemon's health.

internal import FairleadModel
package import FairleadStore
internal import LinuxSupport

extension HealthBoard {
  /// Raises or clears what is wrong with the daemon's own log.
  package func report(_ trouble: LogTrouble) {
    switch trouble {
    case .none:
      clear(.logLinesDropped)
      clear(.logNotWritten)
    case .stalled(let since):
      clear(.logLinesDropped)
      raise(
        .logNotWritten, "nobody takes the daemon's log: its lines wait since \(since.text)",
        remedy: "have whatever reads its stderr go on, or restart the daemon with another log")
    case .dropping(let count, let since):
      clear(.logNotWritten)
      raise(
        .logLinesDropped, "nobody takes the daemon's log: \(count) of its lines are dropped since \(since.text)",
        remedy: "have whatever reads its stderr go on, or restart the daemon with another log")
    case .failing(let code, let count, let since):
      clear(.logLinesDropped)
      raise(
        .logNotWritten,
        "the daemon's log cannot be written: \(describe(errno: code)); \(count) of its lines are lost since \(since.text)",
        remedy: "look at where its stderr leads, or restart the daemon with another log")
    }
  }

  /// Raises what keeps connections from being accepted; `nil` clears it.
  func report(acceptError error: SystemError?) {
    guard let error else { return clear(.outOfDescriptors) }
    raise(
      .outOfDescriptors, "no connection is accepted, since there are no free descriptors: \(error)",
      remedy:
        "clients wait until there are; raise the limit, as with LimitNOFILE= of systemd, or see what has them open")
  }
}
