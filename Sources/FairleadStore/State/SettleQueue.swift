// The registration steps that wait, in the order in which they fall due.

internal import FairleadModel

/// A search tree whose copies share their parts, as those of a `TreeDictionary` do: adding or removing one of 100,000 steps copies
/// some twenty nodes, and finding the first one walks as many.
///
/// A treap: each node has a weight that looks random, and none is above a heavier one. So the tree is flat although steps come in
/// the order of their times.
struct SettleQueue: Sendable {
  /// The registration that a step is of.
  enum Key: Sendable, Hashable {
    case feature(FeatureKey)
    case provider(ProviderKey)

    fileprivate var folded: String {
      switch self {
      case .feature(let key): key.folded
      case .provider(let key): key.folded
      }
    }
  }

  private final class Node: Sendable {
    let pending: PendingSettle
    let key: Key
    let folded: String
    let weight: UInt64
    let left: Node?
    let right: Node?

    init(_ pending: PendingSettle, _ key: Key) {
      (self.pending, self.key, folded, left, right) = (pending, key, key.folded, nil, nil)
      weight = Self.weight(of: pending.requestedSeq, folded)
    }

    private init(_ node: Node, _ left: Node?, _ right: Node?) {
      (pending, key, folded, weight) = (node.pending, node.key, node.folded, node.weight)
      (self.left, self.right) = (left, right)
    }

    func with(left: Node?, right: Node?) -> Node { Node(self, left, right) }

    /// By time, then by the change that requested it. The key decides only in tables that another program wrote.
    func isBefore(_ other: Node) -> Bool {
      (pending.dueAt, pending.requestedSeq, folded) < (other.pending.dueAt, other.pending.requestedSeq, other.folded)
    }

    /// The finalizer of SplitMix64, which makes numbers out of numbers that follow one another as good as random ones.
    private static func weight(of seq: Int, _ folded: String) -> UInt64 {
      var bits = folded.utf8.reduce(UInt64(bitPattern: Int64(seq))) { $0 &* 31 &+ UInt64($1) }
      bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
      bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
      return bits ^ (bits >> 31)
    }
  }

  private var root: Node?

  /// The step that is due first.
  var first: (key: Key, pending: PendingSettle)? {
    var first = root
    while let left = first?.left { first = left }
    return first.map { ($0.key, $0.pending) }
  }

  /// How many nodes are one below the other at most.
  var depth: Int {
    func depth(_ node: Node?) -> Int { node.map { 1 + max(depth($0.left), depth($0.right)) } ?? 0 }
    return depth(root)
  }

  /// Takes out the step `old` of a registration, and puts in `new`.
  mutating func replace(_ old: PendingSettle?, with new: PendingSettle?, of key: Key) {
    guard old != new else { return }
    if let old { root = Self.removing(Node(old, key), from: root) }
    if let new { root = Self.adding(Node(new, key), to: root) }
  }

  private static func adding(_ new: Node, to tree: Node?) -> Node {
    guard let tree else { return new }
    guard tree.weight >= new.weight else {
      let (before, after) = split(tree, at: new)
      return new.with(left: before, right: after)
    }
    return new.isBefore(tree)
      ? tree.with(left: adding(new, to: tree.left), right: tree.right)
      : tree.with(left: tree.left, right: adding(new, to: tree.right))
  }

  private static func removing(_ old: Node, from tree: Node?) -> Node? {
    guard let tree else { return nil }
    if old.isBefore(tree) { return tree.with(left: removing(old, from: tree.left), right: tree.right) }
    if tree.isBefore(old) { return tree.with(left: tree.left, right: removing(old, from: tree.right)) }
    return joined(tree.left, tree.right)
  }

  /// The parts of a tree before and after `place`.
  private static func split(_ tree: Node?, at place: Node) -> (before: Node?, after: Node?) {
    guard let tree else { return (nil, nil) }
    if tree.isBefore(place) {
      let (before, after) = split(tree.right, at: place)
      return (tree.with(left: tree.left, right: before), after)
    }
    let (before, after) = split(tree.left, at: place)
    return (before, tree.with(left: after, right: tree.right))
  }

  /// One tree of two, of which all of the first is before all of the second.
  private static func joined(_ first: Node?, _ second: Node?) -> Node? {
    guard let first else { return second }
    guard let second else { return first }
    return first.weight >= second.weight
      ? first.with(left: first.left, right: joined(first.right, second))
      : second.with(left: joined(first, second.left), right: second.right)
  }
}
