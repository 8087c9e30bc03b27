// The parts of a JSON text as the bytes that they were written in.

/// Cuts text that is known to be JSON. To parse a value and write it again could hide a difference in how it was written.
package enum RawJSON {
  /// The values of the members of an object, by key, the keys as they are written.
  package static func members(_ text: ArraySlice<UInt8>) -> [String: ArraySlice<UInt8>] {
    var members: [String: ArraySlice<UInt8>] = [:]
    for part in parts(text) {
      guard let colon = end(ofValueFrom: part.startIndex, in: part) else { continue }
      let key = String(decoding: part[part.startIndex..<colon].dropFirst().dropLast(), as: UTF8.self)
      members[key] = trimmed(part[(colon + 1)...])
    }
    return members
  }

  /// The elements of an array, or the members of an object with their keys.
  package static func parts(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    let inner = trimmed(text).dropFirst().dropLast()
    var parts: [ArraySlice<UInt8>] = []
    var start = inner.startIndex
    while start < inner.endIndex {
      var position = start
      // A member is a key, a colon and a value; an element is a value.
      while position < inner.endIndex, inner[position] != UInt8(ascii: ",") {
        position = end(ofValueFrom: position, in: inner) ?? position + 1
      }
      parts.append(trimmed(inner[start..<position]))
      start = position + 1
    }
    return parts
  }

  /// Where the string, the array or the object that starts here ends; `nil` where none starts.
  private static func end(ofValueFrom start: Int, in text: ArraySlice<UInt8>) -> Int? {
    var depth = 0
    var isString = false
    var position = start
    while position < text.endIndex {
      switch text[position] {
      case UInt8(ascii: "\\") where isString: position += 1
      case UInt8(ascii: "\""): isString.toggle()
      case UInt8(ascii: "{") where !isString, UInt8(ascii: "[") where !isString: depth += 1
      case UInt8(ascii: "}") where !isString, UInt8(ascii: "]") where !isString: depth -= 1
      default: if depth == 0, !isString { return nil }
      }
      position += 1
      if depth == 0, !isString { return position }
    }
    return nil
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let space: Set<UInt8> = [0x20, 0x09, 0x0D, 0x0A]
    return text.drop { space.contains($0) }.dropLastWhile { space.contains($0) }
  }
}

extension ArraySlice<UInt8> {
  fileprivate func dropLastWhile(_ isDropped: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    var end = endIndex
    while end > startIndex, isDropped(self[end - 1]) { end -= 1 }
    return self[startIndex..<end]
  }
}
