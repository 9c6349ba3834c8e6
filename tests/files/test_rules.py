import os

import pytest

from app.core.errors import AppError
from app.files import rules
from tests.files import contents

OFFICE = "application/vnd.openxmlformats-officedocument."


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (contents.drawn("PNG"), "截图.png", "image/*"),
        (contents.drawn("WEBP"), "a.webp", "image/*"),
        (contents.drawn("GIF"), "a.gif", "image/*"),
        (contents.photo(), "其实是JPEG.png", "image/*"),
        (contents.photo(), "IMG_1", "image/*"),
        (contents.HEIC, "IMG_0042.HEIC", "image/*"),
        (contents.HEIC, "1.jpg", "image/*"),
        (contents.PDF, "调研报告.PDF", "application/pdf"),
        (contents.office("word/document.xml"), "提案.docx", OFFICE + "wordprocessingml.document"),
        (contents.office("xl/workbook.xml"), "表.xlsx", OFFICE + "spreadsheetml.sheet"),
        (contents.office("ppt/presentation.xml"), "讲.pptx", OFFICE + "presentationml.presentation"),
        ("关于𠮷林路的说明\n".encode(), "说明.txt", "text/plain"),
    ],
)
def test_the_kind_is_found_from_the_content(content, name, media_type):
    assert rules.kind_of(content, name).media_type == media_type


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "空.jpg", "file_empty"),
        (b"MZ\x90\x00" + bytes(200), "照片.jpg", "unsupported_type"),
        (b"<script>alert(1)</script>", "照片.jpg", "type_mismatch"),
        (b"<html><script>alert(1)</script></html>", "page.html", "type_mismatch"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "type_mismatch"),
        (contents.PDF, "照片.jpg", "type_mismatch"),
        (contents.photo(), "报告.pdf", "type_mismatch"),
        (contents.PDF[:-8], "断.pdf", "file_broken"),
        (contents.office("word/document.xml")[:-30], "断.docx", "file_broken"),
        (contents.office("word/document.xml", "word/vbaProject.bin"), "宏.docx", "macros"),
        (contents.office("evil.exe"), "a.docx", "unsupported_type"),
        (b"PK\x03\x04" + os.urandom(100), "a.docx", "file_broken"),
        ("有NUL\x00的文字".encode(), "a.txt", "unsupported_type"),
        ("GBK编码的文字".encode("gbk"), "a.txt", "unsupported_type"),
        (contents.HEIC, "报告.pdf", "type_mismatch"),
    ],
)
def test_what_is_not_what_it_says_is_refused(content, name, code):
    with pytest.raises(AppError) as refused:
        rules.kind_of(content, name)
    assert refused.value.code == code


def test_a_refusal_says_what_is_accepted():
    with pytest.raises(AppError, match=r"“\.html”.*\.docx.*另存") as unknown:
        rules.kind_of(b"<html></html>", "page.html")
    with pytest.raises(AppError, match=r"“\.jpg”不符，内容像是 \.pdf 文件"):
        rules.kind_of(contents.PDF, "照片.jpg")
    with pytest.raises(AppError, match=r"另存为新格式"):
        rules.kind_of(b"\xd0\xcf\x11\xe0" + bytes(200), "报告.doc")
    assert unknown.value.code == "type_mismatch"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\照片\\合影.jpeg", "合影.jpg"),
        ("a\u202egpj.jpg", "agpj.jpg"),
        ("名" * 300 + ".jpg", "名" * 116 + ".jpg"),
        ("𠮷林路 2026.03.png", "𠮷林路 2026.03.jpg"),
        ("v1.2 草稿", "v1.2 草稿.jpg"),
        (".jpg", "文件.jpg"),
        ("", "文件.jpg"),
    ],
)
def test_a_name_is_for_people_only(given, kept):
    assert rules.clean_name(given, ".jpg") == kept
