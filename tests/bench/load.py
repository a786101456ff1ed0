"""Ask one page again and again over kept connections, and print what was seen: run in a process of its own."""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from dataclasses import dataclass


@dataclass
class Seen:
    """What one thread saw."""

    done: int = 0
    failed: int = 0


def main() -> None:
    """Read port, path, seconds and threads from the command line; print JSON."""
    port, path, seconds, threads = int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
    seen = [Seen() for _ in range(threads)]
    ends = time.perf_counter() + seconds
    workers = [threading.Thread(target=_ask, args=(port, path, ends, each)) for each in seen]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    took = time.perf_counter() - began
    print(
        json.dumps({"per_second": sum(each.done for each in seen) / took, "failed": sum(each.failed for each in seen)})
    )


def _ask(port: int, path: str, ends: float, seen: Seen) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.perf_counter() < ends:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        if response.status == 200:
            seen.done += 1
        else:
            seen.failed += 1
    connection.close()


if __name__ == "__main__":
    main()
