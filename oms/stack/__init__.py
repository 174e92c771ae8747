"""The supervisor behind `make up`: embedded servers, one child per process, no Django (docs/operations.md)."""
