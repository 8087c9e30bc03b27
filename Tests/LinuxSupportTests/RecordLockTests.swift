// Who holds a record lock, as the kernel tells it.

import DaemonTestSupport
import Foundation
import LinuxSupport
import Testing

@Suite("Record locks of other processes", .timeLimit(.minutes(5)))
struct RecordLockTests {
  private let scratch: Scratch
  private let file: FileHandle

  init() throws {
    scratch = try Scratch()
    file = try #require(FileHandle(forReadingAtPath: try scratch.write("content", to: "file")))
  }

  private func holder(_ bytes: Range<Int>) -> LockHolder? { lockHolder(of: bytes, in: file.fileDescriptor) }

  /// A Python program that has locked bytes 3 to 5, until it gets a line.
  private func locker(shared: Bool, name: String) throws -> (program: Child, input: Pipe) {
    let (input, output) = (Pipe(), Pipe())
    let script = """
      import fcntl, os, sys
      open('/proc/self/comm', 'w').write(sys.argv[2])
      f = open(sys.argv[1], 'r+')
      fcntl.lockf(f, fcntl.\(shared ? "LOCK_SH" : "LOCK_EX"), 3, 3)
      os.write(1, b'locked\\n')
      sys.stdin.readline()
      """
    let program = try Child(
      "python3", ["-c", script, scratch.file("file"), name],
      input: .descriptor(input.fileHandleForReading.fileDescriptor),
      output: .descriptor(output.fileHandleForWriting.fileDescriptor))
    try input.fileHandleForReading.close()
    try output.fileHandleForWriting.close()
    #expect(output.fileHandleForReading.availableData == Data("locked\n".utf8))
    return (program, input)
  }

  @Test("a holder is named while it holds the lock, shared or not, and only for its bytes", arguments: [true, false])
  func holder(shared: Bool) throws {
    #expect(holder(0..<10) == nil)
    let (program, input) = try locker(shared: shared, name: "auditor")
    #expect(holder(0..<10) == LockHolder(pid: program.pid))
    #expect(holder(5..<6)?.command == "auditor")
    #expect(holder(0..<3) == nil)
    #expect(holder(6..<10) == nil)
    try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8))
    program.wait()
    #expect(holder(0..<10) == nil)
  }

  @Test("a name with control characters is shown without them")
  func controlCharacters() throws {
    let (program, input) = try locker(shared: true, name: "a\u{1B}[31m\u{202E}b")
    #expect(holder(3..<4)?.command == #"a\u{1b}[31m\u{202e}b"#)
    try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8))
    program.wait()
  }

  @Test("a process that has ended has no name, and neither has one that the kernel does not tell")
  func gone() throws {
    let child = try Child("true", [])
    let pid = child.pid
    child.wait()
    #expect(LockHolder(pid: pid).command == nil)
    #expect(LockHolder(pid: nil).command == nil)
  }
}
