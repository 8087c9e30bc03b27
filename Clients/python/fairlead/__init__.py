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
            print("plan again, this has changed since:", stale.moved)

Names. A method ``cluster.create`` is ``Client.cluster_create``. Parameters are in snake case here
and in camel case on the wire. What is inside ``config``, ``facts`` and every answer keeps the names
of the wire. A parameter that is ``None`` is not sent.

Errors. A refusal of the daemon raises a subclass of `FairleadError`, one for each kind. Trouble
with the connection raises a subclass of `Unreachable`. The client never sends anything twice by
itself: to repeat a change safely, give it a ``request_id`` and send it again with the same one.

Threads. Threads may share a `Client`: their calls take turns. Processes may not: after a fork, the
child needs a `Client` of its own.

Needs Python 3.9 and nothing else.
"""

from . import errors, types
from ._connection import SYSTEM_SOCKET, find_socket
from .client import Client
from .errors import *
from .types import *
from .watch import Watch

__all__ = ["SYSTEM_SOCKET", "Client", "Watch", "find_socket"]
__all__ += errors.__all__
__all__ += types.__all__


def _adopt() -> None:
    """Lets tracebacks, ``repr`` and pickles name a class as users import it."""
    for name in __all__:
        value = globals()[name]
        if isinstance(value, type):
            value.__module__ = __name__


_adopt()
