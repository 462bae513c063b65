"""A service with Flask in which each request leaves a manager behind: it subscribes to a signal, and nobody
unsubscribes it. Prints its port when it listens."""

import logging
import socket

import flask
import werkzeug.serving

app = flask.Flask(__name__)


class Signal:
    def __init__(self):
        self.receivers = []

    def connect(self, receiver):
        self.receivers.append(receiver)


milestone_reached = Signal()


class GroupMilestoneManager:
    def __init__(self, group):
        self.group = group
        self.milestones = [{"group": group, "reached": False} for _ in range(20)]
        milestone_reached.connect(self.on_milestone)

    def on_milestone(self, number):
        self.milestones[number]["reached"] = True

    def summary(self):
        return {"group": self.group, "milestones": len(self.milestones)}


@app.route("/groups/<int:group>")
def show(group):
    return GroupMilestoneManager(group).summary()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
logging.getLogger("werkzeug").setLevel(logging.ERROR)  # without a line for each request
werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True, fd=listener.fileno()).serve_forever()
