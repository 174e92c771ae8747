"""The embedded servers of an installation: which are needed, where they live, how the application reaches them."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from oms.stack import ports
from oms.stack.installation import Installation
from oms.stack.postgres import Postgres
from oms.stack.valkey import Valkey


@dataclass(frozen=True)
class Servers:
    installation: Installation

    @cached_property
    def postgres(self) -> Postgres | None:
        if self.installation.database_url:
            return None
        folder = self.installation.data / "postgres"
        return Postgres(folder, self.port("postgres"), self.installation.secret("postgres"))

    @cached_property
    def valkey(self) -> Valkey | None:
        if self.installation.redis_url:
            return None
        return Valkey(self.installation.data / "valkey", self.port("valkey"), self.installation.secret("valkey"))

    def port(self, name: str) -> int:
        return ports.kept(self.installation.data / "ports.json", name)

    def end_leftovers(self) -> None:
        """Before ports are looked at: a leftover server still holds its own."""
        Postgres(self.installation.data / "postgres", 0, "").end_leftovers()
        Valkey(self.installation.data / "valkey", 0, "").end_leftovers()

    def environ(self) -> dict[str, str]:
        """What every process of the application is told, and `manage.py` finds in the environment file."""
        installation = self.installation
        return {
            "DATA_DIR": str(installation.data),
            "PORT": str(installation.port),
            "DATABASE_URL": self.postgres.url if self.postgres else installation.database_url,
            "REDIS_URL": self.valkey.url if self.valkey else installation.redis_url,
            "OMS_SECRET_KEY": installation.secret_key or installation.secret("django"),
            "OMS_SIMULATOR_URL": installation.simulator_url or f"http://127.0.0.1:{self.port('simulator')}",
        }


def is_answering(url: str, default_port: int) -> bool:
    """Does a server of somebody else's listen where its URL says; what it answers, the application will see."""
    address = urlsplit(url)
    return ports.is_answering(address.hostname or "127.0.0.1", address.port or default_port)
