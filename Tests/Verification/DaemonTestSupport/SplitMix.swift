// Random numbers that are the same each time for the same seed.

/// A small generator with a seed, so that a failure can be repeated. Source: Steele, Lea, Flood, "Fast splittable pseudorandom
/// number generators", 2014.
package struct SplitMix: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number from 0 to less than `count`.
  package mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
}
