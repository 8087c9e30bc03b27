// Guesses which known word a misspelt one was meant to be.

/// The candidate nearest to `word`, compared without case, or `nil` where none is near enough to be a helpful guess.
///
/// A third of its letters may be wrong. So a word that is longer than that allows is no guess at all, and of the table of
/// edits only the band within that distance is filled in: a batch of a hundred misspelt methods is refused on the event loop.
package func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
  guard word.utf8.count <= MisspeltWord.longest else { return nil }
  let wanted = MisspeltWord(word)
  var best: (candidate: String, distance: Int)?
  var beginning: String?
  for candidate in candidates {
    let known = MisspeltWord(candidate)
    // A shared start ("kube" for "kubernetesVersion") counts as near too; of several, that of the shortest candidate.
    if wanted.letters.count >= 3, known.letters.starts(with: wanted.letters),
      beginning.map({ candidate.utf8.count < $0.utf8.count }) ?? true
    {
      beginning = candidate
    }
    let bound = min(known.tolerance, (best?.distance ?? .max) - 1)
    if let distance = wanted.distance(to: known, atMost: bound) { best = (candidate, distance) }
  }
  return best?.candidate ?? beginning
}

/// Whether `word` is `known` with one or two letters wrong, compared without case.
///
/// Narrower than `nearest`: a guess that is wrong costs a reader a moment, and a refusal that is wrong stops a person who was
/// right. Microsoft.ContainerRegistry is seven letters from Microsoft.ContainerService, and a namespace of its own.
package func isMisspelt(_ word: String, of known: String) -> Bool {
  guard word.utf8.count <= MisspeltWord.longest else { return false }
  let edits = MisspeltWord(word).distance(to: MisspeltWord(known), atMost: 2)
  return edits.map { $0 > 0 } ?? false
}

/// A word in lower case, as its letters and as the set of them.
private struct MisspeltWord {
  /// Bytes of the longest word for which there is a guess: more than the longest candidate with a third of it added.
  static let longest = 64

  let letters: [UInt8]
  /// A bit for each letter, by its last six bits: what one word has and the other lacks takes an edit each.
  private let bits: UInt64

  init(_ word: String) {
    var bits: UInt64 = 0
    letters = word.utf8.map { byte in
      let letter = byte.isLetter ? byte | 0x20 : byte
      bits |= 1 << UInt64(letter & 63)
      return letter
    }
    self.bits = bits
  }

  /// Letters that may be wrong in a word that is meant to be this one.
  var tolerance: Int { max(2, letters.count / 3) }

  /// Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other; `nil` if there are more
  /// than `bound`.
  func distance(to other: MisspeltWord, atMost bound: Int) -> Int? {
    let (a, b) = (letters, other.letters)
    guard bound >= 0, abs(a.count - b.count) <= bound,
      max((bits & ~other.bits).nonzeroBitCount, (other.bits & ~bits).nonzeroBitCount) <= bound
    else { return nil }
    // Three rows of the usual table. What is outside of the band is past the bound.
    let far = bound + 1
    let width = b.count + 1
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: 3 * width) { table in
      table.initialize(repeating: far)
      for column in 0...min(b.count, bound) { table[column] = column }
      for row in 0..<a.count {
        let (above, this) = (row % 3 * width, (row + 1) % 3 * width)
        let twoAbove = (row + 2) % 3 * width
        let columns = max(0, row - bound)..<min(b.count, row + bound + 1)
        table[this + columns.lowerBound] = columns.lowerBound == 0 ? min(row + 1, far) : far
        var least = table[this + columns.lowerBound]
        for column in columns {
          let isSame = a[row] == b[column]
          var edits = min(table[above + column] + (isSame ? 0 : 1), table[this + column] + 1)
          edits = min(edits, table[above + column + 1] + 1)
          if row > 0, column > 0, a[row] == b[column - 1], a[row - 1] == b[column] {
            edits = min(edits, table[twoAbove + column - 1] + 1)
          }
          table[this + column + 1] = min(edits, far)
          least = min(least, edits)
        }
        if columns.upperBound < b.count { table[this + columns.upperBound + 1] = far }
        if least > bound { return nil }
      }
      let edits = table[a.count % 3 * width + b.count]
      return edits <= bound ? edits : nil
    }
  }
}
