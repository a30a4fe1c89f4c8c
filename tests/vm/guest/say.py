"""say.py TEXT: sends TEXT to the proxy as it stands and prints the answer, up to its end or 20 s."""

import socket
import sys

connection = socket.create_connection(("10.0.2.100", 3128), 20)
connection.sendall(sys.argv[1].encode("latin-1"))
reply = b""
try:
    while data := connection.recv(65536):
        reply += data
        head, end, body = reply.partition(b"\r\n\r\n")
        length = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        if end and length and len(body) >= length[0]:
            break
except OSError as e:
    print(e, file=sys.stderr)
sys.stdout.write(reply.decode("latin-1"))
