// A request of one client, and its reply.

package import ExactJSON

/// The client's number, the request's number in the order of sending, and for a change within an apply its place there.
package struct OperationID: Sendable, Hashable, Comparable, CustomStringConvertible {
  package let client: Int
  package let number: Int
  /// From 1 on; 0 stands for the whole request.
  package let part: Int

  package init(client: Int, number: Int, part: Int = 0) {
    self.client = client
    self.number = number
    self.part = part
  }

  package var description: String { "\(client).\(number)" + (part == 0 ? "" : "/\(part)") }

  package static func < (one: Self, other: Self) -> Bool {
    (one.client, one.number, one.part) < (other.client, other.number, other.part)
  }
}

/// A request that was sent, and its reply where one came.
package struct Operation: Sendable {
  package let id: OperationID
  /// The connection that carried it. A client's requests on one connection are in the order of sending.
  package let connection: Int
  package let method: String
  package let params: JSON
  /// Nanoseconds of the monotonic clock, just before the request was handed to the kernel.
  package let invoked: Int
  /// `nil` where the connection ended first: the outcome is unknown.
  package var answer: Answer?
  /// For a change within an apply: the last change that the apply was answered with.
  var appliedSeq: Int?

  package init(
    id: OperationID, connection: Int, method: String, params: JSON, invoked: Int, answer: Answer? = nil
  ) {
    self.id = id
    self.connection = connection
    self.method = method
    self.params = params
    self.invoked = invoked
    self.answer = answer
  }

  package struct Answer: Sendable {
    /// Nanoseconds of the monotonic clock, just after the kernel gave the line.
    package let returned: Int
    /// The place of the line among all lines of this connection; the replies of a batch share one.
    package let arrival: Int
    package let outcome: Outcome

    package init(returned: Int, arrival: Int, outcome: Outcome) {
      self.returned = returned
      self.arrival = arrival
      self.outcome = outcome
    }
  }

  package enum Outcome: Sendable {
    /// `bytes` are the result in the reply, without the envelope.
    case result(JSON, bytes: [UInt8])
    /// The member `data` of the error, with its `kind`.
    case refused(JSON)
  }
}

extension Operation {
  var result: JSON? {
    if case .result(let result, _) = answer?.outcome { result } else { nil }
  }

  /// The `data` of the error.
  var refusal: JSON? {
    if case .refused(let data) = answer?.outcome { data } else { nil }
  }

  /// Whether it asks for a change.
  var isChange: Bool {
    switch method {
    case "cluster.create", "cluster.update", "cluster.rollback", "cluster.delete", "extension.set": true
    default: false
    }
  }

  /// The message that identifies a change: no other change carries it, and its retries, which are the same change, do.
  var message: String? { params["message"]?.stringValue }

  /// The key of the cluster that it names, as the log has it.
  var cluster: String? { clusterKey(params) }

  /// For a sentence.
  var title: String { "\(id) \(method)\(cluster.map { " \($0)" } ?? "")" }
}

/// The key of the cluster that an object names by `resourceGroup` and `name`, without case; `nil` where it names none.
func clusterKey(_ json: JSON) -> String? {
  guard let group = json["resourceGroup"]?.stringValue, let name = json["name"]?.stringValue else { return nil }
  return "\(group)/\(name)".lowercased()
}
