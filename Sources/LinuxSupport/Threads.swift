// Threads of the program's own, for work that may block for good or needs its own priority.

internal import Glibc

/// Starts a thread that runs `body` once and that nobody waits for. It inherits the caller's blocked signals. Source:
/// pthread_create(3).
///
/// For what may block for ever, such as a write to a pipe that nobody reads: in a pool of threads it would take a place that
/// others wait for.
package func startThread(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
  pthread_detach(try createThread(body))
}

/// A running thread that is waited for. The kernel schedules by thread, so a nice value holds for one thread and not for the
/// process; only a thread of the program's own can be given one, since a pool's threads also do work of others.
package struct OwnThread: Sendable {
  private let thread: pthread_t

  /// Starts a thread that runs `body`. `niceness` is how far it stands back behind the program's other threads where all
  /// processors are taken, 0 to 19. Throws what pthread_create(3) answers.
  package init(niceness: Int32 = 0, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
    thread = try createThread {
      // Without it the work is done all the same, only with the priority of the rest.
      if niceness > 0 { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
      body()
    }
  }

  /// Waits until the thread's body has returned. To be called once.
  package func join() { pthread_join(thread, nil) }
}

private final class ThreadBody {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func createThread(_ body: @escaping @Sendable () -> Void) throws(SystemError) -> pthread_t {
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
  return thread
}
