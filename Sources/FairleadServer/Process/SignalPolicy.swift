// What each signal does to the daemon; docs/guide/installing.md has the same as a table.

internal import Glibc

/// Signals that are in no case here keep their default: SIGKILL and SIGSTOP, SIGTSTP, SIGTTIN and SIGCONT of job control, SIGQUIT
/// and the faults, which end the process at once and leave a core, and those whose default is to be ignored.
enum SignalPolicy {
  /// The first one stops the daemon, a second one ends it at once.
  case stop
  /// It is noted, and the daemon goes on: nobody who sends it means to end a ledger's daemon.
  case note(String)
  /// Nothing happens. What it reports is an error of the call that caused it, and handled there.
  case ignore

  /// Every signal with a policy, in the order of their numbers.
  static let all: [(number: Int32, name: String, policy: SignalPolicy)] =
    [
      (SIGHUP, "SIGHUP", .note("settings are read at the start only; restart the daemon to change them")),
      (SIGINT, "SIGINT", .stop),
      (SIGUSR1, "SIGUSR1", .note(meaningless)),
      (SIGUSR2, "SIGUSR2", .note(meaningless)),
      (SIGPIPE, "SIGPIPE", .ignore),
      (SIGALRM, "SIGALRM", .note(meaningless)),
      (SIGTERM, "SIGTERM", .stop),
      (SIGSTKFLT, "SIGSTKFLT", .note(meaningless)),
      // With 'stty tostop' a terminal would stop a daemon in the background at each line of its log.
      (SIGTTOU, "SIGTTOU", .ignore),
      (SIGXCPU, "SIGXCPU", .note("its limit of processor time is reached; the kernel kills it at the hard limit")),
      (SIGXFSZ, "SIGXFSZ", .ignore),
      (SIGVTALRM, "SIGVTALRM", .note(meaningless)),
      (SIGPROF, "SIGPROF", .note(meaningless)),
      (SIGIO, "SIGIO", .note(meaningless)),
      (SIGPWR, "SIGPWR", .note("a change that is acknowledged survives a power cut")),
    ]
    + (__libc_current_sigrtmin()...__libc_current_sigrtmax()).map { ($0, "real-time signal \($0)", .note(meaningless)) }

  private static let meaningless = "it has no meaning here; SIGTERM stops the daemon"
}
