// A JSON document that the command line names: read whole and parsed strictly; its name is in every refusal.

internal import ExactJSON
internal import FairleadModel
internal import Glibc
internal import LinuxSupport

struct InputFile: Sendable, Hashable {
  /// The path as it was given; `-` is standard input.
  let path: String

  init(_ path: String) { self.path = path }

  /// How a message names the file.
  var name: String { path == "-" ? "standard input" : "'\(path)'" }

  /// The JSON object in the file.
  func object() throws(Failure) -> JSONObject {
    var bytes = try read()[...]
    // Editors on Windows put a byte order mark first; RFC 8259 lets a reader ignore it.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    let value: JSON
    do throws(JSONSyntaxError) {
      value = try JSON(parsing: bytes)
    } catch {
      throw unreadable(bytes, error)
    }
    guard case .object(let object) = value else {
      throw .usage("cannot take \(name): it holds \(value.typeName), not a JSON object")
    }
    return object
  }

  private func read() throws(Failure) -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(errno) }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(errno)
      }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= Limits.lineBytes else {
        throw .usage("cannot take \(name): it is larger than \(Limits.lineBytes) bytes, which a request holds at most")
      }
    }
  }

  private func failure(_ code: Int32) -> Failure {
    switch code {
    case ENOENT: .failed("cannot read \(name): there is no such file")
    case EACCES, EPERM: .failed("cannot read \(name): you are not allowed to")
    case EISDIR: .failed("cannot read \(name): it is a directory")
    default: .failed("cannot read \(name): \(describe(errno: code))")
    }
  }
}
