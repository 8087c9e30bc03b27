// A method of the protocol: the one definition that dispatch, the service description and the docs are made from.

package import ExactJSON
package import FairleadModel

/// A request with its parameters decoded.
package enum Call: Sendable, Hashable {
  case change(ChangeRequest, ChangeOptions)
  case apply(ApplyRequest)
  case read(ReadRequest)
  case watch(WatchRequest)
}

/// A parameter by name, with its JSON Schema.
package struct Parameter: Sendable, Hashable {
  package let name: String
  package let summary: String
  package let required: Bool
  package let schema: JSON

  package init(_ name: String, _ summary: String, required: Bool = false, schema: JSON) {
    self.name = name
    self.summary = summary
    self.required = required
    self.schema = schema
  }
}

/// One method. `decode` gets an object whose keys have been checked to be among `parameters`.
package struct Method: Sendable {
  package let name: String
  package let role: Role
  package let summary: String
  package let parameters: [Parameter]
  private let known: [String]
  /// JSON Schema of the result.
  package let result: JSON
  /// The errors that it may be answered with, beside those that any request may be.
  package let errors: [ErrorCode]
  package let decode: @Sendable (JSONObjectDecoder) throws(Refusal) -> Call

  package init(
    _ name: String, role: Role, summary: String, parameters: [Parameter] = [], result: JSON, errors: [ErrorCode] = [],
    decode: @escaping @Sendable (JSONObjectDecoder) throws(Refusal) -> Call
  ) {
    self.name = name
    self.role = role
    self.summary = summary
    self.parameters = parameters
    known = parameters.map(\.name)
    self.result = result
    self.errors = errors
    self.decode = decode
  }

  /// Checks and decodes the parameters of a request for this method.
  package func call(_ params: JSONObject) throws(Refusal) -> Call {
    try checkPlace(ofConfirmIn: params)
    return try decode(JSONObjectDecoder(params, allowedKeys: known))
  }

  /// A change without a meaning for `confirmWithinSeconds` says why, where an unknown key would only be called misspelt.
  private func checkPlace(ofConfirmIn params: JSONObject) throws(Refusal) {
    let name = "confirmWithinSeconds"
    guard params[name] != nil, role != .read, !known.contains(name) else { return }
    let why =
      switch self.name {
      case "cluster.create": "there is no configuration before it to go back to"
      case "cluster.delete": "a deletion is taken back by cluster.rollback, not by itself"
      default: "only cluster.update and cluster.rollback can be taken back by themselves"
      }
    throw .invalid(name, "cannot take \(name) with \(self.name): \(why)")
  }

  /// The method called `name`; the refusal suggests the nearest name.
  package static func named(_ name: String) throws(Refusal) -> Method {
    if name.utf8.count <= longestName, let method = byName[name] { return method }
    let guess = nearest(to: name, in: all.map(\.name))
    let help = guess.map { "did you mean '\($0)'?" } ?? "rpc.discover lists them all"
    throw Refusal(.unknownMethod(nearest: guess), "cannot call '\(name.excerpt)': there is no such method; \(help)")
  }

  /// Every method, in the order of the documentation.
  package static let all: [Method] = [
    clusterCreate, clusterUpdate, clusterRollback, clusterConfirm, clusterDelete, clusterApply, clusterGet, clusterList,
    clusterHistory, clusterDiff,
    featureRegister, featureUnregister, featureGet, featureList, providerRegister, providerUnregister, providerGet,
    providerList, extensionSet, extensionGet, extensionList, changeGet, changeList, changeWatch, reportGet,
    registryDescribe,
    registryHealth, rpcDiscover,
  ]

  /// Bytes of the longest name. A longer text is not hashed, which would take long for some: see `String.hasSameBytes`.
  private static let longestName = all.map(\.name.utf8.count).max() ?? 0
  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
