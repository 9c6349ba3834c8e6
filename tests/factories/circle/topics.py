"""Topics of test cities, through the API."""

from datetime import timedelta

import pytest

from app.core import clock
from tests.factories.city import City, Who


def topic_in(**more) -> dict:
    now = clock.now()
    return {
        "title": "如何让老旧小区加装电梯更顺畅",
        "summary": "请结合所在社区的情况谈谈。",
        "opens_at": (now - timedelta(minutes=1)).isoformat(),
        "closes_at": (now + timedelta(days=7)).isoformat(),
        "papers": [{"title": "基本情况", "body": "全市有老旧小区 312 个。"}],
        **more,
    }


def published(staff: Who, **more) -> dict:
    topic = staff.post("/api/v1/topics", topic_in(**more)).json()
    answer = staff.post(f"/api/v1/topics/{topic['id']}/publication")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def staff(city: City) -> Who:
    return city.staff()
