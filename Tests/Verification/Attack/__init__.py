"""Attacks on a running fairleadd, each with what should happen. `scripts/attack` runs them; docs/reliability.md has the results."""
