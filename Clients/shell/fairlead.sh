# shellcheck shell=sh
# Fairlead's client for POSIX shells: functions to be sourced, which send requests to fairleadd's socket.
#
#   . Clients/shell/fairlead.sh
#   fl_create prod web config:=@kube-proxy.json message='first rollout'
#   fl_show prod web | jq .effective
#
# Needs jq 1.6, and either OpenBSD's nc or socat. Works in dash and bash, also under 'set -eu'.
#
# Parameters beyond the cluster's names have the protocol's names; each is one word:
#   key=text        a string:          message='why it changes'
#   key:=json       any JSON value:    ifRevision:=3   facts:='{"nodeCount":5}'
#   key:=@file      JSON from a file:  config:=@kube-proxy.json
# jq builds all JSON from them, so quotes and spaces in a value are safe.
#
# A result is printed on stdout as one line of JSON; a list as one line for each item. An error of
# the daemon is printed on stderr as the JSON that it sent. Decide on .data.kind, or on the status:
#   0 done, 1 failed, 3 not found, 4 blocked or a prerequisite unmet, 5 conflict (the base or the
#   plan has moved, the name or the request id is taken), 6 daemon not reached, 64 usage
#
# Each call opens one connection and sends one request, once. No call is repeated automatically.
#
#   FAIRLEAD_SOCKET   the daemon's socket; else $XDG_RUNTIME_DIR/fairlead.sock, then the system's
#   FAIRLEAD_DAEMON_USER  the daemon's user, by name or number; fairlead without it. A socket that is
#                     neither his, nor root's, nor the caller's, is not used. Unlike the command, the
#                     shell can only look whose file it is, and not which process listens
#   FL_TRANSPORT      nc or socat; without it nc is used if it has the options that it needs
#
# Function bodies are in ( ), not { }: in a subshell their variables cannot change the caller's.

# --- Clusters: GROUP NAME [PARAMETER]...

# config, facts, labels, apiVersion, and the options of a change: message, ifRevision, ifSeq,
# planDigest, override, dryRun, requestId. Every fl_ function for a change accepts those options.
fl_create() { fl__cluster cluster.create "$@"; }

# As fl_create. config replaces the whole document; in facts and labels, null clears a member.
# confirmWithinSeconds: the daemon reverts the new revision after that time unless fl_confirm follows.
fl_update() { fl__cluster cluster.update "$@"; }

# toRevision, apiVersion, confirmWithinSeconds; without toRevision, back to the previous revision.
fl_rollback() { fl__cluster cluster.rollback "$@"; }

# Keeps the change that waits to be confirmed; with seq, only if it is that change.
fl_confirm() { fl__cluster cluster.confirm "$@"; }

fl_delete() { fl__cluster cluster.delete "$@"; }

# [PARAMETER]...: many changes in one transaction, as 'fl_apply changes:=@changes.json': an array of
# {"method": "cluster.update", "params": {...}}. Also atomic, detail, message, requestId, dryRun.
# Thousands do not fit a command line; send them with fl_call cluster.apply - < params.json
fl_apply() { fl__ask cluster.apply "$@"; }

# The same as plans: nothing is recorded. Commit one with the same parameters and its
# planDigest="$(... | jq -r .report.planDigest)".
fl_plan_create() { fl_create "$@" dryRun:=true; }
fl_plan_update() { fl_update "$@" dryRun:=true; }
fl_plan_rollback() { fl_rollback "$@" dryRun:=true; }
fl_plan_delete() { fl_delete "$@" dryRun:=true; }

# revision or at, for the cluster as it was.
fl_show() { fl__cluster cluster.get "$@"; }

# from, to: revisions.
fl_diff() { fl__cluster cluster.diff "$@"; }

# Every revision, newest first, one a line. limit sets the size of a page.
fl_history() (
  fl__takes 2 "$#" "fl_history GROUP NAME [PARAMETER]..." || exit
  group=$1 name=$2
  shift 2
  fl__list cluster.history resourceGroup="$group" name="$name" "$@"
)

# resourceGroup, labels, limit: the clusters, one a line.
fl_list() { fl__list cluster.list "$@"; }

# --- Registrations

# NAMESPACE NAME [PARAMETER]...
fl_feature_register() { fl__feature feature.register "$@"; }
fl_feature_unregister() { fl__feature feature.unregister "$@"; }
fl_feature_show() { fl__feature feature.get "$@"; }
fl_feature_list() { fl__list feature.list "$@"; }

# NAMESPACE [PARAMETER]...
fl_provider_register() { fl__one namespace provider.register "$@"; }
fl_provider_unregister() { fl__one namespace provider.unregister "$@"; }
fl_provider_show() { fl__one namespace provider.get "$@"; }
fl_provider_list() { fl__list provider.list "$@"; }

# NAME [PARAMETER]...: version, to record another one than is recorded.
fl_extension_set() { fl__one name extension.set "$@"; }
fl_extension_show() { fl__one name extension.get "$@"; }
fl_extension_list() { fl__list extension.list "$@"; }

# --- The log, and the daemon itself

# after, kind, resourceGroup and name, limit: every change in order, one a line.
fl_log() { fl__list change.list "$@"; }

# after, kinds, resourceGroup, name, labels: each change when it is recorded, one a line, until the
# function is interrupted or its reader is gone when it writes the next change. Without after:=SEQ,
# only changes that are recorded from now on. Ends with 6 when the daemon stops: continue with the
# seq of the last line, such as 'fl_watch after:=1200'.
fl_watch() (
  params=$(fl_params "$@") || exit
  tool=$(fl__transport) || exit
  request=$(printf '%s\n' "$params" | fl__request change.watch) || exit
  path=$(fl_socket)
  fl__trusts "$path" || exit
  folder=$(mktemp -d "${TMPDIR:-/tmp}/fl-watch.XXXXXX") || exit 1
  hold=$folder/hold
  mkfifo "$hold" || exit 1
  # The tool disconnects when its input ends. So jq keeps the writing end of that input open: when jq
  # ends, the tool ends, and when the tool ends, jq ends. The fifo is a pipe, not a file that is both
  # read and written, as shellcheck assumes.
  # shellcheck disable=SC2094
  fl__exchange "$tool" "$path" 0 <"$hold" 2>/dev/null | {
    exec 3>"$hold"
    rm -rf "$folder"
    (trap '' PIPE && printf '%s\n' "$request" >&3) 2>/dev/null || :
    status=0
    jq -cn --unbuffered "$fl__statuses"'
      (try input catch ("" | halt_error(7)))
      | if has("error") then .error | halt_error(status) else empty end,
        (inputs | select(.method == "change.event") | .params | del(.subscription))
    ' || status=$?
    case $status in
      0) fl__say "cannot hear of more changes: the daemon closed the connection" ;;
      7) fl__no_reply "$path" 1 ;;
      *) exit "$status" ;;
    esac
    exit 6
  }
)

# SEQ
fl_change() { fl__one seq: change.get "$@"; }
fl_report() { fl__one seq: report.get "$@"; }

fl_describe() { fl_call registry.describe; }
fl_health() { fl_call registry.health; }

# --- The calls that the functions above use

# fl_call METHOD [JSON]: one request with these parameters; '-' reads them from stdin.
fl_call() (
  fl__takes 1 "$#" "fl_call METHOD [JSON]" || exit
  fl__need_jq || exit
  tool=$(fl__transport) || exit
  case ${2-} in
    '') params='{}' ;;
    -) params=$(cat) ;;
    *) params=$2 ;;
  esac
  request=$(printf '%s\n' "$params" | fl__request "$1") || {
    fl__say "cannot take these parameters: they are one JSON object"
    exit 64
  }
  path=$(fl_socket)
  fl__trusts "$path" || exit
  status=0
  # printf may report a broken pipe, which adds nothing: only the reply matters.
  reply=$(printf '%s\n' "$request" 2>/dev/null | fl__exchange "$tool" "$path") || status=$?
  if [ -z "$reply" ]; then
    fl__no_reply "$path" "$status"
    exit 6
  fi
  printf '%s\n' "$reply" | fl__result
)

# fl_pages METHOD [JSON]: all items of a list, one a line, fetched page by page.
fl_pages() (
  fl__takes 1 "$#" "fl_pages METHOD [JSON]" || exit
  params=${2:-"{}"}
  while [ -n "$params" ]; do
    page=$(fl_call "$1" "$params") || exit
    printf '%s\n' "$page" | jq -c '.items[]' || exit
    # A cursor that does not advance would make this loop endless.
    params=$(printf '%s\n' "$page" | jq -c --argjson params "$params" '
      if .after == null or .after == $params.after then empty else $params + {after} end
    ') || exit
  done
)

# fl_params [PARAMETER]...: the parameters as one JSON object.
fl_params() (
  fl__need_jq || exit
  for argument do
    shift
    case $argument in
      *=*) ;;
      *)
        fl__say "cannot take '$argument': a parameter is key=text, key:=json or key:=@file"
        exit 64
        ;;
    esac
    key=${argument%%=*}
    value=${argument#*=}
    case $key in
      *:) value=$(fl__json_text "$value") || exit ;;
    esac
    set -- "$@" "$key=$value"
  done
  jq -cn '
    def refuse($why): "fairlead: cannot take \($why)\n" | halt_error(64);
    reduce $ARGS.positional[] as $argument ({};
      ($argument / "=") as $parts
      | ($parts[1:] | join("=")) as $text
      | ($parts[0] | rtrimstr(":")) as $key
      | if has($key) then refuse("\($key) twice") else . end
      | .[$key] = if $parts[0] | endswith(":") then
          try ($text | fromjson) catch refuse("this for \($key): it is not JSON")
        else
          $text
        end
    )
  ' --args -- "$@"
)

# The socket's path, found in the same way as by the command. An empty value counts as unset.
fl_socket() (
  own=${XDG_RUNTIME_DIR:-}/fairlead.sock
  if [ -n "${FAIRLEAD_SOCKET:-}" ]; then
    printf '%s\n' "$FAIRLEAD_SOCKET"
  elif [ -n "${XDG_RUNTIME_DIR:-}" ] && [ -e "$own" ]; then
    printf '%s\n' "$own"
  else
    printf '%s\n' /run/fairlead/fairlead.sock
  fi
)

# --- Private functions, which may change

fl__say() { printf 'fairlead: %s\n' "$1" >&2; }

# LEAST COUNT USAGE: whether there are enough arguments.
fl__takes() {
  [ "$2" -ge "$1" ] && return
  fl__say "cannot do this without its arguments: $3"
  return 64
}

# METHOD GROUP NAME [PARAMETER]...
fl__cluster() (
  fl__takes 3 "$#" "$1 of GROUP NAME [PARAMETER]..." || exit
  method=$1 group=$2 name=$3
  shift 3
  fl__ask "$method" resourceGroup="$group" name="$name" "$@"
)

# METHOD NAMESPACE NAME [PARAMETER]...
fl__feature() (
  fl__takes 3 "$#" "$1 of NAMESPACE NAME [PARAMETER]..." || exit
  method=$1 namespace=$2 name=$3
  shift 3
  fl__ask "$method" namespace="$namespace" name="$name" "$@"
)

# KEY METHOD VALUE [PARAMETER]...: a method whose subject is named by one value.
fl__one() (
  fl__takes 3 "$#" "$2 of ${1%:} [PARAMETER]..." || exit
  key=$1 method=$2 value=$3
  shift 3
  fl__ask "$method" "$key=$value" "$@"
)

# METHOD [PARAMETER]...
fl__ask() (
  method=$1
  shift
  params=$(fl_params "$@") || exit
  fl_call "$method" "$params"
)

# METHOD [PARAMETER]...
fl__list() (
  method=$1
  shift
  params=$(fl_params "$@") || exit
  fl_pages "$method" "$params"
)

# The JSON after ':=', or in the file that it names.
fl__json_text() {
  case $1 in
    @*) ;;
    *)
      printf '%s\n' "$1"
      return
      ;;
  esac
  cat -- "${1#@}" && return
  fl__say "cannot read the file '${1#@}'"
  return 64
}

# METHOD: the request as a line, from the parameters on stdin. Fails unless they are one object.
fl__request() {
  jq -cs --arg method "$1" '
    if length == 1 and (.[0] | type) == "object" then
      {jsonrpc: "2.0", id: 1, method: $method, params: .[0]}
    else
      halt_error(64)
    end
  ' 2>/dev/null
}

# Maps an error of the daemon to a status, for jq.
fl__statuses='
  def status: {
    "parse-error": 64, "invalid-request": 64, "unknown-method": 64, "invalid-params": 64,
    "too-large": 64, "not-found": 3, "blocked": 4, "prerequisite": 4, "conflict": 5,
    "plan-stale": 5, "already-exists": 5, "request-id-reused": 5
  }[.data.kind // ""] // 1;
'

# Prints the result of the reply on stdin, or its error on stderr with the status of the command fairlead.
fl__result() (
  status=0
  jq -c "$fl__statuses"'
    if type != "object" then
      "fairlead: cannot understand the reply: it is no object\n" | halt_error(6)
    elif has("error") then
      .error | halt_error(status)
    elif .id != 1 or (has("result") | not) then
      "fairlead: cannot understand the reply: it answers another request\n" | halt_error(6)
    else
      .result
    end
  ' || status=$?
  # jq exits with 2 where its input is not JSON. No error of the daemon maps to 2.
  [ "$status" -eq 2 ] || exit "$status"
  fl__say "cannot tell what came of it: the reply is not whole. See fl_log before you try again"
  exit 6
)

fl__need_jq() {
  command -v jq >/dev/null && return
  fl__say "cannot go on without jq: install it, such as with 'apt-get install jq'"
  return 1
}

# The tool that carries lines to a socket.
fl__transport() {
  case ${FL_TRANSPORT:-} in
    '') ;;
    nc | socat)
      printf '%s\n' "$FL_TRANSPORT"
      return
      ;;
    *)
      fl__say "cannot use '$FL_TRANSPORT' as FL_TRANSPORT: it is nc or socat"
      return 64
      ;;
  esac
  if fl__nc_will_do; then
    printf 'nc\n'
  elif command -v socat >/dev/null; then
    printf 'socat\n'
  else
    fl__say "cannot go on without a tool that speaks to sockets: install OpenBSD's nc or socat,"
    fl__say "such as with 'apt-get install netcat-openbsd'. Other kinds of nc cannot do it"
    return 1
  fi
}

# Only OpenBSD's nc has both -U, for Unix sockets, and -N, which closes the sending side at the end
# of the input. Without -N it would wait for ever.
fl__nc_will_do() {
  command -v nc >/dev/null || return
  case $(nc -h 2>&1 </dev/null) in
    *-N*-U*) ;;
    *) return 1 ;;
  esac
}

# TOOL PATH [SECONDS]: sends stdin, prints the reply. The daemon closes the connection once it has
# answered everything.
fl__exchange() {
  case $1 in
    nc) nc -N -U -- "$2" ;;
    # Without -t, socat would wait only half a second for the answer. A watch needs no such time: once
    # either side has ended, it is over.
    socat) socat -t "${3:-3600}" - "UNIX-CONNECT:$(fl__socat_quoted "$2")" ;;
  esac
}

# A path quoted for socat: a comma or a colon would end it.
fl__socat_quoted() { printf '%s' "$1" | LC_ALL=C sed 's/[^A-Za-z0-9_./-]/\\&/g'; }

# PATH: whether the socket is root's, the caller's, or of the daemon's user. nc and socat do not say
# which process listens, as the command asks the kernel; but who listens has made the file. One that
# cannot be looked at is left for the connection to fail.
fl__trusts() (
  # Only the number is taken out of the line, so the file's name does not matter.
  # shellcheck disable=SC2012
  owner=$(ls -ldnL -- "$1" 2>/dev/null | awk 'NR == 1 { print $3 }')
  user=${FAIRLEAD_DAEMON_USER:-fairlead}
  case $owner in
    '' | 0) exit ;;
    "$(id -u)" | "$user" | "$(id -u -- "$user" 2>/dev/null)") exit ;;
  esac
  fl__say "cannot trust the socket $1: it belongs to the user $owner; nothing was sent to it"
  fl__say "expected are root, you, or $user; if fairleadd runs as another user here, name it in FAIRLEAD_DAEMON_USER"
  exit 6
)

# PATH STATUS: says why there is no reply, and what to do. A tool that could not connect exits with
# a status other than 0.
fl__no_reply() {
  if [ "$2" -eq 0 ]; then
    fl__say "cannot tell what came of it: the daemon closed the connection before it replied"
    fl__say "it may have been recorded: see fl_log before you try again"
  elif fl__is_hidden "$1" || { [ -S "$1" ] && [ ! -w "$1" ]; }; then
    fl__say "cannot reach the daemon: you are not allowed to use the socket $1"
    fl__say "ask whoever runs fairleadd to let you in: 'ls -l' shows its owner and group"
  elif [ ! -S "$1" ]; then
    fl__say "cannot reach the daemon: there is no socket at $1"
    fl__say "start it with 'fairleadd', or name its socket with FAIRLEAD_SOCKET"
  else
    fl__say "cannot reach the daemon: nobody listens on $1"
    fl__say "the daemon that made this socket has ended: start 'fairleadd' again"
  fi
}

# PATH: whether it is in a folder that the user may not search.
fl__is_hidden() (
  folder=$(dirname -- "$1")
  while [ ! -e "$folder" ] && [ "$folder" != / ] && [ "$folder" != . ]; do
    folder=$(dirname -- "$folder")
  done
  [ -d "$folder" ] && [ ! -x "$folder" ]
)
