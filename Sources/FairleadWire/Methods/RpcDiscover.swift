// `rpc.discover`: the service description.

internal import ExactJSON
internal import FairleadModel

extension Method {
  static let rpcDiscover = Method(
    "rpc.discover", role: .read, summary: "this description, as an OpenRPC document",
    parameters: [],
    result: ["type": "object"]
  ) { (_) throws(Refusal) in
    .read(.discover)
  }
}
