"""`authorizer config check --template`: whether what functions decide by fits what APIs cache answers under."""
