"""`gangshen runs`: what runs; and the worker, the clock and their supervisor."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from gangshen.web.boot import boot

__all__ = ["app", "bar", "clock", "serve_all", "worker"]

app = typer.Typer(help="Background work: list it, stop it; the worker and the clock.", no_args_is_help=True)


@contextmanager
def bar(label: str) -> Iterator[Callable[[int, int | None, str], None]]:
    """A progress bar on the error stream for a run carried out inline; silent when that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total, message: None
        return
    shown = {"done": 0}
    with typer.progressbar(length=1, label=label, file=sys.stderr, show_pos=True) as line:

        def watch(done: int, total: int | None, message: str) -> None:
            if total:
                line.length = total
            line.label = f"{label} {message}".strip()
            line.update(max(0, done - shown["done"]))
            shown["done"] = max(done, shown["done"])

        yield watch


@app.command()
def worker(batch: Annotated[bool, typer.Option(help="End when nothing is queued.")] = False) -> None:
    """Carry out queued runs."""
    boot()
    from .background import run_worker

    run_worker(batch=batch)


@app.command()
def clock() -> None:
    """Start what is due, mend what died; one clock leads, others wait."""
    boot()
    from .background import run_clock

    run_clock()


@app.command("list")
def list_runs(limit: Annotated[int, typer.Option(help="How many, newest first.")] = 20) -> None:
    """The last runs: number, state, kind, progress."""
    boot()
    from .models import Run

    for run in Run.objects.select_related("actor")[:limit]:
        share = f"{run.done}/{run.total}" if run.total else str(run.done)
        typer.echo(f"{run.pk:>6}  {run.state:<9}  {run.kind:<24}  {share:>13}  {run.error or run.message}")


@app.command()
def cancel(number: Annotated[int, typer.Argument(help="Number of the run.")]) -> None:
    """Ask a run to stop."""
    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.web.errors import Refused

    from . import services
    from .models import Run

    run = Run.objects.filter(pk=number).first()
    if run is None:
        raise Refused(f"There is no run {number}.", "See `gangshen runs list`.")
    run = services.cancel(run, None, now=identity.now())
    typer.echo(f"run {run.pk}: {run.state}" + (", asked to stop" if run.state == Run.State.RUNNING else ""))


def serve_all(address: tuple[str, int], *, threads: int = 8, say: Callable[[str], None] | None = None) -> None:
    """Web, worker and clock of this zone at (host, port), until SIGINT or SIGTERM; a dead one is started again."""
    from .adapters.supervisor import Child, Supervisor

    python, (host, port) = [sys.executable, "-m"], address
    web = [*python, "granian", "gangshen.wsgi:application", "--interface", "wsgi", "--host", host, "--port", str(port)]
    web += ["--blocking-threads", str(threads), "--no-ws", "--log-level", "error"]
    children = [
        # one process with threads, so Polars must not start a pool beside them
        Child("web", web, {"POLARS_MAX_THREADS": "1"}),
        Child("worker", [*python, "gangshen", "runs", "worker"]),
        Child("clock", [*python, "gangshen", "runs", "clock"]),
    ]
    Supervisor(children, say or typer.echo).run()
