// The socket and the database where no flag names them: the folders that systemd and the XDG specification have for those.

internal import ArgumentParser
internal import Foundation

struct DefaultPaths {
  let environment: [String: String]

  /// `--socket`, then FAIRLEAD_SOCKET, then the runtime directory; the command looks in the same places.
  func socket(named flag: String?) throws -> String {
    if let path = flag ?? value("FAIRLEAD_SOCKET") { return absolute(path) }
    if let runtime = value("XDG_RUNTIME_DIR") { return "\(runtime)/fairlead.sock" }
    return try inFolder("/run/fairlead", file: "fairlead.sock")
  }

  /// `--database`, then FAIRLEAD_DATABASE, then root's or the user's state directory.
  func database(named flag: String?) throws -> String {
    if let path = flag ?? value("FAIRLEAD_DATABASE") { return absolute(path) }
    if geteuid() == 0 { return try inFolder("/var/lib/fairlead", file: "fairlead.db") }
    if let state = value("XDG_STATE_HOME") { return try inFolder("\(state)/fairlead", file: "fairlead.db") }
    guard let home = value("HOME") else {
      throw ValidationError("HOME is not set, so there is no place for the database; name one with --database.")
    }
    return try inFolder("\(home)/.local/state/fairlead", file: "fairlead.db")
  }

  /// `--exec-on-revert`, then FAIRLEAD_EXEC_ON_REVERT, unchanged: the daemon refuses a relative path.
  func execOnRevert(named flag: String?) -> String? { flag ?? value("FAIRLEAD_EXEC_ON_REVERT") }

  /// A default folder is created where it is missing. A folder that the user names is not: a typing error would create one.
  private func inFolder(_ folder: String, file: String) throws -> String {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw ValidationError("cannot make the folder \(folder); name another place with --socket and --database.")
    }
    return "\(folder)/\(file)"
  }

  /// `registry.describe` reports the paths to clients, whose working folder is another.
  private func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
  }

  private func value(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
