"""The official layout: what stands on a page, in Word and in PDF, whatever the text."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from app.core.language.fonts import MISSING, NEVER_FIRST, source
from app.exports.proposals import document
from app.exports.proposals.queries import Attachment, Dossier, ReplyLetter, Signer
from app.exports.renderers import docx as renderer_docx
from app.exports.renderers import pdf
from app.exports.renderers.document import ROOM, STYLES
from tests.exports.reading import pages, paragraphs, tables, text_of

RARE = "䶮㛃𬭎堃犇喆𠮷𰻞"
LINE = "全市三岁以下婴幼儿约九万人，社区托育点只有四十个。"
LETTER = ReplyLetter(
    1,
    "云川市教育局",
    f"您提出的提案收悉，现答复如下：\n{LINE}",
    "A",
    "已经解决或采纳",
    date(2026, 6, 30),
    "王科长 0571-1234",
)


DOSSIER = Dossier(
    id=1,
    organization="政协云川市委员会",
    term="第十六届",
    window="十六届二次会议提案",
    number=12,
    state_label="已立案",
    kind_label="联名提案",
    category="社会建设",
    title="关于增设社区嵌入式托育点的建议",
    situation=LINE,
    suggestions="一、利用社区闲置用房。\n二、补贴运营。",
    submitted_on=date(2026, 1, 5),
    filed_on=date(2026, 1, 9),
    signers=[
        Signer("提案人", "沈𬭎", "经济界", "常务委员"),
        Signer("联名人", "钱岚", "教育界", "委员"),
    ],
    attachments=[Attachment("调研报告.pdf", ""), Attachment("照片.jpg", "")],
    replies=[],
)


def dossier(**more: Any) -> Dossier:
    return replace(DOSSIER, **more)


def mm(length: Any) -> int:
    return round(length.mm)


def test_word_and_pdf_say_the_same_in_the_customary_order():
    paper = document.proposal(dossier())
    docx = renderer_docx.render(paper)

    said = [text for text in paragraphs(docx) if text]
    assert said == [
        "政协云川市第十六届委员会第二次会议",
        "第12号提案",
        "关于增设社区嵌入式托育点的建议",
        "情况分析",
        LINE,
        "具体建议",
        "一、利用社区闲置用房。",
        "二、补贴运营。",
        "附件：1. 调研报告.pdf",
        "　　　2. 照片.jpg",
    ]
    assert tables(docx) == [
        [
            ["提案形式", "联名提案", "类别", "社会建设"],
            ["提交日期", "2026年1月5日", "立案日期", "2026年1月9日"],
        ],
        [
            ["", "姓名", "界别", "职务"],
            ["提案人", "沈𬭎", "经济界", "常务委员"],
            ["联名人", "钱岚", "教育界", "委员"],
        ],
    ]
    in_pdf = text_of(pdf.render(paper)).replace(" ", "")
    for text in [*said, *(cell for table in tables(docx) for row in table for cell in row)]:
        assert text.replace(" ", "").strip() in in_pdf


def test_the_page_is_that_of_official_documents():
    paper = document.proposal(dossier())
    section = Document(BytesIO(renderer_docx.render(paper))).sections[0]
    assert [mm(section.page_width), mm(section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert list(map(mm, margins)) == [37, 35, 28, 26]
    for footer in (section.footer, section.even_page_footer):
        assert footer.paragraphs[0].text == "—  —"
        assert " PAGE " in footer.paragraphs[0]._element.xml
    body = Document(BytesIO(renderer_docx.render(paper))).styles["公文正文"]
    assert body.font.size.pt == 16
    assert body.paragraph_format.line_spacing.pt == 28
    (page,) = PdfReader(BytesIO(pdf.render(paper))).pages
    assert [round(float(edge) / 72 * 25.4) for edge in page.mediabox[2:]] == [210, 297]
    assert len(pages(pdf.render(document.proposal(dossier(situation=LINE * 200))))[1]) == 22 + 1, (
        "and its number"
    )


def test_the_letter_of_reply_names_unit_day_result_and_whom_to_ask():
    paper = document.reply(dossier(), LETTER)
    docx = renderer_docx.render(paper)
    assert [text for text in paragraphs(docx) if text] == [
        "云川市教育局",
        "办理结果：A类（已经解决或采纳）",
        "对政协云川市第十六届委员会第二次会议第12号提案的答复",
        "沈𬭎、钱岚委员：",
        "您提出的提案收悉，现答复如下：",
        LINE,
        "云川市教育局",
        "2026年6月30日",
        "联系人：王科长 0571-1234",
    ]
    assert paper.name == "第12号提案 云川市教育局的答复"
    with_files = replace(LETTER, attachments=[Attachment("点位表.xlsx", ""), Attachment("照片.jpg", "")])
    said = [text for text in paragraphs(renderer_docx.render(document.reply(dossier(), with_files))) if text]
    assert said[5:9] == [LINE, "附件：1. 点位表.xlsx", "　　　2. 照片.jpg", "云川市教育局"]
    assert "对政协云川市第十六届委员会第二次会议第12号提案的答复" in text_of(pdf.render(paper))


def greeting(of: Dossier, body: str) -> str:
    letter = ReplyLetter(1, "市教育局", body, "B", "正在解决", date(2026, 6, 30), None)
    said = [text for text in paragraphs(renderer_docx.render(document.reply(of, letter))) if text]
    assert "联系人" not in "".join(said)
    return said[3]


def test_a_letter_greets_once():
    many = [Signer("联名人", f"委员{n}", "", "") for n in range(6)]
    assert greeting(dossier(), "现答复如下。") == "沈𬭎、钱岚委员："
    assert greeting(dossier(), "沈委员：\n现答复如下。") == "沈委员："
    assert greeting(dossier(signers=many), "现答复如下。") == "委员0等6位委员："
    assert greeting(dossier(body_name="教育界"), "现答复如下。") == "教育界："


@pytest.mark.parametrize(
    ("organization", "window", "said"),
    [
        ("政协云川市委员会", "十六届二次会议", "政协云川市第十六届委员会第二次会议"),
        ("政协云川市委员会", "第5次全体会议提案", "政协云川市第十六届委员会第5次会议"),
        ("政协云川市委员会", "2026年闭会期间", "政协云川市第十六届委员会2026年闭会期间"),
        ("政协云川市委员会", None, "政协云川市第十六届委员会"),
        ("云川市政协", "十六届二次会议", "云川市政协第十六届第二次会议"),
    ],
)
def test_the_session_is_named_in_full(organization, window, said):
    paper = document.proposal(dossier(organization=organization, window=window))
    assert paragraphs(renderer_docx.render(paper))[0] == said


def test_a_proposal_without_a_number_says_where_it_stands_and_empty_parts_say_so():
    empty = dossier(
        number=None,
        state_label="草稿",
        title="",
        situation=" \n ",
        suggestions="",
        window=None,
        category=None,
    )
    paper = document.proposal(empty)
    assert paper.name == "提案（草稿）"
    for said in ("".join(paragraphs(renderer_docx.render(paper))), text_of(pdf.render(paper))):
        assert "提案（草稿）" in said
        assert "（案由未填写）" in said
        assert said.count("（未填写）") == 2


def test_rare_characters_stand_in_both_and_what_no_font_has_is_seen_to_be_missing():
    paper = document.proposal(
        dossier(title=f"关于{RARE}的建议", situation=f"{RARE}，王😀", suggestions="陳國榮")
    )
    assert f"关于{RARE}的建议" in paragraphs(renderer_docx.render(paper))
    assert f"{RARE}，王😀" in paragraphs(renderer_docx.render(paper))
    in_pdf = text_of(pdf.render(paper))
    assert in_pdf.count(RARE) == 2, "and can be searched and copied"
    assert f"{RARE}，王{MISSING}" in in_pdf
    assert "陳國榮" in in_pdf
    assert all(source(char, "book")[0] == char for char in RARE)


def test_blanks_of_any_kind_and_unseen_marks_leave_no_gap_and_no_sign():
    paper = document.proposal(dossier(situation="甲\t乙\xa0丙　丁葛\U000e0100城❤\ufe0f"))
    assert f"甲 乙 丙　丁葛城{MISSING}" in text_of(pdf.render(paper))


def test_markup_is_only_characters():
    hostile = "<b>粗</b>&amp;<w:br/>]]>"
    paper = document.proposal(dossier(title=hostile, situation=hostile))
    assert paragraphs(renderer_docx.render(paper)).count(hostile) == 2
    assert text_of(pdf.render(paper)).count(hostile) == 2


def test_twenty_thousand_characters_go_on_over_the_pages():
    long = "".join(f"第{n}处：{LINE}" for n in range(1000))[:20_000]
    paper = document.proposal(dossier(situation=long, suggestions=long))
    assert long in paragraphs(renderer_docx.render(paper))
    found = pages(pdf.render(paper))
    assert len(found) > 60
    for number, lines in enumerate(found, 1):
        assert lines[-1].replace(" ", "") == f"—{number}—"
        del lines[-1]
    assert "".join("".join(lines) for lines in found).count(long) == 2


def lines_of(text: str) -> list[str]:
    return [line.text for line in pdf._lines(text, STYLES["body"], ROOM)]


def test_lines_begin_with_no_punctuation_and_keep_words_and_numbers_whole():
    text = "全年提交提案1234件，其中（见附件）“十五五”规划、GB/T 9704……等；" * 30
    lines = lines_of(text)
    assert "".join(lines) == text
    assert not [line for line in lines if line[0] in NEVER_FIRST]
    assert sum("1234" in line for line in lines) == sum(line.count("1234") for line in lines) != 0
    assert sum(line.count("1234") for line in lines) == 30
    assert all(pdf._width(line, STYLES["body"]) <= ROOM for line in lines)


def test_a_word_without_an_end_is_broken_anywhere():
    lines = lines_of("https" * 100)
    assert len(lines) > 5
    assert "".join(lines) == "https" * 100


@pytest.mark.parametrize("before", range(10, 24))
def test_no_page_ends_with_a_heading(before):
    text = "\n".join(f"第{n}行。" for n in range(before))
    found = pages(pdf.render(document.proposal(dossier(situation=text, suggestions=LINE))))
    assert all(page[-2] not in {"情况分析", "具体建议"} for page in found)


@pytest.mark.parametrize("count", [*range(380, 680, 20), 20_000])
def test_a_signature_stands_under_the_end_of_the_text_which_leaves_no_page_half_empty(count):
    text = (LINE * 1000)[:count]
    letter = ReplyLetter(1, "市教育局", text, "A", "解决", date(2026, 6, 30), None)
    *full, last = pages(pdf.render(document.reply(dossier(), letter)))
    assert last[-3:-1] == ["市教育局", "2026年6月30日"]
    assert len(last) >= 2 + 2 + 1
    assert all(len(page) >= 16 for page in full)


def test_a_table_of_many_signers_repeats_its_head():
    many = [Signer("联名人", f"委员{n}", "科学技术界", "委员") for n in range(50)]
    paper = document.proposal(dossier(signers=many))
    heads = [page for page in pages(pdf.render(paper)) if "姓名" in "".join(page)]
    assert len(heads) >= 2
    (_, signers) = tables(renderer_docx.render(paper))
    assert len(signers) == 51


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("第12号提案", '关于/\\:*?"<>|的\t建议'), "第12号提案 关于 的 建议"),
        (("..", ".."), ""),
        (("长" * 100,), "长" * 60),
    ],
)
def test_file_names_are_taken_by_every_system(parts, name):
    assert document.file_name(*parts) == name
