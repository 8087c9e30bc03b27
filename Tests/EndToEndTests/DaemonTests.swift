// The daemon as a process: start, refusals at the start, stop, and what survives a kill.

import ExactJSON
import Foundation
import LinuxSupport
import Testing

@Suite("fairleadd as a process", .timeLimit(.minutes(10)))
struct DaemonTests {
  private func start(_ arguments: [String], in scratch: Scratch) throws -> Finished {
    try Programs.run(Programs.path("fairleadd"), arguments, in: scratch)
  }

  @Test("serves on a socket that only its owner can open, and removes it when it stops")
  func privateSocket() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let mode = try #require(FileManager.default.attributesOfItem(atPath: daemon.socket)[.posixPermissions] as? Int)
    #expect(mode == 0o600)
    #expect(daemon.stop() == 0)
    #expect(!FileManager.default.fileExists(atPath: daemon.socket))
  }

  @Test("stops on SIGINT as on SIGTERM")
  func interrupt() throws {
    let daemon = try RunningDaemon(in: Scratch())
    daemon.send(signal: SIGINT)
    #expect(daemon.wait() == 0)
  }

  @Test("records the peer that the kernel attests")
  func actor() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    _ = try client.call("cluster.create", cluster())
    let change = try client.call("change.get", ["seq": 1])
    #expect(change["actor"]?["uid"]?.intValue == Int(getuid()))
    #expect(change["actor"]?["gid"]?.intValue == Int(getgid()))
    #expect(change["actor"]?["pid"]?.intValue == Int(getpid()))
    let system = try client.call("feature.register", ["namespace": "M.C", "name": "F"])
    #expect(system["seq"] == 2)
    #expect(try client.call("change.get", ["seq": 3])["actor"]?["name"] == "system")
  }

  @Test("a second daemon on the same socket or database is refused, and the first goes on")
  func second() throws {
    let scratch = try Scratch()
    let daemon = try RunningDaemon(in: scratch)
    let sameSocket = try start(["--socket", daemon.socket, "--database", scratch.file("other.db")], in: scratch)
    #expect(sameSocket.status == 1)
    #expect(
      sameSocket.errors.hasSuffix(
        "fairleadd: cannot listen on \(daemon.socket): fairleadd with pid \(daemon.pid) does already; "
          + "stop that one, or choose another --socket\n"))
    let sameDatabase = try start(["--socket", scratch.file("o.sock"), "--database", daemon.database], in: scratch)
    #expect(sameDatabase.status == 1)
    #expect(sameDatabase.errors.contains("fairleadd with pid \(daemon.pid) has it open"))
    #expect(!FileManager.default.fileExists(atPath: scratch.file("o.sock")))
    #expect(try daemon.connect().call("registry.health")["status"] == "ok")
  }

  @Test("another program that holds a lock is not taken for the daemon that ended before")
  func foreignLock() throws {
    let scratch = try Scratch()
    let daemon = try RunningDaemon(in: scratch)
    #expect(daemon.stop() == 0)
    for (path, what) in [(daemon.database, "use"), (daemon.socket, "listen on")] {
      let descriptor = open(path + ".lock", O_RDONLY | O_CLOEXEC)
      defer { close(descriptor) }
      #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
      let refused = try start(["--socket", daemon.socket, "--database", daemon.database], in: scratch)
      #expect(refused.status == 1)
      #expect(
        refused.errors.contains(
          "fairleadd: cannot \(what) \(path): the process \(getpid()) holds the lock \(path).lock; end that one, or "),
        "\(refused.errors)")
    }
  }

  @Test("acknowledged changes survive a kill, and the next daemon replaces the stale socket")
  func killed() throws {
    let scratch = try Scratch()
    let daemon = try RunningDaemon(in: scratch)
    let client = try daemon.connect()
    for number in 1...20 { _ = try client.call("cluster.create", cluster("c\(number)")) }
    daemon.send(signal: SIGKILL)
    #expect(daemon.wait() == -SIGKILL)
    #expect(FileManager.default.fileExists(atPath: daemon.socket))
    let next = try RunningDaemon(in: scratch)
    #expect(try next.connect().call("registry.health")["head"] == 20)
    #expect(next.stop() == 0)
  }

  @Test("a socket on which another program listens is never replaced")
  func foreignListener() throws {
    let scratch = try Scratch()
    let path = scratch.file("foreign.sock")
    let listener = try UnixSocket.listening(at: path, backlog: 1)
    defer { close(listener) }
    let refused = try start(["--socket", path, "--database", scratch.file("l.db")], in: scratch)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("cannot listen on \(path): another daemon does already"))
    #expect(FileManager.default.fileExists(atPath: path))
  }

  @Test("a file that is not a socket is refused and left as it is")
  func notASocket() throws {
    let scratch = try Scratch()
    let path = try scratch.write("precious", to: "file")
    let refused = try start(["--socket", path, "--database", scratch.file("l.db")], in: scratch)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("something that is not a socket is there"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
  }

  @Test("a socket path that is too long is refused with the limit")
  func longPath() throws {
    let scratch = try Scratch()
    let path = scratch.file(String(repeating: "s", count: 120))
    let refused = try start(["--socket", path, "--database", scratch.file("l.db")], in: scratch)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("the path has \(path.utf8.count) bytes, and a socket's has at most 107"))
  }

  @Test(
    "a file that is not a database, another application's database and one of a newer version are refused and left as they are"
  )
  func wrongDatabases() throws {
    let scratch = try Scratch()
    let text = try scratch.write(String(repeating: "not a database\n", count: 100), to: "text.db")
    let foreign = scratch.file("foreign.db")
    _ = try Programs.sqlite("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)", database: foreign, in: scratch)
    let future = scratch.file("future.db")
    #expect(try RunningDaemon(in: scratch, database: future).stop() == 0)
    _ = try Programs.sqlite("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)", database: future, in: scratch)
    for (path, said) in [
      (text, "it is not an SQLite database"), (foreign, "it is an SQLite database, but not Fairlead's"),
      (future, "its schema is version 99"),
    ] {
      let before = try Data(contentsOf: URL(filePath: path))
      let refused = try start(["--socket", scratch.file("s.sock"), "--database", path], in: scratch)
      #expect(refused.status == 1)
      #expect(refused.errors.hasPrefix("fairleadd: cannot use \(path): \(said)"), "\(refused.errors)")
      #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }
  }

  @Test("a path that cannot be written is refused", arguments: ["/sys/fairlead.db", "/nowhere/at/all.db"])
  func unwritable(database: String) throws {
    let scratch = try Scratch()
    let refused = try start(["--socket", scratch.file("s.sock"), "--database", database], in: scratch)
    #expect(refused.status == 1)
    #expect(refused.errors.hasPrefix("fairleadd: cannot create \(database).lock: "), "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: scratch.file("s.sock")))
  }

  @Test("a read-only folder is refused for a user other than root")
  func readOnlyFolder() throws {
    let scratch = try Scratch()
    let folder = scratch.file("locked")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    // Programs and folder must be within the other user's reach; a copy in the scratch folder is.
    let program = scratch.file("fairleadd")
    try FileManager.default.copyItem(atPath: Programs.path("fairleadd"), toPath: program)
    #expect(chmod(scratch.path, 0o755) == 0)
    #expect(chmod(folder, 0o555) == 0)
    defer { chmod(folder, 0o755) }
    let arguments = ["--socket", "\(folder)/s.sock", "--database", "\(folder)/l.db"]
    let refused =
      getuid() == 0
      ? try Programs.run(
        "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", program] + arguments, in: scratch)
      : try Programs.run(program, arguments, in: scratch)
    #expect(refused.status == 1)
    #expect(refused.errors.hasPrefix("fairleadd: cannot create \(folder)/l.db.lock: Permission denied"))
  }

  @Test("a registration that has not settled survives a restart")
  func settleAcrossRestart() throws {
    let scratch = try Scratch()
    let feature: JSON = ["namespace": "Microsoft.ContainerService", "name": "KubeProxyConfigurationPreview"]
    let first = try RunningDaemon(in: scratch, arguments: ["--settle", "2"])
    #expect(try first.connect().call("feature.register", feature)["feature"]?["state"] == "Registering")
    #expect(first.stop() == 0)
    let second = try RunningDaemon(in: scratch)
    let client = try second.connect()
    // It settles when its time has come, within the suite's time limit.
    while try client.call("feature.get", feature)["state"] != "Registered" {}
    #expect(second.stop() == 0)
  }

  @Test("requests in progress are answered before the daemon stops, and no change is written in part")
  func gracefulStop() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    let idle = try daemon.connect()
    idle.send(#"{"jsonrpc":"2.0","id":1,"#)
    let requests = (1...60).map { number -> String in
      let request: JSON = [
        "jsonrpc": "2.0", "id": .integer(number), "method": "cluster.create", "params": cluster("c\(number)"),
      ]
      return request.text + "\n"
    }
    client.send(requests.joined())
    _ = try client.readLine()
    daemon.send(signal: SIGTERM)
    var answered = 1
    while let line = try client.readLine() {
      #expect(try JSON(parsing: line)["result"]?["seq"] != nil)
      answered += 1
    }
    #expect(daemon.wait() == 0)
    let committed = try Programs.sqlite("SELECT count(*) FROM change", database: daemon.database, in: daemon.scratch)
    #expect(committed == [String(answered)])
  }

  @Test("invalid options are usage errors")
  func usage() throws {
    let scratch = try Scratch()
    for arguments in [["--settle", "-1"], ["--settle", "soon"], ["--sokcet", "x"], ["extra"]] {
      #expect(try start(arguments, in: scratch).status == 64)
    }
    #expect(try start(["--version"], in: scratch).output.hasPrefix("fairleadd "))
  }
}
