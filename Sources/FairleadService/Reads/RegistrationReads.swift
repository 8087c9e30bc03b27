// Reads of one registration or extension, from memory.

package import FairleadModel
internal import FairleadStore

extension Registry {
  /// A feature that nobody has ever registered is NotRegistered, as in Azure.
  package func feature(_ key: FeatureKey) -> Feature {
    published.state.feature(key)
      ?? Feature(key: key, state: .notRegistered, propagated: false, since: .epoch, updatedSeq: 0)
  }

  package func provider(_ key: ProviderKey) -> Provider {
    published.state.provider(key) ?? Provider(key: key, state: .notRegistered, since: .epoch, updatedSeq: 0)
  }

  package func clientExtension(_ name: String) throws(Refusal) -> ClientExtension {
    guard let clientExtension = published.state.clientExtension(name) else {
      let nearest = published.state.nearestExtension(to: name)
      throw Refusal(
        .missing(nearest: nearest),
        "cannot show the extension \(name): it is not on record; "
          + (nearest.map { "did you mean '\($0)'?" } ?? "extension.set records it"))
    }
    return clientExtension
  }
}

extension Timestamp {
  /// Since when a registration that nobody has ever requested is in its state.
  fileprivate static let epoch = Timestamp(milliseconds: 0)
}
