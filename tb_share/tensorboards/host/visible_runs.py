"""Which runs a caller may see: scope and catalogue in, names of runs out. Fails closed."""

from __future__ import annotations

from tb_share.handoff import Note
from tb_share.logdir.catalogue import Catalogue
from tb_share.model.share_link import ChosenExperiments


def visible_runs(note: Note, catalogue: Catalogue) -> frozenset[str]:
    """The names of all runs that this caller may see; runs behind links that leave the logdir are nobody's."""
    return catalogue.runs_of(note.scope.ids) if isinstance(note.scope, ChosenExperiments) else catalogue.runs()
