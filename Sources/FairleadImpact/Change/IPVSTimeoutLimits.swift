// How long an IPVS timeout may be before the kernel refuses it.

internal import FairleadModel

/// The kernel keeps an IPVS timeout in clock ticks, as a signed 32-bit number, so the longest timeout depends on how
/// many ticks a second it was built with. One timeout that is too long makes it refuse the whole set.
///
/// Source: Linux net/netfilter/ipvs/ip_vs_ctl.c ip_vs_set_timeout().
enum IPVSTimeoutLimits {
  /// The longest timeout in seconds that every kernel takes: that of 1000 ticks a second.
  static let alwaysTaken = Int(Int32.max) / 1000
  /// The longest timeout in seconds that any usual kernel takes: that of 100 ticks a second.
  static let sometimesTaken = Int(Int32.max) / 100

  /// What the kernel does with a set of timeouts.
  enum Answer {
    case takes
    /// It depends on the kernel's clock, which is no recorded fact.
    case mayRefuse
    case refuses
  }

  static func answer(to timeouts: [IPVSTimeout: Int]) -> Answer {
    switch timeouts.values.max() ?? 0 {
    case ...alwaysTaken: .takes
    case ...sometimesTaken: .mayRefuse
    default: .refuses
    }
  }
}
