// Why a measurement ended without a result.

internal import LinuxSupport
internal import Glibc

/// What went wrong between the generator and its peer. Such a run gives no figures.
package enum LoadError: Error, Sendable, Hashable, CustomStringConvertible {
  case unreachable(String, errno: Int32)
  /// A reply that is an error, or not what was asked for, as it came.
  case refused([UInt8])
  /// The peer closed a connection while replies were due.
  case closed
  /// No reply for `seconds` seconds.
  case silent(seconds: Int)
  /// Bytes that are no reply in the load's framing.
  case malformed(String)
  /// A watcher received something else than the change that was made.
  case misled(String)
  /// A signal asked to stop.
  case interrupted(signal: Int32)
  case system(String, errno: Int32)

  package var description: String {
    switch self {
    case .unreachable(let place, let code): "cannot connect to \(place): \(describe(errno: code))"
    case .refused(let reply): "cannot measure a refusal: \(String(decoding: reply.prefix(2000), as: UTF8.self))"
    case .closed: "cannot go on: the other side closed the connection"
    case .silent(let seconds): "cannot go on: no reply for \(seconds) seconds"
    case .malformed(let what): "cannot understand a reply: \(what)"
    case .misled(let what): "cannot trust the watch: \(what)"
    case .interrupted(let signal): "cannot go on: stopped by signal \(signal)"
    case .system(let what, let code): "cannot \(what): \(describe(errno: code))"
    }
  }
}
