"""A real mail server that keeps what it takes."""
import email
import email.policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

import rig


class MailServer(Controller):
    """A real SMTP server: STARTTLS, and a user with a password, as `options` say."""

    def __init__(self, place, answer="250 OK", tls=None, **options):
        self.mails, self.answer, self.tls, self.options = [], answer, tls, options
        super().__init__(self, hostname="127.0.0.1", port=rig.free_port())
        self.start()
        place.closing.append(self)

    def factory(self):
        return SMTP(self, hostname="mx.example.com", tls_context=self.tls,
                    authenticator=self.authenticate, **self.options)

    def authenticate(self, server, session, envelope, mechanism, data):
        good = (data.login, data.password) == (b"buttons", b"open sesame")
        return AuthResult(success=good, handled=False)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = self.answer(len(self.mails) + 1) if callable(self.answer) else self.answer
        self.mails.append((session, envelope, email.message_from_bytes(
            envelope.content, policy=email.policy.default)))
        return answer

    def wait(self, count):
        rig.wait_for(f"{count} mails", lambda: len(self.mails) >= count)
        return self.mails

    def close(self):
        self.stop()
