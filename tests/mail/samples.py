"""Mails as they come in: from people, from calendar programs, and back from mail servers in every shape they have."""

from __future__ import annotations

import base64
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import make_msgid

OURS = "bookings@pact.example.org"


def from_person(
    text: str = "We are so looking forward to it.",
    *,
    to: str = OURS,
    sender: str = "Gwen <gwen@example.net>",
    subject: str = "Re: your place",
    **headers: str,
) -> bytes:
    """A mail that somebody wrote. Headers are named with _ for -."""
    mail = EmailMessage()
    mail["Return-Path"] = headers.pop("Return_Path", "<gwen@example.net>")
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = headers.pop("Message_ID", make_msgid(domain="example.net"))
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def postfix(to: str, original: str = "", *, status: str = "5.1.1", action: str = "failed") -> bytes:
    """Postfix: three parts, the returned mail whole."""
    return f"""Return-Path: <>
Date: Tue, 16 Jun 2026 10:00:00 +0100 (BST)
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4c.1/mx.example.net"
Message-Id: <{status}.{action}.4c@mx.example.net>

This is a MIME-encapsulated message.

--4c.1/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

<gwen@example.net>: host mx.example.net said: 550 5.1.1 User unknown

--4c.1/mx.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4c
Arrival-Date: Tue, 16 Jun 2026 09:59:00 +0100 (BST)

Final-Recipient: rfc822; gwen@example.net
Original-Recipient: rfc822;gwen@example.net
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.net
Diagnostic-Code: smtp; 550 {status} User unknown

--4c.1/mx.example.net
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: Kent PACT <{OURS}>
To: gwen@example.net
Subject: Your place
Message-ID: <{original}>
Content-Type: text/plain

Hello.

--4c.1/mx.example.net--
""".replace("\n", "\r\n").encode()


def exchange(to: str, original: str = "") -> bytes:
    """Exchange Online: an HTML part first, long status fields, headers alone returned."""
    return f"""Return-Path: <>
From: <postmaster@outlook.example>
To: <{to}>
Date: Tue, 16 Jun 2026 09:00:00 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="d9f6"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-GB
Message-ID: <ndr-{original}@outlook.example>
In-Reply-To: <{original}>
Subject: Undeliverable: Your place
Auto-Submitted: auto-replied

--d9f6
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="aaf0"

--aaf0
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Your message to gwen@outlook.example couldn't be delivered.

--aaf0
Content-Type: text/html; charset="us-ascii"

<html><body>Your message couldn't be delivered.</body></html>

--aaf0--

--d9f6
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR01.prod.outlook.example
Received-From-MTA: dns;relay.example.org

Final-Recipient: rfc822;gwen@outlook.example
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not
 found by SMTP address lookup

--d9f6
Content-Type: message/rfc822

Received: from x by y
Message-ID: <{original}>
From: Kent PACT <{OURS}>
Subject: Your place

--d9f6--
""".replace("\n", "\r\n").encode()


def gmail(to: str, original: str = "") -> bytes:
    """Gmail: related parts with a picture around the words, text/rfc822-headers left out."""
    return f"""Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>
To: {to}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: <{original}>
In-Reply-To: <{original}>
X-Failed-Recipients: gwen@gmail.example
Message-ID: <gm-{original}@mx.google.example>
Date: Tue, 16 Jun 2026 02:00:00 -0700 (PDT)
Content-Type: multipart/report; boundary="00b6"; report-type=delivery-status

--00b6
Content-Type: multipart/related; boundary="00b7"

--00b7
Content-Type: multipart/alternative; boundary="00b8"

--00b8
Content-Type: text/plain; charset="UTF-8"

** Address not found **

--00b8--

--00b7--

--00b6
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.example
Arrival-Date: Tue, 16 Jun 2026 02:00:00 -0700 (PDT)
X-Original-Message-ID: <{original}>

Final-Recipient: rfc822; gwen@gmail.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
Last-Attempt-Date: Tue, 16 Jun 2026 02:00:00 -0700 (PDT)

--00b6
Content-Type: text/rfc822-headers

From: Kent PACT <{OURS}>
MESSAGE-ID:
 <{original}>

--00b6--
""".replace("\n", "\r\n").encode()


def qmail(to: str, original: str = "") -> bytes:
    """qmail: plain words, and the whole mail beneath."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@old.example.net
To: {to}
Subject: failure notice
Message-ID: <q-{original}@old.example.net>

Hi. This is the qmail-send program at old.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<gwen@old.example.net>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

From: Kent PACT <{OURS}>
Message-ID: <{original}>
Subject: Your place

Hello.
""".encode()


def encoded(to: str, original: str = "") -> bytes:
    """A report whose writer put it into base64, which RFC 3464 forbids."""
    fields = (
        "Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; gwen@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    )
    inside = base64.encodebytes(fields.encode()).decode()
    return (
        f"Return-Path: <>\nFrom: MAILER-DAEMON@x.example\nTo: {to}\nSubject: failed\nMIME-Version: 1.0\n"
        f"Message-ID: <e-{original}@x>\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
        f"no\n--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n{inside}\n--b\n"
        f"Content-Type: text/rfc822-headers\n\nMessage-ID: <{original}>\n--b--\n"
    ).encode()


BOUNCES: dict[str, Callable[[str, str], bytes]] = {
    "postfix": postfix,
    "exchange": exchange,
    "gmail": gmail,
    "qmail": qmail,
    "encoded": encoded,
}
