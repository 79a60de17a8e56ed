"""A small drawing for each topic of job types, as it stands on the element: 24 × 24, lines in the house's blue."""

from urllib.parse import quote

BLUE = "#2456e6"
SOFT = "#ebf0ff"
_FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" '
    f'stroke="{BLUE}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">'
    f'<rect x="1" y="1" width="22" height="22" rx="5" fill="{SOFT}" stroke="none"/>'
)

DRAWINGS: dict[str, str] = {
    "accounts": '<circle cx="10" cy="9" r="3"/><path d="M4.5 18c.6-3 2.7-4.5 5.5-4.5M15 15v-1.5a1.8 1.8 0 0 '
    '1 3.6 0V15M13.8 15h6v4h-6z"/>',
    "agreement": '<path d="M6 3.5h9l3.5 3.5v13.5H6z"/><path d="M14.5 3.5v4h4M9 11h6"/>'
    '<path d="M8.5 17c1-2.5 2-2.5 2.2-1s1 1.5 1.6 0 1.3-1 1.5.3 1 .7 2 .2"/>',
    "assets": '<path d="M6 6.5h12v8.5H6zM3.5 18h17"/>',
    "case": '<path d="M4 8.5h16V19H4zM9 8.5V6h6v2.5M4 13h16M12 12v2.2"/>',
    "certificate": '<path d="M5 4.5h14v10H5zM8 8h8M8 11h4"/><circle cx="15.5" cy="14.5" r="2.3"/>'
    '<path d="M14.3 16.5l-.8 3.5 2-1 2 1-.8-3.5"/>',
    "confidentiality": '<path d="M12 3.8l7 2.5v5.2c0 4-2.7 7-7 8.7-4.3-1.7-7-4.7-7-8.7V6.3z"/>'
    '<path d="M9 12l2.2 2.2L15.2 10"/>',
    "crm": '<circle cx="8" cy="9" r="2.6"/><circle cx="16.5" cy="9" r="2.1"/>'
    '<path d="M3.5 18c.4-2.9 2-4.5 4.5-4.5s4.1 1.6 4.5 4.5M15 13.6c3-.4 5 1.2 5.5 4.4"/>',
    "finance": '<circle cx="12" cy="12" r="8"/><path d="M9 7.5l3 4 3-4M12 11.5V17M9.3 12.5h5.4M9.3 14.8h5.4"/>',
    "handover": '<path d="M4 9h13M13.5 5.5L17 9l-3.5 3.5M20 15.5H7M10.5 12L7 15.5l3.5 3.5"/>',
    "notify": '<path d="M4 6.5h16v11H4zM4.5 7l7.5 6 7.5-6"/>',
    "oa": '<path d="M4 5h16v10.5H4zM9.5 19h5M12 15.5V19M8 11.5l2.5-2.5 2 2L16 7.5"/>',
    "training": '<path d="M3 9.5l9-4 9 4-9 4zM7 11.5v4.2c3 2 7 2 10 0v-4.2M21 9.5v5"/>',
    "process": '<rect x="3.5" y="8.5" width="6" height="7" rx="1.5"/><path d="M9.5 12h5"/>'
    '<path d="M17.5 8.5l3.5 3.5-3.5 3.5-3.5-3.5z"/>',
    "decision": '<path d="M4 5h16v14H4zM4 9.5h16M4 14.2h16M10 5v14"/>',
    "form": '<path d="M5 3.5h14v17H5zM8 8h8M8 12h8M8 16h4"/>',
}


def icon(topic: str) -> str:
    """The drawing of a topic as a data URI. Raises KeyError for a topic without one."""
    return "data:image/svg+xml," + quote(f"{_FRAME}{DRAWINGS[topic]}</svg>", safe="/:=,.'()")
