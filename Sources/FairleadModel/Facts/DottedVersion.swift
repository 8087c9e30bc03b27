// A version of dotted numbers, compared number by number.

/// `1.33`, `1.33.2`, `5.15.0.1064`: one to four numbers. A missing number counts as 0 in a comparison.
package struct DottedVersion: Sendable, Hashable, Comparable {
  package let numbers: [Int]

  package init(_ numbers: Int...) { self.numbers = numbers }

  /// `nil` for anything but dotted numbers of at most nine digits each. A leading `v` is not accepted.
  package init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard (1...4).contains(parts.count) else { return nil }
    var numbers: [Int] = []
    for part in parts {
      guard (1...9).contains(part.count), part.allSatisfy(\.isDigit) else { return nil }
      numbers.append(part.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
    self.numbers = numbers
  }

  package var text: String {
    var text = ""
    for number in numbers {
      if !text.isEmpty { text += "." }
      text += String(number)
    }
    return text
  }

  private func number(_ index: Int) -> Int { index < numbers.count ? numbers[index] : 0 }

  package static func < (a: DottedVersion, b: DottedVersion) -> Bool {
    for index in 0..<4 where a.number(index) != b.number(index) { return a.number(index) < b.number(index) }
    return false
  }

  package static func == (a: DottedVersion, b: DottedVersion) -> Bool { !(a < b) && !(b < a) }

  package func hash(into hasher: inout Hasher) {
    for index in 0..<4 { hasher.combine(number(index)) }
  }
}
