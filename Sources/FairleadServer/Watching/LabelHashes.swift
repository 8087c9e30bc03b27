// The labels of a cluster or a filter as numbers: what tells in a hundred nanoseconds that a change lacks one that a watch asks for.

/// A hash of each label with its value, ascending. Swift seeds its hashes anew in each process, so no client can choose labels
/// that collide, or that are compared last.
struct LabelHashes: Sendable {
  private let hashes: [Int]

  init(_ labels: [String: String]) {
    hashes =
      labels.map { key, value in
        var hasher = Hasher()
        hasher.combine(key)
        // By bytes, as values are compared.
        var value = value
        value.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        return hasher.finalize()
      }.sorted()
  }

  /// Whether one of the labels may have this hash.
  func contains(_ hash: Int) -> Bool {
    var (low, high) = (0, hashes.count)
    while low < high {
      let middle = (low + high) / 2
      if hashes[middle] < hash { low = middle + 1 } else { high = middle }
    }
    return low < hashes.count && hashes[low] == hash
  }

  /// The first of these labels that `others` lack; `nil` where they seem to have all of them, which only a comparison proves.
  func firstMissing(in others: LabelHashes) -> Int? {
    var index = 0
    for hash in hashes {
      while index < others.hashes.count, others.hashes[index] < hash { index += 1 }
      guard index < others.hashes.count, others.hashes[index] == hash else { return hash }
    }
    return nil
  }
}
