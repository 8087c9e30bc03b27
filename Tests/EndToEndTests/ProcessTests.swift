// The daemon among other processes: signals, its standard streams, descriptors, and a stop that something holds up.

import ExactJSON
import Foundation
import LinuxSupport
import Testing

@Suite("fairleadd as a neighbour", .timeLimit(.minutes(10)))
struct ProcessTests {
  /// A `fairleadd` that `script` starts in a shell, with `$DAEMON` for the command line. It may have a log that nobody reads,
  /// so what says that it is ready is that it answers.
  private final class ScriptedDaemon {
    let scratch: Scratch
    let socket: String
    let process: Child

    init(_ script: String, in scratch: Scratch, errors: Child.Stream = .nothing) throws {
      self.scratch = scratch
      socket = scratch.file("s.sock")
      process = try Child(
        "/bin/sh", ["-c", script],
        environment: [
          "DAEMON": "\(Programs.path("fairleadd")) --socket \(socket) --database \(scratch.file("l.db"))",
          "PATH": "/usr/bin:/bin",
        ], errors: errors)
    }

    /// Connects as soon as it listens.
    func connect() throws -> LineClient {
      while true {
        do {
          return try LineClient(path: socket)
        } catch {
          guard process.isRunning else { throw Failure("the daemon ended with status \(process.wait())") }
          sched_yield()
        }
      }
    }

    func stop() -> Int32 {
      process.send(signal: SIGTERM)
      return process.wait()
    }
  }

  /// A pipe that is full, and that nobody reads.
  private func fullPipe() throws -> (read: Int32, write: Int32) {
    let pipe = try makePipe()
    #expect(fcntl(pipe.write, F_SETFL, O_NONBLOCK) == 0)
    let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 512)
    while write(pipe.write, bytes, bytes.count) > 0 {}
    #expect(fcntl(pipe.write, F_SETFL, 0) == 0)
    return pipe
  }

  // MARK: Signals

  @Test("a signal that means nothing to it is noted with its sender, and ends nothing")
  func signals() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    let noted: [(Int32, String)] = [
      (SIGHUP, "SIGHUP"), (SIGUSR1, "SIGUSR1"), (SIGUSR2, "SIGUSR2"), (SIGALRM, "SIGALRM"), (SIGSTKFLT, "SIGSTKFLT"),
      (SIGXCPU, "SIGXCPU"), (SIGVTALRM, "SIGVTALRM"), (SIGPROF, "SIGPROF"), (SIGIO, "SIGIO"), (SIGPWR, "SIGPWR"),
      (34, "real-time signal 34"), (64, "real-time signal 64"),
    ]
    for (number, name) in noted {
      daemon.send(signal: number)
      let line = try daemon.waitForLog(name)
      #expect(line.contains("fairleadd: \(name) from pid \(getpid()), uid \(getuid()) is noted: "))
    }
    for number in [SIGPIPE, SIGXFSZ, SIGTTOU] { daemon.send(signal: number) }
    #expect(try client.call("registry.health")["head"] == 0)
    #expect(daemon.stop() == 0)
    #expect(try daemon.lastWords().contains("stopping: asked by SIGTERM from pid \(getpid())"))
  }

  @Test("a second signal ends it at once, by that signal")
  func secondSignal() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    // A deaf peer, for which a stop waits: its replies are more than the kernel takes.
    client.send(String(repeating: #"{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}"# + "\n", count: 64))
    daemon.send(signal: SIGTERM)
    _ = try daemon.waitForLog("stopping")
    daemon.send(signal: SIGINT)
    #expect(daemon.wait() == -SIGINT)
  }

  @Test("what a parent ignores changes nothing: a hook's status is known, and SIGTERM stops the daemon")
  func inheritedSignals() throws {
    let scratch = try Scratch()
    let hook = try scratch.write("#!/bin/sh\nexit 7\n", to: "hook")
    chmod(hook, 0o755)
    let log = Pipe()
    let daemon = try ScriptedDaemon(
      "trap '' CHLD HUP TERM INT; exec $DAEMON --exec-on-revert \(hook)", in: scratch,
      errors: .descriptor(log.fileHandleForWriting.fileDescriptor))
    try log.fileHandleForWriting.close()
    let client = try daemon.connect()
    try client.openGates()
    _ = try client.call("cluster.create", cluster("web", ["config": ["mode": "IPTABLES"]]))
    _ = try client.call("cluster.update", cluster("web", ["config": ["mode": "NFTABLES"], "confirmWithinSeconds": 1]))
    var said = Data()
    while !String(decoding: said, as: UTF8.self).contains("exec-on-revert for change") {
      let more = log.fileHandleForReading.availableData
      guard !more.isEmpty else { throw Failure("the daemon ended: \(String(decoding: said, as: UTF8.self))") }
      said.append(more)
    }
    #expect(String(decoding: said, as: UTF8.self).contains("failed with exit status 7"))
    #expect(daemon.stop() == 0)
  }

  // MARK: Streams

  @Test("a log pipe that is full from the start holds up neither requests nor the stop")
  func fullLog() throws {
    let pipe = try fullPipe()
    defer { for end in [pipe.read, pipe.write] { close(end) } }
    let daemon = try ScriptedDaemon("exec $DAEMON", in: Scratch(), errors: .descriptor(pipe.write))
    let client = try daemon.connect()
    #expect(try client.call("cluster.create", cluster())["seq"] == 1)
    // Each is a line of the log.
    for _ in 0..<100 { daemon.process.send(signal: SIGUSR1) }
    #expect(try client.call("cluster.create", cluster("b"))["seq"] == 2)
    #expect(daemon.stop() == 0)
  }

  @Test("health says that lines of the log are dropped, and takes it back once somebody reads them")
  func droppedLines() throws {
    let pipe = try fullPipe()
    defer { for end in [pipe.read, pipe.write] { close(end) } }
    let daemon = try ScriptedDaemon("exec $DAEMON", in: Scratch(), errors: .descriptor(pipe.write))
    let client = try daemon.connect()
    func codes() throws -> [JSON] {
      try client.call("registry.health")["reasons"]?.arrayValue?.compactMap { $0["code"] } ?? []
    }
    // Its first lines wait, and health says so without any that are dropped.
    while try codes() != ["log-not-written"] {}
    // Each may be a line of the log, and a thousand fill its queue.
    while try codes() != ["log-lines-dropped"] {
      for number in Int32(34)...64 { daemon.process.send(signal: number) }
    }
    #expect(try client.call("registry.health")["status"] == "degraded")
    let reader = Thread {
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      while read(pipe.read, &bytes, bytes.count) > 0 {}
    }
    reader.start()
    while try codes() != [] {}
    #expect(daemon.stop() == 0)
  }

  @Test("with its standard streams closed, nothing else takes their numbers")
  func closedStreams() throws {
    let daemon = try ScriptedDaemon("exec $DAEMON <&- >&- 2>&-", in: Scratch())
    let client = try daemon.connect()
    #expect(try client.call("cluster.create", cluster())["seq"] == 1)
    for number in 0...2 {
      let target = try FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/\(daemon.process.pid)/fd/\(number)")
      #expect(target == "/dev/null")
    }
    #expect(daemon.stop() == 0)
  }

  // MARK: The stop

  @Test(
    "a stop that something holds up for good ends within its promised seconds, with status 1, and says what it waited for"
  )
  func stuck() throws {
    let daemon = try RunningDaemon("FaultyDaemon", in: Scratch(), arguments: ["--fault", "neverCommits"])
    let client = try daemon.connect()
    let request: JSON = ["jsonrpc": "2.0", "id": 1, "method": "cluster.create", "params": cluster()]
    client.send(request.text + "\n")
    _ = try daemon.waitForLog("holds a commit up")
    daemon.send(signal: SIGTERM)
    #expect(daemon.wait() == 1)
    #expect(
      try daemon.lastWords().contains(
        "ends without waiting any longer for the changes in the queue, 10 seconds after the signal"))
  }

  // MARK: Descriptors

  @Test("a limit of descriptors that is too small to work with is refused with what to do")
  func tooFewDescriptors() throws {
    let scratch = try Scratch()
    let errors = try scratch.write("", to: "errors")
    let daemon = try ScriptedDaemon("ulimit -n 16; exec $DAEMON", in: scratch, errors: .file(errors))
    #expect(daemon.process.wait() == 1)
    let said = try String(contentsOfFile: errors, encoding: .utf8)
    #expect(said.hasPrefix("fairleadd: cannot start with at most 16 open descriptors: it needs 72"))
    #expect(said.contains("ulimit -n"))
    #expect(!FileManager.default.fileExists(atPath: scratch.file("l.db")))
  }

  @Test("with few descriptors, connections are refused before the ledger lacks one")
  func fewDescriptors() throws {
    let daemon = try ScriptedDaemon("ulimit -n 72; exec $DAEMON", in: Scratch())
    let clients = try (0..<8).map { _ in
      let client = try daemon.connect()
      _ = try client.call("registry.health")
      return client
    }
    let refused = try #require(try daemon.connect().readLine())
    #expect(refused.contains("cannot take more than 8 connections"))
    #expect(try clients[0].call("cluster.create", cluster())["seq"] == 1)
    for client in clients { #expect(try client.call("change.list")["items"]?.arrayValue?.count == 1) }
    #expect(daemon.stop() == 0)
  }

  @Test("out of descriptors it says so once, goes on answering, and accepts again once there are some")
  func outOfDescriptors() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    #expect(try client.call("cluster.create", cluster())["seq"] == 1)
    let open = Set(try FileManager.default.contentsOfDirectory(atPath: "/proc/\(daemon.pid)/fd").compactMap { Int($0) })
    let lowestFree = try #require((0...).first { !open.contains($0) })
    // No number below the limit is free, as after a leak or in a full system. Those above it that are open stay.
    try limitDescriptors(of: daemon.pid, to: lowestFree)
    let waiting = try daemon.connect()
    waiting.send(#"{"jsonrpc":"2.0","id":1,"method":"registry.describe"}"# + "\n")
    _ = try daemon.waitForLog("no free descriptors")
    let health = try client.call("registry.health")
    #expect(health["status"] == "degraded")
    #expect(health["reasons"]?.arrayValue?.compactMap { $0["code"] } == ["out-of-descriptors"])
    #expect(try client.call("cluster.get", cluster())["name"] == "web")
    try limitDescriptors(of: daemon.pid, to: 1024)
    #expect(try waiting.readLine()?.contains("result") == true)
    let said = try daemon.waitForLog("out-of-descriptors is over")
    #expect(said.split(separator: "\n").count == 1)
    #expect(try client.call("registry.health")["status"] == "ok")
    #expect(daemon.stop() == 0)
  }

  private func limitDescriptors(of pid: Int32, to number: Int) throws {
    let finished = try Programs.run("prlimit", ["--pid", "\(pid)", "--nofile=\(number):"], in: Scratch())
    guard finished.status == 0 else { throw Failure("prlimit: \(finished.errors)") }
  }
}
