"""presentation - names, texts and numbers as a zone file may write them

A name is a tuple of labels (bytes), the root label left out.  What is written varies with
the random source: letter case, \\DDD or \\X or plain, relative or absolute, quotes or none.
"""
import string

PLAIN = frozenset((string.ascii_letters + string.digits + "-_").encode())
STAR = ord("*")


def wire(name):
    return b"".join(bytes([len(label)]) + label for label in name) + b"\0"


def fits(name):
    return all(0 < len(label) <= 63 for label in name) and len(wire(name)) <= 255


def lower(name):
    return tuple(label.lower() for label in name)


def is_below(name, top):
    """Is `name` at or below `top`?"""
    return len(name) >= len(top) and lower(name[len(name) - len(top):]) == lower(top)


def ancestors(name, top):
    """Names from the parent of `name` up to `top`."""
    for i in range(1, len(name) - len(top) + 1):
        yield name[i:]


def plain_text(name):
    """The one form that every program prints and reads alike."""
    return "".join(
        "".join(chr(c) if c in PLAIN or c == STAR else f"\\{c:03}" for c in label) + "."
        for label in name) or "."


def swap_case(rng, octets):
    """Other letter case, at random places."""
    return bytes(c ^ 0x20 if chr(c).isascii() and chr(c).isalpha() and rng.random() < 0.5 else c
                 for c in octets)


def any_case(rng, name):
    return tuple(swap_case(rng, label) for label in name)


def label_text(rng, label):
    """What one of the servers reads as something else is written \\DDD: \\[ begins a bit
    label to nsd and bind (RFC 2673), \\# unknown data to knot, and nsd does not see the dot
    behind \\\\."""
    text = ""
    for i, c in enumerate(label):
        if c in PLAIN or c == STAR:
            text += f"\\{c:03}" if rng.random() < 0.02 else chr(c)
        elif not 0x21 <= c <= 0x7e or c in b"#[" or rng.random() < 0.5:
            text += f"\\{c:03}"
        elif c == ord("\\") and i == len(label) - 1:
            text += "\\092"
        else:
            text += "\\" + chr(c)
    return text


def name_text(rng, name, origin=None):
    """`name` as a field of a zone file, behind `$ORIGIN origin`."""
    if rng.random() < 0.2:
        name = any_case(rng, name)
    if origin is not None and is_below(name, origin) and rng.random() < 0.6:
        name = name[:len(name) - len(origin)]
        end = ""
        if not name:
            return "@"
    else:
        end = "."
    return ".".join(label_text(rng, label) for label in name) + end


def string_text(rng, octets):
    """One character-string in quotes; without them only what needs none."""
    if octets and all(c in PLAIN for c in octets) and rng.random() < 0.5:
        return octets.decode()
    return '"' + "".join(
        chr(c) if 0x20 <= c <= 0x7e and c not in b'"\\' else
        "\\" + chr(c) if c in b'"\\' and rng.random() < 0.5 else f"\\{c:03}"
        for c in octets) + '"'


def ttl_text(rng, ttl):
    if ttl % 60 == 0 and rng.random() < 0.2:
        return f"{ttl // 60}m"
    return str(ttl)


def generic_text(rng, octets):
    """RFC 3597 5, in one or several groups."""
    digits = octets.hex()
    if rng.random() < 0.3:
        digits = digits.upper()
    cut = 2 * rng.randrange(len(octets) + 1)
    return f"\\# {len(octets)} {digits[:cut]} {digits[cut:]}".rstrip()
