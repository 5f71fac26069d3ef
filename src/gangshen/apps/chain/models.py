"""The industry chain: segments and products, typed edges with their source, firms placed on them, candidates and leads."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gangshen.apps.identity.access import RestrictedQuerySet
from gangshen.apps.identity.models import Organisation
from gangshen.engines.formats import Text


class Chain(models.Model):
    """One chain: a file of the zone folder; its nodes are named once in the zone, edges may lead into another chain."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    note_en = models.CharField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    stages = models.JSONField(default=list, help_text="Columns of the picture: {key, zh, en, band}.")

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "key"]

    @property
    def label(self) -> Text:
        return Text(zh=self.name, en=self.name_en or None)

    @property
    def remark(self) -> Text | None:
        return Text(zh=self.note, en=self.note_en or None) if self.note else None

    def __str__(self) -> str:
        return self.name


class Citation(models.Model):
    """What nodes and edges rest on: title, issuer and date as the source prints them, or an assumption marked so."""

    chain = models.ForeignKey(Chain, on_delete=models.CASCADE, related_name="citations")
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    issuer = models.CharField(max_length=200, blank=True)
    date = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=100, blank=True, help_text="Key of the document in the library.")
    assumed = models.BooleanField(default=False)

    class Meta:
        ordering = ["chain", "pk"]
        constraints = [models.UniqueConstraint(fields=["chain", "key"], name="one_citation_of_a_key")]

    def __str__(self) -> str:
        return self.title


class Node(models.Model):
    class Kind(models.TextChoices):
        SEGMENT = "segment", _("Segment")
        PRODUCT = "product", _("Product")

    chain = models.ForeignKey(Chain, on_delete=models.CASCADE, related_name="nodes")
    key = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PRODUCT)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    stage = models.CharField(max_length=60, blank=True)
    terms = models.JSONField(default=list, help_text="Words that place a product here.")
    citation = models.ForeignKey(Citation, on_delete=models.RESTRICT, related_name="+")
    section = models.CharField(max_length=100, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["chain", "position"]

    @property
    def label(self) -> Text:
        return Text(zh=self.name, en=self.name_en or None)

    @property
    def ref(self) -> str:
        """The reference that opens what names it."""
        return f"node:{self.key}"

    def __str__(self) -> str:
        return self.name


class Edge(models.Model):
    class Kind(models.TextChoices):
        MATERIAL = "material", _("upstream material")
        DOWNSTREAM = "downstream", _("downstream product")
        SUBCLASS = "subclass", _("kind of")
        SUBSTITUTE = "substitute", _("substitute")

    chain = models.ForeignKey(Chain, on_delete=models.CASCADE, related_name="edges")
    tail = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="out")
    head = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="into")
    kind = models.CharField(max_length=10, choices=Kind)
    citation = models.ForeignKey(Citation, on_delete=models.RESTRICT, related_name="+")
    section = models.CharField(max_length=100, blank=True)
    confidence = models.FloatField(default=0.8)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["chain", "position"]
        constraints = [models.UniqueConstraint(fields=["tail", "head", "kind"], name="an_edge_once")]

    def __str__(self) -> str:
        return f"{self.tail_id} → {self.head_id} ({self.kind})"


class Placement(models.Model):
    """A firm on a node: proposed from what the registers know, or decided by a person."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")

    class Basis(models.TextChoices):
        DECLARED = "declared", _("declared segment")
        PRODUCT = "product", _("product")
        SCOPE = "scope", _("business scope")
        REVIEW = "review", _("desk")

    firm = models.CharField(max_length=64, db_index=True, help_text="Key of the enterprise.")
    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="placements")
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED, db_index=True)
    basis = models.CharField(max_length=8, choices=Basis)
    words = models.CharField(max_length=200, blank=True, help_text="The words it rests on.")
    record = models.BigIntegerField(null=True, blank=True, help_text="The record that holds them.")
    confidence = models.FloatField()
    sure = models.BooleanField(default=False, help_text="Counted before anyone confirmed it.")
    as_of = models.DateField(null=True, blank=True)
    stale = models.BooleanField(default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["firm", "node"]
        constraints = [models.UniqueConstraint(fields=["firm", "node"], name="a_firm_once_on_a_node")]

    @property
    def ref(self) -> str:
        """The record it rests on; empty for what the desk said."""
        attribute = {"declared": "chain_nodes", "product": "products", "scope": "business_scope"}.get(self.basis)
        return f"rec:{self.record}#{attribute}" if self.record and attribute else ""

    def __str__(self) -> str:
        return f"{self.firm} @ {self.node_id}"


class Candidate(models.Model):
    """A firm or incubator outside the zone that could fill a gap, from a named outside register or list."""

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("Enterprise")
        INCUBATOR = "incubator", _("Incubator")
        INSTITUTE = "institute", _("Institute")

    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ENTERPRISE)
    place = models.CharField(max_length=100, blank=True)
    products = models.CharField(max_length=500, help_text="As the register says, separated by semicolons.")
    register = models.CharField(max_length=200, help_text="The outside register or list it comes from.")
    as_of = models.DateField()
    contact = models.CharField(max_length=200, blank=True, help_text="Who may speak to it, and on what ground.")
    note = models.CharField(max_length=300, blank=True)
    synthetic = models.BooleanField(default=False)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class Lead(models.Model):
    """招商线索: a desk courts a candidate for a node; who does what until when is its case."""

    class Stage(models.TextChoices):
        TAKEN = "taken", _("Taken")
        CONTACTED = "contacted", _("Contacted")
        VISITED = "visited", _("Visited")
        NEGOTIATING = "negotiating", _("In talks")
        SIGNED = "signed", _("Signed")
        DROPPED = "dropped", _("Dropped")

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="leads")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="leads")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="leads")
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.TAKEN)
    note = models.CharField(max_length=300, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "unit"],
                condition=~Q(stage__in=["signed", "dropped"]),
                name="a_desk_courts_a_candidate_once",
            )
        ]

    @property
    def open(self) -> bool:
        return self.stage not in (self.Stage.SIGNED, self.Stage.DROPPED)

    def __str__(self) -> str:
        return f"{self.candidate} → {self.node}"


class MapLayer(models.Model):
    """A GeoJSON layer of the zone map: schematic unless its source says otherwise."""

    key = models.SlugField(max_length=60, unique=True)
    text = models.TextField(help_text="The GeoJSON file as it was given.")

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
