// Locks, descriptors, folders, clocks and names, as the kernel gives them.

import DaemonTestSupport
import Foundation
@testable import LinuxSupport
import Testing

@Suite("Users of this machine")
struct LocalUsersTests {
  @Test("names and numbers are those of the file, whatever else its lines hold")
  func file() throws {
    let scratch = try Scratch()
    let path = try scratch.write(
      "root:x:0:0:root:/root:/bin/sh\n\nbroken line\nhalf:x\nfairlead:x:990:990::/nonexistent:/usr/sbin/nologin\nbig:x:4294967296:1::/:\n",
      to: "passwd")
    let users = LocalUsers(path: path)
    #expect(users.uid(of: "root") == 0)
    #expect(users.uid(of: "fairlead") == 990)
    #expect(users.name(of: 990) == "fairlead")
    #expect(users.uid(of: "big") == nil)
    #expect(users.uid(of: "half") == nil)
    #expect(users.name(of: 1) == nil)
  }

  @Test("without the file there is nobody")
  func missing() throws {
    #expect(LocalUsers(path: try Scratch().file("passwd")).uid(of: "root") == nil)
  }
}

@Suite("Files and descriptors")
struct FileTests {
  @Test("a lock is held by one, names its holder, and can be had again once it is released")
  func lock() throws {
    let path = try Scratch().file("lock")
    let scratch = try Scratch()
    #expect(throws: FileLock.Failure.system(errno: ENOENT)) { try FileLock(path: path) }
    let held = try FileLock(path: scratch.file("lock"))
    #expect(throws: FileLock.Failure.held(by: .owner(pid: getpid()))) { try FileLock(path: scratch.file("lock")) }
    held.release()
    try FileLock(path: scratch.file("lock")).release()
  }

  @Test(
    "the kernel drops the lock of a process that is killed; the pid that an earlier holder left is not taken for its")
  func lockOfTheDead() throws {
    let scratch = try Scratch()
    let path = try scratch.write("4242\n", to: "lock")
    let pipe = try makePipe(atLeast: 10)
    let holder = try Child(
      "flock", [path, "sh", "-c", "echo locked; exec sleep 600"], output: .descriptor(pipe.write), leadsGroup: true)
    close(pipe.write)
    #expect(FileHandle(fileDescriptor: pipe.read, closeOnDealloc: true).availableData == Data("locked\n".utf8))
    #expect(throws: FileLock.Failure.held(by: .other(pid: holder.pid))) { try FileLock(path: path) }
    // The shell and what it started hold the lock together.
    kill(-holder.pid, SIGKILL)
    #expect(holder.wait() == -SIGKILL)
    // The last holder may be a moment behind the one that was waited for; flock itself waits for it.
    #expect(try Child("flock", [path, "true"]).wait() == 0)
    try FileLock(path: path).release()
  }

  @Test("a lock's file is this user's alone, whatever the umask was and whoever made it more open since")
  func lockMode() throws {
    let path = try Scratch().file("missing/lock")
    #expect(throws: FileLock.Failure.system(errno: ENOENT)) { try FileLock(path: path) }
    let scratch = try Scratch()
    for _ in 0..<2 {
      try FileLock(path: scratch.file("lock")).release()
      #expect(try FileStatus(path: scratch.file("lock")).mode == 0o600)
      #expect(chmod(scratch.file("lock"), 0o666) == 0)
    }
  }

  @Test("a lock is refused where something else is in its place, and that is untouched")
  func lockInTheWay() throws {
    let scratch = try Scratch()
    let victim = try scratch.write("precious", to: "victim")
    let path = scratch.file("lock")
    func expect(_ fault: FileFault, _ make: () throws -> Void) throws {
      try make()
      #expect(throws: FileLock.Failure.notOwn(fault)) { try FileLock(path: path) }
      try FileManager.default.removeItem(atPath: path)
    }
    let files = FileManager.default
    try expect(.symbolicLink) { try files.createSymbolicLink(atPath: path, withDestinationPath: victim) }
    try expect(.symbolicLink) {
      try files.createSymbolicLink(atPath: path, withDestinationPath: scratch.file("nothing"))
    }
    try expect(.names(2)) { try files.linkItem(atPath: victim, toPath: path) }
    try expect(.notRegular) { #expect(mkfifo(path, 0o600) == 0) }
    try expect(.notRegular) { try files.createDirectory(atPath: path, withIntermediateDirectories: false) }
    if geteuid() == 0 {
      try expect(.owner(uid: 65534)) {
        try scratch.write("", to: "lock")
        #expect(chown(path, 65534, 65534) == 0)
      }
    }
    #expect(try String(contentsOfFile: victim, encoding: .utf8) == "precious")
    #expect(!files.fileExists(atPath: scratch.file("nothing")))
  }

  @Test("a lock's note stays for the next holder, and for whoever looks at the file")
  func lockNote() throws {
    let path = try Scratch().file("lock")
    let scratch = try Scratch()
    #expect(FileLock.note(at: path).isEmpty)
    let first = try FileLock(path: scratch.file("lock"))
    #expect(first.note.isEmpty)
    first.write(note: "seven 7\n")
    #expect(throws: FileLock.Failure.held(by: .owner(pid: getpid()))) { try FileLock(path: scratch.file("lock")) }
    first.release()
    #expect(FileLock.note(at: scratch.file("lock")) == "seven 7\n")
    let second = try FileLock(path: scratch.file("lock"))
    #expect(second.note == "seven 7\n")
    second.release()
  }

  @Test("a lock's note is whole again with the next one where somebody emptied the file, and so is the pid")
  func emptiedLock() throws {
    let scratch = try Scratch()
    let path = scratch.file("lock")
    let lock = try FileLock(path: path)
    defer { lock.release() }
    lock.write(note: "seven 7\n")
    let whole = try String(contentsOfFile: path, encoding: .utf8)
    #expect(truncate(path, 0) == 0)
    lock.write(note: "seven 7\n")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == whole)
    #expect(FileLock.note(at: path) == "seven 7\n")
    #expect(throws: FileLock.Failure.held(by: .owner(pid: getpid()))) { try FileLock(path: path) }
  }

  @Test("an open file is known where it is now, until it has no name")
  func place() throws {
    let scratch = try Scratch()
    let path = try scratch.write("x", to: "a")
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    #expect(currentPath(descriptor: descriptor) == path)
    try FileManager.default.moveItem(atPath: path, toPath: scratch.file("b"))
    #expect(currentPath(descriptor: descriptor) == scratch.file("b"))
    #expect(try FileStatus(path: scratch.file("b")).identity == FileStatus(descriptor: descriptor).identity)
    try FileManager.default.removeItem(atPath: scratch.file("b"))
    #expect(currentPath(descriptor: descriptor) == nil)
    try copyFile(descriptor: descriptor, toNew: scratch.file("c"))
    #expect(try String(contentsOfFile: scratch.file("c"), encoding: .utf8) == "x")
    #expect(throws: SystemError(errno: EEXIST)) { try copyFile(descriptor: descriptor, toNew: scratch.file("c")) }
  }

  @Test("a file is known by the same device and inode with its times as without, and a link is itself")
  func namedFile() throws {
    let scratch = try Scratch()
    let path = try scratch.write("four", to: "a")
    #expect(link(path, scratch.file("b")) == 0)
    #expect(symlink(path, scratch.file("c")) == 0)
    for name in ["a", "b", "c"] {
      let (file, status) = (try NamedFile(path: scratch.file(name)), try FileStatus(path: scratch.file(name)))
      #expect((file.identity, file.names, file.size) == (status.identity, status.names, status.size))
    }
    #expect(try NamedFile(path: path).names == 2)
    #expect(throws: SystemError(errno: ENOENT)) { try NamedFile(path: scratch.file("d")) }
    // Others have device numbers of more than one part.
    for path in ["/", "/proc", "/dev", "/dev/null", "/dev/shm"] {
      #expect(try NamedFile(path: path).identity == FileStatus(path: path).identity, "\(path)")
    }
  }

  @Test("a pipe's ends are closed by exec, and lie as high as they are asked to")
  func pipes() throws {
    let pipe = try makePipe(atLeast: 20)
    defer {
      close(pipe.read)
      close(pipe.write)
    }
    #expect(pipe.read >= 20 && pipe.write >= 20)
    #expect(fcntl(pipe.read, F_GETFD) == FD_CLOEXEC && fcntl(pipe.write, F_GETFD) == FD_CLOEXEC)
    try writeAll([1, 2, 3], to: pipe.write)
    var bytes = [UInt8](repeating: 0, count: 8)
    #expect(read(pipe.read, &bytes, 8) == 3)
  }

  @Test("a file in memory is read from its beginning")
  func memory() throws {
    let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    let file = FileHandle(fileDescriptor: try memoryFile(content), closeOnDealloc: true)
    #expect(fcntl(file.fileDescriptor, F_GETFD) == FD_CLOEXEC)
    #expect(try file.readToEnd() == Data(content))
  }

  @Test("writing to a pipe that nobody reads is an error")
  func brokenPipe() throws {
    signal(SIGPIPE, SIG_IGN)
    let pipe = try makePipe()
    close(pipe.read)
    defer { close(pipe.write) }
    #expect(throws: SystemError(errno: EPIPE)) { try writeAll([1], to: pipe.write) }
  }

  @Test("a temporary folder is its maker's alone, and no two are the same")
  func folders() throws {
    let scratch = try Scratch()
    let made = try makeTemporaryFolder(in: scratch.path, prefix: "p-")
    #expect(made.hasPrefix("\(scratch.path)/p-"))
    let attributes = try FileManager.default.attributesOfItem(atPath: made)
    #expect(attributes[.posixPermissions] as? Int == 0o700)
    #expect(try makeTemporaryFolder(in: scratch.path, prefix: "p-") != made)
    #expect(throws: SystemError(errno: ENOENT)) { try makeTemporaryFolder(in: "/nowhere", prefix: "p-") }
  }

  @Test("links are followed, and what is not there stays as it is written")
  func links() throws {
    let scratch = try Scratch()
    let target = try scratch.write("", to: "target")
    symlink(target, scratch.file("link"))
    #expect(resolved(scratch.file("link")) == resolved(target))
    #expect(resolved("/nowhere/at/all") == "/nowhere/at/all")
  }

  @Test("the limit of descriptors is raised to the hard one")
  func descriptors() {
    raiseDescriptorLimit()
    var limit = rlimit()
    #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
    #expect(limit.rlim_cur == limit.rlim_max)
  }
}

@Suite("Clocks, users and processes")
struct KernelTests {
  @Test("no clock goes back between two looks")
  func clocks() {
    let (boot, monotonic) = (bootMilliseconds(), monotonicNanoseconds())
    #expect(bootMilliseconds() >= boot && monotonicNanoseconds() >= monotonic)
    // Time since the boot counts suspension, the other clock does not.
    #expect(bootMilliseconds() >= monotonicNanoseconds() / 1_000_000)
  }

  @Test("the wall clock is the one that Foundation shows")
  func wall() {
    let before = Int(Date().timeIntervalSince1970 * 1000)
    let wall = wallMilliseconds()
    #expect(wall >= before - 1 && wall <= Int(Date().timeIntervalSince1970 * 1000) + 1)
  }

  @Test("a boot has one id, a UUID")
  func boot() throws {
    let id = try #require(bootID())
    #expect(UUID(uuidString: id) != nil)
    #expect(bootID() == id)
  }

  @Test("a user has a login name, and one that the system does not know has its number")
  func users() {
    #expect(userName(of: 0) == "root")
    #expect(userName(of: 4_000_000_123) == "4000000123")
  }

  @Test("an errno has the C library's words, an unknown one too")
  func words() {
    #expect(describe(errno: ENOENT) == "No such file or directory")
    #expect(describe(errno: 99_999) == "Unknown error 99999")
  }

  @Test("a process that runs has memory, and one that does not exist has none")
  func memory() throws {
    #expect(try #require(residentKiB(of: getpid())) > 1000)
    #expect(residentKiB(of: 1 << 30) == nil)
  }
}

@Suite("The arguments that the kernel has")
struct ProcessArgumentsTests {
  @Test("they are those that this process was started with")
  func own() throws {
    #expect(kernelArguments() == CommandLine.arguments)
  }

  @Test("each ends with a zero byte, empty ones included")
  func text() {
    #expect(
      arguments(inCommandLine: Array("fairleadd\0--settle\0".utf8) + [0] + Array("1\0".utf8)) == [
        "fairleadd", "--settle", "", "1",
      ])
    #expect(arguments(inCommandLine: Array("fairleadd\0".utf8) + [0]) == ["fairleadd", ""])
    #expect(arguments(inCommandLine: []) == [])
  }
}
