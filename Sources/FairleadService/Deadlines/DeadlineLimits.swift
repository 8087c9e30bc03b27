// How often deadlines are looked at where no timer can be trusted.

package enum DeadlineLimits {
  /// Seconds between two looks at the clocks while a change waits to be confirmed: a timer stops while the machine is
  /// suspended, and deadlines do not.
  package static let pollSeconds = 30
}
