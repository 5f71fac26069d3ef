"""Pages of the chain: the map with its nodes, gaps, leads, review of placements, stops, neighbours, the zone map."""

from django.urls import path

from . import _files, _gaps, _map, _neighbours, _review, _stops, _zone

urlpatterns = [
    path("", _map.index, name="index"),
    path("gaps/", _gaps.gaps, name="gaps"),
    path("gaps.xlsx", _files.gaps_excel, name="gaps_excel"),
    path("gaps.docx", _files.gaps_word, name="gaps_word"),
    path("gaps/<slug:key>/", _gaps.gap, name="gap"),
    path("gaps/<slug:key>/take/", _gaps.take, name="take"),
    path("candidates/import/", _gaps.candidates, name="candidates_import"),
    path("leads/", _gaps.leads, name="leads"),
    path("leads/<int:number>/", _gaps.lead, name="lead"),
    path("leads/<int:number>/advance/", _gaps.advance, name="advance"),
    path("placements/", _review.placements, name="placements"),
    path("placements/confirm/", _review.confirm, name="confirm"),
    path("placements/refuse/", _review.refuse, name="refuse"),
    path("placements/add/", _review.add, name="place"),
    path("placements/propose/", _review.propose, name="propose"),
    path("stops/<str:firm>/", _stops.stops, name="stops"),
    path("neighbours/", _neighbours.neighbours, name="neighbours"),
    path("neighbours.xlsx", _neighbours.neighbours_excel, name="neighbours_excel"),
    path("zone/", _zone.zone, name="zone"),
    path("nodes/<slug:key>/", _map.node, name="node"),
    path("<slug:key>/", _map.chain, name="chain"),
    path("<slug:key>.svg", _files.svg, name="svg"),
    path("<slug:key>.xlsx", _files.excel, name="excel"),
    path("<slug:key>.graphml", _files.graphml, name="graphml"),
]
