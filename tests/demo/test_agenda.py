"""Courses that go on side by side."""

from app.demo.city.agenda import Agenda, Course


def test_courses_go_on_in_the_order_of_time_and_end_with_it():
    agenda, heard = Agenda(10), []

    def child(at: int) -> Course:
        yield at + 1
        heard.append(("child", at + 1))

    def walk(name: str, *moments: int) -> Course:
        for at in moments:
            yield at
            heard.append((name, at))
            if name == "a":
                agenda.begin(child(at))

    agenda.begin(walk("a", 1, 5, 12))
    agenda.begin(walk("b", 2, 5, 10))
    agenda.run()
    assert heard == [("a", 1), ("b", 2), ("child", 2), ("a", 5), ("b", 5), ("child", 6)]
