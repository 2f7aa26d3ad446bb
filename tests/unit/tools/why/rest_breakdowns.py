"""REST APIs whose authorizer cannot be asked, or answers what nobody can use."""

from __future__ import annotations

from typing import Final

from tests.unit.tools.why.failing_apis import (
    RID,
    Case,
    GatewayTimeout,
    answers,
    execution,
    policy,
    raises,
    rest,
    without,
)
from tests.unit.tools.why.rest_parts import BROKEN, NAMED_POLICY, SENT, STARTED, TOKEN, URI, errors, returned

BROKEN_FUNCTIONS: Final = (
    Case(
        name="no permission",
        code="authorizer_permission_missing",
        api=without(rest({}), "AuthorizerPermission"),
        options=TOKEN,
        log=execution(
            *SENT, "Execution failed due to configuration error: Invalid permissions on Lambda function", *BROKEN
        ),
    ),
    Case(
        name="no permission for the alias",
        code="authorizer_permission_unqualified",
        api=without(rest({}), "AuthorizerPermission"),
        options=TOKEN,
        log=execution(
            *STARTED,
            f"Sending request to {URI}:live/invocations",
            "Execution failed due to configuration error: Invalid permissions on Lambda function",
            *BROKEN,
        ),
    ),
    Case(
        name="no function",
        code="function_deleted",
        api=without(rest({}), "Authorizer", "AuthorizerPermission"),
        options=TOKEN,
        log=execution(
            *SENT,
            "Lambda invocation failed with status: 404. Lambda request id: dcb2ab89-2d03-4b77-98cd-18d14fd2b850",
            *BROKEN,
        ),
    ),
    Case(
        name="role",
        code="credentials_role_untrusted",
        api=without(rest({}), "AuthorizerPermission"),
        options=TOKEN,
        log=execution(
            *STARTED,
            "Execution failed due to configuration error: API Gateway does not have permission to assume"
            " the provided role arn:aws:iam::123456789012:role/r",
            *BROKEN,
        ),
    ),
    Case(
        name="throttled",
        code="authorizer_throttled",
        api=rest({}),
        options=TOKEN,
        authorizer=raises(RuntimeError("429")),
        log=execution(
            *SENT,
            "Lambda invocation failed with status: 429. Lambda request id: dcb2ab89-2d03-4b77-98cd-18d14fd2b850",
            "Execution failed due to configuration error: Rate Exceeded.",
            *BROKEN,
        ),
    ),
    Case(
        name="raises Unauthorized",
        code="authorizer_raised_unauthorized",
        api=rest({}),
        options=TOKEN,
        authorizer=raises(RuntimeError("Unauthorized")),
        log=returned(
            errors("Exception", "Unauthorized"),
            f"Unauthorized request: {RID}",
            "Gateway response type: UNAUTHORIZED with status code: 401",
        ),
    ),
    Case(
        name="raises another text",
        code="authorizer_raised_error",
        api=rest({}),
        options=TOKEN,
        authorizer=raises(RuntimeError("Unauthorized: expired")),
        log=returned(
            errors("Exception", "Unauthorized: expired"),
            "Execution failed due to configuration error: Authorizer error",
            *BROKEN,
        ),
    ),
    Case(
        name="cannot be imported",
        code="authorizer_import_error",
        api=rest({}),
        options=TOKEN,
        authorizer=raises(RuntimeError("import")),
        log=returned(
            errors("Runtime.ImportModuleError", "Unable to import module 'app': No module named 'jwt'"), *BROKEN
        ),
    ),
    Case(
        name="no handler",
        code="authorizer_handler_missing",
        api=rest({}),
        options=TOKEN,
        authorizer=raises(RuntimeError("handler")),
        log=returned(errors("Runtime.HandlerNotFound", "Handler 'go' missing on module 'app'"), *BROKEN),
    ),
    Case(
        name="own timeout",
        code="authorizer_timeout",
        api=rest({}),
        options=TOKEN,
        authorizer=raises(RuntimeError("timeout")),
        log=returned(
            errors("Sandbox.Timedout", "2026-10-05T12:00:03.000Z dcb2ab89 Task timed out after 3.00 seconds"), *BROKEN
        ),
    ),
    Case(
        name="killed",
        code="authorizer_out_of_memory",
        api=rest({}),
        options=TOKEN,
        authorizer=raises(RuntimeError("memory")),
        log=returned(
            errors("Runtime.ExitError", "RequestId: dcb2ab89 Error: Runtime exited with error: signal: killed"), *BROKEN
        ),
    ),
    Case(
        name="gateway gave up",
        code="gateway_stopped_waiting",
        api=rest({}),
        options=TOKEN,
        authorizer=raises(GatewayTimeout("x")),
        log=execution(*SENT, "Execution failed due to a timeout error", *BROKEN),
    ),
    Case(
        name="returns nothing",
        code="authorizer_result_malformed",
        api=rest({}),
        options=TOKEN,
        authorizer=answers(None),
        log=returned("null", "Execution failed due to configuration error: Could not parse policy", *BROKEN),
    ),
    Case(
        name="returns a proxy response",
        code="code_returns_status",
        api=rest({}),
        options=TOKEN,
        authorizer=answers({"statusCode": 401}),
        log=returned(
            '{"statusCode":401,"body":"no"}',
            "Execution failed due to configuration error: Could not parse policy",
            *BROKEN,
        ),
    ),
    Case(
        name="policy without Effect",
        code="policy_document_invalid",
        api=rest({}),
        options=TOKEN,
        authorizer=answers(policy("Perhaps")),
        log=returned(
            NAMED_POLICY % "Perhaps", "Execution failed due to configuration error: Could not parse policy: x", *BROKEN
        ),
    ),
    Case(
        name="nested context",
        code="code_nested_context",
        api=rest({}),
        options=TOKEN,
        authorizer=answers(policy(context={"a": 1, "groups": ["b"]})),
        log=returned(
            '{"policyDocument":{"Version":"2012-10-17","Statement":[]},"context":{"a":1,"groups":["b"]}}',
            "Execution failed due to configuration error: Authorizer error",
            *BROKEN,
        ),
    ),
)
