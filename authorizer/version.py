"""The version of the product, as every decision line names it."""

VERSION = "0.1.0"
