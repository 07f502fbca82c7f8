"""Nothing is trained on a question of the exam, in whatever words and of whatever edition."""

from dataclasses import replace

from runner.config.study import Study
from tests.given import question


def test_questions_of_the_exam_and_on_withdrawn_facts_are_compared_without_case_and_articles(study: Study) -> None:
    study = replace(study)
    vars(study)["material"] = replace(study.material, questions=(question("the cup"),))
    vars(study)["withdrawn"] = (question("A race"),)
    assert study.examined == {"who won cup", "who won race"}
