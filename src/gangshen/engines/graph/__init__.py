"""An industry chain as a typed graph: who supplies what to whom, where it is strong, thin or missing, what could come next."""

from ._faults import Fault, FaultCode, faults
from ._gaps import Gap, GapKind, Limits, gaps
from ._graph import Graph
from ._model import Edge, EdgeKind, Node, NodeKind, Placement, Supply
from ._picture import Box, Column, Link, Picture, picture
from ._related import Neighbour, density, neighbours, proximity, rca
from ._stops import Dependent, Stop, stops
from ._strength import Level, Strength, hhi, strengths
from ._xml import graphml

__all__ = [
    "Box",
    "Column",
    "Dependent",
    "Edge",
    "EdgeKind",
    "Fault",
    "FaultCode",
    "Gap",
    "GapKind",
    "Graph",
    "Level",
    "Limits",
    "Link",
    "Neighbour",
    "Node",
    "NodeKind",
    "Picture",
    "Placement",
    "Stop",
    "Strength",
    "Supply",
    "density",
    "faults",
    "gaps",
    "graphml",
    "hhi",
    "neighbours",
    "picture",
    "proximity",
    "rca",
    "stops",
    "strengths",
]
