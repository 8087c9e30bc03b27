// What most tests begin with: a registry whose gates are open.

import FairleadJSON

extension LineClient {
  /// Registers what a kube-proxy configuration needs.
  func openGates() throws {
    _ = try call(
      "feature.register", ["namespace": "Microsoft.ContainerService", "name": "KubeProxyConfigurationPreview"])
    _ = try call("provider.register", ["namespace": "Microsoft.ContainerService"])
    _ = try call("extension.set", ["name": "aks-preview"])
  }
}

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
