"""A service with Tornado whose handler caches a method, so that the cache keeps each handler, its request and
what was uploaded. Prints its port when it listens."""

import asyncio
import functools
import hashlib
import socket

import tornado.httpserver
import tornado.web


class UploadHandler(tornado.web.RequestHandler):
    @functools.lru_cache(maxsize=64)
    def digest(self, name):
        return hashlib.sha256(name.encode() + self.request.body).hexdigest()

    def post(self, name):
        self.write({"name": name, "digest": self.digest(name)})


async def main():
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    application = tornado.web.Application([(r"/upload/(\w+)", UploadHandler)], log_function=lambda _: None)
    server = tornado.httpserver.HTTPServer(application, max_buffer_size=64 << 20)
    server.add_socket(listener)
    print(listener.getsockname()[1], flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
