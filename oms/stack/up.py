"""`make up`: look at the machine, start servers, prepare the data, start processes, stay until asked to stop."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from types import FrameType

from oms.stack import lock, machine, processes, readiness, servers
from oms.stack.child import Child
from oms.stack.embedded import Server
from oms.stack.errors import StackError
from oms.stack.family import LOOK_EVERY, Family, end_orphans
from oms.stack.installation import Installation
from oms.stack.servers import Servers
from oms.stack.services import Service, application_service, server_service, web_service
from oms.stack.speech import Echo, say
from oms.stack.watchdog import WebWatchdog

SERVER_SECONDS = int(os.environ.get("OMS_START_SECONDS") or 60)
PREPARE_SECONDS, READY_SECONDS = 1800, 180
# A process that ends this often while the system starts will not come up by itself.
GIVES_UP_AFTER = 4
TRIM_LOGS_EVERY = 60.0


class StopAsked(BaseException):
    """Ctrl-C, `make down`, or the terminal was closed."""


def up(installation: Installation) -> None:
    machine.check_packages()
    installation.make_folders()
    machine.check_disk(installation)
    with lock.take(installation.run / "lock", installation.address) as held:
        try:
            end_orphans(*installation.records)
            machine.check_port(installation)
            Supervisor(installation).run()
        finally:
            # Only a kill leaves a name in the lock: the next start then says so.
            lock.clear(held)


class Supervisor:
    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.servers = Servers(installation)
        self.family = Family(installation.run / "children.json", say)
        self.environ: dict[str, str] = {}
        self._application: list[Child] = []
        self._stop_asked_at = 0.0
        self._is_hurried = False

    def run(self) -> None:
        with self._stop_signals():
            try:
                self._start_servers()
                self._start_application()
                self._start_web()
                self._stay()
            except StopAsked:
                say("Stopping…")
            finally:
                self._stop()
        say("Stopped.")

    def _start_servers(self) -> None:
        self.servers.end_leftovers()
        self.environ = self.servers.environ()
        self.installation.write_environment(self.environ)
        # `prepare` collects the static files under hashed names, so these processes may have them cached for ever.
        self.environ = {**self.environ, "OMS_HASHED_STATIC": "on"}
        if self.servers.postgres:
            self._start_server("postgres", self.servers.postgres)
            self.servers.postgres.create_database()
        else:
            self._expect("DATABASE_URL", self.installation.database_url, 5432)
        if self.servers.valkey:
            self._start_server("valkey", self.servers.valkey)
        else:
            self._expect("REDIS_URL", self.installation.redis_url, 6379)

    def _start_server(self, name: str, server: Server) -> None:
        child = self.family.add(self._child(server_service(name, server)))
        self._wait([child], server.is_ready, seconds=SERVER_SECONDS)

    def _expect(self, name: str, url: str, default_port: int) -> None:
        if not self.family.wait(lambda: servers.is_answering(url, default_port), seconds=SERVER_SECONDS / 2):
            raise StackError(f"Nobody answers at the address in {name}: start that server, or leave {name} unset.")

    def _start_application(self) -> None:
        """Tables, keys, static files and demo data first; the web server shall not see half of them."""
        self.installation.prepared_mark.unlink(missing_ok=True)
        preparation = self._child(Service("prepare", []))
        echo = Echo(preparation.log)
        application = self.family.add(self._child(application_service()))

        def is_over() -> bool:
            echo.pass_on()
            return self.installation.prepared_mark.exists() or application.crashes > 0

        in_time = self.family.wait(is_over, seconds=PREPARE_SECONDS)
        echo.pass_on()
        if not in_time or not self.installation.prepared_mark.exists():
            raise StackError(self._sentence(preparation if echo.has_heard else application))
        self._application = [application]

    def _start_web(self) -> None:
        web = self.family.add(self._child(web_service(self.installation)))
        watch = readiness.Watch(self.installation.port)
        self._wait([*self._application, web], watch.is_ready, seconds=READY_SECONDS)
        say(f"OMS is ready at {self.installation.address}")
        if watch.latest.reason:
            say(f"Still on its way: {watch.latest.reason}")
        for line in self._logins():
            say(line)

    def _logins(self) -> list[str]:
        """One log-in per role, as the preparation left them; none outside the demo."""
        file = self.installation.run / "logins.txt"
        return file.read_text().splitlines() if file.exists() else []

    def _stay(self) -> None:
        trim_at = 0.0
        echoes = [Echo(child.log) for child in self._application]
        watchdog = WebWatchdog(lambda: readiness.ask(self.installation.port).is_answering, self._end_web)
        while True:
            self.family.tick()
            watchdog.tick()
            for echo in echoes:
                echo.pass_on()
            if time.monotonic() > trim_at:
                self.family.trim_logs()
                trim_at = time.monotonic() + TRIM_LOGS_EVERY
            time.sleep(LOOK_EVERY)

    def _end_web(self) -> None:
        say("web answers nobody and is ended.")
        for child in self.family.children:
            if child.name == "web":
                child.kill()

    def _wait(self, children: list[Child], is_done: Callable[[], bool], *, seconds: float) -> None:
        """Until done; a child that keeps ending stops the start with its own last words."""
        hopeless: list[Child] = []

        def is_over() -> bool:
            hopeless.extend(child for child in children if child.crashes >= GIVES_UP_AFTER)
            return bool(hopeless) or is_done()

        in_time = self.family.wait(is_over, seconds=seconds)
        if hopeless:
            raise StackError(self._sentence(hopeless[0]))
        if not in_time:
            names = ", ".join(child.name for child in children)
            raise StackError(
                f"No answer after {seconds:.0f} seconds from {names}: their logs are in {self.installation.logs}."
            )

    def _sentence(self, child: Child) -> str:
        words = child.last_words()
        if "No space left on device" in child.tail() or "Disk quota exceeded" in child.tail():
            return f"The disk is full: {child.name} cannot write below {self.installation.data}; free some space."
        return f"The process {child.name} failed: {words.rstrip('.')} (its log: {child.log})."

    def _child(self, service: Service) -> Child:
        return Child(service, logs=self.installation.logs, environ=self.environ)

    def _stop(self) -> None:
        """The application first, together; then the servers that it used."""
        self._stop_asked_at = self._stop_asked_at or time.monotonic()
        server_names = {"postgres", "valkey"}
        for group in (
            [child for child in self.family.children if child.name not in server_names],
            [child for child in self.family.children if child.name in server_names],
        ):
            self.family.stop(group, is_hurried=lambda: self._is_hurried)

    @contextlib.contextmanager
    def _stop_signals(self) -> Iterator[None]:
        if "MAKELEVEL" in os.environ:
            processes.end_with_parent(signal.SIGTERM, os.getppid())
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._on_signal)
        yield

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        """The first asks everybody to finish; a second Ctrl-C, a second later or more, waits for nobody."""
        now = time.monotonic()
        if not self._stop_asked_at:
            self._stop_asked_at = now
            raise StopAsked
        if number == signal.SIGINT and now - self._stop_asked_at > 1:
            self._is_hurried = True
