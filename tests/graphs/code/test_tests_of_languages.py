"""What counts as a test in each language, and what is said where none can be told."""

from __future__ import annotations

import pytest

from evidentia.graphs.code.questions.impact import impact, reaching_tests
from evidentia.graphs.code.source import edges

from .conftest import Workspace

_FILES = {
    "app/py/weigh.py": "def weigh_py(): ...\n",
    "app/py/test_weigh.py": "from app.py.weigh import weigh_py\n\ndef test_weigh():\n    weigh_py()\n",
    "app/go.mod": "module app\n",
    "app/scale/scale.go": "package scale\n\nfunc WeighGo() int { return 1 }\n",
    "app/scale/scale_test.go": (
        'package scale\n\nimport "testing"\n\nfunc helper() { WeighGo() }\n\n'
        "func TestWeigh(t *testing.T) { helper() }\n\nfunc BenchmarkWeigh(b *testing.B) { WeighGo() }\n\n"
        "func ExampleWeighGo() { WeighGo() }\n\nfunc Testify() { WeighGo() }\n"
    ),
    "app/rs/Cargo.toml": '[package]\nname = "rs"\n',
    "app/rs/src/lib.rs": (
        "pub fn weigh_rs() -> i32 { 1 }\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n    #[test]\n"
        "    fn it_weighs() { assert_eq!(weigh_rs(), 1); }\n    fn no_test() { weigh_rs(); }\n"
        "    #[tokio::test]\n    async fn weighs_later() { weigh_rs(); }\n}\n"
    ),
    "app/src/main/java/a/Scale.java": "package a;\npublic class Scale { public int weighJava() { return 1; } }\n",
    "app/src/test/java/a/ScaleTest.java": (
        "package a;\nimport org.junit.jupiter.api.Test;\nclass ScaleTest {\n"
        "  @Test void weighs() { new Scale().weighJava(); }\n  void other() { new Scale().weighJava(); }\n}\n"
    ),
    "app/cs/Scale.cs": "namespace N; public class CsScale { public int WeighCs() { return 1; } }\n",
    "app/cs/Checks.cs": (
        "namespace N; public class Checks {\n  [Fact] public void Weighs() { new CsScale().WeighCs(); }\n"
        "  [Theory, InlineData(1)] public void Twice(int n) { new CsScale().WeighCs(); }\n"
        "  public void Plain() { new CsScale().WeighCs(); }\n}\n"
    ),
    "app/ts/weigh.ts": "export function weighTs() { return 1 }\nexport function weighJs() { return 2 }\n",
    "app/ts/weigh.test.ts": (
        "import { it } from 'vitest'\nimport { weighTs } from './weigh'\n"
        "it('weighs', () => { expect(weighTs()).toBe(1) })\n"
    ),
    "app/ts/__tests__/suite.js": (
        "import { weighJs } from '../weigh'\nfunction suite() {\n"
        "  describe('scale', () => { test.each([1])('weighs', () => { weighJs() }) })\n}\nsuite()\n"
    ),
    "app/rb/weigh.rb": "class RbScale\n  def weigh_rb\n    1\n  end\nend\n",
    "app/rb/spec/weigh_spec.rb": (
        "require_relative '../weigh'\ndescribe RbScale do\n  it 'weighs' do\n    RbScale.new.weigh_rb\n  end\nend\n"
    ),
    "app/rb/test/weigh_test.rb": (
        "class WeighTest\n  def test_weighs\n    RbScale.new.weigh_rb\n  end\n  def other\n    RbScale.new.weigh_rb\n  end\nend\n"
    ),
    "app/php/Scale.php": "<?php\nclass PhpScale { public function weighPhp() { return 1; } }\n",
    "app/php/tests/ScaleTest.php": (
        "<?php\nclass ScaleTest {\n  public function testWeighs() { (new PhpScale())->weighPhp(); }\n"
        "  #[Test] public function weighs() { (new PhpScale())->weighPhp(); }\n"
        "  /** @test */\n  public function it_weighs() { (new PhpScale())->weighPhp(); }\n"
        "  public function other() { (new PhpScale())->weighPhp(); }\n}\n"
    ),
    "app/c/weigh.cc": "int weigh_c() { return 1; }\n",
    "app/c/weigh_test.cc": "int weigh_c();\nTEST(Scale, Weighs) { weigh_c(); }\nvoid other() { weigh_c(); }\n",
}  # fmt: skip


@pytest.fixture
def built(workspace: Workspace) -> Workspace:
    workspace.build(_FILES)
    return workspace


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("weigh_py", {"test_weigh"}),
        ("WeighGo", {"TestWeigh", "BenchmarkWeigh", "ExampleWeighGo"}),
        ("weigh_rs", {"it_weighs", "weighs_later"}),
        ("weighJava", {"weighs"}),
        ("WeighCs", {"Weighs", "Twice"}),
        ("weighTs", {"weigh_test"}),
        ("weighJs", {"suite"}),
        ("weigh_rb", {"weigh_spec", "test_weighs"}),
        ("weighPhp", {"testWeighs", "weighs", "it_weighs"}),
        ("weigh_c", {"TEST"}),
    ],
)
def test_every_language_says_which_of_its_functions_are_tests(built: Workspace, name: str, expected: set[str]) -> None:
    found = reaching_tests(built.graph, name)[0]

    assert {row.symbol.id.rpartition(".")[2] for row in found.rows} - {"suite_test"} == expected
    assert all(row.symbol.file in " ".join(found.notes) for row in found.rows)
    assert {row.symbol.id for row in impact(built.graph, name, 3)[1].rows} == {row.symbol.id for row in found.rows}


def test_the_edges_of_tests_are_those_of_the_verb(built: Workspace) -> None:
    found = {(edge.source, edge.target) for edge in edges(built.graph) if edge.type == "TESTS"}
    tested = {target.rpartition(".")[2] for _, target in found}

    assert {"weigh_py", "WeighGo", "weigh_rs", "weighJava", "WeighCs", "weighTs", "weigh_rb", "weighPhp"} <= tested
    assert not {source for source, _ in found if source.endswith((".other", ".Plain", ".no_test", ".Testify"))}


def test_a_test_in_a_language_whose_calls_are_not_read_is_named(workspace: Workspace) -> None:
    workspace.build(
        {
            "app/src/main/java/a/Lamp.java": "package a;\npublic class Lamp { public int glow() { return 1; } }\n",
            "app/src/test/kotlin/a/LampTest.kt": "package a\nclass LampTest { fun glows() { Lamp().glow() } }\n",
        }
    )

    found = reaching_tests(workspace.graph, "Lamp.glow")[0]

    assert not found.rows
    assert any("LampTest.kt" in doubt for doubt in found.doubts)
