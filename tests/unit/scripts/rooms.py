"""The rooms of the code as CMakeLists.txt declares them, and as ARCHITECTURE.md draws them."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[3]


class Room:
    """A folder that is a library of its own."""

    def __init__(self, folder, libraries):
        self.folder = folder
        self.libraries = libraries  # as CMake links them: rooms and others

    def __repr__(self):
        return self.folder


def declared():
    """Target -> Room, as skillaudit_room(NAME FOLDER LIBRARY…) declares them."""
    text = re.sub(r"#.*", "", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))
    rooms = {}
    for words in re.findall(r"^skillaudit_room\(([^)]*)\)", text, re.MULTILINE):
        name, folder, *libraries = words.split()
        rooms["skillaudit_" + name] = Room(folder, libraries)
    program = re.search(r"target_link_libraries\(skillaudit PRIVATE ([^)]*)\)", text)
    rooms["skillaudit"] = Room("harness/cli", program.group(1).split())
    return rooms


def reached(rooms, target):
    """All that is linked with a target: rooms' targets and the names of other libraries."""
    seen, todo = set(), [target]
    while todo:
        for library in rooms[todo.pop()].libraries:
            if library not in seen:
                seen.add(library)
                if library in rooms:
                    todo.append(library)
    return seen


def short(folder):
    """As ARCHITECTURE.md names a room: without "harness/"."""
    return folder.removeprefix("harness/")


def _parse_item(tokens):
    """ROOM or {CHAIN, CHAIN}: its rooms, and the arrows within it as (lower, higher)."""
    token = tokens.pop(0)
    if token != "{":
        return {token}, set()
    members, arrows = set(), set()
    while True:
        more, inner = _parse_chain(tokens)
        members |= more
        arrows |= inner
        if tokens.pop(0) == "}":
            return members, arrows


def _parse_chain(tokens):
    """ITEM ← ITEM ← …: what stands on the right may use what stands on the left."""
    left, arrows = _parse_item(tokens)
    members = set(left)
    while tokens and tokens[0] == "←":
        tokens.pop(0)
        right, inner = _parse_item(tokens)
        arrows |= inner | {(low, high) for low in left for high in right}
        members |= right
        left = right
    return members, arrows


def arrows_of(text):
    """(lower, higher) for each arrow in the lines `a ← {b, c ← d}` of a code block, indented by four."""
    arrows = set()
    for line in re.findall(r"^    (.*←.*)$", text, re.MULTILINE):
        arrows |= _parse_chain(re.findall(r"[\w/]+|[{},←]", line))[1]
    return arrows


def below(arrows, room):
    """The rooms that a room may use."""
    seen, todo = set(), [room]
    while todo:
        at = todo.pop()
        for low, high in arrows:
            if high == at and low not in seen:
                seen.add(low)
                todo.append(low)
    return seen


def sources(folder, endings=(".cc", ".h")):
    """Files of a folder, not of those below it: a room is one folder."""
    return sorted(path for path in (ROOT / folder).iterdir() if path.suffix in endings)


def includes(path):
    """Project headers that a file names, and system headers."""
    text = path.read_text(encoding="utf-8")
    return (re.findall(r'^#include "((?:harness|reports|fixtures)/[^"]+)"', text, re.MULTILINE),
            re.findall(r"^#include <([^>]+)>", text, re.MULTILINE))
