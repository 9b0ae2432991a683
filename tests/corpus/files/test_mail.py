"""Mails: what a mail program shows, attachments by their own readers, and bounds for mails that are made to hurt."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from evidentia.corpus.files import mail
from evidentia.corpus.files.content import Content
from evidentia.corpus.files.formats import Format, format_of
from evidentia.corpus.files.mail_text import paragraphs
from evidentia.errors import ReadError

MakeDocx = Callable[..., bytes]


def form(name: str) -> Format:
    found = format_of(name)
    assert found is not None
    return found


def read(data: bytes | EmailMessage) -> Content:
    return mail.read(data if isinstance(data, bytes) else data.as_bytes(), form("a.eml"))


def message(text: str = "The crane comes on Monday.", subject: str = "Crane") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Ada Moss <ada@x.example>", "bob@x.example", subject
    made.set_content(text)
    return made


def test_a_mail_is_its_subject_its_people_and_its_text() -> None:
    made = message()
    made["Cc"], made["Date"] = "Cy <cy@x.example>", "Tue, 14 Oct 2025 10:00:00 +0200"
    content = read(made)
    assert content.text == (
        "# Crane\n\nFrom: Ada Moss <ada@x.example>\n\nTo: bob@x.example\n\nCc: Cy <cy@x.example>\n\n"
        "Date: Tue, 14 Oct 2025 10:00:00 +0200\n\nThe crane comes on Monday."
    )
    assert (content.title, content.media_type, content.metadata["from"]) == (
        "Crane",
        "message/rfc822",
        "Ada Moss <ada@x.example>",
    )


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"=?utf-8?B?VmVyc3DDpHR1bmc=?= heute", "Verspätung heute"),
        (b"=?iso-8859-1?Q?Gr=F8nn?=\r\n =?iso-8859-1?q?_ist_krank?=", "Grønn ist krank"),
        (b"=?utf-8?q?Gr=C3?= =?utf-8?q?=B8nn?=", "Grønn"),
        (b'"=?utf-8?q?Gr=C3=B8nn?=" plan', '"Grønn" plan'),
        ("Grønn".encode(), "Grønn"),
        (b"a =?broken?Q?x?= b", "a x b"),
    ],
)
def test_headers_are_decoded_however_they_were_encoded(raw: bytes, shown: str) -> None:
    assert read(b"Subject: " + raw + b"\r\n\r\nText").title == shown


@pytest.mark.parametrize(
    "sent",
    [
        b"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nGr=F8nn came=\n late",
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nR3LDuG5uIGNhbWUg\nbGF0ZQ",
        b"Content-Type: text/plain; charset=nowhere-8\n\nGr\xc3\xb8nn came late",
        b"Content-Type: text/html; charset=iso-8859-1\n\n<meta charset=utf-8><p>Gr\xf8nn came late",
    ],
)
def test_bodies_are_decoded_however_they_were_sent(sent: bytes) -> None:
    assert read(b"Subject: A\n" + sent).text == "# A\n\nGrønn came late"


def test_flowed_lines_are_joined_and_the_signature_stands_apart() -> None:
    sent = b"Subject: A\nContent-Type: text/plain; format=flowed\n\nThe crane \ncomes late.\n> Will \n> it?\n-- \nAda\n"
    assert read(sent).text == "# A\n\nThe crane comes late.\n\n> Will it?\n\n--\n\nAda"


def test_quotes_keep_their_marks_and_their_wrapped_lines_are_joined() -> None:
    quoted = (
        "> > Does the inspector come on Monday morning\n> > or later?\n> He comes at nine, with the papers that you\n"
        "> asked for.\n> - one\n> - two\nFine."
    )
    assert paragraphs(quoted) == (
        "> > Does the inspector come on Monday morning or later?\n\n"
        "> He comes at nine, with the papers that you asked for.\n> - one\n> - two\n\nFine."
    )


def test_plain_text_goes_before_the_page_that_says_the_same() -> None:
    made = message("The crane is late.")
    made.add_alternative("<p>The <b>crane</b> is late.", subtype="html")
    assert read(made).text.endswith("\n\nThe crane is late.")


def test_the_page_is_read_where_the_text_only_points_to_it_or_it_has_a_table() -> None:
    points = message("See the page.")
    points.add_alternative("<p>" + "The crane comes on Monday. " * 9, subtype="html")
    assert "on Monday" in read(points).text
    table = message("Day Hall Monday North")
    table.add_alternative("<table><tr><th>Day<th>Hall<tr><td>Monday<td>North</table>", subtype="html")
    assert "| Day | Hall |\n| --- | --- |\n| Monday | North |" in read(table).text


def test_what_a_page_quotes_is_marked_as_in_plain_text() -> None:
    page = (
        b"<p>Yes.</p><blockquote type=cite><h1>Ask</h1><p>Is it<br>late?</p><blockquote class='gmail_quote x'>No."
        b"</blockquote></blockquote><blockquote>My own indent.</blockquote>"
    )
    assert read(b"Subject: A\nContent-Type: text/html\n\n" + page).text == (
        "# A\n\nYes.\n\n> # Ask\n\n> Is it\n> late?\n\n> > No.\n\nMy own indent."
    )


def test_a_digest_holds_mails_without_saying_so() -> None:
    sent = b"Subject: A\nContent-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: B\n\nText.\n--b--\n"
    assert read(sent).text == "# A\n\n## B\n\nText."


def test_attachments_are_read_by_the_readers_of_their_formats(make_docx: MakeDocx) -> None:
    made = message()
    made.add_attachment(
        make_docx("# Plan", "Lift it."), maintype="application", subtype="octet-stream", filename="p.docx"
    )
    made.add_attachment("Part,Count\nbolt,3\n", subtype="csv", filename="stück.csv")
    made.add_attachment(b"\x89PNG\0", maintype="image", subtype="png", filename="photo.png")
    content = read(made)
    assert content.text.endswith(
        "\n\n## p.docx\n\n### Plan\n\nLift it.\n\n## stück.csv\n\n| Part | Count |\n| --- | --- |\n| bolt | 3 |"
    )
    assert content.omitted == ("1 attachment not read, not text (.png): photo.png",)
    labels = {content.text[mark.start :].split("\n")[0]: mark.label for mark in content.marks}
    assert (labels["### Plan"], labels["# Crane"]) == ("p.docx", "")


def test_attachments_that_cannot_or_should_not_be_read_say_why() -> None:
    made = message()
    for name, data in (
        ("a.docx", b"PK"),
        ("b.docx", b"PK"),
        ("server.key", b"k"),
        ("core", b"\0\1"),
        ("old.doc", b"x"),
    ):
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    assert read(made).omitted == (
        "2 attachments not read, the file is not an Office file, or is cut off: a.docx, b.docx",
        "1 attachment not read, may hold a secret: server.key",
        "1 attachment not read, it holds NUL bytes, so it is not text: core",
        "1 attachment not read, the format .doc is not read; save it as DOCX: old.doc",
    )


def test_a_forwarded_mail_stands_below_the_mail_that_brings_it() -> None:
    made = message("See below.")
    made.add_attachment(message("It broke.", "Pump"))
    assert "\n\nSee below.\n\n## Pump\n\nFrom: Ada Moss <ada@x.example>" in read(made).text


def test_mails_inside_one_another_end_at_a_depth() -> None:
    made = message("level 1", "S1")
    for level in range(2, 40):
        outer = message(f"level {level}", f"S{level}")
        outer.add_attachment(made)
        made = outer
    content = read(made)
    assert [int(level) for level in re.findall(r"^level (\d+)", content.text, re.MULTILINE)] == [39, 38, 37, 36, 35]
    assert content.omitted == ("1 attachment not read, more than 5 mails inside one another: message/rfc822",)


def test_of_200_attachments_100_are_read_and_the_rest_is_counted() -> None:
    made = message()
    for number in range(200):
        made.add_attachment(f"note {number}", filename=f"{number}.txt")
    content = read(made)
    assert content.text.count("\n\nnote ") == 100
    assert content.omitted == ("100 attachments beyond the first 100",)


def test_archives_that_unpack_beyond_all_measure_together_are_refused_one_by_one() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 90_000_000)
    made = message()
    for number in range(4):
        made.add_attachment(packed.getvalue(), maintype="application", subtype="zip", filename=f"{number}.docx")
    assert "1 attachment not read, all files inside unpack to more than 300 MB: 3.docx" in read(made).omitted


def test_what_is_encrypted_is_counted() -> None:
    sealed = MIMEMultipart("encrypted")
    sealed["Subject"] = "Secret"
    sealed.attach(MIMEText("-----BEGIN PGP MESSAGE-----"))
    content = read(sealed.as_bytes())
    assert (content.text, content.omitted) == ("# Secret", ("1 encrypted part",))


def test_a_signed_mail_is_read_without_its_signature() -> None:
    signed = MIMEMultipart("signed")
    signed["Subject"] = "Order"
    signed.attach(MIMEText("Ten bolts."))
    seal = MIMEText("abc", "pgp-signature")
    seal.replace_header("Content-Type", 'application/pgp-signature; name="signature.asc"')
    signed.attach(seal)
    content = read(signed.as_bytes())
    assert (content.text, content.omitted) == ("# Order\n\nTen bolts.", ())


def test_parts_nested_without_end_are_bounded() -> None:
    head = b"Subject: A\n"
    for level in range(5_000):
        head += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
    content = read(head + b"\ntext")
    assert content.omitted == ("1 part nested too deeply",)


@pytest.mark.parametrize(
    "hostile",
    [
        b"To: " + b"(" * 900_000 + b"\n\nText",
        b"Content-Type: text/plain" + b'; a="' * 200_000 + b"\n\nText",
        b"Subject: " + b"=?utf-8?q?a?= " * 60_000 + b"\n\nText",
        b"Subject: A\n" + b"X: y\n" * 150_000 + b"\nText",
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 100_000,
        b"Content-Type: text/plain; format=flowed\n\n" + b"> " * 400_000,
        b"Content-Type: text/html\n\n" + b"<blockquote type=cite>a" * 30_000,
        b"Content-Type: text/html\n\n" + b"<blockquote type=cite>a</blockquote>" * 20_000,
        b"Content-Type: multipart/mixed; boundary*99999999999=b\n\n--b\n\nText",
        b"Content-Disposition: attachment; filename*=utf-8'%ff\nContent-Type: a/b\n\nText",
    ],
)
def test_headers_and_parts_beyond_all_measure_end(hostile: bytes) -> None:
    read(b"Date: today\n" + hostile)


@pytest.mark.parametrize("broken", [b"", b"hello", b"# A title\n\nNote: a text\n", b"\0\1\2"])
def test_what_is_no_mail_is_a_read_error(broken: bytes) -> None:
    with pytest.raises(ReadError, match="no mail"):
        read(broken)


BOX = (
    b"From ada@x.example Tue Oct 14 10:00:00 2025\nFrom: ada@x.example\nSubject: One\n\nThe pump broke.\n\n"
    b"From here it is 10:00 hours to go.\n>From then on it ran.\n\n"
    b"From - Wed Oct 15 11:00:00 2025\nSubject: Two\nContent-Type: text/plain\n\nIt is mended.\n"
)


def test_each_mail_of_a_mailbox_is_a_section_and_named_by_its_marks() -> None:
    content = mail.read_box(BOX, form("a.mbox"))
    assert content.text == (
        "# One\n\nFrom: ada@x.example\n\nThe pump broke.\n\nFrom here it is 10:00 hours to go.\nFrom then on it ran.\n\n"
        "# Two\n\nIt is mended."
    )
    labels = {content.text[mark.start :].split("\n")[0]: mark.label for mark in content.marks}
    assert (labels["The pump broke."], labels["It is mended."]) == ("message 1: One", "message 2: Two")
    assert content.metadata == {"messages": "2"}


def test_what_is_no_mailbox_is_a_read_error() -> None:
    with pytest.raises(ReadError, match="no mailbox"):
        mail.read_box(b"From where? We do not know.\n", form("a.mbox"))
