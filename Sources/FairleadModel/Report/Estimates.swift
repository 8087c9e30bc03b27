// The estimates of a report: numbers that the facts allow, each with its source and its limits.

package import ExactJSON

/// The estimates of a report; each is there only where the facts allow it. Their files say what each one means.
package struct Estimates: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  package var rules: RulesEstimate?
  package var latency: LatencyEstimate?
  package var leastConnection: LeastConnectionEstimate?
  package var disruption: DisruptionEstimate?

  package init(
    rules: RulesEstimate? = nil, latency: LatencyEstimate? = nil, leastConnection: LeastConnectionEstimate? = nil,
    disruption: DisruptionEstimate? = nil
  ) {
    self.rules = rules
    self.latency = latency
    self.leastConnection = leastConnection
    self.disruption = disruption
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      rules: try reader.decodeIfPresent("rules"),
      latency: try reader.decodeIfPresent("latency"),
      leastConnection: try reader.decodeIfPresent("leastConnection"),
      disruption: try reader.decodeIfPresent("disruption"))
  }

  package func write(to text: inout JSONWriter) {
    text.set("rules", ifPresent: rules)
    text.set("latency", ifPresent: latency)
    text.set("leastConnection", ifPresent: leastConnection)
    text.set("disruption", ifPresent: disruption)
  }
}
