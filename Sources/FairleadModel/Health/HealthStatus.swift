// The daemon's state in one word.

/// `status` of `registry.health`.
package enum HealthStatus: String, Sendable, Hashable, CaseIterable {
  case ok
  /// Changes are taken, and a person is needed.
  case degraded
  /// No change is taken.
  case readOnly = "read-only"
  /// Everything is answered, and clusters are still being read into memory.
  case starting
  /// The daemon answers what it has received, and ends.
  case stopping
}
