// The record of one client.

/// The requests and watches of one client, and the violations that it saw on its connections.
struct Trace: Sendable {
  let client: Int
  var operations: [Operation] = []
  var watches: [Watch] = []
  var violations: [Violation] = []

  init(client: Int) { self.client = client }

  mutating func report(_ kind: Violation.Kind, _ operations: [OperationID], _ sentence: String) {
    violations.append(Violation(kind, operations, "client \(client): \(sentence)"))
  }
}
