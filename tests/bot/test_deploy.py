"""The examples for operators name what there is, and hold together."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.settings import BotSettings, variable_of
from index.core.settings import IndexSettings
from tests.support import ROOT

FOLDER = ROOT / "bot" / "deploy"
UNIT, DOCKERFILE, COMPOSE = "onrecord.service", "Dockerfile", "compose.yaml"
CLUSTER = "compose-cluster.yaml"
VARIABLES = {
    variable_of(settings, field)
    for settings in (BotSettings, IndexSettings)
    for field in settings.model_fields
}


def read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [UNIT, DOCKERFILE, COMPOSE, CLUSTER])
def test_they_name_only_settings_that_there_are(name: str) -> None:
    named = set(re.findall(r"\b(?:ONRECORD|TELEGRAM)_[A-Z_]+", read(name)))
    assert named
    assert named <= VARIABLES


@pytest.mark.parametrize("name", [UNIT, DOCKERFILE, COMPOSE, CLUSTER])
def test_they_hold_no_setting_that_could_change_without_a_restart(name: str) -> None:
    # The environment of a process wins over the file that is read again.
    for setting in ("ONRECORD_ALLOWED", "ONRECORD_LOG_", "ONRECORD_MIN_CONFIDENCE"):
        assert setting not in read(name)


def test_the_services_of_compose() -> None:
    compose = yaml.safe_load(read(COMPOSE))
    bot = compose["services"]["bot"]
    context = (FOLDER / bot["build"]["context"]).resolve()
    assert context == ROOT
    assert (context / bot["build"]["dockerfile"]).is_file()
    assert bot["read_only"] is True
    assert bot["ports"] == ["127.0.0.1:9108:9108"]
    volumes = dict(volume.split(":")[:2] for volume in bot["volumes"])
    assert volumes["index"] == re.findall(r"^VOLUME (.+)$", read(DOCKERFILE), re.MULTILINE)[0]
    assert volumes["./config"] == re.findall(r"^WORKDIR (.+)$", read(DOCKERFILE), re.MULTILINE)[-1]
    assert set(compose["volumes"]) == {"index"}


def test_the_services_of_a_cluster() -> None:
    services = yaml.safe_load(read(CLUSTER))["services"]
    assert set(services) == {"bot", "sync", "database", "proxy", "milvus"}
    assert services["bot"]["deploy"]["replicas"] > 1
    for name in ("bot", "sync"):
        assert "@database/" in services[name]["environment"]["ONRECORD_DATABASE_URL"]
        # What is derived is each container's own.
        assert not any(volume.startswith("index:") for volume in services[name]["volumes"])


def test_the_image() -> None:
    dockerfile = read(DOCKERFILE)
    copied = re.findall(r"^COPY (?!--from)(.+) \./?\S*$", dockerfile, re.MULTILINE)
    for path in " ".join(copied).split():
        assert (ROOT / path).exists()
    final = dockerfile[dockerfile.rindex("\nFROM ") :]
    assert re.search(r"^USER (?!root)", final, re.MULTILINE)
    (port,) = re.findall(r"ONRECORD_METRICS_PORT=(\d+)", final)
    assert f"HTTPConnection('127.0.0.1', {port}," in final
    assert f"EXPOSE {port}\n" in final
    assert dockerfile.index(" torch\n") < dockerfile.index("constraints.txt '.[cluster]'\n")


def test_the_health_check_of_the_image_is_a_program() -> None:
    (command,) = re.findall(r'CMD \["python", "-c", "(.+?)"\]', read(DOCKERFILE), re.DOTALL)
    compile(command.replace("\\\n", ""), DOCKERFILE, "exec")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / UNIT
    # What it runs is not installed here.
    text = re.sub(r"/opt/onrecord/bin/onrecord \w+", "/bin/true", read(UNIT))
    unit.write_text(text, encoding="utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert UNIT not in verified.stderr
    assert verified.returncode == 0, verified.stderr
