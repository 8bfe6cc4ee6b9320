"""Holds webhooks against another implementation of Standard Webhooks: real deliveries of a server to a receiver that
verifies with the library `standardwebhooks`, during a rotation with both secrets, and messages that the library signed,
sent to `support webhook listen`. Ends with 1 at the first thing that is not so."""

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

PATIENCE = 20


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes every message as it came."""

    came = queue.Queue()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        Receiver.came.put((dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Support:
    """The executable, on a store of its own."""

    def __init__(self, executable, folder):
        self.command = [executable, "--db", str(folder / "support.db"), "--agent", "maria", "--lang", "en"]

    def says(self, *args):
        ran = subprocess.run([*self.command, *args], capture_output=True, text=True, timeout=PATIENCE, check=False)
        holds(ran.returncode == 0, f"support {' '.join(args)} ends with 0", ran.stderr)
        return ran.stdout.strip()

    def starts(self, *args, **pipes):
        return subprocess.Popen([*self.command, *args], text=True, **pipes)


def holds(is_so, what, otherwise=""):
    if not is_so:
        sys.exit(f"FAILED: {what}. {otherwise}".rstrip())


def gets():
    """The next message."""
    try:
        return Receiver.came.get(timeout=PATIENCE)
    except queue.Empty:
        sys.exit("FAILED: a message comes. None did")


def is_good(secret, headers, body):
    """What the library says."""
    try:
        return Webhook(secret).verify(body, headers) == json.loads(body)
    except WebhookVerificationError:
        return False


def is_taken(url, message, timestamp, signature, body):
    """What `support webhook listen` says."""
    headers = {"webhook-id": message, "webhook-timestamp": str(timestamp), "webhook-signature": signature}
    request = urllib.request.Request(url, body.encode(), {**headers, "content-type": "application/json"})
    try:
        return urllib.request.urlopen(request, timeout=PATIENCE).status == 204
    except urllib.error.HTTPError as error:
        holds(error.code == 401, "what is not verified gets 401", f"it got {error.code}")
        return False


def deliveries(support, url):
    first = support.says("webhook", "add", url, "--allow-private")
    server = support.starts("serve", "--bind", "127.0.0.1:0", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        holds("listening on" in server.stdout.readline(), "the server starts")
        support.says("ticket", "close", "1", "--reason", "refunded – “gladly” 🎶")
        headers, body = gets()
        event = json.loads(body)
        holds((event["event"], event["data"]["ticketId"]) == ("support:ticket_closed", 1), "the event comes", event)
        holds(is_good(first, headers, body), "the library verifies a delivery", headers)
        holds(not is_good(first, headers, body.replace(b"CLOSED", b"OPENED")), "the library refuses another body")
        holds(not is_good(first, {**headers, "webhook-id": "msg_other"}, body), "the library refuses another id")
        stale = {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 600)}
        holds(not is_good(first, stale, body), "the library refuses another time")

        second = support.says("webhook", "secret", "rotate", "1")
        holds(second != first, "a rotation gives another secret")
        holds(not is_good(second, headers, body), "the new secret does not verify what came before it")
        support.says("ticket", "close", "7")
        headers, body = gets()
        holds(len(headers["webhook-signature"].split(" ")) == 2, "both secrets sign during a rotation", headers)
        holds(is_good(second, headers, body), "the library verifies it with the new secret", headers)
        holds(is_good(first, headers, body), "the library verifies it with the old secret", headers)
        support.says("webhook", "test", "1")
        headers, body = gets()
        holds(is_good(second, headers, body) and is_good(first, headers, body), "the library verifies a trial", headers)
    finally:
        server.terminate()
        ended = server.wait(PATIENCE)
    holds(ended == 0, "the server ends with 0", f"it ended with {ended}")
    return second


def listening(support, folder, secret):
    (folder / "secret").write_text(secret)
    args = ("webhook", "listen", "--bind", "127.0.0.1:0", "--format", "ndjson", "--secret-file", str(folder / "secret"))
    listener = support.starts(*args, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        url = next((word for word in listener.stderr.readline().split() if word.startswith("http://")), None)
        holds(url is not None, "listen says where")
        now = datetime.datetime.now(tz=datetime.timezone.utc)
        body = json.dumps({"event": "support:ticket_closed", "data": {"ticketId": 7, "words": "– 🎶"}}, ensure_ascii=False)
        signature = Webhook(secret).sign("msg_1", now, body)
        other = Webhook("whsec_" + "AAAA" * 8).sign("msg_1", now, body)
        second = int(now.timestamp())
        holds(is_taken(url, "msg_1", second, signature, body), "listen takes what the library signed")
        holds(is_taken(url, "msg_1", second, f"{other} {signature}", body), "listen takes one good signature of two")
        holds(not is_taken(url, "msg_1", second, other, body), "listen refuses another secret's signature")
        holds(not is_taken(url, "msg_1", second, signature, body + " "), "listen refuses another body")
    finally:
        listener.terminate()
        listener.wait(PATIENCE)


def main():
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        support = Support(str(pathlib.Path(sys.argv[1]).resolve()), folder)
        support.says("fixtures", "load", "demo")
        secret = deliveries(support, f"http://127.0.0.1:{receiver.server_port}/hooks?from=support")
        listening(support, folder, secret)
    print("the library of Standard Webhooks and this program agree")


main()
