"""Resolution: which organisation a written name means, with a chance and reasons, or silence.

A name is folded to one width and taken apart (``normalise``). Candidates are found by the rare characters and pairs they
share with the query (``_blocking``). Each is weighed by what must have happened to the full name for the query to be
written so (``_weighing``): a place or trade word left out, characters swapped, lost, misheard, a short name formed. Other
ordinals, places and dependent bodies are barred whatever the likeness. The chance weighs the candidates against one
another and against a firm the index does not hold; below ``SURE`` nothing is said. Method after Fellegi and Sunter, A
Theory for Record Linkage, JASA 1969, with costs set by hand on a development half of public alias pairs.
"""

from ._links import Link, links
from ._name import Form, Name, normalise, plain
from ._resolver import MOST, SURE, Candidate, Names, Resolution

__all__ = ["MOST", "SURE", "Candidate", "Form", "Link", "Name", "Names", "Resolution", "links", "normalise", "plain"]
