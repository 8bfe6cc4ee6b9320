"""Tests webhooks with the library `standardwebhooks`: deliveries of a server are verified by the library, during a rotation
with both secrets, and messages signed by the library are sent to `support webhook listen`. Exits with 1 at the first
failure."""

import datetime
import http.server
import json
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

TIMEOUT = 20


class Receiver(http.server.BaseHTTPRequestHandler):
    """Stores every message and replies with 204."""

    messages = queue.Queue()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        Receiver.messages.put((dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Support:
    """The executable, with its own store."""

    def __init__(self, executable, folder):
        self.command = [executable, "--db", str(folder / "support.db"), "--agent", "maria", "--lang", "en"]

    def run(self, *args):
        ran = subprocess.run([*self.command, *args], capture_output=True, text=True, timeout=TIMEOUT, check=False)
        check(ran.returncode == 0, f"support {' '.join(args)} ends with 0", ran.stderr)
        return ran.stdout.strip()

    def spawn(self, *args, **pipes):
        return subprocess.Popen([*self.command, *args], text=True, **pipes)


def check(is_so, what, otherwise=""):
    if not is_so:
        sys.exit(f"FAILED: {what}. {otherwise}".rstrip())


def next_message():
    """Waits for the next message."""
    try:
        return Receiver.messages.get(timeout=TIMEOUT)
    except queue.Empty:
        sys.exit("FAILED: no message arrived")


def is_verified(secret, headers, body):
    """Verifies a message with the library."""
    try:
        return Webhook(secret).verify(body, headers) == json.loads(body)
    except WebhookVerificationError:
        return False


def is_accepted(url, message, timestamp, signature, body):
    """Sends a message to `support webhook listen` and returns its verdict."""
    headers = {"webhook-id": message, "webhook-timestamp": str(timestamp), "webhook-signature": signature}
    request = urllib.request.Request(url, body.encode(), {**headers, "content-type": "application/json"})
    try:
        return urllib.request.urlopen(request, timeout=TIMEOUT).status == 204
    except urllib.error.HTTPError as error:
        check(error.code == 401, "an unverified message gets 401", f"it got {error.code}")
        return False


def deliveries(support, url):
    first = support.run("webhook", "add", url, "--allow-private")
    server = support.spawn("serve", "--bind", "127.0.0.1:0", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        check("listening on" in server.stdout.readline(), "the server starts")
        support.run("ticket", "close", "1", "--reason", "refunded – “gladly” 🎶")
        headers, body = next_message()
        event = json.loads(body)
        check((event["event"], event["data"]["ticketId"]) == ("support:ticket_closed", 1), "the event is delivered", event)
        check(is_verified(first, headers, body), "the library verifies a delivery", headers)
        check(not is_verified(first, headers, body.replace(b"CLOSED", b"OPENED")), "the library refuses another body")
        check(not is_verified(first, {**headers, "webhook-id": "msg_other"}, body), "the library refuses another id")
        stale = {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 600)}
        check(not is_verified(first, stale, body), "the library refuses another time")

        second = support.run("webhook", "secret", "rotate", "1")
        check(second != first, "a rotation creates another secret")
        check(not is_verified(second, headers, body), "the new secret does not verify an earlier delivery")
        support.run("ticket", "close", "7")
        headers, body = next_message()
        check(len(headers["webhook-signature"].split(" ")) == 2, "both secrets sign during a rotation", headers)
        check(is_verified(second, headers, body), "the library verifies it with the new secret", headers)
        check(is_verified(first, headers, body), "the library verifies it with the old secret", headers)
        support.run("webhook", "test", "1")
        headers, body = next_message()
        check(is_verified(second, headers, body) and is_verified(first, headers, body), "the library verifies a test message", headers)
    finally:
        server.terminate()
        ended = server.wait(TIMEOUT)
    check(ended == 0, "the server ends with 0", f"it ended with {ended}")
    return second


def listening(support, folder, secret):
    (folder / "secret").write_text(secret)
    args = ("webhook", "listen", "--bind", "127.0.0.1:0", "--format", "ndjson", "--secret-file", str(folder / "secret"))
    listener = support.spawn(*args, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        url = next((word for word in listener.stderr.readline().split() if word.startswith("http://")), None)
        check(url is not None, "listen prints its URL")
        now = datetime.datetime.now(tz=datetime.timezone.utc)
        body = json.dumps({"event": "support:ticket_closed", "data": {"ticketId": 7, "words": "– 🎶"}}, ensure_ascii=False)
        signature = Webhook(secret).sign("msg_1", now, body)
        other = Webhook("whsec_" + "AAAA" * 8).sign("msg_1", now, body)
        second = int(now.timestamp())
        check(is_accepted(url, "msg_1", second, signature, body), "listen accepts a message signed by the library")
        check(is_accepted(url, "msg_1", second, f"{other} {signature}", body), "listen accepts one valid signature of two")
        check(not is_accepted(url, "msg_1", second, other, body), "listen refuses another secret's signature")
        check(not is_accepted(url, "msg_1", second, signature, body + " "), "listen refuses another body")
    finally:
        listener.terminate()
        listener.wait(TIMEOUT)


def main():
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        support = Support(str(pathlib.Path(sys.argv[1]).resolve()), folder)
        support.run("fixtures", "load", "demo")
        secret = deliveries(support, f"http://127.0.0.1:{receiver.server_port}/hooks?from=support")
        listening(support, folder, secret)
    print("the library of Standard Webhooks and this program agree")


main()
