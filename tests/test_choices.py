from app.choices.schemas import CHOICES


def test_every_code_of_a_form_has_a_chinese_label_and_the_copy_at_hand_is_good(city):
    member = city.member()
    answer = member.get("/api/v1/choices")
    choices = answer.json()
    assert {"code": "visit", "label": "走访群众"} in choices["update_kinds"]
    assert {"code": "province", "label": "省级"} in choices["opinion_tiers"]
    assert {"code": "经济建设", "label": "经济建设"} in choices["proposal_categories"]
    assert all(len({c["code"] for c in offered}) == len(offered) > 1 for offered in choices.values())
    again = member.get("/api/v1/choices", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert CHOICES.model_dump() == choices
