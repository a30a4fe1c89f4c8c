"""Finds the functions of a C++ source file and says how long they are.

It reads braces, not grammar: comments and literals are blanked out first, and each opening brace is
classified by the text before it. That is enough for code that clang-format has laid out.
"""
import re
from typing import NamedTuple

# Raw strings first: they may contain quotes and comment marks.
_BLANKED = re.compile(
    r'R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"'
    r"|//[^\n]*|/\*.*?\*/"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'",
    re.DOTALL,
)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
_TYPE = re.compile(r"^(?:template\s*<.*>\s*)?(?:requires\s*\(.*?\)\s*)?(?:class|struct|union|enum)\b[^()]*$", re.DOTALL)
_BEFORE_LAMBDA_BODY = re.compile(r"[\w\s:<>&*,-]*$")


class Function(NamedTuple):
    name: str
    line: int  # of its first line, from 1
    lines: int  # from the first line of its signature to its closing brace


def _blank(match: re.Match) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def blanked(text: str) -> str:
    """The text without comments, literals and preprocessor lines; every line keeps its number."""
    return _DIRECTIVE.sub(_blank, _BLANKED.sub(_blank, text))


def _without_parentheses(head: str) -> str:
    kept, depth = [], 0
    for char in head:
        if char == "(":
            depth += 1
        if depth == 0:
            kept.append(char)
        if char == ")":
            depth -= 1
            kept.append("()" if depth == 0 else "")
    return "".join(kept)


def _kind(head: str) -> str:
    """What an opening brace begins, in a namespace or class: scope, function or value."""
    flat = _without_parentheses(head).strip()
    if re.match(r"(?:inline\s+)?namespace\b", flat) or re.fullmatch(r"extern", flat):
        return "scope"
    if _TYPE.match(re.sub(r"alignas\(\)|\[\[.*?\]\]", "", flat)):
        return "scope"
    named = re.sub(r"operator\s*(?:\(\)|[^\s\w(]+)", "operator", flat)
    if "()" not in named or re.search(r"(?<![=!<>+\-*/%&|^])=(?!=)", named):
        return "value"
    # The braces of a member in a constructor's list: `Name(int a) : size_{a}, text_{} {`.
    if re.search(r"\(\)[^()]*(?<!:):(?!:)", named) and re.search(r"[\w>]$", named) and not re.search(
            r"(?:const|noexcept|override|final|try)$", named):
        return "member"
    return "function"


def _name(head: str) -> str:
    flat = _without_parentheses(head)
    found = re.search(r"([\w:~]*operator\s*(?:\(\)|[^\s\w(]+|[\w:]+)|[\w:~<>]+)\s*\(\)", flat)
    return found.group(1) if found else "lambda"


def _opening(code: str, closing: int) -> int:
    """Where the bracket that ends at `closing` begins; -1 where it does not."""
    pairs = {")": "(", "]": "["}
    depth = 0
    for at in range(closing, -1, -1):
        if code[at] == code[closing]:
            depth += 1
        elif code[at] == pairs[code[closing]]:
            depth -= 1
            if depth == 0:
                return at
    return -1


def _is_lambda(head: str) -> bool:
    """Whether the brace after `head` begins a lambda's body: `[x](int y) mutable -> T {`."""
    rest = head[:_BEFORE_LAMBDA_BODY.search(head).start()]
    if rest.endswith(")"):
        rest = rest[:max(_opening(rest, len(rest) - 1), 0)].rstrip()
    if not rest.endswith("]"):
        return False
    before = rest[:max(_opening(rest, len(rest) - 1), 0)].rstrip()
    return not re.search(r"[\w\])]$", before) or before.endswith("return")


def functions(text: str) -> list[Function]:
    code = blanked(text)
    found: list[Function] = []
    scopes: list[str] = []  # what each open brace began
    start = 0  # of the open function
    name = ""
    head = 0  # where the current declaration begins
    parentheses = 0
    for at, char in enumerate(code):
        inside = "function" in scopes
        if char == "(":
            parentheses += 1
        elif char == ")":
            parentheses -= 1
        elif char == "{":
            before = code[head:at]
            if inside:
                kind = "block"
            elif parentheses or (scopes and scopes[-1] in ("value", "member")):
                kind = "value"
            else:
                kind = _kind(before)
            if kind == "value" and _is_lambda(before):
                kind = "function"
            if kind == "function":
                name = _name(before)
                start = at - len(re.sub(r"^(?:\s|public:|private:|protected:)+", "", before))
            scopes.append(kind)
            if kind == "scope":
                head = at + 1
        elif char == "}":
            kind = scopes.pop()
            if kind == "function":
                first = code.count("\n", 0, start) + 1
                found.append(Function(name, first, code.count("\n", 0, at) + 2 - first))
            if kind == "scope" or (kind == "function" and "value" not in scopes and not parentheses):
                head = at + 1
        elif char == ";" and not inside and not parentheses:
            head = at + 1
    if scopes:
        raise ValueError("the braces do not match")
    return found
