"""The exceptions: the daemon refuses a request, or there is no connection to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional, cast

from .types import Change, Prerequisite, Report

__all__ = [
    "AlreadyExists", "Blocked", "Busy", "Conflict", "Denied", "FairleadError", "InternalError",
    "InvalidParams", "InvalidRequest", "NoSocket", "NobodyListens", "NotAllowed", "NotFound",
    "NotTrusted", "OutcomeUnknown", "ParseError", "PlanStale", "PrerequisiteUnmet", "Refused",
    "RequestIdReused", "TimedOut", "TooLarge", "Unavailable", "UnknownMethod", "Unreachable",
]


class FairleadError(Exception):
    """The daemon refused. Decide on the class or on ``kind``, never on the text.

    ``code`` is the JSON-RPC error number, ``kind`` the protocol's symbol for it, ``message`` a
    sentence for a person, ``data`` the typed detail. A kind that this package does not know raises
    this class.
    """

    KIND = ""

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
    """The line was JSON, but no request."""

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
        """Where the value is, in the names of the wire."""
        return cast(str, self.data["path"])

    @property
    def nearest(self) -> Optional[str]:
        """The name or value that may have been meant."""
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

    @property
    def nearest(self) -> Optional[str]:
        """The cluster or extension that may have been meant."""
        return cast(Optional[str], self.data.get("nearest"))


class AlreadyExists(FairleadError):
    """What is to be created exists."""

    KIND = "already-exists"


class Conflict(FairleadError):
    """``if_revision`` or ``if_seq`` is not the current one, or a change waits to be confirmed.

    For `Client.cluster_confirm`: no change waits, or not the one that was named.
    """

    KIND = "conflict"

    @property
    def expected(self) -> int:
        """The number that was asked for."""
        return cast(int, self.data["expected"])

    @property
    def actual(self) -> int:
        """The current number."""
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
    """A gate is not met. ``unmet`` has the commands that meet it."""

    KIND = "prerequisite"

    @property
    def unmet(self) -> list[Prerequisite]:
        """What must be done first."""
        return [each for each in self.report["prerequisites"] if not each["met"]]


class Denied(FairleadError):
    """The caller may not use this method."""

    KIND = "denied"


class TooLarge(FairleadError):
    """The request is longer than the daemon accepts."""

    KIND = "too-large"

    @property
    def limit(self) -> int:
        """The bytes that it accepts."""
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
    """What the plan was based on has changed. Plan again, and review the new plan."""

    KIND = "plan-stale"

    @property
    def moved(self) -> list[str]:
        """The parts that changed."""
        return cast("list[str]", self.data["moved"])

    @property
    def changes(self) -> list[Change]:
        """The changes that did it, the last five in order."""
        return cast("list[Change]", self.data["changes"])


class RequestIdReused(FairleadError):
    """The ``request_id`` belongs to another request."""

    KIND = "request-id-reused"


class Unreachable(Exception):
    """There is no connection to the daemon. Nothing was sent, except for `OutcomeUnknown`.

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
    """The caller may not use the socket."""


class NotTrusted(Unreachable):
    """Another user's process listens on the socket, and might only pretend to be the daemon."""


class NobodyListens(Unreachable):
    """The daemon that made the socket has ended."""


class OutcomeUnknown(Unreachable):
    """The request was sent and no answer came back. A change may have been recorded."""


class TimedOut(OutcomeUnknown):
    """The answer did not come in time. A change may have been recorded."""
