// A temporary folder for a test, and a listening socket in one.

internal import Foundation
internal import Glibc
internal import Testing

/// A temporary folder, removed with the last reference to it.
final class Folder: Sendable {
  private let root: String

  init() throws {
    var template = Array("/tmp/fairlead-cli-XXXXXX".utf8CString)
    root = try #require(
      template.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
      })
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(filePath: path(name)))
  }
}

/// A Unix socket that answers one connection.
final class Listener: Sendable {
  let path: String
  private let descriptor: Int32

  init(_ path: String, listens: Bool = true) throws {
    self.path = path
    // The folder may be removed before the socket is closed.
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0)
    if listens { try #require(listen(descriptor, 1) == 0) }
  }

  deinit {
    close(descriptor)
    try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent)
  }

  /// Accepts one connection on another thread, reads a line, sends what `answer` says, and closes. The function that is
  /// returned waits for that.
  func serve(_ answer: @escaping @Sendable (String) -> String) -> () -> Void {
    let descriptor = descriptor
    let thread = DispatchWorkItem {
      let peer = accept(descriptor, nil, nil)
      var line: [UInt8] = []
      var byte: UInt8 = 0
      while recv(peer, &byte, 1, 0) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
      let reply = Array(answer(String(decoding: line, as: UTF8.self)).utf8)
      _ = send(peer, reply, reply.count, Int32(MSG_NOSIGNAL))
      close(peer)
    }
    DispatchQueue.global().async(execute: thread)
    return { thread.wait() }
  }
}
