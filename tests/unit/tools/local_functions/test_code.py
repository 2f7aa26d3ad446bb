"""Where the code of a function is."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.local_functions.code import Code, NotHere, located
from authorizer.tools.template import read_template
from tests.unit.tools.local_functions.projects import ECHO, document, function, sam_function

if TYPE_CHECKING:
    from authorizer.tools.template import Document

PROJECT = Path(__file__).parents[4]
OURS = "authorizer.handler.rest"


def place(read: Document, name: str = "One") -> Code | NotHere:
    one = read.function(name)
    assert one is not None
    return located(one, read, str, scratch=read.file.parent / "scratch")


def code(read: Document, name: str = "One") -> Code:
    found = place(read, name)
    assert isinstance(found, Code), found
    return found


@pytest.mark.parametrize("one", [sam_function(CodeUri="src/"), function(Code="src")], ids=["SAM", "CloudFormation"])
def test_folder_beside_the_template(tmp_path: Path, one: dict[str, Any]) -> None:
    found = code(document(tmp_path, {"src/app.py": ECHO}, One=one))
    assert found == Code(
        handler="app.handler",
        task_root=tmp_path / "src",
        import_paths=(tmp_path / "src",),
        watched=(tmp_path / "src",),
        warnings=found.warnings,
    )


def test_inline_code_is_a_module_named_index(tmp_path: Path) -> None:
    found = code(document(tmp_path, One=function(Handler="index.handler", Code={"ZipFile": ECHO})))
    assert found.task_root == tmp_path / "scratch" / "One"
    assert (found.task_root / "index.py").read_text() == ECHO


def test_archive_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "code.zip", "w") as archive:
        archive.writestr("app.py", ECHO)
    found = code(document(tmp_path, One=sam_function(CodeUri="code.zip")))
    assert (found.task_root / "app.py").read_text() == ECHO
    assert found.import_paths == (found.task_root,)


@pytest.mark.parametrize(
    "one",
    [
        sam_function(CodeUri="s3://bucket/key"),
        sam_function(CodeUri={"Bucket": "bucket", "Key": "key"}),
        function(Code={"S3Bucket": "bucket", "S3Key": "key"}),
        sam_function(CodeUri="nowhere/"),
        sam_function(CodeUri="no.zip"),
        sam_function(Runtime="nodejs22.x", InlineCode="exports.handler = () => 1"),
        function(Runtime="provided.al2023", Code="src/"),
        {"Type": "AWS::Serverless::Function", "Properties": {"PackageType": "Image", "ImageUri": "1.dkr.ecr/x:1"}},
        {**sam_function(CodeUri="src/", Handler="other.handler"), "Metadata": {"BuildMethod": "makefile"}},
        sam_function(CodeUri="src/", Handler="authorizer.app.handler"),
    ],
)
def test_what_cannot_be_run_here_says_why(tmp_path: Path, one: dict[str, Any]) -> None:
    files = {"src/app.py": ECHO, "no.zip": "no archive", "src/authorizer/app.py": ECHO}
    found = place(document(tmp_path, files, One=one))
    assert isinstance(found, NotHere)
    assert found.why


def test_function_of_this_package_starts_beside_the_template() -> None:
    read = read_template(PROJECT / "template.yaml", {"SampleApi": "yes"})
    found = code(read, "RestTokenAuthorizer")
    assert (found.handler, found.task_root, found.import_paths) == (OURS, PROJECT, ())
    assert PROJECT / "authorizer.toml" in found.watched
    assert PROJECT / "authorizer" in found.watched


def test_function_of_this_package_needs_no_code_in_its_template(tmp_path: Path) -> None:
    inline = document(tmp_path, One=sam_function(Handler=OURS, InlineCode="# in the layer", Layers=["arn:layer:1"]))
    assert code(inline).task_root == tmp_path
    assert not any("arn:layer:1" in warning for warning in code(inline).warnings)


def test_built_function_of_this_package_starts_where_its_settings_are(tmp_path: Path) -> None:
    found = code(document(tmp_path, {"Built/authorizer.toml": ""}, One=sam_function(Handler=OURS, CodeUri="Built")))
    assert found.task_root == tmp_path / "Built"


def test_module_of_the_user_may_be_named_authorizer(tmp_path: Path) -> None:
    files = {"src/authorizer.py": ECHO, "pkg/authorizer/__init__.py": "", "pkg/authorizer/handler.py": ECHO}
    module = sam_function(CodeUri="src/", Handler="authorizer.handler")
    package = sam_function(CodeUri="pkg/", Handler="authorizer.handler.handler")
    read = document(tmp_path, files, One=module, Two=package)
    assert code(read).import_paths == (tmp_path / "src",)
    assert code(read, "Two").import_paths == (tmp_path / "pkg",)


def layer(content: str, **attributes: Any) -> dict[str, Any]:
    return {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": content}, **attributes}


def test_layers_of_the_template_are_on_the_import_path(tmp_path: Path) -> None:
    files = {"src/app.py": ECHO, "flat/dep.py": "", "deep/python/dep.py": ""}
    plain = {"Type": "AWS::Lambda::LayerVersion", "Properties": {"Content": "deep"}}
    one = sam_function(CodeUri="src/", Layers=[{"Ref": "Flat"}, {"Ref": "Deep"}])
    found = code(document(tmp_path, files, Flat=layer("flat"), Deep=plain, One=one))
    assert found.import_paths == (tmp_path / "src", tmp_path / "flat", tmp_path / "deep" / "python")
    assert set(found.import_paths) <= set(found.watched)


def test_layer_that_is_elsewhere_is_a_warning(tmp_path: Path) -> None:
    makefile = layer("flat", Metadata={"BuildMethod": "makefile"})
    arn = "arn:aws:lambda:eu-west-1:123456789012:layer:x:1"
    one = sam_function(CodeUri="src/", Layers=[{"Ref": "Unbuilt"}, {"Ref": "Packaged"}, arn])
    files = {"src/app.py": ECHO, "flat/dep.py": ""}
    found = code(document(tmp_path, files, Unbuilt=makefile, Packaged=layer("s3://bucket/key"), One=one))
    assert found.import_paths == (tmp_path / "src",)
    assert sum("layer" in warning for warning in found.warnings) == 3


def test_layer_with_this_package_is_left_out(tmp_path: Path) -> None:
    """It may have been built for another processor, and the package is here anyway."""
    shutil.copytree(PROJECT / "authorizer", tmp_path / "Layer" / "python" / "authorizer", ignore=_only_modules)
    one = sam_function(CodeUri="src/", Layers=[{"Ref": "Layer"}])
    found = code(document(tmp_path, {"src/app.py": ECHO}, Layer=layer("Layer"), One=one))
    assert found.import_paths == (tmp_path / "src",)
    assert not any("layer" in warning for warning in found.warnings)


def _only_modules(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if (Path(folder) / name).is_dir()]


def test_code_of_a_makefile_is_imported_where_its_module_is(tmp_path: Path) -> None:
    makefile = {"Metadata": {"BuildMethod": "makefile"}}
    layered = sam_function(CodeUri="make/", Layers=[{"Ref": "Code"}]) | makefile
    files = {"make/Makefile": "", "code/python/app.py": ECHO, "src/app.py": ECHO}
    read = document(tmp_path, files, Code=layer("code"), One=layered, Two=sam_function(CodeUri="src/") | makefile)
    assert code(read).import_paths == (tmp_path / "code" / "python",)
    assert code(read, "Two").import_paths == (tmp_path / "src",)


def test_another_python_is_a_warning(tmp_path: Path) -> None:
    one = sam_function(CodeUri="src/", Runtime="python3.99")
    assert len(code(document(tmp_path, {"src/app.py": ECHO}, One=one)).warnings) == 1
