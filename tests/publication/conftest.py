"""A night of one's own: the demonstration loaded and built, then published."""

from __future__ import annotations

from pathlib import Path

import pytest

from publication.release import publish
from tests.publication.night import Night, built_night, copy_of


@pytest.fixture
def night(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """Loaded and built; nothing published yet."""
    return copy_of(built_night(tmp_path_factory), tmp_path / "home")


@pytest.fixture
def published(night: Night) -> Night:
    """The same, its candidate published: `candidate` is now the release."""
    release = publish(night.candidate, night.settings)
    return Night(night.settings, night.settings.releases / release.name)
