// ASCII letters and digits, the sets of them that names are made of, and names without case.

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

  func contains(_ byte: UInt8) -> Bool {
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
  /// The text with A to Z in lower case and every other byte as it is. `lowercased()` lowers the letters of all scripts, and
  /// makes a 'k' of the Kelvin sign.
  package var asciiLowercased: String {
    isASCII ? lowercased() : String(decoding: utf8.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  /// The same with a to z in upper case.
  package var asciiUppercased: String {
    isASCII ? uppercased() : String(decoding: utf8.map { (0x61...0x7a).contains($0) ? $0 & ~0x20 : $0 }, as: UTF8.self)
  }

  /// A name or a key as it is stored and compared: A to Z in lower case, and each byte past ASCII as '%' and two hexadecimal
  /// digits, as in a URL.
  ///
  /// So it is ASCII, on which Swift and SQLite agree: both compare, order and find it by its bytes. Of other letters, Swift takes
  /// some for the same that are written differently. No name has a '%', so different names have different keys, and what is
  /// folded already stays as it is.
  package var folded: String {
    guard !isASCII else { return lowercased() }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 * utf8.count)
    for byte in asciiLowercased.utf8 {
      guard byte >= 0x80 else {
        bytes.append(byte)
        continue
      }
      bytes.append(UInt8(ascii: "%"))
      for digit in [byte >> 4, byte & 0xF] {
        bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  package var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }

  /// Whether the text is `lowered` once A to Z are in lower case. Nothing is built for it: every watch asks it of every change.
  func isLowered(into lowered: String) -> Bool {
    utf8.count == lowered.utf8.count
      && zip(utf8, lowered.utf8).allSatisfy { byte, wanted in
        ((0x41...0x5a).contains(byte) ? byte | 0x20 : byte) == wanted
      }
  }
}
