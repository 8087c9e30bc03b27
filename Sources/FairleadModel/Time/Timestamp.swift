// A point in time as the ledger keeps it: UTC in whole milliseconds, written as ISO 8601.

/// Milliseconds since 1970-01-01T00:00:00Z. Integer arithmetic, since a `Double` of seconds prints the odd millisecond
/// wrong; the text sorts as the time does. Every value can be written and read again: it is in the years 0 to 9999, which
/// have four digits.
package struct Timestamp: Sendable, Hashable, Comparable {
  package let milliseconds: Int

  /// The nearest time in the years 0 to 9999.
  package init(milliseconds: Int) {
    self.milliseconds = min(max(milliseconds, Self.range.lowerBound), Self.range.upperBound)
  }

  /// The first millisecond of the year 0, and the last of the year 9999.
  private static let range = -62_167_219_200_000...253_402_300_799_999
  package static let earliest = Timestamp(milliseconds: range.lowerBound)
  package static let latest = Timestamp(milliseconds: range.upperBound)

  /// Whether a wall clock that is set right may show this time: a clock before 1970 was never set, and one at the end of the
  /// year 9999 would give every later change the same time.
  package var isPlausible: Bool { milliseconds >= 0 && self < .latest }

  package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

  /// The time so much later, or the nearest that there is.
  package func adding(seconds: Int) -> Timestamp {
    let (later, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    return overflow ? (seconds < 0 ? .earliest : .latest) : adding(milliseconds: later)
  }

  /// The time so much later, or the nearest that there is.
  package func adding(milliseconds more: Int) -> Timestamp {
    let (later, overflow) = milliseconds.addingReportingOverflow(more)
    return overflow ? (more < 0 ? .earliest : .latest) : Timestamp(milliseconds: later)
  }

  /// `2026-11-22T21:04:45.123Z`
  package var text: String {
    let days = milliseconds.floored(by: 86_400_000)
    let rest = milliseconds - days * 86_400_000
    let date = civil(fromDays: days)
    // Straight into the string's storage: concatenated from padded pieces it took 0.7 us, and a change has four of them.
    return String(unsafeUninitializedCapacity: 24) { buffer in
      var writer = Writer(buffer)
      writer.put(date.year, digits: 4, "-")
      writer.put(date.month, digits: 2, "-")
      writer.put(date.day, digits: 2, "T")
      writer.put(rest / 3_600_000, digits: 2, ":")
      writer.put(rest / 60_000 % 60, digits: 2, ":")
      writer.put(rest / 1000 % 60, digits: 2, ".")
      writer.put(rest % 1000, digits: 3, "Z")
      return writer.count
    }
  }

  /// Reads an ISO 8601 date, or date and time with `Z` or an offset; a date alone is its first instant in UTC.
  /// Digits of a second past the third are dropped. `nil` for anything else, and for a time outside of the years 0 to 9999.
  package init?(_ text: String) {
    var scanner = Scanner(Array(text.utf8))
    guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
      let day = scanner.number(2), (1...12).contains(month), day >= 1, day <= daysInMonth(month, of: year)
    else { return nil }
    var milliseconds = days(fromYear: year, month: month, day: day) * 86_400_000
    if !scanner.isAtEnd {
      guard scanner.skip("T") || scanner.skip("t") || scanner.skip(" "), let hour = scanner.number(2),
        scanner.skip(":"),
        let minute = scanner.number(2), hour < 24, minute < 60
      else { return nil }
      milliseconds += hour * 3_600_000 + minute * 60_000
      if scanner.skip(":") {
        guard let second = scanner.number(2), second < 61 else { return nil }
        milliseconds += second * 1000
        if scanner.skip(".") {
          guard let fraction = scanner.fraction() else { return nil }
          milliseconds += fraction
        }
      }
      // Without a zone it is UTC, like everything that Fairlead prints.
      if !scanner.isAtEnd, !scanner.skip("Z"), !scanner.skip("z") {
        let sign = scanner.skip("+") ? 1 : scanner.skip("-") ? -1 : 0
        guard sign != 0, let hours = scanner.number(2), scanner.skip(":"), let minutes = scanner.number(2), hours < 24,
          minutes < 60
        else { return nil }
        milliseconds -= sign * (hours * 3_600_000 + minutes * 60_000)
      }
    }
    guard scanner.isAtEnd, Self.range.contains(milliseconds) else { return nil }
    self.milliseconds = milliseconds
  }

  /// Reads a time that the ledger holds. Version 0.1.0 could record a deadline past the year 9999, with a year of five digits:
  /// that is read as the latest time that there is, so that such a ledger still opens.
  package init?(recorded text: String) {
    if let time = Timestamp(text) {
      self = time
    } else if text.utf8.count == 25, text.utf8.prefix(5).allSatisfy(\.isDigit), text.utf8.first != UInt8(ascii: "0"),
      Timestamp("2000\(text.dropFirst(5))") != nil
    {
      self = .latest
    } else {
      return nil
    }
  }
}

private struct Scanner {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  mutating func number(_ digits: Int) -> Int? {
    guard position + digits <= bytes.count else { return nil }
    let slice = bytes[position..<position + digits]
    guard slice.allSatisfy(\.isDigit) else { return nil }
    position += digits
    return slice.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  /// A fraction of a second in whole milliseconds.
  mutating func fraction() -> Int? {
    let start = position
    while position < bytes.count, bytes[position].isDigit { position += 1 }
    guard position > start else { return nil }
    let digits = (bytes[start..<position] + [0x30, 0x30]).prefix(3)
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}

/// Writes numbers with leading zeros, each followed by its separator.
private struct Writer {
  private let buffer: UnsafeMutableBufferPointer<UInt8>
  private(set) var count = 0

  init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

  /// `number` is not negative and has at most so many digits.
  mutating func put(_ number: Int, digits: Int, _ end: Unicode.Scalar) {
    var rest = number
    for place in (count..<count + digits).reversed() {
      buffer[place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    count += digits
    put(UInt8(ascii: end))
  }

  private mutating func put(_ byte: UInt8) {
    buffer[count] = byte
    count += 1
  }
}

extension Int {
  fileprivate func floored(by divisor: Int) -> Int {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

// Days and dates of the proleptic Gregorian calendar, counted in eras of 400 years that begin on a 1 March.

private func days(fromYear year: Int, month: Int, day: Int) -> Int {
  let shifted = month <= 2 ? year - 1 : year
  let era = shifted.floored(by: 400)
  let yearOfEra = shifted - era * 400
  let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

private func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
  let shifted = days + 719_468
  let era = shifted.floored(by: 146_097)
  let dayOfEra = shifted - era * 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
}

private func daysInMonth(_ month: Int, of year: Int) -> Int {
  switch month {
  case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  case 4, 6, 9, 11: 30
  default: 31
  }
}
