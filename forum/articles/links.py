"""Whether an address on the web leads anywhere, asked without being led into the operator's own network."""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from forum.articles.models import Outcome

PORTS = {"http": 80, "https": 443}
SECONDS_A_STEP = 5.0
SECONDS_A_REQUEST = 10.0
MOST_REDIRECTS = 5
HEADERS = {"User-Agent": "Consilium link check", "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
REDIRECTS = {301, 302, 303, 307, 308}
GONE = {404, 410}
CLOSED = {401, 403, 405, 406, 429, 451, 999}
# Addresses of the new Internet protocol that stand for one of the old.
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# All that was ever given out of the new one. Others lead to machines of one's own, some by way of an old address.
GIVEN_OUT = ipaddress.ip_network("2000::/3")


@dataclass(frozen=True)
class Found:
    """What became of it, and the status of HTTP where there was one."""

    outcome: Outcome
    status: int | None = None


class _Stop(Exception):
    """There is no use in asking on."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome


@dataclass(frozen=True)
class Step:
    """One address to ask: only http and https, at their own ports, without a password."""

    secure: bool
    host: str
    port: int
    path: str


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network, not of a machine or network of the operator's."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6:
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip in NAT64:
            inner = ipaddress.ip_address(int(ip) & 0xFFFFFFFF)
        if (inner and not is_public(str(inner))) or not (ip in GIVEN_OUT or ip in NAT64):
            return False
    return ip.is_global and not ip.is_multicast


class LinkAsker:
    """Asks for an address and where it redirects to; every step only at public IP addresses.

    A name is looked up once and the very IP addresses that were judged are connected to: a name that changes its
    answer in between leads nowhere else. No body is read, no proxy of the environment used.
    """

    def __init__(
        self,
        allowed: Callable[[str], bool] = is_public,
        ports: Callable[[str, int], bool] = lambda scheme, port: PORTS[scheme] == port,
        look_up: Callable[..., list] = socket.getaddrinfo,
    ) -> None:
        self._allowed, self._ports, self._look_up = allowed, ports, look_up

    def ask(self, url: str) -> Found:
        """What became of it; never an exception, whatever the address is and whoever answers."""
        try:
            for _redirect in range(MOST_REDIRECTS + 1):
                status, location = self._ask_step(self._step(url))
                if status not in REDIRECTS or not location:
                    return Found(_outcome(status), status)
                url = urljoin(url, location)
        except _Stop as stop:
            return Found(stop.outcome)
        except (OSError, http.client.HTTPException, ValueError):
            pass
        return Found(Outcome.FAILED)

    def _step(self, url: str) -> Step:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
            raise _Stop(Outcome.NOT_ASKED)
        port = parts.port or PORTS[parts.scheme]
        if not self._ports(parts.scheme, port):
            raise _Stop(Outcome.NOT_ASKED)
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
        return Step(parts.scheme == "https", parts.hostname.encode("idna").decode(), port, path + query)

    def _addresses(self, step: Step) -> list[str]:
        found = self._look_up(step.host, step.port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(each[4][0] for each in found))
        if not addresses or not all(self._allowed(address) for address in addresses):
            raise _Stop(Outcome.PRIVATE)
        return addresses

    def _ask_step(self, step: Step) -> tuple[int, str | None]:
        """Status and Location. Some servers know no HEAD, or answer it otherwise than GET: those are asked again."""
        addresses = self._addresses(step)
        status, location = self._request("HEAD", step, addresses)
        if status >= 400 and status != 429:
            status, location = self._request("GET", step, addresses)
        return status, location

    def _request(self, method: str, step: Step, addresses: list[str]) -> tuple[int, str | None]:
        with closing(_connected(step, addresses)) as connection:
            # The time-out of a socket is for every piece of an answer; this one is for all of them.
            end = threading.Timer(SECONDS_A_REQUEST, _hang_up, [connection.sock])
            end.start()
            try:
                connection.request(method, step.path, headers=HEADERS)
                with connection.getresponse() as response:
                    return response.status, response.getheader("Location")
            finally:
                end.cancel()


def _connected(step: Step, addresses: list[str]) -> http.client.HTTPConnection:
    """To the first of the addresses that takes it; the name stays that of the step, for TLS and the Host header."""
    for place, address in enumerate(addresses[:3], 1):
        try:
            sock = socket.create_connection((address, step.port), timeout=SECONDS_A_STEP)
            break
        except OSError:
            if place == len(addresses[:3]):
                raise
    if step.secure:
        sock = _secured(sock, step.host)
    kind = http.client.HTTPSConnection if step.secure else http.client.HTTPConnection
    connection = kind(step.host, step.port, timeout=SECONDS_A_STEP)
    connection.sock = sock
    return connection


def _secured(sock: socket.socket, host: str) -> ssl.SSLSocket:
    try:
        return ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    except OSError:
        sock.close()
        raise


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # of TLS too, whose own would wait for the other side


def _outcome(status: int) -> Outcome:
    if status in GONE:
        return Outcome.GONE
    if status in CLOSED:
        return Outcome.CLOSED
    return Outcome.FINE if status < 400 else Outcome.FAILED
