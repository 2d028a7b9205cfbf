#!/usr/bin/env python3
"""Runs a program in a terminal of its own, as a person would, and shows all that it has written there.

    terminal.py STEPS PROGRAM [ARGUMENT]...

STEPS is JSON: [[TEXT, ACTION], ...]. When TEXT has been seen, ACTION is done: {"type": TEXT} types, {"signal": NAME} sends a signal to the program.
Behind the output come a line `status=N`, minus the signal that has ended it, and a line `echo=on` or `echo=off`. Ends by itself after a minute, or so
many seconds as the environment says in TERMINAL_SECONDS.
"""
import json
import os
import pty
import select
import signal
import sys
import termios
import time

steps = json.loads(sys.argv[1])
master, slave = pty.openpty()
child = os.fork()
if child == 0:
    os.setsid()
    os.close(master)
    import fcntl
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for descriptor in (0, 1, 2):
        os.dup2(slave, descriptor)
    os.execvp(sys.argv[2], sys.argv[2:])
output = b""
seen = 0
deadline = time.monotonic() + float(os.environ.get("TERMINAL_SECONDS", "60"))
status = None
while time.monotonic() < deadline:
    ready, _, _ = select.select([master], [], [], 0.05)
    if ready:
        output += os.read(master, 65536)
    while steps and steps[0][0].encode() in output[seen:]:
        text, action = steps.pop(0)
        seen = output.index(text.encode(), seen) + len(text.encode())
        if "type" in action:
            os.write(master, action["type"].encode())
        if "signal" in action:
            os.kill(child, getattr(signal, action["signal"]))
    if not ready and status is not None:
        break
    if status is None:
        ended, code = os.waitpid(child, os.WNOHANG)
        if ended:
            status = os.waitstatus_to_exitcode(code)
if status is None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    status = "none"
echo = termios.tcgetattr(slave)[3] & termios.ECHO
sys.stdout.buffer.write(output)
print("\nstatus=%s\necho=%s" % (status, "on" if echo else "off"))
