// TMO-04: an IPVS timeout that is taken out of the document stays in the kernel.

package import FairleadModel

/// kube-proxy writes the timeouts that the document sets and leaves the others as they are. The one that was removed
/// keeps its number on every running node, while a node that is rebooted or added has the kernel's default.
///
/// A number that is the kernel's default does no harm by staying: removing it is a remark. Timeouts that the kernel may
/// have refused (VAL-03) only may be in it, and those that it surely refused never were.
package enum TMO04: Rule {
  package static let id = "TMO-04"
  package static let kind = RuleKind.transition
  package static let title = "A removed timeout stays in force on running nodes"
  package static let source =
    "kubernetes pkg/proxy/ipvs/proxier.go, staging/src/k8s.io/kube-proxy/config/v1alpha1/types.go"
  package static let leavesBehind = true

  package static func evaluate(_ change: Judgement) -> Finding? {
    guard change.staysIPVS, let before = change.before else { return nil }
    let removed = IPVSTimeout.allCases.compactMap { key in
      change.after.timeouts[key] == nil ? before.timeouts[key].map { (key: key, seconds: $0) } : nil
    }
    let answer = VAL03.answer(to: before.timeouts)
    guard !removed.isEmpty, answer != .refuses else { return nil }
    let stays = removed.map { "\($0.key.rawValue) \($0.seconds) (kernel default \($0.key.kernelDefaultSeconds))" }
      .joined(separator: ", ")
    let defaults = removed.map { "\"\($0.key.rawValue)\": \($0.key.kernelDefaultSeconds)" }.joined(separator: ", ")
    let isHarmless = removed.allSatisfy { $0.seconds == $0.key.kernelDefaultSeconds }
    let verify = "ipvsadm -L --timeout"
    if isHarmless {
      return finding(
        .info,
        detail: "kube-proxy does not reset a timeout that leaves the document. What stays on \(change.eachNode) is the "
          + "kernel's own default: \(stays).",
        remedy: "Nothing to do. To pin the values, keep \(defaults) in ipvsConfig.", verify: verify)
    }
    let doubt =
      answer == .mayRefuse
      ? " The kernel may have refused the numbers when they were set (VAL-03); then it holds older ones." : ""
    return finding(
      .high, answer == .takes ? .will : .may,
      detail: "kube-proxy does not reset a timeout that leaves the document. What stays on \(change.eachNode) until it "
        + "reboots: \(stays). A node that reboots or joins later has the kernel's default, so the nodes come to differ."
        + doubt,
      remedy: "To go back to the kernel's defaults, set them: {\(defaults)} in ipvsConfig. Or reboot each node.",
      verify: verify)
  }
}
