// Guesses which cluster, or which extension, was meant by a name that has none.

package import FairleadModel
internal import HashTreeCollections

extension CurrentState {
  /// Clusters among which one is looked for: a tenth of a millisecond's work. In a larger fleet there is no guess, since one
  /// among the first thousand would be as good as any.
  private static let clustersForGuess = 1024
  private static let extensionsForGuess = 64

  /// The cluster that may be meant by `key`, which does not exist, as it is displayed: one of nearly this name in the resource
  /// group, or one of this very name elsewhere.
  package func nearest(to key: ClusterKey) -> String? {
    guard isComplete, clusters.count <= Self.clustersForGuess else { return nil }
    let group = "\(key.subscription)/\(key.resourceGroup)/".folded
    let (wanted, ending) = (key.name.folded, "/\(key.name)".folded)
    var near: [String] = []
    var namesakes: [String] = []
    for (folded, entry) in clusters where !entry.deleted {
      if folded.hasPrefix(group) {
        let name = String(folded.dropFirst(group.count))
        if FairleadModel.nearest(to: wanted, in: CollectionOfOne(name)) != nil { near.append(name) }
      } else if folded.hasSuffix(ending) {
        namesakes.append(folded)
      }
    }
    // In order, since a dictionary has none and equally good guesses must not depend on it.
    let guess =
      FairleadModel.nearest(to: wanted, in: near.sorted()).map { group + $0 }
      ?? FairleadModel.nearest(to: key.folded, in: namesakes.sorted())
      ?? (namesakes.count == 1 ? namesakes.first : nil)
    guard let guess, let entry = clusters[guess] else { return nil }
    do {
      return try entry.cluster(folded: guess).key.display
    } catch {
      // A damaged row is reported to whoever asks for that cluster; it has nothing to do with this one.
      return nil
    }
  }

  /// The extension on record, or the one that reports need, that may be meant by `name`.
  package func nearestExtension(to name: String) -> String? {
    let recorded = extensions.count <= Self.extensionsForGuess ? extensions.values.map(\.name).sorted() : []
    let known = recorded + [ClientExtension.aksPreview]
    return FairleadModel.nearest(to: name, in: known.filter { $0.folded != name.folded })
  }
}
