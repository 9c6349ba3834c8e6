import os
import time
import zipfile
import zlib
from contextlib import suppress

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


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (contents.office("word/document.xml", "word/VBAPROJECT.BIN"), "macros"),
        (contents.office("word/document.xml", "customUI/vbaProject.bin"), "macros"),
        (contents.office("word/document.xml", "word/activeX/activeX1.xml"), "macros"),
        (contents.office("word/document.xml", "word/embeddings/oleObject1.bin"), "macros"),
        (contents.office("xl/workbook.xml", "xl/macrosheets/sheet1.xml"), "macros"),
        (contents.word(relations=contents.relation("vbaProject", "harmless.bin", "Internal")), "macros"),
        (contents.word(relations=contents.relation("oleObject", "a.bin", "Internal")), "macros"),
        (
            contents.word(
                types='<Override PartName="/word/document.xml" '
                'ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
            ),
            "macros",
        ),
        (
            contents.word(relations=contents.relation("attachedTemplate", "https://evil.example/a.dotm")),
            "external_content",
        ),
        (contents.word(relations=contents.relation("image", "\\\\evil.example\\a.png")), "external_content"),
        (
            contents.word(relations=contents.relation("frame", "http://evil.example", "external")),
            "external_content",
        ),
        (contents.office("word/document.xml", "../../../../etc/x"), "file_broken"),
        (contents.office("word/document.xml", "/etc/x"), "file_broken"),
        (contents.office("word/document.xml", "word\\..\\x"), "file_broken"),
        (contents.office("word/document.xml", "C:/x"), "file_broken"),
        (contents.office("word/document.xml", "WORD/document.xml"), "file_broken"),
        (contents.word(_rels__a__rels="", **{"x.rels": "<not xml"}), "file_broken"),
        (contents.word(**{"x.rels": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "file_broken"),
        (
            contents.zipped(
                {"[Content_Types].xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16")}
            ),
            "file_broken",
        ),
    ],
)
def test_an_office_document_does_nothing_by_itself(content, code):
    with pytest.raises(AppError) as refused:
        rules.kind_of(content, "a.xlsx" if b"xl/workbook" in content else "a.docx")
    assert refused.value.code == code


def test_links_and_what_is_kept_inside_are_fine():
    links = contents.relation("hyperlink", "https://example.org") + contents.relation(
        "image", "media/image1.png", "Internal"
    )
    content = contents.word(relations=links, word__media__image1="x", word__embeddings__Sheet1="x")

    assert rules.kind_of(content, "a.docx").endings == (".docx",)


def test_a_document_that_unpacks_to_very_much_is_refused_unopened():
    bomb: dict[str, str | bytes] = {"[Content_Types].xml": "<x/>", "word/document.xml": bytes(160 * 2**20)}
    content = contents.zipped(bomb, zipfile.ZIP_DEFLATED)

    with pytest.raises(AppError) as refused:
        rules.kind_of(content, "a.docx")
    assert (refused.value.code, len(content) < 2**20) == ("file_bomb", True)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "inside",
    [
        b"<</OpenAction <</S /JavaScript /JS (app.alert(1))>>>>",
        b"<</AA<</O<</S/Java#53cript/JS(x)>>>>>>",
        b"<</S /Launch /F (cmd.exe)>>",
        b"<</Type /EmbeddedFile>>",
        b"<</Names <</EmbeddedFiles 5 0 R>>>>",
        b"<</AcroForm <</XFA 7 0 R>>>>",
    ],
)
def test_a_pdf_that_does_something_is_refused(inside, packed):
    with pytest.raises(AppError) as refused:
        rules.kind_of(contents.pdf(inside, packed=packed), "a.pdf")
    assert refused.value.code == "active_pdf"
    assert "打印为 PDF" in refused.value.detail


@pytest.mark.parametrize("hidden", [b"/Obj#53tm", b"/ObjStm" + b" " * 2_000])
def test_a_pdf_that_hides_where_its_objects_are_packed_is_refused(hidden):
    plain = contents.pdf(b"<</Type /Page>>", packed=True)
    assert rules.kind_of(plain, "a.pdf") is rules.PDF
    with pytest.raises(AppError) as refused:
        rules.kind_of(plain.replace(b"/ObjStm", hidden), "a.pdf")
    assert refused.value.code == "active_pdf"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "inside",
    [b"<</OpenAction [3 0 R /Fit]>>", b"(the words JavaScript and Launch)", b"<</Launcher /JavaScripted>>"],
)
def test_a_pdf_that_only_shows_something_is_taken(inside, packed):
    assert rules.kind_of(contents.pdf(inside, packed=packed), "a.pdf") is rules.PDF


def test_a_pdf_that_is_an_archive_too_is_refused():
    both = contents.PDF.replace(b"%%EOF", contents.zipped({"a.txt": "x"}) + b"%%EOF")

    with pytest.raises(AppError) as refused:
        rules.kind_of(both, "a.pdf")
    assert refused.value.code == "file_mixed"


@pytest.mark.parametrize(
    "inside",
    [
        b"/ObjStm stream" * 2**20,
        b"".join(b"/ObjStm stream\nx\nendstream " for _ in range(300_000)),
        b"/ObjStm stream\n" + zlib.compress(bytes(2**26)) + b"endstream",
    ],
)
def test_a_pdf_cannot_keep_the_server_busy(inside):
    began = time.process_time()
    with suppress(AppError):
        rules.kind_of(contents.pdf(inside), "a.pdf")
    assert time.process_time() - began < 3
