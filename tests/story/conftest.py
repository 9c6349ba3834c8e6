"""Where the papers of the story come from, and where its poster goes."""

from pathlib import Path

import pytest

pytest.register_assert_rewrite(
    "tests.story.founding", "tests.story.outcome"
)  # what differs is shown there too

HERE = Path(__file__).parent


@pytest.fixture
def papers_folder(request: pytest.FixtureRequest) -> Path:
    return Path(request.config.getoption("--papers") or HERE / "papers")


@pytest.fixture
def poster_path(request: pytest.FixtureRequest) -> Path:
    return Path(request.config.rootpath) / "var" / "story" / "poster.png"
