// A watch of one connection, and its events.

package import ExactJSON

/// A `change.watch` that was answered.
package struct Watch: Sendable {
  /// The request that began it.
  package let operation: OperationID
  package let connection: Int
  package let filter: WatchFilter
  /// Its events begin after this change.
  package let after: Int
  /// The last change when it began, as it was answered.
  package let lastSeq: Int
  package var events: [Event] = []
  /// The client read until the event of this change or a later one: all events up to it must have arrived.
  package var readUntil: Int?

  package init(operation: OperationID, connection: Int, filter: WatchFilter, after: Int, lastSeq: Int) {
    self.operation = operation
    self.connection = connection
    self.filter = filter
    self.after = after
    self.lastSeq = lastSeq
  }

  package struct Event: Sendable {
    /// Nanoseconds of the monotonic clock, just after the kernel gave the line.
    package let at: Int
    /// The place of the line among all lines of this connection.
    package let arrival: Int
    /// The change, without the number of the subscription.
    package let change: JSON

    package init(at: Int, arrival: Int, change: JSON) {
      self.at = at
      self.arrival = arrival
      self.change = change
    }

    package var seq: Int { change["seq"]?.intValue ?? 0 }
  }
}

/// Which changes a watch asked for, as `change.watch` defines it.
package struct WatchFilter: Sendable, Hashable {
  /// Every kind where it is empty.
  package var kinds: [String] = []
  package var resourceGroup: String?
  /// With `resourceGroup`.
  package var name: String?
  package var labels: [String: String] = [:]

  package init(kinds: [String] = [], resourceGroup: String? = nil, name: String? = nil, labels: [String: String] = [:])
  {
    self.kinds = kinds
    self.resourceGroup = resourceGroup
    self.name = name
    self.labels = labels
  }

  /// The parameters that ask for it.
  package var params: JSONObject {
    var params = JSONObject()
    if !kinds.isEmpty { params.append("kinds", .array(kinds.map { .string($0) })) }
    if let resourceGroup { params.append("resourceGroup", .string(resourceGroup)) }
    if let name { params.append("name", .string(name)) }
    if !labels.isEmpty {
      let members = labels.sorted { $0.key < $1.key }
      params.append("label", .object(JSONObject(members.map { .init(key: $0.key, value: .string($0.value)) })))
    }
    return params
  }

  func matches(_ entry: LogEntry) -> Bool {
    guard kinds.isEmpty || kinds.contains(entry.kind) else { return false }
    guard resourceGroup != nil || name != nil || !labels.isEmpty else { return true }
    guard let state = entry.state else { return false }
    func isSame(_ key: String, _ wanted: String?) -> Bool {
      wanted.map { state[key]?.stringValue?.lowercased() == $0.lowercased() } ?? true
    }
    guard isSame("resourceGroup", resourceGroup), isSame("name", name) else { return false }
    return labels.allSatisfy { state["labels"]?[$0.key]?.stringValue == $0.value }
  }
}
