// TMO-04: an IPVS timeout that is taken out of the document stays in the kernel.

package import FairleadModel

/// kube-proxy writes the timeouts that the document sets and leaves the others as they are. One that leaves the document
/// keeps its number on every running node, while a node that is rebooted or added has the kernel's default, so that the
/// nodes come to differ. Kubernetes itself knows a timeout of 0 for "leave it as it is"; AKS takes positive numbers
/// only, so unset is the one way to say that, and no way to say "back to the default" but the default's own number.
///
/// The number outlasts the mode as well. Where IPVS comes back with a document that does not set what an earlier one
/// did, it still holds on each node that was not rebooted or replaced in between; no fact says which nodes were.
///
/// A number that is the kernel's default does no harm by staying: removing it is a remark. Timeouts that the kernel may
/// have refused (VAL-03) only may be in it, and those that it surely refused never were.
///
/// - When: IPVS stays and a timeout leaves the document, or IPVS comes back without a timeout that an earlier revision
///   set.
/// - Severity: high; info where the number that stays is the kernel's default.
/// - Remedy: to restore the kernel's defaults, set them (tcpTimeoutSeconds 900, tcpFinTimeoutSeconds 120,
///   udpTimeoutSeconds 300), or reboot each node.
package enum RemovedTimeoutStays: Rule {
  package static let id = "TMO-04"
  package static let kind = RuleKind.transition
  package static let title = "A removed timeout stays in force on running nodes"
  package static let source =
    "kubernetes pkg/proxy/ipvs/proxier.go, staging/src/k8s.io/kube-proxy/config/v1alpha1/types.go"
  package static let leavesBehind = true

  private typealias Number = (key: IPVSTimeout, seconds: Int)

  private static let verify = "ipvsadm -L --timeout"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard let before = change.before, change.after.mode == .ipvs else { return nil }
    guard before.mode == .ipvs else { return survivors(change) }
    let removed = IPVSTimeout.allCases.compactMap { key in
      change.after.timeouts[key] == nil ? before.timeouts[key].map { Number(key, $0) } : nil
    }
    let answer = IPVSTimeoutLimits.answer(to: before.timeouts)
    guard !removed.isEmpty, answer != .refuses else { return nil }
    let isHarmless = removed.allSatisfy { $0.seconds == $0.key.kernelDefaultSeconds }
    if isHarmless {
      return finding(
        .info,
        detail: "kube-proxy does not reset a timeout that leaves the document. What stays on \(change.eachNode) is the "
          + "kernel's own default: \(words(removed)).",
        remedy: "Nothing to do. To pin the values, keep \(defaults(removed)) in ipvsConfig.", verify: verify)
    }
    let doubt =
      answer == .mayRefuse
      ? " The kernel may have refused the numbers when they were set (VAL-03); then it holds older ones." : ""
    return finding(
      .high, answer == .takes ? .will : .may,
      detail: "kube-proxy does not reset a timeout that leaves the document. What stays on \(change.eachNode) until it "
        + "reboots: \(words(removed)). A node that reboots or joins later has the kernel's default, so the nodes come "
        + "to differ.\(doubt)",
      remedy: remedy(removed), verify: verify)
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    guard let finding = evaluate(change), finding.severity > .info else { return [] }
    return [
      Step(
        .after,
        "Look at the timeouts on a node. Where a number stayed that is not wanted, set the kernel's default in "
          + "ipvsConfig, or reboot the nodes.",
        commands: [verify], rules: [id])
    ]
  }

  /// The finding where IPVS comes back and the kernels still hold numbers of earlier revisions.
  private static func survivors(_ change: ConfigChange) -> Finding? {
    let left = IPVSTimeout.allCases.compactMap { key -> Number? in
      guard change.after.timeouts[key] == nil, let seconds = change.kernelTimeouts[key],
        seconds != key.kernelDefaultSeconds
      else { return nil }
      return Number(key, seconds)
    }
    guard !left.isEmpty else { return nil }
    return finding(
      .high, .may,
      detail: "Earlier revisions set timeouts that this document leaves out, and kube-proxy resets none. What is still "
        + "in force on a node that was not rebooted or replaced since: \(words(left)). The other nodes have the "
        + "kernel's default, so the nodes differ.",
      remedy: remedy(left), verify: verify)
  }

  private static func words(_ numbers: [Number]) -> String {
    numbers.map { "\($0.key.rawValue) \($0.seconds) (kernel default \($0.key.kernelDefaultSeconds))" }
      .joined(separator: ", ")
  }

  private static func defaults(_ numbers: [Number]) -> String {
    numbers.map { "\"\($0.key.rawValue)\": \($0.key.kernelDefaultSeconds)" }.joined(separator: ", ")
  }

  private static func remedy(_ numbers: [Number]) -> String {
    "To go back to the kernel's defaults, set them: {\(defaults(numbers))} in ipvsConfig. Or reboot each node."
  }
}
