// What the daemon reports about itself: versions, limits, paths and the end of its log.

package import ExactJSON

/// What `registry.describe` answers.
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
