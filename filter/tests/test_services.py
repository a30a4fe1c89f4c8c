"""Names and services as pure functions: what is asked, and what a client is told."""

import os
import struct
import sys
import unittest

FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, FOLDER)

import services
from names import Names


def question(name, kind=1):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!HHHHHH", 7, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", kind, 1)


def address(answer):
    return ".".join(str(byte) for byte in answer[-4:]) if answer[7] else None


def code(answer):
    return answer[3] & 15


class NamesTest(unittest.TestCase):
    def setUp(self):
        self.names = Names("10.0.2.3", ["11.0.2.20", "11.0.2.21"])

    def test_each_name_has_an_address_of_its_own_for_good(self):
        first = self.names.answer(question("a.example.com"))
        self.assertEqual(first[:2], b"\0\x07")
        self.assertEqual(address(first), "11.0.2.20")
        self.assertEqual(address(self.names.answer(question("b.example.com"))), "11.0.2.21")
        self.assertEqual(address(self.names.answer(question("A.Example.COM"))), "11.0.2.20")
        self.assertEqual(self.names.name_of("11.0.2.21"), "b.example.com")

    def test_what_comes_after_the_last_address_has_none(self):
        for name in ("a.example.com", "b.example.com"):
            self.names.answer(question(name))
        self.assertEqual(code(self.names.answer(question("c.example.com"))), 2)
        self.assertEqual(address(self.names.answer(question("a.example.com"))), "11.0.2.20")

    def test_a_name_has_no_ipv6_address_and_no_other_records(self):
        for kind in (28, 16, 15):
            answer = self.names.answer(question("a.example.com", kind))
            self.assertEqual((code(answer), answer[7]), (0, 0))
        self.assertEqual(self.names.name_of("11.0.2.20"), "11.0.2.20")  # nobody asked for an address

    def test_names_of_the_surroundings_do_not_exist(self):
        for name in ("db", "printer.local", "9.113.0.203.in-addr.arpa", "metadata.google.internal", "203.0.113.9"):
            self.assertEqual(code(self.names.answer(question(name))), 3, name)

    def test_what_is_no_question_is_refused(self):
        self.assertIsNone(self.names.answer(b"short"))
        self.assertIsNone(self.names.answer(b"x" * 600))
        self.assertEqual(code(self.names.answer(question("a.example.com")[:-3])), 1)
        self.assertEqual(code(self.names.answer(b"\0\7\1\0\0\1\0\0\0\0\0\0\xc0\x0c\0\1\0\1")), 1)


class Talks(unittest.TestCase):
    def talk(self, port, *said):
        """What the server says to each, in words of bytes."""
        service = services.of("mail.example.com", port, "11.0.2.20")
        return service, [service.greeting(), *(service.feed(each) for each in said)]

    def test_a_mail_is_taken_however_it_is_cut(self):
        mail = b"From: a\r\n\r\nHello.\r\nx\r\n..\r\n.\r\nQUIT\r\n"
        for size in (1, 2, 3, 5, 1000):
            service = services.of("mail.example.com", 25, "")
            self.assertTrue(service.greeting().startswith(b"220 "))
            said = service.feed(b"EHLO me\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n")
            self.assertTrue(said.endswith(b"354 End data with <CR><LF>.<CR><LF>\r\n"))
            said = b"".join(service.feed(mail[i:i + size]) for i in range(0, len(mail), size))
            self.assertEqual(said, b"250 2.0.0 Ok: queued as 4F1C2A\r\n221 2.0.0 Bye\r\n")
            self.assertTrue(service.is_done)

    def test_every_password_is_right(self):
        _, said = self.talk(587, b"AUTH PLAIN AGEAYg==\r\n", b"AUTH LOGIN\r\n", b"YQ==\r\n", b"Yg==\r\n")
        self.assertEqual([each[:3] for each in said[1:]], [b"235", b"334", b"334", b"235"])
        _, said = self.talk(21, b"USER anonymous\r\n", b"PASS x\r\n", b"PASV\r\n", b"STOR a.txt\r\n")
        self.assertEqual([each[:3] for each in said], [b"220", b"331", b"230", b"227", b"150"])
        self.assertIn(b"(11,0,2,20,39,16)", said[3])

    def test_mail_begins_tls_where_it_is_asked_to(self):
        service, said = self.talk(587, b"EHLO me\r\n", b"STARTTLS\r\nEHLO smuggled\r\n")
        self.assertIn(b"250-STARTTLS", said[1])
        self.assertTrue(said[2].startswith(b"220 "))
        self.assertTrue(service.wants_tls)
        service.secured()
        self.assertNotIn(b"STARTTLS", service.feed(b"EHLO me\r\n"))

    def test_redis_takes_commands_of_both_forms(self):
        command = b"*3\r\n$3\r\nSET\r\n$1\r\na\r\n$5\r\nb\r\nc \r\n*1\r\n$4\r\nPING\r\n"
        for size in (1, 2, 7, 1000):
            service = services.of("db.example.com", 6379, "")
            said = b"".join(service.feed(command[i:i + size]) for i in range(0, len(command), size))
            self.assertEqual(said, b"+OK\r\n+PONG\r\n")
        self.assertEqual(service.feed(b"PING\r\nGET a\r\n"), b"+PONG\r\n$-1\r\n")
        service.feed(b"*1\r\nnonsense\r\n")
        self.assertTrue(service.is_done)

    def test_a_mailbox_is_empty(self):
        _, said = self.talk(143, b"a1 LOGIN u p\r\n", b"a2 SELECT INBOX\r\n", b"a3 APPEND x {5}\r\n", b"12345\r\n")
        self.assertEqual(said[1], b"a1 OK LOGIN completed\r\n")
        self.assertIn(b"* 0 EXISTS", said[2])
        self.assertTrue(said[3].startswith(b"+ "))
        self.assertIn(b"OK", said[4])
        _, said = self.talk(110, b"USER u\r\n", b"STAT\r\n")
        self.assertEqual(said[1:], [b"+OK\r\n", b"+OK 0 0\r\n"])

    def test_a_line_without_an_end_ends_the_connection(self):
        service = services.of("mail.example.com", 25, "")
        for _ in range(18):
            service.feed(b"x" * 65536)
        self.assertTrue(service.is_done)


if __name__ == "__main__":
    unittest.main()
