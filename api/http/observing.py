"""What the service tells of itself: a log line and a count for each request, under one request id.

Boundary: routes, statuses and seconds; never a body, a key or who is behind an address.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import sys
import time
from collections.abc import Iterable
from http import HTTPMethod

import structlog
from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

from engine.decide.decision import Decision

REQUEST_ID = "X-Request-ID"
_SHOWN = re.compile(r"[A-Za-z0-9._:-]{1,100}")
_METHODS = frozenset(HTTPMethod)
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 1, 5)

REQUESTS = Counter(
    "commensura_requests", "Requests answered", ["method", "route", "status"], registry=None
)
SECONDS = Histogram(
    "commensura_request_seconds",
    "Seconds from a request's first byte here to its answer's",
    ["method", "route"],
    buckets=_SECONDS,
    registry=None,
)
DECISIONS = Counter("commensura_decisions", "Decisions kept", ["channel"], registry=None)
DEGRADED = Counter(
    "commensura_degraded_decisions", "Decisions on which the engines did not agree", registry=None
)
_KEPT = (REQUESTS, SECONDS, DECISIONS, DEGRADED)


def log_as_json() -> None:
    """Let every line of the log be one JSON object on standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # A line is written at once: workers share one log.
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def observe(app: Flask) -> None:
    """Give each request an id, and tell of it once it is answered."""
    log = structlog.get_logger("commensura")

    @app.before_request
    def begin() -> None:
        # A caller's own id is kept, so that one search finds both sides of a call.
        stated = request.headers.get(REQUEST_ID, "")
        g.request_id = stated if _SHOWN.fullmatch(stated) else secrets.token_hex(8)
        g.began = time.perf_counter()
        g.pop("caller", None)  # whatever a server does with its threads: nobody inherits a key
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "(none)"
        seconds = time.perf_counter() - g.began
        # Anybody may invent a method: each would be a row of its own, for ever.
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(method, route, response.status_code).inc()
        SECONDS.labels(method, route).observe(seconds)
        response.headers[REQUEST_ID] = g.request_id
        if route not in ("/healthz", "/readyz", "/metrics"):
            caller = g.get("caller")
            log.info(
                "answered",
                method=request.method,
                route=route,
                status=response.status_code,
                ms=round(1000 * seconds, 2),
                key=caller.name if caller else None,
            )
        return response


def count_decision(decision: Decision) -> None:
    """Count a decision that was kept."""
    DECISIONS.labels(decision.channel).inc()
    if decision.degraded:
        DEGRADED.inc()


def measured() -> Response:
    """The figures of all workers, in the text format of Prometheus."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        _register(registry, _KEPT)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _register(registry: CollectorRegistry, kept: Iterable[Counter | Histogram]) -> None:
    for one in kept:
        registry.register(one)
