"""The records that a switch leaves on its disk, read and put away."""

import json
import os

import pytest

from esl_service.switch.records import WRITTEN_WITHIN, Records

LEG = "11111111-1111-4111-8111-111111111111"
WRITTEN = {  # by FreeSWITCH 1.11, shortened
    "core-uuid": "7a6bf0a8-a15d-47a2-bfad-5cc6ae3f3897",
    "switchname": "switch",
    "variables": {
        "direction": "outbound",
        "uuid": LEG,
        "hangup_cause": "NORMAL_CLEARING",
        "hangup_cause_q850": "16",
        "start_uepoch": "1795500675519443",
        "answer_uepoch": "1795500675813957",
        "end_uepoch": "1795500678133962",
        "billsec": "3",
        "billusec": "2320005",
    },
    "callflow": [{"times": {"answered_time": "1795500675813957"}}],
}


@pytest.fixture
def records(tmp_path):
    return Records(tmp_path)


def write(folder, record, name=f"a_{LEG}.cdr.json"):
    file = folder / name
    file.write_text(record if isinstance(record, str) else json.dumps(record))
    return file


def without(variable):
    kept = {k: v for k, v in WRITTEN["variables"].items() if k != variable}
    return {**WRITTEN, "variables": kept}


def test_a_real_record_tells_how_the_leg_ended(records, tmp_path):
    write(tmp_path, WRITTEN)

    (record,) = records.waiting(10)

    goodbye = record.goodbye
    assert (goodbye.uuid, goodbye.cause) == (LEG, "NORMAL_CLEARING")
    assert goodbye.answered_us == 2_320_005
    talked = goodbye.ended_at - goodbye.answered_at
    assert talked.total_seconds() == 2.320005


def test_a_record_put_away_is_kept_under_its_day_and_never_read_again(
    records, tmp_path
):
    write(tmp_path, WRITTEN)
    (record,) = records.waiting(10)

    records.put_away(record)

    assert records.waiting(10) == []
    assert [file.name for file in (tmp_path / "2026-11-24").iterdir()] == [record.name]


def test_no_more_are_read_than_were_asked_for(records, tmp_path):
    for n in range(5):
        write(tmp_path, WRITTEN, f"{n}.cdr.json")

    assert [record.name for record in records.waiting(2)] == [
        "0.cdr.json",
        "1.cdr.json",
    ]


def test_a_record_half_written_is_read_when_it_is_whole(records, tmp_path):
    write(tmp_path, json.dumps(WRITTEN)[:100])
    assert records.waiting(10) == []

    write(tmp_path, WRITTEN)

    assert len(records.waiting(10)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '"text"',
        "{}",
        json.dumps(without("uuid")),
        json.dumps(without("hangup_cause")),
        json.dumps(without("end_uepoch")),
        '{"variables": "none"}',
        '{"variables": []}',
    ],
)
def test_what_never_becomes_a_record_is_put_aside(records, tmp_path, text, caplog):
    file = write(tmp_path, text)
    assert records.waiting(10) == []
    old = file.stat().st_mtime - WRITTEN_WITHIN - 1
    os.utime(file, (old, old))

    assert records.waiting(10) == []

    assert not file.exists()
    assert (tmp_path / "unreadable" / file.name).exists()
    assert "is no record of a leg" in caplog.text


def test_other_files_are_left_alone(records, tmp_path):
    write(tmp_path, "notes", "readme.txt")

    assert records.waiting(10) == []
    assert (tmp_path / "readme.txt").exists()


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError):
        Records(tmp_path / "nowhere").waiting(10)


def test_one_file_that_cannot_be_read_hides_no_other(records, tmp_path, caplog):
    (tmp_path / "a_0.cdr.json").mkdir()
    write(tmp_path, WRITTEN)

    assert [each.name for each in records.waiting(10)] == [f"a_{LEG}.cdr.json"]
    assert [each.name for each in records.waiting(10)] == [f"a_{LEG}.cdr.json"]

    assert caplog.text.count("a_0.cdr.json is left where it is") == 1


def test_a_record_that_cannot_be_moved_is_told_once(records, tmp_path, caplog):
    write(tmp_path, WRITTEN)
    (tmp_path / "2026-11-24").touch()  # in the way
    (record,) = records.waiting(10)

    records.put_away(record)

    assert records.waiting(10) == []
    assert f"a_{LEG}.cdr.json is left where it is" in caplog.text
