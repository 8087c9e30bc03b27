// A rule's findings for one change under every set of facts of the invariant tests.

import FairleadModel

@testable import FairleadImpact

/// The distinct answers of `rule`, such as `high will`, or `silent`. One answer means that no fact decides.
func verdicts(
  _ rule: any Rule.Type, _ before: KubeProxyConfig?, _ after: KubeProxyConfig, lastMode: ProxyMode? = nil
) -> Set<String> {
  Set(
    InvariantTests.facts.map { facts in
      verdict(of: rule, on: change(before, after, facts, lastMode: lastMode))
        .map { "\($0.severity.rawValue) \($0.certainty.rawValue)" } ?? "silent"
    })
}

/// The steps of `rule` for `change`, as one text of what they say and of their commands.
func words(_ rule: any Rule.Type, _ change: ConfigChange, _ phase: Step.Phase) -> String {
  rule.steps(for: change).filter { $0.phase == phase }.map { ([$0.text] + $0.commands).joined(separator: "\n") }
    .joined(separator: "\n")
}
