"""Writes times.generated.json: local times as Python's zoneinfo sees them.

Nothing of Relance and no part of Luxon has a hand in the answers. A wall time is looked up by
trying every offset there is, an opening by looking at the clock of each minute in turn. Run with
Python 3.9 or later on a machine with the zone database: python3 generate.py. The version of the
database is in the file; the dates lie in its past, so that a later version says the same.
"""

import json
import os
import sys
import zoneinfo
from datetime import datetime, time, timedelta, timezone
from pathlib import Path

ZONES = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/London",
    "Europe/Paris",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Norfolk",
]
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WORKDAYS = DAYS[:5]
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
# Every offset of these zones is a multiple of a quarter of an hour.
OFFSETS = [timedelta(minutes=15 * step) for step in range(-4 * 15, 4 * 15 + 1)]


def database_version():
    for folder in zoneinfo.TZPATH:
        path = Path(folder) / "tzdata.zi"
        if path.exists():
            return path.read_text().split("\n", 1)[0].removeprefix("# version ")
    import tzdata  # Where the system has no database, the package is what zoneinfo reads.

    return tzdata.IANA_VERSION


def wall(at, zone):
    return at.astimezone(zone).replace(tzinfo=None)


def instants(local, zone):
    """Every instant at which the wall shows that time, the earliest first."""
    tried = [local.replace(tzinfo=timezone.utc) - offset for offset in OFFSETS]
    return sorted(at for at in tried if wall(at, zone) == local)


def moved(local, zone, fold):
    """A skipped time by the offset before the gap (fold 0) or after it (fold 1): PEP 495."""
    return local.replace(tzinfo=zone, fold=fold).astimezone(timezone.utc)


def resolve(local, zone, on_gap, on_overlap):
    found = instants(local, zone)
    if found:
        return found[0] if on_overlap == "first" else found[-1]
    if on_gap == "skip":
        return None
    return moved(local, zone, 0 if on_gap == "later" else 1)


def next_local_time(zone, at, clock, days, on_gap, on_overlap):
    """The first such time not before `at`; one moved off the days asked for does not count."""
    hour, minute = map(int, clock.split(":"))
    found = []
    first = wall(at, zone).date() - 2 * DAY
    for step in range(20):
        day = first + step * DAY
        if days and DAYS[day.weekday()] not in days:
            continue
        one = resolve(datetime.combine(day, time(hour, minute)), zone, on_gap, on_overlap)
        if one is None or one < at:
            continue
        if days and DAYS[wall(one, zone).weekday()] not in days:
            continue
        found.append(one)
    return min(found)


def add_calendar_days(zone, at, days):
    local = wall(at, zone) + days * DAY
    return resolve(local, zone, "later", "first") if days else at


def next_opening(zone, at, start, end, days):
    def is_open(one):
        local = wall(one, zone)
        clock = local.strftime("%H:%M")
        within = start <= clock < end if start < end else clock >= start or clock < end
        return within and (not days or DAYS[local.weekday()] in days)

    one = at
    while not is_open(one):
        one = one.replace(second=0, microsecond=0) + MINUTE
    return one


def changes(zone, kind):
    """Instants from 2015 to 2025 at which clocks jump ahead (gap) or back (overlap)."""
    at = datetime(2015, 1, 1, tzinfo=timezone.utc)
    end = datetime(2025, 12, 1, tzinfo=timezone.utc)
    step = timedelta(minutes=30)
    while at < end:
        before, after = wall(at - step, zone) + step, wall(at, zone)
        if before != after and (after > before) == (kind == "gap"):
            yield at, before, after
        at += step


CASES = []


def iso(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def add(theme, kind, name, at, **question):
    zone = zoneinfo.ZoneInfo(name)
    answers = {
        "next_local_time": next_local_time,
        "add_calendar_days": add_calendar_days,
        "next_opening": next_opening,
        "local": lambda zone, at: wall(at, zone),
    }
    answer = answers[kind](zone, at, *question.values())
    case = {"theme": theme, "kind": kind, "zone": name, "at": iso(at), **question}
    if kind == "local":
        case |= {"date": answer.date().isoformat(), "hour": answer.hour}
        case |= {"weekday": DAYS[answer.weekday()]}
    else:
        case["expected"] = iso(answer)
    CASES.append(case)


def ask(theme, name, at, clock, days=(), on_gap="later", on_overlap="first"):
    more = {"time": clock, "days": list(days), "on_gap": on_gap, "on_overlap": on_overlap}
    add(theme, "next_local_time", name, at, **more)


def opening(theme, name, at, start, end, days=()):
    add(theme, "next_opening", name, at, **{"from": start, "to": end, "days": list(days)})


def gap_cases(name, at, before, after):
    """Clocks go from `before` to `after`: what lies halfway never shows."""
    middle = before + (after - before) / 2
    clock = middle.strftime("%H:%M")
    for on_gap in ("later", "earlier", "skip"):
        ask("gap", name, at - timedelta(hours=20), clock, on_gap=on_gap)
    day_before = instants(middle - DAY, zoneinfo.ZoneInfo(name))[0]
    add("gap", "add_calendar_days", name, day_before, days=1)
    end = (after + timedelta(hours=6)).strftime("%H:%M")
    opening("gap", name, at - timedelta(minutes=40), clock, end)


def overlap_cases(name, at, before, after):
    """Clocks go from `before` back to `after`: what lies halfway shows twice."""
    middle = after + (before - after) / 2
    clock = middle.strftime("%H:%M")
    between = at + timedelta(minutes=1)
    for on_overlap in ("first", "second"):
        ask("overlap", name, at - timedelta(hours=20), clock, on_overlap=on_overlap)
        ask("overlap", name, between, clock, on_overlap=on_overlap)
    day_before = instants(middle - DAY, zoneinfo.ZoneInfo(name))[0]
    add("overlap", "add_calendar_days", name, day_before, days=1)
    end = (before + timedelta(hours=6)).strftime("%H:%M")
    opening("overlap", name, at - timedelta(hours=3), clock, end)
    opening("overlap", name, between, clock, end)


def day_cases(name):
    """What every zone has: month ends, leap days, weekdays, quiet hours."""
    zone = zoneinfo.ZoneInfo(name)

    def local(year, month, day, clock="10:00"):
        hour, minute = map(int, clock.split(":"))
        return instants(datetime(year, month, day, hour, minute), zone)[0]

    add("month end", "add_calendar_days", name, local(2023, 1, 31, "18:30"), days=30)
    add("month end", "add_calendar_days", name, local(2025, 4, 30, "23:45"), days=1)
    add("leap day", "add_calendar_days", name, local(2024, 2, 28, "09:15"), days=1)
    add("leap day", "add_calendar_days", name, local(2024, 2, 29, "09:15"), days=366)
    ask("leap day", name, local(2024, 2, 28, "23:30"), "08:00")
    ask("weekday", name, local(2025, 6, 1, "00:30"), "00:15", days=["mon"])
    ask("weekday", name, local(2025, 6, 6, "18:31"), "18:30", days=WORKDAYS)
    add("weekday", "local", name, datetime(2025, 6, 1, 11, 30, tzinfo=timezone.utc))
    opening("quiet hours", name, local(2025, 6, 6, "20:00"), "08:00", "20:00", WORKDAYS)
    opening("quiet hours", name, local(2025, 6, 7, "12:34"), "21:30", "06:45")
    opening("quiet hours", name, local(2025, 6, 7, "06:44"), "21:30", "06:45")


def main():
    for name in ZONES:
        zone = zoneinfo.ZoneInfo(name)
        for kind, write in (("gap", gap_cases), ("overlap", overlap_cases)):
            # The last change of each kind: the one of today's rules where there still is one.
            for at, before, after in list(changes(zone, kind))[-1:]:
                write(name, at, before, after)
        day_cases(name)
    # A date that Samoa never had: it moved across the date line at the end of 29 December 2011.
    before = datetime(2011, 12, 29, 20, tzinfo=timezone.utc)
    for on_gap in ("later", "earlier", "skip"):
        ask("gap", "Pacific/Apia", before + DAY, "18:30", on_gap=on_gap)
    ask("weekday", "Pacific/Apia", before, "18:30", days=["fri"])
    add("gap", "add_calendar_days", "Pacific/Apia", before, days=1)
    rows = ",\n".join("    " + json.dumps(case, separators=(", ", ": ")) for case in CASES)
    head = f'"tzdata": "{database_version()}", "python": "{sys.version.split()[0]}"'
    text = f'{{\n  {head},\n  "cases": [\n{rows}\n  ]\n}}\n'
    (Path(os.path.dirname(os.path.abspath(__file__))) / "times.generated.json").write_text(text)
    print(f"{len(CASES)} cases")


main()
