"""What the metrics' tests share: a way to make rows, and pairs to compare with sacreBLEU."""

import pytest

# (answer, reference), written for these tests.
PAIRS = [
    ("今日は天気がいいですね。", "今日はいい天気ですね。"),
    ("ファイルを開けませんでした。", "ファイルを開くことができませんでした。"),
    ("サーバーに接続しています...", "サーバーに接続中..."),
    ("パスワードが間違っています", "パスワードが正しくありません"),
    ("設定を保存しますか?", "設定を保存しますか？"),
    ("IPアドレスを入力してください。", "IP アドレスを入力してください。"),
    ("はい", "はい"),
    ("ええ", "はい"),
    ("", "キャンセル"),
    ("   ", "閉じる"),
    ("ｶﾀｶﾅ", "カタカナ"),
    ("新しいフォルダーを作成", "新しいフォルダーを作成"),
    ("東京都に住んでいます。東京都に住んでいます。", "東京都に住んでいます。"),
    ("この操作は取り消せません。\n続行しますか?", "この操作は元に戻せません。続行しますか?"),
    ("エラー: ファイル 'config.yaml' がありません", "エラー: 'config.yaml' が見つかりません"),
    ("彼女は昨日本を三冊買った。", "彼女は昨日、本を3冊買いました。"),
    ("全く関係のない文", "Wi-Fi"),
    ("Wi-Fi", "無線"),
    ("GPU を使う", "GPUを使用する"),
    ("絵文字 😀 も数える", "絵文字😀も数えます"),
    ("The cat sat on the mat.", "The cat is sitting on the mat."),
    ("the Cat sat on the mat", "The cat sat on the mat."),
    ("(see the manual)", "(see the manual)."),
    ("Don't panic!", "Do not panic!"),
    ("a a a a a a", "a a b"),
    ("Connection refused", "The connection was refused by the remote host."),
    ("I have no idea what you are asking me to translate here, sorry.", "保存"),
    ('Open the file, then press "OK".', 'Open the file and press "OK".'),
    ("x", "x"),
    ("50% complete", "50 % 完了"),
    ("answer without a reference", ""),
]


def row(text: str, target: str, **others) -> dict:
    """Make a prediction's row; what isn't given is plain."""
    plain = {"id": "1", "input": "", "tokens_in": 1, "tokens_out": 1, "hit_limit": False}
    return plain | {"text": text, "target": target} | others


@pytest.fixture
def pairs() -> list[tuple[str, str]]:
    return PAIRS


@pytest.fixture
def make_row():
    return row
