"""A page of a newspaper, run together as text, cut into its articles.

In reading order: ``lines`` and ``markdown`` say what stands where; ``cues``, ``dates``,
``credit_words``, ``bylines`` and ``headlines`` what the words of a line tell; ``layout`` how the
page was typeset; ``candidates`` and ``page`` score what a stretch of lines may be; ``splitting``
decides over the whole page at once; ``mending`` joins the lines with the place of every
character. ``index.articles`` makes articles of it.
"""
