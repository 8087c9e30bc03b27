// The program of --exec-on-revert: its input, and that it cannot delay the daemon.

import DaemonTestSupport
import ExactJSON
import FairleadModel
@testable import FairleadServer
import Foundation
import Synchronization
import Testing

@Suite("The hook for reverts", .timeLimit(.minutes(10)))
struct RevertHookTests {
  /// A folder with programs in it, and the lines that the hook logs.
  private final class Stage: Sendable {
    private let scratch: Scratch
    private let lines = Mutex<[String]>([])
    private let logged = DispatchSemaphore(value: 0)

    init() throws { scratch = try Scratch() }

    func file(_ name: String) -> String { scratch.file(name) }

    func program(_ script: String, mode: mode_t = 0o755) throws -> String {
      let path = try scratch.write("#!/bin/sh\n\(script)\n", to: "program")
      chmod(path, mode)
      return path
    }

    func hook(_ path: String) -> HookProgram { HookProgram(path: path, socket: "/run/test.sock") }

    func log(_ line: String) {
      lines.withLock { $0.append(line) }
      logged.signal()
    }

    /// Waits for the next line of the log.
    func line(_ number: Int = 0) -> String {
      guard logged.wait(timeout: .now() + 30) == .success else { return "no line in 30 seconds" }
      return lines.withLock { $0[number] }
    }

    func text(_ name: String) -> String { (try? String(contentsOfFile: file(name), encoding: .utf8)) ?? "" }
  }

  private func change(_ seq: Int = 7) -> Change {
    let key = ClusterKey(resourceGroup: "rg", name: "web")
    return Change(
      seq: seq, at: Timestamp(milliseconds: 1_795_000_000_000), method: "cluster.revert", kind: .cluster,
      subject: key.display, actor: Actor(uid: 0, gid: 0, pid: 1, name: "system"), message: "not confirmed",
      requestID: nil, params: [:],
      report: Report(
        seq: seq, subject: key.display, verdict: .none, summary: "revert",
        notes: [String(repeating: "x", count: 200_000)],
        affected: Affected(clusters: 1)),
      effects: Effects())
  }

  /// Whether a process with this number is there, and is no zombie.
  private func lives(_ pid: String) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
    return status.map { !$0.contains(") Z ") } ?? false
  }

  @Test("It gets the change with its report as one line on stdin and no arguments, and its success is logged")
  func success() throws {
    let stage = try Stage()
    let path = try stage.program(#"cat > "${0%/*}/input"; echo "$#" > "${0%/*}/count""#)
    let hook = RevertHook(stage.hook(path), log: stage.log)
    hook.run(change())
    #expect(stage.line() == "exec-on-revert for change 7: \(path) ended well")
    let input = stage.text("input")
    #expect(input.hasSuffix("\n") && input.split(separator: "\n").count == 1)
    let json = try JSON(parsing: String(input.dropLast()))
    #expect(json["seq"] == 7)
    #expect(json["method"] == "cluster.revert")
    #expect(json["report"]?["summary"] == "revert")
    #expect(stage.text("count") == "0\n")
    hook.stop()
  }

  @Test(
    "A program that fails, is killed, or never reads its input is logged with its outcome",
    arguments: [
      ("exit 3", "failed with exit status 3"), ("kill -USR1 $$", "was ended by signal 10"), (":", "ended well"),
    ])
  func endings(script: String, ending: String) throws {
    let stage = try Stage()
    let hook = RevertHook(stage.hook(try stage.program(script)), log: stage.log)
    hook.run(change())
    #expect(stage.line().hasSuffix(ending))
    hook.stop()
  }

  @Test("A program with much output delays neither itself nor the daemon")
  func flood() throws {
    let stage = try Stage()
    let path = try stage.program("head -c 50000000 /dev/zero; head -c 50000000 /dev/zero >&2")
    let hook = RevertHook(stage.hook(path), log: stage.log)
    hook.run(change())
    #expect(stage.line().hasSuffix("ended well"))
    hook.stop()
  }

  @Test("A program that hangs gets SIGTERM at its time limit, and SIGKILL later, with all processes that it started")
  func hang() throws {
    for (trap, number) in [("", 15), ("trap '' TERM", 9)] {
      let stage = try Stage()
      let path = try stage.program("\(trap)\nsleep 1000 & echo $! > \"${0%/*}/child\"\nwhile :; do sleep 1000; done")
      let hook = RevertHook(stage.hook(path), bound: .milliseconds(500), grace: .milliseconds(200), log: stage.log)
      hook.run(change())
      #expect(stage.line().hasSuffix("was ended by signal \(number)"))
      let child = stage.text("child").trimmingCharacters(in: .newlines)
      // It has been killed by now; the kernel may take a moment to end it.
      let deadline = Date(timeIntervalSinceNow: 30)
      while lives(child), Date() < deadline { sched_yield() }
      #expect(!child.isEmpty && !lives(child))
      hook.stop()
    }
  }

  @Test("It inherits no descriptor of the daemon, such as a client's connection")
  func descriptors() throws {
    let stage = try Stage()
    let secret = open("/dev/zero", O_RDONLY)
    defer { close(secret) }
    let hook = RevertHook(stage.hook(try stage.program("ls -l /proc/$$/fd > \"${0%/*}/open\"")), log: stage.log)
    hook.run(change())
    #expect(stage.line().hasSuffix("ended well"))
    let open = stage.text("open")
    #expect(open.contains("/dev/null") && !open.contains("/dev/zero"), "\(open)")
    hook.stop()
  }

  @Test("Processes that a program leaves in its group are killed when it ends")
  func leftBehind() throws {
    let stage = try Stage()
    let hook = RevertHook(stage.hook(try stage.program("sleep 1000 & echo $! > \"${0%/*}/child\"")), log: stage.log)
    hook.run(change())
    #expect(stage.line().hasSuffix("ended well"))
    let child = stage.text("child").trimmingCharacters(in: .newlines)
    // SIGKILL has been sent; the kernel may take a moment, and so may the process that reaps it.
    let deadline = Date(timeIntervalSinceNow: 20)
    while lives(child), Date() < deadline { sched_yield() }
    #expect(!child.isEmpty && !lives(child))
    hook.stop()
  }

  @Test("For several reverts it runs one at a time, in their order")
  func order() throws {
    let stage = try Stage()
    let path = try stage.program(
      #"mkdir "${0%/*}/busy" || exit 9; head -c 8 >> "${0%/*}/all"; echo >> "${0%/*}/all"; rmdir "${0%/*}/busy""#)
    let hook = RevertHook(stage.hook(path), log: stage.log)
    for seq in 1...5 { hook.run(change(seq)) }
    for number in 0..<5 { #expect(stage.line(number) == "exec-on-revert for change \(number + 1): \(path) ended well") }
    #expect(stage.text("all") == (1...5).map { "{\"seq\":\($0)\n" }.joined())
    hook.stop()
  }

  @Test("A program that does not exist any more is logged, and nothing else happens")
  func gone() throws {
    let stage = try Stage()
    let path = try stage.program(":")
    let hook = RevertHook(stage.hook(path), log: stage.log)
    unlink(path)
    hook.run(change())
    #expect(
      stage.line()
        == "exec-on-revert for change 7: \(path) is not run: cannot use '\(path)' for --exec-on-revert: "
        + "No such file or directory")
    hook.stop()
  }

  @Test("Stopping ends the running program at once, and does not start those that wait")
  func stop() throws {
    let stage = try Stage()
    mkfifo(stage.file("started"), 0o600)
    let path = try stage.program("echo > \"${0%/*}/started\"; sleep 1000")
    let hook = RevertHook(stage.hook(path), log: stage.log)
    hook.run(change(1))
    hook.run(change(2))
    // Opening a pipe waits for the other end: the program runs.
    let started = open(stage.file("started"), O_RDONLY)
    var byte: UInt8 = 0
    #expect(read(started, &byte, 1) == 1)
    close(started)
    hook.stop()
    #expect(stage.line(0).hasSuffix("was ended by signal 15"))
    #expect(
      stage.line(1) == "exec-on-revert for change 2: \(path) is not run, since the daemon stops; the log has the change"
    )
  }

  @Test("A path that cannot be run is refused at the start, with the reason")
  func check() throws {
    let stage = try Stage()
    func refusal(_ path: String) -> String {
      do throws(StartError) {
        try stage.hook(path).check()
        return "taken"
      } catch {
        return error.description
      }
    }
    let path = try stage.program(":", mode: 0o644)
    #expect(refusal(path) == "cannot use '\(path)' for --exec-on-revert: it may not be executed; 'chmod +x' it")
    #expect(refusal("program").hasSuffix("it is not an absolute path"))
    #expect(refusal(stage.file("")).hasSuffix("it is not a file"))
    #expect(refusal(stage.file("none")).hasSuffix("No such file or directory"))
    chmod(path, 0o777)
    #expect(
      refusal(path)
        == "cannot use '\(path)' for --exec-on-revert: others may write \(path), and so replace the program; "
        + "'chmod go-w' it")
    chmod(path, 0o755)
    #expect(refusal(path) == "taken")
  }

  @Test("It gets four variables, a private folder that is gone afterwards, and nothing of the daemon's environment")
  func surroundings() throws {
    let stage = try Stage()
    let path = try stage.program(
      #"env > "${0%/*}/env"; stat -c '%a %n' "$PWD" > "${0%/*}/folder"; mkdir -p a/b; touch a/b/c"#)
    let hook = RevertHook(stage.hook(path), log: stage.log)
    hook.run(change())
    #expect(stage.line().hasSuffix("ended well"))
    // What the shell adds by itself is left out.
    let names = stage.text("env").split(separator: "\n").map { $0.prefix { $0 != "=" } }
      .filter { !["PWD", "OLDPWD", "SHLVL", "_"].contains($0) }
    #expect(names.sorted() == ["FAIRLEAD_SOCKET", "HOME", "LANG", "PATH"])
    #expect(stage.text("env").contains("FAIRLEAD_SOCKET=/run/test.sock\n"))
    let folder = stage.text("folder").dropLast()
    #expect(folder.hasPrefix("700 /tmp/fairlead-hook-"))
    #expect(!FileManager.default.fileExists(atPath: String(folder.dropFirst(4))))
    hook.stop()
  }

  @Test("A program that others may write by the time of a revert is not run")
  func becameWritable() throws {
    let stage = try Stage()
    let path = try stage.program("touch \"${0%/*}/ran\"")
    let hook = RevertHook(stage.hook(path), log: stage.log)
    try hook.program.check()
    chmod(path, 0o757)
    hook.run(change())
    #expect(stage.line().contains("is not run: cannot use '\(path)' for --exec-on-revert: others may write \(path)"))
    hook.stop()
    #expect(!FileManager.default.fileExists(atPath: stage.file("ran")))
  }
}
