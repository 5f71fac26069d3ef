"""``gangshen policies check``: are the policy files sound, do they say what their documents say, would a slip be noticed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from gangshen.engines.benefits import Policy, PolicyVersion
    from gangshen.engines.vocabulary import Vocabulary

__all__ = ["check", "vocabulary_of"]

_SHOWN = 12  # conditions without a clause, a document


def check(
    paths: Annotated[list[Path], typer.Argument(help="Policy files, or zone folders.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    boundaries: Annotated[bool, typer.Option("--boundaries", help="Print every case made at an edge.")] = False,
) -> None:
    """Check policy files: faults, quotes, golden cases, cases at the edges, slips nobody would notice, words left out."""
    report = _Report()
    for zone, files, whole in _zones(paths):
        report.add(zone, files, whole=whole, edges=boundaries)
    if not report.editions:
        typer.echo("No policy file there (give policy files, or a zone folder with policies/).", err=True)
        raise typer.Exit(1)
    if as_json:
        typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        report.print()
    if report.faults:
        raise typer.Exit(1)


def _zones(paths: Iterable[Path]) -> Iterable[tuple[Path | None, list[Path], bool]]:
    """Folders with all their policy files, and files given by name with the zone they stand in, if any."""
    loose: dict[Path | None, list[Path]] = {}
    for path in paths:
        if path.is_dir():
            yield path, sorted((path / "policies").glob("*.yaml")), True
        else:
            zone = path.resolve().parent.parent
            loose.setdefault(zone if (zone / "zone.yaml").is_file() else None, []).append(path)
    yield from ((zone, files, False) for zone, files in loose.items())


class _Report:
    def __init__(self) -> None:
        self.editions: list[dict[str, Any]] = []
        self.faults: list[str] = []
        self.uncovered: list[dict[str, Any]] = []

    def add(self, zone: Path | None, files: list[Path], *, whole: bool, edges: bool) -> None:
        """Check the files of one zone together, since policies speak of one another. Raises FormatError.

        Conditions that no clause rests on are looked for only where all policies of the zone are there.
        """
        from gangshen.engines.benefits import file_problems, load_policies, uncovered

        words = vocabulary_of(zone)
        root = files[0].parent if files else None
        policies = load_policies(files, root=root)
        stems = {file.stem: file for file in files}
        problems = file_problems(
            {stems[policy.id]: policy for policy in policies}, words, root=root, programmes=programmes_of(zone)
        )
        self.faults += map(str, problems)
        texts = _texts(zone, policies)
        broken = {problem.file.removesuffix(".yaml") for problem in problems if not problem.field.count(".cases")}
        for policy in policies:
            for edition in policy.versions:
                self._edition(policy, edition, words, texts, broken=policy.id in broken, edges=edges)
        editions = [edition for policy in policies for edition in policy.versions]
        for one in uncovered(editions, texts or {}) if whole else []:
            self.uncovered.append({"document": one.document, "start": one.start, "end": one.end, "words": one.words})

    def _edition(
        self,
        policy: Policy,
        edition: PolicyVersion,
        words: Vocabulary,
        texts: dict[str, str] | None,
        *,
        broken: bool,
        edges: bool,
    ) -> None:
        from gangshen.engines.benefits import boundaries, check_policy, coverage, run_cases, survivors
        from gangshen.engines.rules import clauses

        row: dict[str, Any] = {"policy": policy.id, "version": edition.version, "status": edition.status.value}
        row["clauses"] = len(clauses(edition.eligibility))
        alone = policy.model_copy(update={"versions": (edition,)})
        row["remarks"] = [str(problem) for problem in check_policy(alone, words) if problem.warning]
        if texts is not None:
            gone = [problem for problem in coverage(edition, texts) if not problem.warning]
            row["quotes_gone"] = len(gone)
            self.faults += [f"{policy.id}.yaml: {edition.version}: {problem}" for problem in gone]
        if not broken:
            results = run_cases(policy, words, version=edition.version)
            alive, tried = survivors(policy, edition, words)
            made = boundaries(edition, words)
            row |= {"cases": len(results), "passed": sum(result.passed for result in results)}
            row |= {"boundaries": len(made), "deciding": sum(one.decides for one in made)}
            row |= {"slips": tried, "noticed": tried - len(alive)}
            row["unnoticed"] = [f"{one.place}: {one.change.in_language('en')}" for one in alive]
            if edges:
                row["edges"] = [
                    {
                        "clause": one.clause,
                        "attribute": one.attribute,
                        "value": None if one.missing else words.write(one.attribute, one.value),
                        "decision": one.decision.value,
                        "decides": one.decides,
                        "case": one.case,
                    }
                    for one in made
                ]
        self.editions.append(row)

    def as_json(self) -> dict[str, Any]:
        return {"editions": self.editions, "faults": self.faults, "uncovered": self.uncovered}

    def print(self) -> None:
        out = typer.echo
        out(
            f"{'policy':<26}{'edition':<12}{'status':<12}{'clauses':>8}{'quotes':>8}{'cases':>8}{'edges':>8}{'slips':>9}"
        )
        for row in self.editions:
            quotes = "-" if "quotes_gone" not in row else str(row["clauses"] + 1 - row["quotes_gone"])
            cases = f"{row['passed']}/{row['cases']}" if "cases" in row else "-"
            edges = f"{row['deciding']}/{row['boundaries']}" if "cases" in row else "-"
            slips = f"{row['noticed']}/{row['slips']}" if "cases" in row else "-"
            name = f"{row['policy']:<26}{row['version']:<12}{row['status']:<12}"
            out(f"{name}{row['clauses']:>8}{quotes:>8}{cases:>8}{edges:>8}{slips:>9}")
            for edge in row.get("edges", []):
                value = "missing" if edge["value"] is None else edge["value"]
                out(f"    {edge['clause']:<16}{edge['attribute']:<24}{value:<18}{edge['decision']:<9}{edge['case']}")
            for words in (*row["remarks"], *(f"no case notices {slip}" for slip in row.get("unnoticed", []))):
                out(f"    {words}")
        for document in sorted({one["document"] for one in self.uncovered}):
            listed = [one for one in self.uncovered if one["document"] == document]
            out(f"{document}: {len(listed)} passages that sound like a condition and that no clause rests on")
            for one in listed[:_SHOWN]:
                out(f"    {one['start']}-{one['end']}  {one['words']}")
        for fault in self.faults:
            out(fault)
        out("")
        faults = f"{len(self.faults)} fault{'' if len(self.faults) == 1 else 's'}"
        out(f"{len(self.editions)} editions, {faults}. edges: applicants made at a threshold or without a datum whose")
        out(
            "answer hangs on it, of all made; slips: bent clauses and figures that some golden case notices, of all tried."
        )


def programmes_of(zone: Path | None) -> set[str] | None:
    """The keys of a zone folder's programmes; None outside any."""
    from gangshen.engines.formats import load_yaml

    file = zone / "programmes.yaml" if zone else None
    if file is None or not file.is_file():
        return None
    return {str(one.get("key")) for one in load_yaml(file, list[dict[str, Any]])}


def vocabulary_of(zone: Path | None) -> Vocabulary:
    """The dictionary of a zone folder, the built-in one outside any."""
    from gangshen.engines.vocabulary import Vocabulary

    built_in = Vocabulary.load_builtin()
    return built_in.merge(*sorted((zone / "vocabulary").glob("*.yaml"))) if zone else built_in


def _texts(zone: Path | None, policies: Iterable[Policy]) -> dict[str, str] | None:
    """The texts of the documents that the policies rest on; None outside a zone folder."""
    if zone is None:
        return None
    from gangshen.engines.reading import extract

    files = {document.key: document.file for policy in policies for document in policy.documents if document.file}
    there = {key: zone / file for key, file in files.items() if (zone / file).is_file()}
    return {key: extract(file.read_bytes(), file.name).text for key, file in there.items()}
