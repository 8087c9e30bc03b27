// JSON Schemas of the estimates in a report.

internal import ExactJSON
internal import FairleadModel

extension Schema {
  /// A member is absent where the facts do not allow that estimate.
  static let estimates = object(
    [
      "rules": rules, "latency": latency, "leastConnection": leastConnection, "disruption": disruption,
    ], optional: ["rules", "latency", "leastConnection", "disruption"])

  private static let mode = words(ProxyMode.allCases.map(\.rawValue))

  /// `before` or `after` is absent where kube-proxy does not run on that side.
  private static let rules: JSON = {
    let programmed = object(["mode": mode, "objects": array(object(["name": string, "count": count]))])
    return object(
      [
        "services": count, "endpoints": count, "before": programmed, "after": programmed, "source": string,
        "limits": string,
      ], optional: ["before", "after"])
  }()

  private static let latency: JSON = {
    let firstPacket = object([
      "mode": mode, "p50Microseconds": count, "p99Microseconds": count, "errorMicroseconds": count,
    ])
    return object(
      ["services": count, "before": firstPacket, "after": firstPacket, "source": string, "limits": string],
      optional: ["before", "after"])
  }()

  /// A report that an early version recorded has only the counts.
  private static let leastConnection: JSON = {
    let spread = object(["busiestPercentOfMean": count, "idlePercent": count, "loads": array(count)])
    return object(
      [
        "nodes": count, "podsPerService": count, "connectionsPerService": count, "busiestPodConnections": count,
        "idlePods": count, "belowTwiceTheNodes": boolean, "sameOrder": spread, "randomOrder": spread,
        "randomChoice": spread, "source": string, "limits": string,
      ], optional: ["sameOrder", "randomOrder", "randomChoice", "source", "limits"])
  }()

  private static let disruption: JSON = {
    let seconds = object(["fromSeconds": count, "toSeconds": count])
    return object(
      [
        "perNode": seconds, "rollout": seconds, "nodes": count,
        "missing": array(words(FactKey.allCases.map(\.rawValue))), "source": string, "limits": string,
      ], optional: ["perNode", "rollout", "nodes", "missing"])
  }()
}
