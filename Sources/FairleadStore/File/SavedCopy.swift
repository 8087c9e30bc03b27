// A copy of a ledger whose file has no name any more, made before the process ends and the file with it.

internal import LinuxSupport

enum SavedCopy {
  /// Copies the database, and its write-ahead log where that holds more, under a name that nothing has yet. Returns the name.
  static func make(of watch: FileWatch) throws(LedgerError) -> String {
    for number in 1... {
      let name = "\(watch.path).saved-\(number)"
      do throws(SystemError) {
        try copyFile(descriptor: watch.descriptor, toNew: name)
        if !watch.isSaved { try copyFile(descriptor: watch.wal.descriptor, toNew: name + "-wal") }
        return name
      } catch {
        if error.isExisting { continue }
        throw LedgerError(.notWritable, "cannot save what was acknowledged as \(name): \(error)")
      }
    }
    return watch.path
  }
}
