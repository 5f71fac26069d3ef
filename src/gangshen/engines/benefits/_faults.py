"""Everything that keeps policies from being used, each with its place in the file and the remedy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from gangshen.engines.formats import FormatError, Problem, Text, yaml_lines
from gangshen.engines.rules import Clause, Decision, RuleError, RuleProblem, check, places
from gangshen.engines.vocabulary import Vocabulary

from ._bundle import Offered, refuse_crossing
from ._cases import run_cases
from ._check import check_benefit, check_periods
from ._model import Ceiling
from ._policy import Policy, PolicyVersion, Status, load_policies
from ._settled import settled

__all__ = ["check_policies", "check_policy", "check_together", "file_problems", "load_sound"]


@dataclass(frozen=True, slots=True)
class _Fault:
    """A problem of one edition; its place is a path inside the edition (``benefit.caps[0].per``)."""

    policy: Policy
    edition: PolicyVersion
    problem: RuleProblem

    def named(self) -> RuleProblem:
        place = self.problem.place.removeprefix("eligibility.") or "eligibility"
        return replace(self.problem, place=f"{self.policy.id} {self.edition.version}: {place}")

    def filed(self, file: str, lines: Mapping[str, int]) -> Problem:
        index = self.policy.versions.index(self.edition)
        path = f"versions[{index}].{self.problem.place}"
        place, line = path, lines.get(path)
        while line is None and place:  # a key left out stands where its parent does
            place = place[: max(place.rfind("."), place.rfind("["), 0)]
            line = lines.get(place)
        return Problem(file, line, path, self.problem.message)


def check_policy(policy: Policy, vocabulary: Vocabulary) -> list[RuleProblem]:
    """Everything that keeps a policy's editions from being used: faults of rule and benefit, failing cases, and, for an
    edition in force, no case for a yes or for a no that data can come to."""
    return [fault.named() for fault in _of_policy(policy, vocabulary)]


def check_policies(policies: Iterable[Policy], vocabulary: Vocabulary) -> list[RuleProblem]:
    """The faults of each policy, and of what they say of one another: a grant that tops up itself round a circle, one
    that needs what it rules out, shared ceilings that differ or cross, policies named that are not there."""
    listed = list(policies)
    return [f.named() for f in (*(f for one in listed for f in _of_policy(one, vocabulary)), *_between(listed))]


def check_together(policies: Iterable[Policy], of: str) -> list[RuleProblem]:
    """What policy ``of`` says of the others and must not, and ceilings that cross; the place is that inside its edition."""
    crossing = "benefit.ceilings"
    listed = sorted(policies, key=lambda policy: policy.id == of)  # the others stand; it is held against them
    return [f.problem for f in _between(listed) if f.policy.id == of or f.problem.place == crossing]


def file_problems(
    files: Mapping[Path, Policy],
    vocabulary: Vocabulary,
    *,
    root: Path | None = None,
    drafts: bool = True,
    programmes: Collection[str] | None = None,
) -> list[Problem]:
    """The same as ``file:line:field: message``, without warnings, in the order of the files.

    ``programmes`` are the keys of those whose money may pay a policy; None where nobody knows them.
    """
    lines = {file: yaml_lines(file) for file in files}
    of = {policy.id: file for file, policy in files.items()}
    faults = [*(f for one in files.values() for f in _of_policy(one, vocabulary)), *_between(list(files.values()))]
    found = []
    for fault in faults:
        file = of[fault.policy.id]
        if not fault.problem.warning and (drafts or fault.edition.status in _LAW):
            found.append(fault.filed(str(file.relative_to(root)) if root else file.name, lines[file]))
    for file, policy in files.items():
        if programmes is not None and policy.programme and policy.programme not in programmes:
            zh = f"没有资金项目“{policy.programme}”（在 programmes.yaml 中补上，或删去）"
            en = f"no programme {policy.programme!r} (add it to programmes.yaml, or leave it out)"
            name = str(file.relative_to(root)) if root else file.name
            found.append(Problem(name, lines[file].get("programme"), "programme", Text(zh=zh, en=en)))
    return sorted(found, key=lambda problem: (problem.file, problem.line or 0))


def load_sound(
    paths: Iterable[Path],
    vocabulary: Vocabulary,
    *,
    root: Path | None = None,
    drafts: bool = True,
    programmes: Collection[str] | None = None,
) -> list[Policy]:
    """Policies that may be used: :func:`load_policies`, then every fault of every file in one :class:`FormatError`.

    Without ``drafts`` only editions that are law are looked at: work in progress may be faulty.
    """
    files = list(paths)
    policies = load_policies(files, root=root)
    by_stem = {file.stem: file for file in files}
    named = {by_stem[policy.id]: policy for policy in policies}
    problems = file_problems(named, vocabulary, root=root, drafts=drafts, programmes=programmes)
    if problems:
        raise FormatError(problems)
    return policies


def _of_policy(policy: Policy, vocabulary: Vocabulary) -> Iterator[_Fault]:
    for edition in policy.versions:
        yield from _entity(policy, edition, vocabulary)
        for fault in check(edition.eligibility, vocabulary):
            place = f"eligibility.{fault.place}" if fault.place else "eligibility"
            yield _Fault(policy, edition, replace(fault, place=place))
        for fault in (
            *check_benefit(edition.benefit, vocabulary),
            *check_periods(edition.eligibility, edition.benefit),
        ):
            yield _Fault(policy, edition, fault)
        yield from _cases(policy, edition, vocabulary)


def _entity(policy: Policy, edition: PolicyVersion, vocabulary: Vocabulary) -> Iterator[_Fault]:
    """What is judged must be of a known kind, and each clause about it or about the enterprise that asks."""
    if edition.entity not in vocabulary.kinds:
        usable = ", ".join(sorted(vocabulary.kinds))
        zh, en = f"未知的对象“{edition.entity}”（可用：{usable}）", f"unknown kind {edition.entity!r} (use {usable})"
        yield _fault(policy, edition, "entity", zh, en)
        return
    for place, node in places(edition.eligibility):
        if isinstance(node, Clause) and node.attribute in vocabulary:
            of = vocabulary.get(node.attribute or "").entity
            if of not in (edition.entity, "enterprise"):
                zh = f"{node.attribute} 是 {of} 的指标，不属于 {edition.entity}（换一个指标或改 entity）"
                en = f"{node.attribute} is of a {of}, not of a {edition.entity} (choose another, or correct entity)"
                where = f"eligibility.{place}" if place else "eligibility"
                yield _Fault(policy, edition, RuleProblem(where, node.id, Text(zh=zh, en=en)))


def _cases(policy: Policy, edition: PolicyVersion, vocabulary: Vocabulary) -> Iterator[_Fault]:
    try:
        results = run_cases(policy, vocabulary, version=edition.version)
    except RuleError:
        return
    for i, result in enumerate(results):
        for words in result.differences:
            named = Text(zh=f"案例“{result.case}”：{words.zh}", en=f"case {result.case}: {words.in_language('en')}")
            yield _Fault(policy, edition, RuleProblem(f"cases[{i}].expect", None, named))
    wanted = {case.expect.decision for case in edition.cases}
    missing = [one for one in (Decision.YES, Decision.NO) if one in settled(edition.eligibility) - wanted]
    if missing and edition.status is Status.IN_FORCE:
        listed = ", ".join(one.value for one in missing)
        words = Text(zh=f"没有结论为 {listed} 的案例（补上）", en=f"no case comes to {listed} (add one)")
        yield _Fault(policy, edition, RuleProblem("cases", None, words))


def _between(policies: list[Policy]) -> Iterator[_Fault]:
    """What the editions in use say of one another."""
    held = [(policy, edition) for policy in policies for edition in policy.versions if edition.status in _USED]
    known = {policy.id for policy in policies}
    groups = {policy.id: edition.benefit.exclusive for policy, edition in held}
    matches = {policy.id: edition.benefit.matches for policy, edition in held}
    ruled_out = {policy.id: edition.benefit.not_with for policy, edition in held}
    ceilings: dict[str, tuple[str, Ceiling]] = {}
    for policy, edition in held:
        benefit = edition.benefit
        for i, other in enumerate(benefit.not_with):
            if other not in known or other == policy.id:
                yield _fault(policy, edition, f"benefit.not_with[{i}]", *_unknown(other))
        if benefit.matches is not None:
            if benefit.matches not in known:
                yield _fault(policy, edition, "benefit.matches", *_unknown(benefit.matches))
            elif _round(policy.id, matches):
                en = "tops up itself round a circle (correct one of them)"
                yield _fault(policy, edition, "benefit.matches", "配套关系成环（改正其一）", en)
            elif policy.id in ruled_out.get(benefit.matches, ()):
                en = f"tops up {benefit.matches}, which rules it out (remove one)"
                yield _fault(
                    policy,
                    edition,
                    "benefit.matches",
                    f"所配套的 {benefit.matches} 不得与本政策同时享受（删去其一）",
                    en,
                )
            elif benefit.exclusive is not None and groups.get(benefit.matches) == benefit.exclusive:
                en = f"tops up {benefit.matches} and is exclusive with it (put them in different groups)"
                zh = f"与所配套的 {benefit.matches} 同属从高不重复的一组（分开）"
                yield _fault(policy, edition, "benefit.matches", zh, en)
        for i, ceiling in enumerate(benefit.ceilings):
            first, told = ceilings.setdefault(ceiling.name, (policy.id, ceiling))
            if told != ceiling:
                zh = f"合计上限“{ceiling.name}”与 {first} 所写不同（改为一致）"
                en = f"the shared ceiling {ceiling.name!r} differs from that of {first} (make them the same)"
                yield _fault(policy, edition, f"benefit.ceilings[{i}]", zh, en)
    try:
        refuse_crossing(
            Offered(policy.id, None, ceilings=tuple(c.name for c in edition.benefit.ceilings))
            for policy, edition in held
        )
    except ValueError as error:
        policy, edition = next((p, e) for p, e in held if len(e.benefit.ceilings) > 1)
        yield _fault(policy, edition, "benefit.ceilings", "合计上限互相交叉（为重叠部分另设上限）", str(error))


_LAW = frozenset({Status.IN_FORCE, Status.SUPERSEDED})
_USED = frozenset({Status.DRAFT, Status.REVIEWED, Status.IN_FORCE})


def _unknown(other: str) -> tuple[str, str]:
    return f"没有政策“{other}”（改正编号）", f"names {other!r}, which is no other policy here (correct the id)"


def _round(id: str, matches: Mapping[str, str | None]) -> bool:
    at, steps = matches.get(id), 0
    while at is not None and at != id and steps <= len(matches):
        at, steps = matches.get(at), steps + 1
    return at == id


def _fault(policy: Policy, edition: PolicyVersion, place: str, zh: str, en: str) -> _Fault:
    return _Fault(policy, edition, RuleProblem(place, None, Text(zh=zh, en=en)))
