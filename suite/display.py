"""What the person at the terminal sees."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from suite.accounts import Account
from suite.child import Child, State
from suite.logs import LogTail, is_error
from suite.plan import Plan


class Display:
    """Steps while starting, addresses and accounts when started, afterwards only what went wrong (everything with `verbose`)."""

    def __init__(self, *, verbose: bool = False, console: Console | None = None) -> None:
        self._console = console or Console()
        self._verbose = verbose
        self._began_at = time.monotonic()
        self._starting: dict[str, float] = {}
        self._status = self._console.status("")

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Names what is being done, then ticks it off."""
        began_at = time.monotonic()
        self._wait_for(f"{name} …")
        yield
        self._tick(name, time.monotonic() - began_at)

    def child_changed(self, child: Child) -> None:
        """Told by every child about each change of its state."""
        match child.state:
            case State.STARTING:
                self._starting[child.name] = time.monotonic()
            case State.READY:
                self._tick(child.name, time.monotonic() - self._starting.pop(child.name))
            case State.RESTARTING:
                self._say(f"[yellow]↻[/] [bold]{child.name}[/] {escape(child.note)}")
            case State.STOPPED:
                self._starting.pop(child.name, None)
        if self._starting:
            self._wait_for(f"Starting {', '.join(self._starting)} …")
        else:
            self._rest()

    def started(self, plan: Plan, accounts: list[Account]) -> None:
        """Addresses and accounts; from now on the terminal is quiet."""
        self._rest()
        table = Table(
            title=f"Ready after {time.monotonic() - self._began_at:.1f} s",
            title_justify="left",
            title_style="bold green",
        )
        table.add_column("What")
        table.add_column("Address", style="cyan", no_wrap=True)
        if plan.has("frontend"):
            origin = plan.browser_address("frontend")
            table.add_row("The shop", f"{origin}/")
            table.add_row("Staff", f"{origin}/admin")
            table.add_row("All APIs", f"{origin}/docs")
        for service in plan.services:
            if service.name != "frontend":
                table.add_row(service.name, plan.browser_address(service.name) + service.page)
        self._say(table)
        if accounts:
            self._say(_accounts_table(accounts))
        self._say(f"Logs: {escape(str(plan.logs))}   Stop: Ctrl-C")

    def accounts(self, accounts: list[Account], file: Path) -> None:
        """Who can sign in, and where that is kept."""
        if accounts:
            self._say(_accounts_table(accounts))
        else:
            self._say(
                f"There are no demo accounts in {escape(str(file))} yet: they are made when the shop starts with its demo."
            )

    def show_logs(self, tails: dict[str, LogTail]) -> None:
        """New lines of the logs that deserve it, each with the name of its process."""
        for name, tail in tails.items():
            for line in tail.new_lines():
                if self._verbose or is_error(line):
                    self._say(f"[dim]{name:>9} │[/] {escape(line)}")

    def stopping(self) -> None:
        self._rest()
        self._say("Stopping …")

    def stopped(self) -> None:
        self._say("Stopped. Everything is on disk.")

    def error(self, error: Exception) -> None:
        self._rest()
        self._say(f"[bold red]✗[/] {escape(str(error))}")

    def text(self, text: str) -> None:
        """The text as it is."""
        self._rest()
        self._say(escape(text))

    def _tick(self, name: str, seconds: float) -> None:
        self._say(f"[green]✓[/] {escape(name)} [dim]{seconds:.1f} s[/]")

    def _wait_for(self, text: str) -> None:
        self._status.update(escape(text))
        if self._console.is_terminal:
            self._status.start()

    def _rest(self) -> None:
        self._status.stop()

    def _say(self, what: str | Table) -> None:
        with suppress(OSError):  # the terminal may be gone; the shop must still be stopped in good order
            self._console.print(what, soft_wrap=isinstance(what, str), highlight=False)


def _accounts_table(accounts: list[Account]) -> Table:
    """Who can sign in."""
    table = Table(title="Demo accounts", title_justify="left")
    for heading in ("E-mail", "Password", "Role", "Language"):
        table.add_column(heading, no_wrap=True)
    for account in accounts:
        table.add_row(account.email, account.password, ", ".join(account.roles), account.locale)
    return table
