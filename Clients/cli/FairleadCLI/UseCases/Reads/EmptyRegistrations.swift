// Says why a list of registrations is empty although some are recorded, and which name was meant.

internal import ExactJSON
internal import FairleadModel

enum EmptyRegistrations {
  /// What a person should know. `namespaces` lists the providers of all subscriptions that have a registration.
  static func explanation(
    _ what: String, namespace: String?, subscription: String?, _ session: Session, method: String
  ) throws(Failure) -> String {
    let nothing = "no \(what) was ever asked for"
    guard namespace != nil || subscription != nil else { return nothing }
    var keys: [ProviderKey] = []
    _ = try Pages(method: method, params: JSONObject(), limit: 1000).forEach(session.transport) {
      (items) throws(Failure) in
      for item in items { keys.append(try DaemonReply.read(item) { (r) throws(Refusal) in try ProviderKey(r) }) }
      return true
    }
    let of = [subscription.map { "the subscription '\($0)'" }, namespace.map { "'\($0)'" }].compactMap(\.self)
    let place = " of " + of.joined(separator: ", ")
    let names = keys.map { namespace == nil ? $0.subscription : $0.namespace }
    guard let wanted = namespace ?? subscription, let near = nearest(to: wanted, in: Set(names).sorted()),
      near.folded != wanted.folded
    else { return "no \(what)\(place) was ever asked for" }
    return "no \(what)\(place) was ever asked for; did you mean '\(near)'?"
  }

  /// A note for a name that nobody registered and that is a letter or two from the one that counts; `nil` for any other.
  static func note(_ name: String, isRegistered: Bool, known: String) -> String? {
    guard !isRegistered, isMisspelt(name, of: known) else { return nil }
    return "nobody has asked for '\(name)'; did you mean '\(known)'?"
  }
}
