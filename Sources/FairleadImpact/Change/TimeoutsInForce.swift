// Which IPVS timeouts the kernels of the nodes hold, as far as the ledger shows.

internal import FairleadModel

/// An IPVS timeout as a running node has it: one number, or a few where the ledger does not show which one it is.
struct TimeoutInForce: Hashable {
  /// Seconds, the likeliest number first.
  let candidates: [Int]
  /// Whether a document certainly set it and the kernel certainly took it. A timeout that no document set can be another
  /// number on a node where someone ran ipvsadm.
  let isCertain: Bool
  private let origin: Origin

  /// Where the numbers come from. Its text is made only on demand, since most rules need the numbers alone.
  fileprivate indirect enum Origin: Hashable {
    case kernel(Int)
    case kernelOrEarlier(Int, written: Int)
    case document(Int)
    case documentOr(Int, Origin)
    case refused(Origin)
    case notSet(Origin)

    var words: String {
      switch self {
      case .kernel(let kernel): "\(kernel) s, the kernel's default"
      case .kernelOrEarlier(let kernel, let written):
        "\(kernel) s, the kernel's default, or \(written) s where a node still has what an earlier revision set"
      case .document(let seconds): "\(seconds) s, as the document sets it"
      case .documentOr(let seconds, let old):
        "\(seconds) s, or \(old.words), if the kernel refuses the document's timeouts (VAL-03)"
      case .refused(let old): "\(old.words), since it refuses the document's timeouts (VAL-03)"
      case .notSet(let old): "\(old.words), since the document sets none"
      }
    }
  }

  fileprivate init(_ candidates: [Int], isCertain: Bool = false, _ origin: Origin) {
    self.candidates = candidates
    self.isCertain = isCertain
    self.origin = origin
  }

  /// The numbers and where they come from, to follow "forgotten after".
  var words: String { origin.words }

  // The timeout after a document that leaves it out, that the kernel refuses, or that it may refuse.

  fileprivate func kept() -> TimeoutInForce { TimeoutInForce(candidates, isCertain: isCertain, .notSet(origin)) }
  fileprivate func refusing() -> TimeoutInForce { TimeoutInForce(candidates, isCertain: isCertain, .refused(origin)) }
  fileprivate func orElse(_ seconds: Int) -> TimeoutInForce {
    TimeoutInForce([seconds] + candidates.filter { $0 != seconds }, .documentOr(seconds, origin))
  }

  var shortest: Int { candidates.min() ?? 0 }
  var longest: Int { candidates.max() ?? 0 }
  /// The numbers alone.
  var seconds: String { candidates.map { "\($0) s" }.joined(separator: " or ") }
}

extension ConfigChange {
  /// What the nodes hold before the change, whether IPVS runs or not: the kernel holds these numbers in any mode.
  func timeoutBefore(_ key: IPVSTimeout) -> TimeoutInForce {
    let idle = idle(key)
    return written(key, by: before?.timeouts ?? [:], over: idle) ?? idle
  }

  /// What the nodes hold once IPVS runs as the change leaves it. A timeout that the document does not set keeps the
  /// number that it had.
  func timeoutAfter(_ key: IPVSTimeout) -> TimeoutInForce {
    let old = timeoutBefore(key)
    return written(key, by: after.timeouts, over: old) ?? old.kept()
  }

  /// What the kernel holds without the document: its default, or what an earlier revision wrote, until a reboot.
  private func idle(_ key: IPVSTimeout) -> TimeoutInForce {
    let kernel = key.kernelDefaultSeconds
    guard let written = kernelTimeouts[key], written != kernel else {
      return TimeoutInForce([kernel], .kernel(kernel))
    }
    return TimeoutInForce([kernel, written], .kernelOrEarlier(kernel, written: written))
  }

  /// What the kernel holds once kube-proxy has written `timeouts` over `old`; `nil` where they do not have `key`.
  private func written(
    _ key: IPVSTimeout, by timeouts: [IPVSTimeout: Int], over old: TimeoutInForce
  ) -> TimeoutInForce? {
    guard let seconds = timeouts[key] else { return nil }
    switch IPVSTimeoutLimits.answer(to: timeouts) {
    case .takes: return TimeoutInForce([seconds], isCertain: true, .document(seconds))
    case .mayRefuse: return old.orElse(seconds)
    case .refuses: return old.refusing()
    }
  }
}

// MARK: Keepalives

extension ConfigChange {
  /// How long connection tracking keeps an idle TCP connection, in every mode: a day.
  static var conntrackSeconds: Int { 86_400 }
  /// After how many idle seconds a kernel sends the first keepalive of a connection that asks for them, by default.
  static var kernelKeepaliveSeconds: Int { 7200 }

  /// Whether the applications' keepalives come before an idle connection is forgotten; `nil` where their interval is not
  /// recorded. An interval of 0 stands for no keepalives.
  func keepsAlive(within timeout: Int) -> Bool? {
    facts.count(.keepaliveSeconds).map { $0 > 0 && $0 < timeout }
  }

  /// What becomes of an idle connection that is forgotten after `timeout` seconds.
  func idleEffect(within timeout: Int) -> String {
    switch facts.count(.keepaliveSeconds) {
    case .some(0):
      "The applications send no keepalives, and neither end is told: the next packet is reset or lost."
    case .some(let seconds) where keepsAlive(within: timeout) == true:
      "The applications' keepalives, at most \(seconds) s apart, come before that and keep them."
    case .some(let seconds):
      "The applications' keepalives are up to \(seconds) s apart and can come too late: the next packet is then "
        + "reset or lost."
    case .none:
      "Neither end is told: the next packet is reset or lost. Keepalives that come sooner prevent it; their interval "
        + "is not recorded (\(FactKey.keepaliveSeconds.flag))."
    }
  }
}
