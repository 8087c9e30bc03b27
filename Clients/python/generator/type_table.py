"""What the schema lacks about types: Python's names for its objects, and their docstrings.

Paths are those of `schema`. The generator refuses an entry that matches nothing.
"""

from __future__ import annotations

from typing import NamedTuple


class Type(NamedTuple):
    """An object of the schema: where it occurs, and its docstring."""

    paths: list[str]
    doc: str


# Enumerations that have a name, and one place where the schema has each.
ALIASES = {
    "Severity": "finding.severity",
    "Certainty": "finding.certainty",
    "Kind": "change.kind",
    "State": "feature.state",
    "Origin": "revision.origin",
    "Mode": "config.mode",
    "NetworkPlugin": "facts.networkPlugin",
    "NetworkPolicy": "facts.networkPolicy",
    "NetworkDataplane": "facts.networkDataplane",
    "FactName": "finding.missingFact",
}

_SEQ = "``seq`` is None for a plan, and where there was nothing to record."

TYPES = {
    "IPVSConfig": Type(
        ["config.ipvsConfig"], "The settings that only IPVS has. Timeouts are positive."
    ),
    "Config": Type(
        ["config"],
        "A kube-proxy document. What is not set stays unset; an update replaces the whole "
        "document.",
    ),
    "Facts": Type(["facts"], "What is known of a cluster, as far as impact depends on it."),
    "Cluster": Type(
        ["cluster"], "A cluster. ``effective`` is its config with the defaults filled in."
    ),
    "PendingConfirm": Type(
        ["pendingConfirm"],
        "A change that the daemon reverts at the deadline unless `Client.cluster_confirm` "
        "follows. ``restores`` is the revision that it goes back to.",
    ),
    "Revision": Type(
        ["revision"],
        "One configuration that a cluster has had. The last one of a deleted cluster has no "
        "config.",
    ),
    "Actor": Type(["actor"], "Who made a change, as the kernel attests."),
    "Change": Type(["change"], "One entry of the log."),
    "DiffEntry": Type(
        ["diffEntry"], "One value in effect, before and after. None means that there is none."
    ),
    "Finding": Type(
        ["finding"],
        "What one rule found. ``missingFact`` names the fact that would settle an unknown.",
    ),
    "Prerequisite": Type(
        ["prerequisite"], "What must be true first, and the command that makes it so."
    ),
    "ProgrammedObjects": Type(
        ["estimates.rules.before.objects[]", "estimates.rules.after.objects[]"],
        "A kind of kernel object and how many of it there are.",
    ),
    "ProgrammedRules": Type(
        ["estimates.rules.before", "estimates.rules.after"], "What one mode programs on a node."
    ),
    "RulesEstimate": Type(
        ["estimates.rules"],
        "What is programmed on each node. A side on which kube-proxy does not run is absent.",
    ),
    "FirstPacket": Type(
        ["estimates.latency.before", "estimates.latency.after"],
        "How long the first packet of a connection waits, give or take ``errorMicroseconds``.",
    ),
    "LatencyEstimate": Type(
        ["estimates.latency"],
        "The first packet's latency. A side on which kube-proxy does not run is absent.",
    ),
    "Spread": Type(
        [
            "estimates.leastConnection.sameOrder", "estimates.leastConnection.randomOrder",
            "estimates.leastConnection.randomChoice",
        ],
        "How evenly connections are spread over pods. The loads are sorted, busiest first, at "
        "most 64 of them.",
    ),
    "LeastConnection": Type(
        ["estimates.leastConnection"],
        "How least-connection scheduling would load one Service's pods. Reports of early "
        "ledgers have only the counts.",
    ),
    "SecondsRange": Type(
        ["estimates.disruption.perNode", "estimates.disruption.rollout"],
        "A span of time, known within bounds.",
    ),
    "DisruptionEstimate": Type(
        ["estimates.disruption"],
        "How long new connections fail, or the facts that are missing to tell.",
    ),
    "Estimates": Type(["estimates"], "Estimates, each present only where the facts allow it."),
    "AffectedCluster": Type(
        ["report.affected.named[]"], "What a registration does to one cluster."
    ),
    "Affected": Type(["report.affected"], "What a change reaches."),
    "RollbackAdvice": Type(
        ["report.rollback"], "How to go back, and the rules that say what stays behind."
    ),
    "ConfirmNotice": Type(
        ["report.pendingConfirm"],
        "That the daemon will revert a change unless it is confirmed. ``caveats`` are the "
        "rules that say what stays behind then. A plan has no ``deadline``; a change of "
        "facts, made while another change waits, has no ``seconds``.",
    ),
    "Step": Type(["step"], "What a person does around a change, and the rules that ask for it."),
    "Report": Type(
        ["report"],
        "What a change does. A plan has a ``planDigest``, a recorded change has its ``seq``.",
    ),
    "Feature": Type(
        ["feature"], "A feature flag's registration, and whether its provider has picked it up."
    ),
    "Provider": Type(["provider"], "A resource provider's registration."),
    "Extension": Type(["extension"], "A client extension and the version in use."),
    "ClusterOutcome": Type(
        [
            "cluster.create()", "cluster.update()", "cluster.rollback()", "cluster.confirm()",
            "cluster.delete()", "applyResult.outcome",
        ],
        "The result of a change of a cluster. A plan has the cluster as it would become. " + _SEQ,
    ),
    "FeatureOutcome": Type(
        ["feature.register()", "feature.unregister()"],
        "The result of a change of a feature. " + _SEQ,
    ),
    "ProviderOutcome": Type(
        ["provider.register()", "provider.unregister()"],
        "The result of a change of a provider. " + _SEQ,
    ),
    "ExtensionOutcome": Type(
        ["extension.set()"],
        "The result of a change of an extension. " + _SEQ,
    ),
    "ClusterChange": Type(
        ["cluster.apply(changes)[]"],
        "One change of many. ``params`` are in the names of the wire, as ``method`` takes "
        "them.",
    ),
    "RollbackSummary": Type(
        ["changeSummary.rollback"],
        "Whether going back is clean, and the rules that say what stays behind if not.",
    ),
    "Obstacle": Type(
        ["changeSummary.refusal"],
        "Why a plan would be refused. ``by`` are the rules or prerequisites in the way.",
    ),
    "ChangeSummary": Type(
        ["changeSummary"],
        "One change of many in short. ``findings`` counts them by severity, ``unknown`` those "
        "that depend on a missing fact.",
    ),
    "WireError": Type(["applyResult.error"], "A refusal as it is on the wire."),
    "ApplyResult": Type(
        ["applyResult"],
        "The result of one change of many: an ``outcome``, in full or in short as was asked "
        "for, or an ``error``.",
    ),
    "ApplyTotals": Type(
        ["applyTotals"], "The sums of many changes, as far as they are known."
    ),
    "ApplyOutcome": Type(
        ["cluster.apply()"],
        "The result of many changes. ``seq`` is that of the last one, None where none was "
        "recorded.",
    ),
    "Culprit": Type(
        ["healthReason.by"], "A process that causes a condition, as the kernel names it."
    ),
    "WriteAheadLog": Type(
        ["registry.health().wal"],
        "How long the write-ahead log is, how many pages of it wait to be moved into the database "
        "file, and since when.",
    ),
    "HealthReason": Type(
        ["healthReason"],
        "A condition that a person has to know about. ``code`` is for programs; ``since`` is when "
        "it was noticed.",
    ),
    "ClusterPage": Type(
        ["cluster.list()"],
        "One page of clusters, by name. ``after`` is present while more are left.",
    ),
    "RevisionPage": Type(["cluster.history()"], "One page of revisions, newest first."),
    "ClusterDiff": Type(
        ["cluster.diff()"], "What two revisions of a cluster differ in, in effect."
    ),
    "FeaturePage": Type(["feature.list()"], "One page of features."),
    "ProviderPage": Type(["provider.list()"], "One page of providers."),
    "ExtensionPage": Type(["extension.list()"], "One page of extensions."),
    "ChangePage": Type(["change.list()"], "One page of changes, in order."),
    "Description": Type(["registry.describe()"], "What a daemon is."),
    "Health": Type(
        ["registry.health()"],
        "Whether a daemon is well, the number of its last change, and how many changes wait "
        "to be confirmed.",
    ),
}

# Shapes with the members of another, of which each may be None.
PATCHES = {
    "FactsPatch": (
        "Facts", "Facts to set. A fact that is not named stays as it is; None clears one."
    ),
}
