# Ends the server.
kill "$(cat "$HOME/.cache/page-server/pid")"
