"""Text in the encodings that people kept it in, from a few words up, comes back as it was written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evidentia.corpus.files.decode import decode
from evidentia.corpus.files.encodings import strangeness

WEST = ("cp1252", "iso8859-1", "mac-roman")
CENTRAL = ("cp1250", "iso8859-2")
TEXTS = {
    "German": (
        "Im Gästehaus übernachten während der Messe über hundert Händler. Das Frühstück gehört zum Preis, die Getränke "
        "müssen später bezahlt werden. Wer mit dem Zug anreist, läuft zehn Minuten durch schöne Gärten.",
        WEST,
    ),
    "French": (
        "La bibliothèque prête des livres à tous les habitants âgés de plus de six ans. Le dépôt a été fermé à cause de la "
        "tempête. Nous espérons que vous reviendrez bientôt chez nous, même en février.",
        WEST,
    ),
    "Spanish": (
        "La estación está detrás del jardín botánico y el último tren sale a las once. Los niños pagan la mitad. Ningún "
        "vehículo podrá cruzar el puente mañana por la mañana debido a la inspección técnica.",
        WEST,
    ),
    "Portuguese": (
        "A construção da ponte não terminou no verão. Os cidadãos pediram informações à câmara e receberam a resposta três "
        "meses depois. Também há um autocarro até à praça às sextas.",
        WEST,
    ),
    "Danish": (
        "Færgen sejler hver dag fra øen til fastlandet, også når det blæser. Børn under tolv år rejser gratis, men hunde "
        "skal have billet. Kaptajnen bor på den nordlige side af havnen.",
        WEST,
    ),
    "Polish": (
        "Sprzedaż biletów rozpocznie się w przyszłą środę o dziesiątej. Dzieci i młodzież płacą połowę ceny. Wejście od "
        "strony ogrodu jest czynne również w święta, lecz część wystawy może być niedostępna.",
        CENTRAL,
    ),
    "Czech": (
        "Mlýn mele žito a pšenici už od dubna. Návštěvníci mohou koupit čerstvý chléb každou středu. Cesta k řece vede "
        "kolem staré věže, kde zůstávají přes léto čápi. Vstupné je třicet korun.",
        CENTRAL,
    ),
    "Hungarian": (
        "A hajó minden reggel hétkor indul a kikötőből, és délután tér vissza. Az erdő mögötti tó vize nagyon tiszta. "
        "Gyermekeknek a belépő ingyenes, a felnőttek előre megvehetik jegyüket az állomáson.",
        CENTRAL,
    ),
    "Russian": (
        "Паром отправляется каждое утро в семь часов и возвращается вечером. Склад находится за рекой, дорога туда узкая. "
        "Хлеб пекут по старому рецепту. Просим посетителей не кормить птиц и не шуметь в саду.",
        ("cp1251", "koi8-r", "iso8859-5", "cp866"),
    ),
    "Greek": (
        "Το εργαστήριο βρίσκεται πίσω από την εκκλησία και δέχεται επισκέπτες μόνο το απόγευμα. Οι μαθητές μαθαίνουν να "
        "φτιάχνουν ψωμί με παλιά συνταγή. Η είσοδος για τους μεγάλους κοστίζει πέντε ευρώ.",
        ("cp1253", "iso8859-7"),
    ),
    "Turkish": (
        "Gemi her sabah yedide kalkıyor ve akşamüstü geri dönüyor. Değirmenin arkasındaki yol çok dar olduğu için "
        "otobüsler giremez. Öğrenciler bilet almadan içeri girebilir, yetişkinler gişeye uğramalıdır.",
        ("cp1254", "iso8859-9"),
    ),
    "Japanese": (
        "船は毎朝七時に港を出て、夕方に戻ってきます。倉庫は川の向こうにあり、そこへ行く道はとても狭いです。古い水車小屋では毎週水曜日に"
        "焼きたてのパンを売っています。庭の鳥にえさをやらないでください。",
        ("cp932", "euc_jp", "iso2022_jp"),
    ),
    "Chinese": (
        "渡船每天早上七点从港口出发，傍晚回来。老磨坊每星期三卖新鲜的面包，价格比城里便宜。学生可以免费参观，但是要在门口登记。请不要在花园里"
        "大声说话，也不要给鸟喂食。下雨的时候展览会在室内举行。",
        ("gb18030", "gb2312"),
    ),
    "Traditional Chinese": (
        "渡船每天早上七點從港口出發，傍晚回來。老磨坊每星期三賣新鮮的麵包，價格比城裡便宜。學生可以免費參觀，但是要在門口登記。請不要在花園裡"
        "大聲說話，也不要給鳥餵食。下雨的時候展覽會在室內舉行。",
        ("big5",),
    ),
    "Korean": (
        "배는 매일 아침 일곱 시에 항구를 떠나 저녁에 돌아옵니다. 창고는 강 건너편에 있고 그곳으로 가는 길은 매우 좁습니다. 오래된 방앗간에서는 "
        "수요일마다 갓 구운 빵을 팝니다. 정원의 새에게 먹이를 주지 마십시오.",
        ("euc_kr", "cp949"),
    ),
}
LENGTHS = (20, 30, 50, 100, 400)
"""Bytes."""


def pieces(text: str, encoding: str) -> Iterator[bytes]:
    """Stretches of the text that begin with a word and hold something beyond ASCII."""
    starts = [0, *(place + 1 for place, sign in enumerate(text) if sign in " 。，、")]
    for length in LENGTHS:
        for start in starts[:: 1 + length // 40]:
            piece = text[start:]
            while len(piece[:-1].encode(encoding)) >= length:
                piece = piece[:-1]
            if len(piece.encode(encoding)) >= 20 and not piece.isascii():
                yield piece.encode(encoding)


def wrong(language: str) -> tuple[list[tuple[str, str]], int]:
    """What was decoded otherwise than it was written, and the number of samples."""
    text, encodings = TEXTS[language]
    samples = [(data.decode(name), decode(data).text) for name in encodings for data in pieces(text, name)]
    return [(written, read) for written, read in samples if written != read], len(samples)


def test_text_without_any_hint_is_decoded_as_it_was_written() -> None:
    found = {language: wrong(language) for language in TEXTS}
    errors, samples = sum(len(bad) for bad, _ in found.values()), sum(count for _, count in found.values())
    assert errors <= 0.015 * samples
    assert {language: bad for language, (bad, count) in found.items() if len(bad) > 0.08 * count} == {}


@pytest.mark.parametrize("language", TEXTS)
def test_utf_8_is_always_right(language: str) -> None:
    text, _ = TEXTS[language]
    for start in range(0, len(text), 7):
        for end in range(start + 1, len(text), 11):
            assert decode(text[start:end].encode()).text == text[start:end]


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_utf_16_and_utf_32_need_no_mark_where_there_are_spaces(language: str, encoding: str) -> None:
    text = "\n\n".join(f"1. {TEXTS[language][0]} a b c" for _ in range(3))
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)


@pytest.mark.parametrize("language", [name for name in TEXTS if TEXTS[name][1] in (WEST, CENTRAL)])
def test_lines_of_two_encodings_are_each_read_in_their_own(language: str) -> None:
    text, encodings = TEXTS[language]
    first, _, second = text.partition(". ")
    decoded = decode(f"{first}\n".encode() + f"{second}\n".encode(encodings[0]) + b"plain\n" + f"{first}".encode())
    assert decoded.text == f"{first}\n{second}\nplain\n{first}"
    assert decoded.encoding == "utf-8"
    assert decoded.damage.startswith("1 line not in UTF-8 (2), read as ")


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 20,
        b"".join(number.to_bytes(2, "little") for number in range(0, 60_000, 97)),
        b"".join(number.to_bytes(4, "little") for number in range(5_000)),
        b"\x7fELF\x02\x01\x01" + b"\0" * 50 + b"text text",
        b"a\0b",
    ],
)
def test_binary_data_is_not_taken_for_utf_16(data: bytes) -> None:
    with pytest.raises(Exception, match="not text"):
        decode(data)


def test_what_a_wrong_encoding_leaves_is_strange() -> None:
    for text, encodings in (TEXTS["German"], TEXTS["Polish"], TEXTS["Russian"]):
        assert strangeness(text) < 0.02
        assert strangeness(text.encode().decode("cp1252", "replace")) > 0.3
        assert strangeness(text.encode(encodings[0]).decode("mac-roman")) > 0.1
