"""What the served process promises to a proxy before it."""

import subprocess
import sys
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.support.servers import process


@pytest.fixture
def database_url(sqlite_url):
    """Nothing here depends on the kind of database."""
    return sqlite_url


def test_an_idle_connection_stays_open_for_the_next_request(config):
    with process(config) as server:
        connection = HTTPConnection(urlsplit(server.url).netloc)
        connection.auto_open = 0  # a connection that was closed is a fault, not opened again
        connection.connect()
        for pause in (0, 6):  # uvicorn closes after 5 seconds if it is not told otherwise
            time.sleep(pause)
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            assert answer.read()
            assert answer.status == 200
        connection.close()


def test_a_garbage_collection_of_a_served_process_walks_none_of_what_was_loaded():
    count = "import gc; from app import serving; app = serving.create_app(); print(len(gc.get_objects()))"
    done = subprocess.run([sys.executable, "-c", count], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 10_000  # 385,000 are loaded
