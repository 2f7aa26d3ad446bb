// A REST, an HTTP and a WebSocket API with the authorizers of another stack. Node runs this file as it is; tsc only checks it.
import { App, Duration, Fn, Stack } from "aws-cdk-lib";
import { EndpointType, IdentitySource, MockIntegration, RequestAuthorizer, RestApi, TokenAuthorizer } from "aws-cdk-lib/aws-apigateway";
import { HttpApi, HttpMethod, WebSocketApi, WebSocketStage } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaAuthorizer, HttpLambdaResponseType, WebSocketLambdaAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpUrlIntegration, WebSocketMockIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Function, type IFunction } from "aws-cdk-lib/aws-lambda";

const app = new App();
const stack = new Stack(app, "Orders");
const cacheTtl = Duration.seconds(300); // CacheTtl of the stack lambda-authorizers

// Without sameEnvironment CDK cannot tell whose function it is, and leaves the permissions out.
function authorizer(name: string): IFunction {
  const functionArn = Fn.importValue(`${app.node.getContext("authorizersStack")}-${name}Arn`);
  return Function.fromFunctionAttributes(stack, name, { functionArn, sameEnvironment: true });
}

const rest = new RestApi(stack, "Rest", {
  cloudWatchRole: false, // CDK's default replaces the one role of the account and Region
  endpointTypes: [EndpointType.REGIONAL],
});
const answer = new MockIntegration({
  requestTemplates: { "application/json": '{"statusCode": 200}' },
  integrationResponses: [{ statusCode: "200" }],
});
const methodResponses = [{ statusCode: "200" }];
rest.root.resourceForPath("/orders/{id}").addMethod("GET", answer, {
  methodResponses,
  authorizer: new TokenAuthorizer(stack, "Token", {
    handler: authorizer("RestTokenAuthorizer"),
    resultsCacheTtl: cacheTtl,
  }),
});
rest.root.resourceForPath("/admin/{proxy+}").addMethod("GET", answer, {
  methodResponses,
  authorizer: new RequestAuthorizer(stack, "Request", {
    handler: authorizer("RestRequestAuthorizer"),
    identitySources: [IdentitySource.header("Authorization")],
    resultsCacheTtl: cacheTtl,
  }),
});

const http = new HttpApi(stack, "Http");
http.addRoutes({
  path: "/orders/{id}",
  methods: [HttpMethod.GET],
  integration: new HttpUrlIntegration("Backend", app.node.getContext("backendUrl")),
  authorizer: new HttpLambdaAuthorizer("Simple", authorizer("HttpAuthorizer"), {
    identitySource: ["$request.header.Authorization", "$context.routeKey", "$context.path"], // a simple response names neither
    responseTypes: [HttpLambdaResponseType.SIMPLE], // CDK's default, payload 1.0 and policies, is for HttpPolicyAuthorizer
    resultsCacheTtl: cacheTtl,
  }),
});

const websocket = new WebSocketApi(stack, "Websocket", {
  connectRouteOptions: {
    integration: new WebSocketMockIntegration("Connected", {
      requestTemplates: { "200": JSON.stringify({ statusCode: 200 }) },
      templateSelectionExpression: "200",
    }),
    authorizer: new WebSocketLambdaAuthorizer("Connect", authorizer("WebsocketAuthorizer"), {
      identitySource: ["route.request.querystring.access_token"], // a browser cannot set headers on a WebSocket
    }),
  },
});
new WebSocketStage(stack, "WebsocketStage", { webSocketApi: websocket, stageName: "v1", autoDeploy: true });
