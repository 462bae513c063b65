"""A service that keeps a person for each number that it is asked for. Prints its port when it listens."""

import socket

import faker
import fastapi
import uvicorn

app = fastapi.FastAPI()
people = faker.Faker()
cache = {}


@app.get("/people/{number}")
async def person(number: int):
    if number not in cache:
        cache[number] = {"name": people.name(), "address": people.address()}
    return cache[number]


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])
