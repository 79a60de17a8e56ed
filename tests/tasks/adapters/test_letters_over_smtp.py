"""Letters through an SMTP server that others wrote, and through one that refuses."""

import mailbox
import socket
import threading
from collections.abc import Iterator
from email.header import decode_header, make_header
from uuid import uuid4

import pytest

from kernel.errors import Invalid, Unavailable
from tasks.adapters.smtp import SmtpMailer
from tasks.ports import Mail


def letter(**more: str) -> Mail:
    return Mail(
        **{
            "to": "zhang@qiming.example",
            "subject": "交接倒计时：还有3天",
            "text": "请于 2026-11-24 前完成交接。\n",
            **more,
        }
    )


def test_a_letter_in_chinese_arrives_whole(mail_server, clock):
    mailer = SmtpMailer(mail_server.url, "hr@qiming.example", clock)
    key = str(uuid4())
    message_id = mailer.send(letter(), key=key)
    assert message_id == f"<{key}@qiming.example>"
    (arrived,) = [m for m in mailbox.Maildir(mail_server.folder, create=False) if m["Message-ID"] == message_id]
    assert str(make_header(decode_header(arrived["Subject"]))) == "交接倒计时：还有3天"
    assert arrived.get_payload(decode=True).decode() == "请于 2026-11-24 前完成交接。\n"
    assert arrived["Auto-Submitted"] == "auto-generated"


def test_a_repeat_bears_the_same_message_id(mail_server, clock):
    mailer = SmtpMailer(mail_server.url, "hr@qiming.example", clock)
    key = str(uuid4())
    assert mailer.send(letter(), key=key) == mailer.send(letter(), key=key)


def test_a_line_break_in_an_address_adds_no_header():
    with pytest.raises(Invalid, match="is no mail address"):
        letter(to="a@b.example\nBcc: spy@evil.example")


def test_a_line_break_in_a_subject_becomes_a_blank(mail_server, clock):
    mailer = SmtpMailer(mail_server.url, "hr@qiming.example", clock)
    message_id = mailer.send(letter(subject="one\r\nBcc: spy@evil.example"), key=str(uuid4()))
    (arrived,) = [m for m in mailbox.Maildir(mail_server.folder, create=False) if m["Message-ID"] == message_id]
    assert arrived["Bcc"] is None
    assert arrived["Subject"] == "one Bcc: spy@evil.example"


@pytest.fixture
def refusing() -> Iterator[tuple[str, list[str]]]:
    """A server that answers RCPT with what is put in the list, and QUIT with nonsense."""
    answers: list[str] = []
    server = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        connection, _ = server.accept()
        with connection, connection.makefile("rw", newline=None) as line:
            line.write("220 here\n")
            line.flush()
            for said in line:
                known = {"rcpt": answers[0], "data": "354 go on", "quit": "500 what?"}
                if said == ".\n" or said[:4].lower() in (*known, "ehlo", "mail", "rset"):
                    line.write(known.get(said[:4].lower(), "250 OK") + "\n")
                    line.flush()

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    yield f"smtp://127.0.0.1:{server.getsockname()[1]}", answers
    server.close()
    thread.join(5)


def test_a_server_that_says_goodbye_badly_has_the_letter(refusing, clock):
    url, answers = refusing
    answers.append("250 OK")
    assert SmtpMailer(url, "hr@qiming.example", clock).send(letter(), key="k") == "<k@qiming.example>"


def test_a_mailbox_that_is_full_is_tried_again(refusing, clock):
    url, answers = refusing
    answers.append("452 mailbox is full")
    with pytest.raises(Unavailable, match=r"JIAOJIE_MAIL_URL") as refused:
        SmtpMailer(url, "hr@qiming.example", clock).send(letter(), key="k")
    assert "452 mailbox is full" in str(refused.value)


def test_a_mailbox_that_does_not_exist_is_not(refusing, clock):
    url, answers = refusing
    answers.append("550 no such user")
    with pytest.raises(Invalid, match="The mail server refused the letter: it answered 550 no such user"):
        SmtpMailer(url, "hr@qiming.example", clock).send(letter(), key="k")


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_an_address_that_is_no_mail_server_is_refused_at_once(url, clock):
    with pytest.raises(ValueError, match="JIAOJIE_MAIL_URL"):
        SmtpMailer(url, "hr@qiming.example", clock)
