// A daemon that is started for the measurement in a scratch folder; both are removed when it is over.

internal import ExactJSON
internal import LoadGenerator
internal import FairleadModel
internal import Glibc
internal import LinuxSupport

final class ScratchDaemon {
  private let folder: String
  private var child: ChildProcess?
  var socket: String { "\(folder)/s" }

  /// Makes a folder in `parent`, starts the daemon there, and returns once it answers.
  init(in parent: String, _ interruption: Interruption) throws(Failure) {
    let program = try Self.program()
    do throws(SystemError) {
      folder = try makeTemporaryFolder(in: parent, prefix: "fairlead-bench-")
    } catch {
      throw Failure(LoadError.system("make a folder in \(parent)", errno: error.errno))
    }
    do throws(Failure) {
      try start(program, interruption)
    } catch {
      remove()
      throw error
    }
  }

  private func start(_ program: String, _ interruption: Interruption) throws(Failure) {
    let address = SocketAddress(path: socket, origin: .flag)
    guard !address.isTooLong else { throw address.tooLong }
    let log = open("\(folder)/log", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard log >= 0 else { throw .failed("cannot write in \(folder): \(describe(errno: errno))") }
    defer { close(log) }
    do throws(LoadError) {
      let child = try ChildProcess(
        program, ["--socket", socket, "--database", "\(folder)/ledger.db"], output: .descriptor(log),
        errors: .descriptor(log))
      self.child = child
      for _ in 0..<3000 {
        try interruption.check()
        if Target.unix(socket).answers { return }
        if child.hasEnded() {
          self.child = nil
          break
        }
        usleep(5000)
      }
    } catch {
      throw Failure(error)
    }
    throw .failed("cannot start \(program): \(Self.lastLine(of: log) ?? "it does not answer")")
  }

  /// Stops the daemon and removes its folder. Call it once.
  func remove() {
    child?.stop()
    child = nil
    // The daemon makes no folders, so the folder is flat.
    if let listing = opendir(folder) {
      while let entry = readdir(listing) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name != ".", name != ".." { unlink("\(folder)/\(name)") }
      }
      closedir(listing)
    }
    rmdir(folder)
  }

  /// `fairleadd` beside this program, or on the PATH.
  private static func program() throws(Failure) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let own = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let beside = own.split(separator: "/").dropLast().map { "/\($0)" }.joined()
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    for folder in [beside] + path.split(separator: ":").map(String.init) {
      let program = "\(folder)/fairleadd"
      if access(program, X_OK) == 0 { return program }
    }
    throw Failure(
      .failed, "cannot start a daemon to measure: there is no fairleadd in \(beside) or on the PATH",
      hints: ["Name the socket of one that runs with --socket."])
  }

  private static func lastLine(of log: Int32) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = pread(log, &buffer, buffer.count, 0)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split(separator: "\n").last.map(String.init)
  }
}

extension Failure {
  /// Why a measurement ended. A refusal by the daemon reads like that of any other request.
  init(_ error: LoadError) {
    switch error {
    case .refused(let reply):
      switch DaemonReply.result(in: reply, id: 1) {
      case .failure(.refused(let cause)): self.init(cause, method: "", params: JSONObject())
      case .failure(.malformed(let why)):
        self = .unreachable("cannot understand the daemon's reply: \(why)")
      case .success: self = .failed("cannot measure a change that recorded nothing")
      }
    case .unreachable, .closed, .silent, .malformed: self = .unreachable(error.description)
    case .misled, .interrupted, .system: self = .failed(error.description)
    }
  }
}
