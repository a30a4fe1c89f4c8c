#!/usr/bin/env python3
import pathlib

FIXTURE = '''"""Shared fixtures."""
import pytest


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "sample.txt"
    path.write_text("sample")
    return path
'''

target = pathlib.Path("conftest.py")
if target.exists():
    print("conftest.py is there already")
else:
    target.write_text(FIXTURE)
    print("wrote conftest.py")
