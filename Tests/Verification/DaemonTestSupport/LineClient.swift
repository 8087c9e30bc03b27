// A client that sends lines over a Unix socket, as malformed as a test wants them.

package import ExactJSON
internal import Foundation
internal import LinuxSupport

/// One connection. A reply that takes longer than `patience` seconds is a failure.
package final class LineClient {
  private let descriptor: Int32
  private let patience: Int
  private var buffer: [UInt8] = []
  /// Where the first line starts that was not returned, and how far no line feed was found.
  private var start = 0
  private var searched = 0

  package init(path: String, patience seconds: Int = 30) throws {
    patience = seconds
    do throws(SystemError) {
      descriptor = try UnixSocket.connected(to: path)
    } catch {
      throw Failure("connect \(path): \(describe(errno: error.errno))")
    }
    // A daemon that hangs fails the test instead of blocking it.
    var patience = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  /// Sends bytes, and returns how many were accepted before the daemon ended the connection.
  @discardableResult
  package func send(_ bytes: [UInt8], flags: Int32 = 0) -> Int {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, flags | Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { break }
      sent += count
    }
    return sent
  }

  package func send(_ text: String) { send(Array(text.utf8)) }

  /// Sends as much as is accepted without waiting, and says whether the daemon stopped reading.
  package func sendUntilRefused(_ bytes: [UInt8], atMost limit: Int) -> Bool {
    var total = 0
    while total < limit {
      let count = send(bytes, flags: Int32(MSG_DONTWAIT))
      total += count
      if count < bytes.count { return true }
    }
    return false
  }

  /// Shuts the sending side down.
  package func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next line without its line feed; `nil` where the daemon ended the connection.
  package func readLine() throws -> String? { try readBytes().map { String(decoding: $0, as: UTF8.self) } }

  /// The same, as the bytes that came.
  package func readBytes() throws -> [UInt8]? {
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(buffer[start..<end])
        start = end + 1
        searched = start
        return line
      }
      buffer.removeSubrange(..<start)
      start = 0
      searched = buffer.count
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count < 0, errno == EAGAIN { throw Failure("no answer in \(patience) seconds") }
      guard count > 0 else { return nil }
      buffer.append(contentsOf: chunk[..<count])
    }
  }

  /// Sends a request, and returns the reply's `result` or `error`.
  package func call(_ method: String, _ params: JSON = [:], id: Int = 1) throws -> JSON {
    let request: JSON = ["jsonrpc": "2.0", "id": .integer(id), "method": .string(method), "params": params]
    send(request.text + "\n")
    guard let line = try readLine() else { throw Failure("\(method): the connection ended without a reply") }
    let reply = try JSON(parsing: line)
    guard reply["id"] == .integer(id), let answer = reply["result"] ?? reply["error"] else {
      throw Failure("\(method): an odd reply: \(line)")
    }
    return answer
  }
}

extension LineClient {
  /// Registers what a kube-proxy configuration needs.
  package func openGates() throws {
    _ = try call(
      "feature.register", ["namespace": "Microsoft.ContainerService", "name": "KubeProxyConfigurationPreview"])
    _ = try call("provider.register", ["namespace": "Microsoft.ContainerService"])
    _ = try call("extension.set", ["name": "aks-preview"])
  }
}
