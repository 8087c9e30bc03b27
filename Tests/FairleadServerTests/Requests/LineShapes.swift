// Values of a given size that are dear to somebody who reads them carelessly.

/// A kind of value, of any size.
struct LineShape: Sendable {
  let name: String
  /// A value of about this many bytes.
  let value: @Sendable (_ bytes: Int) -> [UInt8]

  private init(_ name: String, _ value: @escaping @Sendable (_ bytes: Int) -> String) {
    self.name = name
    self.value = { Array(value($0).utf8) }
  }

  /// One letter with many marks of two classes in turn: Swift sorts them by insertion to compare or hash the text.
  private static func marks(_ bytes: Int) -> String { "e" + String(repeating: "\u{301}\u{316}", count: bytes / 4) }

  private static func items(_ bytes: Int, each size: Int, _ item: (Int) -> String) -> String {
    (0..<max(1, bytes / size)).map(item).joined(separator: ",")
  }

  static let members = LineShape("members in descending order") { bytes in
    // The other way than their order, which is the worst for a sort by insertion.
    let count = max(1, bytes / 16)
    return "{" + items(bytes, each: 16) { "\"k\(10_000_000 - $0 - count)\":\"\"" } + "}"
  }

  static let all = [
    members,
    LineShape("the same member many times") { "{" + items($0, each: 8) { _ in #""mode":1"# } + "}" },
    LineShape("members with long names") { bytes in
      "{" + (0..<8).map { "\"\(marks(bytes / 8))\($0)\":1" }.joined(separator: ",") + "}"
    },
    LineShape("a long string") { "\"" + String(repeating: "q", count: $0) + "\"" },
    LineShape("a string of marks") { "\"" + marks($0) + "\"" },
    LineShape("a string of escapes") { "\"" + String(repeating: "\\u0301\\u0316", count: $0 / 12) + "\"" },
    LineShape("a number of many digits") { String(repeating: "9", count: $0) },
    LineShape("an array of short strings") { "[" + items($0, each: 9) { _ in #""ENV-01""# } + "]" },
    LineShape("an array of numbers") { "[" + items($0, each: 2) { _ in "1" } + "]" },
    LineShape("arrays in arrays") { bytes in
      String(repeating: "[", count: 40) + items(bytes, each: 3) { _ in "[]" } + String(repeating: "]", count: 40)
    },
    LineShape("an array of objects") { "[" + items($0, each: 24) { #"{"name":"n\#($0)","b":1}"# } + "]" },
  ]
}
