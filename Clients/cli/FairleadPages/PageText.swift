// Escapes any text for a page: markup is shown as it is, and characters that hide or turn text by their code.

internal import Mustache

/// `text` as HTML or SVG shows it, in an element and in a quoted attribute alike.
///
/// It works on scalars: a quote followed by a combining mark is one Character in Swift, and still a quote to a browser.
func escaped(_ text: String) -> String {
  var result = ""
  result.reserveCapacity(text.utf8.count)
  for scalar in text.unicodeScalars {
    switch scalar {
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "&": result += "&amp;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    case "\n", "\t": result.unicodeScalars.append(scalar)
    default:
      if isTreacherous(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result
}

/// Control characters, line separators, the marks that turn the direction of writing, and noncharacters.
private func isTreacherous(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFDD0...0xFDEF: true
  case let value: value & 0xFFFE == 0xFFFE
  }
}

/// The content type of the templates. The library's HTML type compares characters, so it misses a quote that is followed
/// by a combining mark.
struct PageText: MustacheContentType {
  /// The name in the first line of each template. It is registered before the first template is parsed.
  static let name = "PAGE"

  func escapeText(_ text: String) -> String { escaped(text) }
}
