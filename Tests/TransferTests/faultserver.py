#!/usr/bin/env python3
"""A server on loopback that misbehaves as it is told. It stands for the service in the tests of qtbx-push and qtbx-fetch.

    faultserver.py FOLDER SECONDS [CERTIFICATE KEY [NEWEST]]

FOLDER/plan.json says what it answers, FOLDER/port appears when it listens, FOLDER/log.jsonl gets a line for each request, written before the
answer is: what was received is known even if nobody hears of it. After SECONDS it ends by itself. NEWEST is the newest TLS that it speaks,
such as TLSv1_1.

The plan: {"METHOD /path": [step, ...]}. The longest key that the request begins with counts, and each request takes its next step; the last
one is repeated. A request that no key fits gets 404. The keys of a step:

    status, headers, body   what is answered; {port} in a header is this server's port
    fill                    the body is so many bytes instead
    blow                    so many bytes stand for each {blow} in the body
    more                    a text and how often it stands for each {more} in the body
    delay                   seconds before the answer, delay_body before its body, slow before every byte of the body
    chunked                 no Content-Length
    unsaid                  no length at all: the end of the connection is the end of the body
    length                  a Content-Length that lies; the connection is closed, unless keep is set
    cut                     so many bytes of the body, and the connection is closed
    reset                   the same, with a reset; without any answer if it is -1
    close                   the connection is closed after a whole answer, without a word
    second                  [seconds, status, body]: nobody has asked for it, and it comes so long behind a whole answer; 0: at once with it
    interim                 an interim answer of this status comes before, and nothing behind it
    early                   the answer comes when so many bytes of the body have been read, and the connection is closed
    version                 of HTTP; 1.1 unless said
    silent                  neither a length nor a word of the connection's end
    endless                 header after header
    tunnel                  (CONNECT) the bytes go to this port on loopback
"""
import json
import os
import socket
import struct
import sys
import threading
import time

# The descriptors of other tests' pipes must not live on in here.
os.closerange(3, 1024)
folder, lifetime = sys.argv[1], float(sys.argv[2])
with open(os.path.join(folder, "plan.json")) as file:
    plan = json.load(file)
log = open(os.path.join(folder, "log.jsonl"), "a", buffering=1)
lock = threading.Lock()
used = {}
waiting = {}
connections = 0
count = 0


class Gone(Exception):
    pass


def line_of(stream):
    line = stream.readline(1 << 20)
    if not line.endswith(b"\n"):
        raise Gone
    return line.rstrip(b"\r\n")


def body_of(stream, headers, early):
    if early is not None:
        return stream.read(early)
    if "chunked" in headers.get("transfer-encoding", ""):
        body = b""
        while True:
            size = int(line_of(stream).split(b";")[0], 16)
            body += stream.read(size)
            line_of(stream)
            if size == 0:
                return body
    size = int(headers.get("content-length", "0"))
    body = stream.read(size)
    if len(body) < size:
        raise Gone
    return body


def key_of(method, path):
    return max((key for key in plan if (method + " " + path).startswith(key)), key=len, default=None)


def early_of(method, path):
    with lock:
        key = key_of(method, path)
        steps = plan.get(key) or [{}]
        return steps[min(used.get(key, 0), len(steps) - 1)].get("early")


def step_for(method, path, headers, raw, body, connection):
    global count
    with lock:
        key = key_of(method, path)
        steps = plan.get(key) or [{"status": 404}]
        index = used.get(key, 0)
        used[key] = index + 1
        count += 1
        here = waiting.setdefault(path, set())
        here.add(connection)
        # Flat, and strings only: the reader is simple.
        log.write(json.dumps({
            "n": str(count), "t": "%.3f" % time.time(), "connection": str(connection), "method": method, "path": path,
            "authorization": headers.get("authorization", ""), "type": headers.get("content-type", ""),
            "waiting": str(len(here)), "requested-with": headers.get("x-requested-with", ""), "headers": raw, "body": body.decode("utf-8", "backslashreplace"),
        }, ensure_ascii=False) + "\n")
        return steps[min(index, len(steps) - 1)]


def reset(plain):
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise Gone


def relay(one, other):
    try:
        while data := one.recv(65536):
            other.sendall(data)
    except OSError:
        pass
    for end in (one, other):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def answer(step, plain, link, done):
    """Returns whether the connection can be used again."""
    time.sleep(step.get("delay", 0))
    if step.get("reset") == -1:
        reset(plain)
    if "tunnel" in step:
        other = socket.create_connection(("127.0.0.1", step["tunnel"]))
        link.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        threading.Thread(target=relay, args=(other, link), daemon=True).start()
        relay(link, other)
        return False
    more, times = step.get("more", ("", 0))
    body = b"x" * step["fill"] if "fill" in step else step.get("body", "").replace("{blow}", "b" * step.get("blow", 0)).replace("{more}", more * times).encode()
    if "interim" in step:
        link.sendall(b"HTTP/1.1 %d Told\r\n\r\n" % step["interim"])
        return False
    head = "HTTP/%s %d Told\r\n" % (step.get("version", "1.1"), step.get("status", 200))
    for name, value in step.get("headers", {}).items():
        head += "%s: %s\r\n" % (name, str(value).replace("{port}", str(port)))
    if "endless" in step:
        link.sendall(head.encode())
        while True:
            link.sendall(b"X-More: " + b"m" * 1000 + b"\r\n")
    if step.get("chunked"):
        head += "Transfer-Encoding: chunked\r\n"
    elif step.get("silent"):
        pass
    elif step.get("unsaid"):
        head += "Connection: close\r\n"
    else:
        head += "Content-Length: %d\r\n" % step.get("length", len(body))
    # Before the answer is sent: the next request may come at once.
    done()
    link.sendall(head.encode() + b"\r\n")
    time.sleep(step.get("delay_body", 0))
    stop = step.get("cut", step.get("reset"))
    part = body if stop is None else body[:stop]
    if "slow" in step:
        for byte in part:
            link.sendall(bytes([byte]))
            time.sleep(step["slow"])
    elif step.get("chunked"):
        for start in range(0, len(part), 1000):
            piece = part[start:start + 1000]
            link.sendall(b"%x\r\n" % len(piece) + piece + b"\r\n")
        if stop is None:
            link.sendall(b"0\r\n\r\n")
    else:
        more = b""
        if "second" in step:
            seconds, status, text = step["second"]
            more = b"HTTP/1.1 %d Told\r\nContent-Length: %d\r\n\r\n" % (status, len(text)) + text.encode()
            if seconds > 0:
                threading.Timer(seconds, link.sendall, [more]).start()
                more = b""
        link.sendall(part + more)
    if "reset" in step:
        reset(plain)
    if "early" in step:
        # The answer is to be read before the reset that the unread rest brings.
        time.sleep(0.3)
        return False
    return "cut" not in step and "close" not in step and "silent" not in step and "unsaid" not in step and ("length" not in step or "keep" in step)


def serve(plain, number):
    link = plain
    stream = None
    try:
        if context:
            link = context.wrap_socket(plain, server_side=True)
        stream = link.makefile("rb")
        while True:
            method, path, _ = line_of(stream).decode("latin-1").split(" ", 2)
            raw = []
            while header := line_of(stream):
                raw.append(header.decode("latin-1"))
            headers = {name.lower(): value.strip() for name, value in (header.split(":", 1) for header in raw)}
            body = body_of(stream, headers, early_of(method, path))
            step = step_for(method, path, headers, "\n".join(raw), body, number)

            def done():
                with lock:
                    waiting[path].discard(number)

            try:
                if not answer(step, plain, link, done):
                    break
            finally:
                done()
    except (Gone, OSError, ValueError):
        pass
    finally:
        # A file object of the socket keeps it open otherwise.
        if stream:
            stream.close()
        link.close()


context = None
if len(sys.argv) > 3:
    # It takes longer to load than all else together.
    import ssl
    import warnings
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    if len(sys.argv) > 5:
        # What is too old must be asked for by name.
        warnings.simplefilter("ignore")
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion[sys.argv[5]]
listener = socket.create_server(("127.0.0.1", 0), backlog=64)
port = listener.getsockname()[1]
with open(os.path.join(folder, "port.new"), "w") as file:
    file.write(str(port))
os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
threading.Timer(lifetime, lambda: os._exit(0)).start()
while True:
    accepted, _ = listener.accept()
    accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connections += 1
    threading.Thread(target=serve, args=(accepted, connections), daemon=True).start()
