"""The story that a ledger is made of: every method, in every way that a caller is answered deterministically."""

from __future__ import annotations

from collections.abc import Callable

from recorder.session import Session
from story import clusters, confirms, fleet, guards, lines, modes, plans, reads, registrations, repeats, watches

Chapter = Callable[[Session], None]


def _begin(session: Session) -> None:
    session.section("story")


CHAPTERS: tuple[Chapter, ...] = (
    _begin,
    lines.lines,
    lines.batches,
    registrations.gates,
    registrations.others,
    clusters.lifecycle,
    clusters.facts_and_labels,
    clusters.names,
    modes.mode_changes,
    modes.tuning,
    guards.guards,
    guards.plan_digests,
    guards.overrides,
    repeats.repeats,
    confirms.confirmed,
    confirms.reverted,
    fleet.fleet,
    fleet.refusals,
    watches.watches,
    registrations.timed,
    reads.reads,
    plans.plans,
)
