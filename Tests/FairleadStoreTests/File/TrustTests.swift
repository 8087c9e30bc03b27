// Whose the ledger's files are: private when they are made, and refused where others had a hand in them.

import DaemonTestSupport
import FairleadModel
import FairleadStore
import Foundation
import LedgerTestSupport
import Synchronization
import Testing

@Suite("Whose the ledger's files are")
struct TrustTests {
  let folder: Scratch

  init() throws { folder = try Scratch() }

  private var path: String { folder.file("fairlead.db") }

  private func mode(_ suffix: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path + suffix)[.posixPermissions] as? Int
  }

  private func refusal(at location: SourceLocation = #_sourceLocation) -> String {
    do throws(LedgerError) {
      try Ledger(path: path).close()
      Issue.record("opened", sourceLocation: location)
      return ""
    } catch {
      #expect(error.message.hasPrefix("cannot use \(path)"), sourceLocation: location)
      #expect(error.message.contains("; "), sourceLocation: location)
      return error.message
    }
  }

  /// What the ledger says while it is opened.
  private func log() throws -> [String] {
    let lines = Mutex<[String]>([])
    try Ledger(path: path, log: { line in lines.withLock { $0.append(line) } }).close()
    return lines.withLock { $0 }
  }

  @Test("A new ledger and all files beside it are the user's alone")
  func privateFiles() throws {
    try Ledger(path: path).close()
    for suffix in ["", "-wal", "-shm", ".lock"] { #expect(try mode(suffix) == 0o600, "\(suffix)") }
  }

  @Test("The mode of a ledger that is there stays as it is, and the log says who may read it")
  func oldMode() throws {
    try Ledger(path: path).close()
    #expect(try log().isEmpty)
    for suffix in ["", "-wal", "-shm"] { #expect(chmod(path + suffix, 0o644) == 0) }
    #expect(try log().contains { $0.hasPrefix("every user may read \(path)") && $0.contains("chmod go-r") })
    #expect(try mode("") == 0o644)
  }

  @Test("A file that every user may write is refused, and so is a companion", arguments: ["", "-wal", "-shm"])
  func writableByAll(suffix: String) throws {
    try Ledger(path: path).close()
    #expect(chmod(path + suffix, 0o666) == 0)
    #expect(refusal().contains("every user may write it; look whether somebody wrote it"))
    #expect(try mode(suffix) == 0o666)
  }

  @Test("A symbolic link is refused and not followed, whether it leads anywhere or not", arguments: [true, false])
  func link(leadsSomewhere: Bool) throws {
    let target = folder.file("target.db")
    if leadsSomewhere { try Ledger(path: target).close() }
    let before = bytes(target)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    #expect(refusal().contains("it is a symbolic link; name the file that it leads to"))
    #expect(bytes(target) == before)
  }

  @Test(
    "What stands in the place of a companion and is no file of this user's is refused",
    arguments: ["-wal", "-shm", "-journal"])
  func companions(suffix: String) throws {
    let victim = try folder.write("precious", to: "victim")
    try FileManager.default.createSymbolicLink(atPath: path + suffix, withDestinationPath: victim)
    #expect(refusal().contains("\(path)\(suffix) is in the way, it is a symbolic link"))
    try FileManager.default.removeItem(atPath: path + suffix)
    #expect(mkfifo(path + suffix, 0o600) == 0)
    #expect(refusal().contains("\(path)\(suffix) is in the way, it is not a file"))
    try FileManager.default.removeItem(atPath: path + suffix)
    try FileManager.default.linkItem(atPath: victim, toPath: path + suffix)
    #expect(refusal().contains("(hard links)"))
    #expect(try String(contentsOfFile: victim, encoding: .utf8) == "precious")
  }

  @Test(
    "A ledger of another user is refused, and untouched", .enabled(if: geteuid() == 0, "only root can give a file away")
  )
  func foreignOwner() throws {
    try Ledger(path: path).close()
    #expect(chown(path, 65534, 65534) == 0)
    let before = bytes(path)
    #expect(refusal().contains("it belongs to the user "))
    #expect(bytes(path) == before)
  }

  @Test("A lock file that is a symbolic link is refused, and what it leads to is untouched")
  func linkedLock() throws {
    let victim = try folder.write("precious", to: "victim")
    try FileManager.default.createSymbolicLink(atPath: path + ".lock", withDestinationPath: victim)
    #expect(refusal().contains("\(path).lock is not this user's own: it is a symbolic link"))
    #expect(try String(contentsOfFile: victim, encoding: .utf8) == "precious")
    #expect(bytes(path) == nil)
  }

  @Test("A folder in which others may replace files is named in the log, unless it has the sticky bit")
  func openFolder() throws {
    try Ledger(path: path).close()
    #expect(chmod(folder.path, 0o777) == 0)
    #expect(try log().contains { $0.hasPrefix("every user may remove and replace files in \(folder.path)") })
    #expect(chmod(folder.path, 0o1777) == 0)
    #expect(try log().isEmpty)
  }

  @Test("A ledger that is open is refused under any other name")
  func otherName() throws {
    let first = try Ledger(path: path)
    let other = folder.file("other.db")
    try FileManager.default.moveItem(atPath: path, toPath: other)
    let error = #expect(throws: LedgerError.self) { try Ledger(path: other) }
    #expect(error?.reason == .inUse)
    #expect(
      error?.message.contains("the process \(ProcessInfo.processInfo.processIdentifier) has the file open") == true)
    try FileManager.default.moveItem(atPath: other, toPath: path)
    try first.close()
  }
}
