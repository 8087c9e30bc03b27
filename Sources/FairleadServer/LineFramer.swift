// Cuts a stream of bytes into lines: a value without a socket, so that tests feed it any way they like.

/// Collects bytes and hands out complete lines, without their line feed and without a carriage return before it.
struct LineFramer {
  enum Event: Equatable {
    case line([UInt8])
    /// The line under way has passed the limit; nothing after it can be trusted to start a line.
    case tooLong
  }

  private let limit: Int
  private var partial: [UInt8] = []
  private(set) var isBroken = false

  init(limit: Int) { self.limit = limit }

  /// Takes bytes in, and returns what they complete.
  mutating func feed(_ bytes: some Collection<UInt8>) -> [Event] {
    guard !isBroken else { return [] }
    var events: [Event] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let piece = rest[..<end]
      rest = rest[rest.index(after: end)...]
      guard partial.count + piece.count <= limit else { return events + [broken()] }
      partial.append(contentsOf: piece)
      events.append(.line(takePartial()))
    }
    guard partial.count + rest.count <= limit else { return events + [broken()] }
    partial.append(contentsOf: rest)
    return events
  }

  /// The last line of a peer that stopped sending without a line feed.
  mutating func finish() -> [UInt8]? { partial.isEmpty || isBroken ? nil : takePartial() }

  private mutating func takePartial() -> [UInt8] {
    defer { partial = [] }
    if partial.last == UInt8(ascii: "\r") { partial.removeLast() }
    return partial
  }

  private mutating func broken() -> Event {
    isBroken = true
    partial = []
    return .tooLong
  }
}
