#!/usr/bin/env python3
"""Opens pages in a headless Chromium, and says what they do: browser.py [--axe FILE] [--shots FOLDER] [--timed] STEPS < steps

Steps are lines of JSON on standard input: {"open": URL}, {"evaluate": JAVASCRIPT}, {"media": {...}}, {"size": [WIDTH, HEIGHT]}, {"press": KEY}, {"type": TEXT},
{"shot": NAME}, {"print": NAME}, {"axe": true}, {"seen": true}. Each gives a line: what was evaluated, as JSON, or what there is to say. "seen" gives what the browser
asked for beyond the pages, and what its console said since the last time.

The browser is talked to through a pipe. Only the Python library is needed.
"""
import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time


class Browser:
    def __init__(self):
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        if not program:
            sys.exit("there is no chromium")
        self.profile = tempfile.mkdtemp(prefix="qtbx-browser.")
        to_read, self.to = os.pipe()
        self.answers, from_write = os.pipe()

        def place():
            # Where the browser looks for them: 3 to read from, 4 to write to.
            os.dup2(to_read, 13)
            os.dup2(from_write, 14)
            os.dup2(13, 3)
            os.dup2(14, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-pipe",
             "--user-data-dir=" + self.profile, "about:blank"],
            preexec_fn=place, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.held = b""
        self.number = 0
        self.events = []
        self.has_scripts = True
        target = next(one for one in self.call("Target.getTargets", session=None)["targetInfos"] if one["type"] == "page")
        self.session = self.call("Target.attachToTarget", session=None, targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM"):
            self.call(domain + ".enable")

    def message(self):
        while b"\0" not in self.held:
            piece = os.read(self.answers, 1 << 16)
            if not piece:
                sys.exit("the browser has ended")
            self.held += piece
        text, self.held = self.held.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, session="own", **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if session:
            request["sessionId"] = self.session
        os.write(self.to, json.dumps(request).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, name):
        while not any(event.get("method") == name for event in self.events):
            self.events.append(self.message())

    def evaluate(self, script):
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            return {"exception": result["exceptionDetails"].get("exception", {}).get("description", "?")}
        return result["result"].get("value")

    def open(self, url):
        # From an empty page: on the way to another place of the same page, nothing is loaded.
        for place in ("about:blank", url):
            self.events = [event for event in self.events if event.get("method") != "Page.loadEventFired"]
            start = time.monotonic()
            self.call("Page.navigate", url=place)
            self.wait_for("Page.loadEventFired")
        # Laid out and painted, too: the next frame has come. Without scripts, nobody can say so.
        if self.has_scripts:
            self.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return time.monotonic() - start

    def seen(self):
        asked, said = [], []
        for event in self.events:
            what, data = event.get("method"), event.get("params", {})
            if what == "Network.requestWillBeSent" and data.get("type") != "Document":
                asked.append(data["request"]["url"][:200])
            if what in ("Runtime.exceptionThrown",):
                said.append(data["exceptionDetails"]["text"])
            if what == "Runtime.consoleAPICalled":
                said.append(data["type"] + ": " + " ".join(str(one.get("value", one.get("description"))) for one in data["args"]))
            if what == "Log.entryAdded":
                said.append(data["entry"]["level"] + ": " + data["entry"]["text"])
        self.events = []
        return {"asked": asked, "said": said}

    def end(self):
        signal.alarm(10)
        try:
            self.call("Browser.close", session=None)
        except SystemExit:
            self.process.kill()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.profile, ignore_errors=True)


def main():
    arguments = sys.argv[1:]
    options = {}
    while arguments:
        name = arguments.pop(0)
        options[name] = arguments.pop(0)
    shots = options.get("--shots", ".")
    # A browser that says nothing any more must not hold up whoever waits for this.
    signal.signal(signal.SIGALRM, lambda *_: sys.exit("the browser says nothing any more"))
    signal.alarm(240)
    browser = Browser()
    try:
        for line in sys.stdin:
            if not line.strip():
                continue
            step = json.loads(line)
            if "open" in step:
                seconds = browser.open(step["open"])
                answer = {"milliseconds": round(seconds * 1000)} if step.get("timed") else "opened"
            elif "evaluate" in step:
                answer = browser.evaluate(step["evaluate"])
            elif "media" in step:
                features = [{"name": name, "value": value} for name, value in step["media"].items() if name != "media"]
                browser.call("Emulation.setEmulatedMedia", media=step["media"].get("media", ""), features=features)
                answer = "set"
            elif "scripts" in step:
                browser.call("Emulation.setScriptExecutionDisabled", value=not step["scripts"])
                browser.has_scripts = step["scripts"]
                answer = "set"
            elif "size" in step:
                width, height = step["size"]
                browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
                answer = "set"
            elif "press" in step:
                key = step["press"]
                codes = {"Tab": 9, "Enter": 13, " ": 32}
                for kind in ("keyDown", "keyUp"):
                    text = {"Enter": "\r", " ": " "}.get(key, "") if kind == "keyDown" else ""
                    browser.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=codes.get(key, 0), text=text)
                answer = browser.evaluate("document.activeElement.localName + '#' + document.activeElement.id + ': ' + document.activeElement.textContent.trim().slice(0, 60)")
            elif "type" in step:
                browser.call("Input.insertText", text=step["type"])
                time.sleep(0.25)
                answer = "typed"
            elif "shot" in step:
                image = browser.call("Page.captureScreenshot", format="png", captureBeyondViewport=bool(step.get("whole")))
                with open(os.path.join(shots, step["shot"]), "wb") as file:
                    file.write(base64.b64decode(image["data"]))
                answer = "taken"
            elif "print" in step:
                paper = browser.call("Page.printToPDF", printBackground=False)
                with open(os.path.join(shots, step["print"]), "wb") as file:
                    file.write(base64.b64decode(paper["data"]))
                answer = "printed"
            elif "axe" in step:
                with open(options["--axe"], encoding="utf-8") as file:
                    browser.evaluate(file.read() + "; 0")
                answer = browser.evaluate(
                    "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map(one => one.id + ' (' + one.impact + '): '"
                    " + one.nodes.length + ' ' + one.nodes.slice(0, 3).map(node => node.target.join(' ') + ' ' + (node.any[0] || node.all[0] || node.none[0]).message).join('; ')))")
            else:
                answer = browser.seen()
            print(json.dumps(answer, ensure_ascii=False), flush=True)
    finally:
        browser.end()


main()
