// JSON Schemas of the protocol's objects, which the service description refers to by name.

package import ExactJSON
package import FairleadModel

package enum Schema {
  package static let string: JSON = ["type": "string"]
  package static let boolean: JSON = ["type": "boolean"]
  package static let integer: JSON = ["type": "integer"]
  package static let count: JSON = ["type": "integer", "minimum": 0]
  package static let positive: JSON = ["type": "integer", "minimum": 1]
  package static let time: JSON = ["type": "string", "format": "date-time"]
  package static let strings: JSON = array(string)

  package static func array(_ items: JSON) -> JSON { ["type": "array", "items": items] }
  package static func words(_ words: [String]) -> JSON {
    ["type": "string", "enum": .array(words.map { .string($0) })]
  }
  package static func nullable(_ schema: JSON) -> JSON { ["oneOf": [schema, ["type": "null"]]] }
  package static func named(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }

  /// An object of these members; `optional` ones may be absent.
  package static func object(_ members: KeyValuePairs<String, JSON>, optional: [String] = []) -> JSON {
    var properties = JSONObject()
    for (key, schema) in members { properties.append(key, schema) }
    let required = members.map(\.key).filter { !optional.contains($0) }
    return ["type": "object", "properties": .object(properties), "required": .array(required.map { .string($0) })]
  }

  /// One page of a list.
  package static func listing(_ item: JSON, cursor: JSON) -> JSON {
    object(["items": array(item), "after": cursor], optional: ["after"])
  }

  /// The result of a change. `seq` is null for a plan, and where the change changed nothing.
  package static func outcome(_ kind: ResourceKind) -> JSON {
    object(
      [
        "seq": nullable(positive), "report": named("report"), "revision": positive, kind.rawValue: named(kind.rawValue),
      ],
      optional: ["revision"])
  }

  /// The schemas that others refer to, by name.
  package static let components: JSON = [
    "config": config, "facts": facts, "labels": ["type": "object", "additionalProperties": string],
    "cluster": cluster, "pendingConfirm": pendingConfirm, "revision": revision, "actor": actor, "change": change,
    "report": report,
    "finding": finding, "step": step, "prerequisite": prerequisite, "diffEntry": diffEntry, "feature": feature,
    "provider": provider, "extension": clientExtension, "estimates": estimates,
    "applyResult": applyResult, "applyTotals": applyTotals, "changeSummary": changeSummary,
    "healthReason": healthReason,
  ]

  private static let config: JSON = [
    "type": "object", "additionalProperties": false,
    "properties": [
      "enabled": boolean, "mode": words(ProxyMode.allCases.map(\.rawValue)),
      "ipvsConfig": [
        "type": "object", "additionalProperties": false,
        "properties": [
          "scheduler": words(IPVSScheduler.allCases.map(\.rawValue)),
          "tcpTimeoutSeconds": ["type": "integer", "minimum": 1, "maximum": 2_147_483_647],
          "tcpFinTimeoutSeconds": ["type": "integer", "minimum": 1, "maximum": 2_147_483_647],
          "udpTimeoutSeconds": ["type": "integer", "minimum": 1, "maximum": 2_147_483_647],
        ],
      ],
    ],
  ]

  private static let facts: JSON = {
    var properties = JSONObject()
    for key in FactKey.allCases {
      var schema: JSONObject =
        switch key.kind {
        case .version: JSONObject([.init(key: "type", value: "string"), .init(key: "pattern", value: "^[0-9.]+$")])
        case .count:
          JSONObject([.init(key: "type", value: "integer"), .init(key: "minimum", value: 0)])
        case .bool: JSONObject([.init(key: "type", value: "boolean")])
        case .word(let known):
          JSONObject([
            .init(key: "type", value: "string"), .init(key: "enum", value: .array(known.map { .string($0) })),
          ])
        }
      schema["description"] = .string(key.summary)
      properties.append(key.rawValue, .object(schema))
    }
    return ["type": "object", "additionalProperties": false, "properties": .object(properties)]
  }()

  private static let cluster = object(
    [
      "subscription": string, "resourceGroup": string, "name": string, "revision": positive, "config": named("config"),
      "effective": ["type": "object"], "facts": named("facts"), "labels": named("labels"), "createdAt": time,
      "updatedAt": time, "updatedSeq": positive, "deleted": boolean, "pendingConfirm": named("pendingConfirm"),
    ], optional: ["subscription", "deleted", "pendingConfirm"])

  private static let pendingConfirm = object([
    "seq": positive, "revision": positive, "restores": positive, "deadline": time,
  ])

  private static let revision = object(
    [
      "revision": positive, "baseRevision": nullable(positive), "origin": words(Origin.allCases.map(\.rawValue)),
      "config": nullable(named("config")), "seq": positive, "at": time, "actor": named("actor"),
      "message": nullable(string), "restores": positive,
    ], optional: ["restores"])

  private static let healthReason = object(
    [
      "code": words(HealthCode.allCases.map(\.rawValue)), "since": time, "message": string, "remedy": string,
      "by": object(["pid": positive, "command": string]),
    ], optional: ["by"])

  private static let actor = object(["uid": count, "gid": count, "pid": integer, "name": string])

  private static let change = object(
    [
      "seq": positive, "at": time, "method": string, "kind": words(ResourceKind.allCases.map(\.rawValue)),
      "subject": string, "revision": positive, "actor": named("actor"), "message": nullable(string),
      "requestId": string, "verdict": words(Severity.allCases.map(\.rawValue)), "summary": string,
      "overridden": strings,
    ], optional: ["revision", "requestId"])

  private static let step = object(
    [
      "phase": words(Step.Phase.allCases.map(\.rawValue)), "text": string, "commands": strings, "rules": strings,
    ], optional: ["rules"])

  private static let report = object(
    [
      "formatVersion": positive, "seq": positive, "planDigest": string, "subject": string,
      "verdict": words(Severity.allCases.map(\.rawValue)), "summary": string,
      "pendingConfirm": object(
        [
          "seconds": positive, "deadline": time, "restores": positive, "caveats": strings, "command": string,
        ], optional: ["seconds", "deadline"]),
      "notes": strings, "overridden": strings, "diff": array(named("diffEntry")), "findings": array(named("finding")),
      "prerequisites": array(named("prerequisite")), "estimates": named("estimates"),
      "affected": [
        "type": "object",
        "properties": [
          "clusters": count, "nodes": count, "services": count,
          "named": array(
            object(["subject": string, "effect": words(Affected.Effect.allCases.map(\.rawValue))])),
        ],
        "required": ["clusters"],
      ],
      "rollback": object(["command": string, "clean": boolean, "caveats": strings]),
      "sequence": array(named("step")),
    ], optional: ["seq", "planDigest", "pendingConfirm", "rollback"])

  private static let finding = object(
    [
      "rule": string, "severity": words(Severity.allCases.map(\.rawValue)),
      "certainty": words(Certainty.allCases.map(\.rawValue)), "title": string, "detail": string, "brief": string,
      "remedy": string, "hint": string, "verify": string, "source": string,
      "missingFact": words(FactKey.allCases.map(\.rawValue)), "standing": boolean,
      "folds": strings,
    ], optional: ["brief", "hint", "missingFact", "standing", "folds"])

  private static let prerequisite = object([
    "id": words(Prerequisite.ID.allCases.map(\.rawValue)), "met": boolean, "detail": string, "command": string,
  ])

  private static let diffEntry = object([
    "path": string, "before": [:], "after": [:], "beforeIsDefault": boolean, "afterIsDefault": boolean,
  ])

  private static let feature = object(
    [
      "subscription": string, "namespace": string, "name": string,
      "state": words(RegistrationState.allCases.map(\.rawValue)), "propagated": boolean, "since": time,
    ], optional: ["subscription"])

  private static let provider = object(
    [
      "subscription": string, "namespace": string, "state": words(RegistrationState.allCases.map(\.rawValue)),
      "since": time,
    ], optional: ["subscription"])

  private static let clientExtension = object(["name": string, "version": string, "since": time])

  private static let applyResult = object(
    [
      "index": count, "method": string, "subject": string, "unchanged": boolean,
      "outcome": ["oneOf": [outcome(.cluster), named("changeSummary")]],
      "error": object(["code": integer, "message": string, "data": ["type": "object"]]),
    ], optional: ["unchanged", "outcome", "error"])

  private static let severityCounts: JSON = ["type": "object", "additionalProperties": positive]

  private static let changeSummary = object(
    [
      "seq": nullable(positive), "revision": positive, "verdict": words(Severity.allCases.map(\.rawValue)),
      "summary": string, "findings": severityCounts, "unknown": positive, "nodes": count, "services": count,
      "overridden": strings,
      "planDigest": string, "rollback": object(["clean": boolean, "caveats": strings]),
      "refusal": object(["kind": words(["blocked", "prerequisite"]), "message": string, "by": strings]),
    ], optional: ["revision", "unknown", "nodes", "services", "overridden", "planDigest", "rollback", "refusal"])

  private static let applyTotals = object(
    [
      "changes": count, "recorded": count, "unchanged": count, "refused": count, "verdicts": severityCounts,
      "nodes": count, "services": count,
    ], optional: ["nodes", "services"])
}
