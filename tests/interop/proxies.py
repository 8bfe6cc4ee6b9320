"""Tests a server with third-party clients and proxies: aiohttp, node's fetch, and nginx and Caddy in front of it. Each sends
valid requests mixed with invalid ones, which the server answers before it has read their bodies. Every response must arrive
unchanged, and no valid request may fail. Exits with 1 at the first failure."""

import asyncio
import grp
import json
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import aiohttp

TIMEOUT = 30
BASE = "/api/customer/mtxi/support"
CLIENTS = 16
ROUNDS = 60

NGINX = """
user {user} {group}; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 1;
events {{ worker_connections 512; }}
http {{
    access_log off; client_max_body_size 8m; lingering_close always; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    upstream support {{ server 127.0.0.1:{port}; keepalive 16; }}
    server {{
        listen 127.0.0.1:{own};
        location / {{
            proxy_pass http://support; proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_next_upstream off;
        }}
    }}
}}
"""

CADDY = """
{{
    admin off
    auto_https off
    storage file_system {folder}/caddy
}}
http://127.0.0.1:{own} {{
    reverse_proxy 127.0.0.1:{port}
}}
"""


def check(is_so, what, otherwise=""):
    if not is_so:
        sys.exit(f"FAILED: {what}. {otherwise}".rstrip())


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def listens(port, process):
    """Waits until the port accepts connections."""
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    sys.exit(f"FAILED: {process.args[0]} listens on {port}")


def requests(token):
    """Returns the name, method, path, headers, body and status of each kind of request."""
    good = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    ticket = {"serviceType": "ride", "issueType": "OTHER", "description": "late", "rideId": 1}
    small, large = b"x" * 500, b"x" * 700_000
    return [
        ("track", "GET", f"{BASE}/1", good, None, 200),
        ("create", "POST", BASE, good, json.dumps(ticket).encode(), 200),
        ("no token", "POST", BASE, {"Content-Type": "application/json"}, small, 401),
        ("no token, large", "POST", BASE, {"Content-Type": "application/json"}, large, 401),
        ("nowhere", "POST", "/nowhere", good, small, 404),
        ("nowhere, large", "POST", "/nowhere", good, large, 404),
        ("method", "PUT", f"{BASE}/1", good, small, 405),
        ("method, large", "PUT", f"{BASE}/1", good, large, 405),
        ("too large", "POST", BASE, good, large, 413),
        ("type", "POST", BASE, {**good, "Content-Type": "text/plain"}, small, 415),
        ("query", "POST", f"{BASE}?x=1", good, small, 400),
        ("list", "GET", f"{BASE}?limit=5", good, None, 200),
    ]


async def aiohttp_agrees(name, port, token):
    """Runs concurrent clients, each with all kinds of requests in its own order."""
    url = f"http://127.0.0.1:{port}"
    kinds = requests(token)
    wrong = {}

    async def asks(session, kind):
        what, method, path, headers, body, status = kind
        try:
            async with session.request(method, url + path, headers=headers, data=body) as answer:
                text, got = await answer.text(), answer.status
                if got == status:
                    json.loads(text)
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            got = type(error).__name__
        if got != status:
            wrong[(what, status, got)] = wrong.get((what, status, got), 0) + 1

    async def client(number):
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=1)) as session:
            for step in range(ROUNDS):
                await asks(session, kinds[(number * 5 + step * 7) % len(kinds)])

    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    check(not wrong, f"aiohttp gets every response {name}", wrong)
    print(f"aiohttp gets {CLIENTS * ROUNDS} of {CLIENTS * ROUNDS} answers {name}")


def node_agrees(name, port, token):
    script = pathlib.Path(__file__).with_name("fetch.mjs")
    kinds = [
        {"name": what, "method": method, "path": path, "headers": headers, "size": len(body or b""),
         "text": None if body is None or len(body) > 1000 else body.decode(), "status": status}
        for what, method, path, headers, body, status in requests(token)
    ]
    told = json.dumps({"url": f"http://127.0.0.1:{port}", "kinds": kinds, "rounds": 15})
    ran = subprocess.run(["node", str(script)], input=told, capture_output=True, text=True, timeout=180, check=False)
    check(ran.returncode == 0, f"node's fetch gets every response {name}", ran.stdout + ran.stderr)
    print(f"node's fetch gets every response {name}")


def agree(name, port, token):
    asyncio.run(aiohttp_agrees(name, port, token))
    node_agrees(name, port, token)


def behind(name, command, port, own, token):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        listens(own, process)
        agree(f"behind {name}", own, token)
    finally:
        process.terminate()
        process.wait(TIMEOUT)


def main():
    executable = str(pathlib.Path(sys.argv[1]).resolve())
    for program in ("nginx", "caddy", "node"):
        check(shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin"), f"{program} is installed")
    # nginx would write its temporary files as another user, without access to the folder.
    user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    with tempfile.TemporaryDirectory() as folder:
        support = [executable, "--db", f"{folder}/support.db", "--agent", "maria", "--lang", "en"]
        said = lambda *args: subprocess.run([*support, *args], capture_output=True, text=True, check=True).stdout
        said("fixtures", "load", "demo")
        token = json.loads(said("token", "issue", "--customer", "1", "--format", "json"))["token"]
        port = free_port()
        serve = [*support, "serve", "--bind", f"127.0.0.1:{port}"]
        server = subprocess.Popen(serve, env={**os.environ, "SUPPORT_RATE_LIMIT": "off"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            listens(port, server)
            agree("of the server itself", port, token)
            own, file = free_port(), pathlib.Path(folder) / "nginx.conf"
            file.write_text(NGINX.format(folder=folder, port=port, own=own, user=user, group=group))
            behind("nginx", ["/usr/sbin/nginx", "-p", folder, "-c", str(file)], port, own, token)
            own, file = free_port(), pathlib.Path(folder) / "Caddyfile"
            file.write_text(CADDY.format(folder=folder, port=port, own=own))
            behind("Caddy", ["caddy", "run", "--adapter", "caddyfile", "--config", str(file)], port, own, token)
        finally:
            server.terminate()
            ended = server.wait(TIMEOUT)
        check(ended == 0, "the server ends with 0", f"it ended with {ended}")


main()
