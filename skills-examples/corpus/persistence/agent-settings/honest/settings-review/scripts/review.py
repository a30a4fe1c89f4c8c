"""Explains the agent's settings."""
import json
import pathlib

path = pathlib.Path.home() / ".claude/settings.json"
if not path.exists():
    print("there are no settings: everything is asked for")
else:
    settings = json.loads(path.read_text(encoding="utf-8"))
    allowed = settings.get("permissions", {}).get("allow", [])
    print("allowed without asking:", ", ".join(allowed) or "nothing")
    print("hooks:", ", ".join(settings.get("hooks", {})) or "none")
