"""The protocol of the door (lib/mprofpp/wire/door.hpp), written a second time, so that tests can send what
mprofpp would not."""

import json
import socket
import struct

REQUEST, INTERRUPT, OUTPUT, DONE = 1, 2, 16, 17
STATUSES = ["done", "failed", "unknown", "busy", "incomplete", "exited", "refused", "too_long"]


def block(**names):
    """The argument of mprofpp_open_door."""
    return b"".join(f"{name}={value}".encode() + b"\0" for name, value in names.items()) + b"\0"


class Answer:
    def __init__(self):
        self.out, self.error, self.status, self.message, self.held = b"", b"", None, "", None


class Client:
    def __init__(self, name, timeout=60):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect("\0" + name[1:] if name.startswith("@") else name)

    def close(self):
        self.socket.close()

    def send_frame(self, kind, payload=b""):
        self.socket.sendall(struct.pack("=II", len(payload), kind) + payload)

    def send(self, verb, body=b"", options=b"", patience=5000):
        sizes = struct.pack("=IIII", patience, len(verb), len(options), len(body))
        self.send_frame(REQUEST, sizes + verb + options + body)

    def receive_exactly(self, size):
        got = b""
        while len(got) < size:
            part = self.socket.recv(size - len(got))
            if not part:
                raise EOFError(f"{len(got)} of {size} bytes")
            got += part
        return got

    def receive_frame(self):
        size, kind = struct.unpack("=II", self.receive_exactly(8))
        return kind, self.receive_exactly(size)

    def receive(self):
        """Returns the answer to a request."""
        answer = Answer()
        while True:
            kind, payload = self.receive_frame()
            if kind == OUTPUT and payload[0] == 0:
                answer.out += payload[1:]
            elif kind == OUTPUT:
                answer.error += payload[1:]
            else:
                assert kind == DONE, kind
                status, _, answer.held = struct.unpack("=IIQ", payload[:16])
                answer.status, answer.message = STATUSES[status], payload[16:].decode()
                return answer

    def ask(self, verb, body=b"", **options):
        self.send(verb, body, **options)
        return self.receive()

    def stacks(self, **options):
        """Returns the answer to a request for stacks. Frames that share a place are the same object."""
        found = json.loads(self.ask(b"stacks", **options).out)
        for stack in found["stacks"]:
            stack["frames"] = [found["places"][f] if isinstance(f, int) else f for f in stack["frames"]]
        return found

    def run(self, code, **options):
        return self.ask(b"run", code.encode(), **options)
