// What a daemon is started with.

internal import FairleadModel
package import FairleadService

/// The daemon's socket, database and options.
package struct DaemonConfiguration: Sendable {
  package var socket: String
  package var database: String
  /// Seconds between the request for a registration and its settling.
  package var settleSeconds: Int
  /// The program to run after each revert; an absolute path.
  package var execOnRevert: String?
  /// How the current state of the clusters is loaded into memory.
  package var loading: HeadsLoading
  /// A bug for the history checker to find; `nil` in every daemon that is used.
  package var fault: InjectedFault?

  package init(
    socket: String, database: String, settleSeconds: Int = 0, execOnRevert: String? = nil,
    loading: HeadsLoading = .behind(atOnce: Limits.headsAtOnce), fault: InjectedFault? = nil
  ) {
    self.socket = socket
    self.database = database
    self.settleSeconds = settleSeconds
    self.execOnRevert = execOnRevert
    self.loading = loading
    self.fault = fault
  }
}
