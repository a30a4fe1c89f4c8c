"""A small repository over Git's smart HTTP protocol, version 0 (gitprotocol-http(5), gitprotocol-pack(5)):
one commit that can be listed, cloned and fetched, and pushes that are taken. Pure.
"""

import functools
import hashlib
import re
import struct
import zlib

from answer_files import is_program, project

BRANCH = b"refs/heads/main"
_KINDS = {b"commit": 1, b"tree": 2, b"blob": 3}
NOBODY = b"0" * 40
AGENT = b"agent=git/2.39.5"


def _line(data):
    return b"%04x" % (len(data) + 4) + data


def _object(kind, data):
    return hashlib.sha1(kind + b" %d\0" % len(data) + data).digest(), kind, data


def _packed(kind, data):
    size, first = len(data), (_KINDS[kind] << 4) | (len(data) & 15)
    head, size = bytearray(), size >> 4
    while size:
        head.append(first | 0x80)
        first, size = size & 0x7F, size >> 7
    head.append(first)
    return bytes(head) + zlib.compress(data, 9)


@functools.lru_cache(maxsize=64)
def repository(host):
    """(name of the commit, pack file)"""
    blobs = {name: _object(b"blob", content) for name, content in sorted(project(host).items())}
    tree = _object(b"tree", b"".join(
        (b"100755 " if is_program(name) else b"100644 ") + name.encode() + b"\0" + blob[0]
        for name, blob in blobs.items()))
    who = b"Maintainer <maintainer@users.example> 1704067200 +0000"
    commit = _object(b"commit", b"tree %s\nauthor %s\ncommitter %s\n\nRelease\n"
                     % (tree[0].hex().encode(), who, who))
    # A project has files of the same content, and a pack must not hold an object twice.
    objects = {entry[0]: entry for entry in (commit, tree, *blobs.values())}.values()
    pack = b"PACK" + struct.pack(">II", 2, len(objects)) + b"".join(_packed(kind, data) for _, kind, data in objects)
    return commit[0].hex().encode(), pack + hashlib.sha1(pack).digest()


def advertisement(service, host):
    head = _line(b"# service=" + service + b"\n") + b"0000"
    commit, _ = repository(host)
    if service == b"git-receive-pack":
        refs = _line(commit + b" " + BRANCH + b"\0report-status delete-refs ofs-delta " + AGENT + b"\n")
    else:
        refs = (_line(commit + b" HEAD\0shallow no-progress ofs-delta symref=HEAD:" + BRANCH + b" " + AGENT + b"\n")
                + _line(commit + b" " + BRANCH + b"\n"))
    return head + refs + b"0000"


def fetched(body, host):
    """The answer to git-upload-pack."""
    shallow = b"0000" if re.search(rb"^[0-9a-f]{4}deepen", body, re.MULTILINE) or b"deepen " in body[:4096] else b""
    # Without `done` it negotiates: nothing is in common, and it asks again.
    if not body.rstrip().endswith(b"done"):
        return shallow + (b"" if shallow else b"0008NAK\n")
    return shallow + b"0008NAK\n" + repository(host)[1]


def pushed(body, _host=""):
    """The answer to git-receive-pack: each ref of the commands is taken."""
    answer, at = _line(b"unpack ok\n"), 0
    while re.fullmatch(rb"[0-9a-f]{4}", body[at:at + 4]) and (size := int(body[at:at + 4], 16)) > 4:
        words = body[at + 4:at + size].partition(b"\0")[0].split()
        if len(words) == 3:
            answer += _line(b"ok " + words[2] + b"\n")
        at += size
    return answer + b"0000"
