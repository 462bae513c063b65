"""The server of the pictures: each request makes two lists of 31 MiB and holds them for a while."""

import time

import flask

app = flask.Flask(__name__)


@app.route("/")
def work():
    first = [0] * 4_096_000
    time.sleep(0.3)
    second = [1] * 4_096_000
    time.sleep(0.5)
    return str(len(first) + len(second))


@app.route("/alive")
def alive():
    return "alive"
