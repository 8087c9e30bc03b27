// The numbers of changes and of revisions, as a ledger may hold them.

/// Changes are counted from 1, and so are the revisions of each cluster. A row or a record that another program wrote can hold
/// any integer. Those that no log reaches are refused where they are read, so that whoever has such a number can count on and
/// back with it.
package enum SequenceNumber {
  /// Up to the largest integer that every reader of JSON holds exactly.
  package static let range = 1...1 << 53
}
