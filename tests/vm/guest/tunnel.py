"""tunnel.py CONNECT_HOST:PORT SNI HOST_HEADER PATH: one GET through a tunnel whose parts can disagree.

Prints the status code of the answer, or of the refused tunnel. The certificate is not looked at: what
is tested is what the proxy makes of the names.
"""

import socket
import ssl
import sys

target, sni, host, path = sys.argv[1:]
connection = socket.create_connection(("10.0.2.100", 3128), 30)
connection.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
reply = b""
while b"\r\n\r\n" not in reply:
    reply += connection.recv(1) or sys.exit("the proxy hung up")
if reply.split()[1] == b"200":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with context.wrap_socket(connection, server_hostname=sni or None) as tls:
        tls.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        reply = tls.recv(65536)
print(reply.split()[1].decode())
