// Request parameters that most tests send.

import ExactJSON

/// A configuration in a mode.
func mode(_ mode: String) -> JSON { ["mode": .string(mode)] }

/// Parameters that name a cluster, with more.
func cluster(_ name: String = "web", _ more: JSONObject = JSONObject()) -> JSON {
  var params = JSONObject([
    .init(key: "resourceGroup", value: "rg"), .init(key: "name", value: .string(name)),
  ])
  for member in more.members { params.append(member.key, member.value) }
  return .object(params)
}
