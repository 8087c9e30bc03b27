// The service description in OpenRPC, generated from the definitions that dispatch uses.

package import ExactJSON
internal import FairleadModel

package enum OpenRPC {
  /// The OpenRPC document that `rpc.discover` answers.
  package static let document: JSON = [
    "openrpc": "1.3.2",
    "info": [
      "title": "Fairlead", "version": .string(fairleadVersion),
      "description": "The change ledger for kube-proxy: JSON-RPC 2.0 on a Unix socket, one message a line.",
    ],
    "methods": .array(Method.all.map(describe)),
    "components": ["schemas": Schema.components],
  ]

  /// The document as text, encoded once: it is the longest answer that needs no worker.
  package static let text: [UInt8] = document.bytes

  private static func describe(_ method: Method) -> JSON {
    let errors = [ErrorCode.invalidParams, .denied, .internal] + method.errors.filter { $0 != .invalidParams }
    return [
      "name": .string(method.name),
      "summary": .string(method.summary),
      "paramStructure": "by-name",
      "params": .array(
        method.parameters.map {
          [
            "name": .string($0.name), "description": .string($0.summary), "required": .bool($0.required),
            "schema": $0.schema,
          ]
        }),
      "result": ["name": "result", "schema": method.result],
      "errors": .array(
        errors.map {
          ["code": .integer($0.number), "message": .string($0.summary), "data": ["kind": .string($0.rawValue)]]
        }),
      "x-role": .string(method.role.rawValue),
    ]
  }
}
