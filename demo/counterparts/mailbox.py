"""A mailbox for the demonstration: the part of SMTP (RFC 5321) that a sender needs; every letter shows at `/_mail`."""

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage

from demo.counterparts.state import State, now

LARGEST = 1024 * 1024
ANSWERS = {
    "HELO": "250 mailbox",
    "EHLO": "250-mailbox\r\n250-8BITMIME\r\n250 SMTPUTF8",
    "RSET": "250 OK",
    "NOOP": "250 OK",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "QUIT": "221 bye",
}


class Mailbox:
    """Takes any letter to anyone and keeps it in `state.mail`. A fault of the system `mail` refuses at DATA."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def listen(self, port: int) -> asyncio.Server:
        """Listen on the loopback address; port 0 takes a free one."""
        return await asyncio.start_server(self._talk, "127.0.0.1", port, limit=LARGEST)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mailbox\r\n")
        to: list[str] = []
        while line := (await reader.readline()).decode("utf-8", "replace").strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                to.append(line.partition("<")[2].partition(">")[0])
            answer = await self._data(reader, writer, to) if verb == "DATA" else ANSWERS.get(verb, "502 not here")
            writer.write(answer.encode() + b"\r\n")
            await writer.drain()
            if verb == "QUIT":
                break
        writer.close()

    async def _data(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, to: list[str]) -> str:
        fault = self._state.fault("mail") or {}
        await asyncio.sleep(fault.get("delay", 0))
        if fault.get("status"):
            return f"{fault['status']} a fault was asked for"
        writer.write(b"354 go on\r\n")
        lines: list[bytes] = []
        while (line := await reader.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        letter = message_from_bytes(b"".join(lines), policy=policy.default)
        self._keep(letter, list(to))
        to.clear()
        return "250 kept"

    def _keep(self, letter: EmailMessage, to: list[str]) -> None:
        part = letter.get_body(("plain",))
        self._state.mail.append(
            {
                "at": now(),
                "to": to,
                "from": str(letter["From"]),
                "subject": str(letter["Subject"]),
                "messageId": str(letter["Message-ID"]),
                "text": part.get_content().replace("\r\n", "\n") if part is not None else "",
            }
        )
