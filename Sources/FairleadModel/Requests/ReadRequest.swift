// What a caller may ask to see.

package import ExactJSON

package enum ReadRequest: Sendable, Hashable {
  case cluster(ClusterKey, ClusterMoment)
  case clusters(ClusterFilter, Page<String>)
  /// Newest first; the cursor is the last revision that was seen.
  case history(ClusterKey, Page<Int>)
  /// `from: nil` is the revision before `to`, `to: nil` the current one.
  case diff(ClusterKey, from: Int?, to: Int?)
  case feature(FeatureKey)
  case features(RegistrationFilter, Page<String>)
  case provider(ProviderKey)
  case providers(RegistrationFilter, Page<String>)
  case `extension`(name: String)
  case extensions(Page<String>)
  case change(seq: Int)
  /// In the order of `seq`; the cursor is the last that was seen.
  case changes(ChangeFilter, Page<Int>)
  case report(seq: Int)
  case describe
  case health
  case discover
}

/// Which state of a cluster is asked for.
package enum ClusterMoment: Sendable, Hashable {
  case now
  /// As it was once that revision had been recorded.
  case revision(Int)
  case at(Timestamp)
}

package struct ClusterFilter: Sendable, Hashable {
  package let subscription: String?
  package let resourceGroup: String?
  package let labels: [String: String]

  package init(subscription: String? = nil, resourceGroup: String? = nil, labels: [String: String] = [:]) {
    self.subscription = subscription
    self.resourceGroup = resourceGroup
    self.labels = labels
  }
}

package struct RegistrationFilter: Sendable, Hashable {
  package let subscription: String?
  package let namespace: String?

  package init(subscription: String? = nil, namespace: String? = nil) {
    self.subscription = subscription
    self.namespace = namespace
  }
}

package struct ChangeFilter: Sendable, Hashable {
  package let kind: ResourceKind?
  package let cluster: ClusterKey?

  package init(kind: ResourceKind? = nil, cluster: ClusterKey? = nil) {
    self.kind = kind
    self.cluster = cluster
  }
}

/// Which changes a watcher is told of. What is `nil` or empty passes everything.
package struct WatchFilter: Sendable, Hashable {
  package let kinds: Set<ResourceKind>?
  /// As written; compared without case.
  package let subscription: String?
  package let resourceGroup: String?
  package let name: String?
  /// All of them, as the cluster carries them after the change.
  package let labels: [String: String]

  package init(
    kinds: Set<ResourceKind>? = nil, subscription: String? = nil, resourceGroup: String? = nil, name: String? = nil,
    labels: [String: String] = [:]
  ) {
    self.kinds = kinds
    self.subscription = subscription?.folded
    self.resourceGroup = resourceGroup?.folded
    self.name = name?.folded
    self.labels = labels
  }

  /// Whether it asks for clusters of some kind, so that no registration passes.
  package var asksForClusters: Bool { subscription != nil || resourceGroup != nil || !labels.isEmpty }

  /// Whether a change of `kind` passes. `cluster` is the cluster as the change left it, where it is about one.
  package func passes(_ kind: ResourceKind, _ cluster: Cluster?) -> Bool {
    if let kinds, !kinds.contains(kind) { return false }
    guard asksForClusters else { return true }
    guard let cluster else { return false }
    let key = cluster.key
    return (subscription == nil || subscription == key.subscription.folded)
      && (resourceGroup == nil || resourceGroup == key.resourceGroup.folded)
      && (name == nil || name == key.name.folded)
      && labels.allSatisfy { cluster.labels.values[$0.key] == $0.value }
  }
}

/// A request to be told of changes as they are made.
package struct WatchRequest: Sendable, Hashable {
  /// The last change that the watcher knows; `nil` is the last one that there is.
  package let after: Int?
  package let filter: WatchFilter

  package init(after: Int?, filter: WatchFilter) {
    self.after = after
    self.filter = filter
  }
}

/// One page of a list: at most `limit` items after the cursor.
package struct Page<Cursor: Sendable & Hashable>: Sendable, Hashable {
  package let limit: Int
  package let after: Cursor?

  package init(limit: Int = Limits.defaultPageItems, after: Cursor? = nil) {
    self.limit = limit
    self.after = after
  }
}

/// A page that was read. `after` is the cursor for the next one, `nil` on the last.
package struct Listing<Item: Sendable, Cursor: Sendable>: Sendable {
  package let items: [Item]
  package let after: Cursor?

  package init(items: [Item], after: Cursor?) {
    self.items = items
    self.after = after
  }

  /// Cuts a page out of up to `limit + 1` rows: the one too many only says that there is more.
  package init(rows: [Item], limit: Int, cursor: (Item) -> Cursor) {
    let items = Array(rows.prefix(limit))
    self.init(items: items, after: rows.count > limit ? items.last.map(cursor) : nil)
  }

  package func json(item: (Item) -> JSON, cursor: (Cursor) -> JSON) -> JSON {
    var builder = JSONObjectBuilder()
    builder.set("items", .array(items.map(item)))
    builder.set("after", ifPresent: after.map(cursor))
    return builder.json
  }
}

extension Listing where Item: JSONEncodable {
  package func text(cursor: (Cursor) -> JSON) -> [UInt8] {
    var text = JSONWriter(capacity: 512 * (items.count + 1))
    text.beginObject()
    text.set("items", items)
    text.set("after", ifPresent: after.map(cursor))
    text.endObject()
    return text.finish()
  }
}

/// Two revisions of a cluster side by side.
package struct RevisionDiff: JSONEncodable, Sendable, Hashable {
  package let key: ClusterKey
  package let from: Revision
  package let to: Revision

  package init(key: ClusterKey, from: Revision, to: Revision) {
    self.key = key
    self.from = from
    self.to = to
  }

  package func write(to text: inout JSONWriter) {
    key.write(to: &text)
    text.set("from", from.revision)
    text.set("to", to.revision)
    text.set("before", orNull: from.config)
    text.set("after", orNull: to.config)
    text.set("diff", DiffEntry.between(from.config, to.config))
  }
}

/// What the daemon says of itself.
package struct RegistryDescription: Sendable, Hashable {
  package let version: String
  package let socket: String
  package let database: String
  package let head: Int
  package let settleSeconds: Int

  package init(version: String, socket: String, database: String, head: Int, settleSeconds: Int) {
    self.version = version
    self.socket = socket
    self.database = database
    self.head = head
    self.settleSeconds = settleSeconds
  }

  /// Extensions of the protocol that this daemon speaks beyond its first version, by name.
  package static let apiExtensions: [String] = [
    "dry-run", "plan-digest", "request-id", "overrides", "apply", "commit-confirmed", "watch", "batch",
  ]

  package var json: JSON {
    [
      "version": .string(version), "apiExtensions": .array(Self.apiExtensions.map { .string($0) }),
      "apiVersion": .string(APIVersion.newest.text), "limits": Limits.json, "socket": .string(socket),
      "database": .string(database), "head": .integer(head), "settleSeconds": .integer(settleSeconds),
    ]
  }
}
