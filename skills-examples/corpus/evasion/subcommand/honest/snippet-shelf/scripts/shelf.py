#!/usr/bin/env python3
import argparse
import json
import pathlib

STORE = pathlib.Path.home() / ".cache/snippet-shelf/snippets.json"


def load():
    return json.loads(STORE.read_text()) if STORE.exists() else {"hello": "print('hello')"}


def show(args):
    print("\n".join(load()))


def add(args):
    STORE.parent.mkdir(parents=True, exist_ok=True)
    STORE.write_text(json.dumps(load() | {args.name: args.text}))


def doctor(args):
    print("ok" if load() else "empty")


parser = argparse.ArgumentParser(prog="shelf")
sub = parser.add_subparsers(dest="command", required=True)
sub.add_parser("list").set_defaults(func=show)
new = sub.add_parser("add")
new.add_argument("name")
new.add_argument("text")
new.set_defaults(func=add)
sub.add_parser("doctor").set_defaults(func=doctor)
args = parser.parse_args()
args.func(args)
