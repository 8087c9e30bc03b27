// A recorded conversation with a daemon; Tests/Fixtures/Ledgers/README.md has the notation.

import ExactJSON
import Foundation

struct Transcript {
  /// What happens in one line.
  enum Step {
    case send(connection: String, text: String)
    /// The next line that comes: a reply, or a watch's notification.
    case receive(connection: String, line: String)
    case restart(arguments: [String])
    /// The daemon has ended the connection.
    case ended(connection: String)
    case close(connection: String)
  }

  struct Line {
    /// Where it is in the file, from 1.
    let number: Int
    let step: Step
  }

  private var sections: [String: [Line]] = [:]
  /// The recorded replies that carry a number as their id, as they came.
  private(set) var replies: [Int: String] = [:]

  /// Reads a file; throws where a line is none of these.
  init(path: String) throws {
    // By bytes: for Swift a carriage return and a line feed are one character.
    let file = try Data(contentsOf: URL(filePath: path))
    var section = ""
    for (index, bytes) in file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let text = String(decoding: bytes, as: UTF8.self)
      if text.hasPrefix("## ") {
        section = String(text.dropFirst(3))
        sections[section] = []
      } else if !text.isEmpty, !text.hasPrefix("#") {
        guard let step = Step(text) else { throw Failure("\(path):\(index + 1) is no line of a transcript: \(text)") }
        sections[section]?.append(Line(number: index + 1, step: step))
        if case .receive(_, let line) = step, let id = try JSON(parsing: line)["id"]?.intValue { replies[id] = line }
      }
    }
  }

  /// The lines of a section; throws where there is none.
  func section(_ name: String) throws -> [Line] {
    guard let lines = sections[name], !lines.isEmpty else { throw Failure("the transcript has no section \(name)") }
    return lines
  }
}

extension Transcript.Step {
  fileprivate init?(_ text: String) {
    let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let head = parts.first else { return nil }
    switch head.last {
    case "!":
      let words = parts[1].split(separator: " ").map(String.init)
      switch (words.first, words.dropFirst().first) {
      case ("restart", _): self = .restart(arguments: Array(words.dropFirst()))
      case ("ended", let connection?): self = .ended(connection: connection)
      case ("close", let connection?): self = .close(connection: connection)
      default: return nil
      }
    case ">": self = .send(connection: String(head.dropLast()), text: parts[1])
    case "<": self = .receive(connection: String(head.dropLast()), line: parts[1])
    default: return nil
    }
  }
}

extension Transcript {
  /// A line as it goes onto the socket, with `@{...}` replaced.
  struct Sent {
    let bytes: [UInt8]
    /// Whether nothing more is sent on its connection.
    let isLast: Bool

    /// `reply` finds the reply to an earlier request by its id. Throws what it throws, and for an unknown `@{...}`.
    init(_ text: String, reply: (Int) throws -> JSON) throws {
      var bytes: [UInt8] = []
      var isLast = false
      var rest = text[...]
      while let match = rest.firstMatch(of: /@\{([^}]*)\}/) {
        bytes += rest[..<match.range.lowerBound].utf8
        rest = rest[match.range.upperBound...]
        if match.1 == "end" {
          isLast = true
        } else if let hex = match.1.wholeMatch(of: /hex ([0-9a-f ]+)/) {
          bytes += hex.1.split(separator: " ").compactMap { UInt8($0, radix: 16) }
        } else if let repeated = match.1.wholeMatch(of: /(.+)\*(\d+)/), let count = Int(repeated.2) {
          bytes += String(repeating: String(repeated.1), count: count).utf8
        } else if let reference = match.1.wholeMatch(of: /(\d+)\.(.+)/), let id = Int(reference.1) {
          bytes += try Self.string(at: String(reference.2), in: reply(id)).utf8
        } else {
          throw Failure("@{\(match.1)} is no placeholder")
        }
      }
      self.bytes = bytes + rest.utf8 + (isLast ? [] : [UInt8(ascii: "\n")])
      self.isLast = isLast
    }

    /// The string at a dotted path, in which a number is an index.
    private static func string(at path: String, in reply: JSON) throws -> String {
      let value = path.split(separator: ".").reduce(Optional(reply)) { value, step in
        if let items = value?.arrayValue, let index = Int(step) {
          return items.indices.contains(index) ? items[index] : nil
        }
        return value?[String(step)]
      }
      guard let string = value?.stringValue else { throw Failure("no string at \(path) in \(reply.text)") }
      return string
    }
  }
}
