// Reads which top-level types a Swift file declares, and which it names.

/// What one file declares and names. A reader of text, not a compiler: it knows comments, strings, braces and dots, and no
/// types, so a local name that is spelled like a top-level type counts as a use of it.
struct TypeUses {
  /// Types and type aliases at the file's top level that other files can see.
  private(set) var declared: Set<String> = []
  /// Names with a capital letter, but for members of another type (`Other.Name`) and types that the file nests itself.
  private(set) var used: Set<String> = []

  private static let introducers: Set<String> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
  private static let modifiers: Set<String> = [
    "open", "public", "package", "internal", "private", "fileprivate", "final", "indirect", "nonisolated",
  ]

  /// - Parameter module: the file's own module, whose name may qualify a top-level type.
  init(_ source: String, module: String = "") {
    let tokens = SwiftTokens.read(source)
    var depth = 0
    var nested: Set<String> = []
    for (index, token) in tokens.enumerated() {
      switch token {
      case "{": depth += 1
      case "}": depth -= 1
      default:
        guard token.first?.isUppercase == true else { continue }
        let before = index > 0 ? tokens[index - 1] : ""
        if Self.introducers.contains(before) {
          if depth > 0 {
            nested.insert(token)
          } else if Self.isVisible(tokens[..<(index - 1)]) {
            declared.insert(token)
          }
        } else if before != "." || (index > 1 && tokens[index - 2] == module) {
          used.insert(token)
        }
      }
    }
    used.subtract(nested)
    used.subtract(declared)
  }

  /// Whether none of the modifiers that end `tokens` hides a declaration in its file, and whether it is one at all.
  private static func isVisible(_ tokens: ArraySlice<String>) -> Bool {
    var rest = tokens
    while let last = rest.last, modifiers.contains(last) {
      if last == "private" || last == "fileprivate" { return false }
      rest.removeLast()
    }
    return rest.last != "import"
  }
}

/// The words and the punctuation of Swift source that matter here. Comments are dropped, and of a string what is interpolated
/// is kept.
enum SwiftTokens {
  static func read(_ source: String) -> [String] {
    var reader = Reader(characters: Array(source))
    reader.readCode(until: nil)
    return reader.tokens
  }

  private struct Reader {
    let characters: [Character]
    var position = 0
    var tokens: [String] = []

    private func starts(with text: String, at offset: Int = 0) -> Bool {
      let start = position + offset
      return start <= characters.count && characters[start...].starts(with: text)
    }

    /// Reads code up to a closing parenthesis that nothing here opened, or up to the end.
    mutating func readCode(until closing: Character?) {
      var open = 0
      while position < characters.count {
        let character = characters[position]
        if starts(with: "//") {
          skipLine()
        } else if starts(with: "/*") {
          skipComment()
        } else if let hashes = stringHashes() {
          readString(hashes: hashes)
        } else if character.isLetter || character == "_" {
          readWord()
        } else {
          if character == closing, open == 0 { return }
          if character == "(" { open += 1 }
          if character == ")" { open -= 1 }
          if "{}.".contains(character) { tokens.append(String(character)) }
          position += 1
        }
      }
    }

    private mutating func readWord() {
      let start = position
      while position < characters.count,
        characters[position].isLetter || characters[position].isNumber || characters[position] == "_"
      {
        position += 1
      }
      tokens.append(String(characters[start..<position]))
    }

    private mutating func skipLine() {
      while position < characters.count, !characters[position].isNewline { position += 1 }
    }

    /// Comments nest in Swift.
    private mutating func skipComment() {
      var depth = 0
      repeat {
        if starts(with: "/*") {
          depth += 1
          position += 2
        } else if starts(with: "*/") {
          depth -= 1
          position += 2
        } else {
          position += 1
        }
      } while depth > 0 && position < characters.count
    }

    /// The number of `#` before a quotation mark at this place; `nil` where none does.
    private func stringHashes() -> Int? {
      let hashes = characters[position...].prefix { $0 == "#" }.count
      return starts(with: "\"", at: hashes) ? hashes : nil
    }

    private mutating func readString(hashes: Int) {
      let marks = String(repeating: "#", count: hashes)
      position += hashes
      let quotes = starts(with: "\"\"\"") ? "\"\"\"" : "\""
      position += quotes.count
      while position < characters.count, !starts(with: quotes + marks) {
        if starts(with: "\\" + marks + "(") {
          position += hashes + 2
          readCode(until: ")")
          position += 1
        } else if starts(with: "\\" + marks) {
          position += hashes + 2
        } else {
          position += 1
        }
      }
      position += quotes.count + hashes
    }
  }
}
