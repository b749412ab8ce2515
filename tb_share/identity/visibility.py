"""What owners opened: who may read without a role, who may comment. Kept per process, forgotten as soon as anybody commits."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from tb_share.model.project import Openness, Visibility
from tb_share.settings import VisibilitySettings
from tb_share.store import projects
from tb_share.store.database import Database


class Visibilities:
    """One for each process."""

    def __init__(self, database: Database, allowed: VisibilitySettings) -> None:
        self._database = database
        self._allowed = allowed
        self._closed = not any(map(allowed.allows, (Visibility.SIGNED_IN, Visibility.PUBLIC)))
        self._lock = threading.Lock()
        self._known: tuple[int | None, Mapping[str, Openness]] = (None, {})

    def __call__(self, project_uid: str) -> Visibility:
        """What holds: what an owner once chose counts only as long as the server's settings allow it.

        Raises:
            StoreUnavailable: the database cannot be asked, so nothing can be open.
        """
        if self._closed:
            return Visibility.MEMBERS
        chosen = self._everything().get(project_uid, Openness()).visibility
        return chosen if self._allowed.allows(chosen) else Visibility.MEMBERS

    def viewers_comment(self, project_uid: str) -> bool:
        """Whether its owners let viewers write notes.

        Raises:
            StoreUnavailable: the database cannot be asked.
        """
        return self._everything().get(project_uid, Openness()).viewers_comment

    def _everything(self) -> Mapping[str, Openness]:
        # The version is read before the rows: what is loaded under an old version is forgotten with it.
        version = self._database.data_version()
        with self._lock:
            known_version, known = self._known
        if version is not None and version == known_version:
            return known
        with self._database.read() as connection:
            known = projects.openness(connection)
        with self._lock:
            self._known = (version, known)
        return known
