// Makes any text safe and honest on a page: markup is shown, and what would hide or turn it is spelled out.

internal import Mustache

/// `text` as HTML or SVG shows it, in an element and in a quoted attribute alike.
///
/// It goes by scalars: a quote with a combining mark behind it is one character of Swift's and still a quote to a browser.
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

/// The templates' own content type. The library's HTML type compares characters, so that a mark behind a quote hides it.
struct PageText: MustacheContentType {
  /// What each template names in its first line; one that names it before it is registered does not parse.
  static let name = "PAGE"

  func escapeText(_ text: String) -> String { escaped(text) }
}
