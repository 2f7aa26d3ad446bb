"""Templates of SAM and CloudFormation, and OpenAPI documents, read for what they say about APIs and their authorizers."""

from authorizer.tools.template.model import (
    Api,
    ApiAuthorizer,
    ApiRoute,
    Authorization,
    AuthorizerKind,
    Backend,
    Document,
    Function,
    Issuer,
    Resource,
    Stage,
)
from authorizer.tools.template.place import Place, Problem
from authorizer.tools.template.reader import read_template
from authorizer.tools.template.unresolved import Unresolved

__all__ = [
    "read_template",
    "Document",
    "Api",
    "ApiRoute",
    "ApiAuthorizer",
    "Authorization",
    "AuthorizerKind",
    "Backend",
    "Function",
    "Issuer",
    "Resource",
    "Stage",
    "Place",
    "Problem",
    "Unresolved",
]
