"""What the RFCs want of a message, a row for each requirement, on the running daemon."""
import re
import socket

import dns.flags
import dns.message
import dns.rcode
import pytest

import rfc
from client import Stream, connect_udp, extended_errors, flags
from packets import framed, query
from stage import lines, whole

ROWS = rfc.ROWS


def _of(kind):
    rows = [row for row in ROWS if isinstance(row, kind)]
    return pytest.mark.parametrize("row", rows, ids=[
        re.sub(r"[^\w.]+", "-", str(row)).strip("-") for row in rows])


def exchange(at, row, over):
    """The reply to a packet; None when another packet, sent behind it, is answered first."""
    if over == "tcp":
        with Stream(at) as stream:
            stream.send(framed(row.wire))
            return stream.receive_octets()
    with connect_udp(at) as s:
        s.send(row.wire)
        if row.dropped:
            s.send(b"\xff\xff" + query("localhost")[2:])
        reply = s.recv(65535)
    return None if row.dropped and reply[:2] == b"\xff\xff" else reply


@_of(rfc.Sent)
def test_a_packet_gets_its_reply(stage, row):
    for over in row.over:
        judge(row, over, exchange(stage.set(row.estate).at[row.whose], row, over))


def question_end(wire):
    at = 12
    while wire[at]:
        at += 1 + wire[at]
    return at + 5


def judge(row, over, wire):
    said = f"{row}\nover {over}, sent {row.wire.hex()}"
    if row.dropped:
        assert wire is None, f"{said}\nreply {wire.hex()}"
        return
    # dnspython knows no other opcodes
    reply = dns.message.from_wire(wire[:2] + bytes([wire[2] & 0x87]) + wire[3:])
    said += f"\nreply {reply}"
    assert wire[:2] == row.wire[:2], said
    assert dns.rcode.to_text(reply.rcode()) == row.rcode, said
    assert wire[2] >> 3 & 15 == row.opcode and wire[2] & 0x80, said
    assert row.flags is None or flags(reply) == set(row.flags.split()), said
    assert not wire[3] & 0x40, said         # Z
    owner = ""
    if row.echo:
        end = question_end(row.wire)
        assert wire[12:end] == row.wire[12:end], said
        owner = str(reply.question[0].name).rstrip(".")
    assert lines(reply.answer) == sorted(whole(owner, record) for record in row.answer), said
    if row.authority is not None:
        assert lines(reply.authority) == sorted(row.authority), said
    assert not reply.additional, said
    assert row.ttl is None or {rrset.ttl for rrset in reply.answer} == {row.ttl}, said
    assert row.most is None or over == "tcp" or len(wire) <= row.most, said
    assert row.opt is None or (reply.edns == 0) == row.opt, said
    assert reply.edns < 0 or reply.payload == 1232, said
    assert [code for code, _ in extended_errors(reply)] == (
        [] if row.ede is None else [row.ede]) or row.rcode != "NOERROR" and row.ede is None, said
    if row.options is not None:
        told = {int(option.otype): option.to_wire() for option in reply.options}
        assert set(told) == set(row.options) and len(told) == len(reply.options), said
        for code, octets in row.options.items():
            assert told[code] == octets or len(told[code]) == octets, said


@_of(rfc.Streamed)
def test_a_stream_gets_its_replies(stage, row):
    served = stage.set(row.estate)
    slow = served.upstreams.by_name.get("slow")
    if row.hold:
        slow.hold()
    came = []
    with Stream(served.at[row.whose]) as stream:
        for piece in row.pieces:
            stream.send(piece)
        for number in range(len(row.ids)):
            came.append(stream.receive().id)
            if row.hold and number == 0:
                slow.release()
        if row.closed:
            stream.socket.shutdown(socket.SHUT_WR)
            assert stream.at_end(), f"{row}\nthe connection is still open"
    same = set(came) == row.ids if isinstance(row.ids, frozenset) else tuple(came) == row.ids
    assert same, f"{row}\nreplies came for {came}"


def test_no_row_is_there_twice():
    named = [str(row) for row in ROWS]
    assert len(named) == len(set(named)), {name for name in named if named.count(name) > 1}
