"""Letters over SMTP (RFC 5321), by a URL: `smtp://host:25`, `smtp+starttls://user:password@host:587`, `smtps://…:465`.

SMTP has no idempotency key, and cannot be asked what became of a letter. So the mailer says when the last word comes:
what is recorded there decides, above, that a letter whose fate nobody knows is not sent a second time.
"""

import smtplib
import ssl
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from kernel.clock import Clock
from kernel.errors import Invalid, Unavailable
from kernel.text import Text, say
from tasks.ports import Mail, nothing

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
TEMPORARY = range(400, 500)


WIRE = policy.SMTP


def _expect(answer: tuple[int, bytes], wanted: int) -> None:
    code, words = answer
    if code != wanted:
        raise smtplib.SMTPResponseException(code, words)


class SmtpMailer:
    """`Mailer` over SMTP. One connection a letter: a reminder is rare and a server drops idle ones."""

    def __init__(self, url: str, sender: str, clock: Clock, *, timeout: float = 10.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("JIAOJIE_MAIL_URL must be smtp://host:port, smtp+starttls://… or smtps://….")
        self._parts = parts
        self._port = parts.port or PORTS[parts.scheme]
        self._sender = sender
        self._clock = clock
        self._timeout = timeout

    def send(self, mail: Mail, *, key: str, last_word: Callable[[], None] = nothing) -> str:
        letter = self._letter(mail, key)
        try:
            self._hand_over(letter, last_word)
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            raise self._refusal(code, words) from None
        except smtplib.SMTPResponseException as answer:
            raise self._refusal(answer.smtp_code, answer.smtp_error) from None
        except (smtplib.SMTPException, OSError) as error:
            raise self._trouble(say("{error}", error=type(error).__name__)) from None
        return str(letter["Message-ID"])

    def _hand_over(self, letter: EmailMessage, last_word: Callable[[], None]) -> None:
        """The talk of RFC 5321 §3.3, a step at a time: what may fail without harm comes before the last word.

        There is no goodbye: its round trip would only widen the time between the server's yes and our record.
        """
        smtp = self._connect()
        try:
            smtp.ehlo_or_helo_if_needed()
            _expect(smtp.mail(self._sender), 250)
            code, words = smtp.rcpt(str(letter["To"]))
            if code not in (250, 251):
                raise smtplib.SMTPRecipientsRefused({str(letter["To"]): (code, words)})
            last_word()
            _expect(smtp.data(letter.as_bytes(policy=WIRE)), 250)
        finally:
            smtp.close()

    def _letter(self, mail: Mail, key: str) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = self._sender
        letter["To"] = mail.to
        letter["Subject"] = " ".join(mail.subject.split())
        letter["Date"] = format_datetime(self._clock.now())
        letter["Message-ID"] = f"<{key}@{self._sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday reply comes back
        letter.set_content(mail.text)
        return letter

    def _connect(self) -> smtplib.SMTP:
        host = self._parts.hostname or ""
        if self._parts.scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                host, self._port, timeout=self._timeout, context=ssl.create_default_context()
            )
        else:
            smtp = smtplib.SMTP(host, self._port, timeout=self._timeout)
        try:
            if self._parts.scheme == "smtp+starttls":
                smtp.starttls(context=ssl.create_default_context())
            if self._parts.username:
                smtp.login(unquote(self._parts.username), unquote(self._parts.password or ""))
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _refusal(self, code: int, words: bytes | str) -> Unavailable | Invalid:
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        said = say("it answered {code} {words}", code=code, words=" ".join(text.split())[:200])
        if code in TEMPORARY or code < 0:
            return self._trouble(said)
        return Invalid(
            say(
                "The mail server refused the letter: {what}. Check the address, JIAOJIE_MAIL_URL and "
                "JIAOJIE_MAIL_FROM.",
                what=said,
            ),
            system="mail",
        )

    def _trouble(self, what: Text) -> Unavailable:
        return Unavailable(
            say(
                "The mail server at {host}:{port} cannot be used at the moment: {what}. It is tried again by itself; "
                "if it stays so, check the server and the setting JIAOJIE_MAIL_URL.",
                host=self._parts.hostname,
                port=self._port,
                what=what,
            ),
            system="mail",
        )
