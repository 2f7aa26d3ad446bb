"""AWS SAM → CloudFormation, by SAM's own translator, without network and without an account."""

from __future__ import annotations

import logging
import warnings
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template.place import Place, Problem
from authorizer.tools.template.shape import as_list, as_map, properties_of, type_of
from authorizer.tools.template.unresolved import Unresolved
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping

TRANSFORM: Final = "AWS::Serverless-2016-10-31"
LANGUAGE_EXTENSIONS: Final = "AWS::LanguageExtensions"
_ELSEWHERE: Final = ("AWS::SecretsManager-", "AWS::CodeDeployBlueGreen")  # AWS's own that touch no API and no function
# The translator wants what `sam package` leaves behind: code in a bucket. It never looks there.
_UPLOADED: Final = "s3://uploaded/by-sam-package"
_IMAGE: Final = "123456789012.dkr.ecr.us-east-1.amazonaws.com/image"
_FILES: Final = {
    "AWS::Serverless::Function": ("CodeUri", "InlineCode", "ImageUri"),
    "AWS::Serverless::LayerVersion": ("ContentUri",),
    "AWS::Serverless::StateMachine": ("DefinitionUri", "Definition"),
    "AWS::Serverless::Api": ("DefinitionUri", "DefinitionBody"),
    "AWS::Serverless::HttpApi": ("DefinitionUri", "DefinitionBody"),
}
_OPTIONAL: Final = ("DefinitionUri",)  # only what is there is replaced


@dataclass(frozen=True, slots=True)
class _Region:
    """All that the translator wants of a boto3 session."""

    region_name: str


class _NoPolicies:
    """Managed policies that are given by name keep it: their ARNs are of no interest here."""

    def load(self) -> dict[str, str]:
        return {}


def transforms(template: Mapping[str, Any]) -> list[Any]:
    """The names of a template's transforms."""
    return as_list(template.get("Transform"))


def translated(
    template: Mapping[str, Any], parameters: Mapping[str, Any], problems: list[Problem]
) -> Mapping[str, Any]:
    """The template that CloudFormation gets to see; `CommandError` with what SAM complains about."""
    names = transforms(template)
    for name in names:
        if name not in (TRANSFORM, LANGUAGE_EXTENSIONS) and not str(name).startswith(_ELSEWHERE):
            problems.append(Problem("transform_unknown", Place("", ("Transform",)), f"{name} is not applied"))
    if LANGUAGE_EXTENSIONS in names:
        template = _extended(template, parameters, problems)
    if TRANSFORM not in names:
        return template
    copy = deepcopy(dict(template))
    for resource in as_map(copy.get("Resources")).values():
        _give_files(resource)
    shared = as_map(copy.get("Globals")).get("Function")
    if isinstance(shared, dict):
        shared.pop("CodeUri", None)
    return _translate(copy, parameters)


def _translate(template: dict[str, Any], parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from samtranslator.model.exceptions import InvalidDocumentException
        from samtranslator.parser.parser import Parser
        from samtranslator.translator.translator import Translator

        logging.getLogger("samtranslator").setLevel(logging.CRITICAL)
        region = _Region(str(parameters["AWS::Region"]))
        translator = Translator(managed_policy_map=None, sam_parser=Parser(), plugins=[], boto_session=region)
        known = {name: value for name, value in parameters.items() if isinstance(value, str)}
        try:
            found: Mapping[str, Any] = translator.translate(template, known, get_managed_policy_map=_NoPolicies().load)
        except InvalidDocumentException as error:
            causes = "; ".join(sorted(cause.message for cause in error.causes)) or error.message
            raise CommandError(f"SAM refuses the template: {causes}", _hint(parameters)) from None
        except Exception as error:  # noqa: BLE001  # the translator ends so for shapes that it did not expect
            raise CommandError(
                f"SAM's translator failed: {type(error).__name__}", "sam validate --lint may say why"
            ) from None
    return found


def _hint(parameters: Mapping[str, Any]) -> str:
    """SAM also refuses some properties whose parameter has no value."""
    missing = sorted(name for name, value in parameters.items() if isinstance(value, Unresolved))
    given = f"give the parameters {', '.join(missing)}, or mend it; " if missing else ""
    return f"{given}sam validate --lint says the same, with more"


def _extended(template: Mapping[str, Any], parameters: Mapping[str, Any], problems: list[Problem]) -> Mapping[str, Any]:
    """Fn::ForEach written out, as the SAM CLI does it; without the loops where it cannot be."""
    logging.getLogger("samcli").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from samcli.lib.cfn_language_extensions.sam_integration import expand_language_extensions

        known = {name: value for name, value in parameters.items() if isinstance(value, str | list)}
        result = expand_language_extensions(deepcopy(dict(template)), parameter_values=known, enabled=True)
        found: Mapping[str, Any] = result.expanded_template
    except Exception as error:  # noqa: BLE001  # of another version, or shapes that it did not expect
        message = f"{LANGUAGE_EXTENSIONS} cannot be applied: {type(error).__name__}"
        problems.append(Problem("loops_unread", Place("", ("Transform",)), message))
        resources = {k: v for k, v in as_map(template.get("Resources")).items() if not str(k).startswith("Fn::ForEach")}
        return {**template, "Resources": resources}
    return found


def _give_files(resource: Any) -> None:
    if type_of(resource) == "AWS::Serverless::Application":  # the translator would ask AWS for it
        resource["Type"] = "AWS::CloudFormation::Stack"
    properties = properties_of(resource)
    names = _FILES.get(type_of(resource), ())
    if not names or not isinstance(properties, dict):
        return
    if properties.get("PackageType") == "Image":
        properties.setdefault("ImageUri", _IMAGE)
    name, *others = names
    if any(other in properties for other in others) or (name in _OPTIONAL and name not in properties):
        return
    given = properties.get(name)
    if not isinstance(given, dict) and not str(given).startswith("s3://"):
        properties[name] = _UPLOADED
