# The authorizers of a CloudFormation stack for a REST and an HTTP API that Terraform manages.
# Not run in this repository: it has no Terraform. The names of resources and arguments are those of the AWS provider's manual.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

variable "authorizers_stack" {
  description = "The stack of lambda-authorizers, in this account and Region"
  type        = string
  default     = "lambda-authorizers"
}

variable "rest_api_id" {
  description = "The id of your REST API"
  type        = string
}

variable "http_api_id" {
  description = "The id of your HTTP API"
  type        = string
}

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

data "aws_cloudformation_export" "rest" {
  name = "${var.authorizers_stack}-RestTokenAuthorizerArn"
}

data "aws_cloudformation_export" "http" {
  name = "${var.authorizers_stack}-HttpAuthorizerArn"
}

locals {
  execute_api = "arn:${data.aws_partition.current.partition}:execute-api:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}"
  functions   = "arn:${data.aws_partition.current.partition}:apigateway:${data.aws_region.current.region}:lambda:path/2015-03-31/functions"

  # arn : partition : lambda : region : account : function : NAME, and : ALIAS where the stack has Qualifier live
  rest = split(":", data.aws_cloudformation_export.rest.value)
  http = split(":", data.aws_cloudformation_export.http.value)
}

# Then, for each aws_api_gateway_method: authorization = "CUSTOM", authorizer_id = aws_api_gateway_authorizer.token.id,
# and a new aws_api_gateway_deployment, without which none of it is live.
resource "aws_api_gateway_authorizer" "token" {
  name                             = "token"
  rest_api_id                      = var.rest_api_id
  type                             = "TOKEN"
  identity_source                  = "method.request.header.Authorization"
  authorizer_uri                   = "${local.functions}/${data.aws_cloudformation_export.rest.value}/invocations"
  authorizer_result_ttl_in_seconds = 300 # CacheTtl of the stack lambda-authorizers, here and below
}

resource "aws_lambda_permission" "token" {
  action        = "lambda:InvokeFunction"
  function_name = local.rest[6]
  qualifier     = try(local.rest[7], null) # a permission of the function is none of its alias
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${local.execute_api}:${var.rest_api_id}/authorizers/*"
}

# Then, for each aws_apigatewayv2_route: authorization_type = "CUSTOM", authorizer_id = aws_apigatewayv2_authorizer.simple.id.
resource "aws_apigatewayv2_authorizer" "simple" {
  name                              = "simple"
  api_id                            = var.http_api_id
  authorizer_type                   = "REQUEST"
  authorizer_payload_format_version = "2.0"
  enable_simple_responses           = true
  identity_sources                  = ["$request.header.Authorization", "$context.routeKey", "$context.path"] # a simple response names neither
  authorizer_uri                    = "${local.functions}/${data.aws_cloudformation_export.http.value}/invocations"
  authorizer_result_ttl_in_seconds  = 300
}

resource "aws_lambda_permission" "simple" {
  action        = "lambda:InvokeFunction"
  function_name = local.http[6]
  qualifier     = try(local.http[7], null)
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${local.execute_api}:${var.http_api_id}/authorizers/*"
}

output "rest_authorizer_id" {
  value = aws_api_gateway_authorizer.token.id
}

output "http_authorizer_id" {
  value = aws_apigatewayv2_authorizer.simple.id
}
