"""What the schema lacks about the members of its objects.

Paths are those of `schema`. The generator refuses an entry that matches nothing.
"""

from __future__ import annotations

# Members whose type in the schema is any object, with the precise type in Python.
TYPE_AT = {
    "cluster.effective": "Config",
    "changeSummary.findings": "dict[Severity, int]",
    "applyTotals.verdicts": "dict[Severity, int]",
    "registry.describe().limits": "dict[str, int]",
    "cluster.create(facts)": "FactsPatch",
    "cluster.update(facts)": "FactsPatch",
    "cluster.create(labels)": "Mapping[str, Optional[str]]",
    "cluster.update(labels)": "Mapping[str, Optional[str]]",
}

# The schema has one form for the result of every change, with an optional revision. Clusters always
# have one, registrations and extensions never do.
PRESENT = {"ClusterOutcome.revision"}
ABSENT = {"FeatureOutcome.revision", "ProviderOutcome.revision", "ExtensionOutcome.revision"}

# Descriptions of members that the schema lacks, or that need Python's names.
MEMBER_DOCS = {
    "ChangeOptions.if_revision": "refuse with `Conflict` unless this is the cluster's revision; 0 "
    "is no cluster",
    "ChangeOptions.if_seq": "refuse with `Conflict` unless this is the cluster's last change, its "
    "``updatedSeq``",
    "ChangeOptions.plan_digest": "commit the plan with this digest, or refuse with `PlanStale`; "
    "needs the same parameters",
    "ChangeOptions.dry_run": "plan only: nothing is recorded, and a blocked plan is a result, not "
    "an error",
    "ChangeOptions.request_id": "a key of your own choice: a repeat with it returns the first "
    "one's result",
    "Health.reason": "why the daemon is read-only",
    "Health.loadedClusters": "how many are in memory, only while the daemon still reads the others "
    "after its start",
}
