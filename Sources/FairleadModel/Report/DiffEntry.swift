// One effective value that a change alters.

package import ExactJSON

/// A value before and after. `null` is "not there": no cluster, no such fact, or a timeout that the kernel decides.
package struct DiffEntry: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  package let path: String
  package let before: JSON
  package let after: JSON
  /// Whether the value comes from a default and not from the document.
  package let beforeIsDefault: Bool
  package let afterIsDefault: Bool

  package init(path: String, before: JSON, after: JSON, beforeIsDefault: Bool = false, afterIsDefault: Bool = false) {
    self.path = path
    self.before = before
    self.after = after
    self.beforeIsDefault = beforeIsDefault
    self.afterIsDefault = afterIsDefault
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      path: try reader.requiredString("path"), before: reader.object["before"] ?? .null,
      after: reader.object["after"] ?? .null, beforeIsDefault: try reader.bool("beforeIsDefault") ?? false,
      afterIsDefault: try reader.bool("afterIsDefault") ?? false)
  }

  package func write(to text: inout JSONWriter) {
    text.set("path", path)
    text.set("before", before)
    text.set("after", after)
    text.set("beforeIsDefault", beforeIsDefault)
    text.set("afterIsDefault", afterIsDefault)
  }
}
