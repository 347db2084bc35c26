"""A library of six short articles of our own, with the bundled model, and an assistant on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from index.library import Library
from index.tokens import Segmenter, default_segmenter
from index.types import Article
from qa.assistant import Assistant

# The first example of a test may load the model or jieba's dictionary.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

RESERVOIR = """云岭水库除险加固工程开工

5月6日上午，云岭水库除险加固工程在松坪镇开工。副县长林晓棠出席开工仪式并讲话，县水务局局长周启明汇报工程准备情况。工程总投资4200万元，计划2025年10月底前完工。

林晓棠对工程建设提出要求：

一是把住质量关。混凝土要批批送检，不合格的一律退场。

二是把住安全关。汛期每天两次巡坝，发现险情立即停工撤人。

三是把住廉洁关。工程款按进度拨付，账目每季度公开一次。

施工单位负责人何志远说，工地已有施工人员86人，设备23台，工人们住在大坝东侧的营地里。

记者 沈一诺 通讯员 田青禾
"""
FOOD = """青溪县部署校园食品安全工作

9月12日下午，青溪县召开校园食品安全工作会议，县教育局、县市场监管局和各学校负责人参加会议。会议由县长高文博主持。

高文博强调，一要把好采购关，食材统一招标；二要把好加工关，后厨全部装上摄像头；三要把好留样关，每餐留样四十八小时。

检查中发现的问题有索证不全、生熟混放、冷库超温、餐具消毒记录缺失。县市场监管局局长罗思远表示，月底前全部完成整改。记者 范可欣 通讯员 白露
"""
TEA = """松坪镇的老茶厂重新冒烟

本报讯（记者 沈一诺）4月18日清晨，停产七年的松坪茶厂重新开灶。首批春茶炒制了320斤，每斤卖180元。

茶厂理事长欧阳明珠说：“我们不比谁家产量大，只比谁家火候稳。”茶厂请回了五位退休师傅，每位师傅带两名徒弟。

由于连续下雨，今年采茶比往年晚了十天。茶厂用炭火代替电炉炒茶，先高温杀青，再低温慢焙，然后摊凉入罐。
"""
MARKET = """关于调整老码头夜市营业时间的通知

各位商户：

自2024年6月1日起，老码头夜市营业时间调整为18时至23时30分。

商户应当做到以下三点：（一）摊位不得占用消防通道；（二）食品摊主须持健康证；（三）收摊后半小时内清扫干净。

夜市设在老码头广场西侧，共有摊位150个，分为小吃区、旧书区、手工区三个区域。

青溪县城市管理局
2024年5月20日
"""
SNOW = """青溪县明确冬季除雪分工

12月2日，青溪县召开冬季除雪会议，明确各部门的分工。

县交通局局长马立新负责国道和省道除雪，要求雪停后六小时内清完路面。县城管局局长唐雨薇负责城区街道除雪，要求人行道随下随扫。

全县准备了融雪剂90吨、铲雪车14辆。

记者 范可欣
"""
CLOCK = """Clock Tower to Chime Again After Eleven Years

QINGXI, June 3, 2024 - The old clock tower on Dock Street will chime again on October 1, the town museum said on Monday. The clock stopped in 2013 because lightning broke its main wheel.

The repairs will cost 1.8 million yuan. Clockmaker Shen Guolin leads a team of six craftsmen. "We will not use a motor. The weights must do the work," Shen said.

By Tang Yue
"""
CORPUS = {
    "reservoir": RESERVOIR,
    "food": FOOD,
    "tea": TEA,
    "market": MARKET,
    "snow": SNOW,
    "clock": CLOCK,
}


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the six articles, one a file."""
    folder = tmp_path_factory.mktemp("corpus")
    for name, text in CORPUS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def library_folder(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished library."""
    folder = tmp_path_factory.mktemp("library")
    with Library.open(folder) as library:
        report = library.add([corpus])
    assert not report.failed
    assert report.articles == len(CORPUS)
    return folder


@pytest.fixture(scope="session")
def library(library_folder: Path) -> Iterator[Library]:
    with Library.open(library_folder, create=False) as library:
        yield library


@pytest.fixture(scope="session")
def assistant(library: Library) -> Assistant:
    return Assistant(library)


@pytest.fixture(scope="session")
def chinese_folder(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a library with only the Chinese articles, so that English is foreign to it."""
    folder = tmp_path_factory.mktemp("chinese")
    with Library.open(folder) as library:
        library.add([corpus / f"{name}.txt" for name in CORPUS if name != "clock"])
    return folder


@pytest.fixture(scope="session")
def chinese(chinese_folder: Path) -> Iterator[Assistant]:
    with Library.open(chinese_folder, create=False) as library:
        yield Assistant(library)


@pytest.fixture(scope="session")
def articles(library: Library) -> dict[str, Article]:
    """The six articles by the name of their file."""
    return {Path(a.source).stem: a for a in library.articles()}


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    return default_segmenter()
