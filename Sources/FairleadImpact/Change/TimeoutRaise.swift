// An IPVS timeout that a change raises above what is in force, or above the kernel's default.

internal import FairleadModel

/// A change that sets a timeout above the number that counted before: where IPVS stays, the number in force; where it
/// starts, the kernel's default, since nothing of IPVS was in use.
struct TimeoutRaise {
  /// The new number.
  let seconds: Int
  let certainty: Certainty
  /// The raise in one sentence.
  let words: String

  /// `nil` where the change raises nothing, or the kernel certainly refuses the new number.
  init?(_ key: IPVSTimeout, in change: ConfigChange) {
    guard change.before != nil, let seconds = change.after.timeouts[key],
      IPVSTimeoutLimits.answer(to: change.after.timeouts) != .refuses
    else { return nil }
    self.seconds = seconds
    let isTaken = change.timeoutAfter(key).isCertain
    guard change.staysIPVS else {
      let kernel = key.kernelDefaultSeconds
      guard seconds > kernel else { return nil }
      certainty = isTaken ? .will : .may
      words = "\(key.rawValue) is \(seconds), above the kernel's default of \(kernel)."
      return
    }
    let old = change.timeoutBefore(key)
    guard seconds > old.shortest, change.timeoutAfter(key).candidates != old.candidates else { return nil }
    certainty = isTaken && old.isCertain ? .will : .may
    let unset = change.before?.timeouts[key] == nil ? " (unset)" : ""
    words = "\(key.rawValue) goes from \(old.seconds)\(unset) to \(seconds) s."
  }
}
