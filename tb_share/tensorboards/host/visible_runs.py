"""What a caller may see: scope and catalogue in, experiments and names of runs out. Fails closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tb_share.handoff import NOTE_KEY, Note
from tb_share.logdir.catalogue import Catalogue
from tb_share.model.experiment import Experiment
from tb_share.model.share_link import ChosenExperiments

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def visible_runs(note: Note, catalogue: Catalogue) -> frozenset[str]:
    """The names of all runs that this caller may see; runs behind links that leave the logdir are nobody's."""
    return catalogue.runs_of(note.scope.ids) if isinstance(note.scope, ChosenExperiments) else catalogue.runs()


def visible_experiments(note: Note, catalogue: Catalogue) -> tuple[Experiment, ...]:
    """The experiments that this caller may see."""
    return catalogue.chosen(note.scope.ids) if isinstance(note.scope, ChosenExperiments) else catalogue.experiments


def seen(environ: WSGIEnvironment, catalogue: Catalogue) -> tuple[Experiment, ...]:
    """Of whoever asks; without a verified note nobody sees anything."""
    note = environ.get(NOTE_KEY)
    return visible_experiments(note, catalogue) if isinstance(note, Note) else ()
