"""The chat page: a Gradio page over an assistant. Nothing heavy is imported until it is served.

In reading order: ``texts`` (all words), ``markup`` (foreign text made inert), ``front``, ``render``
and ``source`` (HTML, pure), ``uploads``, ``events`` (what happens), ``layout`` (Gradio's parts and bindings), ``server``.
"""

from qa.page.server import create_app, serve

__all__ = ["create_app", "serve"]
