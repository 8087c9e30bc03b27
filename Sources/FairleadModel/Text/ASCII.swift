// ASCII letters and digits, and the sets of them that names are made of.

/// A set of ASCII letters, digits and a few more bytes. Each request contains names, so membership is tested without a loop.
struct NameBytes {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  /// `others` are the bytes besides letters and digits.
  init(_ others: StaticString) {
    for byte in UnsafeBufferPointer(start: others.utf8Start, count: others.utf8CodeUnitCount) { insert(byte) }
  }

  private mutating func insert(_ byte: UInt8) {
    if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
  }

  private func contains(_ byte: UInt8) -> Bool {
    if byte.isAlphanumeric { return true }
    return switch byte {
    case ..<64: low >> UInt64(byte) & 1 == 1
    case ..<128: high >> UInt64(byte - 64) & 1 == 1
    default: false
    }
  }

  /// Whether every byte of `text` is among them.
  func hold(_ text: String) -> Bool { text.utf8.allSatisfy(contains) }
}

extension UInt8 {
  package var isLetter: Bool { (0x41...0x5a).contains(self) || (0x61...0x7a).contains(self) }
  package var isDigit: Bool { (0x30...0x39).contains(self) }
  package var isAlphanumeric: Bool { isLetter || isDigit }
}

extension String {
  /// The name as Azure compares it, without case. `NameRule` ensures that names are ASCII.
  package var folded: String { lowercased() }

  /// Whether the name is `folded` once it is folded itself. Nothing is built for it: every watch asks it of every change.
  func isFolded(into folded: String) -> Bool {
    utf8.count == folded.utf8.count
      && zip(utf8, folded.utf8).allSatisfy { byte, wanted in
        ((0x41...0x5a).contains(byte) ? byte | 0x20 : byte) == wanted
      }
  }
}
