#!/usr/bin/env python3
"""Walks the story of Fairlead on an empty registry, and checks each step: python3 walk.py --help.

Start a daemon on a fresh database first; the walk refuses to write into a registry that is in use.
It ends with 0 when everything came out as expected, and with 1 and a sentence when not; with 6
where there is no daemon.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
import time
import uuid
from collections.abc import Sequence

import fairlead

NAMESPACE = "Microsoft.ContainerService"
FEATURE = "KubeProxyConfigurationPreview"
GROUP = "prod"

# The two documents of the AKS article.
IPVS: fairlead.Config = {
    "enabled": True,
    "mode": "IPVS",
    "ipvsConfig": {
        "scheduler": "LeastConnection",
        "tcpTimeoutSeconds": 900,
        "tcpFinTimeoutSeconds": 120,
        "udpTimeoutSeconds": 300,
    },
}
NFTABLES: fairlead.Config = {"enabled": True, "mode": "NFTABLES"}

FACTS: fairlead.FactsPatch = {
    "kubernetesVersion": "1.34",
    "networkPlugin": "azure",
    "networkPolicy": "none",
    "nodeCount": 3,
}


class Unexpected(Exception):
    """The daemon did something else than the story says."""


def expect(holds: bool, what: str) -> None:
    """Ends the walk unless ``holds``. An assert would vanish under -O."""
    if not holds:
        raise Unexpected(f"expected {what}")


def heading(text: str) -> None:
    print(f"\n{text}")


def say(text: str) -> None:
    """Prints a paragraph within 80 columns. Commands and paths are never broken in a word."""
    lines = textwrap.wrap(
        text, 80, initial_indent="  ", subsequent_indent="    ",
        break_long_words=False, break_on_hyphens=False,
    )
    print("\n".join(lines))


def say_report(report: fairlead.Report) -> None:
    say(f"verdict {report['verdict']}: {report['summary']}")
    for finding in report["findings"]:
        say(f"- {finding['severity']} {finding['rule']}: {finding['title']}")


def check_empty(ledger: fairlead.Client) -> None:
    about = ledger.registry_describe()
    heading(f"Fairlead {about['version']}, database {about['database']}")
    expect(about["head"] == 0, f"an empty registry, and this one has {about['head']} changes")


def refused_create(ledger: fairlead.Client) -> None:
    heading("1. A create is refused while the gates are closed")
    try:
        ledger.cluster_create(GROUP, "web", config=IPVS, facts=FACTS)
    except fairlead.PrerequisiteUnmet as refusal:
        say(refusal.message)
        unmet = {each["id"] for each in refusal.unmet}
        expect({"feature", "provider"} <= unmet, f"feature and provider to be unmet, not {unmet}")
    else:
        raise Unexpected("expected the create to be refused")
    expect(ledger.registry_health()["head"] == 0, "a refused change to leave nothing behind")


def wait_until_registered(ledger: fairlead.Client) -> fairlead.Feature:
    """Registration takes time where the daemon runs with --settle."""
    for _ in range(300):
        feature = ledger.feature_get(NAMESPACE, FEATURE)
        if feature["state"] == "Registered":
            return feature
        time.sleep(0.2)
    raise Unexpected("expected the feature to be Registered within a minute")


def wait_until_propagated(ledger: fairlead.Client) -> None:
    for _ in range(300):
        if ledger.feature_get(NAMESPACE, FEATURE)["propagated"]:
            return
        time.sleep(0.2)
    raise Unexpected("expected the provider to pick the feature up within a minute")


def open_gates(ledger: fairlead.Client) -> None:
    heading("2. Register the feature, carry it to the provider, record the extension")
    ledger.feature_register(NAMESPACE, FEATURE, message="the preview is approved")
    feature = wait_until_registered(ledger)
    expect(not feature["propagated"], "the provider not to know of the feature yet")
    ledger.provider_register(NAMESPACE)
    wait_until_propagated(ledger)
    say(f"{FEATURE} is Registered, and the provider has picked it up")
    ledger.extension_set("aks-preview")
    version = ledger.extension_get("aks-preview")["version"]
    say(f"aks-preview {version} is on record")
    expect(version == "latest", f"the version to be latest, not {version}")


def create(ledger: fairlead.Client) -> None:
    heading("3. Create a cluster with IPVS")
    done = ledger.cluster_create(
        GROUP, "web", config=IPVS, facts=FACTS, labels={"team": "Größe 7"},
        message="first rollout “web”",
    )
    say_report(done["report"])
    cluster = done["cluster"]
    expect(cluster["revision"] == 1, f"revision 1, not {cluster['revision']}")
    expect(cluster["config"] == IPVS, "the document to be kept as it was sent")
    expect(cluster["labels"] == {"team": "Größe 7"}, "the label to be kept as it was sent")


def plan_and_commit(ledger: fairlead.Client) -> None:
    heading("4. Plan the move to NFTABLES, look at it, commit what was looked at")
    plan = ledger.cluster_update(GROUP, "web", config=NFTABLES, dry_run=True)
    say_report(plan["report"])
    digest = plan["report"]["planDigest"]
    say(f"plan {digest}")
    expect(plan["seq"] is None, "a plan to record nothing")
    expect(ledger.cluster_get(GROUP, "web")["revision"] == 1, "a plan to change nothing")
    # The same parameters again, with the digest in the place of dry_run. Had anything moved
    # meanwhile, this would raise PlanStale.
    done = ledger.cluster_update(GROUP, "web", config=NFTABLES, plan_digest=digest)
    say(f"recorded as change {done['seq']}, revision {done['revision']}")
    expect(done["seq"] is not None, "the commit to be recorded")
    expect(done["cluster"]["config"] == NFTABLES, "the cluster to be in NFTABLES")
    expect(done["report"]["diff"] == plan["report"]["diff"], "what the plan had shown")


def repeat(ledger: fairlead.Client) -> None:
    heading("5. Send a change twice with one request id: it is recorded once")
    key = f"walk-{uuid.uuid4()}"
    first = ledger.cluster_update(GROUP, "web", facts={"nodeCount": 5}, request_id=key)
    again = ledger.cluster_update(GROUP, "web", facts={"nodeCount": 5}, request_id=key)
    say(f"first: change {first['seq']}; again: change {again['seq']}")
    expect(first == again, "the repeat to be answered as the first was")
    expect(ledger.registry_health()["head"] == first["seq"], "the repeat not to be recorded")
    try:
        ledger.cluster_update(GROUP, "web", facts={"nodeCount": 6}, request_id=key)
    except fairlead.RequestIdReused as refusal:
        say(refusal.message)
    else:
        raise Unexpected("expected the key to be refused for another change")


def blocked_move(ledger: fairlead.Client) -> None:
    heading("6. IPVS is refused where Azure Network Policy is in force")
    facts: fairlead.FactsPatch = {"kubernetesVersion": "1.34", "networkPolicy": "azure"}
    ledger.cluster_create(GROUP, "policy", config={"mode": "IPTABLES"}, facts=facts)
    try:
        ledger.cluster_update(GROUP, "policy", config=IPVS, message="try IPVS")
    except fairlead.Blocked as refusal:
        say(refusal.message)
        worst = refusal.report["findings"][0]
        say(f"what to do: {worst['remedy']}")
        expect(worst["rule"] == "POL-01", f"POL-01 to refuse, not {worst['rule']}")
    else:
        raise Unexpected("expected the move to be refused")


def history_diff_rollback(ledger: fairlead.Client) -> None:
    heading("7. History, difference, and back again")
    # Pages of one, to see that the iterator follows the cursor.
    revisions = list(ledger.history(GROUP, "web", page_size=1))
    say_history(revisions)
    numbers = [each["revision"] for each in revisions]
    expect(numbers == [2, 1], f"the revisions 2 and 1, not {numbers}")
    expect(revisions[1]["message"] == "first rollout “web”", "the message as it was sent")
    difference = ledger.cluster_diff(GROUP, "web", from_revision=1, to_revision=2)
    for entry in difference["diff"]:
        say(f"{entry['path']}: {shown(entry['before'])} -> {shown(entry['after'])}")
    expect("mode" in [entry["path"] for entry in difference["diff"]], "the mode to differ")
    done = ledger.cluster_rollback(GROUP, "web", to_revision=1, message="back to IPVS")
    say(done["report"]["summary"])
    expect(done["revision"] == 3, f"a forward revision 3, not {done['revision']}")
    expect(done["cluster"]["config"] == IPVS, "the first document to be back")
    newest = next(ledger.history(GROUP, "web"))
    expect(newest.get("restores") == 1, "the new revision to say what it restores")


def shown(value: object) -> str:
    return "unset" if value is None else str(value)


def say_history(revisions: list[fairlead.Revision]) -> None:
    for each in revisions:
        mode = (each["config"] or {}).get("mode", "default")
        say(f"{each['revision']} {each['origin']} {mode} {each['message'] or ''}")


def many_at_once(ledger: fairlead.Client) -> None:
    heading("8. Two clusters at once: plan, then all or none")

    def moves(digests: Sequence[str]) -> list[fairlead.ClusterChange]:
        return [
            {
                "method": "cluster.update",
                "params": {
                    "resourceGroup": GROUP, "name": name, "labels": {"wave": "1"},
                    **({"planDigest": digest} if digest else {}),
                },
            }
            for name, digest in zip(("web", "policy"), digests)
        ]

    plan = ledger.cluster_apply(moves(["", ""]), dry_run=True, detail="summary")
    expect(plan["seq"] is None, "a plan to record nothing")
    digests = [each["outcome"].get("planDigest", "") for each in plan["results"]]
    done = ledger.cluster_apply(
        moves([str(each) for each in digests]), detail="summary", message="first wave"
    )
    for each in done["results"]:
        say(f"change {each['outcome']['seq']}: {each['subject']}")
    expect(done["totals"]["recorded"] == 2, "both to be recorded")
    missing: fairlead.ClusterChange = {
        "method": "cluster.delete", "params": {"resourceGroup": GROUP, "name": "none"},
    }
    try:
        ledger.cluster_apply([*moves(["", ""]), missing])
    except fairlead.NotFound as refusal:
        say(refusal.message)
        expect(refusal.data["index"] == 2, "the third to be in the way")
    else:
        raise Unexpected("expected all of it to be refused")


def log(ledger: fairlead.Client) -> None:
    heading("9. The log has it all, in order, and a watch tells more")
    changes = list(ledger.changes(page_size=4))
    for each in changes:
        say(f"{each['seq']} {each['verdict']} {each['summary']}")
    numbers = [each["seq"] for each in changes]
    expect(numbers == list(range(1, len(numbers) + 1)), f"a log without gaps, not {numbers}")
    expect(numbers[-1] == ledger.registry_health()["head"], "the log to reach the head")
    with ledger.change_watch(after=0) as watch:
        expect([next(watch) for _ in changes] == changes, "a watch to tell what the log has")
        ledger.cluster_update(GROUP, "web", labels={"wave": "2"}, message="as it comes")
        come = next(watch)
        say(f"{come['seq']} {come['verdict']} {come['summary']}")
        expect(come["message"] == "as it comes", "a watch to tell what comes")


def walk(ledger: fairlead.Client) -> None:
    check_empty(ledger)
    refused_create(ledger)
    open_gates(ledger)
    create(ledger)
    plan_and_commit(ledger)
    repeat(ledger)
    blocked_move(ledger)
    history_diff_rollback(ledger)
    many_at_once(ledger)
    log(ledger)


def main() -> int:
    parser = argparse.ArgumentParser(description="Walk the story of Fairlead, with checks.")
    parser.add_argument("--socket", metavar="PATH", help="the socket of a daemon that is empty")
    path = parser.parse_args().socket
    try:
        with fairlead.Client(path, timeout=30) as ledger:
            walk(ledger)
    except (Unexpected, fairlead.FairleadError) as trouble:
        print(f"walk: {trouble}", file=sys.stderr)
        return 1
    except (LookupError, TypeError) as trouble:
        print(f"walk: expected the shapes of the protocol, and met {trouble!r}", file=sys.stderr)
        return 1
    except fairlead.Unreachable as trouble:
        print(f"walk: {trouble}", file=sys.stderr)
        return 6
    print("\nThe walk is done: everything came out as expected.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
