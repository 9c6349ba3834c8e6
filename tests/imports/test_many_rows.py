"""A large roster with thousands of faults is checked, read in pages, and mended at once."""

import pytest

from tests.factories.workbooks.imports import HEADER, IMPORTS, begun, done, line, mend


@pytest.fixture
def database_url(sqlite_url):
    """Reading a workbook does not depend on the kind of database."""
    return sqlite_url


def test_five_thousand_rows_with_two_thousand_faults_are_paged(city, database):
    clerk = city.staff()
    han = "甲乙丙丁戊己庚辛壬癸"
    called = [f"王{han[n % 10]}{han[n // 10 % 10]}{han[n // 100 % 10]}{han[n // 1000]}" for n in range(5_000)]
    rows = [line(n, called[n], "没有界" if n < 2_000 else "教育界") for n in range(5_000)]
    text = "\n".join(",".join(values) for values in [HEADER, *rows])
    new = begun(clerk, text.encode(), "名册.csv")
    checked = done(database, clerk, new["id"])
    assert checked["fault_count"] == 2_000
    path = f"{IMPORTS}/{new['id']}/faults?limit=100"
    pages = [clerk.get(path).json()]
    while cursor := pages[-1]["next"]:
        pages.append(clerk.get(f"{path}&cursor={cursor}").json())
    assert (len(pages), pages[-1]["items"][-1]["row"]) == (20, 2_001)
    cells = [{"sheet": "名册", "row": n, "column": "C", "value": "教育界"} for n in range(2, 2_002)]
    assert mend(clerk, checked, cells=cells).status_code == 200
    assert done(database, clerk, new["id"])["fault_count"] == 0
