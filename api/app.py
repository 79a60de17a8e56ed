"""The web application: every router behind its door, errors in words, headers that hold a browser to our own files."""

import contextlib
from collections.abc import AsyncIterator

import anyio.to_thread
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig

from api import errors, proposals, rehearsals
from api.assets import STATIC, Assets
from api.auth import Gate
from api.content import ContentHost
from api.document import Application
from api.headers import Headers
from api.hr import router as hr_router
from api.pages import failure
from api.pages import router as pages_router
from api.v2 import DOORS, unbuilt
from api.v2 import router as v2_router
from api.v2.shortcut import Shortcut
from kernel.clock import SystemClock
from processes.sandbox.stages import Stages
from tasks.house import House

# A connection each: more threads than this only wait for the database (measured: 8 is as fast as 40).
THREADS = 16
NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}


def create_app(house: House) -> FastAPI:
    """The application over one house. The caller opens and closes the house."""
    app = application()
    settle(app, house)
    return app


def application() -> FastAPI:
    """The application with all its routes, over no house yet."""
    app = Application(
        title="Jiaojie", version="0.1.0", lifespan=lifespan, docs_url=None, redoc_url=None, telemetry=NO_TELEMETRY
    )
    app.state.failure_page = failure.page
    errors.install(app)
    app.include_router(v2_router)
    app.include_router(unbuilt.outside)
    app.include_router(hr_router)
    app.include_router(pages_router)
    app.mount("/static", Assets(directory=STATIC), name="static")
    app.add_middleware(Shortcut, doors=DOORS, threads=THREADS)
    app.add_middleware(ContentHost)
    app.add_middleware(Headers)
    return app


def settle(app: FastAPI, house: House) -> None:
    """Have it answer for a house."""
    app.state.house = house
    # A session lasts by the machine's time: a trial that moves its clock signs nobody out.
    app.state.gate = Gate(house.database, SystemClock())


@contextlib.asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """What runs as long as the application does."""
    house: House = app.state.house
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    proposals.take_up(house)
    rehearsals.take_up(house)
    app.state.sandboxes = Stages(house.engine)
    app.state.sandboxes.room.take_up()
    yield
    app.state.sandboxes.close()
