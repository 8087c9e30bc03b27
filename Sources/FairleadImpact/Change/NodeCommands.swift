// Commands for the nodes of an AKS cluster, which the steps of several rules share.

internal import FairleadModel

/// NODE stands for a node's name, and POD for that of its kube-proxy pod, since no fact names them.
package enum NodeCommands {
  /// Runs `line` on a node, as root. Sources: AKS article 'Connect to AKS cluster nodes'; the profile grants what
  /// iptables and nft ask for.
  static func command(_ line: String) -> String {
    "kubectl debug node/NODE -it --image=mcr.microsoft.com/cbl-mariner/busybox:2.0 --profile=sysadmin -- "
      + "chroot /host sh -c \(shellQuoted(line))"
  }

  /// Empties a node, reboots it and lets pods back on it. The second command prints what the third needs.
  static let reboot = [
    "kubectl drain NODE --ignore-daemonsets --delete-emptydir-data",
    "kubectl get node NODE -o 'jsonpath={.spec.providerID}'",
    "az vmss restart --resource-group NODE_GROUP --name SCALE_SET --instance-ids INSTANCE",
    "kubectl uncordon NODE",
  ]

  /// Lists the kube-proxy pods with their nodes.
  static let pods = "kubectl get pods -n kube-system -l component=kube-proxy -o wide"

  /// Lists what has NodePorts.
  static let nodePorts =
    "kubectl get services -A -o 'custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,"
    + "NODEPORTS:.spec.ports[*].nodePort,HEALTHCHECK:.spec.healthCheckNodePort'"

  /// Looks for `words` in what every kube-proxy pod has logged.
  static func search(logs words: String) -> String {
    "kubectl logs -n kube-system -l component=kube-proxy --tail=-1 --prefix | grep \(shellQuoted(words))"
  }

  // Every change has the checks below among its steps, and the check of a finding that equals one is left out there. So
  // both take the text from here.

  /// Prints the mode of the node on which it is run. kube-proxy reports it on its metrics port, which AKS opens on every
  /// address of the node. Source: kubernetes cmd/kube-proxy/app/server.go; the AKS article on troubleshooting
  /// nftables.
  package static let proxyMode = "curl -s http://localhost:10249/proxyMode"

  /// Waits until every node has its new kube-proxy pod.
  package static let rollout = "kubectl rollout status daemonset/kube-proxy -n kube-system"

  /// Shows how many nodes have a kube-proxy pod.
  package static let daemonSet = "kubectl get daemonset kube-proxy -n kube-system"
}
