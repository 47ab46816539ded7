"""Words of others in a report: one line, and nobody's whole number in it."""

from dataclasses import replace

import pytest

from server.sealing.report import Report
from server.validation.plain_words import LONGEST, tidied
from tests.factories import reports

NUMBER, SHOWN = "450103198506123011", "4501**********3011"


def named(words: str) -> Report:
    facts = replace(reports.CERTIFICATE, subject=words, issuer=words, chain=(words,))
    seal = reports.seal(name=words, owner=words, maker=words, certificate=facts)
    signature = reports.signature(signer=words, field_names=(words,), certificate=facts)
    return tidied(reports.report(seal, signatures=(signature,), uncounted=(words,)))


@pytest.mark.row("S-45", "S-40")
@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"CN=张三 {NUMBER},C=CN", f"CN=张三 {SHOWN},C=CN"),
        (f"CN=041@0{NUMBER}@张三@1", f"CN=041@0{SHOWN}@张三@1"),
        ("CN=45010319850612301x", "CN=4501**********301x"),
        (f"CN=4501\u200b{NUMBER[4:]}", f"CN={SHOWN}"),
        ("OID.2.5.4.97=91450100MA5K8Q2X13", "OID.2.5.4.97=91450100MA5K8Q2X13"),
        (f"CN={'1' * 2}{NUMBER}{'1' * 2}", f"CN={'1' * 2}{NUMBER}{'1' * 2}"),
    ],
)
def test_a_residents_number_is_shown_by_its_ends_only(written: str, shown: str) -> None:
    report = named(written)
    (seal,), (signature,) = report.seals, report.signatures
    assert {seal.name, seal.owner, seal.maker, signature.signer, *signature.field_names} == {shown}
    for facts in (seal.certificate, signature.certificate):
        assert facts is not None
        assert {facts.subject, facts.issuer, *facts.chain} == {shown}
    assert report.uncounted == (shown,)


@pytest.mark.row("S-45")
def test_a_number_that_the_cut_would_split_is_masked_before() -> None:
    words = "x" * (LONGEST - 17) + NUMBER
    assert named(words).seals[0].owner == ("x" * (LONGEST - 17) + SHOWN)[:LONGEST]
