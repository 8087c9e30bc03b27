// Signals as values that a thread waits for, in place of handlers that interrupt one.

internal import Glibc

/// A signal that was sent to this process. Source: sigaction(2), siginfo_t.
package struct ReceivedSignal: Sendable, Hashable {
  package let number: Int32
  /// Who sent it; `nil` where the kernel did, such as for an interrupt key or a timer.
  package let sender: Sender?

  package struct Sender: Sendable, Hashable {
    package let pid: Int32
    package let uid: UInt32
  }
}

/// A set of signals that are kept until a thread takes them with `wait`. Source: signal(7), "Synchronously accepting a signal".
package struct SignalSet: Sendable {
  private let signals: sigset_t

  package init(_ numbers: some Sequence<Int32>) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in numbers { sigaddset(&set, number) }
    signals = set
  }

  /// Has the kernel keep these signals from here on. To be called before the first thread is started: a thread inherits what
  /// is blocked, and a single thread that blocks nothing would take the default action.
  package func block() {
    var set = signals
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Waits for one of the signals, at most until `deadline` by `monotonicNanoseconds`; `nil` where it passes. Without a
  /// deadline it waits for good. Source: sigtimedwait(2).
  package func wait(until deadline: Int? = nil) -> ReceivedSignal? {
    var set = signals
    while true {
      var info = siginfo_t()
      let number: Int32
      if let deadline {
        let left = max(0, deadline - monotonicNanoseconds())
        var time = timespec(tv_sec: left / 1_000_000_000, tv_nsec: left % 1_000_000_000)
        number = sigtimedwait(&set, &info, &time)
      } else {
        number = sigwaitinfo(&set, &info)
      }
      if number > 0 { return ReceivedSignal(number: number, sender: sender(info)) }
      // Stopped and continued, or a signal outside the set: waited for anew, for what is left.
      if errno == EINTR { continue }
      return nil
    }
  }

  /// What kill(2), sigqueue(3) and tgkill(2) leave: a code that is not positive, and the sender.
  private func sender(_ info: siginfo_t) -> ReceivedSignal.Sender? {
    guard info.si_code <= 0 else { return nil }
    return ReceivedSignal.Sender(pid: info._sifields._kill.si_pid, uid: info._sifields._kill.si_uid)
  }
}

/// Ends this process by the default action of `signal`, which this thread accepts from here on. To be called where every other
/// thread blocks it.
package func endProcess(by number: Int32) {
  signal(number, SIG_DFL)
  var set = sigset_t()
  sigemptyset(&set)
  sigaddset(&set, number)
  pthread_sigmask(SIG_UNBLOCK, &set, nil)
  kill(getpid(), number)
}

/// Has the kernel drop these signals. Source: signal(7), SIG_IGN.
package func ignoreSignals(_ numbers: some Sequence<Int32>) {
  for number in numbers { signal(number, SIG_IGN) }
}

/// Gives these signals their default action, whatever this process inherited. Source: signal(7): exec keeps what is ignored.
package func resetSignals(_ numbers: some Sequence<Int32>) {
  for number in numbers { signal(number, SIG_DFL) }
}
