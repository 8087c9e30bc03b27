// A thread of its own, for work that may block for good.

internal import Glibc

private final class ThreadBody {
  let run: () -> Void
  init(_ run: @escaping () -> Void) { self.run = run }
}

/// Starts a thread that runs `body` once and that nobody waits for. It inherits the caller's blocked signals. Source:
/// pthread_create(3).
///
/// For what may block for ever, such as a write to a pipe that nobody reads: in a pool of threads it would take a place that
/// others wait for.
package func startThread(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
  let argument = Unmanaged.passRetained(ThreadBody(body))
  var thread = pthread_t()
  let code = pthread_create(
    &thread, nil,
    { argument in
      // `argument` is what is passed below; only the C declaration makes it optional.
      if let argument { Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run() }
      return nil
    }, argument.toOpaque())
  guard code == 0 else {
    argument.release()
    throw SystemError(errno: code)
  }
  pthread_detach(thread)
}
