// The console of this process: its three standard streams.

internal import Glibc
internal import LinuxSupport

final class ProcessConsole: Console {
  let outLayout: Layout
  let errLayout: Layout
  let isInteractive: Bool
  /// The error number of the first write to stdout that failed.
  private var outError: Int32?

  init(environment: Environment) {
    let out = isatty(STDOUT_FILENO) == 1
    let err = isatty(STDERR_FILENO) == 1
    outLayout = Layout(isTerminal: out, columns: Self.columns(STDOUT_FILENO), environment: environment)
    errLayout = Layout(isTerminal: err, columns: Self.columns(STDERR_FILENO), environment: environment)
    isInteractive = err && isatty(STDIN_FILENO) == 1
    // A closed reader is an error of write, not a signal that ends this process.
    signal(SIGPIPE, SIG_IGN)
  }

  var outDescriptor: Int32? { STDOUT_FILENO }

  var isClosed: Bool { outError != nil }

  /// What went wrong with stdout, where a reader that has seen enough is nothing wrong.
  var outFailure: String? { outError.flatMap { $0 == EPIPE ? nil : describe(errno: $0) } }

  func out(_ text: String) {
    guard outError == nil else { return }
    outError = Self.write(text, to: STDOUT_FILENO)
  }

  func err(_ text: String) { _ = Self.write(text, to: STDERR_FILENO) }

  func readLine() -> String? { Swift.readLine(strippingNewline: true) }

  func pause(milliseconds: Int) -> Bool {
    // With no events requested, poll still reports a pipe whose other end is closed.
    var stream = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    _ = poll(&stream, 1, Int32(clamping: milliseconds))
    return stream.revents == 0 && outError == nil
  }

  private static func columns(_ descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Writes all of `text`; the error number where that fails.
  private static func write(_ text: String, to descriptor: Int32) -> Int32? {
    var text = text
    return text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
        if count >= 0 {
          written += count
        } else if errno != EINTR {
          return errno
        }
      }
      return nil
    }
  }
}
