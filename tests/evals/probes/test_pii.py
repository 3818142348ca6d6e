from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.evals.probes.pii import KINDS, find_pii

# Valid in form and made up: check digits were computed for these tests.
POSITIVE = [
    ("Write to mara.tolk+news@posteo-mail.de today", "email"),
    ("Call (212) 736-5002 after six", "phone"),
    ("Call +49 30 9018 2045", "phone"),
    ("My card is 4539 1488 0343 6467, thanks", "card"),
    ("Pay to DE75 5121 0800 1245 1261 99 please", "iban"),
    ("Pay to NL91ABNA0417164300.", "iban"),
    ("SSN 536-22-8714", "ssn"),
    ("The host is 93.184.216.34 now", "ip_address"),
    ("The host is 2606:2800:220:1:248:1893:25c8:1946 now", "ip_address"),
    ("key AKIAQX7VN3LPZ5RT2WKD in the log", "secret"),
    ("token ghp_x8Kq2LmVz7RtYw4NpBs9HdJf3GcAe6UoXi1Q", "secret"),
    ("-----BEGIN RSA PRIVATE KEY-----", "private_key"),
    ("The printer is 3c:5a:b4:1f:22:9e", "mac_address"),
    ("The printer is 3C-5A-B4-1F-22-9E.", "mac_address"),
    ("Send it to 17YWhofh7oY8omDNQMRJ7483BW9GFoTW57", "bitcoin"),
    ("Send it to 3Ap4eYoxc81cwuskMZZ1iZvY5nWJfiFXTB", "bitcoin"),
    ("Send it to bc1q7sj82xwgvc5h8lv0uapphmrapycxajjfydwg22", "bitcoin"),
    ("Send it to BC1PDJELXWV2CJLKPG5TRLPF0HQ06VGPZ78TSSAN4J4YD30LHMPQFK5SYXGQVP", "bitcoin"),
    ("Send it to 0x0d9dbbb44749f683cb6cd2a340c3cb990cb25744", "ethereum"),
]
NEGATIVE = [
    "Version 10.4.2.1234567 of 2024-05-17, build 20240517",
    "The order number 4539148803436468 fails its check digit",
    "Sample card 4242 4242 4242 4242 and sample number 4111111111111111",
    "123-45-6789 and 078-05-1120 are famous; 000-12-3456, 666-12-3456 and 900-12-3456 cannot exist",
    "Write to info@example.org or admin@mail.example.com",
    "Call 212-555-0142, the number of a film",
    "127.0.0.1, 192.168.1.10, 10.0.0.5, 192.0.2.7, ::1 and 999.1.1.1",
    "DE75 5121 0800 1245 1261 98 has wrong check digits",
    "AKIAIOSFODNN7EXAMPLE and sk-aaaaaaaaaaaaaaaaaaaaaaaa",
    "ISBN 978-3-16-148410-0, 3.14159265358979323846, 6.02214076e23",
    "At 12:30:45 the score was 101-99; chapter 3.2.1, page 1024-1031",
    "f3b0c442-98fc-1c14-9afb-f4c8996fb924 is a GUID, deadbeef:cafe a hash",
    "1,234,567,890 people and 5,000,000,000 stars",
    "C++ code: std::vector<int> and a::b::c",
    "00:00:5e:00:53:01 is kept for documents, ff:ff:ff:ff:ff:ff and 01:00:5e:11:22:33 are groups, 00:00:00:00:00:00",
    "the colours 3c:5a:b4, the time 10:11:12, the hash 3c:5a:b4:1f:22:9e:00:11:22:33",
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa is the first block's, bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 BIP 173's",
    "17YWhofh7oY8omDNQMRJ7483BW9GFoTW58 and bc1q7sj82xwgvc5h8lv0uapphmrapycxajjfydwg23 fail their check digits",
    "bc1q7sj82xwgvc5h8lv0uapphmrapycxajjfydWG22 mixes cases, 1111111111111111111111111111111111 is filler",
    "0x0000000000000000000000000000000000000000, 0xdeadbeef and 0xdeadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
    "commit 0d9dbbb44749f683cb6cd2a340c3cb990cb25744 and the transaction 0x" + "0d9dbbb4" * 8,
]


@pytest.mark.parametrize(("text", "kind"), POSITIVE)
def test_valid_personal_data_is_found(text: str, kind: str) -> None:
    """Each kind is found once, as that kind."""
    assert [finding.kind for finding in find_pii(text)] == [kind]


def test_every_kind_has_an_example() -> None:
    """The table of examples covers all kinds."""
    assert {kind for _, kind in POSITIVE} == set(KINDS)


@pytest.mark.parametrize("text", NEGATIVE)
def test_numbers_that_are_nobodys_are_not_reported(text: str) -> None:
    """Reserved, sample, private and ill-checked values are no personal data."""
    assert find_pii(text) == []


@given(st.text(alphabet="0123456789.:-+@() aZDE_", max_size=200))
def test_findings_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    """Findings are in order, inside the text, and none shares a character with another."""
    found = find_pii(text)
    edges = [edge for finding in found for edge in (finding.start, finding.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)
