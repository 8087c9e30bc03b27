// A server on a Unix socket that answers lines as a test prescribes, on its own thread.

import Foundation
import LinuxSupport

/// Answers each line that a connection sends, until it is deallocated.
final class ScriptedServer: @unchecked Sendable {  // The thread alone touches what changes; stop is one shutdown.
  /// A line came on a connection: the lines to send, each on a connection; -1 is every connection that asked to watch.
  typealias Answer = (_ line: String, _ connection: Int) -> [(connection: Int, line: String)]

  let path: String
  private let listener: Int32
  private let thread: Thread

  init(_ answer: @escaping @Sendable (_ line: String, _ connection: Int) -> [(connection: Int, line: String)]) throws {
    let path = "/tmp/fl-load-\(UUID().uuidString.prefix(12)).sock"
    self.path = path
    let listener = try UnixSocket.listening(at: path, backlog: 64)
    self.listener = listener
    thread = Thread { Self.serve(listener, answer) }
    thread.start()
  }

  deinit {
    // Wakes the thread, which closes everything.
    shutdown(listener, Int32(SHUT_RDWR))
    unlink(path)
  }

  private static func serve(_ listener: Int32, _ answer: Answer) {
    var polls = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
    var buffers: [[UInt8]] = [[]]
    var watchers: [Int] = []
    defer { for entry in polls { close(entry.fd) } }
    while true {
      _ = poll(&polls, nfds_t(polls.count), -1)
      if polls[0].revents != 0 {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        polls.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
        buffers.append([])
      }
      for index in polls.indices.dropFirst() where polls[index].revents != 0 {
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = recv(polls[index].fd, &chunk, chunk.count, 0)
        guard count > 0 else {
          close(polls[index].fd)
          polls[index].fd = -1
          polls[index].revents = 0
          continue
        }
        buffers[index] += chunk[..<count]
        while let end = buffers[index].firstIndex(of: UInt8(ascii: "\n")) {
          let line = String(decoding: buffers[index][..<end], as: UTF8.self)
          buffers[index].removeSubrange(...end)
          if line.contains("change.watch") { watchers.append(index) }
          for (connection, text) in answer(line, index) {
            for target in connection < 0 ? watchers : [connection] {
              let bytes = Array("\(text)\n".utf8)
              _ = send(polls[target].fd, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            }
          }
        }
      }
    }
  }
}
