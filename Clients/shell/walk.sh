#!/bin/sh
# Walks through the story of Fairlead on an empty registry, and checks each step: sh walk.sh [SOCKET]
#
# Start a daemon on a fresh database first; the walk refuses to write into a registry that is in
# use. It exits with 0 when every result is as expected, with 1 and a sentence when one is not, and
# with 6 where there is no daemon.

# In single quotes, $want is a variable of jq.
# shellcheck disable=SC2016

set -eu

here=$(dirname -- "$0")
# shellcheck source-path=SCRIPTDIR
# shellcheck source=fairlead.sh
. "$here/fairlead.sh"

if [ "$#" -gt 1 ]; then
  echo "usage: sh walk.sh [SOCKET]" >&2
  exit 64
fi
if [ "$#" -eq 1 ]; then
  export FAIRLEAD_SOCKET="$1"
fi

namespace=Microsoft.ContainerService
feature=KubeProxyConfigurationPreview
facts='{"kubernetesVersion":"1.34","networkPlugin":"azure","networkPolicy":"none","nodeCount":3}'

# The two documents of the AKS article.
ipvs='{
  "enabled": true,
  "mode": "IPVS",
  "ipvsConfig": {
    "scheduler": "LeastConnection",
    "tcpTimeoutSeconds": 900,
    "tcpFinTimeoutSeconds": 120,
    "udpTimeoutSeconds": 300
  }
}'
nftables='{"enabled": true, "mode": "NFTABLES"}'

# --- How the walk prints and checks

heading() { printf '\n%s\n' "$1"; }

# Prints paragraphs within 80 columns.
say() { printf '%s\n' "$1" | fold -s -w 78 | sed 's/^/  /; s/ *$//'; }

fail() {
  printf 'walk: expected %s\n' "$1" >&2
  exit 1
}

# JSON FILTER: the filter's result, as text.
pick() { printf '%s\n' "$1" | jq -r "$2"; }

# JSON FILTER WHAT [WANT]: ends the walk unless the filter is true. WANT is JSON, the filter's $want.
expect() {
  printf '%s\n' "$1" | jq -e --argjson want "${4:-null}" "$2" >/dev/null || fail "$3"
}

# STATUS KIND COMMAND...: ends the walk unless the command is refused with this status and kind. The
# error is in $error.
refused() {
  status=$1 kind=$2
  shift 2
  actual=0
  error=$("$@" 2>&1 >/dev/null) || actual=$?
  [ "$actual" -eq "$status" ] || fail "the status $status of $1, not $actual: $error"
  [ "$(pick "$error" .data.kind)" = "$kind" ] || fail "the kind $kind of $1: $error"
  say "$(pick "$error" .message)"
}

# JSON: the report of a plan or a change.
say_report() {
  say "$(pick "$1" '.report | "verdict \(.verdict): \(.summary)",
    (.findings[] | "- \(.severity) \(.rule): \(.title)")')"
}

# FILTER: waits until it holds for the feature. Registration takes time under --settle.
wait_for_feature() {
  tries=0
  until fl_feature_show "$namespace" "$feature" | jq -e "$1" >/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || fail "the feature to come to $1 within a minute"
    sleep 1
  done
}

# --- The story

check_empty() {
  about=$(fl_describe)
  heading "Fairlead $(pick "$about" .version), database $(pick "$about" .database)"
  expect "$about" '.head == 0' "an empty registry, and this one has $(pick "$about" .head) changes"
}

refused_create() {
  heading "1. A create is refused while the gates are closed"
  refused 4 prerequisite fl_create prod web config:="$ipvs" facts:="$facts"
  expect "$error" '[.data.report.prerequisites[] | select(.met | not).id]
    | contains(["feature", "provider"])' "feature and provider to be unmet"
  health=$(fl_health)
  expect "$health" '.head == 0' "a refused change to leave nothing behind"
}

open_gates() {
  heading "2. Register the feature, carry it to the provider, record the extension"
  fl_feature_register "$namespace" "$feature" message='the preview is approved' >/dev/null
  wait_for_feature '.state == "Registered"'
  fl_provider_register "$namespace" >/dev/null
  wait_for_feature .propagated
  say "$feature is Registered, and the provider has picked it up"
  fl_extension_set aks-preview >/dev/null
  extension=$(fl_extension_show aks-preview)
  say "aks-preview $(pick "$extension" .version) is on record"
  expect "$extension" '.version == "latest"' "the version to be latest"
}

create() {
  heading "3. Create a cluster with IPVS"
  created=$(fl_create prod web config:="$ipvs" facts:="$facts" \
    labels:='{"team":"Größe 7"}' message='first rollout “web”')
  say_report "$created"
  expect "$created" '.revision == 1' "revision 1"
  expect "$created" '.cluster.config == $want' "the document to be kept as it was sent" "$ipvs"
  expect "$created" '.cluster.labels.team == "Größe 7"' "the label to be kept as it was sent"
}

plan_and_commit() {
  heading "4. Plan the move to NFTABLES, look at it, commit what was looked at"
  plan=$(fl_plan_update prod web config:="$nftables")
  say_report "$plan"
  digest=$(pick "$plan" .report.planDigest)
  say "plan $digest"
  expect "$plan" '.seq == null' "a plan to record nothing"
  cluster=$(fl_show prod web)
  expect "$cluster" '.revision == 1' "a plan to change nothing"
  # The same parameters again, with the digest. If anything had changed meanwhile, this would exit
  # with 5 and the kind plan-stale.
  moved=$(fl_update prod web config:="$nftables" planDigest="$digest")
  say "recorded as change $(pick "$moved" .seq), revision $(pick "$moved" .revision)"
  expect "$moved" '.revision == 2 and .cluster.config == $want' "revision 2" "$nftables"
  expect "$moved" '.report.diff == $want.report.diff' "what the plan had shown" "$plan"
}

repeat() {
  heading "5. Send a change twice with one request id: it is recorded once"
  key=walk-$(date +%s)-$$
  first=$(fl_update prod web facts:='{"nodeCount":5}' requestId="$key")
  again=$(fl_update prod web facts:='{"nodeCount":5}' requestId="$key")
  say "first: change $(pick "$first" .seq); again: change $(pick "$again" .seq)"
  [ "$first" = "$again" ] || fail "the repeat to be answered as the first was"
  health=$(fl_health)
  expect "$health" '.head == $want.seq' "the repeat not to be recorded" "$first"
  refused 5 request-id-reused fl_update prod web facts:='{"nodeCount":6}' requestId="$key"
}

blocked_move() {
  heading "6. IPVS is refused where Azure Network Policy is in force"
  fl_create prod policy config:='{"mode":"IPTABLES"}' \
    facts:='{"kubernetesVersion":"1.34","networkPolicy":"azure"}' >/dev/null
  refused 4 blocked fl_update prod policy config:="$ipvs" message='try IPVS'
  say "what to do: $(pick "$error" '.data.report.findings[0].remedy')"
  expect "$error" '.data.report.findings[0].rule == "POL-01"' "POL-01 to refuse"
}

history_diff_rollback() {
  heading "7. History, difference, and back again"
  # Pages of one, to see that the list follows the cursor.
  revisions=$(fl_history prod web limit:=1 | jq -cs .)
  say "$(pick "$revisions" '.[]
    | "\(.revision) \(.origin) \(.config.mode // "default") \(.message // "")"')"
  expect "$revisions" 'map(.revision) == [2, 1]' "the revisions 2 and 1"
  expect "$revisions" '.[1].message == "first rollout “web”"' "the message as it was sent"
  difference=$(fl_diff prod web from:=1 to:=2)
  say "$(pick "$difference" 'def shown: if . == null then "unset" else . end;
    .diff[] | "\(.path): \(.before | shown) -> \(.after | shown)"')"
  expect "$difference" 'any(.diff[]; .path == "mode")' "the mode to differ"
  back=$(fl_rollback prod web toRevision:=1 message='back to IPVS')
  say "$(pick "$back" .report.summary)"
  expect "$back" '.revision == 3' "a forward revision 3"
  expect "$back" '.cluster.config == $want' "the first document to be back" "$ipvs"
}

many_at_once() {
  heading "8. Two clusters at once: plan, then all or none"
  moves='[
    {"method": "cluster.update", "params":
      {"resourceGroup": "prod", "name": "web", "labels": {"wave": "1"}}},
    {"method": "cluster.update", "params":
      {"resourceGroup": "prod", "name": "policy", "labels": {"wave": "1"}}}
  ]'
  plan=$(fl_apply changes:="$moves" dryRun:=true detail=summary)
  expect "$plan" '.seq == null' "a plan to record nothing"
  pinned=$(printf '%s\n' "$moves" | jq --argjson plan "$plan" '
    to_entries | map(.key as $i | .value
      | .params.planDigest = $plan.results[$i].outcome.planDigest)')
  applied=$(fl_apply changes:="$pinned" detail=summary message='first wave')
  say "$(pick "$applied" '.results[] | "change \(.outcome.seq): \(.subject)"')"
  expect "$applied" '.totals.recorded == 2' "both to be recorded"
  refused 3 not-found fl_apply changes:="$(printf '%s\n' "$moves" \
    | jq '. + [{method: "cluster.delete", params: {resourceGroup: "prod", name: "none"}}]')"
  expect "$error" '.data.index == 2' "the third to be in the way"
}

# COUNT: so many lines of stdin, and no byte more.
take() (
  left=$1
  while [ "$left" -gt 0 ] && IFS= read -r line; do
    printf '%s\n' "$line"
    left=$((left - 1))
  done
)

log() {
  heading "9. The log has it all, in order, and a watch tells more"
  changes=$(fl_log limit:=4 | jq -cs .)
  say "$(pick "$changes" '.[] | "\(.seq) \(.verdict) \(.summary)"')"
  expect "$changes" 'map(.seq) == [range(1; length + 1)]' "a log without gaps"
  health=$(fl_health)
  expect "$changes" 'length == $want.head' "the log to reach the head" "$health"
  count=$(pick "$changes" length)
  watched=$(fl_watch after:=0 | {
    take "$count"
    fl_update prod web labels:='{"wave":"2"}' message='as it comes' >/dev/null
    take 1
    # A watch notices that its reader is gone when it writes the next change.
    exec </dev/null
    fl_update prod web labels:='{"wave":"3"}' >/dev/null
  } | jq -cs .)
  expect "$watched" '.[:-1] == $want' "a watch to tell what the log has" "$changes"
  say "$(pick "$watched" '.[-1] | "\(.seq) \(.verdict) \(.summary)"')"
  expect "$watched" '.[-1].message == "as it comes"' "a watch to tell what comes"
}

check_empty
refused_create
open_gates
create
plan_and_commit
repeat
blocked_move
history_diff_rollback
many_at_once
log
printf '\nThe walk is done: everything came out as expected.\n'
