// How long the first packet of a connection takes through the Service rules, before and after.

package import ExactJSON

/// Round-trip time that the first packet of a connection pays, in microseconds, at the median and the 99th percentile.
package struct FirstPacket: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  package let mode: ProxyMode
  package let p50Microseconds: Int
  package let p99Microseconds: Int
  /// Either number may be off by this much.
  package let errorMicroseconds: Int

  package init(mode: ProxyMode, p50Microseconds: Int, p99Microseconds: Int, errorMicroseconds: Int) {
    self.mode = mode
    self.p50Microseconds = p50Microseconds
    self.p99Microseconds = p99Microseconds
    self.errorMicroseconds = errorMicroseconds
  }

  init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      mode: try reader.requiredEnumValue("mode"), p50Microseconds: try reader.requiredInteger("p50Microseconds"),
      p99Microseconds: try reader.requiredInteger("p99Microseconds"),
      errorMicroseconds: try reader.requiredInteger("errorMicroseconds"))
  }

  package func write(to text: inout JSONWriter) {
    text.set("mode", mode.rawValue)
    text.set("p50Microseconds", p50Microseconds)
    text.set("p99Microseconds", p99Microseconds)
    text.set("errorMicroseconds", errorMicroseconds)
  }
}

package struct LatencyEstimate: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  package let services: Int
  /// `nil` where kube-proxy does not run.
  package let before: FirstPacket?
  package let after: FirstPacket?
  package let basis: Basis

  package init(services: Int, before: FirstPacket?, after: FirstPacket?, basis: Basis) {
    self.services = services
    self.before = before
    self.after = after
    self.basis = basis
  }

  init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      services: try reader.requiredInteger("services"),
      before: try reader.decodeIfPresent("before"),
      after: try reader.decodeIfPresent("after"),
      basis: try Basis(reader))
  }

  package func write(to text: inout JSONWriter) {
    text.set("services", services)
    text.set("before", ifPresent: before)
    text.set("after", ifPresent: after)
    basis.write(to: &text)
  }
}
