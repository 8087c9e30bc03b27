// A request that is made once and sent many times.

/// The bytes of a request. In its text, `######` is replaced by six digits, so that no two requests need be the same.
package struct RequestTemplate: Sendable, Hashable {
  private let bytes: [UInt8]
  private let slot: Int?

  /// Different numbers that a template can carry.
  package static let numbers = 100_000

  package init(_ text: String) {
    let bytes = Array(text.utf8)
    self.bytes = bytes
    let mark = Array("######".utf8)
    slot =
      bytes.count < mark.count
      ? nil : (0...(bytes.count - mark.count)).first { bytes[$0..<($0 + mark.count)].elementsEqual(mark) }
  }

  /// The length in bytes.
  package var count: Int { bytes.count }

  /// Appends the request with `number` modulo 100,000, written as 100000 to 199999: JSON allows no leading zero.
  package func append(_ number: Int, to buffer: inout [UInt8]) {
    let start = buffer.count
    buffer.append(contentsOf: bytes)
    guard let slot else { return }
    var rest = Self.numbers + number % Self.numbers
    for place in stride(from: start + slot + 5, through: start + slot, by: -1) {
      buffer[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }
}
