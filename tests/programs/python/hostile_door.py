"""A program with a door that is not the agent's: it answers hello, and every other request with bytes of its
own: once, again and again, or once without closing the connection. Ends when its input ends.

    hostile_door.py FOLDER FILE_WITH_BYTES [again | silent]
"""

import os
import pathlib
import socket
import struct
import sys
import threading

DONE = struct.pack("=IIIIQ", 16, 17, 0, 0, 0)


def receive_exactly(peer, size):
    got = b""
    while len(got) < size:
        part = peer.recv(size - len(got))
        if not part:
            raise EOFError
        got += part
    return got


def answer(peer):
    while True:
        size, _ = struct.unpack("=II", receive_exactly(peer, 8))
        request = receive_exactly(peer, size)
        if request[16:21] == b"hello":
            peer.sendall(DONE)
        else:
            break
    text = pathlib.Path(sys.argv[2]).read_bytes()
    while True:
        peer.sendall(text)
        if "again" not in sys.argv:
            break


def serve():
    while True:
        with listener.accept()[0] as peer:
            try:
                answer(peer)
                if "silent" in sys.argv:
                    peer.recv(1)
            except (OSError, EOFError):
                pass


listener = socket.socket(socket.AF_UNIX)
listener.bind(f"{sys.argv[1]}/door.{os.getpid()}")
listener.listen()
threading.Thread(target=serve, daemon=True).start()
print(os.getpid(), flush=True)
sys.stdin.read()
