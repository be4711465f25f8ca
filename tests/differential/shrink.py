"""shrink - the smallest zones that still show a fault

Zones and records are left out, in halves first, as long as the fault stays.  Each try
starts the four servers anew, so the time is bounded, not the number of tries.
"""
import time


def _without(parts, shows):
    """Leave out as many `parts` as can be; shows(rest) says whether the fault stays."""
    size = max(1, len(parts) // 2)
    while parts:
        for start in range(0, len(parts), size):
            rest = parts[:start] + parts[start + size:]
            if shows(rest):
                parts = rest
                break
        else:
            if size == 1:
                break
            size //= 2
    return parts


def shrink(zones, shows, seconds):
    """shows(zones) is True for those given.  Returns those that are left."""
    end = time.monotonic() + seconds

    def in_time(candidate):
        return time.monotonic() < end and bool(candidate) and shows(candidate)

    zones = _without(zones, in_time)
    for i, zone in enumerate(zones):
        kept = [record for record in zone.records if record.kept]
        rest = [record for record in zone.records if not record.kept]

        def put(records, i=i, zone=zone, kept=kept):
            return [*zones[:i], zone.with_records(kept + records), *zones[i + 1:]]

        zones = put(_without(rest, lambda records, put=put: in_time(put(records))))
    return zones
