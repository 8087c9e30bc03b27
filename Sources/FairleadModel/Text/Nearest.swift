// Guesses which known word a misspelt one was meant to be.

/// The candidate nearest to `word`, compared without case, or `nil` where none is near enough to be a helpful guess.
package func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
  let wanted = Array(word.lowercased().utf8.prefix(128))
  var best: (candidate: String, distance: Int)?
  for candidate in candidates {
    let distance = editDistance(wanted, Array(candidate.lowercased().utf8))
    if distance < best?.distance ?? Int.max { best = (candidate, distance) }
  }
  guard let best else { return nil }
  // A third of the letters may be wrong; a shared start ("kube" for "kubernetesVersion") counts as near too.
  let isPrefix = wanted.count >= 3 && best.candidate.lowercased().utf8.starts(with: wanted)
  if best.distance <= max(2, best.candidate.utf8.count / 3) || isPrefix { return best.candidate }
  return candidates.first { wanted.count >= 3 && $0.lowercased().utf8.starts(with: wanted) }
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var current = [i + 1]
    current.reserveCapacity(b.count + 1)
    for (j, y) in b.enumerated() {
      var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (x == y ? 0 : 1))
      if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { cost = min(cost, beforePrevious[j - 1] + 1) }
      current.append(cost)
    }
    (beforePrevious, previous) = (previous, current)
  }
  return previous[b.count]
}
