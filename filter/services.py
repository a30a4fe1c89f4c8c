"""What servers of other protocols than HTTP say, so that a client goes on and shows what it would send. No mitmproxy.

Each service is a state machine of one connection: `feed` gets what the client said and returns what the server says.
They take everything and give nothing: mail is queued, files are stored, every password is right. No time, no chance.
"""

import re

LINE_LIMIT = 1 << 20


class Service:
    scheme = "tcp"
    speaks_first = True  # else the client does
    in_tls = False  # the connection starts with a TLS handshake

    def __init__(self, host, address):
        self.host, self.address = host, address
        self.is_secure = self.in_tls
        self.is_done = False  # the server closes the connection after what it said
        self.wants_tls = False  # what it said was to begin with TLS
        self._rest = b""

    def greeting(self):
        return b""

    def feed(self, data):
        said = b""
        self._rest += data
        while not self.is_done and not self.wants_tls and (step := self._step()) is not None:
            said += step
        if len(self._rest) > LINE_LIMIT:
            self.is_done = True
        return said

    def secured(self):
        """TLS was established."""
        self.wants_tls, self.is_secure, self._rest = False, True, b""

    def _step(self):
        """What the server says to the next complete thing that the client said; None where there is none."""
        line = self._line()
        return None if line is None else self._command(line)

    def _line(self):
        line, end, rest = self._rest.partition(b"\n")
        if not end:
            return None
        self._rest = rest
        return line.rstrip(b"\r").decode("latin-1")

    def _command(self, line):
        raise NotImplementedError


class Smtp(Service):
    """RFC 5321, with AUTH (RFC 4954) and STARTTLS (RFC 3207)."""
    scheme = "smtp"

    def __init__(self, host, address):
        super().__init__(host, address)
        self._in_data = False
        self._login = []  # prompts of AUTH that are still to be answered

    def greeting(self):
        return f"220 {self.host} ESMTP ready\r\n".encode()

    def _step(self):
        if not self._in_data:
            return super()._step()
        _, end, rest = self._rest.partition(b"\r\n.\r\n")
        if not end:
            self._rest = self._rest[-4:]  # of a mail nothing is kept here
            return None
        self._rest, self._in_data = rest, False
        return b"250 2.0.0 Ok: queued as 4F1C2A\r\n"

    def _command(self, line):
        if self._login:
            return f"{self._login.pop(0)}\r\n".encode()
        verb, _, rest = line.partition(" ")
        verb = verb.upper()
        if verb == "EHLO":
            offers = [f"{self.host} at your service", "SIZE 35882577", "8BITMIME", "AUTH PLAIN LOGIN", "SMTPUTF8"]
            if not self.is_secure:
                offers.insert(1, "STARTTLS")
            return "".join(f"250{'-' if i + 1 < len(offers) else ' '}{offer}\r\n"
                           for i, offer in enumerate(offers)).encode()
        if verb == "STARTTLS" and not self.is_secure:
            self.wants_tls = True
            return b"220 2.0.0 Ready to start TLS\r\n"
        if verb == "AUTH":
            return self._auth(rest.split())
        if verb == "DATA":
            self._in_data, self._rest = True, b"\r\n" + self._rest  # a mail may be empty
            return b"354 End data with <CR><LF>.<CR><LF>\r\n"
        if verb == "QUIT":
            self.is_done = True
            return b"221 2.0.0 Bye\r\n"
        known = {"HELO": f"250 {self.host}", "MAIL": "250 2.1.0 Ok", "RCPT": "250 2.1.5 Ok", "RSET": "250 2.0.0 Ok",
                 "NOOP": "250 2.0.0 Ok", "VRFY": "252 2.0.0 Ok"}
        return (known.get(verb, "502 5.5.2 Error: command not recognized") + "\r\n").encode()

    def _auth(self, words):
        method = words[0].upper() if words else ""
        done = "235 2.7.0 Authentication successful"
        if method == "PLAIN":
            self._login = [] if len(words) > 1 else [done]
            return f"{'334 ' if self._login else done}\r\n".encode()
        if method == "LOGIN":
            prompts = ["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", done]
            self._login = prompts[2 if len(words) > 1 else 1:]
            return f"{prompts[1 if len(words) > 1 else 0]}\r\n".encode()
        return b"504 5.5.4 Unrecognized authentication type\r\n"


class Smtps(Smtp):
    scheme, speaks_first, in_tls = "smtps", False, True


class Ftp(Service):
    """RFC 959 and 2428. Files travel over a second connection to the same host, whose port takes whatever comes."""
    scheme = "ftp"
    DATA_PORT = 10000

    def greeting(self):
        return b"220 FTP server ready.\r\n"

    def _command(self, line):
        verb, _, rest = line.partition(" ")
        verb = verb.upper()
        if verb == "AUTH" and not self.is_secure:
            self.wants_tls = True
            return b"234 Proceed with negotiation.\r\n"
        if verb == "QUIT":
            self.is_done = True
            return b"221 Goodbye.\r\n"
        if verb == "PASV":
            place = ",".join([*self.address.split("."), str(self.DATA_PORT >> 8), str(self.DATA_PORT & 255)])
            return f"227 Entering Passive Mode ({place}).\r\n".encode()
        if verb == "EPSV":
            return f"229 Entering Extended Passive Mode (|||{self.DATA_PORT}|)\r\n".encode()
        if verb in ("STOR", "APPE", "STOU", "RETR", "LIST", "NLST", "MLSD"):
            return b"150 Ok to send data.\r\n226 Transfer complete.\r\n"
        known = {"USER": "331 Please specify the password.", "PASS": "230 Login successful.", "SYST": "215 UNIX Type: L8",
                 "FEAT": "211-Features:\r\n EPSV\r\n PASV\r\n UTF8\r\n211 End", "PWD": '257 "/" is the current directory',
                 "CWD": "250 Directory successfully changed.", "CDUP": "250 Directory successfully changed.",
                 "MKD": f'257 "{rest}" created', "DELE": "250 Delete operation successful.", "SIZE": "213 0",
                 "RNFR": "350 Ready for RNTO.", "RNTO": "250 Rename successful.", "PORT": "500 Illegal PORT command.",
                 "EPRT": "500 Illegal EPRT command.", "REST": "350 Restart position accepted."}
        return (known.get(verb, "200 Ok.") + "\r\n").encode("latin-1")


class Pop3(Service):
    """RFC 1939, of an empty mailbox."""
    scheme = "pop3"

    def greeting(self):
        return b"+OK POP3 server ready\r\n"

    def _command(self, line):
        verb = line.partition(" ")[0].upper()
        if verb == "STLS" and not self.is_secure:
            self.wants_tls = True
            return b"+OK Begin TLS negotiation\r\n"
        if verb == "QUIT":
            self.is_done = True
        if verb == "STAT":
            return b"+OK 0 0\r\n"
        return b"+OK\r\n.\r\n" if verb in ("CAPA", "LIST", "UIDL") else b"+OK\r\n"


class Pop3s(Pop3):
    scheme, speaks_first, in_tls = "pop3s", False, True


class Imap(Service):
    """RFC 3501, of an empty mailbox."""
    scheme = "imap"
    _LITERAL = re.compile(rb"\{([0-9]{1,9})(\+?)\}\r?\n\Z")

    def __init__(self, host, address):
        super().__init__(host, address)
        self._line_so_far = b""
        self._literal = 0  # bytes of a literal that are still to come
        self._asked = ""  # the tag of an AUTHENTICATE that waits for its answer

    def greeting(self):
        return b"* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] IMAP4rev1 server ready\r\n"

    def _step(self):
        if self._literal:
            taken, self._rest = self._rest[:self._literal], self._rest[self._literal:]
            self._literal -= len(taken)
            return b"" if taken else None
        line, end, rest = self._rest.partition(b"\n")
        if not end:
            return None
        self._rest = rest
        self._line_so_far = (self._line_so_far + line + end)[:LINE_LIMIT]
        if literal := self._LITERAL.search(self._line_so_far):
            self._literal = int(literal[1])
            return b"" if literal[2] else b"+ Ready for literal data\r\n"
        whole, self._line_so_far = self._line_so_far, b""
        return self._command(whole.decode("latin-1").rstrip("\r\n"))

    def _command(self, line):
        if self._asked:
            tag, self._asked = self._asked, ""
            return f"{tag} OK Success\r\n".encode("latin-1")
        tag, _, rest = line.partition(" ")
        verb = rest.partition(" ")[0].upper()
        if verb == "AUTHENTICATE" and len(rest.split()) < 3:
            self._asked = tag
            return b"+ \r\n"
        if verb == "STARTTLS" and not self.is_secure:
            self.wants_tls = True
        if verb == "LOGOUT":
            self.is_done = True
        first = {"CAPABILITY": "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n", "LOGOUT": "* BYE\r\n",
                 "SELECT": "* 0 EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY 1]\r\n",
                 "EXAMINE": "* 0 EXISTS\r\n", "SEARCH": "* SEARCH\r\n", "UID": "* SEARCH\r\n",
                 "LIST": '* LIST () "/" INBOX\r\n'}
        return f"{first.get(verb, '')}{tag} OK {verb} completed\r\n".encode("latin-1")


class Imaps(Imap):
    scheme, speaks_first, in_tls = "imaps", False, True


class Redis(Service):
    """RESP, of an empty database: commands as arrays of bulk strings, or as lines."""
    scheme, speaks_first = "redis", False
    _MOST_WORDS, _LONGEST_WORD = 10_000, 64 << 20

    def __init__(self, host, address):
        super().__init__(host, address)
        self._words = []
        self._missing = 0  # words of the command that are still to come
        self._skipped = -1  # bytes of the word that are still to come; -1 before its length

    def _step(self):
        if self._skipped >= 0:
            taken, self._rest = self._rest[:self._skipped], self._rest[self._skipped:]
            self._skipped -= len(taken)
            if len(self._words[-1]) < 100:
                self._words[-1] += taken
            if self._skipped:
                return b"" if taken else None
            self._skipped, self._missing = -1, self._missing - 1
            return b"" if self._missing else self._whole()
        line = self._line()
        if line is None:
            return None
        if self._missing or line.startswith("*"):
            number = line[1:]
            if not number.isdigit() or line[0] != ("$" if self._missing else "*"):
                self.is_done = True
                return b"-ERR Protocol error\r\n"
            if self._missing:
                self._words.append(b"")
                self._skipped = min(int(number), self._LONGEST_WORD) + 2  # with the line's end
            else:
                self._words, self._missing = [], min(int(number), self._MOST_WORDS)
            return b""
        self._words = [word.encode("latin-1") for word in line.split()] or [b""]
        return self._whole()

    def _whole(self):
        words = [word.strip(b"\r\n").decode("latin-1").upper() for word in self._words]
        verb = words[0] if words else ""
        if verb == "PING":
            return b"+PONG\r\n"
        if verb == "QUIT":
            self.is_done = True
        if verb == "HELLO":
            return b"-ERR unknown command 'HELLO'\r\n"
        if verb in ("GET", "HGET", "LPOP", "RPOP", "GETDEL", "INFO", "BLPOP", "BRPOP"):
            return b"$-1\r\n"
        if verb in ("KEYS", "LRANGE", "SMEMBERS", "HGETALL", "COMMAND", "CONFIG", "MGET"):
            return b"*0\r\n"
        if verb in ("SET", "SETEX", "MSET", "HMSET", "AUTH", "SELECT", "QUIT", "CLIENT", "FLUSHALL", "FLUSHDB", "LTRIM",
                    "SLAVEOF", "REPLICAOF", "SAVE", "RENAME"):
            return b"+OK\r\n"
        return b":1\r\n"


class Ssh(Service):
    """Its banner alone. What a client then says is for the exchange of keys, which nobody takes up."""
    scheme = "ssh"

    def greeting(self):
        return b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"

    def _step(self):
        self._rest = b""


_BY_PORT = {21: Ftp, 22: Ssh, 25: Smtp, 110: Pop3, 143: Imap, 465: Smtps, 587: Smtp, 993: Imaps, 995: Pop3s, 2525: Smtp,
            6379: Redis}


def of(host, port, address):
    """The service on that port, or None where any protocol may be spoken."""
    made = _BY_PORT.get(port)
    return made(host, address) if made else None
