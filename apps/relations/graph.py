"""Who belongs to what as a graph of two kinds of nodes, states and organizations, in files that network tools open.

Each membership of a state is an edge, so that a state which was first observer and then member has two. Memberships of
organizations in one another are left out: with them the graph would no longer be one of two kinds.
"""

from dataclasses import dataclass
from typing import NamedTuple
from xml.etree import ElementTree

from apps.core.addresses import root
from apps.core.citing import DATABASE
from apps.core.conditional import revision_of
from apps.core.text import for_xml
from apps.organizations.models import Membership

# A tree of XML is in memory as a whole: that of 200,000 was seen to take 3 GB, and a minute.
MOST_EDGES = 10_000


class TooLarge(ValueError):
    """There are more memberships than one answer holds."""


class Attribute(NamedTuple):
    """What nodes or edges carry; `type` is that of GraphML and GEXF."""

    name: str
    of: str
    type: str = "string"


ATTRIBUTES = [
    # 0 and 1, as networkx has it.
    Attribute("bipartite", "node", "int"),
    Attribute("type", "node"),
    *(
        Attribute(name, "node")
        for name in ("kind", "name", "name_kk", "name_ru", "abbreviation", "code", "slug", "url")
    ),
    *(Attribute(name, "edge") for name in ("slug", "status")),
    Attribute("founder", "edge", "boolean"),
    *(Attribute(name, "edge") for name in ("start", "end", "attested", "holds", "basis", "url")),
]


@dataclass(frozen=True)
class Graph:
    """`nodes` by their identifiers, `edges` as (source, target, attributes), both in the order of the identifiers.

    `about` is what is said of the whole: the revision of the database, and the day asked for.
    """

    nodes: dict
    edges: list
    about: dict

    @classmethod
    def of(cls, request, day=None):
        """All published memberships of states, or those that hold, or may hold, on `day`, a PartialDate.

        Raises TooLarge where there are more than MOST_EDGES.
        """
        rows = Membership.objects.published().filter(member_state__isnull=False).for_title()
        rows = rows.as_of(day.earliest, day.latest) if day else rows
        # Told first: to read so many, with what they name, takes most of a second.
        if rows.order_by()[MOST_EDGES:].exists():
            raise TooLarge
        nodes, edges, site = {}, [], root(request)
        for row in rows.order_by("slug"):
            state, organization = (
                state_node(row.member_state, site),
                organization_node(row.organization, site),
            )
            nodes |= {identifier(node): node for node in (state, organization)}
            edges.append((identifier(state), identifier(organization), edge(row, site)))
        about = {"database": DATABASE, "revision": str(revision_of(request)), "as_of": str(day or "")}
        return cls(dict(sorted(nodes.items())), edges, about)


def state_node(state, site):
    named = {"bipartite": 0, "type": "state", "kind": state.kind, "code": state.code}
    return named | names(state) | {"url": site + state.get_absolute_url()}


def organization_node(organization, site):
    named = {"bipartite": 1, "type": "organization", "kind": organization.kind, "slug": organization.slug}
    named |= names(organization) | {"abbreviation": organization.abbreviation}
    return named | {"url": site + organization.get_absolute_url()}


def names(row):
    return {"name": row.name_en, "name_kk": row.name_kk, "name_ru": row.name_ru}


def identifier(node):
    return f"{node['type']}:{node.get('code') or node.get('slug')}"


def edge(row, site):
    return {
        "slug": row.slug,
        "status": row.standing,
        "founder": row.founder,
        "start": str(row.start),
        "end": str(row.end),
        "attested": str(row.attested),
        "holds": getattr(row, "holds", ""),
        "basis": row.basis,
        "url": site + row.get_absolute_url(),
    }


def written(value):
    """A value as text that XML can hold."""
    return str(value).lower() if isinstance(value, bool) else for_xml(str(value))


def graphml(graph):
    """As GraphML (http://graphml.graphdrawing.org/), in bytes. An attribute without a value is left out."""
    top = ElementTree.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for name in graph.about:
        ElementTree.SubElement(
            top, "key", {"id": f"graph_{name}", "for": "graph", "attr.name": name, "attr.type": "string"}
        )
    for name, of, type_ in ATTRIBUTES:
        described = {"id": f"{of}_{name}", "for": of, "attr.name": name, "attr.type": type_}
        ElementTree.SubElement(top, "key", described)
    body = ElementTree.SubElement(top, "graph", id="memberships", edgedefault="undirected")
    _add_data(body, "graph", graph.about)
    for name, node in graph.nodes.items():
        _add_data(ElementTree.SubElement(body, "node", id=name), "node", node)
    for source, target, values in graph.edges:
        joined = {"id": values["slug"], "source": source, "target": target}
        _add_data(ElementTree.SubElement(body, "edge", joined), "edge", values)
    return as_bytes(top)


def _add_data(element, of, values):
    for name, value in values.items():
        if value != "":
            ElementTree.SubElement(element, "data", key=f"{of}_{name}").text = written(value)


def gexf(graph):
    """As GEXF 1.2 (https://gexf.net/), in bytes. An attribute without a value is left out."""
    top = ElementTree.Element("gexf", xmlns="http://www.gexf.net/1.2draft", version="1.2")
    meta = ElementTree.SubElement(top, "meta")
    ElementTree.SubElement(meta, "creator").text = DATABASE
    told = ", ".join(f"{name} {value}" for name, value in graph.about.items() if value)
    ElementTree.SubElement(meta, "description").text = f"Memberships of states in organizations: {told}"
    body = ElementTree.SubElement(top, "graph", defaultedgetype="undirected", mode="static")
    for of in ("node", "edge"):
        described = ElementTree.SubElement(body, "attributes", {"class": of})
        for name, _of, type_ in (attribute for attribute in ATTRIBUTES if attribute.of == of):
            type_ = "integer" if type_ == "int" else type_
            ElementTree.SubElement(described, "attribute", id=f"{of}_{name}", title=name, type=type_)
    nodes, edges = ElementTree.SubElement(body, "nodes"), ElementTree.SubElement(body, "edges")
    for name, node in graph.nodes.items():
        label = {"id": name, "label": written(node["name"])}
        _add_values(ElementTree.SubElement(nodes, "node", label), "node", node)
    for source, target, values in graph.edges:
        joined = {"id": values["slug"], "source": source, "target": target, "label": values["status"]}
        _add_values(ElementTree.SubElement(edges, "edge", joined), "edge", values)
    return as_bytes(top)


def _add_values(element, of, values):
    held = ElementTree.SubElement(element, "attvalues")
    for name, value in values.items():
        if value != "":
            ElementTree.SubElement(held, "attvalue", {"for": f"{of}_{name}", "value": written(value)})


def as_bytes(top):
    return ElementTree.tostring(top, encoding="UTF-8", xml_declaration=True)


# By the value of `format`: who writes it, and its type.
FORMATS = {
    "graphml": (graphml, "application/graphml+xml"),
    "gexf": (gexf, "application/gexf+xml"),
}
