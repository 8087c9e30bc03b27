// A named pipe through which a program that a test started reports its progress.

import Foundation
import LinuxSupport

final class Fifo {
  let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  init(_ name: String, in scratch: Scratch) throws {
    path = scratch.file(name)
    guard mkfifo(path, 0o600) == 0 else { throw Failure("mkfifo \(path): \(describe(errno: errno))") }
    // Open for writing too, so that reading never meets the end of the file.
    descriptor = open(path, O_RDWR)
  }

  deinit { close(descriptor) }

  /// Waits for the next line.
  func readLine() throws -> String {
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: buffer[..<end], as: UTF8.self)
        buffer.removeSubrange(...end)
        return line
      }
      var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&event, 1, 30_000) == 1 else { throw Failure("nothing came through \(path) in 30 seconds") }
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(descriptor, &chunk, chunk.count)
      guard count > 0 else { throw Failure("nothing to read from \(path)") }
      buffer += chunk[..<count]
    }
  }
}
