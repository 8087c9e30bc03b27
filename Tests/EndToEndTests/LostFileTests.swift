// A daemon whose ledger is taken away from under it: what was acknowledged stays, and nothing more is acknowledged.

import ExactJSON
import DaemonTestSupport
import Foundation
import Testing

@Suite("A ledger that is taken away", .timeLimit(.minutes(10)))
struct LostFileTests {
  private func remove(_ daemon: RunningDaemon, _ suffixes: String...) throws {
    for suffix in suffixes { try FileManager.default.removeItem(atPath: daemon.database + suffix) }
  }

  /// A daemon with 20 acknowledged changes.
  private func start() throws -> (RunningDaemon, LineClient) {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    for number in 1...20 { #expect(try client.call("cluster.create", cluster("c\(number)"))["seq"] != nil) }
    return (daemon, client)
  }

  private func expectReadOnly(_ client: LineClient, _ code: JSON) throws {
    let refusal = try client.call("cluster.create", cluster("refused"))
    #expect(refusal["data"]?["kind"] == "unavailable", "\(refusal.text)")
    #expect(try client.call("cluster.get", cluster("c7"))["revision"] == 1)
    let health = try client.call("registry.health")
    #expect(health["status"] == "read-only")
    #expect(health["reasons"]?.arrayValue?.contains { $0["code"] == code } == true, "\(health.text)")
  }

  @Test(
    "deleted with all that belongs to it: no change is acknowledged, the stop saves what was, and no new one takes its place"
  )
  func deleted() throws {
    let (daemon, client) = try start()
    try remove(daemon, "", "-wal", "-shm")
    try expectReadOnly(client, "file-gone")
    #expect(daemon.stop() == 1)
    #expect(try daemon.lastWords().contains("\(daemon.database).saved-1"))
    let refused = try Programs.run(
      Programs.path("fairleadd"), ["--socket", daemon.socket, "--database", daemon.database], in: daemon.scratch)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("cannot open the database \(daemon.database): there is no file, but "))
    try FileManager.default.moveItem(atPath: daemon.database + ".saved-1", toPath: daemon.database)
    let next = try RunningDaemon(in: daemon.scratch)
    #expect(try next.connect().call("registry.health")["head"] == 20)
    #expect(try next.connect().call("registry.health")["status"] == "ok")
    #expect(next.stop() == 0)
  }

  @Test("asked to, the daemon begins a new ledger where one was lost")
  func anew() throws {
    let (daemon, _) = try start()
    #expect(daemon.stop() == 0)
    try remove(daemon, "", "-wal", "-shm")
    #expect(throws: Failure.self) { try RunningDaemon(in: daemon.scratch) }
    let next = try RunningDaemon(in: daemon.scratch, arguments: ["--create"])
    #expect(try next.connect().call("registry.health")["head"] == 0)
    #expect(next.stop() == 0)
  }

  @Test("replaced by an older copy: a rebuild makes its tables anew, says which changes are missing, and ends with 1")
  func rebuilt() throws {
    let (daemon, client) = try start()
    #expect(daemon.stop() == 0)
    let old = try Data(contentsOf: URL(filePath: daemon.database))
    let next = try RunningDaemon(in: daemon.scratch)
    #expect(try next.connect().call("cluster.create", cluster("last"))["seq"] == 21)
    #expect(next.stop() == 0)
    try old.write(to: URL(filePath: daemon.database))
    func rebuild() throws -> Finished {
      try Programs.run(Programs.path("fairleadd"), ["--rebuild", "--database", daemon.database], in: daemon.scratch)
    }
    let lost = try rebuild()
    #expect(lost.status == 1)
    #expect(lost.output == "every row was what the log says\nrebuilt from 20 changes\n")
    #expect(
      lost.errors.contains("changes 21 to 21 of \(daemon.database) were acknowledged once and are not in its log"))
    #expect(lost.errors.contains("the log lacks changes 21 to 21"))
    try remove(daemon, ".lock")
    #expect(try rebuild().status == 0)
    _ = client
  }

  @Test(
    "without its write-ahead log: every acknowledged change survives a kill",
    arguments: [["-wal"], ["-wal", "-shm"], ["-shm"]])
  func walGone(suffixes: [String]) throws {
    let (daemon, client) = try start()
    for suffix in suffixes { try remove(daemon, suffix) }
    try expectReadOnly(client, suffixes == ["-shm"] ? "shm-gone" : "wal-gone")
    daemon.send(signal: SIGKILL)
    _ = daemon.wait()
    let next = try RunningDaemon(in: daemon.scratch)
    let again = try next.connect()
    #expect(try again.call("registry.health")["head"] == 20)
    #expect(try again.call("cluster.create", cluster("next"))["seq"] == 21)
    #expect(next.stop() == 0)
  }

  @Test("moved away and back: changes are taken again by themselves")
  func movedBack() throws {
    let (daemon, client) = try start()
    let place = daemon.scratch.file("elsewhere")
    try FileManager.default.moveItem(atPath: daemon.database, toPath: place)
    try expectReadOnly(client, "file-gone")
    try FileManager.default.moveItem(atPath: place, toPath: daemon.database)
    // The daemon looks twice a second. Each round trip gives it time, up to this many round trips.
    var answer: JSON = [:]
    for _ in 0..<200_000 {
      answer = try client.call("cluster.create", cluster("back"))
      if answer["seq"] != nil { break }
    }
    #expect(answer["seq"] == 21, "\(answer.text)")
    #expect(daemon.stop() == 0)
  }

  @Test("replaced by an older copy: nothing is acknowledged into either, and the copy is started with as it is")
  func replaced() throws {
    let (daemon, client) = try start()
    let copy = daemon.scratch.file("copy")
    _ = try Programs.sqlite(".backup '\(copy)'", database: daemon.database, in: daemon.scratch)
    #expect(rename(copy, daemon.database) == 0)
    try expectReadOnly(client, "file-replaced")
    #expect(daemon.stop() == 1)
    let next = try RunningDaemon(in: daemon.scratch)
    #expect(try next.connect().call("cluster.create", cluster("next"))["seq"] == 21)
    #expect(next.stop() == 0)
  }

  @Test("cut to nothing: it is refused at the next start, and stays as it is")
  func cut() throws {
    let (daemon, client) = try start()
    _ = try Programs.sqlite("PRAGMA wal_checkpoint(TRUNCATE)", database: daemon.database, in: daemon.scratch)
    _ = try client.call("cluster.create", cluster("c21"))
    #expect(truncate(daemon.database, 0) == 0)
    let answer = try client.call("cluster.create", cluster("refused"))
    #expect(answer["data"]?["kind"] == "unavailable")
    #expect(answer["message"]?.stringValue?.contains("\(daemon.database) was truncated while it was in use") == true)
    #expect(daemon.stop() == 1)
    let refused = try Programs.run(
      Programs.path("fairleadd"), ["--socket", daemon.socket, "--database", daemon.database], in: daemon.scratch)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("the file is empty, but \(daemon.database)-wal"))
  }

  @Test("an older -shm put over its own: the stop loses nothing, and says which files belong together")
  func olderSharedMemory() throws {
    let (daemon, client) = try start()
    let shm = daemon.database + "-shm"
    let old = try Data(contentsOf: URL(filePath: shm))
    for number in 21...30 { #expect(try client.call("cluster.create", cluster("c\(number)"))["seq"] != nil) }
    try overwrite(shm, with: old)
    let refusal = try client.call("cluster.create", cluster("refused"))
    #expect(refusal["data"] != nil, "\(refusal.text)")
    #expect(try client.call("registry.health")["status"] == "read-only")
    #expect(daemon.stop() == 1)
    let words = try daemon.lastWords()
    #expect(words.contains("keep \(daemon.database) and \(daemon.database)-wal together"), "\(words)")
    let next = try RunningDaemon(in: daemon.scratch)
    let health = try next.connect().call("registry.health")
    #expect(health["head"] == 30 && health["status"] == "ok", "\(health.text)")
    #expect(next.stop() == 0)
  }

  @Test(
    "an older -wal put over its own: nothing is acknowledged into it, and the stop does not move it into the database")
  func olderWAL() throws {
    let (daemon, client) = try start()
    let wal = daemon.database + "-wal"
    let old = try Data(contentsOf: URL(filePath: wal))
    _ = try Programs.sqlite("PRAGMA wal_checkpoint(RESTART)", database: daemon.database, in: daemon.scratch)
    for number in 21...23 { #expect(try client.call("cluster.create", cluster("c\(number)"))["seq"] != nil) }
    let database = try Data(contentsOf: URL(filePath: daemon.database))
    try overwrite(wal, with: old)
    let refusal = try client.call("cluster.create", cluster("refused"))
    #expect(refusal["data"]?["kind"] == "unavailable", "\(refusal.text)")
    #expect(try client.call("registry.health")["reasons"]?.text.contains("wal-gone") == true)
    #expect(daemon.stop() == 1)
    #expect(try daemon.lastWords().contains("move \(wal) away"))
    #expect(try Data(contentsOf: URL(filePath: daemon.database)) == database)
    #expect(try Data(contentsOf: URL(filePath: wal)) == old)
  }

  /// Writes over a file in place: the same inode, no shorter.
  private func overwrite(_ path: String, with content: Data) throws {
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.write(contentsOf: content)
    try file.close()
  }

  @Test("a change that finds no room under the limit of file sizes is refused as that")
  func fileSizeLimit() throws {
    let (daemon, client) = try start()
    try limitFiles(of: daemon, toBytes: 4096)
    let refusal = try client.call("cluster.create", cluster("large"))
    #expect(
      refusal["message"]?.stringValue?.contains("the process may write no larger files; raise its limit") == true,
      "\(refusal.text)")
    try limitFiles(of: daemon, toBytes: nil)
    #expect(try client.call("cluster.create", cluster("after"))["seq"] == 21)
    #expect(daemon.stop() == 0)
  }
}
