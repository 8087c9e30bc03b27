// A line of the log as bytes: on one line whatever its text holds, and short enough for one write.

internal import FairleadModel
internal import Glibc

enum LogLine {
  /// Bytes of a line with its line feed. A pipe takes as many at once, or none (pipe(7), PIPE_BUF), so lines of two programs
  /// on one pipe do not mix.
  static let longest = Int(PIPE_BUF)

  private static let cut = Array(" ... (cut)".utf8)

  /// `name: text` and a line feed. What a terminal would act on, or what would begin another line, such as a control character
  /// in the name of a file, is written as `\u{1b}`; what is too long is cut.
  static func bytes(_ text: String, from name: String) -> [UInt8] {
    var line = Array("\(name): ".utf8)
    // Escapes make a text longer and never shorter, so more than this is never needed.
    for scalar in text.unicodeScalars.prefix(longest) {
      if scalar.isControl {
        line += "\\u{\(String(scalar.value, radix: 16))}".utf8
      } else {
        line += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      }
      guard line.count < longest else { return shortened(line) }
    }
    return line + [UInt8(ascii: "\n")]
  }

  private static func shortened(_ line: [UInt8]) -> [UInt8] {
    var kept = line[..<(longest - cut.count - 1)]
    // A scalar is cut as a whole: its last byte is the one before a byte that begins one.
    let next = line[kept.endIndex]
    if next & 0xC0 == 0x80 {
      while let last = kept.popLast(), last & 0xC0 == 0x80 {}
    }
    return kept + cut + [UInt8(ascii: "\n")]
  }
}
