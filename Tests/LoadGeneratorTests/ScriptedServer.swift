// A server on a Unix socket that answers lines as a test wants, on a thread of its own.

import Foundation

/// Answers each line that a connection sends. It ends when the test lets go of it.
final class ScriptedServer: @unchecked Sendable {  // The thread alone touches what changes; stop is one shutdown.
  /// A line came on a connection: the lines to send, each on a connection; -1 is every connection that asked to watch.
  typealias Answer = (_ line: String, _ connection: Int) -> [(connection: Int, line: String)]

  let path: String
  private let listener: Int32
  private let thread: Thread

  init(_ answer: @escaping @Sendable (_ line: String, _ connection: Int) -> [(connection: Int, line: String)]) {
    let path = "/tmp/fl-load-\(UUID().uuidString.prefix(12)).sock"
    self.path = path
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    precondition(bound == 0 && listen(listener, 64) == 0)
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
