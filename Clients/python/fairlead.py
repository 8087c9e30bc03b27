"""Fairlead's client for Python: everything that fairleadd can be asked, over its Unix socket.

Fairlead is the change ledger for kube-proxy. Each change is planned, judged, and recorded for ever.

    import fairlead

    with fairlead.Client() as ledger:
        target: fairlead.Config = {"mode": "NFTABLES"}
        plan = ledger.cluster_update("prod", "web", config=target, dry_run=True)
        print(plan["report"]["verdict"], plan["report"]["summary"])
        try:
            done = ledger.cluster_update(
                "prod", "web", config=target, message="leave IPVS",
                plan_digest=plan["report"]["planDigest"],
            )
            print("recorded as change", done["seq"])
        except fairlead.PlanStale as stale:
            print("look again, this has moved since:", stale.moved)

Names. A method ``cluster.create`` is ``Client.cluster_create``. Parameters are in snake case here
and in camel case on the wire. What stands inside ``config``, ``facts`` and in every answer keeps
the names of the wire. A parameter that is ``None`` is not sent.

Errors. A refusal of the daemon raises a subclass of `FairleadError`, one for each kind. Trouble
with the connection raises a subclass of `Unreachable`. Nothing is ever sent twice on its own: to
repeat a change safely, give it a ``request_id`` and send it again with the same one.

Threads. Threads may share a `Client`: their calls take turns. Processes may not: after a fork, the
child needs a `Client` of its own.

Needs Python 3.9 and nothing else.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import stat
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Optional, TypedDict, TypeVar, Union, cast

if TYPE_CHECKING:
    # A type checker brings this module along. Nothing needs it at run time.
    from typing_extensions import Unpack

SYSTEM_SOCKET = "/run/fairlead/fairlead.sock"

# Bytes that the kernel takes for a socket's path: sun_path without its end mark.
_LONGEST_PATH = 107
_CHUNK = 1 << 16

T = TypeVar("T")


# The shapes of the wire. A base class holds the members that are always there.

Severity = Literal["none", "info", "low", "medium", "high", "critical", "blocked"]
Certainty = Literal["will", "may", "unknown"]
Kind = Literal["cluster", "feature", "provider", "extension"]
State = Literal["NotRegistered", "Registering", "Registered", "Unregistering", "Unregistered"]
Origin = Literal["create", "update", "rollback", "revert", "import", "delete"]
Mode = Literal["IPTABLES", "IPVS", "NFTABLES"]
NetworkPlugin = Literal["azure", "kubenet", "none"]
NetworkPolicy = Literal["azure", "calico", "cilium", "none"]
NetworkDataplane = Literal["azure", "cilium"]


class IPVSConfig(TypedDict, total=False):
    """The settings that only IPVS has. Timeouts are positive."""

    scheduler: Literal["LeastConnection", "RoundRobin"]
    tcpTimeoutSeconds: int
    tcpFinTimeoutSeconds: int
    udpTimeoutSeconds: int


class Config(TypedDict, total=False):
    """A kube-proxy document. What is not set stays unset; an update replaces the whole document."""

    enabled: bool
    mode: Mode
    ipvsConfig: IPVSConfig


class Facts(TypedDict, total=False):
    """What is known of a cluster, as far as impact depends on it."""

    kubernetesVersion: str
    networkPlugin: NetworkPlugin
    networkPolicy: NetworkPolicy
    networkDataplane: NetworkDataplane
    nodeCount: int
    minKernelVersion: str
    serviceCount: int
    podsPerService: int
    connectionsPerService: int
    usesNodePorts: bool
    usesLocalhostNodePorts: bool
    usesSessionAffinity: bool
    usesLocalTrafficPolicy: bool
    usesUdpServices: bool
    keepaliveSeconds: int
    hostFirewall: bool
    windowsNodes: bool


class FactsPatch(TypedDict, total=False):
    """Facts to set. A fact that is not named stays as it is; None clears one."""

    kubernetesVersion: Optional[str]
    networkPlugin: Optional[NetworkPlugin]
    networkPolicy: Optional[NetworkPolicy]
    networkDataplane: Optional[NetworkDataplane]
    nodeCount: Optional[int]
    minKernelVersion: Optional[str]
    serviceCount: Optional[int]
    podsPerService: Optional[int]
    connectionsPerService: Optional[int]
    usesNodePorts: Optional[bool]
    usesLocalhostNodePorts: Optional[bool]
    usesSessionAffinity: Optional[bool]
    usesLocalTrafficPolicy: Optional[bool]
    usesUdpServices: Optional[bool]
    keepaliveSeconds: Optional[int]
    hostFirewall: Optional[bool]
    windowsNodes: Optional[bool]


class Actor(TypedDict):
    """Who did it, as the kernel attests."""

    uid: int
    gid: int
    pid: int
    name: str


class _ClusterBase(TypedDict):
    resourceGroup: str
    name: str
    revision: int
    config: Config
    effective: Config
    facts: Facts
    labels: dict[str, str]
    createdAt: str
    updatedAt: str
    updatedSeq: int


class PendingConfirm(TypedDict):
    """That a revision is taken back at the deadline unless it is confirmed."""

    seq: int
    revision: int
    restores: int
    deadline: str


class Cluster(_ClusterBase, total=False):
    """A cluster. ``effective`` is its config with the defaults filled in."""

    subscription: str
    deleted: bool
    pendingConfirm: PendingConfirm


class _RevisionBase(TypedDict):
    revision: int
    baseRevision: Optional[int]
    origin: Origin
    config: Optional[Config]
    seq: int
    at: str
    actor: Actor
    message: Optional[str]


class Revision(_RevisionBase, total=False):
    """One configuration that a cluster has had. A deleted cluster's last one has no config."""

    restores: int


class _ChangeBase(TypedDict):
    seq: int
    at: str
    method: str
    kind: Kind
    subject: str
    actor: Actor
    message: Optional[str]
    verdict: Severity
    summary: str
    overridden: list[str]


class Change(_ChangeBase, total=False):
    """One entry of the log."""

    revision: int
    requestId: str


class DiffEntry(TypedDict):
    """One value in effect, before and after. None is "not there"."""

    path: str
    before: Any
    after: Any
    beforeIsDefault: bool
    afterIsDefault: bool


class _FindingBase(TypedDict):
    rule: str
    severity: Severity
    certainty: Certainty
    title: str
    detail: str
    remedy: str
    verify: str
    source: str


class Finding(_FindingBase, total=False):
    """What one rule has to say. ``missingFact`` names the fact that would settle an unknown."""

    missingFact: str
    standing: bool
    folds: list[str]


class Prerequisite(TypedDict):
    """What must be true first, and the command that makes it so."""

    id: Literal["api-version", "feature", "provider", "extension"]
    met: bool
    detail: str
    command: str


class ProgrammedObjects(TypedDict):
    """A kind of kernel object and how many of it there are."""

    name: str
    count: int


class ProgrammedRules(TypedDict):
    """What one mode programs on a node."""

    mode: Mode
    objects: list[ProgrammedObjects]


class _RulesBase(TypedDict):
    services: int
    endpoints: int
    source: str
    limits: str


class RulesEstimate(_RulesBase, total=False):
    """What is programmed on each node; a side on which kube-proxy does not run is absent."""

    before: ProgrammedRules
    after: ProgrammedRules


class FirstPacket(TypedDict):
    """What the first packet of a connection waits, more or less ``errorMicroseconds``."""

    mode: Mode
    p50Microseconds: int
    p99Microseconds: int
    errorMicroseconds: int


class _LatencyBase(TypedDict):
    services: int
    source: str
    limits: str


class LatencyEstimate(_LatencyBase, total=False):
    """The first packet's latency; a side on which kube-proxy does not run is absent."""

    before: FirstPacket
    after: FirstPacket


class Spread(TypedDict):
    """How evenly connections lie on pods; the loads stand busiest first, at most 64 of them."""

    busiestPercentOfMean: int
    idlePercent: int
    loads: list[int]


class _LeastConnectionBase(TypedDict):
    nodes: int
    podsPerService: int
    connectionsPerService: int
    busiestPodConnections: int
    idlePods: int
    belowTwiceTheNodes: bool


class LeastConnection(_LeastConnectionBase, total=False):
    """How least-connection scheduling would load one Service's pods; an early ledger has the counts alone."""

    sameOrder: Spread
    randomOrder: Spread
    randomChoice: Spread
    source: str
    limits: str


class SecondsRange(TypedDict):
    """A span of time that is known within bounds."""

    fromSeconds: int
    toSeconds: int


class _DisruptionBase(TypedDict):
    source: str
    limits: str


class DisruptionEstimate(_DisruptionBase, total=False):
    """How long new connections fail, or the facts without which nobody can tell."""

    perNode: SecondsRange
    rollout: SecondsRange
    nodes: int
    missing: list[str]


class Estimates(TypedDict, total=False):
    """Numbers, each there only where the facts allow it."""

    rules: RulesEstimate
    latency: LatencyEstimate
    leastConnection: LeastConnection
    disruption: DisruptionEstimate


class AffectedCluster(TypedDict):
    """What a registration does to one cluster."""

    subject: str
    effect: Literal["opens", "closes", "stuck"]


class _AffectedBase(TypedDict):
    clusters: int


class Affected(_AffectedBase, total=False):
    """What a change reaches."""

    nodes: int
    services: int
    named: list[AffectedCluster]


class RollbackAdvice(TypedDict):
    """How to get back, and the rules that say what stays behind."""

    command: str
    clean: bool
    caveats: list[str]


class _ConfirmNoticeBase(TypedDict):
    restores: int
    caveats: list[str]
    command: str


class ConfirmNotice(_ConfirmNoticeBase, total=False):
    """That a change takes itself back. ``caveats`` are the rules that say what then stays behind.

    A plan has no ``deadline``; a change of facts, made while another change waits, no ``seconds``.
    """

    seconds: int
    deadline: str


class _StepBase(TypedDict):
    phase: Literal["before", "during", "after", "back"]
    text: str
    commands: list[str]


class Step(_StepBase, total=False):
    """What a person does around a change, and the rules that ask for it."""

    rules: list[str]


class _ReportBase(TypedDict):
    formatVersion: int
    subject: str
    verdict: Severity
    summary: str
    notes: list[str]
    overridden: list[str]
    diff: list[DiffEntry]
    findings: list[Finding]
    prerequisites: list[Prerequisite]
    estimates: Estimates
    affected: Affected
    sequence: list[Step]


class Report(_ReportBase, total=False):
    """What a change does. A plan has a ``planDigest``, a recorded change has its ``seq``."""

    seq: int
    planDigest: str
    pendingConfirm: ConfirmNotice
    rollback: RollbackAdvice


class _FeatureBase(TypedDict):
    namespace: str
    name: str
    state: State
    propagated: bool
    since: str


class Feature(_FeatureBase, total=False):
    """A feature flag's registration, and whether its provider has picked it up."""

    subscription: str


class _ProviderBase(TypedDict):
    namespace: str
    state: State
    since: str


class Provider(_ProviderBase, total=False):
    """A resource provider's registration."""

    subscription: str


class Extension(TypedDict):
    """A client extension and the version in use."""

    name: str
    version: str
    since: str


class _Outcome(TypedDict):
    """What a change answers. ``seq`` is None for a plan, and where there was nothing to record."""

    seq: Optional[int]
    report: Report


class ClusterOutcome(_Outcome):
    """What a change of a cluster answers: the cluster as it is, or as the plan would have it."""

    revision: int
    cluster: Cluster


class ClusterChange(TypedDict):
    """One change of many. ``params`` are in the names of the wire, as ``cluster.*`` takes them."""

    method: Literal["cluster.create", "cluster.update", "cluster.rollback", "cluster.delete", "cluster.confirm"]
    params: Mapping[str, Any]


class RollbackSummary(TypedDict):
    """Whether going back is clean, and the rules that say what stays behind if not."""

    clean: bool
    caveats: list[str]


class Obstacle(TypedDict):
    """What a plan would be refused with; ``by`` are the rules or prerequisites in the way."""

    kind: Literal["blocked", "prerequisite"]
    message: str
    by: list[str]


class _ChangeSummaryBase(TypedDict):
    seq: Optional[int]
    verdict: Severity
    summary: str
    findings: dict[Severity, int]


class ChangeSummary(_ChangeSummaryBase, total=False):
    """A change of many in short. ``findings`` counts them by severity, ``unknown`` those that hang on a missing fact."""

    revision: int
    unknown: int
    nodes: int
    services: int
    overridden: list[str]
    planDigest: str
    rollback: RollbackSummary
    refusal: Obstacle


class WireError(TypedDict):
    """A refusal as it stands on the wire."""

    code: int
    message: str
    data: dict[str, Any]


class _ApplyResultBase(TypedDict):
    index: int
    method: str
    subject: str


class ApplyResult(_ApplyResultBase, total=False):
    """What came of one change: an ``outcome``, a summary where that was asked for, or an ``error``."""

    unchanged: bool
    outcome: Union[ClusterOutcome, ChangeSummary]
    error: WireError


class _ApplyTotalsBase(TypedDict):
    changes: int
    recorded: int
    unchanged: int
    refused: int
    verdicts: dict[Severity, int]


class ApplyTotals(_ApplyTotalsBase, total=False):
    """What many changes come to together, as far as it is known."""

    nodes: int
    services: int


class ApplyOutcome(TypedDict):
    """What many changes answer. ``seq`` is that of the last one, None where none was recorded."""

    seq: Optional[int]
    atomic: bool
    results: list[ApplyResult]
    totals: ApplyTotals


class FeatureOutcome(_Outcome):
    """What a change of a feature answers."""

    feature: Feature


class ProviderOutcome(_Outcome):
    """What a change of a provider answers."""

    provider: Provider


class ExtensionOutcome(_Outcome):
    """What a change of an extension answers."""

    extension: Extension


class _NumberCursor(TypedDict, total=False):
    after: int


class _TextCursor(TypedDict, total=False):
    after: str


class ClusterPage(_TextCursor):
    """Clusters, by name. ``after`` is there while more are left."""

    items: list[Cluster]


class RevisionPage(_NumberCursor):
    """Revisions, newest first."""

    items: list[Revision]


class ChangePage(_NumberCursor):
    """Changes, in order."""

    items: list[Change]


class FeaturePage(_TextCursor):
    """Features."""

    items: list[Feature]


class ProviderPage(_TextCursor):
    """Providers."""

    items: list[Provider]


class ExtensionPage(_TextCursor):
    """Extensions."""

    items: list[Extension]


class _DiffBase(TypedDict):
    resourceGroup: str
    name: str
    before: Optional[Config]
    after: Optional[Config]
    diff: list[DiffEntry]


# `from` is a word of Python, so that this one cannot be written as a class.
_DiffEnds = TypedDict("_DiffEnds", {"from": int, "to": int})


class ClusterDiff(_DiffBase, _DiffEnds, total=False):
    """What two revisions of a cluster differ in, in effect."""

    subscription: str


class Description(TypedDict):
    """What a daemon is."""

    version: str
    apiExtensions: list[str]
    apiVersion: str
    limits: dict[str, int]
    socket: str
    database: str
    head: int
    settleSeconds: int


class _HealthBase(TypedDict):
    status: Literal["ok"]
    head: int
    pendingConfirms: int


class Health(_HealthBase, total=False):
    """That a daemon is well, the number of its last change, and what waits to be confirmed."""

    firstDeadline: str
    loadedClusters: int
    """How many are in memory; only while the others are still read behind a start."""


class ChangeOptions(TypedDict, total=False):
    """The options of every change. None is the same as leaving one out."""

    message: Optional[str]
    """Why."""
    if_revision: Optional[int]
    """Refuse with `Conflict` unless this is the cluster's revision; 0 is no cluster."""
    if_seq: Optional[int]
    """Refuse with `Conflict` unless this is the cluster's last change, its ``updatedSeq``."""
    plan_digest: Optional[str]
    """Commit the plan that answered this, or refuse with `PlanStale`. Give the same parameters."""
    override: Optional[Sequence[str]]
    """Blocking rules to let through; needs a message."""
    dry_run: Optional[bool]
    """Plan only: nothing is recorded, and a blocked plan is an answer, not an error."""
    request_id: Optional[str]
    """A key of your own choice: a repeat with it answers the first one's result."""


# What goes wrong.


class FairleadError(Exception):
    """The daemon refused. Decide on the class or on ``kind``, never on the text.

    ``code`` is the JSON-RPC number, ``kind`` the protocol's symbol, ``message`` a sentence for a
    person, ``data`` the typed detail. A kind that this module does not know raises this class.
    """

    KIND: ClassVar[str] = ""

    def __init__(self, code: int, message: str, data: Mapping[str, Any]) -> None:
        super().__init__(code, message, data)
        self.code = code
        self.message = message
        self.data = data
        self.kind: str = data.get("kind", "")

    def __str__(self) -> str:
        return self.message

    @property
    def azure_code(self) -> Optional[str]:
        """Azure's own code for the same refusal, where it has one."""
        return cast(Optional[str], self.data.get("azureCode"))


class ParseError(FairleadError):
    """The line was not JSON."""

    KIND = "parse-error"


class InvalidRequest(FairleadError):
    """The line was JSON and no request."""

    KIND = "invalid-request"


class UnknownMethod(FairleadError):
    """There is no such method."""

    KIND = "unknown-method"

    @property
    def nearest(self) -> Optional[str]:
        """The method that may have been meant."""
        return cast(Optional[str], self.data.get("nearest"))


class InvalidParams(FairleadError):
    """A parameter is missing, unknown, or not what the method takes."""

    KIND = "invalid-params"

    @property
    def path(self) -> str:
        """Where the value stands, in the names of the wire."""
        return cast(str, self.data["path"])

    @property
    def nearest(self) -> Optional[str]:
        """The name or word that may have been meant."""
        return cast(Optional[str], self.data.get("nearest"))


class InternalError(FairleadError):
    """Something in the daemon failed. Its log has the detail under ``incident``."""

    KIND = "internal"

    @property
    def incident(self) -> str:
        """The number to look for in the daemon's log."""
        return cast(str, self.data["incident"])


class NotFound(FairleadError):
    """What is named does not exist."""

    KIND = "not-found"


class AlreadyExists(FairleadError):
    """What is to be created exists."""

    KIND = "already-exists"


class Conflict(FairleadError):
    """The base that ``if_revision`` or ``if_seq`` names has moved; or a change waits to be confirmed.

    For `Client.cluster_confirm`: none waits, or it is another.
    """

    KIND = "conflict"

    @property
    def expected(self) -> int:
        """The number that was asked for."""
        return cast(int, self.data["expected"])

    @property
    def actual(self) -> int:
        """The number that it is at."""
        return cast(int, self.data["actual"])


class Refused(FairleadError):
    """The change was judged and refused; nothing was recorded. ``report`` says why."""

    @property
    def report(self) -> Report:
        """The impact report of the change that was refused."""
        return cast(Report, self.data["report"])


class Blocked(Refused):
    """A rule refuses the change."""

    KIND = "blocked"


class PrerequisiteUnmet(Refused):
    """A gate is not met. ``unmet`` holds the commands that meet it."""

    KIND = "prerequisite"

    @property
    def unmet(self) -> list[Prerequisite]:
        """What must be done first."""
        return [each for each in self.report["prerequisites"] if not each["met"]]


class Denied(FairleadError):
    """You are not allowed to call this method."""

    KIND = "denied"


class TooLarge(FairleadError):
    """The request is longer than the daemon takes."""

    KIND = "too-large"

    @property
    def limit(self) -> int:
        """The bytes that it takes."""
        return cast(int, self.data["limit"])


class Busy(FairleadError):
    """The daemon is at a limit. Nothing was done; try again."""

    KIND = "busy"

    @property
    def retry_after(self) -> float:
        """Seconds to wait first."""
        return cast(int, self.data["retryAfterMs"]) / 1000


class Unavailable(FairleadError):
    """The daemon is stopping, or cannot write."""

    KIND = "unavailable"


class PlanStale(FairleadError):
    """What the plan was made on has moved. Plan again, and look at it."""

    KIND = "plan-stale"

    @property
    def moved(self) -> list[str]:
        """The parts that moved."""
        return cast("list[str]", self.data["moved"])

    @property
    def changes(self) -> list[Change]:
        """The changes that moved them, the last five in order."""
        return cast("list[Change]", self.data["changes"])


class RequestIdReused(FairleadError):
    """The ``request_id`` stands for another request."""

    KIND = "request-id-reused"


_ERRORS: dict[str, type[FairleadError]] = {
    error.KIND: error
    for error in (
        ParseError, InvalidRequest, UnknownMethod, InvalidParams, InternalError, NotFound,
        AlreadyExists, Conflict, Blocked, PrerequisiteUnmet, Denied, TooLarge, Busy, Unavailable,
        PlanStale, RequestIdReused,
    )
}


class Unreachable(Exception):
    """There is no talking to the daemon. Nothing was sent, except where `OutcomeUnknown` says so.

    ``path`` is the socket, ``problem`` says what is wrong, ``hint`` what to do about it.
    """

    def __init__(self, path: str, problem: str, hint: str) -> None:
        super().__init__(path, problem, hint)
        self.path = path
        self.problem = problem
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.problem}. {self.hint}"


class NoSocket(Unreachable):
    """There is no socket at the path."""


class NotAllowed(Unreachable):
    """You may not use the socket."""


class NobodyListens(Unreachable):
    """The daemon that made the socket has ended."""


class OutcomeUnknown(Unreachable):
    """The request went out and no answer came back. A change may have been recorded."""


class TimedOut(OutcomeUnknown):
    """The answer did not come in time. A change may have been recorded."""


# The connection.


def find_socket(path: Union[str, os.PathLike[str], None] = None) -> str:
    """The socket's path, found as the command finds it.

    That is ``path``; else FAIRLEAD_SOCKET; else fairlead.sock in XDG_RUNTIME_DIR, if it is there;
    else the system's. An empty value counts as none.
    """
    if path is not None and os.fspath(path):
        return os.fspath(path)
    named = os.environ.get("FAIRLEAD_SOCKET")
    if named:
        return named
    directory = os.environ.get("XDG_RUNTIME_DIR")
    if directory:
        own = os.path.join(directory, "fairlead.sock")
        if os.path.exists(own):
            return own
    return SYSTEM_SOCKET


class _Deadline:
    """The end of a time that several steps share."""

    def __init__(self, seconds: Optional[float]) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds

    def arm(self, peer: socket.socket) -> None:
        """Lets the next step on ``peer`` take what is left."""
        if self._end is None:
            peer.settimeout(None)
            return
        left = self._end - time.monotonic()
        if left <= 0:
            raise socket.timeout
        peer.settimeout(left)


class _Connection:
    """A connected socket that carries lines."""

    def __init__(self, path: str, deadline: _Deadline) -> None:
        self._received = bytearray()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            deadline.arm(self._socket)
            self._socket.connect(path)
        except BaseException:
            self._socket.close()
            raise

    def close(self) -> None:
        self._socket.close()

    def interrupt(self) -> None:
        """Lets whoever waits for a line find the end. For another thread than theirs."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # It has ended already.

    def is_over(self) -> bool:
        """Whether the daemon has closed its end. Reads nothing."""
        self._socket.settimeout(0)
        try:
            return not self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def send(self, line: bytes, deadline: _Deadline) -> None:
        deadline.arm(self._socket)
        try:
            self._socket.sendall(line)
        except (BrokenPipeError, ConnectionResetError):
            # A daemon that refuses may answer and close before it has read everything. Its answer
            # counts; where there is none, reading finds the end.
            pass

    def receive(self, deadline: _Deadline) -> bytes:
        """The next line, of any length; raises EOFError where the daemon closes before its end."""
        searched = 0
        while True:
            end = self._received.find(b"\n", searched)
            if end >= 0:
                line = bytes(self._received[:end])
                del self._received[: end + 1]
                return line
            searched = len(self._received)
            deadline.arm(self._socket)
            chunk = self._socket.recv(_CHUNK)
            if not chunk:
                raise EOFError
            self._received += chunk


def _connect(path: str, deadline: _Deadline) -> _Connection:
    length = len(os.fsencode(path))
    if length > _LONGEST_PATH:
        problem = f"cannot use {path} for a socket: it has {length} bytes"
        hint = f"The system takes {_LONGEST_PATH}; a symbolic link to its folder will do."
        raise Unreachable(path, problem, hint)
    try:
        return _Connection(path, deadline)
    except OSError as error:
        raise _unreachable(path, error) from error


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return False


def _unreachable(path: str, error: OSError) -> Unreachable:
    cannot = "cannot reach the daemon: "
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        hint = "Start it with 'fairleadd', or name its socket: Client(path), or FAIRLEAD_SOCKET."
        return NoSocket(path, f"{cannot}there is no socket at {path}", hint)
    if error.errno in (errno.EACCES, errno.EPERM):
        hint = "Ask whoever runs fairleadd to let you in; 'ls -l' shows the socket's owner."
        return NotAllowed(path, f"{cannot}you are not allowed to use the socket {path}", hint)
    if error.errno == errno.ECONNREFUSED and not _is_socket(path):
        return NoSocket(path, f"{cannot}{path} is no socket", "Name the daemon's socket instead.")
    if error.errno == errno.ECONNREFUSED:
        hint = "The daemon that made this socket has ended. Start 'fairleadd' again."
        return NobodyListens(path, f"{cannot}nobody listens on {path}", hint)
    why = error.strerror or "it did not answer in time"
    return Unreachable(path, f"cannot reach the daemon at {path}: {why}", "See how it is doing.")


# The client.

_READS = frozenset(
    [
        "cluster.get", "cluster.list", "cluster.history", "cluster.diff", "feature.get",
        "feature.list", "provider.get", "provider.list", "extension.get", "extension.list",
        "change.get", "change.list", "change.watch", "report.get", "registry.describe",
        "registry.health", "rpc.discover",
    ]
)


def _wire_name(name: str) -> str:
    """``resource_group`` as the wire has it: ``resourceGroup``."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _wire_time(at: Union[str, datetime, None]) -> Optional[str]:
    if not isinstance(at, datetime):
        return at
    if at.tzinfo is None:
        raise ValueError("a time without its zone could be any: give it a tzinfo")
    text = at.astimezone(timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _checked(options: ChangeOptions) -> dict[str, Any]:
    """The options, or TypeError for a misspelt one, as Python has it for named parameters."""
    for name in options:
        if name not in ChangeOptions.__annotations__:
            known = ", ".join(ChangeOptions.__annotations__)
            raise TypeError(f"there is no option {name!r} of a change; there are {known}")
    return cast("dict[str, Any]", options)


def _advice(method: str, params: Mapping[str, Any]) -> str:
    if method in _READS or params.get("dryRun") is True:
        return "It was a question only: nothing was recorded."
    if "requestId" in params:
        return "It may have been recorded. Send it again with its request_id: it is recorded once."
    return "It may have been recorded. Look at the log before you send it again."


def _refusal(error: Mapping[str, Any]) -> FairleadError:
    """The exception that an error of the daemon comes to."""
    data = error.get("data") or {}
    return _ERRORS.get(data.get("kind", ""), FairleadError)(error["code"], error["message"], data)


class Watch(Iterator[Change]):
    """Changes as they come, from `Client.change_watch`: an iterator that waits for the next one.

    It goes on across restarts of the daemon: it connects again after ``last``, the number of the
    last change that it gave, and waits up to five seconds between two attempts. It ends with
    ``close`` or at the end of a ``with``, also where another thread closes it; and with an
    exception where the daemon refuses to go on. To go on in another process, remember the
    ``seq`` of the last change that you dealt with, and give it as ``after``.
    """

    _SHORTEST_PAUSE: ClassVar[float] = 0.1
    _LONGEST_PAUSE: ClassVar[float] = 5.0

    def __init__(
        self, socket_path: str, params: Mapping[str, Any], timeout: Optional[float]
    ) -> None:
        self.socket_path = socket_path
        self._params = dict(params)
        self._timeout = timeout
        # Whoever waits for a change holds the lock. A signal's handler may close within it.
        self._lock = threading.RLock()
        self._closed = threading.Event()
        self._connection: Optional[_Connection] = None
        self._waiting: deque[Change] = deque()
        head = self._begin()
        self.last: int = self._params.setdefault("after", head)

    def __iter__(self) -> Watch:
        return self

    def __next__(self) -> Change:
        with self._lock:
            pause = self._SHORTEST_PAUSE
            while not self._closed.is_set():
                if self._waiting:
                    change = self._waiting.popleft()
                    self.last = self._params["after"] = change["seq"]
                    return change
                try:
                    if self._connection is None:
                        self._begin()
                    else:
                        self._hear(self._connection)
                except (Unreachable, Busy, Unavailable, EOFError, OSError):
                    self._drop()
                    self._closed.wait(pause)
                    pause = min(2 * pause, self._LONGEST_PAUSE)
            raise StopIteration

    def __enter__(self) -> Watch:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the watch, also while another thread waits for its next change."""
        self._closed.set()
        connection = self._connection
        if connection is not None:
            connection.interrupt()
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _begin(self) -> int:
        """Asks the daemon, and returns the number of the registry's last change."""
        deadline = _Deadline(self._timeout)
        connection = _connect(self.socket_path, deadline)
        request = {"jsonrpc": "2.0", "id": 1, "method": "change.watch", "params": self._params}
        try:
            line = json.dumps(request, ensure_ascii=False, allow_nan=False).encode() + b"\n"
            connection.send(line, deadline)
            reply = json.loads(connection.receive(deadline))
            if "error" in reply:
                raise _refusal(reply["error"])
            head: int = reply["result"]["head"]
        except (EOFError, OSError) as error:
            connection.close()
            problem = "cannot watch: the daemon closed the connection before it answered"
            if isinstance(error, socket.timeout):
                problem = f"cannot watch: no answer within {self._timeout} seconds"
            raise Unreachable(self.socket_path, problem, "Nothing is lost: watch again.") from error
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        if self._closed.is_set():
            connection.interrupt()
        return head

    def _hear(self, connection: _Connection) -> None:
        """Waits for the next message of the daemon, as long as it takes."""
        message = json.loads(connection.receive(_Deadline(None)))
        if message.get("method") == "change.event":
            change = dict(message["params"])
            change.pop("subscription", None)
            self._waiting.append(cast(Change, change))


class Client:
    """A connection to fairleadd, opened by the first call or by ``with``, and closed by ``close``.

    ``socket_path`` names the socket; see `find_socket` for what is taken without one. ``timeout``
    is how many seconds a call may take, with no limit by default.

    Every method raises a subclass of `FairleadError` where the daemon refuses, and a subclass of
    `Unreachable` where there is no answer. After that, the next call opens a new connection.
    """

    def __init__(
        self,
        socket_path: Union[str, os.PathLike[str], None] = None,
        *,
        timeout: Optional[float] = None,
    ) -> None:
        self.socket_path = find_socket(socket_path)
        self.timeout = timeout
        self._lock = threading.Lock()
        self._connection: Optional[_Connection] = None
        self._last_id = 0

    def __enter__(self) -> Client:
        self.connect()
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def connect(self) -> None:
        """Connects now, where there is no connection yet, to learn early that it cannot be."""
        with self._lock:
            self._ready(_Deadline(self.timeout))

    def close(self) -> None:
        """Ends the connection, once a call that is under way has its answer."""
        with self._lock:
            self._drop()

    def call(self, method: str, /, **params: Any) -> Any:
        """Calls ``method`` with ``params``, both spelt as on the wire, and returns its result.

        This reaches what the methods below do not name. Raises TypeError or ValueError, before
        anything is sent, for what is not JSON.
        """
        with self._lock:
            self._last_id += 1
            request = {"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params}
            line = json.dumps(request, ensure_ascii=False, allow_nan=False).encode() + b"\n"
            deadline = _Deadline(self.timeout)
            connection = self._ready(deadline)
            try:
                return self._exchange(connection, line, deadline)
            except FairleadError:
                raise
            except BaseException as error:
                # Whatever it was, an answer may still come, and would be taken for the next one's.
                self._drop()
                unknown = self._unknown(error, _advice(method, params))
                if unknown is None:
                    raise
                raise unknown from error

    def _ready(self, deadline: _Deadline) -> _Connection:
        # A connection that the daemon closed between two calls is found before anything is sent,
        # so that a new one repeats nothing.
        if self._connection is not None and self._connection.is_over():
            self._drop()
        if self._connection is None:
            self._connection = _connect(self.socket_path, deadline)
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(self, connection: _Connection, line: bytes, deadline: _Deadline) -> Any:
        connection.send(line, deadline)
        while True:
            reply = json.loads(connection.receive(deadline))
            # What has a method is no reply: a notification of something else.
            if "method" not in reply:
                return self._result(reply)

    def _result(self, reply: Mapping[str, Any]) -> Any:
        error = reply.get("error")
        if reply["id"] is None and error is not None:
            # The daemon did not read our line to its end, and may close now.
            self._drop()
        elif reply["id"] != self._last_id:
            raise LookupError("this answers another request")
        if error is None:
            return reply["result"]
        raise _refusal(error)

    def _unknown(self, error: BaseException, advice: str) -> Optional[OutcomeUnknown]:
        """The loss that ``error`` comes to; None for what is no matter of the connection."""
        cannot = "cannot tell what came of it: "
        if isinstance(error, socket.timeout):
            problem = f"{cannot}no answer within {self.timeout} seconds"
            return TimedOut(self.socket_path, problem, advice)
        if isinstance(error, (EOFError, OSError)):
            problem = f"{cannot}the daemon closed the connection before its answer was complete"
            return OutcomeUnknown(self.socket_path, problem, advice)
        if isinstance(error, (ValueError, LookupError, TypeError, AttributeError)):
            problem = f"{cannot}the answer is not one of this protocol"
            return OutcomeUnknown(self.socket_path, problem, advice)
        return None

    def _ask(self, shape: type[T], method: str, **given: Any) -> T:
        """Calls ``method`` with what is given, and takes the result for a ``shape``."""
        params = {_wire_name(name): value for name, value in given.items() if value is not None}
        return cast(T, self.call(method, **params))

    def _pages(self, item: type[T], method: str, **given: Any) -> Iterator[T]:
        """The items of a list, page by page as they are wanted."""
        cursor = given.pop("after")
        while True:
            page = self._ask(dict, method, after=cursor, **given)
            yield from cast("list[T]", page["items"])
            last, cursor = cursor, page.get("after")
            # A cursor that stood still would never end.
            if cursor is None or cursor == last:
                return

    # Clusters.

    def cluster_create(
        self,
        resource_group: str,
        name: str,
        *,
        config: Optional[Config] = None,
        facts: Optional[FactsPatch] = None,
        labels: Optional[Mapping[str, Optional[str]]] = None,
        api_version: Optional[str] = None,
        subscription: Optional[str] = None,
        **options: Unpack[ChangeOptions],
    ) -> ClusterOutcome:
        """Records a new cluster, or one that was deleted.

        Raises `AlreadyExists`, `PrerequisiteUnmet`, `Blocked`, and what any change may raise:
        `InvalidParams`, `Conflict`, `PlanStale`, `RequestIdReused`, `Busy`, `Unavailable`.
        See `ChangeOptions` for the options.
        """
        return self._ask(
            ClusterOutcome, "cluster.create", resource_group=resource_group, name=name,
            config=config, facts=facts, labels=labels, api_version=api_version,
            subscription=subscription, **_checked(options),
        )

    def cluster_update(
        self,
        resource_group: str,
        name: str,
        *,
        config: Optional[Config] = None,
        facts: Optional[FactsPatch] = None,
        labels: Optional[Mapping[str, Optional[str]]] = None,
        api_version: Optional[str] = None,
        confirm_within_seconds: Optional[int] = None,
        subscription: Optional[str] = None,
        **options: Unpack[ChangeOptions],
    ) -> ClusterOutcome:
        """Replaces a cluster's configuration, and merges facts and labels.

        ``config`` replaces the whole document; without it, the configuration stays. In ``facts``
        and ``labels``, None clears one. With ``confirm_within_seconds``, the daemon takes a new
        revision back after that time unless `cluster_confirm` follows; meanwhile other
        configurations and a delete raise `Conflict`. Raises `NotFound`, `PrerequisiteUnmet`,
        `Blocked`, and what any change may raise.
        """
        return self._ask(
            ClusterOutcome, "cluster.update", resource_group=resource_group, name=name,
            config=config, facts=facts, labels=labels, api_version=api_version,
            confirm_within_seconds=confirm_within_seconds, subscription=subscription,
            **_checked(options),
        )

    def cluster_rollback(
        self,
        resource_group: str,
        name: str,
        *,
        to_revision: Optional[int] = None,
        api_version: Optional[str] = None,
        confirm_within_seconds: Optional[int] = None,
        subscription: Optional[str] = None,
        **options: Unpack[ChangeOptions],
    ) -> ClusterOutcome:
        """Brings an earlier configuration back, as a new revision; the previous one by default.

        It ends the wait of a change that is to be confirmed. See `cluster_update` for
        ``confirm_within_seconds``. Raises `NotFound`, `PrerequisiteUnmet`, `Blocked`, and what any
        change may raise.
        """
        return self._ask(
            ClusterOutcome, "cluster.rollback", resource_group=resource_group, name=name,
            to_revision=to_revision, api_version=api_version,
            confirm_within_seconds=confirm_within_seconds, subscription=subscription,
            **_checked(options),
        )

    def cluster_confirm(
        self,
        resource_group: str,
        name: str,
        *,
        seq: Optional[int] = None,
        subscription: Optional[str] = None,
        **options: Unpack[ChangeOptions],
    ) -> ClusterOutcome:
        """Keeps the change that waits to be confirmed; with ``seq``, that change and no other.

        Raises `NotFound`, `Conflict` where nothing waits or no more, and what any change may raise.
        """
        return self._ask(
            ClusterOutcome, "cluster.confirm", resource_group=resource_group, name=name, seq=seq,
            subscription=subscription, **_checked(options),
        )

    def cluster_delete(
        self,
        resource_group: str,
        name: str,
        *,
        subscription: Optional[str] = None,
        **options: Unpack[ChangeOptions],
    ) -> ClusterOutcome:
        """Ends the record of a cluster. Its history stays, and a rollback brings it back.

        Raises `NotFound`, and what any change may raise.
        """
        return self._ask(
            ClusterOutcome, "cluster.delete", resource_group=resource_group, name=name,
            subscription=subscription, **_checked(options),
        )

    def cluster_apply(
        self,
        changes: Sequence[ClusterChange],
        *,
        atomic: Optional[bool] = None,
        detail: Optional[Literal["full", "summary"]] = None,
        message: Optional[str] = None,
        dry_run: Optional[bool] = None,
        request_id: Optional[str] = None,
    ) -> ApplyOutcome:
        """Makes many changes, of a cluster each, in one transaction.

        All or none are recorded; with ``atomic=False``, what is not refused. All or none raises
        what the worst refused change would raise alone; its ``data`` has ``index`` and ``results``.
        """
        return self._ask(
            ApplyOutcome, "cluster.apply", changes=changes, atomic=atomic, detail=detail,
            message=message, dry_run=dry_run, request_id=request_id,
        )

    def cluster_get(
        self,
        resource_group: str,
        name: str,
        *,
        revision: Optional[int] = None,
        at: Union[str, datetime, None] = None,
        subscription: Optional[str] = None,
    ) -> Cluster:
        """A cluster, now, or as it was once ``revision`` was recorded, or as it was ``at`` a time.

        Raises `NotFound`; ValueError for a time without a zone.
        """
        return self._ask(
            Cluster, "cluster.get", resource_group=resource_group, name=name, revision=revision,
            at=_wire_time(at), subscription=subscription,
        )

    def cluster_list(
        self,
        *,
        resource_group: Optional[str] = None,
        labels: Optional[Mapping[str, str]] = None,
        limit: Optional[int] = None,
        after: Optional[str] = None,
        subscription: Optional[str] = None,
    ) -> ClusterPage:
        """One page of `clusters`."""
        return self._ask(
            ClusterPage, "cluster.list", resource_group=resource_group, labels=labels,
            limit=limit, after=after, subscription=subscription,
        )

    def clusters(
        self,
        *,
        resource_group: Optional[str] = None,
        labels: Optional[Mapping[str, str]] = None,
        page_size: Optional[int] = None,
        subscription: Optional[str] = None,
    ) -> Iterator[Cluster]:
        """The clusters that exist, by name; with ``labels``, those that carry all of them."""
        return self._pages(
            Cluster, "cluster.list", resource_group=resource_group, labels=labels,
            limit=page_size, after=None, subscription=subscription,
        )

    def cluster_history(
        self,
        resource_group: str,
        name: str,
        *,
        limit: Optional[int] = None,
        after: Optional[int] = None,
        subscription: Optional[str] = None,
    ) -> RevisionPage:
        """One page of `history`. Raises `NotFound`."""
        return self._ask(
            RevisionPage, "cluster.history", resource_group=resource_group, name=name,
            limit=limit, after=after, subscription=subscription,
        )

    def history(
        self,
        resource_group: str,
        name: str,
        *,
        page_size: Optional[int] = None,
        subscription: Optional[str] = None,
    ) -> Iterator[Revision]:
        """A cluster's revisions, newest first. Raises `NotFound`."""
        return self._pages(
            Revision, "cluster.history", resource_group=resource_group, name=name,
            limit=page_size, after=None, subscription=subscription,
        )

    def cluster_diff(
        self,
        resource_group: str,
        name: str,
        *,
        from_revision: Optional[int] = None,
        to_revision: Optional[int] = None,
        subscription: Optional[str] = None,
    ) -> ClusterDiff:
        """What two revisions differ in, in effect.

        ``to_revision`` is the current one by default, ``from_revision`` the one before it. Raises
        `NotFound`.
        """
        ends = {"from": from_revision, "to": to_revision}
        return self._ask(
            ClusterDiff, "cluster.diff", resource_group=resource_group, name=name,
            subscription=subscription, **ends,
        )

    # Features, providers, extensions.

    def feature_register(
        self,
        namespace: str,
        name: str,
        *,
        subscription: Optional[str] = None,
        **options: Unpack[ChangeOptions],
    ) -> FeatureOutcome:
        """Asks for a feature flag to be registered. Raises what any change may raise."""
        return self._ask(
            FeatureOutcome, "feature.register", namespace=namespace, name=name,
            subscription=subscription, **_checked(options),
        )

    def feature_unregister(
        self,
        namespace: str,
        name: str,
        *,
        subscription: Optional[str] = None,
        **options: Unpack[ChangeOptions],
    ) -> FeatureOutcome:
        """Asks for a feature flag to be unregistered. Raises what any change may raise."""
        return self._ask(
            FeatureOutcome, "feature.unregister", namespace=namespace, name=name,
            subscription=subscription, **_checked(options),
        )

    def feature_get(
        self, namespace: str, name: str, *, subscription: Optional[str] = None
    ) -> Feature:
        """A feature flag's registration; NotRegistered where nobody asked."""
        return self._ask(
            Feature, "feature.get", namespace=namespace, name=name, subscription=subscription
        )

    def feature_list(
        self,
        *,
        namespace: Optional[str] = None,
        limit: Optional[int] = None,
        after: Optional[str] = None,
        subscription: Optional[str] = None,
    ) -> FeaturePage:
        """One page of `features`."""
        return self._ask(
            FeaturePage, "feature.list", namespace=namespace, limit=limit, after=after,
            subscription=subscription,
        )

    def features(
        self,
        *,
        namespace: Optional[str] = None,
        page_size: Optional[int] = None,
        subscription: Optional[str] = None,
    ) -> Iterator[Feature]:
        """The feature registrations that were ever asked for."""
        return self._pages(
            Feature, "feature.list", namespace=namespace, limit=page_size, after=None,
            subscription=subscription,
        )

    def provider_register(
        self,
        namespace: str,
        *,
        subscription: Optional[str] = None,
        **options: Unpack[ChangeOptions],
    ) -> ProviderOutcome:
        """Asks for a resource provider to be registered, which carries its features to it.

        Raises what any change may raise.
        """
        return self._ask(
            ProviderOutcome, "provider.register", namespace=namespace, subscription=subscription,
            **_checked(options),
        )

    def provider_unregister(
        self,
        namespace: str,
        *,
        subscription: Optional[str] = None,
        **options: Unpack[ChangeOptions],
    ) -> ProviderOutcome:
        """Asks for a resource provider to be unregistered. Raises what any change may raise."""
        return self._ask(
            ProviderOutcome, "provider.unregister", namespace=namespace, subscription=subscription,
            **_checked(options),
        )

    def provider_get(self, namespace: str, *, subscription: Optional[str] = None) -> Provider:
        """A resource provider's registration; NotRegistered where nobody asked."""
        return self._ask(Provider, "provider.get", namespace=namespace, subscription=subscription)

    def provider_list(
        self,
        *,
        namespace: Optional[str] = None,
        limit: Optional[int] = None,
        after: Optional[str] = None,
        subscription: Optional[str] = None,
    ) -> ProviderPage:
        """One page of `providers`."""
        return self._ask(
            ProviderPage, "provider.list", namespace=namespace, limit=limit, after=after,
            subscription=subscription,
        )

    def providers(
        self,
        *,
        namespace: Optional[str] = None,
        page_size: Optional[int] = None,
        subscription: Optional[str] = None,
    ) -> Iterator[Provider]:
        """The provider registrations that were ever asked for."""
        return self._pages(
            Provider, "provider.list", namespace=namespace, limit=page_size, after=None,
            subscription=subscription,
        )

    def extension_set(
        self, name: str, *, version: Optional[str] = None, **options: Unpack[ChangeOptions]
    ) -> ExtensionOutcome:
        """Records a client extension; without a version, it keeps its own, or is "latest".

        Raises what any change may raise.
        """
        return self._ask(
            ExtensionOutcome, "extension.set", name=name, version=version, **_checked(options)
        )

    def extension_get(self, name: str) -> Extension:
        """A client extension and its version. Raises `NotFound`."""
        return self._ask(Extension, "extension.get", name=name)

    def extension_list(
        self, *, limit: Optional[int] = None, after: Optional[str] = None
    ) -> ExtensionPage:
        """One page of `extensions`."""
        return self._ask(ExtensionPage, "extension.list", limit=limit, after=after)

    def extensions(self, *, page_size: Optional[int] = None) -> Iterator[Extension]:
        """The client extensions on record."""
        return self._pages(Extension, "extension.list", limit=page_size, after=None)

    # The log, and the daemon itself.

    def change_get(self, seq: int) -> Change:
        """One change of the log. Raises `NotFound`."""
        return self._ask(Change, "change.get", seq=seq)

    def change_list(
        self,
        *,
        kind: Optional[Kind] = None,
        resource_group: Optional[str] = None,
        name: Optional[str] = None,
        limit: Optional[int] = None,
        after: Optional[int] = None,
        subscription: Optional[str] = None,
    ) -> ChangePage:
        """One page of `changes`."""
        return self._ask(
            ChangePage, "change.list", kind=kind, resource_group=resource_group, name=name,
            limit=limit, after=after, subscription=subscription,
        )

    def changes(
        self,
        *,
        after: int = 0,
        kind: Optional[Kind] = None,
        resource_group: Optional[str] = None,
        name: Optional[str] = None,
        page_size: Optional[int] = None,
        subscription: Optional[str] = None,
    ) -> Iterator[Change]:
        """The log in order, from the change that follows ``after``.

        ``kind`` leaves only changes of one noun, ``resource_group`` and ``name`` together only
        those of one cluster.
        """
        return self._pages(
            Change, "change.list", kind=kind, resource_group=resource_group, name=name,
            limit=page_size, after=after, subscription=subscription,
        )

    def change_watch(
        self,
        *,
        after: Optional[int] = None,
        kinds: Optional[Sequence[Kind]] = None,
        resource_group: Optional[str] = None,
        name: Optional[str] = None,
        label: Optional[Mapping[str, str]] = None,
        subscription: Optional[str] = None,
    ) -> Watch:
        """The changes that follow ``after``, in order and each once, as they come: a `Watch`.

        Without ``after``, those that are recorded from now on. ``kinds`` leaves only changes of
        these nouns; ``resource_group``, alone or with ``name``, only those of such clusters, and
        ``label`` those of clusters that carry all of these after the change.

        The watch has a connection of its own, so that the client goes on as before. Raises
        `InvalidParams` where ``after`` is a change that is yet to come.
        """
        params = {
            "after": after, "kinds": None if kinds is None else list(kinds),
            "resourceGroup": resource_group, "name": name,
            "label": None if label is None else dict(label), "subscription": subscription,
        }
        given = {key: value for key, value in params.items() if value is not None}
        return Watch(self.socket_path, given, self.timeout)

    def report_get(self, seq: int) -> Report:
        """The impact report of a change, as it was given. Raises `NotFound`."""
        return self._ask(Report, "report.get", seq=seq)

    def registry_describe(self) -> Description:
        """The daemon's version, limits, socket, database, and the number of its last change."""
        return self._ask(Description, "registry.describe")

    def registry_health(self) -> Health:
        """Whether the daemon can read its database. Raises `Unavailable` where it cannot."""
        return self._ask(Health, "registry.health")

    def rpc_discover(self) -> dict[str, Any]:
        """The protocol's own description, an OpenRPC document."""
        return self._ask(dict, "rpc.discover")
