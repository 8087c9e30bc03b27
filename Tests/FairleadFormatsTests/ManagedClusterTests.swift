// Reading facts and configuration from documents of real clusters: `az aks show`, ARM and templates.

import DaemonTestSupport
import FairleadFormats
import ExactJSON
import FairleadModel
import Foundation
import Testing

@Suite("A managedCluster document")
struct ManagedClusterTests {
  private static let fixtures = Repository.root.appending(path: "Tests/Fixtures/azure")

  private func fixture(_ name: String) throws -> JSON {
    try JSON(parsing: Data(contentsOf: Self.fixtures.appending(path: name)))
  }

  @Test(
    "gives the same facts and configuration in every shape",
    arguments: ["managedcluster-arm.json", "managedcluster-azshow.json", "template.json"])
  func shapes(file: String) throws {
    let cluster = try ManagedCluster(fixture(file))
    #expect(cluster.name == "cliakstest000002")
    #expect(
      JSON.object(cluster.facts).text
        == #"{"kubernetesVersion":"1.25.6","networkPlugin":"kubenet","nodeCount":3,"windowsNodes":false}"#)
    let document = try KubeProxyDocument(try #require(cluster.config))
    #expect(
      document.config.json.text == #"{"enabled":true,"mode":"IPVS","ipvsConfig":{"scheduler":"LeastConnection"}}"#)
    #expect(cluster.notes.isEmpty)
  }

  @Test("null means unset")
  func nulls() throws {
    let cluster = try ManagedCluster(
      JSON(parsing: #"{"name":"c","networkProfile":{"kubeProxyConfig":null,"networkPolicy":null}}"#))
    #expect(cluster.config == nil)
    #expect(cluster.facts.isEmpty)
  }

  @Test("words are compared without case, and one that nobody knows is left out with a note")
  func words() throws {
    let cluster = try ManagedCluster(
      JSON(parsing: #"{"networkProfile":{"networkPolicy":"Calico","networkPlugin":"overlay"}}"#))
    #expect(JSON.object(cluster.facts).text == #"{"networkPolicy":"calico"}"#)
    #expect(cluster.notes.count == 1)
  }

  @Test("a configuration inside of another object is refused with the flag that takes it")
  func wrapped() {
    #expect {
      try ManagedCluster(["kubeProxyConfig": ["mode": "IPVS"]])
    } throws: { error in
      (error as? Refusal)?.message.contains(
        "inside of 'kubeProxyConfig'; give what is in there with --kube-proxy-config")
        == true
    }
  }

  @Test("a bare configuration is refused with the flag that takes it")
  func bare() {
    #expect {
      try ManagedCluster(["mode": "IPVS"])
    } throws: { error in
      (error as? Refusal)?.message.contains("--kube-proxy-config") == true
    }
  }

  @Test("a template with two clusters is refused, since it is unclear which is meant")
  func twoClusters() {
    let one: JSON = ["type": "Microsoft.ContainerService/managedClusters"]
    #expect(throws: Refusal.self) { try ManagedCluster(["resources": [one, one]]) }
  }

  @Test("a cluster is shown to az users in az's shape")
  func azureShape() throws {
    let cluster = Cluster(
      key: ClusterKey(resourceGroup: "rg", name: "web"), revision: 1,
      config: KubeProxyConfig(mode: .ipvs, ipvs: IPVSConfig(timeouts: [.tcp: 900])),
      facts: ClusterFacts([.nodeCount: .count(3)]), createdAt: Timestamp(milliseconds: 0),
      updatedAt: Timestamp(milliseconds: 0), updatedSeq: 1)
    let shape = AzureShape.cluster(cluster)
    #expect(
      shape["networkProfile"]?["kubeProxyConfig"]
        == [
          "enabled": .null,
          "ipvsConfig": [
            "scheduler": .null, "tcpFinTimeoutSeconds": .null, "tcpTimeoutSeconds": 900, "udpTimeoutSeconds": .null,
          ], "mode": "IPVS",
        ])
    #expect(shape.objectValue?.keys == shape.objectValue?.keys.sorted())
  }
}
