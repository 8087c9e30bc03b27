// The registrations that gate a configuration, read once for each subscription of a transaction.

internal import FairleadModel
internal import FairleadStore

/// A memory for one transaction, in which nothing moves these heads while it is asked.
final class Registrations {
  struct Gates {
    let feature: Feature?
    let provider: Provider?
    let clientExtension: ClientExtension?
  }

  private var known: [String: Gates] = [:]

  func gates(of subscription: String, in reader: LedgerReader) throws -> Gates {
    if let gates = known[subscription] { return gates }
    let gates = Gates(
      feature: try reader.feature(.kubeProxyPreview(in: subscription)),
      provider: try reader.provider(.containerService(in: subscription)),
      clientExtension: try reader.clientExtension(ClientExtension.aksPreview))
    known[subscription] = gates
    return gates
  }
}
