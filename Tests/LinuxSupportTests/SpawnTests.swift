// Programs that are started: what they inherit, and how their end is reported.

import DaemonTestSupport
import Foundation
import LinuxSupport
import Testing

@Suite("Starting programs")
struct SpawnTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Runs a shell script to its end, and returns how it ended and what it printed.
  private func run(
    _ script: String, environment: [String]? = nil, folder: String? = nil, leadsGroup: Bool = false
  ) throws -> (ending: ProcessEnding?, output: String) {
    let spawn = Spawn(
      "sh", ["-c", script], environment: environment, in: folder,
      streams: [.null, .writing(scratch.file("out")), .null], leadsGroup: leadsGroup)
    let ending = reap(try spawn.start())
    return (ending, try String(contentsOfFile: scratch.file("out"), encoding: .utf8))
  }

  @Test("a program's exit status is reported, and so is the signal that ended it")
  func endings() throws {
    #expect(try run("exit 0").ending == .exited(status: 0))
    #expect(try run("exit 7").ending == .exited(status: 7))
    #expect(try run("kill -TERM $$").ending == .signalled(SIGTERM))
  }

  @Test("a child is waited for once")
  func reapedOnce() throws {
    let process = try Spawn("true").start()
    #expect(reap(process) == .exited(status: 0))
    #expect(reap(process) == nil)
    #expect(reapIfEnded(process) == .failure(SystemError(errno: ECHILD)))
  }

  @Test("a child that runs has not ended yet")
  func running() throws {
    let process = try Spawn("sleep", ["600"]).start()
    #expect(reapIfEnded(process) == .success(nil))
    kill(process, SIGKILL)
    #expect(reap(process) == .signalled(SIGKILL))
  }

  @Test("the environment is replaced where one is given, and is this process's own otherwise")
  func environment() throws {
    let own = try #require(ProcessInfo.processInfo.environment["PATH"])
    #expect(try run("printf '%s' \"$PATH\"").output == own)
    #expect(try run("printf '%s|%s' \"$A\" \"$HOME\"", environment: ["A=b c"]).output == "b c|")
  }

  @Test("a program starts in the folder that is named")
  func folder() throws { #expect(try run("pwd", folder: scratch.path).output == "\(resolved(scratch.path))\n") }

  @Test("a child has no descriptors but its streams, whatever is open here")
  func descriptors() throws {
    // Without close-on-exec, as a library might leave it.
    let leaked = open("/dev/null", O_RDONLY)
    defer { close(leaked) }
    #expect(leaked > STDERR_FILENO)
    #expect(try run("[ -e /proc/self/fd/\(leaked) ] && echo leaked; exit 0").output == "")
  }

  @Test("a child gets descriptors under the numbers that it expects")
  func furtherStreams() throws {
    let pipe = try makePipe(atLeast: 10)
    let spawn = Spawn("sh", ["-c", "echo hello >&3"], streams: [.null, .null, .null, .descriptor(pipe.write)])
    let process = try spawn.start()
    close(pipe.write)
    #expect(reap(process) == .exited(status: 0))
    #expect(try FileHandle(fileDescriptor: pipe.read, closeOnDealloc: true).readToEnd() == Data("hello\n".utf8))
  }

  @Test("a signal that is ignored here has its default action in a child")
  func signals() throws {
    // Nothing here depends on SIGUSR2.
    let before = signal(SIGUSR2, SIG_IGN)
    defer { signal(SIGUSR2, before) }
    #expect(try run("kill -USR2 $$; exit 0").ending == .signalled(SIGUSR2))
  }

  @Test("a program that leads a group has its own number as the group's")
  func group() throws {
    let group = "cut -d ' ' -f 5 /proc/$$/stat; echo $$"
    let leads = try run(group, leadsGroup: true).output.split(separator: "\n")
    #expect(leads.count == 2 && leads[0] == leads[1])
    let follows = try run(group).output.split(separator: "\n")
    #expect(follows == ["\(getpgrp())", follows[1]])
  }

  @Test("what cannot be started says why")
  func missing() {
    #expect(throws: SystemError(errno: ENOENT)) { try Spawn("/nowhere/program").start() }
    #expect(throws: SystemError(errno: EACCES)) { try Spawn("/etc/passwd").start() }
    #expect(throws: SystemError(errno: ENOENT)) { try Spawn("true", in: "/nowhere").start() }
  }
}

@Suite("A program that is limited in time")
struct TimeLimitedProcessTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Writes a shell script and starts it.
  private func start(_ script: String, input: String = "") throws -> TimeLimitedProcess {
    let path = try scratch.write("#!/bin/sh\n\(script)\n", to: "program")
    chmod(path, 0o700)
    var started = TimeLimitedProcess.start(
      path, input: Array(input.utf8), environment: ["PATH=/usr/bin:/bin"], in: scratch.path)
    // What another test forked meanwhile holds the script open for writing until it has called exec.
    while case .failure(SystemError(errno: ETXTBSY)) = started {
      sched_yield()
      started = TimeLimitedProcess.start(
        path, input: Array(input.utf8), environment: ["PATH=/usr/bin:/bin"], in: scratch.path)
    }
    return try started.get()
  }

  @Test("it reads its input, and what it leaves behind in its group is killed with it")
  func inputAndGroup() throws {
    let fifo = scratch.file("fifo")
    #expect(mkfifo(fifo, 0o600) == 0)
    // The script leaves a child behind that would run for ten minutes with the pipe open.
    let process = try start("cat > '\(scratch.file("input"))'; sleep 600 > '\(fifo)' & exit 3", input: "one line\n")
    // Returns once the child has opened the other end.
    let pipe = FileHandle(fileDescriptor: open(fifo, O_RDONLY), closeOnDealloc: true)
    process.waitUntilEnded()
    #expect(try String(contentsOfFile: scratch.file("input"), encoding: .utf8) == "one line\n")
    #expect(process.reap() == .exited(status: 3))
    // Returns once nobody has the other end open any more.
    #expect(try pipe.readToEnd() ?? Data() == Data())
  }

  @Test("a signal reaches the whole group")
  func signal() throws {
    let process = try start("sleep 600; exit 3")
    process.signal(SIGTERM)
    process.waitUntilEnded()
    #expect(process.reap() == .signalled(SIGTERM))
  }

  @Test("a program that is not there cannot be started")
  func missing() {
    guard
      case .failure(let error) = TimeLimitedProcess.start(
        "/nowhere/program", input: [], environment: [], in: "/")
    else {
      Issue.record("it was started")
      return
    }
    #expect(error == SystemError(errno: ENOENT))
  }
}
