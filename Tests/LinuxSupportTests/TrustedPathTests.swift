// Who else could replace a file; and the removal of a folder.

import DaemonTestSupport
import Foundation
@testable import LinuxSupport
import Testing

@Suite("Paths that only their owners can change")
struct TrustedPathTests {
  private func verdict(_ path: String) -> UntrustedPath? {
    do throws(UntrustedPath) {
      try checkOnlyOwnersCanReplace(path)
      return nil
    } catch {
      return error
    }
  }

  @Test("a private file in a folder of its owner's is fine, in a sticky folder that others may write as well")
  func fine() throws {
    let scratch = try Scratch()
    let file = try scratch.write("x", to: "file")
    chmod(file, 0o755)
    #expect(verdict(file) == nil)
    #expect(verdict("/bin/sh") == nil)
    #expect(verdict("\(scratch.path)/../\(URL(filePath: scratch.path).lastPathComponent)/./file") == nil)
  }

  @Test(
    "a file, a folder above it, or a folder above a link's target that others may write is named",
    arguments: [0o775, 0o757])
  func writable(mode: mode_t) throws {
    let scratch = try Scratch()
    for folder in ["a", "a/b"] { mkdir(scratch.file(folder), 0o755) }
    let file = try scratch.write("x", to: "a/b/file")
    chmod(file, 0o755)
    symlink("a/b/file", scratch.file("link"))
    for part in [file, scratch.file("a"), scratch.file("a/b")] {
      chmod(part, mode)
      #expect(verdict(file) == UntrustedPath(path: part, reason: .writable))
      #expect(verdict(scratch.file("link")) == UntrustedPath(path: part, reason: .writable))
      chmod(part, 0o755)
    }
    #expect(verdict(scratch.file("link")) == nil)
  }

  @Test(
    "what another user owns is named, links included", .enabled(if: geteuid() == 0, "only root can give files away"))
  func owner() throws {
    let scratch = try Scratch()
    let file = try scratch.write("x", to: "file")
    chmod(file, 0o755)
    symlink(file, scratch.file("link"))
    lchown(scratch.file("link"), 65534, 65534)
    #expect(verdict(scratch.file("link")) == UntrustedPath(path: scratch.file("link"), reason: .owner(uid: 65534)))
    chown(file, 65534, 65534)
    #expect(verdict(file) == UntrustedPath(path: file, reason: .owner(uid: 65534)))
  }

  @Test("links in a circle and missing parts end with the kernel's error")
  func circle() throws {
    let scratch = try Scratch()
    symlink("b", scratch.file("a"))
    symlink("a", scratch.file("b"))
    #expect(verdict(scratch.file("a"))?.reason == .system(errno: ELOOP))
    #expect(verdict(scratch.file("none"))?.reason == .system(errno: ENOENT))
  }

  @Test("a folder is removed with what is in it, and what its links lead to stays")
  func removal() throws {
    let scratch = try Scratch()
    let kept = try scratch.write("precious", to: "kept")
    let folder = scratch.file("folder")
    for name in ["folder", "folder/a", "folder/a/b"] { mkdir(scratch.file(name), 0o700) }
    try scratch.write("x", to: "folder/a/b/file")
    symlink(kept, scratch.file("folder/link"))
    symlink(scratch.path, scratch.file("folder/a/up"))
    // A name that is not UTF-8.
    let odd = Array("\(folder)/".utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
    close(open(odd, O_CREAT | O_WRONLY, 0o600))
    try removeFolder(folder)
    #expect(!FileManager.default.fileExists(atPath: folder))
    #expect(try String(contentsOfFile: kept, encoding: .utf8) == "precious")
  }
}
