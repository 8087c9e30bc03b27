// Values that write themselves as JSON text, and come as a tree where one is needed.

package import ExactJSON

/// A value whose JSON is an object.
///
/// What it consists of is said once, by `write`. The hot paths take the text; the tree is read out of it.
package protocol JSONEncodable {
  /// Writes the members, between the braces.
  func write(to text: inout JSONWriter)
}

extension JSONEncodable {
  /// The object as compact JSON text.
  package var text: [UInt8] { object { write(to: &$0) } }

  /// The object as a tree.
  package var json: JSON { JSON(written: text) }
}

/// A value that the log keeps in a shape of its own: the wire's, with what a rebuild needs to go on from.
package protocol LedgerEncodable: JSONEncodable {
  /// Writes the members of the log's shape.
  func encodeForLedger(to text: inout JSONWriter)
}

extension LedgerEncodable {
  package var ledgerText: [UInt8] { object { encodeForLedger(to: &$0) } }
  package var ledgerJSON: JSON { JSON(written: ledgerText) }
}

private func object(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
  // Few objects but a report are longer than this, and the buffer grows for those.
  var text = JSONWriter(capacity: 2048)
  text.beginObject()
  write(&text)
  text.endObject()
  return text.finish()
}

extension JSON {
  /// The tree of what a `JSONWriter` wrote.
  package init(written text: [UInt8]) {
    do {
      try self.init(parsing: text)
    } catch {
      // A defect of the writer: it has no input with which it may write anything else.
      preconditionFailure("what was written is no JSON: \(error.explanation)")
    }
  }
}

extension JSONWriter {
  package mutating func set(_ key: String, _ value: some JSONEncodable) {
    beginObject(key)
    value.write(to: &self)
    endObject()
  }

  package mutating func set(_ key: String, ifPresent value: (some JSONEncodable)?) {
    if let value { set(key, value) }
  }

  package mutating func set(_ key: String, _ values: [some JSONEncodable]) {
    beginArray(key)
    for value in values { append(value) }
    endArray()
  }

  package mutating func append(_ value: some JSONEncodable) {
    beginObject()
    value.write(to: &self)
    endObject()
  }

  package mutating func set(_ key: String, record value: some LedgerEncodable) {
    beginObject(key)
    value.encodeForLedger(to: &self)
    endObject()
  }

  /// `null` where there is no value.
  mutating func set(_ key: String, orNull value: String?) {
    if let value { set(key, value) } else { setNull(key) }
  }

  mutating func set(_ key: String, orNull value: (some JSONEncodable)?) {
    if let value { set(key, value) } else { setNull(key) }
  }

  package mutating func set(_ key: String, orNull value: Int?) {
    if let value { set(key, value) } else { setNull(key) }
  }
}
