// A small generator of pseudo-random numbers, the same on every machine.

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
///
/// An estimate is part of a report, and the same change has the same report, byte for byte. The standard library's
/// generators promise no such thing, so this one is spelled out: a counter that steps by the golden ratio, and a mix of
/// its bits.
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number from 0 to below `bound`, which is positive. The top bits of a product favour none by more than one part
  /// in 2^64 / `bound`.
  mutating func next(below bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
