"""The page's head names the files that Gradio's script asks for late."""

from __future__ import annotations

import re
from pathlib import Path

from qa.page.preloading import links

INDEX = '<script type="module" crossorigin src="./assets/index-a1.js"></script>'
MAP = "const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=[{}])))=>i.map(i=>d[i]);"


def written(folder: Path, **scripts: str) -> Path:
    """A folder like Gradio's ``frontend``."""
    (folder / "assets").mkdir()
    (folder / "index.html").write_text(INDEX, encoding="utf-8")
    for name, text in scripts.items():
        dashed = name.replace("_", "-", 1).replace("_", ".")
        (folder / "assets" / dashed).write_text(text, encoding="utf-8")
    return folder


def names(found: str) -> list[str]:
    return re.findall(r'href="assets/([^"]+)"', found)


def test_what_is_asked_for_late_is_named_once_in_the_order_of_need(tmp_path: Path) -> None:
    frontend = written(
        tmp_path,
        index_a1_js=MAP.format('"./Index-b2.js","./core-c3.js","./core-d4.css"'),
        Index_b2_js=MAP.format('"./Blocks-e5.js","./core-c3.js","./Blocks-f6.css"')
        + "await import(`./Blocks-e5.js`);return{default:e}},__vite__mapDeps([0,1,2]),u)",
        core_c3_js=MAP.format('"./Index-g7.js","./Index-h8.css","./Index-i9.js","./gone-j0.js"')
        + "row:{component:()=>v(()=>import(`./Index-g7.js`),__vite__mapDeps([0,1,3]),u)},"
        + "audio:{component:()=>v(()=>import(`./Index-i9.js`),__vite__mapDeps([2]),u)}",
        core_d4_css="",
        Blocks_e5_js="",
        Blocks_f6_css="",
        Index_g7_js="",
        Index_h8_css="",
        Index_i9_js="",
    )
    found = links(frontend)
    assert names(found) == [
        "Index-b2.js",
        "core-c3.js",
        "core-d4.css",
        "Blocks-e5.js",
        "Blocks-f6.css",
        "Index-g7.js",
        "Index-h8.css",
    ]
    assert '<link rel="modulepreload" href="assets/core-c3.js">' in found
    assert '<link rel="preload" as="style" crossorigin href="assets/core-d4.css">' in found


def test_nothing_is_named_where_the_script_is_not_as_expected(tmp_path: Path) -> None:
    assert links(tmp_path / "nowhere") == ""
    assert links(written(tmp_path, index_a1_js="import('./other.js')")) == ""
    (tmp_path / "index.html").write_text("<p>Gradio 9</p>", encoding="utf-8")
    assert links(tmp_path) == ""
