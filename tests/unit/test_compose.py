"""The production files hold what the runbook promises; each check is also shown a broken copy."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]

STATE = "/var/lib/observatoire"
POOL = "entrepot"
AIRFLOW_SERVICES = {
    "airflow-init",
    "airflow-api-server",
    "airflow-scheduler",
    "airflow-dag-processor",
    "airflow-triggerer",
    "airflow-worker",
}
CELERY_SERVICES = {"redis", "airflow-worker"}

# `$$` is a dollar for the shell; the other forms are variables that Compose replaces.
VARIABLE = re.compile(
    r"\$(?:\$|\{(?P<name>\w+)(?P<operator>:?[-?+])?(?P<text>[^}]*)\}|(?P<bare>\w+))"
)
SECRET_NAME = re.compile(r"MOT_DE_PASSE|SECRET|CLE_")
SECRET_SETTING = re.compile(
    r"PASSWORD|MOT_DE_PASSE|SECRET|FERNET|SQL_ALCHEMY_CONN|BROKER|RESULT_BACKEND"
)


@dataclass(frozen=True)
class Files:
    """The texts under test; a spoiled copy differs from the real ones in one place."""

    compose: dict[str, Any]
    env_example: str
    dockerfile: str
    lock: str
    dags: tuple[str, ...]

    @property
    def services(self) -> dict[str, Any]:
        return dict(self.compose["services"])


@dataclass(frozen=True)
class Use:
    """One place where Compose replaces a variable."""

    name: str
    operator: str
    text: str


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from _strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value)
    elif isinstance(node, str):
        yield node


def _uses(node: Any) -> list[Use]:
    found = [match for text in _strings(node) for match in VARIABLE.finditer(text)]
    return [
        Use(m["name"] or m["bare"], m["operator"] or "", m["text"] or "")
        for m in found
        if m["name"] or m["bare"]
    ]


def _example(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def _script(service: dict[str, Any]) -> str:
    return " ".join(_strings([service.get("entrypoint", []), service.get("command", [])]))


def _pools_named(source: str) -> set[str]:
    """Pools that a DAG file asks for: `pool="x"`, `pool=NAME`, `{"pool": "x"}`."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    values: list[ast.expr | None] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "pool":
            values.append(node.value)
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            values += [v for k, v in pairs if isinstance(k, ast.Constant) and k.value == "pool"]
    names = {v.value for v in values if isinstance(v, ast.Constant)}
    names |= {constants[v.id] for v in values if isinstance(v, ast.Name) and v.id in constants}
    return {str(name) for name in names}


def services_missing(files: Files) -> list[str]:
    expected = AIRFLOW_SERVICES | {"postgres", "redis"}
    wrong = [f"services: {sorted(expected ^ set(files.services))}"] * (
        expected != set(files.services)
    )
    for name in CELERY_SERVICES & set(files.services):
        if files.services[name].get("profiles") != ["celery"]:
            wrong.append(f"{name} starts outside the profile celery")
    return wrong


def secrets_not_required(files: Files) -> list[str]:
    """A secret with a default, without a message, or written in clear."""
    wrong = [
        f"{use.name}: {use.operator}{use.text}"
        for use in _uses(files.compose)
        if SECRET_NAME.search(use.name) and (use.operator != ":?" or use.name not in use.text)
    ]
    for service, definition in files.services.items():
        for setting, value in definition.get("environment", {}).items():
            secret = any(SECRET_NAME.search(use.name) for use in _uses(value))
            if SECRET_SETTING.search(setting) and not secret:
                wrong.append(f"{service}: {setting} does not come from a secret")
    return wrong


def example_differs(files: Files) -> list[str]:
    """`.env.example` names what Compose reads, no more; no secret in it; the same defaults."""
    example, uses = _example(files.env_example), _uses(files.compose)
    wrong = [f"only on one side: {name}" for name in set(example) ^ {use.name for use in uses}]
    wrong += [
        f"a secret: {name}" for name, value in example.items() if SECRET_NAME.search(name) and value
    ]
    wrong += [
        f"two defaults for {use.name}: {example.get(use.name)}, {use.text}"
        for use in uses
        if use.operator == ":-" and example.get(use.name) != use.text
    ]
    return wrong


def pools_missing(files: Files) -> list[str]:
    created = dict(
        re.findall(r"airflow pools set (\w+) (\d+)", _script(files.services["airflow-init"]))
    )
    wanted = {POOL}.union(*(_pools_named(source) for source in files.dags))
    wrong = [f"pool {name} is never created" for name in wanted - set(created)]
    if created.get(POOL, "1") != "1":
        wrong.append(f"{POOL} has {created[POOL]} slots: two writers would wait on one lock")
    return wrong


def state_not_a_directory(files: Files) -> list[str]:
    wrong = []
    runners = {
        name
        for name, service in files.services.items()
        if re.search(r"airflow (scheduler|celery worker)", _script(service))
    }
    if runners != {"airflow-scheduler", "airflow-worker"}:
        wrong.append(f"services that run tasks: {sorted(runners)}")
    for name in runners | {"airflow-init"}:
        service = files.services[name]
        mounts = {m["target"]: m for m in service.get("volumes", []) if isinstance(m, dict)}
        source = mounts.get(STATE, {}).get("source", "")
        if not re.fullmatch(r"\$\{OBSERVATOIRE_ETAT_HOTE:\?[^}]+\}", source):
            wrong.append(f"{name}: the state directory is not mounted whole ({source!r})")
        if service["environment"].get("OBSERVATOIRE_HOME") != STATE:
            wrong.append(f"{name}: OBSERVATOIRE_HOME is not where the state is mounted")
        if mounts.get("/sources", {}).get("read_only") is not True:
            wrong.append(f"{name}: /sources can be written")
        # What was taken from a depot is moved there, with its report.
        if mounts.get(f"{STATE}/depots", {"read_only": True}).get("read_only"):
            wrong.append(f"{name}: the depots cannot be written")
        wrong += [f"{name}: {t} is a file" for t in mounts if ".duckdb" in t or "courant" in t]
    return wrong


def ports_open(files: Files) -> list[str]:
    wrong = []
    for name, service in files.services.items():
        if service.get("network_mode") == "host":
            wrong.append(f"{name}: on the host's network")
        for port in service.get("ports", []):
            address = port.get("host_ip", "") if isinstance(port, dict) else str(port)
            if name != "airflow-api-server" or not address.startswith("127.0.0.1"):
                wrong.append(f"{name}: {port}")
    return wrong


def images_not_pinned(files: Files) -> list[str]:
    images = {name: service["image"] for name, service in files.services.items()}
    own = re.compile(r"observatoire:\$\{OBSERVATOIRE_VERSION:\?[^}]+\}")
    others = re.compile(r"[a-z]+:\d+(\.\d+)+-bookworm")
    wrong = [
        f"{name}: {image}"
        for name, image in images.items()
        if not (own if name in AIRFLOW_SERVICES else others).fullmatch(image)
    ]
    wrong += [
        f"Dockerfile: {base}"
        for base in re.findall(r"^FROM (\S+)", files.dockerfile, re.MULTILINE)
        if not re.fullmatch(r"python:3\.11\.\d+-slim-bookworm", base)
    ]
    return wrong


def services_unwatched(files: Files) -> list[str]:
    lasting = {n: s for n, s in files.services.items() if n != "airflow-init"}
    return [
        f"{name}: {key}"
        for name, service in lasting.items()
        for key in ("healthcheck", "restart")
        if service.get(key) in (None, "no")
    ]


def image_unsafe(files: Files) -> list[str]:
    """Root, packages that nothing vouches for, or a copy of everything (`.env` included)."""
    wrong = []
    if re.findall(r"^USER (\S+)", files.dockerfile, re.MULTILINE)[-1:] != ["observatoire"]:
        wrong.append("the image does not end as an ordinary user")
    installs = re.findall(r"pip install(?:\\\n|.)*", files.dockerfile)
    if not installs or any("--require-hashes" not in command for command in installs):
        wrong.append("a package is installed without its hash")
    if re.search(r"^(COPY|ADD) (\.|\*)\S* ", files.dockerfile, re.MULTILINE):
        wrong.append("the whole folder is copied")
    return wrong


def lock_unsound(files: Files) -> list[str]:
    wrong = [f"an address: {line}" for line in files.lock.splitlines() if "://" in line]
    pins = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", files.lock, re.MULTILINE))
    for name in ("apache-airflow", "dbt-duckdb", "duckdb", "great-expectations", "celery"):
        if name not in pins:
            wrong.append(f"{name} is not in the lock")
    # Its Celery provider (3.26) imports a name that Celery 5.7 removed: the worker dies at once.
    if tuple(int(part) for part in pins.get("celery", "0").split(".")[:2]) >= (5, 7):
        wrong.append(f"celery {pins['celery']} does not work with the Airflow provider")
    return wrong


@pytest.fixture(scope="module")
def files() -> Files:
    def text(name: str) -> str:
        return (PROJECT / name).read_text(encoding="utf-8")

    return Files(
        compose=yaml.safe_load(text("docker-compose.yml")),
        env_example=text(".env.example"),
        dockerfile=text("Dockerfile"),
        lock=text("requirements.production.lock"),
        dags=tuple(p.read_text(encoding="utf-8") for p in sorted(PROJECT.glob("dags/*.py"))),
    )


Check = Callable[[Files], list[str]]

CHECKS: list[Check] = [
    services_missing,
    secrets_not_required,
    example_differs,
    pools_missing,
    state_not_a_directory,
    ports_open,
    images_not_pinned,
    services_unwatched,
    image_unsafe,
    lock_unsound,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_production_files(check: Check, files: Files) -> None:
    assert check(files) == []


def _service(name: str, /, **changes: Any) -> Callable[[Files], Files]:
    """A spoiler that changes keys of one service."""

    def spoil(files: Files) -> Files:
        compose = deepcopy(files.compose)
        compose["services"].setdefault(name, {}).update(changes)
        return replace(files, compose=compose)

    return spoil


def _setting(name: str, setting: str, value: str) -> Callable[[Files], Files]:
    def spoil(files: Files) -> Files:
        environment = {**files.services[name]["environment"], setting: value}
        return _service(name, environment=environment)(files)

    return spoil


def _text(field: str, old: str, new: str) -> Callable[[Files], Files]:
    def spoil(files: Files) -> Files:
        before = getattr(files, field)
        assert old in before
        return replace(files, **{field: before.replace(old, new)})

    return spoil


def _init(old: str, new: str) -> Callable[[Files], Files]:
    def spoil(files: Files) -> Files:
        (script,) = files.services["airflow-init"]["command"]
        assert old in script
        return _service("airflow-init", command=[script.replace(old, new)])(files)

    return spoil


def _mount(name: str, mounted: str, /, **changes: Any) -> Callable[[Files], Files]:
    def spoil(files: Files) -> Files:
        volumes = [
            {**mount, **changes} if mount["target"] == mounted else mount
            for mount in files.services[name]["volumes"]
        ]
        return _service(name, volumes=volumes)(files)

    return spoil


FERNET = "AIRFLOW__CORE__FERNET_KEY"


@pytest.mark.parametrize(
    ("check", "spoil"),
    [
        (services_missing, _service("redis", profiles=[])),
        (services_missing, _service("autre", image="x")),
        (secrets_not_required, _setting("airflow-scheduler", FERNET, "${OBSERVATOIRE_CLE_FERNET}")),
        (secrets_not_required, _setting("airflow-scheduler", FERNET, "$OBSERVATOIRE_CLE_FERNET")),
        (
            secrets_not_required,
            _setting("airflow-scheduler", FERNET, "${OBSERVATOIRE_CLE_FERNET:-x}"),
        ),
        (
            secrets_not_required,
            _setting("airflow-scheduler", FERNET, "${OBSERVATOIRE_CLE_FERNET:?}"),
        ),
        (secrets_not_required, _setting("postgres", "POSTGRES_PASSWORD", "airflow")),
        (example_differs, _setting("postgres", "AUTRE", "${OBSERVATOIRE_AUTRE:?x}")),
        (example_differs, _text("env_example", "OBSERVATOIRE_PORT_UI=", "OBSERVATOIRE_PORT=")),
        (
            example_differs,
            _text("env_example", "OBSERVATOIRE_PORT_UI=8080", "OBSERVATOIRE_PORT_UI=80"),
        ),
        (
            example_differs,
            _text("env_example", "OBSERVATOIRE_SECRET_JWT=", "OBSERVATOIRE_SECRET_JWT=x"),
        ),
        (pools_missing, _init("pools set entrepot 1", "pools set entrepots 1")),
        (pools_missing, _init("pools set entrepot 1", "pools set entrepot 2")),
        (pools_missing, lambda files: replace(files, dags=('task(pool="autre")',))),
        (pools_missing, lambda files: replace(files, dags=('P = "autre"\ntask(pool=P)',))),
        (pools_missing, lambda files: replace(files, dags=('defaults = {"pool": "autre"}',))),
        (state_not_a_directory, _service("airflow-worker", volumes=[])),
        (
            state_not_a_directory,
            _mount("airflow-scheduler", STATE, target=f"{STATE}/warehouse.duckdb"),
        ),
        (state_not_a_directory, _mount("airflow-scheduler", STATE, source="./var")),
        (state_not_a_directory, _mount("airflow-worker", "/sources", read_only=False)),
        (state_not_a_directory, _setting("airflow-scheduler", "OBSERVATOIRE_HOME", "/tmp")),
        (ports_open, _service("airflow-api-server", ports=["8080:8080"])),
        (ports_open, _service("airflow-api-server", ports=["0.0.0.0:8080:8080"])),
        (ports_open, _service("airflow-api-server", ports=[{"target": 8080, "published": 8080}])),
        (ports_open, _service("postgres", ports=["127.0.0.1:5432:5432"])),
        (ports_open, _service("redis", network_mode="host")),
        (images_not_pinned, _service("postgres", image="postgres:latest")),
        (images_not_pinned, _service("redis", image="redis")),
        (images_not_pinned, _service("airflow-scheduler", image="observatoire:latest")),
        (images_not_pinned, _text("dockerfile", "FROM python:3.11.15-", "FROM python:3.11-")),
        (services_unwatched, _service("airflow-triggerer", healthcheck=None)),
        (services_unwatched, _service("airflow-scheduler", restart="no")),
        (image_unsafe, _text("dockerfile", "USER observatoire", "USER root")),
        (image_unsafe, _text("dockerfile", "--require-hashes ", "")),
        (image_unsafe, _text("dockerfile", "COPY pyproject.toml ./", "COPY . .")),
        (lock_unsound, _text("lock", "celery==5.", "celery==5.7.")),
        (lock_unsound, _text("lock", "great-expectations==", "autre==")),
        (lock_unsound, lambda files: replace(files, lock=files.lock + "--index-url x://y\n")),
    ],
)
def test_a_broken_copy_is_noticed(
    check: Check, spoil: Callable[[Files], Files], files: Files
) -> None:
    assert check(spoil(files)) != []
