"""Writes the parts of the package ``fairlead`` that follow from the protocol's schema.

``scripts/generate-python`` runs it. `names` has what the schema does not say.
"""
