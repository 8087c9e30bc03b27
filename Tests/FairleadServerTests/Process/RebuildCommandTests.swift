// `fairleadd --rebuild`: what it refuses, and what it says of changes that the log lacks.

import DaemonTestSupport
import FairleadModel
import FairleadServer
import FairleadStore
import Foundation
import Synchronization
import Testing

@Suite("Rebuilding from the command line")
struct RebuildCommandTests {
  private let scratch: Scratch
  private var path: String { scratch.file("fairlead.db") }

  init() throws { scratch = try Scratch() }

  private func rebuild() throws -> (report: RebuildReport, log: [String]) {
    let lines = Mutex<[String]>([])
    let report = try rebuildProjections(of: path) { line in lines.withLock { $0.append(line) } }
    return (report, lines.withLock { $0 })
  }

  private func makeLedger() throws { try Ledger(path: path).close() }

  @Test("an empty file is no ledger, and stays as it is; nor is a database without a table")
  func empty() throws {
    try scratch.write("", to: "fairlead.db")
    let error = #expect(throws: StartError.self) { try rebuild() }
    #expect(error.map { "\($0)" }?.hasPrefix("cannot rebuild \(path): the file is empty, and no ledger") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["fairlead.db"])
    #expect(FileManager.default.contents(atPath: path)?.isEmpty == true)
    _ = try Programs.sqlite("CREATE TABLE t (x); DROP TABLE t; VACUUM", database: path, in: scratch)
    let before = FileManager.default.contents(atPath: path)
    #expect(before?.isEmpty == false)
    #expect(throws: StartError.self) { try rebuild() }
    #expect(FileManager.default.contents(atPath: path) == before)
  }

  @Test("a ledger whose tables are right is left with them, and nothing is said of its log")
  func whole() throws {
    try makeLedger()
    let (report, log) = try rebuild()
    #expect(report.lines == ["every row was what the log says", "rebuilt from 0 changes"])
    #expect(report.loss == nil)
    #expect(log == [])
  }

  @Test("changes that were acknowledged and are not in the log are said as at a start, each time")
  func lost() throws {
    try makeLedger()
    let lock = try String(contentsOfFile: path + ".lock", encoding: .utf8)
    let mark = "acknowledged 0000000000000000000\n"
    #expect(lock.contains(mark))
    try scratch.write(
      lock.replacing(mark, with: "acknowledged 0000000000000000005\n"), to: "fairlead.db.lock")
    for _ in 0..<2 {
      let (report, log) = try rebuild()
      #expect(report.lines.last == "rebuilt from 0 changes")
      #expect(report.loss == "the tables of \(path) are what its log says, and the log lacks changes 1 to 5")
      #expect(
        log.first?.hasPrefix(
          "attention (changes-missing): changes 1 to 5 of \(path) were acknowledged once and are not in its log; ")
          == true,
        "\(log)")
    }
  }
}
