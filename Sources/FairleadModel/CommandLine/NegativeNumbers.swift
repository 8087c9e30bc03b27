// Negative numbers as the values of options.

/// `arguments` with each negative number joined to the option before it: `-c -5` as `-c=-5`.
///
/// ArgumentParser takes every word that begins with '-' for an option, and says of `-c -5` that the value of `-c` is missing.
/// Joined, the number is the value, and is refused for what it is.
package func joiningNegativeNumbers(_ arguments: [String]) -> [String] {
  // What comes after '--' is neither an option nor the value of one.
  let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
  var joined: [String] = []
  for word in arguments[..<end] {
    if word.isNegativeNumber, let option = joined.last, option.isOptionAlone {
      joined[joined.count - 1] = "\(option)=\(word)"
    } else {
      joined.append(word)
    }
  }
  return joined + arguments[end...]
}

extension String {
  fileprivate var isNegativeNumber: Bool {
    let bytes = utf8.prefix(2)
    return bytes.count == 2 && bytes.first == UInt8(ascii: "-") && bytes.last?.isDigit == true
  }

  /// Whether it is an option without a value: `-c` or `--node-count`.
  fileprivate var isOptionAlone: Bool {
    guard !utf8.contains(UInt8(ascii: "=")) else { return false }
    let name = utf8.drop { $0 == UInt8(ascii: "-") }
    switch utf8.count - name.count {
    case 1: return name.count == 1 && name.first?.isLetter == true
    case 2: return name.first?.isLetter == true
    default: return false
    }
  }
}
