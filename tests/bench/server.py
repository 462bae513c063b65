"""The server that `scripts/bench gunicorn` measures: each request makes two large lists and keeps both for a
while. The benchmark also runs it with the lines that are commented out here."""

# from mprofpp import profile
import time

import flask

app = flask.Flask(__name__)


@app.route("/")
def hello():
    first, second = first_list(), second_list()
    return str(len(first) + len(second))


@app.route("/alive")
def alive():
    return "alive"


# @profile
def first_list():
    kept = [0] * 4_096_000
    kept.extend([1] * 4_096_000)
    delay(0.3)
    return kept


# @profile
def second_list():
    kept = [0] * 4_096_000
    kept.extend([1] * 4_096_000)
    delay(0.5)
    return kept


# @profile
def delay(seconds):
    time.sleep(seconds)
