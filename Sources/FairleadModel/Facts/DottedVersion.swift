// A version of dotted numbers, compared number by number.

/// `1.33`, `1.33.2`, `5.15.0.1064`: one to four numbers. A missing number counts as 0 in a comparison.
package struct DottedVersion: Sendable, Hashable, Comparable {
  package let numbers: [Int]

  package init(_ numbers: Int...) { self.numbers = numbers }

  /// `nil` for anything but dotted numbers of at most nine digits each. A leading `v` is not accepted.
  package init?(_ text: String) {
    var numbers: [Int] = []
    var (number, digits) = (0, 0)
    func isComplete() -> Bool { (1...9).contains(digits) && numbers.count < 4 }
    for byte in text.utf8 {
      if byte == UInt8(ascii: ".") {
        guard isComplete() else { return nil }
        numbers.append(number)
        (number, digits) = (0, 0)
      } else {
        guard byte.isDigit, digits < 9 else { return nil }
        number = number * 10 + Int(byte - UInt8(ascii: "0"))
        digits += 1
      }
    }
    guard isComplete() else { return nil }
    numbers.append(number)
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
